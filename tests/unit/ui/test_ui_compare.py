"""Stops on one time: frames by a common clock, alignment, offsets, differences, bad input."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from comparing import Stage, later
from gui.fake_frames import FakeFrameServer
from gui.fake_stops import pit_stop, stops_read
from PySide6.QtCore import Qt

from codefx_desktop.domain.clip import FrameIndex
from codefx_desktop.domain.events import Place
from codefx_desktop.jobs.stop_values import StopsRead, StopState
from codefx_desktop.jobs.viewing import TroubleKind
from codefx_desktop.ui.models.compare_align import STOP, choices, zero_of
from codefx_desktop.ui.models.compare_bars import charts_of, event_marks
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
from codefx_desktop.ui.models.compare_view import Arrangement
from codefx_desktop.ui.models.compare_words import pane_labels

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

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


# -- panes together -------------------------------------------------------------------------------


class Wall:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def wall() -> Wall:
    return Wall()


@pytest.fixture
def stage(qtbot: QtBot, wall: Wall) -> Stage:
    """Two stops at 25 frames/s; the car of the second stops a second later in its clip."""
    made = Stage(FakeFrameServer, now_s=wall)
    made.put("a", A)
    made.put("b", B, later(pit_stop(), 1.0))
    made.put("c", C, pit_stop(), pit_stop(2))
    made.view.add("a")
    made.view.add("b")
    qtbot.waitUntil(made.is_still)
    return made


def notices(stage: Stage) -> list[str]:
    said: list[str] = []
    stage.view.noticed.connect(lambda notice: said.append(notice.text))
    return said


def test_they_begin_where_the_cars_stop_and_step_together(qtbot: QtBot, stage: Stage) -> None:
    assert stage.numbers() == (50, 75)
    stage.player.step(3)
    qtbot.waitUntil(stage.is_still)
    assert stage.numbers() == (53, 78)
    assert stage.player.time_s == pytest.approx(0.12)
    stage.player.home()
    qtbot.waitUntil(stage.is_still)
    assert stage.numbers() == (0, 25)
    labels = [label.text for label in pane_labels(stage.view, 1)]
    assert labels[0] == "B  \N{MINUS SIGN}2.000 s"
    assert "frame 25 / 250" in labels
    assert "00:00:01.000" in labels
    assert "25 frames/s" in labels


def test_no_picture_is_seen_before_all_are_there(qtbot: QtBot, stage: Stage) -> None:
    slow = stage.servers[1]
    assert isinstance(slow, FakeFrameServer)
    slow.hold = True
    stage.player.step(1)
    qtbot.wait(20)
    assert stage.player.is_waiting
    assert stage.numbers() == (50, 75)
    slow.release()
    assert stage.numbers() == (51, 76)


def test_offsets_by_frames_and_milliseconds_also_while_playing(
    qtbot: QtBot, stage: Stage, wall: Wall
) -> None:
    stage.view.set_focus(1)
    stage.view.nudge(1)
    qtbot.waitUntil(stage.is_still)
    assert stage.numbers() == (50, 76)
    assert stage.view.panes[1].offset_s == pytest.approx(0.04)
    assert "offset +0.040 s" in [label.text for label in pane_labels(stage.view, 1)]
    stage.player.play(1.0)
    stage.view.nudge(1)
    stage.view.nudge_s(0.01)
    qtbot.waitUntil(lambda: not stage.player.is_waiting)
    wall.now += 0.4
    qtbot.waitUntil(lambda: stage.numbers() == (60, 87))
    assert stage.player.playing
    stage.player.pause()
    assert stage.view.panes[1].offset_s == pytest.approx(0.09)
    stage.view.reset_offset()
    qtbot.waitUntil(lambda: stage.is_still() and stage.numbers() == (60, 85))


def test_it_plays_in_true_time_both_ways_and_ends(qtbot: QtBot, stage: Stage, wall: Wall) -> None:
    player = stage.player
    for rate, wait_s, wanted in ((1.0, 0.4, 60), (0.5, 0.4, 65), (-2.0, 0.4, 45)):
        player.play(rate)
        wall.now += wait_s
        qtbot.waitUntil(lambda wanted=wanted: stage.numbers()[0] == wanted)
        player.pause()
        qtbot.waitUntil(stage.is_still)
    player.play(8.0)
    wall.now += 60.0
    qtbot.waitUntil(lambda: not player.playing)
    assert player.time_s == pytest.approx(player.span()[1], abs=0.021)
    player.play(1.0)  # from its end it begins anew
    qtbot.waitUntil(lambda: stage.numbers()[0] == 0)


def test_a_marked_range_is_played_over_and_over(qtbot: QtBot, stage: Stage, wall: Wall) -> None:
    player = stage.player
    player.mark_begin()
    player.go(0.4)
    qtbot.waitUntil(stage.is_still)
    player.mark_end()
    player.set_repeats(True)
    player.play(1.0)  # it stands at the range's end: begins anew
    qtbot.waitUntil(lambda: stage.numbers()[0] == 50)
    wall.now += 0.24
    qtbot.waitUntil(lambda: stage.numbers()[0] == 56)
    wall.now += 0.4
    qtbot.waitUntil(lambda: stage.numbers()[0] == 56)
    assert player.playing
    player.pause()
    player.go(0.2)
    player.mark_end()
    player.go(0.6)
    player.mark_begin()
    assert (player.begin_s, player.end_s) == (pytest.approx(0.6), None)


def test_pictures_that_come_late_set_the_clock_back(qtbot: QtBot, stage: Stage, wall: Wall) -> None:
    slow = stage.servers[0]
    assert isinstance(slow, FakeFrameServer)
    stage.player.play(1.0)
    slow.hold = True
    wall.now += 0.05
    qtbot.waitUntil(lambda: stage.player.is_waiting)
    wall.now += 1.0
    slow.release()
    qtbot.waitUntil(lambda: stage.player.is_slow)
    assert stage.numbers()[0] < 55


def test_another_event_is_shown_and_the_range_stays_where_it_was(
    qtbot: QtBot, stage: Stage
) -> None:
    stage.player.mark_begin()
    stage.view.align(WHEEL)
    qtbot.waitUntil(stage.is_still)
    assert stage.player.begin_s == pytest.approx(-0.8)
    assert stage.numbers() == (70, 95)
    assert stage.view.slot_name == "Wheel off FL"


def test_an_event_that_one_stop_does_not_have(qtbot: QtBot, stage: Stage) -> None:
    stage.put("b", B, later(pit_stop(missing=[WHEEL]), 1.0))
    stage.view.align(WHEEL)
    qtbot.waitUntil(stage.is_still)
    assert stage.numbers() == (70, 95)  # where it would be, aligned on the stop
    labels = [label.text for label in pane_labels(stage.view, 1)]
    assert "no Wheel off FL here: aligned on Stop" in labels
    assert not any("aligned on" in label.text for label in pane_labels(stage.view, 0))


def test_slow_motion_beside_true_speed(qtbot: QtBot, stage: Stage) -> None:
    stage.put("b", B, later(pit_stop(), 1.0, time_scale=0.5))
    stage.player.go(0.4)
    qtbot.waitUntil(lambda: stage.is_still() and stage.numbers() == (60, 95))
    labels = [label.text for label in pane_labels(stage.view, 1)]
    assert labels[0] == "B  +0.400 s"
    assert "slow motion, 0.5 of true time" in labels


def test_a_lost_clip_says_so_and_the_others_go_on(qtbot: QtBot, stage: Stage) -> None:
    server = stage.servers[1]
    assert isinstance(server, FakeFrameServer)
    server.lost = True
    stage.player.step(1)
    qtbot.waitUntil(lambda: stage.view.panes[1].is_lost)
    qtbot.waitUntil(lambda: stage.numbers()[0] == 51)
    stage.player.step(4)
    qtbot.waitUntil(lambda: stage.numbers()[0] == 55)
    assert stage.view.panes[1].trouble is not None
    server.lost = False
    stage.player.step(1)
    qtbot.waitUntil(lambda: stage.numbers() == (56, 81))
    assert not stage.view.panes[1].is_lost


def test_a_broken_frame_holds_nobody_back(qtbot: QtBot, stage: Stage) -> None:
    server = stage.servers[1]
    assert isinstance(server, FakeFrameServer)
    server.broken = {76}
    stage.player.step(1)
    qtbot.waitUntil(lambda: stage.numbers()[0] == 51)
    trouble = stage.view.panes[1].trouble
    assert trouble is not None
    assert trouble.kind is TroubleKind.FRAME
    stage.player.step(1)
    qtbot.waitUntil(lambda: stage.numbers() == (52, 77))
    assert stage.view.panes[1].trouble is None


def test_a_clip_that_is_over_stands_and_says_so(qtbot: QtBot, stage: Stage) -> None:
    stage.put("a", A, replace(pit_stop(), ends_s=99.0))
    stage.view.refresh()
    stage.player.go(9.0)
    qtbot.waitUntil(stage.is_still)
    assert "clip is over" in [label.text for label in pane_labels(stage.view, 0)]


def test_the_same_stop_twice_and_a_fifth(qtbot: QtBot, stage: Stage) -> None:
    said = notices(stage)
    assert stage.view.add("a", 1)
    assert said == ["Stop 1 of a.mp4 is there already: A."]
    assert stage.view.focus == 0
    assert stage.view.add("c")
    assert stage.view.add("c")  # the next of its stops
    assert [pane.number for pane in stage.view.panes] == [1, 1, 1, 2]
    stage.put("d", Path("/footage/d.mp4"))
    assert not stage.view.add("d")
    assert "Four stops" in said[-1]
    assert not stage.view.add("gone")
    qtbot.waitUntil(stage.is_still)


def test_a_job_without_stops_says_why(qtbot: QtBot, stage: Stage) -> None:
    stage.put("e", Path("/footage/e.mp4"))
    stage.jobs["e"] = StopsRead("e", StopState.NONE, "Nothing stood still.")
    stage.view.add("e")
    pane = stage.view.panes[2]
    qtbot.waitUntil(lambda: pane.read is not None)
    assert pane.hint == ("No pit stop was found", "Nothing stood still.")
    stage.player.step(1)
    qtbot.waitUntil(lambda: stage.numbers()[:2] == (51, 76))


def test_what_a_person_corrected_moves_the_picture(qtbot: QtBot, stage: Stage) -> None:
    stage.put("b", B, later(pit_stop(), 2.0))
    qtbot.waitUntil(lambda: stage.numbers() == (50, 100))


def test_a_removed_pane_leaves_the_others_and_a_new_one_takes_its_workers(
    qtbot: QtBot, stage: Stage
) -> None:
    stage.view.add("c", 2)
    qtbot.waitUntil(stage.is_still)
    stage.view.set_reference(2)
    stage.view.set_look(arrangement=Arrangement.WIPE, base=2, top=1)
    stage.view.remove(0)
    assert [pane.name for pane in stage.view.panes] == ["b.mp4", "c.mp4"]
    assert (stage.view.reference, stage.view.look.base, stage.view.look.top) == (1, 0, 1)
    stage.view.add("a")
    qtbot.waitUntil(stage.is_still)
    assert len(stage.servers) == 3
    stage.book.removed.emit("c")
    assert [pane.name for pane in stage.view.panes] == ["b.mp4", "a.mp4"]
    assert stage.view.reference == 0


def test_jumps_go_from_event_to_event_of_the_stop_in_focus(qtbot: QtBot, stage: Stage) -> None:
    stage.view.set_focus(0)
    stage.view.jump(1)
    qtbot.waitUntil(stage.is_still)
    first = stage.player.time_s
    assert first == pytest.approx(0.15, abs=0.03)
    stage.view.jump(1)
    qtbot.waitUntil(stage.is_still)
    assert stage.player.time_s > first
    stage.view.jump(-1)
    qtbot.waitUntil(stage.is_still)
    assert stage.player.time_s == pytest.approx(first)


def test_charts_lie_where_the_pictures_do(qtbot: QtBot, stage: Stage) -> None:
    stage.view.set_focus(1)
    stage.view.nudge_s(0.5)
    charts = charts_of(stage.view)
    one, other = charts.groups
    assert one.at(one.chart.bars[0].begin_s) == pytest.approx(
        other.at(other.chart.bars[0].begin_s) + 0.5
    )
    assert charts.first_s < -0.5
    assert [row.place for row in charts.rows if row.place is None] == [None, None]
    marks = dict(event_marks(stage.view))
    assert [at for at, name in marks[0] if name == "Stop"] == [pytest.approx(0.0)]
    assert [at for at, name in marks[1] if name == "Stop"] == [pytest.approx(-0.5)]
