"""Picture times and scene cuts."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest

from codefx_desktop.synthetic.clip import Footage, Stop, choose_shots
from codefx_desktop.synthetic.clock import choose_clock


def test_even_clocks_are_exact() -> None:
    clock = choose_clock(1, 10.0, rate=Fraction(30_000, 1001), variable=False)
    assert len(clock) == 300
    assert clock.time_base == Fraction(1001, 30_000)
    assert (np.diff(clock.ticks) == 1).all()


@pytest.mark.parametrize("seed", range(20))
def test_uneven_clocks_increase_strictly_from_zero(seed: int) -> None:
    clock = choose_clock(seed, 10.0, rate=Fraction(60), variable=True)
    gaps = np.diff(clock.ticks) * float(clock.time_base)
    assert clock.ticks[0] == 0
    assert (gaps > 0.005).all()
    assert gaps.std() > 0.001
    assert clock.seconds(len(clock) - 1) < 10.1


@pytest.mark.parametrize("seed", range(5))
def test_the_rate_of_an_uneven_clock_is_its_average(seed: int) -> None:
    clock = choose_clock(seed, 20.0, rate=Fraction(30), variable=True)
    average = (len(clock) - 1) / clock.seconds(len(clock) - 1)
    assert float(clock.rate) == pytest.approx(average, rel=1e-6)


def test_rates_and_unevenness_differ_between_seeds() -> None:
    clocks = [choose_clock(seed, 4.0) for seed in range(60)]
    assert {Fraction(24), Fraction(60)} <= {clock.rate for clock in clocks}
    assert {clock.variable for clock in clocks} == {True, False}


@pytest.mark.parametrize("seed", range(10))
def test_shots_follow_each_other_without_gap(seed: int) -> None:
    clock = choose_clock(seed, 10.0)
    shots = choose_shots(seed, clock, 3)
    assert [shot.number for shot in shots] == [0, 1, 2]
    assert shots[0].first_frame == 0
    for before, after in pairwise(shots):
        assert before.first_frame + before.frames == after.first_frame
        assert before.frames > 0.15 * len(clock)
    assert sum(shot.frames for shot in shots) == len(clock)


def test_a_clip_too_short_for_a_stop_is_refused() -> None:
    with pytest.raises(ValueError, match="at least"):
        Stop(1, 2.0)


def test_pictures_change_at_a_cut() -> None:
    footage = Footage(width=320, height=180, rate=Fraction(24), variable=False, shots=2)
    stop = Stop(6, 4.0, footage)
    cut = stop.shots[1].first_frame
    pictures = {p.number: p for p in stop.pictures() if abs(p.number - cut) <= 1}

    def change(a: int, b: int) -> float:
        first, second = pictures[a].pixels.astype(int), pictures[b].pixels.astype(int)
        return float(np.abs(first - second).mean())

    assert pictures[cut - 1].shot == 0
    assert pictures[cut].shot == 1
    assert change(cut - 1, cut) > 3 * change(cut, cut + 1)
