"""What a person changes while reviewing a job, as values; undo takes back one step at a time.

What was measured stays as it is. Steps are kept beside it, in order, and what is shown is what was
measured with the steps that are not undone applied one after the other: so any of them can be
taken back, and a new analysis loses none.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from codefx_desktop.domain.events import Place

if TYPE_CHECKING:
    from codefx_desktop.domain.events import Event
    from codefx_desktop.domain.stop import Heading


@dataclass(frozen=True, slots=True)
class BoxValue:
    """One box as a person wants it.

    Attributes:
        xyxy: Pixels of the upright full-size frame.
        class_id: Of the detector's classes.
        track_id: -1 for none.
    """

    xyxy: tuple[float, float, float, float]
    class_id: int
    track_id: int


@dataclass(frozen=True, slots=True)
class BoxOp:
    """A box of one frame, added, changed or deleted.

    Attributes:
        frame_number: The frame.
        box: Its place among the frame's stored detections; below 0 one drawn by hand, whose
            number no other box of the job has.
        after: As it is then; None: deleted.
    """

    frame_number: int
    box: int
    after: BoxValue | None


class TrackDeed(StrEnum):
    """What is done to a track.

    Attributes:
        RELABEL: Its boxes become another's: of one that is there (merge), or a new one (split).
        SWAP: It and another exchange their boxes.
        RECLASS: Its boxes are of another class.
        DELETE: Its boxes go.
    """

    RELABEL = "relabel"
    SWAP = "swap"
    RECLASS = "reclass"
    DELETE = "delete"


@dataclass(frozen=True, slots=True)
class TrackOp:
    """A track changed from a frame on.

    Attributes:
        deed: What is done.
        track_id: The track.
        first_frame: Number of the first frame for which it holds.
        last_frame: Of the last one; None: to the end.
        other_id: The other track, of RELABEL and SWAP.
        class_id: The other class, of RECLASS.
    """

    deed: TrackDeed
    track_id: int
    first_frame: int
    last_frame: int | None = None
    other_id: int | None = None
    class_id: int | None = None


class EventDeed(StrEnum):
    """What a person says of an event."""

    CONFIRM = "confirm"
    REJECT = "reject"
    MOVE = "move"
    ADD = "add"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class EventOp:
    """What a person says of one event of one stop.

    Attributes:
        deed: What is said.
        stop: Number of the stop, 1-based.
        stop_begins_s: From when the clip shows that stop: where a new analysis counts the stops
            differently, it is found again by its time.
        before: The event as it was.
        after: As it is now; its kind and place are those of ``before``. A rejected one has
            status ``not_found`` and source ``manual``.
        note: Words of the person; empty for none.
        heading: Which way the car pointed, for whoever said this: where it turns out to point
            the other way, the place is called otherwise. None: as it does now.
    """

    deed: EventDeed
    stop: int
    stop_begins_s: float
    before: Event
    after: Event
    note: str = ""
    heading: Heading | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """An event of a person's own, outside the stop's template: an instant or a stretch.

    Attributes:
        label: What it is.
        begins_frame: Number of its frame, or its first one.
        begins_s: When that is, seconds from the first picture.
        ends_frame: Of a stretch, its last frame; None for an instant.
        ends_s: When that is; None likewise.
        place: Which corner or end, or none.
        note: Words of the person; empty for none.
    """

    label: str
    begins_frame: int
    begins_s: float
    ends_frame: int | None = None
    ends_s: float | None = None
    place: Place = Place.NONE
    note: str = ""


@dataclass(frozen=True, slots=True)
class MarkOp:
    """A mark added, changed or deleted.

    Attributes:
        mark: Its number; no other mark of the job has it.
        after: As it is then; None: deleted.
    """

    mark: int
    after: Mark | None


@dataclass(frozen=True, slots=True)
class ThresholdOp:
    """From which confidence on detections of a class count.

    Attributes:
        class_id: The class.
        confidence: 0 to 1; None: as the job says.
    """

    class_id: int
    confidence: float | None


@dataclass(frozen=True, slots=True)
class RetrackOp:
    """All boxes are joined into tracks again, by the tracker and without any picture.

    Attributes:
        count: How many boxes there were, all frames together.
        tracks: The track of each of them, in their order then: int32 (N,), little-endian,
            compressed with zlib; -1 for none.
    """

    count: int
    tracks: bytes


@dataclass(frozen=True, slots=True)
class DismissOp:
    """A suspicion about a track looked at and found to be none; it is not told again.

    Where tracks are changed or found again, other suspicions come, with other tracks or frames.

    Attributes:
        track_id: The track.
        other_id: The one it may have changed with; None for none.
        frame_number: Where it was suspected.
    """

    track_id: int
    other_id: int | None
    frame_number: int


@dataclass(frozen=True, slots=True)
class ChooseOp:
    """Of two steps that two people did to the same, one holds and the other no longer does.

    Attributes:
        kept: Key of the step that holds.
        dropped: Key of the other.
    """

    kept: str
    dropped: str


EditOp = BoxOp | TrackOp | EventOp | MarkOp | ThresholdOp | RetrackOp | DismissOp | ChooseOp


@dataclass(frozen=True, slots=True)
class EditStep:
    """What one press of undo takes back.

    Attributes:
        number: 1-based, in order of time in its job; never used twice.
        at: When, ISO 8601 in UTC.
        who: The person, as the system knows them.
        text: What was done, for the undo menu and the audit: ``Move Stop by 1 frame``.
        ops: In order.
        is_undone: Whether it was taken back.
        revision: Which revision of the job it came with, 0 for one made here and not pushed yet.
        key: The same on every machine that has the step, and no other's; its number may change
            when steps of others come in before it.
        run: Which run of the job found what its ops name by place: boxes and tracks. Empty where
            that is not known; it is then taken for the run there is.
        kinds: Types of its ops: who looks for some need not go through a box on every frame.
    """

    number: int
    at: str
    who: str
    text: str
    ops: tuple[EditOp, ...]
    is_undone: bool = False
    revision: int = 0
    key: str = ""
    run: str = ""
    kinds: frozenset[type] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Note which kinds of ops there are."""
        object.__setattr__(self, "kinds", frozenset(map(type, self.ops)))
