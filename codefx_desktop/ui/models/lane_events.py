"""Events on the timeline: which there are, which lies next, and where one that is dragged snaps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from codefx_desktop.domain.events import EventStatus
from codefx_desktop.ui.models.review_state import EventKey

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from codefx_desktop.domain.edit import Mark
    from codefx_desktop.domain.events import Event, Place
    from codefx_desktop.domain.stop import PitStop
    from codefx_desktop.ui.models.lane_axis import LaneAxis


@dataclass(frozen=True, slots=True, eq=False)
class LaneEvent:
    """An event that has a time.

    Attributes:
        stop: Number of its stop.
        stop_begins_s: From when the clip shows that stop.
        event: The event.
        label: Its name on screen.
        time_s: When it is.
        number: Its frame.
    """

    stop: int
    stop_begins_s: float
    event: Event
    label: str
    time_s: float
    number: int

    @property
    def key(self) -> EventKey:
        """What it is known by in a review."""
        return EventKey(self.stop, self.event.kind, self.event.place)

    @property
    def name(self) -> str:
        """Its name with its place: ``Wheel off FL``."""
        return f"{self.label} {self.event.place}".strip()


@dataclass(frozen=True, slots=True)
class Snap:
    """Where something that is dragged comes to lie.

    Attributes:
        number: The frame.
        time_s: When that frame is shown.
        on: Name of the event whose frame it is; empty for none.
    """

    number: int
    time_s: float
    on: str = ""


def lane_events(
    stops: Iterable[PitStop], labels: Mapping[str, str], axis: LaneAxis
) -> tuple[LaneEvent, ...]:
    """Return the events that have a time, in order of time; what was not found has none."""
    found = [
        LaneEvent(
            stop.number,
            stop.begins_s,
            event,
            labels.get(event.kind, event.kind),
            event.time_s,
            axis.nearest(event.time_s) if event.frame_number is None else event.frame_number,
        )
        for stop in stops
        for event in stop.events
        if event.time_s is not None and event.status is not EventStatus.NOT_FOUND
    ]
    return tuple(sorted(found, key=lambda one: one.time_s))


def event_near(
    events: Sequence[LaneEvent],
    axis: LaneAxis,
    x_px: float,
    places: Sequence[Place],
    reach_px: float,
) -> LaneEvent | None:
    """Return the nearest event of these places within reach."""
    near = [
        (abs(axis.x_of(one.time_s) - x_px), -number, one)
        for number, one in enumerate(events)
        if one.event.place in places
    ]
    away, _, one = min(near, key=lambda item: item[:2], default=(reach_px + 1, 0, None))
    return one if away <= reach_px else None


def mark_near(
    marks: Mapping[int, Mark], axis: LaneAxis, x_px: float, reach_px: float
) -> int | None:
    """Return the number of the mark at a place: the nearest instant, else a stretch around it."""
    away = {
        number: abs(axis.x_of(one.begins_s) - x_px)
        for number, one in marks.items()
        if one.ends_s is None or axis.x_of(one.begins_s) <= x_px <= axis.x_of(one.ends_s)
    }
    points = [number for number in away if marks[number].ends_s is None]
    near = [number for number in points if away[number] <= reach_px]
    found = near or [number for number in away if marks[number].ends_s is not None]
    return min(found, key=away.__getitem__, default=None)


def snapped(
    axis: LaneAxis,
    x_px: float,
    others: Iterable[LaneEvent],
    reach_px: float,
) -> Snap:
    """Return the frame of the nearest other event within reach, else the nearest frame."""
    near = min(
        ((abs(axis.x_of(one.time_s) - x_px), one) for one in others),
        key=lambda item: item[0],
        default=None,
    )
    if near is not None and near[0] <= reach_px:
        at = min(near[1].number, len(axis.times_s) - 1)
        return Snap(at, float(axis.times_s[at]), near[1].name)
    number = axis.nearest(axis.seconds_at(x_px))
    return Snap(number, float(axis.times_s[number]))


def next_event(
    events: Sequence[LaneEvent], current: LaneEvent | None, at_s: float, step: int
) -> LaneEvent | None:
    """Return the event one step on or back, from the current one or, with none, from a time."""
    if not events:
        return None
    place = next((n for n, one in enumerate(events) if current and one.key == current.key), None)
    if place is not None:
        return events[min(max(place + step, 0), len(events) - 1)]
    if step > 0:
        return next((one for one in events if one.time_s > at_s), events[-1])
    return next((one for one in reversed(events) if one.time_s < at_s), events[0])


def next_in(
    events: Iterable[LaneEvent], places: Sequence[Place], time_s: float
) -> LaneEvent | None:
    """Return the event of these places that lies nearest to an instant."""
    mine = [one for one in events if one.event.place in places]
    return min(mine, key=lambda one: abs(one.time_s - time_s), default=None)
