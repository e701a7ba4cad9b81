"""Of events that cannot both be true the weaker is not stated."""

from __future__ import annotations

from codefx_desktop.analysis.contradictions import without_contradictions
from codefx_desktop.domain.events import Event, EventSource, EventStatus, Place

FL, FR = Place.FRONT_LEFT, Place.FRONT_RIGHT


def event(
    kind: str,
    time_s: float,
    place: Place = FL,
    *,
    half_s: float = 0.02,
    sure: float = 0.9,
    source: EventSource = EventSource.TRACK,
    status: EventStatus = EventStatus.PROPOSED,
) -> Event:
    low, high = time_s - half_s, time_s + half_s
    return Event(kind, place, time_s, low, high, 0, source, status, sure, {"seen": "so"})


def lost(*events: Event) -> set[tuple[str, Place]]:
    """Return which events are not found any more."""
    kept = without_contradictions(events)
    assert [(one.kind, one.place) for one in kept] == [(one.kind, one.place) for one in events]
    return {(one.kind, one.place) for one in kept if one.status is EventStatus.NOT_FOUND}


def test_events_in_their_order_stay() -> None:
    events = (event("loosen_end", 1.0), event("wheel_off", 1.3), event("wheel_on", 1.8))
    assert without_contradictions(events) == events


def test_what_is_out_of_order_within_its_bounds_stays() -> None:
    assert not lost(event("loosen_end", 1.31), event("wheel_off", 1.3))


def test_what_is_heard_gives_way_to_what_is_seen() -> None:
    heard = event("loosen_end", 1.6, sure=1.0, source=EventSource.AUDIO)
    assert lost(heard, event("wheel_off", 1.3)) == {("loosen_end", FL)}


def test_what_most_others_speak_against_goes_first() -> None:
    late = event("loosen_start", 2.5, sure=0.95)
    others = (event("wheel_off", 1.3, sure=0.8), event("wheel_on", 1.9, sure=0.8))
    assert lost(late, *others) == {("loosen_start", FL)}


def test_of_two_that_are_equally_sure_neither_stays() -> None:
    assert lost(event("wheel_off", 2.0), event("wheel_on", 1.5)) == {
        ("wheel_off", FL),
        ("wheel_on", FL),
    }


def test_the_reason_is_told_beside_the_evidence() -> None:
    heard = event("loosen_end", 1.6, source=EventSource.AUDIO)
    first, _ = without_contradictions((heard, event("wheel_off", 1.3)))
    assert first.time_s is None
    assert first.source is None
    assert first.evidence == {
        "seen": "so",
        "why": "1.60 s was measured, which contradicts wheel off FL",
    }


def test_an_end_is_lifted_before_its_own_wheels_come_off() -> None:
    lift = event("jack_up", 2.0, Place.FRONT, sure=0.7)
    assert lost(lift, event("wheel_off", 1.3)) == {("jack_up", Place.FRONT)}
    assert not lost(lift, event("wheel_off", 1.3, Place.REAR_LEFT))


def test_corners_do_not_wait_for_each_other() -> None:
    assert not lost(event("wheel_on", 1.0, FL), event("wheel_off", 1.5, FR))


def test_what_crews_do_against_the_rules_is_not_doubted() -> None:
    released = event("release", 2.0, Place.NONE)
    assert not lost(released, event("clear", 2.5), event("go", 2.2, Place.NONE))


def test_what_a_person_said_is_left_alone() -> None:
    said = event("loosen_end", 1.6, status=EventStatus.CONFIRMED)
    assert not lost(said, event("wheel_off", 1.3))


def test_a_car_is_set_down_after_its_wheels_are_on() -> None:
    early = event("jack_down", 2.0, Place.FRONT, sure=0.8)
    others = (
        event("wheel_on", 2.3),
        event("wheel_on", 2.4, FR),
        event("jack_up", 1.0, Place.FRONT),
    )
    assert lost(early, *others) == {("jack_down", Place.FRONT)}
    # Those of the other end do not wait for it, and a later one does not either.
    assert not lost(event("jack_down", 2.0, Place.REAR, sure=0.8), *others)
    assert not lost(event("jack_down", 2.6, Place.FRONT, sure=0.8), *others)
