"""A stop's events by kind and place, how far they are apart, and both as short text."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from codefx_desktop.domain.events import EventStatus

if TYPE_CHECKING:
    from codefx_desktop.domain.events import Event
    from codefx_desktop.domain.stop import Duration, PitStop
    from codefx_desktop.domain.template import Slot

_NO_DOUBT_S: Final = 1e-6
"""A person's own event states no uncertainty; less than this is arithmetic."""


def found_events(stop: PitStop) -> dict[Slot, Event]:
    """Return the events that have a time, by kind and place; of two the first."""
    found: dict[Slot, Event] = {}
    for event in stop.events:
        is_found = event.status is not EventStatus.NOT_FOUND
        if is_found and event.time_s is not None and math.isfinite(event.time_s):
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
    """Return the earliest and the latest instant of an event; where none is stated, its time."""
    time_s = time_of(event)
    low = time_s if event.earliest_s is None else min(event.earliest_s, time_s)
    high = time_s if event.latest_s is None else max(event.latest_s, time_s)
    return low, high


def apart(begin: Event, end: Event, scale: float = 1.0) -> tuple[float, float]:
    """Return the true seconds between two events, and by how much that may be wrong at most.

    Both ends' bounds count, as in a ``Duration``; where they are not even, the wider side does.

    Args:
        begin: Has a time.
        end: Has a time.
        scale: ``PitStop.time_scale``.
    """
    value = (time_of(end) - time_of(begin)) * scale
    low = (bounds(end)[0] - bounds(begin)[1]) * scale
    high = (bounds(end)[1] - bounds(begin)[0]) * scale
    if value >= 0.0:
        low = max(low, 0.0)
    return value, max(value - low, high - value)


def sources_of(one: Duration) -> str:
    """Return what both ends of a duration were measured from: ``audio, track``; sorted."""
    ends = (one.begins, one.ends)
    if one.value_s is None:
        return ""
    return ", ".join(sorted({end.source.value for end in ends if end and end.source}))


def status_of(one: Duration) -> EventStatus:
    """Return how far a duration can be relied on: as far as the weaker of its ends."""
    ends = {end.status for end in (one.begins, one.ends) if end is not None}
    if one.value_s is None:
        return EventStatus.NOT_FOUND
    weakest = (EventStatus.PROPOSED, EventStatus.EDITED, EventStatus.CONFIRMED)
    return next((status for status in weakest if status in ends), EventStatus.PROPOSED)


def seconds_text(value_s: float) -> str:
    """Return seconds as text: ``2.31 s``."""
    return f"{value_s:.2f} s"


def rounded_up(doubt_s: float, digits: int) -> str:
    """Return an uncertainty as a figure with so many digits: what is said is not less than what is.

    Source: JCGM 100:2008 (GUM), 7.2.6.
    """
    steps = 10**digits
    return f"{math.ceil(doubt_s * steps - 1e-6) / steps:.{digits}f}"


def plus_minus_text(doubt_s: float) -> str:
    """Return an uncertainty as text: ``±0.02``; empty where there is none."""
    return "" if doubt_s < _NO_DOUBT_S else f"±{rounded_up(doubt_s, 2)}"
