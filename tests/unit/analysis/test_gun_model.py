"""Combs of blows are made once, however often bursts are fitted beside others."""

from __future__ import annotations

import numpy as np
import pytest

from codefx_desktop.analysis import gun_model
from codefx_desktop.analysis.gun_model import KNOWN, STEPS, TRIED, Envelope, Voice, fit, shape_of


def envelope(count: int = 300) -> Envelope:
    energy = 1.0 + np.random.default_rng(3).exponential(0.2, count)
    energy[80:200] += 4.0 * shape_of(0, count, np.array([80.0]), np.array([0.06]))[0, 80:200]
    return Envelope(energy, 500.0, 1.0, 4.0)


VOICE = Voice(begin=80, end=200, anchor=80.0, rate=0.06, steady=0.3, blow=4.0)


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many combs were made at each call."""
    counts: list[int] = []

    def counted(first: float, count: int, *combs: gun_model.Floats) -> gun_model.Floats:
        counts.append(len(combs[0]))
        return shape_of(first, count, *combs)

    monkeypatch.setattr(gun_model, "shape_of", counted)
    return counts


def test_what_was_tried_before_is_not_made_again(made: list[int]) -> None:
    sound = envelope()
    once = fit(sound, [VOICE])
    count = len(made)
    assert fit(sound, [VOICE]) == once
    assert len(made) == count


def test_the_best_comb_of_a_step_is_known_from_then_on(made: list[int]) -> None:
    sound = envelope()
    (fitted,) = fit(sound, [VOICE])
    count = len(made)
    blows = sound.blows(fitted)
    assert len(made) == count
    anchor, rate = np.array([fitted.anchor]), np.array([fitted.rate])
    assert np.array_equal(blows, shape_of(0, len(sound.energy), anchor, rate)[0])


def test_combs_near_one_are_those_of_the_step(made: list[int]) -> None:
    sound = envelope()
    for step, (hertz, shifts) in enumerate(STEPS):
        combs = sound.near(80.0, 0.06, step)
        assert len(combs.rates) == len(hertz) * len(shifts)
        assert np.array_equal(
            combs.shape, shape_of(0, len(sound.energy), combs.anchors, combs.rates)
        )
    assert made == [len(hertz) * len(shifts) for hertz, shifts in STEPS]


def test_what_is_kept_has_an_end_and_the_latest_stays(made: list[int]) -> None:
    sound = envelope(60)
    for anchor in range(2 * TRIED):
        sound.near(float(anchor), 0.06, 0)
        sound.near(0.0, 0.06, 0)
    assert len(made) == 2 * TRIED
    for anchor in range(2 * KNOWN):
        sound.blows(Voice(0, 60, float(anchor), 0.06, 1.0, 1.0))
    assert len(sound._known) == KNOWN
    assert len(sound._tried) == TRIED
