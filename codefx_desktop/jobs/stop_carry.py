"""What was stored with stops by a person, kept when the stops are found again.

Facts, and the classic times that were corrected. What a person says about events in a review is
in the review's log instead and is laid over whatever is found (``analysis.corrected_stops``);
events that an earlier version stored as confirmed stay so.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from codefx_desktop.analysis.breakdown import classic_times
from codefx_desktop.analysis.turning import turned_places
from codefx_desktop.domain.classic import CLASSIC_NAMES, ClassicTimes
from codefx_desktop.domain.events import EventStatus, Place

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from codefx_desktop.domain.stop import PitStop

_BY_HAND: Final = (EventStatus.CONFIRMED, EventStatus.EDITED)
_TYRES: Final[Mapping[str, Place]] = {
    "front_left_tyre_time_s": Place.FRONT_LEFT,
    "front_right_tyre_time_s": Place.FRONT_RIGHT,
    "back_left_tyre_time_s": Place.REAR_LEFT,
    "back_right_tyre_time_s": Place.REAR_RIGHT,
}


def carry_over(stop: PitStop, before: Sequence[PitStop]) -> PitStop:
    """Return a stop that was found again with what a person said about it the first time.

    Facts stay. So do events that were confirmed or edited: at the same place of the picture,
    whatever that is called now; where the car points another way than either, only events without
    a place do.

    Args:
        stop: As it is found now.
        before: All stops of the clip as they were stored.
    """
    was = _same_one(stop, before)
    if was is None:
        return stop
    places = turned_places(was.heading, stop.heading)
    by_hand = {
        (event.kind, places[event.place]): replace(event, place=places[event.place])
        for event in was.events
        if event.status in _BY_HAND and event.place in places
    }
    events = tuple(by_hand.get((event.kind, event.place), event) for event in stop.events)
    is_same = was.heading.front_deg == stop.heading.front_deg
    heading = was.heading if is_same and was.heading.source == "manual" else stop.heading
    return replace(stop, facts=was.facts, events=events, heading=heading)


def with_facts(stop: PitStop, before: Sequence[PitStop]) -> PitStop:
    """Return a stop with what a person said about it as a whole; its events as they are."""
    return replace(carry_over(stop, before), events=stop.events)


def carried_classic(
    kept: ClassicTimes | None, before: Sequence[PitStop], now: Sequence[PitStop]
) -> ClassicTimes | None:
    """Return the classic times of a clip's first stop, those that a person corrected kept.

    Args:
        kept: As the history has them.
        before: The stops that they were measured on.
        now: The stops as they are found now.
    """
    if not now:
        return None
    found = classic_times(now[0])
    if kept is None or not before:
        return found
    measured, values = classic_times(before[0]).values(), kept.values()
    places = turned_places(before[0].heading, now[0].heading)
    name_of = {place: name for name, place in _TYRES.items()}
    for name in CLASSIC_NAMES:
        if values[name] == measured[name]:
            continue
        place = places.get(_TYRES.get(name, Place.NONE))
        if place is not None:
            found = found.with_value(name_of.get(place, name), values[name])
    return found


def _same_one(stop: PitStop, before: Iterable[PitStop]) -> PitStop | None:
    """Return the stop that was stored of the same time; None where none was."""
    best, most = None, 0.0
    for was in before:
        begin, end = _stands(stop)
        was_begin, was_end = _stands(was)
        both = min(end, was_end) - max(begin, was_begin)
        if both > most:
            best, most = was, both
    return best


def _stands(stop: PitStop) -> tuple[float, float]:
    began, went = stop.event("stop"), stop.event("go")
    begin = stop.begins_s if began is None or began.time_s is None else began.time_s
    end = stop.ends_s if went is None or went.time_s is None else went.time_s
    return begin, end
