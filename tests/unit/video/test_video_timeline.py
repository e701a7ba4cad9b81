"""Times from packets, as pure functions."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from codefx_desktop.video.timeline import Matcher, PacketTable, rate, span_s, timeline

MS = Fraction(1, 1000)


def table(
    pts: list[int | None],
    dts: list[int | None] | None = None,
    *,
    hidden: tuple[int, ...] = (),
    duration: int = 0,
) -> PacketTable:
    made = PacketTable(MS)
    for place, value in enumerate(pts):
        made.pts.append(value)
        made.dts.append(dts[place] if dts else value)
        made.duration.append(duration)
        made.key.append(place == 0)
        made.shown.append(place not in hidden)
        made.broken.append(False)
    return made


def test_b_frames_are_sorted_into_presentation_order() -> None:
    pictures = timeline(table([0, 120, 40, 80], [-40, 0, 40, 80]))
    assert pictures.packet.tolist() == [0, 2, 3, 1]
    assert pictures.index(MS).ticks.tolist() == [0, 40, 80, 120]


def test_a_negative_start_becomes_zero_and_raw_times_stay() -> None:
    index = timeline(table([-500, -460, -420])).index(MS)
    assert index.ticks.tolist() == [0, 40, 80]
    assert index.pts.tolist() == [-500, -460, -420]


def test_a_clock_reset_continues_after_the_last_picture() -> None:
    pictures = timeline(table([0, 40, 80, 1000, 0, 40], duration=40))
    assert pictures.index(MS).ticks.tolist() == [0, 40, 80, 1000, 1040, 1080]
    assert pictures.stretch.tolist() == [0, 0, 0, 0, 1, 1]


def test_a_reset_without_durations_uses_the_usual_distance() -> None:
    ticks = timeline(table([0, 40, 80, 5000, 5040, 10, 50])).index(MS).ticks
    assert ticks.tolist() == [0, 40, 80, 5000, 5040, 5080, 5120]


def test_times_a_few_ticks_back_are_no_reset() -> None:
    pictures = timeline(table([0, 40, 38, 80]))
    assert pictures.index(MS).ticks.tolist() == [0, 38, 40, 80]


def test_hidden_pictures_are_left_out() -> None:
    index = timeline(table([0, 40, 80, 120], hidden=(0, 1))).index(MS)
    assert index.ticks.tolist() == [0, 40]
    assert index.pts.tolist() == [80, 120]


def test_pictures_that_share_a_time_differ_by_one_tick_and_keep_the_rest() -> None:
    ticks = timeline(table([0, 0, 80, 80, 160])).index(MS).ticks
    assert ticks.tolist() == [0, 1, 80, 81, 160]


def test_without_presentation_times_decoding_times_are_taken() -> None:
    assert timeline(table([None, None], [7, 9])).index(MS).ticks.tolist() == [0, 2]


def test_hostile_times_do_not_overflow() -> None:
    made = table([0, 1 << 62])
    assert not made.has_all_times
    assert len(timeline(made)) == 2


@pytest.mark.parametrize(
    ("ticks", "nominal", "expected", "variable"),
    [
        ([0, 33, 67, 100, 133], Fraction(30), Fraction(30), False),
        ([0, 33, 67, 100, 133], Fraction(30000, 1001), Fraction(30000, 1001), False),
        ([0, 40, 80, 120], None, Fraction(25), False),
        ([0, 33, 66, 99], None, Fraction(30), False),
        ([0, 33, 66, 99, 132, 165], None, Fraction(1000, 33), False),
        ([0, 33, 133, 150], Fraction(30), Fraction(20), True),
    ],
)
def test_rate(
    ticks: list[int], nominal: Fraction | None, expected: Fraction, variable: bool
) -> None:
    measured = rate(np.array(ticks, np.int64), 0, MS, nominal)
    assert (measured.average, measured.variable) == (expected, variable)


def test_a_header_that_lies_about_the_rate_is_not_believed() -> None:
    ticks = np.arange(100, dtype=np.int64) * 40
    assert rate(ticks, 0, MS, Fraction(90000)).average == 25


def test_one_picture_has_a_length() -> None:
    measured = rate(np.array([0], np.int64), 40, MS, None)
    assert measured.average is None
    assert span_s([0], measured.last_duration, MS) == pytest.approx(0.04)


def test_the_matcher_passes_over_what_the_decoder_left_out() -> None:
    matcher = Matcher(np.array([0, 40, 80, 120], np.int64))
    assert [matcher.match(pts) for pts in (0, 80, 40, None, 0)] == [0, 2, None, 3, None]


def test_the_matcher_tells_pictures_with_the_same_time_apart() -> None:
    matcher = Matcher(np.array([0, 0, 40, 0], np.int64))
    assert [matcher.match(pts) for pts in (0, 0, 40, 0)] == [0, 1, 2, 3]
