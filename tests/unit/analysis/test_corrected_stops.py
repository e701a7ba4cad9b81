"""What a person said of stops, laid over what an analysis finds: then, now, and counted anew."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from gui.fake_stops import event, pit_stop

from codefx_desktop.analysis.corrected_stops import corrected_stops, with_headings
from codefx_desktop.domain.edit import EventDeed, EventOp, ThresholdOp
from codefx_desktop.domain.events import Event, EventSource, EventStatus, Place
from codefx_desktop.domain.stop import Heading

if TYPE_CHECKING:
    from codefx_desktop.domain.stop import PitStop

FL, RR, NONE = Place.FRONT_LEFT, Place.REAR_RIGHT, Place.NONE


def of(stop: PitStop, kind: str, place: Place = NONE) -> Event:
    """Return an event, also one that was not found."""
    found: Event = next(e for e in stop.events if (e.kind, e.place) == (kind, place))
    return found


def moved(one: Event, by_s: float) -> Event:
    """Return an event as a person put it elsewhere."""
    assert one.time_s is not None
    at = one.time_s + by_s
    return replace(one, time_s=at, earliest_s=at - 0.01, latest_s=at + 0.01,
                   source=EventSource.MANUAL, status=EventStatus.EDITED)  # fmt: skip


def found(stop: PitStop, kind: str, place: Place, by_s: float) -> PitStop:
    """Return what another analysis finds: an event earlier or later."""
    one = of(stop, kind, place)
    assert one.time_s is not None
    other = event(kind, place, one.time_s + by_s)
    return replace(stop, events=tuple(other if was == one else was for was in stop.events))


def said(stop: PitStop, deed: EventDeed, kind: str, place: Place, after: Event) -> EventOp:
    before = of(stop, kind, place)
    return EventOp(deed, stop.number, stop.begins_s, before, after, heading=stop.heading)


def confirm(stop: PitStop, kind: str, place: Place = NONE) -> EventOp:
    one = of(stop, kind, place)
    return said(stop, EventDeed.CONFIRM, kind, place, replace(one, status=EventStatus.CONFIRMED))


def move(stop: PitStop, kind: str, place: Place, by_s: float) -> EventOp:
    return said(stop, EventDeed.MOVE, kind, place, moved(of(stop, kind, place), by_s))


def reject(stop: PitStop, kind: str, place: Place = NONE) -> EventOp:
    after = Event(kind, place, source=EventSource.MANUAL)
    return said(stop, EventDeed.REJECT, kind, place, after)


def test_without_words_stops_are_as_found() -> None:
    stops = (pit_stop(), pit_stop(2))
    assert corrected_stops(stops, [ThresholdOp(0, 0.5)]) == (stops, ())


def test_what_was_said_shows_and_nothing_differs_from_what_it_was_said_of() -> None:
    stop = pit_stop()
    ops = [confirm(stop, "stop"), move(stop, "wheel_off", FL, 0.5), reject(stop, "go")]
    (shown,), differences = corrected_stops([stop], ops)
    assert differences == ()
    assert of(shown, "stop").status is EventStatus.CONFIRMED
    assert of(shown, "wheel_off", FL) == moved(of(stop, "wheel_off", FL), 0.5)
    assert of(shown, "go").status is EventStatus.NOT_FOUND
    assert shown.event("go") is None
    assert [(one.kind, one.place) for one in shown.events] == [
        (one.kind, one.place) for one in stop.events
    ]
    others = [one for one in stop.events if one.kind not in ("stop", "wheel_off", "go")]
    assert all(one in shown.events for one in others)


def test_the_last_word_counts() -> None:
    stop = pit_stop()
    first = move(stop, "wheel_off", FL, 0.5)
    ops = [first, replace(first, before=first.after, after=moved(first.after, 0.1))]
    (shown,), _ = corrected_stops([stop], ops)
    assert of(shown, "wheel_off", FL).time_s == pytest.approx(
        (of(stop, "wheel_off", FL).time_s or 0) + 0.6
    )


def test_a_word_about_an_event_changes_nothing_else() -> None:
    stop = pit_stop()
    one = of(stop, "wheel_off", FL)
    note = said(stop, EventDeed.NOTE, "wheel_off", FL, one)
    (shown,), differences = corrected_stops([stop], [replace(note, note="dirty")])
    assert of(shown, "wheel_off", FL) == replace(one, evidence={**one.evidence, "note": "dirty"})
    later = found(stop, "wheel_off", FL, 1.0)
    (shown,), differences = corrected_stops([later], [replace(note, note="dirty")])
    assert of(shown, "wheel_off", FL).time_s == of(later, "wheel_off", FL).time_s
    assert differences == ()
    (shown,), _ = corrected_stops([stop], [replace(note, note="dirty"), note])
    assert shown == stop


def test_words_that_were_taken_away_do_not_come_back_with_what_was_said_meanwhile() -> None:
    stop = pit_stop()
    note = said(stop, EventDeed.NOTE, "wheel_off", FL, of(stop, "wheel_off", FL))
    dirty = replace(note, note="dirty")
    (shown,), _ = corrected_stops([stop], [dirty])
    sure = confirm(shown, "wheel_off", FL)
    (shown,), _ = corrected_stops([stop], [dirty, sure])
    assert of(shown, "wheel_off", FL).evidence["note"] == "dirty"
    (shown,), _ = corrected_stops([stop], [dirty, sure, note])
    assert "note" not in of(shown, "wheel_off", FL).evidence


@pytest.mark.parametrize("by_s", [-1.0, 1.0])
def test_a_later_analysis_never_wins_and_is_told(by_s: float) -> None:
    stop = pit_stop()
    ops = [confirm(stop, "wheel_off", FL), move(stop, "wheel_on", FL, 0.4), reject(stop, "go")]
    later = stop
    for kind, place in (("wheel_off", FL), ("wheel_on", FL), ("go", NONE)):
        later = found(later, kind, place, by_s)
    (shown,), differences = corrected_stops([later], ops)
    for op in ops:
        assert of(shown, op.before.kind, op.before.place) == op.after
    assert [(one.kind, one.place, one.stop) for one in differences] == [
        ("wheel_off", FL, 1), ("wheel_on", FL, 1), ("go", NONE, 1)
    ]  # fmt: skip
    for one, op in zip(differences, ops, strict=True):
        assert one.kept == op.after
        assert one.found == of(later, one.kind, one.place)


def test_a_difference_within_the_uncertainty_is_none() -> None:
    stop = pit_stop()  # events are known to 20 ms
    op = confirm(stop, "wheel_off", FL)
    assert corrected_stops([found(stop, "wheel_off", FL, 0.039)], [op])[1] == ()
    assert len(corrected_stops([found(stop, "wheel_off", FL, 0.041)], [op])[1]) == 1
    # It may also be with the person now: no longer what it was, but what was said.
    assert corrected_stops([found(stop, "wheel_on", FL, 0.4)], [move(stop, "wheel_on", FL, 0.4)])[
        1
    ] == ()  # fmt: skip


def test_what_is_found_no_more_stays_and_is_told() -> None:
    stop = pit_stop()
    lost = replace(stop, events=tuple(
        Event("wheel_off", FL) if one == of(stop, "wheel_off", FL) else one for one in stop.events
    ))  # fmt: skip
    (shown,), (difference,) = corrected_stops([lost], [confirm(stop, "wheel_off", FL)])
    assert of(shown, "wheel_off", FL).status is EventStatus.CONFIRMED
    assert difference.found == Event("wheel_off", FL)
    # A rejected one that nobody finds is no news.
    assert corrected_stops([lost], [reject(stop, "wheel_off", FL)])[1] == ()


def test_what_was_added_by_hand_stays_when_it_is_found_elsewhere() -> None:
    stop = pit_stop()
    none = replace(stop, events=tuple(
        Event("wheel_off", FL) if one == of(stop, "wheel_off", FL) else one for one in stop.events
    ))  # fmt: skip
    by_hand = moved(of(stop, "wheel_off", FL), 0.0)
    op = said(none, EventDeed.ADD, "wheel_off", FL, by_hand)
    assert corrected_stops([none], [op])[1] == ()
    assert corrected_stops([stop], [op])[1] == ()
    assert len(corrected_stops([found(stop, "wheel_off", FL, 1.0)], [op])[1]) == 1


def test_a_difference_is_settled_by_saying_it_once_more() -> None:
    stop = pit_stop()
    later = found(stop, "wheel_off", FL, 1.0)
    ops = [confirm(stop, "wheel_off", FL)]
    _, (difference,) = corrected_stops([later], ops)
    mine = EventOp(EventDeed.CONFIRM, 1, later.begins_s, difference.found, difference.kept)
    (shown,), left = corrected_stops([later], [*ops, mine])
    assert (of(shown, "wheel_off", FL), left) == (difference.kept, ())
    theirs = replace(mine, after=replace(difference.found, status=EventStatus.CONFIRMED))
    (shown,), left = corrected_stops([later], [*ops, theirs])
    assert of(shown, "wheel_off", FL).time_s == difference.found.time_s
    assert left == ()


# -- stops counted anew -------------------------------------------------------------------------


def later_by(stop: PitStop, by_s: float) -> PitStop:
    """Return a stop that begins later."""
    return replace(
        stop,
        begins_s=stop.begins_s + by_s,
        ends_s=stop.ends_s + by_s,
        events=tuple(
            one if one.time_s is None else event(one.kind, one.place, one.time_s + by_s)
            for one in stop.events
        ),
    )


def test_a_stop_is_known_by_its_time_whatever_its_number_is() -> None:
    first, second = pit_stop(), later_by(pit_stop(2), 60.0)
    op = confirm(second, "wheel_off", FL)
    for stops in (
        [replace(second, number=1)],
        [first, replace(later_by(first, 30.0), number=2), replace(second, number=3)],
        [second, first],
        [first, replace(second, begins_s=second.begins_s + 0.7)],
        [first, replace(second, begins_s=second.begins_s - 0.7)],
    ):
        shown, differences = corrected_stops(stops, [op])
        assert differences == ()
        for stop in shown:
            is_it = abs(stop.begins_s - second.begins_s) < 1.0
            status = of(stop, "wheel_off", FL).status
            assert status is (EventStatus.CONFIRMED if is_it else EventStatus.PROPOSED)


def test_a_stop_that_begins_as_it_did_is_the_same_wherever_its_events_are_put() -> None:
    first, second = pit_stop(), later_by(pit_stop(2), 10.0)
    op = move(first, "go", NONE, 13.0)
    shown, _ = corrected_stops([first, second], [op])
    assert of(shown[0], "go") == op.after
    assert shown[1] == second


def test_a_stop_that_is_found_no_more_is_kept_with_what_was_said_of_it() -> None:
    first, second = pit_stop(), later_by(pit_stop(2), 60.0)
    ops = [confirm(second, "stop"), move(second, "wheel_off", FL, 0.2), reject(second, "go")]
    shown, differences = corrected_stops([first], ops)
    assert shown[0] == first
    kept = shown[1]
    assert (kept.number, kept.template, kept.begins_s) == (2, first.template, second.begins_s)
    assert of(kept, "stop") == ops[0].after
    assert of(kept, "wheel_off", FL) == ops[1].after
    assert "does not find this stop" in kept.notes[0]
    assert [(one.stop, one.kind) for one in differences] == [(2, "stop"), (2, "wheel_off")]
    # What is said of the kept one later belongs to it, and to the real one when it is back.
    more = replace(confirm(second, "release"), stop=kept.number)
    assert of(corrected_stops([first], [*ops, more])[0][1], "release") == more.after
    (_, back), differences = corrected_stops([first, second], [*ops, more])
    assert of(back, "release") == more.after
    assert differences == ()
    # A stop of which only events were rejected is not missed.
    assert corrected_stops([first], [reject(second, "go")])[0] == (first,)


# -- the other way round ------------------------------------------------------------------------

ROUND = {FL: RR, RR: FL, Place.FRONT_RIGHT: Place.REAR_LEFT, Place.REAR_LEFT: Place.FRONT_RIGHT}


def turned(stop: PitStop, front_deg: float | None, *, mirrored: bool = False) -> PitStop:
    """Return what is found where the car points another way: the same wheels by other names."""
    names = ROUND if front_deg == 0.0 else {}
    events = {
        (one.kind, names.get(one.place, one.place)): replace(
            one, place=names.get(one.place, one.place)
        )
        for one in stop.events
    }
    ordered = tuple(events[one.kind, one.place] for one in stop.events)
    return replace(stop, events=ordered, heading=Heading(front_deg, "manual", mirrored))


def headed(front_deg: float) -> PitStop:
    return replace(pit_stop(), heading=Heading(front_deg, "arrival"))


def test_what_was_said_follows_its_wheel_when_the_car_points_the_other_way() -> None:
    stop = headed(180.0)
    op = move(stop, "wheel_off", FL, 0.5)
    (shown,), differences = corrected_stops([turned(stop, 0.0)], [op])
    assert differences == ()
    assert of(shown, "wheel_off", RR) == replace(op.after, place=RR)
    assert of(shown, "wheel_off", FL).status is EventStatus.PROPOSED
    # And what is said after that is of the name that it has then.
    after = replace(move(shown, "wheel_off", RR, 0.1), heading=shown.heading)
    (shown,), _ = corrected_stops([turned(stop, 0.0)], [op, after])
    assert of(shown, "wheel_off", RR) == after.after
    (shown,), _ = corrected_stops([stop], [op, after])
    assert of(shown, "wheel_off", FL) == replace(after.after, place=FL)


def test_a_mirrored_picture_exchanges_left_and_right() -> None:
    stop = headed(180.0)
    op = move(stop, "wheel_off", FL, 0.5)
    (shown,), _ = corrected_stops([turned(stop, 180.0, mirrored=True)], [op])
    assert of(shown, "wheel_off", Place.FRONT_RIGHT).status is EventStatus.EDITED


@pytest.mark.parametrize("front_deg", [90.0, None])
def test_what_has_no_place_any_more_is_told(front_deg: float | None) -> None:
    stop = headed(180.0)
    ops = [move(stop, "wheel_off", FL, 0.5), confirm(stop, "stop"), reject(stop, "wheel_on", FL)]
    now = replace(stop, heading=Heading(front_deg, "manual"))
    (shown,), (difference,) = corrected_stops([now], ops)
    assert of(shown, "stop").status is EventStatus.CONFIRMED
    assert all(one.status is not EventStatus.EDITED for one in shown.events)
    assert (difference.kept, difference.found) == (ops[0].after, Event("wheel_off", FL))


def test_ops_learn_which_way_the_car_points() -> None:
    stop = headed(180.0)
    bare = replace(move(stop, "wheel_off", FL, 0.5), heading=None)
    known = replace(bare, heading=Heading(0.0))
    other = ThresholdOp(1, 0.5)
    assert with_headings([bare, known, other], [stop]) == (
        replace(bare, heading=stop.heading), known, other
    )  # fmt: skip


def test_a_stop_that_was_coded_by_hand_is_no_difference_and_keeps_its_corners() -> None:
    def coded(kind: str, place: Place, time_s: float) -> EventOp:
        after = Event(kind, place, time_s, source=EventSource.MANUAL, status=EventStatus.EDITED)
        op = EventOp(EventDeed.ADD, 1, 2.0, Event(kind, place), after)
        return replace(op, heading=Heading())  # nobody knows where the front is

    ops = [coded("stop", Place.NONE, 2.0), coded("wheel_off", Place.FRONT_LEFT, 2.8)]
    (stop,), differences = corrected_stops((), ops)
    assert [(e.kind, e.place, e.time_s) for e in stop.events] == [
        ("stop", Place.NONE, 2.0),
        ("wheel_off", Place.FRONT_LEFT, 2.8),
    ]
    assert differences == ()
