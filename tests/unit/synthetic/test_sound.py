"""Gun bursts are heard at their true instants."""

from __future__ import annotations

import numpy as np
import pytest

from codefx_desktop.synthetic.scene import Scene
from codefx_desktop.synthetic.sound import RATE_HZ, make_sound


def loudness(samples: np.ndarray, begin_s: float, end_s: float) -> float:
    """Root mean square of what is above the engine's tones: guns hiss, engines hum."""
    part = samples[round(begin_s * RATE_HZ) : round(end_s * RATE_HZ)].mean(axis=1)
    return float(np.sqrt(np.mean(np.diff(part) ** 2)))


@pytest.mark.parametrize("seed", [0, 3, 9])
def test_the_first_gun_begins_and_the_last_one_ends_at_the_true_instants(seed: int) -> None:
    scene = Scene(seed, 10.0)
    sound = make_sound(scene, 10.0)
    assert sound.shape == (10 * RATE_HZ, 2)
    assert sound.dtype == np.float32
    assert 0.1 < np.abs(sound).max() <= 1.0
    begin = min(plan.loosen[0][0] for plan in scene.plan.corners.values())
    end = max(plan.tighten[-1][1] for plan in scene.plan.corners.values())
    quiet = loudness(sound, begin - 0.02, begin)
    assert loudness(sound, begin + 0.001, begin + 0.021) > 4 * quiet
    assert loudness(sound, end - 0.021, end - 0.001) > 4 * loudness(sound, end, end + 0.02)


def test_the_same_seed_sounds_the_same() -> None:
    first, second = (make_sound(Scene(4, 6.0), 6.0) for _ in range(2))
    assert first.tobytes() == second.tobytes()
