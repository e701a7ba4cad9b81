"""Stops in view: words, the chart's layout, the list of events, which job they are of."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from gui.fake_hub import FakeHub, record
from gui.fake_stops import STOP_S, FakeStopDesk, headless, pit_stop, stops_read, template
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester

from codefx_desktop.domain.breakdown import MarksHit
from codefx_desktop.domain.events import Place
from codefx_desktop.domain.job import JobStatus
from codefx_desktop.domain.stop import Heading, StopFacts
from codefx_desktop.ui.models.selection import Selection
from codefx_desktop.ui.models.stop_bars import chart_of
from codefx_desktop.ui.models.stop_events import EventColumn, StopEvents
from codefx_desktop.ui.models.stop_form import crew_of, crew_text, seconds_of, seconds_text
from codefx_desktop.ui.models.stop_view import StopView
from codefx_desktop.ui.models.stop_words import (
    NOT_FOUND,
    as_text,
    bar_text,
    direction_word,
    heading_text,
    marks_text,
    other_splits,
    slowest,
    sources_text,
    split,
    stop_name,
    tyre_times,
)

if TYPE_CHECKING:
    from codefx_desktop.ui.models.clip_view import ClipView
    from codefx_desktop.ui.models.job_book import JobBook

LABELS = stops_read(pit_stop()).labels
RELEASE = ("release", Place.NONE)
RL_DONE = ("tighten_end", Place.REAR_LEFT)

# -- words ------------------------------------------------------------------------------------


def test_a_time_has_its_bounds_and_where_it_comes_from() -> None:
    found = stops_read(pit_stop()).stops[0].breakdown
    shown = split(found.stationary, LABELS)
    assert shown.whole == "2.500 s ±0.040"
    assert "2.460 to 2.540 s" in shown.more
    assert "Stop at 2.000 s of the clip, from track" in shown.more
    assert sources_text(found.stationary) == "track"


def test_what_was_not_found_is_said_in_words() -> None:
    found = stops_read(pit_stop(missing=[RELEASE])).stops[0].breakdown
    shown = split(found.reaction, LABELS)
    assert (shown.whole, shown.bounds, shown.is_found) == (NOT_FOUND, "", False)
    assert sources_text(found.reaction) == "begin not seen"
    assert split(None, LABELS).whole == NOT_FOUND


def test_fuel_and_drivers_are_there_where_the_template_has_them() -> None:
    assert other_splits(stops_read(pit_stop()).stops[0].breakdown, LABELS) == ()
    imsa = template("imsa")
    stop = pit_stop()
    events = tuple(
        next((e for e in stop.events if (e.kind, e.place) == slot), None) for slot in imsa.slots
    )
    stop = replace(stop, template="imsa", events=tuple(e for e in events if e is not None))
    facts = other_splits(stops_read(stop).stops[0].breakdown, LABELS)
    assert [fact.label for fact in facts] == ["Fuel", "Driver out", "Driver in", "Driver change"]
    assert {fact.value for fact in facts} == {NOT_FOUND}


def test_the_slowest_corner_is_marked_and_whether_that_is_sure() -> None:
    times = tyre_times(stops_read(pit_stop()).stops[0].breakdown)
    assert slowest(times) == (Place.REAR_LEFT, False)
    apart = {p: one and replace(one, high_s=one.value_s, low_s=one.value_s)
             for p, one in times.items()}  # fmt: skip
    assert slowest(apart) == (Place.REAR_LEFT, True)
    assert slowest(dict.fromkeys(times)) == (None, False)


def test_directions_are_said_as_on_the_picture() -> None:
    assert [direction_word(d) for d in (0, 90, 180, 270, 359, 44)] == [
        *("right", "up", "left", "down", "right", "up right"),
    ]
    assert heading_text(Heading()) == "Which end is the front is not known."
    assert heading_text(Heading(180.0, "manual", mirrored=True)) == (
        "Front points left on the picture, as you said. The picture is mirrored."
    )


def test_marks_are_said_with_their_sides() -> None:
    assert marks_text(MarksHit(reason="Not calibrated.")) == (NOT_FOUND, "Not calibrated.")
    told, _ = marks_text(MarksHit(long_m=-0.12, lateral_m=0.3, angle_deg=-1.0))
    assert told == "0.12 m short, 0.30 m to the left, turned 1.0° to the right"


def test_all_of_a_stop_can_be_copied() -> None:
    read = stops_read(pit_stop(missing=[RL_DONE], facts=StopFacts("44", crew={"Gun FL": "A"})))
    lines = as_text(read, read.stops[0], "lap.mp4").splitlines()
    assert lines[0] == "lap.mp4, Stop 1 of 1 · 44 · 2.50 s, Formula 1"
    assert "Stationary\t2.500 s ±0.040" in lines
    assert "Tyre RL\tnot found" in lines
    assert "Gun FL\tA" in lines
    assert "Go\t\t+2.500\t0.020\t135\ttrack\tproposed\t90%" in lines
    assert "Tighten ends\tRL\tnot found\t\t\t\tnot found\t" in lines
    assert "Flag\tequipment left in the box\tframe 140\tA gun lies in the box." in lines


def test_crew_and_seconds_are_typed_as_they_are_shown() -> None:
    crew = {"Gun FL": "A: B", "Jack": ""}
    assert crew_of(crew_text(crew)) == crew
    assert crew_of("\n : x\nLollipop\n") == {"Lollipop": ""}
    assert seconds_of(seconds_text(1.7)) == 1.7
    assert (seconds_of(" "), seconds_of("2,5 s")) == (None, 2.5)
    for wrong in ("two", "-1", "nan", "1e9"):
        with pytest.raises(ValueError, match="seconds"):
            seconds_of(wrong)


# -- the chart --------------------------------------------------------------------------------


def test_each_place_has_a_lane_and_no_bars_lie_on_each_other() -> None:
    chart = chart_of(stops_read(pit_stop()).stops[0])
    places = [lane.place.value for lane in chart.lanes if lane.is_first]
    assert places == ["front", "rear", "FL", "FR", "RL", "RR"]
    assert sorted(n for lane in chart.lanes for n in lane.bars) == list(range(len(chart.bars)))
    for lane in chart.lanes:
        for before, after in zip(lane.bars, lane.bars[1:], strict=False):
            assert chart.bars[before].end_s <= chart.bars[after].begin_s + 1e-6
    assert (chart.zero_s, chart.ends_word) == (STOP_S, "release")
    assert chart.ends_s == pytest.approx(STOP_S + 2.4)


def test_ticks_count_true_seconds_from_the_stop() -> None:
    chart = chart_of(stops_read(pit_stop()).stops[0])
    assert [word for _, word in chart.ticks(6)] == ["0.0", "0.5", "1.0", "1.5", "2.0"]
    assert [time for time, _ in chart.ticks(3)] == [STOP_S, STOP_S + 1.0, STOP_S + 2.0]
    slow = chart_of(stops_read(pit_stop(time_scale=0.5)).stops[0])
    assert slow.ticks(3)[1] == (STOP_S + 1.0, "0.5")


def test_slack_ends_where_a_task_could_have_ended() -> None:
    chart = chart_of(stops_read(pit_stop()).stops[0])
    for number, bar in enumerate(chart.bars):
        end = chart.slack_end_s(number)
        if bar.is_critical:
            assert end is None
        elif bar.slack_s:
            assert end == pytest.approx(min(bar.end_s + bar.slack_s, chart.last_s))
    critical = next(bar for bar in chart.bars if bar.is_critical and bar.drag_s)
    assert "Critical: without it" in bar_text(critical, STOP_S)


# -- events -----------------------------------------------------------------------------------


def test_every_event_has_a_row_those_not_found_too(qapp: object) -> None:
    model = StopEvents()
    QAbstractItemModelTester(model)
    stop = pit_stop(missing=[RELEASE])
    model.show_stop(stop, LABELS)
    assert model.rowCount() == len(stop.events)
    rows = {model.index(r, 0).data(): r for r in range(model.rowCount())}
    go = rows["Go"]
    cells = [model.index(go, column).data() for column in EventColumn]
    assert cells == ["Go", "+2.500", "0.020", "track", "proposed", "90%"]
    more = model.index(go, 0).data(Qt.ItemDataRole.ToolTipRole)
    assert "frame 135" in more
    assert "seen: a <b> in 3 pictures" in more
    missing = model.index(rows["Release"], EventColumn.TIME)
    assert missing.data() == NOT_FOUND
    assert missing.data(Qt.ItemDataRole.AccessibleTextRole) == "s: not found"


def test_without_a_stop_times_are_those_of_the_clip(qapp: object) -> None:
    model = StopEvents()
    model.show_stop(pit_stop(missing=[("stop", Place.NONE)]), LABELS)
    row = next(r for r in range(model.rowCount()) if model.index(r, 0).data() == "Go")
    assert model.index(row, EventColumn.TIME).data() == "4.500"
    side = Qt.Orientation.Horizontal
    head = model.headerData(EventColumn.TIME, side, Qt.ItemDataRole.ToolTipRole)
    assert head == "Seconds of the clip"


# -- whose they are ---------------------------------------------------------------------------


class Looker:
    """A view of stops with all it needs."""

    def __init__(self, hub: FakeHub, book: JobBook, clip: ClipView) -> None:
        self.book, self.clip = book, clip
        self.selection = Selection(book)
        self.desk = FakeStopDesk()
        self.view = StopView(self.desk, book, self.selection, clip)
        for name in ("a", "b"):
            book.know(record(f"{name}.mp4", id=name, status=JobStatus.COMPLETE))


@pytest.fixture
def looker(hub: FakeHub, book: JobBook, view: ClipView) -> Looker:
    return Looker(hub, book, view)


def test_nothing_is_read_before_somebody_looks(looker: Looker) -> None:
    looker.selection.choose("a")
    assert looker.desk.of("open") == []
    looker.view.set_in_front(True)
    assert looker.desk.of("open") == [("a",)]
    looker.selection.choose("b")
    assert looker.desk.of("open")[1:] == [("b",)]
    looker.desk.read.emit(stops_read(pit_stop(), job_id="a"))
    assert looker.view.found is None
    looker.desk.read.emit(stops_read(pit_stop(), pit_stop(2), job_id="b"))
    assert looker.view.shown is not None
    looker.view.choose(1)
    assert looker.view.shown.stop.number == 2


def test_it_looks_again_when_the_job_is_another_one(looker: Looker) -> None:
    looker.selection.choose("a")
    looker.view.set_in_front(True)
    was = looker.book.get("a").record
    looker.book.know(was)
    assert len(looker.desk.of("open")) == 1
    looker.book.know(replace(was, stop_count=1))
    assert len(looker.desk.of("open")) == 2


def test_while_a_clip_is_reviewed_it_is_about_that_clip(looker: Looker) -> None:
    looker.selection.choose("a")
    looker.view.set_in_front(True)
    looker.clip.open(Path("/footage/b.mp4"), "b")
    assert looker.view.job_id == "a"
    looker.view.set_reviewing(True)
    assert looker.view.job_id == "b"
    looker.clip.open(Path("/footage/c.mp4"))
    assert (looker.view.job_id, looker.view.views_a_file) == (None, True)
    looker.view.set_reviewing(False)
    assert looker.view.job_id == "a"


def test_flip_turns_the_car_round(looker: Looker) -> None:
    looker.selection.choose("a")
    looker.view.set_in_front(True)
    looker.view.flip()
    looker.desk.read.emit(stops_read(pit_stop(heading=Heading(200.0, "arrival", mirrored=True))))
    looker.view.flip()
    assert looker.desk.of("set_front") == [("a", 20.0, True)]
    looker.desk.busied.emit(True)
    looker.view.flip()
    looker.desk.busied.emit(False)
    looker.desk.read.emit(stops_read(headless(pit_stop())))
    looker.view.flip()
    looker.view.set_front(90.0)
    assert looker.desk.of("set_front")[1:] == [("a", 90.0, False)]


def test_a_stop_is_named_by_what_is_said_of_it() -> None:
    read = stops_read(pit_stop(facts=StopFacts("44", label="best")), pit_stop(2))
    assert [stop_name(one, 2) for one in read.stops] == [
        "Stop 1 of 2 · 44 best · 2.50 s",
        "Stop 2 of 2 · 2.50 s",
    ]
