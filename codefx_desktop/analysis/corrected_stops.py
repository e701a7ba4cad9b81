"""Stops as a person corrected them: what is found, with what was said about its events.

What a person said wins over whatever an analysis finds, now or later. A stop is known again by
its time, an event by its kind and its place on the picture.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from codefx_desktop.analysis.instants import bounds
from codefx_desktop.analysis.turning import turned_places
from codefx_desktop.domain.corrected import Difference
from codefx_desktop.domain.edit import EventDeed, EventOp
from codefx_desktop.domain.events import Event, EventSource, EventStatus, Place
from codefx_desktop.domain.stop import Heading, PitStop

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from codefx_desktop.domain.edit import EditOp
    from codefx_desktop.domain.template import Slot

__all__ = ["Difference", "corrected_stops", "is_by_hand", "with_headings"]

NOTE: Final = "note"
"""The key of a person's words among an event's evidence."""
GONE: Final = "The newest analysis does not find this stop; what a person said of it is kept."
SAME_S: Final = 1e-6
"""Times of one event that went through a file."""


def is_by_hand(event: Event) -> bool:
    """Return whether a person said so, rather than an analysis."""
    settled = (EventStatus.CONFIRMED, EventStatus.EDITED)
    return event.status in settled or event.source is EventSource.MANUAL


def corrected_stops(
    stops: Sequence[PitStop], ops: Iterable[EditOp]
) -> tuple[tuple[PitStop, ...], tuple[Difference, ...]]:
    """Return stops with what a person said of their events, and where an analysis differs now.

    A difference is told only where the analysis says something else than when the person spoke,
    and is not within its and the person's uncertainty. It is settled by saying it once more: a
    ``CONFIRM`` whose ``before`` is what was found, ``after`` what is to hold.

    Args:
        stops: As an analysis finds them, now.
        ops: The active ones, in order; all but those about events are passed over.

    Returns:
        The stops, with those at the end that a person spoke of and no analysis finds any more;
        and the differences, in the order of stops.
    """
    groups = _groups(ops)
    if not groups:
        return tuple(stops), ()
    said = [_Said(stop) for stop in stops]
    for begins_s, mine in groups.items():
        one = _match(said[: len(stops)], begins_s, mine)
        if one is None:
            one = _Said(_gone(begins_s, mine, stops, len(said) + 1))
            if not one.hear(mine).has_times:
                continue
            said.append(one)
        else:
            one.hear(mine)
    told = [one.result() for one in said]
    return tuple(stop for stop, _ in told), tuple(d for _, more in told for d in more)


def with_headings(ops: Iterable[EditOp], stops: Sequence[PitStop]) -> tuple[EditOp, ...]:
    """Return ops that know which way the car pointed when they were said.

    Args:
        ops: New ones, before they are kept.
        stops: As they are shown.
    """
    headings = {stop.number: stop.heading for stop in stops}
    return tuple(
        replace(op, heading=headings.get(op.stop))
        if isinstance(op, EventOp) and op.heading is None
        else op
        for op in ops
    )


@dataclass(slots=True)
class _Kept:
    """What a person said of one event.

    Attributes:
        after: As it is to be; None where there are only words about it.
        measured: What an analysis said then.
        note: The person's words; None where there never were any.
    """

    after: Event | None = None
    measured: Event | None = None
    note: str | None = None


@dataclass(slots=True)
class _Said:
    """A stop, and all that was said of it.

    Attributes:
        stop: As it is found.
        kept: By kind and place, as the place is called now.
        lost: What has no place any more.
    """

    stop: PitStop
    kept: dict[Slot, _Kept] = field(default_factory=dict)
    lost: dict[Slot, Event] = field(default_factory=dict)

    @property
    def has_times(self) -> bool:
        """Whether anything that was said has a time."""
        return any(
            one.after is not None and one.after.time_s is not None for one in self.kept.values()
        )

    def hear(self, ops: Iterable[EventOp]) -> _Said:
        """Take in what was said, in order."""
        for op in ops:
            place = self._place(op)
            if place is None:
                self._lose(op)
                continue
            kept = self.kept.setdefault((op.before.kind, place), _Kept())
            if op.note or op.deed is EventDeed.NOTE:
                kept.note = op.note
            if op.deed is EventDeed.NOTE:
                continue
            if kept.measured is None or not is_by_hand(op.before):
                kept.measured = op.before
            kept.after = replace(op.after, kind=op.before.kind, place=place)
        return self

    def _place(self, op: EventOp) -> Place | None:
        """Return what the place of an op is called now; None where that is not known."""
        if op.heading in (None, self.stop.heading) or op.before.place is Place.NONE:
            return op.before.place  # also where nobody knows the front: a person named the place
        return turned_places(op.heading, self.stop.heading).get(op.before.place)

    def _lose(self, op: EventOp) -> None:
        slot = (op.before.kind, op.before.place)
        if op.deed is EventDeed.REJECT:
            self.lost.pop(slot, None)
        elif op.deed is not EventDeed.NOTE:
            self.lost[slot] = op.after

    def result(self) -> tuple[PitStop, list[Difference]]:
        """Return the stop as it is shown, and where the analysis differs."""
        found = {(event.kind, event.place): event for event in reversed(self.stop.events)}
        slots = (*found, *(slot for slot in self.kept if slot not in found))
        events = {slot: found.get(slot, Event(*slot)) for slot in slots}
        differences = []
        for slot, kept in self.kept.items():
            measured, after = events[slot], kept.after
            if after is not None and self._differs(kept, measured):
                differences.append(Difference(self.stop.number, *slot, after, measured))
            events[slot] = _with_note(measured if after is None else after, kept.note)
        differences += [
            Difference(self.stop.number, *slot, after, Event(*slot))
            for slot, after in self.lost.items()
        ]
        order = [(event.kind, event.place) for event in self.stop.events]
        more = [slot for slot in self.kept if slot not in found]
        shown = tuple(events[slot] for slot in (*dict.fromkeys(order), *more))
        return replace(self.stop, events=shown), differences

    def _differs(self, kept: _Kept, found: Event) -> bool:
        agrees_now = kept.after is not None and _agree(kept.after, found)
        return not agrees_now and not (kept.measured is not None and _agree(kept.measured, found))


def _groups(ops: Iterable[EditOp]) -> dict[float, list[EventOp]]:
    """Return what was said, by when the stop began of which it was said."""
    groups: dict[float, list[EventOp]] = {}
    for op in ops:
        if isinstance(op, EventOp):
            groups.setdefault(op.stop_begins_s, []).append(op)
    return groups


def _match(said: Sequence[_Said], begins_s: float, ops: Sequence[EventOp]) -> _Said | None:
    """Return the stop of which something was said: the one that shares most of its time."""
    for one in said:
        if abs(one.stop.begins_s - begins_s) <= SAME_S:
            return one
    ends_s = max([begins_s, *_times(ops)])
    best, most = None, 0.0
    for one in said:
        shared = min(ends_s, one.stop.ends_s) - max(begins_s, one.stop.begins_s)
        if shared > most or (best is None and shared == most):
            best, most = one, shared
    return best


def _times(ops: Iterable[EventOp]) -> list[float]:
    events = [event for op in ops for event in (op.before, op.after)]
    return [event.time_s for event in events if event.time_s is not None]


def _gone(
    begins_s: float, ops: Sequence[EventOp], stops: Sequence[PitStop], number: int
) -> PitStop:
    """Return a stop that no analysis finds, without events."""
    return PitStop(
        number=number,
        template=stops[0].template if stops else "",
        events=(),
        begins_s=begins_s,
        ends_s=max([begins_s, *_times(ops)]),
        heading=next((op.heading for op in reversed(ops) if op.heading), Heading()),
        notes=(GONE,),
    )


def _agree(one: Event, other: Event) -> bool:
    """Return whether two say the same within their uncertainty; none and none agree."""
    timed = [e.time_s is not None and e.status is not EventStatus.NOT_FOUND for e in (one, other)]
    if not all(timed):
        return not any(timed)
    (low, high), (other_low, other_high) = bounds(one), bounds(other)
    return low <= other_high + SAME_S and other_low <= high + SAME_S


def _with_note(event: Event, note: str | None) -> Event:
    """Return an event with these words; it may have others, of when something else was said."""
    if note is None:
        return event
    evidence = {name: told for name, told in event.evidence.items() if name != NOTE}
    return replace(event, evidence={**evidence, NOTE: note} if note else evidence)
