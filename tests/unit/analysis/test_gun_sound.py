"""Guns that are heard: bursts apart, overlapping, from two sides; what is no gun."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from codefx_desktop.analysis.gun_sound import hear_guns
from codefx_desktop.synthetic.scene import Scene
from codefx_desktop.synthetic.sound import make_sound

RATE_HZ = 16_000
Samples = npt.NDArray[np.float32]


def noise(seconds: float, seed: int = 0) -> npt.NDArray[np.float64]:
    return np.random.default_rng(seed).standard_normal(round(seconds * RATE_HZ))


def silence(seconds: float = 4.0) -> npt.NDArray[np.float64]:
    return 0.003 * noise(seconds)


def gun(
    begin_s: float, end_s: float, blows_hz: float, seed: int, seconds: float = 4.0
) -> npt.NDArray[np.float64]:
    """Return a gun that is nothing like the generator's: dull white clatter, slow to die away."""
    times = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    phase = ((times - begin_s) * blows_hz) % 1.0
    voice = (0.06 + 0.5 * np.exp(-3.5 * phase)) * noise(seconds, seed)
    return np.where((times >= begin_s) & (times < end_s), 0.3 * voice, 0.0)


def as_samples(*parts: npt.NDArray[np.float64]) -> Samples:
    return np.asarray(sum(parts), np.float32)


def test_one_burst_is_told_to_a_few_milliseconds() -> None:
    heard = hear_guns(as_samples(silence(), gun(1.2, 1.61, 33.0, 1)), RATE_HZ)
    assert heard.voices.shape == (1, 9)
    onset, _, _, end, *_ = heard.voices[0]
    assert onset == pytest.approx(1.2, abs=0.01)
    assert end == pytest.approx(1.61, abs=0.015)
    assert heard.voices[0, 1] <= 1.2 <= heard.voices[0, 2]
    assert heard.voices[0, 4] <= 1.61 <= heard.voices[0, 5]
    assert heard.voices[0, 7] == pytest.approx(33.0, abs=0.5)
    assert np.isnan(heard.voices[0, 6])
    assert heard.bursts == pytest.approx(heard.voices[:, [0, 3]])
    loud = heard.strength[round(1.4 * heard.rate_hz)] - heard.strength[round(0.6 * heard.rate_hz)]
    assert loud > 10


def test_bursts_that_overlap_are_told_apart() -> None:
    two = as_samples(silence(), gun(1.2, 1.6, 26.0, 1), gun(1.35, 1.9, 31.0, 2))
    voices = hear_guns(two, RATE_HZ).voices
    assert voices[:, [0, 3]] == pytest.approx(np.array([[1.2, 1.6], [1.35, 1.9]]), abs=0.03)
    assert voices[:, 7] == pytest.approx([26.0, 31.0], abs=0.6)


def test_sides_are_told_apart() -> None:
    one, two = gun(1.2, 1.6, 27.0, 1), gun(1.21, 1.62, 28.0, 2)
    left = as_samples(silence(), 0.75 * one, 0.25 * two)
    right = as_samples(0.003 * noise(4.0, 9), 0.25 * one, 0.75 * two)
    voices = hear_guns(np.stack((left, right), axis=1), RATE_HZ).voices
    assert len(voices) == 2
    assert voices[0, 6] < -0.2 < 0.2 < voices[1, 6]
    assert voices[:, [0, 3]] == pytest.approx(np.array([[1.2, 1.6], [1.21, 1.62]]), abs=0.015)


def test_the_same_in_both_ears_has_no_sides() -> None:
    mono = as_samples(silence(), gun(1.2, 1.6, 27.0, 1))
    voices = hear_guns(np.stack((mono, mono), axis=1), RATE_HZ).voices
    assert len(voices) == 1
    assert np.isnan(voices[0, 6])


@pytest.mark.parametrize(
    "samples",
    [
        np.zeros(0, np.float32),
        np.zeros((0, 2), np.float32),
        np.zeros(50, np.float32),
        np.zeros(4 * RATE_HZ, np.float32),
        np.zeros((4 * RATE_HZ, 2), np.float32),
        as_samples(silence()),
    ],
)
def test_silence_has_no_guns(samples: Samples) -> None:
    heard = hear_guns(samples, RATE_HZ)
    assert heard.voices.shape == (0, 9)
    assert heard.bursts.shape == (0, 2)
    assert heard.rate_hz > 0


def test_an_engine_and_a_knock_are_no_guns() -> None:
    times = np.arange(4 * RATE_HZ) / RATE_HZ
    loud = np.exp(-(((times - 2.0) / 0.7) ** 2))
    turns = 2 * np.pi * np.cumsum(300 + 250 * loud) / RATE_HZ
    engine = sum(np.sin(n * turns) / n for n in range(1, 10)) * 0.2 * loud
    rough = 0.1 * loud * noise(4.0, 3)
    knock = np.where(times > 3.2, np.exp(-(times - 3.2) * 60), 0.0) * 0.5 * noise(4.0, 4)
    assert not len(hear_guns(as_samples(silence(), engine, rough, knock), RATE_HZ).voices)


def test_a_rendered_stop_is_heard_burst_by_burst() -> None:
    scene = Scene(800_003, 7.0)
    sound = make_sound(scene, 7.0)
    # Three to one, after a mean over three: what lies above is weak.
    whole = len(sound) // 3 * 3
    voices = hear_guns(sound[:whole].reshape(-1, 3, 2).mean(1), RATE_HZ).voices
    bursts = [
        (begin, end)
        for corner in scene.corners
        for begin, end in (*corner.plan.loosen, *corner.plan.tighten)
    ]
    found = [
        any(abs(v[0] - begin) < 0.03 and abs(v[3] - end) < 0.03 for v in voices)
        for begin, end in bursts
    ]
    assert sum(found) >= len(bursts) - 1
    assert len(voices) <= len(bursts) + 1
