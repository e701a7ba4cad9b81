"""Events of a stop by kind and place, with bounds that are always there; durations between them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codefx_desktop.domain.events import EventStatus
from codefx_desktop.domain.stop import Duration

if TYPE_CHECKING:
    from collections.abc import Mapping

    from codefx_desktop.domain.events import Event, Place
    from codefx_desktop.domain.stop import PitStop
    from codefx_desktop.domain.template import Slot


def found_events(stop: PitStop) -> dict[Slot, Event]:
    """Return the events that have a time, by kind and place; of two the first."""
    found: dict[Slot, Event] = {}
    for event in stop.events:
        if event.status is not EventStatus.NOT_FOUND and event.time_s is not None:
            found.setdefault((event.kind, event.place), event)
    return found


def time_of(event: Event) -> float:
    """Return an event's time.

    Raises:
        ValueError: If it has none.
    """
    if event.time_s is None:
        raise ValueError(f"{event.kind} has no time")
    return event.time_s


def bounds(event: Event) -> tuple[float, float]:
    """Return the earliest and the latest instant of an event that has a time.

    A person's own event may come without them, and then is as exact as its time.
    """
    time_s = time_of(event)
    low = time_s if event.earliest_s is None else min(event.earliest_s, time_s)
    high = time_s if event.latest_s is None else max(event.latest_s, time_s)
    return low, high


def between(
    name: str,
    label: str,
    place: Place,
    ends: tuple[Slot, Slot] | None,
    found: Mapping[Slot, Event],
    scale: float = 1.0,
) -> Duration:
    """Return the duration between two events.

    Args:
        name: Its name in files.
        label: Its name on screen.
        place: Which corner or end, or none.
        ends: Kind and place of the events it begins and ends with; None where there are none.
        found: The events that have a time.
        scale: ``PitStop.time_scale``: slow motion shows more time than passed.

    Returns:
        Low and high follow from the ends' bounds; the low is not below 0 unless the time is.
    """
    begins, ends_with = (None, None) if ends is None else (found.get(ends[0]), found.get(ends[1]))
    if begins is None or ends_with is None:
        return Duration(name, label, place, begins=begins, ends=ends_with)
    value = (time_of(ends_with) - time_of(begins)) * scale
    low = (bounds(ends_with)[0] - bounds(begins)[1]) * scale
    high = (bounds(ends_with)[1] - bounds(begins)[0]) * scale
    return Duration(
        name,
        label,
        place,
        value,
        max(low, 0.0) if value >= 0.0 else low,
        high,
        begins,
        ends_with,
    )
