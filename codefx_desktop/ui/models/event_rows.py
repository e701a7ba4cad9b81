"""The events of a stop as rows for a person to go through, with the person's own marks."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from codefx_desktop.domain.edit import EventDeed, EventOp
from codefx_desktop.domain.edit_log import said
from codefx_desktop.domain.events import EventSource, EventStatus, Place
from codefx_desktop.domain.stop_words import NOT_FOUND, PLACE_WORDS
from codefx_desktop.ui.models.review_state import EventKey
from codefx_desktop.ui.models.stop_words import event_name, plus_minus

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from codefx_desktop.domain.corrected import Difference
    from codefx_desktop.domain.edit import Mark
    from codefx_desktop.domain.events import Event
    from codefx_desktop.domain.stop import PitStop
    from codefx_desktop.domain.template import Slot
    from codefx_desktop.jobs.review_values import ReviewRead

GROUPS: Final = (
    *(Place.NONE, Place.FRONT_LEFT, Place.FRONT_RIGHT, Place.REAR_LEFT, Place.REAR_RIGHT),
    *(Place.FRONT, Place.REAR, Place.LEFT, Place.RIGHT),
)
"""The order in which places stand under each other."""
MARKS: Final = "Your marks"


class Standing(StrEnum):
    """How an event stands, as the word for it.

    Attributes:
        PROPOSED: The analysis found it; nobody has looked.
        CONFIRMED: A person says that it is right.
        EDITED: A person put it where it is.
        REJECTED: A person says that it did not happen so.
        MISSING: The analysis did not find it, and nobody has said when it was.
        MARK: It is a person's own.
    """

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    EDITED = "edited"
    REJECTED = "rejected"
    MISSING = "not found"
    MARK = "mark"


class Show(StrEnum):
    """Which rows are shown, as the word for it."""

    ALL = "All"
    TO_CHECK = "To check"
    DIFFERENCES = "Differs"


@dataclass(frozen=True, slots=True)
class EventRow:
    """An event or a mark.

    Attributes:
        key: The event; None for a mark.
        mark: Number of the mark; None for an event.
        name: What it is called, with its place.
        standing: How it stands.
        time: Seconds from when the car stopped, or of the clip where that is not known.
        bounds: How far off that may be; empty where it is not known.
        more: Status, source, sureness and frame in one line.
        place: Where.
        number: Its frame; None where it has none.
        time_s: When it is; None where it was not found.
        differs: Whether the analysis says something else now.
        note: A person's words.
    """

    key: EventKey | None
    mark: int | None
    name: str
    standing: Standing
    time: str
    bounds: str
    more: str
    place: Place
    number: int | None
    time_s: float | None
    differs: bool = False
    note: str = ""

    @property
    def is_open(self) -> bool:
        """Whether a person should look at it."""
        return self.standing is Standing.PROPOSED or self.differs

    @property
    def whole(self) -> str:
        """All of it in one line, for who cannot see the row."""
        time = f"{self.time} {self.bounds}".strip()
        seconds = f"{time} s" if self.time_s is not None else ""
        differs = "the analysis says something else now" if self.differs else ""
        note = f"note: {self.note}" if self.note else ""
        return ", ".join(filter(None, (self.name, seconds, self.more, differs, note)))


@dataclass(frozen=True, slots=True)
class GroupRow:
    """The head of a group of rows.

    Attributes:
        text: What it says.
    """

    text: str


Row = EventRow | GroupRow


@dataclass(frozen=True, slots=True)
class Tally:
    """How far a person is with a stop.

    Attributes:
        settled: Events that were confirmed, edited or rejected.
        found: Events that were found, or that a person spoke of.
        missing: Events that were not found.
    """

    settled: int
    found: int
    missing: int

    @property
    def text(self) -> str:
        """It in words: ``12 of 37 confirmed, 3 not found``."""
        missing = f", {self.missing} {NOT_FOUND}" if self.missing else ""
        return f"{self.settled} of {self.found} confirmed{missing}"


def standing_of(event: Event) -> Standing:
    """Return how an event stands."""
    if event.status is EventStatus.NOT_FOUND or event.time_s is None:
        by_hand = event.source is EventSource.MANUAL
        return Standing.REJECTED if by_hand else Standing.MISSING
    return Standing(event.status.value)


def tally(stop: PitStop | None) -> Tally:
    """Return how far a person is with a stop."""
    stands = [standing_of(event) for event in stop.events] if stop is not None else []
    missing = stands.count(Standing.MISSING)
    proposed = stands.count(Standing.PROPOSED)
    return Tally(len(stands) - missing - proposed, len(stands) - missing, missing)


def stop_of(read: ReviewRead | None, number: int) -> PitStop | None:
    """Return a stop as it is shown; None where there is none such."""
    stops = () if read is None else read.stops
    return next((one.stop for one in stops if one.stop.number == number), None)


def rows_of(
    read: ReviewRead, number: int, show: Show = Show.ALL, *, by_place: bool = True
) -> tuple[Row, ...]:
    """Return the rows of a stop.

    Args:
        read: The job under review.
        number: Of the stop; where there is none, only marks are there.
        show: Which rows.
        by_place: Corner by corner, with a head each; otherwise in order of time.
    """
    stop = stop_of(read, number)
    marks = [_mark_row(key, mark, stop) for key, mark in marks_near(read, number).items()]
    rows = [*_event_rows(read, stop), *marks]
    wanted: Callable[[EventRow], bool] = {
        Show.ALL: lambda _row: True,
        Show.TO_CHECK: lambda row: row.is_open,
        Show.DIFFERENCES: lambda row: row.differs,
    }[show]
    kept = [row for row in rows if wanted(row)]
    if by_place:
        return tuple(_grouped(kept))
    in_time: list[EventRow] = sorted(kept, key=_in_time)
    return tuple(in_time)


def marks_near(read: ReviewRead, number: int) -> Mapping[int, Mark]:
    """Return the marks that lie nearest to a stop; all of them where there is no stop."""
    stops = [one.stop for one in read.stops]
    return {
        key: mark
        for key, mark in read.marks.items()
        if not stops or _nearest(stops, mark.begins_s) == number
    }


def difference_at(read: ReviewRead | None, key: EventKey | None) -> Difference | None:
    """Return what the analysis says of an event now, where it is something else."""
    if read is None or key is None:
        return None
    wanted = (key.stop, key.kind, key.place)
    found = (one for one in read.differences if (one.stop, one.kind, one.place) == wanted)
    return next(found, None)


def _notes(read: ReviewRead, stop: PitStop) -> dict[Slot, str]:
    notes = {(one.kind, one.place): one.evidence.get("note", "") for one in stop.events}
    for op in said(read.steps, EventOp):
        if op.stop_begins_s == stop.begins_s and (op.note or op.deed is EventDeed.NOTE):
            notes[op.before.kind, op.before.place] = op.note
    return notes


def relative(time_s: float, stop: PitStop | None) -> str:
    """Return a time from when the car stopped; of the clip, without a sign, if that is unknown."""
    zero = None if stop is None else stop.event("stop")
    if stop is None or zero is None or zero.time_s is None:
        return f"{time_s:.3f}"
    return f"{(time_s - zero.time_s) * stop.time_scale:+.3f}"


def bounds_of(event: Event, stop: PitStop | None) -> str:
    """Return how far off an event's time may be; empty where that is not known."""
    if event.time_s is None or event.earliest_s is None or event.latest_s is None:
        return ""
    scale = 1.0 if stop is None else stop.time_scale
    low, high = event.earliest_s * scale, event.latest_s * scale
    return plus_minus(event.time_s * scale, low, high)


def _event_rows(read: ReviewRead, stop: PitStop | None) -> list[EventRow]:
    if stop is None:
        return []
    differing = {(one.stop, one.kind, one.place) for one in read.differences}
    notes = _notes(read, stop)
    rows = []
    for event in stop.events:
        key = EventKey(stop.number, event.kind, event.place)
        row = _event_row(key, event, stop, event_name(event.kind, event.place, read.labels))
        note = notes.get((event.kind, event.place), "")
        rows.append(replace(row, differs=tuple(key) in differing, note=note))
    return rows


def _event_row(key: EventKey, event: Event, stop: PitStop, name: str) -> EventRow:
    standing = standing_of(event)
    is_there = standing not in (Standing.MISSING, Standing.REJECTED)
    said = [standing.value]
    if is_there:
        said += [event.source.value] if event.source and event.source != "manual" else []
        said += [f"{event.confidence:.0%} sure"] if event.confidence is not None else []
        said += [f"frame {event.frame_number}"] if event.frame_number is not None else []
    elif "why" in event.evidence:
        said.append(event.evidence["why"])
    return EventRow(
        key,
        None,
        name,
        standing,
        relative(event.time_s, stop) if is_there and event.time_s is not None else "",
        bounds_of(event, stop) if is_there else "",
        ", ".join(said),
        event.place,
        event.frame_number if is_there else None,
        event.time_s if is_there else None,
    )


def _mark_row(number: int, mark: Mark, stop: PitStop | None) -> EventRow:
    time, frames = relative(mark.begins_s, stop), f"frame {mark.begins_frame}"
    if mark.ends_s is not None and mark.ends_frame is not None:
        time = f"{time} to {relative(mark.ends_s, stop)}"
        frames = f"frames {mark.begins_frame} to {mark.ends_frame}"
    return EventRow(
        None,
        number,
        f"{mark.label} {mark.place}".strip(),
        Standing.MARK,
        time,
        "",
        f"your mark, {frames}",
        mark.place,
        mark.begins_frame,
        mark.begins_s,
        note=mark.note,
    )


def _grouped(rows: Sequence[EventRow]) -> list[Row]:
    """Return rows place by place under heads, each in the template's order; marks at the end."""
    found: list[Row] = []
    for place in GROUPS:
        mine = [row for row in rows if row.key is not None and row.place is place]
        if mine:
            name = PLACE_WORDS[place].capitalize()
            short = f"  {place}" if len(place) == 2 else ""
            found += [GroupRow(f"{name}{short}"), *mine]
    marks = [row for row in rows if row.key is None]
    return [*found, GroupRow(MARKS), *sorted(marks, key=_in_time)] if marks else found


def _in_time(row: EventRow) -> tuple[bool, float]:
    """Return in which order a row stands; what has no time comes last."""
    return row.time_s is None, row.time_s or 0.0


def _nearest(stops: Sequence[PitStop], time_s: float) -> int:
    away = [max(one.begins_s - time_s, time_s - one.ends_s, 0.0) for one in stops]
    return stops[away.index(min(away))].number
