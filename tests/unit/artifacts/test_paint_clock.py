"""The clock that is burnt into pictures: what it says, that it is to be seen."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from stop_samples import f1_times, stop_of

from codefx_desktop.artifacts.paint_clock import BurntClock, clock_of, paint_clock
from codefx_desktop.domain.clip import FrameTime

BASE = Fraction(1, 15360)


def test_it_tells_the_stop_the_frame_and_the_files_own_time() -> None:
    clock = clock_of(140, FrameTime(71_680, BASE, 72_704), stop_of(f1_times(stop=3.0)))
    assert clock == BurntClock("+1.667 s", "frame 140", "4.667 s  pts 72704 x 1/15360")


def test_before_the_stop_it_counts_down_and_slow_motion_is_true() -> None:
    stop = stop_of(f1_times())
    assert clock_of(0, FrameTime(0, BASE, 0), stop).since == "\N{MINUS SIGN}2.000 s"
    slow = replace(stop, time_scale=0.5)
    assert clock_of(60, FrameTime(3 * 15_360, BASE, None), slow).since == "+0.500 s true"


def test_what_is_not_known_is_said() -> None:
    assert clock_of(0, FrameTime(0, BASE), None).since == "stop not found"
    assert clock_of(0, FrameTime(0, BASE), stop_of({})).since == "stop not found"
    assert clock_of(0, FrameTime(0, BASE), None).time == "0.000 s  pts none x 1/15360"


@pytest.mark.parametrize("size", [(90, 160), (180, 320), (1080, 1920), (1920, 1080)])
@pytest.mark.parametrize("at_left", [True, False])
def test_it_is_readable_in_its_corner_and_nowhere_else(
    size: tuple[int, int], at_left: bool
) -> None:
    picture = np.full((*size, 3), 235, np.uint8)
    paint_clock(picture, clock_of(7, FrameTime(7, BASE, 7), None), at_left=at_left)
    rows, columns = np.nonzero((picture != 235).any(axis=2))
    assert rows.max() < 0.65 * size[0]
    if size[1] > 320:
        assert bool(columns.max() < 0.75 * size[1]) is at_left
    assert picture.min() < 60  # a dark ground
    assert (picture > 225).sum() > 0  # and bright letters
