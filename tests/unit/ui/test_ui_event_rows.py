"""Rows of events, changes and suspicions: what a person reads of them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from gui.fake_review import demo_review
from gui.fake_stops import STOP_S, event, pit_stop, stops_read

from codefx_desktop.domain.corrected import Difference, Suspicion
from codefx_desktop.domain.edit import (
    DismissOp,
    EditStep,
    EventDeed,
    EventOp,
    Mark,
    TrackDeed,
    TrackOp,
)
from codefx_desktop.domain.events import Event, EventSource, EventStatus, Place
from codefx_desktop.ui.models.change_rows import change_rows, changes_text
from codefx_desktop.ui.models.event_list import HERE_ROLE, EventList
from codefx_desktop.ui.models.event_rows import (
    MARKS,
    EventRow,
    GroupRow,
    Show,
    Standing,
    rows_of,
    standing_of,
    tally,
)
from codefx_desktop.ui.models.event_words import evidence_text, frame_of_link, linked, side_text
from codefx_desktop.ui.models.review_state import EventKey
from codefx_desktop.ui.models.suspicion_rows import fixes_of, suspicions_left

if TYPE_CHECKING:
    from codefx_desktop.jobs.review_values import ReviewRead

FL, NONE = Place.FRONT_LEFT, Place.NONE
OFF = EventKey(1, "wheel_off", FL)


def review(*, missing: tuple[tuple[str, Place], ...] = (), **fields: object) -> ReviewRead:
    stops = stops_read(pit_stop(missing=missing)).stops
    return demo_review("a", stops=stops, **fields)


def said(read: ReviewRead, kind: str, **fields: object) -> ReviewRead:
    """Return a review in which events of a kind are others."""
    (shown,) = read.stops
    events = tuple(replace(one, **fields) if one.kind == kind else one for one in shown.stop.events)
    return replace(read, stops=(replace(shown, stop=replace(shown.stop, events=events)),))


def events_of(*args: object, **fields: object) -> list[EventRow]:
    return [row for row in rows_of(*args, **fields) if isinstance(row, EventRow)]


def step(number: int, *ops: object, **fields: object) -> EditStep:
    return EditStep(number, "2025-11-21T14:03:22+00:00", "ann", f"Step {number}", ops, **fields)


@pytest.mark.parametrize(
    ("status", "source", "time_s", "standing"),
    [
        (EventStatus.PROPOSED, EventSource.TRACK, 1.0, Standing.PROPOSED),
        (EventStatus.CONFIRMED, EventSource.TRACK, 1.0, Standing.CONFIRMED),
        (EventStatus.EDITED, EventSource.MANUAL, 1.0, Standing.EDITED),
        (EventStatus.NOT_FOUND, None, None, Standing.MISSING),
        (EventStatus.NOT_FOUND, EventSource.MANUAL, None, Standing.REJECTED),
    ],
)
def test_how_an_event_stands(
    status: EventStatus, source: EventSource | None, time_s: float | None, standing: Standing
) -> None:
    assert standing_of(Event("stop", NONE, time_s, status=status, source=source)) is standing


def test_rows_stand_corner_by_corner_or_in_order_of_time() -> None:
    read = review(missing=(("release", NONE),))
    heads = [row.text for row in rows_of(read, 1) if isinstance(row, GroupRow)]
    assert heads[:3] == ["Car", "Front left  FL", "Front right  FR"]
    by_time = rows_of(read, 1, by_place=False)
    assert not any(isinstance(row, GroupRow) for row in by_time)
    times = [row.time_s for row in by_time]
    assert times[-1] is None  # what was not found has no place in time
    assert times[:-1] == sorted(times[:-1])
    assert len(by_time) == len(events_of(read, 1)) == 37


def test_a_row_says_all_that_is_known_of_its_event() -> None:
    row = next(row for row in events_of(review(), 1) if row.key == OFF)
    assert (row.name, row.time, row.bounds) == (
        "Wheel off FL",
        "+0.800",
        "\N{PLUS-MINUS SIGN}0.020",
    )
    assert row.more == "proposed, track, 90% sure, frame 84"
    assert (row.number, row.place, row.is_open) == (84, FL, True)
    assert row.whole == (
        "Wheel off FL, +0.800 \N{PLUS-MINUS SIGN}0.020 s, proposed, track, 90% sure, frame 84"
    )


def test_what_was_not_found_says_why_and_never_a_time() -> None:
    read = said(review(missing=(("release", NONE),)), "release", evidence={"why": "no light"})
    row = next(row for row in events_of(read, 1) if row.key == EventKey(1, "release"))
    assert (row.standing, row.time, row.bounds, row.number) == (Standing.MISSING, "", "", None)
    assert row.more == "not found, no light"
    assert not row.is_open


def test_slow_motion_is_told_in_true_time() -> None:
    (shown,) = review().stops
    slow = replace(shown.stop, time_scale=0.5)
    row = next(
        row
        for row in events_of(replace(review(), stops=(replace(shown, stop=slow),)), 1)
        if row.key == OFF
    )
    assert (row.time, row.bounds) == ("+0.400", "\N{PLUS-MINUS SIGN}0.010")


def test_filters_show_what_is_to_be_looked_at() -> None:
    read = said(review(), "wheel_off", status=EventStatus.CONFIRMED)
    kept, found = event("wheel_off", FL, 2.8), event("wheel_off", FL, 3.0)
    read = replace(read, differences=(Difference(1, "wheel_off", FL, kept, found),))
    names = [row.name for row in events_of(read, 1, Show.TO_CHECK)]
    assert "Wheel off FL" in names
    assert "Wheel off FR" not in names
    assert [row.name for row in events_of(read, 1, Show.DIFFERENCES)] == ["Wheel off FL"]
    assert not events_of(review(), 1, Show.DIFFERENCES)


def test_the_tally_counts_what_a_person_settled() -> None:
    read = said(review(missing=(("release", NONE),)), "wheel_off", status=EventStatus.CONFIRMED)
    assert tally(read.stops[0].stop).text == "4 of 36 confirmed, 1 not found"
    assert tally(None).text == "0 of 0 confirmed"


def test_marks_stand_with_the_stop_they_lie_nearest_to() -> None:
    stops = stops_read(pit_stop(), pit_stop(2)).stops
    marks = {1: Mark("Slip", 60, 2.0), 2: Mark("Wave", 1800, 60.0, 1830, 61.0)}
    read = demo_review("a", stops=stops, marks=marks)
    *_, head, row = rows_of(read, 1)
    assert head == GroupRow(MARKS)
    assert (row.mark, row.name, row.time, row.more) == (1, "Slip", "+0.000", "your mark, frame 60")
    *_, row = rows_of(read, 2)
    assert (row.mark, row.more) == (2, "your mark, frames 1800 to 1830")
    bare = demo_review("a", stops=(), marks=marks)
    assert [row.time for row in events_of(bare, 1)] == ["2.000", "60.000 to 61.000"]


def test_notes_are_there_before_the_desk_has_laid_them_over() -> None:
    read = review()
    before = next(e for e in read.stops[0].stop.events if (e.kind, e.place) == ("wheel_off", FL))
    begins_s = read.stops[0].stop.begins_s
    ops = [
        EventOp(EventDeed.NOTE, 1, begins_s, before, before, text) for text in ("late", "too late")
    ]
    noted = replace(read, steps=(step(1, ops[0]), step(2, ops[1])))
    assert next(row for row in events_of(noted, 1) if row.key == OFF).note == "too late"
    undone = replace(read, steps=(step(1, ops[0]), step(2, ops[1], is_undone=True)))
    assert next(row for row in events_of(undone, 1) if row.key == OFF).note == "late"


def test_the_list_marks_the_last_row_before_the_frame_on_screen() -> None:
    rows = EventList()
    rows.show_rows(rows_of(review(), 1))

    def here() -> list[str]:
        marked = [n for n in range(rows.rowCount()) if rows.index(n).data(HERE_ROLE)]
        return [rows.event_at(rows.index(n)).name for n in marked]

    rows.set_here(0)
    assert here() == []
    rows.set_here(round(STOP_S * 30))
    assert here() == ["Stop"]
    rows.set_here(round(STOP_S * 30) + 1)
    assert here() == ["Stop"]
    assert rows.set_here(round(STOP_S * 30) + 1) is None  # nothing is painted anew
    head = rows.index(0)
    assert rows.event_at(head) is None
    assert not head.flags()


def test_rows_that_only_say_something_else_keep_their_selection() -> None:
    rows, read = EventList(), review()
    assert rows.show_rows(rows_of(read, 1))
    assert not rows.show_rows(rows_of(said(read, "wheel_off", status=EventStatus.CONFIRMED), 1))
    place = rows.place_of(OFF, None)
    assert rows.rows[place].standing is Standing.CONFIRMED
    assert rows.place_of(None, 7) is None


def test_evidence_links_the_frames_it_names_and_nothing_else() -> None:
    one = replace(
        event("stop", NONE, 2.0),
        evidence={"measured": "<b>flow</b> in frames 12 to 30", "why": "seen", "note": "mine"},
    )
    text = evidence_text(one)
    assert text.splitlines() == [
        "Measured: <b>flow</b> in frames 12 to 30",
        "Seen",
        "Between 1.980 and 2.020 s of the clip",
        "Nearest picture: frame 60",
    ]
    rich = linked(text, "#123456")
    assert "<b>" not in rich
    assert [part.split('"')[0] for part in rich.split('href="')[1:]] == [
        "frame:12",
        "frame:30",
        "frame:60",
    ]
    assert frame_of_link("frame:30") == 30
    assert frame_of_link("https://example.org") is None
    assert side_text(Event("stop"), None) == "not found"


def test_changes_are_told_newest_first_with_those_taken_back() -> None:
    steps = (step(1), step(2, is_undone=True), step(3, revision=4))
    rows = change_rows(steps)
    assert [row.number for row in rows] == [3, 2, 1]
    assert rows[0].more.endswith("ann, revision 4")
    assert rows[1].is_undone
    assert "undone" in rows[1].more
    text = changes_text(steps)
    assert text.splitlines()[2] == "2\t2025-11-21T14:03:22+00:00\tann\tStep 2\tundone"
    assert change_rows([replace(step(1), at="yesterday", who="")])[0].more == "yesterday, you"


def test_a_suspicion_that_was_found_fine_is_not_told_again() -> None:
    read = demo_review()
    (one,) = suspicions_left(read)
    fine = DismissOp(one.track_id, one.other_id, one.frame_number)
    assert suspicions_left(replace(read, steps=(step(1, fine),))) == ()
    assert suspicions_left(replace(read, steps=(step(1, fine, is_undone=True),))) == (one,)
    elsewhere = replace(fine, frame_number=121)
    assert suspicions_left(replace(read, steps=(step(1, elsewhere),))) == (one,)


def test_what_can_be_done_about_a_suspicion() -> None:
    read = demo_review()
    exchange, split, _ = fixes_of(read, read.suspicions[0])
    assert (exchange.name, exchange.op) == ("Exchange", TrackOp(TrackDeed.SWAP, 2, 120, other_id=3))
    assert split.op == TrackOp(TrackDeed.RELABEL, 2, 120, other_id=6)
    alone = Suspicion(2, None, 120, 4.0, "It jumps.", 0.5)
    assert fixes_of(read, alone)[0].op is None
    ended = Suspicion(9, 3, 120, 4.0, "It goes on.", 0.5)
    join = fixes_of(read, ended)[0]
    assert (join.name, join.op) == ("Join", TrackOp(TrackDeed.RELABEL, 3, 120, other_id=9))
