"""Stops on one time, without workers: a common clock, alignment, differences, the table."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from comparing import later
from gui.fake_stops import pit_stop, stops_read
from PySide6.QtCore import Qt

from codefx_desktop.domain.clip import FrameIndex
from codefx_desktop.domain.events import Place
from codefx_desktop.ui.models.compare_align import STOP, choices, zero_of
from codefx_desktop.ui.models.compare_clock import (
    Track,
    drift_s,
    frames_at,
    interval_of,
    leader_of,
    span_of,
    stepped,
)
from codefx_desktop.ui.models.compare_delta import as_text, rows_of, signed
from codefx_desktop.ui.models.compare_table import CompareTable

if TYPE_CHECKING:
    from codefx_desktop.domain.stop import PitStop

A, B, C = Path("/footage/a.mp4"), Path("/footage/b.mp4"), Path("/footage/c.mp4")
WHEEL = ("wheel_off", Place.FRONT_LEFT)


def index(frames: int, rate: int) -> FrameIndex:
    ticks = np.arange(frames, dtype=np.int64)
    return FrameIndex(ticks, ticks, ticks % 30 == 0, Fraction(1, rate))


def track(rate: int, zero_s: float, **more: float) -> Track:
    made = index(rate * 8, rate)
    scale = more.get("scale", 1.0)
    return Track(made, zero_s, scale, more.get("offset_s", 0.0), interval_of(made, scale))


# -- one time -------------------------------------------------------------------------------------


def test_a_frame_and_its_instant_are_one_and_the_same() -> None:
    one = track(60, 1.2345, offset_s=0.017)
    for number in (0, 1, 77, 479):
        assert one.nearest(one.time_of(number)) == number
    assert one.nearest(-100.0) == 0
    assert one.nearest(100.0) == one.last
    assert one.time_of(120) == pytest.approx(2.0 - 1.2345 - 0.017)
    assert one.since_event(120) == pytest.approx(2.0 - 1.2345)


def test_slow_motion_runs_in_true_time() -> None:
    slow, true = track(50, 2.0, scale=0.25), track(50, 3.0)
    numbers, at_s = frames_at({0: slow, 1: true}, 0.5)
    assert slow.index.time(numbers[0]).seconds == pytest.approx(2.0 + 0.5 / 0.25)
    assert true.index.time(numbers[1]).seconds == pytest.approx(3.5, abs=0.0101)
    assert at_s == pytest.approx(0.5)
    assert slow.interval_s == pytest.approx(0.005)


def test_the_finest_clip_leads_and_the_others_are_within_half_of_their_interval() -> None:
    tracks = {0: track(60, 1.0031), 1: track(120, 2.4177)}
    assert leader_of(tracks, 0.0) == 1
    for time_s in np.linspace(-0.9, 4.0, 997):
        numbers, _at = frames_at(tracks, float(time_s))
        assert drift_s(tracks, numbers) <= 1 / 120 + 1e-9
    assert leader_of(tracks, 6.5) == 0  # the finer clip is over


def test_steps_follow_the_finest_clip_and_come_back() -> None:
    tracks = {0: track(60, 1.0), 1: track(120, 1.0)}
    there = stepped(tracks, 0.0, 7)
    assert there == pytest.approx(7 / 120)
    assert stepped(tracks, there, -7) == pytest.approx(0.0)
    assert stepped({}, 0.5, 3) == 0.5
    end = stepped(tracks, 6.9, 10_000)
    assert end == pytest.approx(tracks[1].time_of(tracks[1].last))


def test_the_span_is_that_of_the_stops_not_of_hours_of_footage() -> None:
    one = track(60, 2.0)
    assert span_of([(one, 1.0, 5.0)]) == (-1.0, 3.0)
    assert span_of([(one, -9.0, 99.0)]) == pytest.approx((-2.0, 8.0 - 1 / 60 - 2.0))
    assert span_of([]) == (0.0, 1.0)


# -- on which event -------------------------------------------------------------------------------


def test_events_that_all_stops_have_are_offered_first_and_the_stop_before_all() -> None:
    whole, part = pit_stop(), pit_stop(missing=[WHEEL])
    found = choices({0: whole, 1: part}, {"stop": "Stop", "wheel_off": "Wheel off"})
    assert found[0].slot == STOP
    assert found[0].whole == "Stop"
    missing = next(one for one in found if one.slot == WHEEL)
    assert missing.whole == "Wheel off FL (not found in B)"
    assert found.index(missing) > max(k for k, one in enumerate(found) if not one.missing)
    assert len(choices({0: part}, {})) == len(found) - 1  # found in none: not offered


def test_a_stop_without_the_event_lies_as_on_stop() -> None:
    held = pit_stop()
    mine = later(pit_stop(missing=[WHEEL]), 1.0, time_scale=0.5)
    zero = zero_of(mine, WHEEL, held)
    assert zero.by == STOP
    assert zero.time_s == pytest.approx(3.0 + 0.8 / 0.5)
    nothing = replace(mine, events=())
    assert zero_of(nothing, WHEEL, held).by is None
    assert zero_of(nothing, WHEEL, held).time_s == nothing.begins_s


def shifted(stop: PitStop, kinds: tuple[str, ...], by_s: float) -> PitStop:
    """Return a stop some of whose events come later."""
    moved = {(e.kind, e.place): e for e in later(stop, by_s).events}
    events = (moved[e.kind, e.place] if e.kind in kinds else e for e in stop.events)
    return replace(stop, events=tuple(events))


# -- what they took -------------------------------------------------------------------------------


def test_deltas_against_the_reference() -> None:
    fast = pit_stop()
    slow = shifted(fast, ("go", "release"), 0.5)
    lost = pit_stop(missing=[("go", Place.NONE)])
    shown = stops_read(fast, slow, lost).stops
    rows = rows_of([one.breakdown for one in shown], 0, {})
    stood = rows[0]
    assert stood.name == "Stationary"
    assert [one.value for one in stood.cells] == ["2.500 ±0.040", "3.000 ±0.040", "not found"]
    assert [one.delta for one in stood.cells] == ["reference", "+0.500", "not found"]
    assert [one.verdict for one in stood.cells] == ["", "slower", ""]
    tyre = next(row for row in rows if row.name == "Tyre FL")
    assert (tyre.cells[1].delta, tyre.cells[1].verdict) == ("0.000", "within uncertainty")
    other = rows_of([one.breakdown for one in shown], 1, {})[0]
    assert (other.cells[0].delta, other.cells[0].verdict) == ("\N{MINUS SIGN}0.500", "faster")
    none = rows_of([one.breakdown for one in shown], 2, {})[0]
    assert [one.delta for one in none.cells] == ["not found", "not found", "reference"]
    text = as_text(rows[:1], ["a", "b", "c"], "Stop", (0, 1, 2))
    assert text.splitlines()[-1].split("\t")[:6] == [
        *("Stationary", "2.500 ±0.040", "reference", "", "3.000 ±0.040", "+0.500")
    ]
    assert "Aligned on\tStop" in text


def test_a_difference_within_both_uncertainties_is_not_beyond() -> None:
    one = pit_stop()
    near = shifted(one, ("go",), 0.07)
    rows = rows_of([s.breakdown for s in stops_read(one, near).stops], 0, {})
    assert rows[0].cells[1].delta_s == pytest.approx(0.07)
    assert not rows[0].cells[1].is_beyond


def test_the_table_sorts_and_what_was_not_found_comes_last(qapp: object) -> None:
    stops = stops_read(pit_stop(), pit_stop(missing=[("go", Place.NONE)])).stops
    table = CompareTable()
    table.show_rows((0, 1), rows_of([one.breakdown for one in stops], 0, {}), 0)
    heads = [table.headerData(k, Qt.Orientation.Horizontal) for k in range(table.columnCount())]
    assert heads == ["Phase", "A  s", "B  s", "B \N{MINUS SIGN} A  s"]
    order = [table.index(row, 0).data() for row in range(table.rowCount())]
    for way in (Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder):
        table.sort(2, way)
        values = [row.cells[1].value_s for row in table.rows]
        known = [value for value in values if value is not None]
        assert values[len(known) :] == [None] * (len(values) - len(known))
        assert known == sorted(known, reverse=way == Qt.SortOrder.DescendingOrder)
    table.sort(0, Qt.SortOrder.AscendingOrder)
    assert [table.index(row, 0).data() for row in range(table.rowCount())] == order
    assert table.index(0, 3).data() == "not found"


def test_signs() -> None:
    assert [signed(one) for one in (0.12, -0.5, 0.0, -0.0001)] == [
        *("+0.120", "\N{MINUS SIGN}0.500", "0.000", "0.000")
    ]
