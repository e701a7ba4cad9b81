"""The clock that playing goes by: rates, directions, loops, uneven intervals."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from gui.fake_frames import times
from hypothesis import given
from hypothesis import strategies as st

from codefx_desktop.domain.clip import FrameIndex
from codefx_desktop.ui.models.play_clock import ClipTimes, PlayClock, Span
from codefx_desktop.ui.models.speeds import SPEEDS, faster, slower, speed_words

CLIP = Span(0.0, 10.0)


def test_footage_passes_as_fast_as_the_rate_says() -> None:
    clock = PlayClock(CLIP, 2.0, now_s=100.0, rate=0.25)
    assert clock.due(104.0) == 3.0
    clock.set_rate(-8.0, 104.0)
    assert clock.due(104.25) == 1.0
    assert clock.until_s(0.5, 104.25) == 0.0625
    assert clock.until_s(4.0, 104.25) == 0.0  # it lies behind
    assert clock.due(200.0) == 0.0
    assert clock.is_over(200.0)


def test_a_loop_begins_anew_at_both_ends() -> None:
    clock = PlayClock(Span(4.0, 6.0), 1.0, now_s=0.0, loops=True)
    assert clock.due(0.0) == 4.0  # it stood outside
    assert clock.due(1.5) == 5.5
    assert clock.due(2.0) == 4.0
    assert clock.due(7.0) == 5.0
    clock.set_rate(-1.0, 7.0)
    assert clock.due(7.5) == 4.5
    assert clock.due(8.5) == 5.5
    assert not clock.is_over(1000.0)
    clock.set_span(CLIP, 8.5, loops=False)
    assert clock.due(9.5) == 4.5
    assert PlayClock(Span(3.0, 3.0), 3.0, 0.0, loops=True).is_over(1.0)


def test_a_loop_that_runs_backwards_begins_at_its_end() -> None:
    clock = PlayClock(Span(4.0, 6.0), 9.0, now_s=0.0, rate=-1.0, loops=True)
    assert clock.due(0.0) == 6.0
    assert clock.due(1.0) == 5.0


def test_frames_stay_as_long_as_the_file_says() -> None:
    frames = ClipTimes(times(20, variable=True), 0.96)  # frames 4, 9, ... stay 80 ms
    assert [frames.number_at(t) for t in (0.0, 0.159, 0.16, 0.239, 0.24)] == [0, 3, 4, 4, 5]
    backwards = [frames.number_at(t, backwards=True) for t in (0.24, 0.161, 0.16, 0.0)]
    assert backwards == [4, 4, 3, 0]
    assert frames.ends_s(4) - frames.begins_s(4) == pytest.approx(0.08)
    assert frames.whole == Span(0.0, 0.96)
    assert frames.entered_s(4, backwards=True) == frames.begins_s(5)
    assert frames.span(4, 19) == Span(frames.begins_s(4), 0.96)


def test_a_last_frame_without_an_end_stays_as_long_as_the_one_before() -> None:
    assert ClipTimes(times(3), 0.0).ends_s(2) == pytest.approx(0.12)
    assert ClipTimes(times(1), 0.0).whole == Span(0.0, 0.0)


@given(
    st.lists(st.integers(1, 90_000), min_size=2, max_size=60),
    st.sampled_from([Fraction(1, 90_000), Fraction(1001, 30_000), Fraction(1, 12_800)]),
    st.sampled_from([rate * sign for rate in SPEEDS for sign in (1, -1)]),
    st.data(),
)
def test_every_frame_is_due_for_its_own_time_in_either_direction(
    steps: list[int], time_base: Fraction, rate: float, data: st.DataObject
) -> None:
    ticks = np.concatenate([[0], np.cumsum(steps)]).astype(np.int64)
    index = FrameIndex(ticks, ticks.copy(), np.ones(len(ticks), np.bool_), time_base)
    frames = ClipTimes(index, 0.0)
    number = data.draw(st.integers(0, len(index) - 1))
    backwards = rate < 0
    begin_s = frames.entered_s(0 if rate > 0 else len(index) - 1, backwards=backwards)
    clock = PlayClock(frames.whole, begin_s, now_s=50.0, rate=rate)
    entered_s = clock.until_s(frames.entered_s(number, backwards=backwards), 50.0)
    left_s = clock.until_s(frames.entered_s(number, backwards=not backwards), 50.0)
    assert left_s - entered_s == pytest.approx(
        (frames.ends_s(number) - frames.begins_s(number)) / abs(rate), abs=1e-6
    )
    middle_s = 50.0 + (entered_s + left_s) / 2
    assert frames.number_at(clock.due(middle_s), backwards=backwards) == number


def test_speeds_go_in_steps_and_stop_at_their_ends() -> None:
    up = [0.125]
    while (higher := faster(up[-1])) != up[-1]:
        up.append(higher)
    assert tuple(up) == SPEEDS
    assert slower(1.0) == 0.5
    assert slower(0.125) == 0.125
    assert [speed_words(s) for s in (0.125, -0.25, 0.5, 1, -8)] == [
        "1/8x",
        "-1/4x",
        "1/2x",
        "1x",
        "-8x",
    ]
