"""Panes that play as one: pictures together, offsets, ranges, another event, bad input."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from comparing import Stage, later
from gui.fake_frames import FakeFrameServer
from gui.fake_stops import pit_stop

from codefx_desktop.domain.events import Place
from codefx_desktop.jobs.stop_values import StopsRead, StopState
from codefx_desktop.jobs.viewing import TroubleKind
from codefx_desktop.ui.models.compare_bars import charts_of, event_marks
from codefx_desktop.ui.models.compare_memory import KeptCompare, KeptStop, kept_from, kept_text
from codefx_desktop.ui.models.compare_view import Arrangement
from codefx_desktop.ui.models.compare_words import pane_labels

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


A, B, C = Path("/footage/a.mp4"), Path("/footage/b.mp4"), Path("/footage/c.mp4")
WHEEL = ("wheel_off", Place.FRONT_LEFT)


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


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        '{"stops": []}',
        '{"stops": [{}], "slot": ["stop", ""], "reference": 0, "arrangement": "ghost"}',
        '{"stops": [{"job_id": "a", "number": 1, "offset_s": NaN, "name": "a"}],'
        ' "slot": ["stop", ""], "reference": 0, "arrangement": "ghost"}',
        '{"stops": [{"job_id": "a", "number": 1, "offset_s": 0, "name": "a"}],'
        ' "slot": ["stop", "attic"], "reference": 0, "arrangement": "ghost"}',
    ],
)
def test_what_was_compared_and_cannot_be_read_is_nothing(text: str) -> None:
    assert kept_from(text) is None


def test_what_was_compared_comes_back_as_it_was() -> None:
    stops = (KeptStop("a", 1, 0.0, "a.mp4"), KeptStop("b", 2, -0.25, "b.mp4"))
    kept = KeptCompare(stops, ("wheel_off", Place.FRONT_LEFT), 1, Arrangement.GHOST)
    assert kept_from(kept_text(kept)) == kept
