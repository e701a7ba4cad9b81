"""Plain values between the review desk and whoever shows a job's review, and what the desk asks.

Light: the window is on screen before the libraries that take a stop apart are loaded;
``jobs.review_reading`` holds them and is imported on a worker.
"""

# ruff: noqa: D102 - the calls of the Protocol are documented at jobs.review_reading

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

import numpy as np

from codefx_desktop.domain.observations import Objects

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import numpy.typing as npt

    from codefx_desktop.domain.corrected import CorrectedObjects, Difference, Suspicion
    from codefx_desktop.domain.edit import EditOp, EditStep, Mark
    from codefx_desktop.domain.edit_merge import Conflict
    from codefx_desktop.domain.job import JobRecord
    from codefx_desktop.domain.observations import Motion, Sound
    from codefx_desktop.domain.outlines import Faces, Segments
    from codefx_desktop.domain.run import CancelSignal
    from codefx_desktop.domain.scene import Scene
    from codefx_desktop.domain.stop import PitStop
    from codefx_desktop.domain.template import StopTemplate
    from codefx_desktop.domain.zone import Zone
    from codefx_desktop.domain.zone_visit import ZoneVisit
    from codefx_desktop.jobs.stop_values import StopShown
    from codefx_desktop.store.stop_rows import StopBasis


LogState = tuple[tuple[int, str, bool], ...]
"""What tells two states of a log apart: number, text and whether it was taken back, by step."""


class MovedOn(Exception):  # noqa: N818 - a signal, not an error
    """What was found is of a state of the job that is no longer its state."""


def log_state(steps: Sequence[EditStep]) -> LogState:
    """Return what tells these steps from those of another state of the log."""
    return tuple((step.number, step.text, step.is_undone) for step in steps)


class ReviewState(StrEnum):
    """Where a job's review stands.

    Attributes:
        LOADING: It is being read.
        READY: All that the job found is here.
        GROWING: The job runs; what it has stored so far is here, and more comes.
        NONE: Nothing is stored of the job (yet).
        UNREADABLE: What is stored of it cannot be read.
    """

    LOADING = "loading"
    READY = "ready"
    GROWING = "growing"
    NONE = "none"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class PlacedZone:
    """A zone on the picture.

    Attributes:
        zone: Its points are pixels of the full-size frame.
        stop: Number of the stop on whose car it stands; None for one on the picture.
        begins_s: From when it is there, seconds from the first picture.
        ends_s: Until when.
    """

    zone: Zone
    stop: int | None = None
    begins_s: float = 0.0
    ends_s: float = float("inf")


def _no_numbers() -> npt.NDArray[np.int32]:
    return np.zeros(0, np.int32)


def _no_times() -> npt.NDArray[np.float64]:
    return np.zeros(0, np.float64)


@dataclass(frozen=True, slots=True, eq=False)
class ReviewRead:
    """All that is known of one job's clip, with what people corrected.

    Attributes:
        job_id: The job.
        state: Where it stands.
        why: What a person should know about the state, in sentences.
        width: Of the upright full-size frame, pixels; 0 where that is not known.
        height: Likewise.
        numbers: int32 (F,), numbers of the analysed frames, in order.
        times_s: float64 (F,), when they are shown, seconds from the first picture.
        stored: Detections as the job stored them, without any correction.
        corrected: Detections with what people corrected; None while nothing is read.
        class_names: Name of each class id of the detector.
        job_confidence: From which on the job draws, exports and counts detections.
        scenes: The clip's scenes; none where nobody looked for them to the end (yet).
        motion: What moved; None where nobody looked, or it is still being read.
        sound: What was heard of guns; None likewise.
        found: The stops as the analysis finds them from the corrected detections; empty until it
            has looked.
        stops: The stops with what people said applied, and what follows from each.
        differences: Where what people said differs from what the analysis finds now.
        marks: Events of people's own, by number.
        steps: Everything that was changed, in order; also what was taken back.
        redoable: Numbers of the steps that redo brings back, the next one first.
        conflicts: Steps of two people that touch the same, when the log was read.
        suspicions: Tracks that may have been mixed up, most suspicious first.
        zone_visits: Who was in which zone and when; None where nobody looked.
        zones: Zones on the picture.
        template: What a stop of this job consists of; None where nobody looked for stops.
        labels: Name of each kind of event on screen.
        processed_to: Number of the last analysed frame; -1 where there is none.
        has_outlines: Whether frames may have outlines (masks).
        has_faces: Whether frames may have faces.
        run: What tells the run that found all this from every other; empty where not known.
        held_back: How many steps were made on what another run found: they are kept, not done.
    """

    job_id: str
    state: ReviewState = ReviewState.LOADING
    why: str = ""
    width: int = 0
    height: int = 0
    numbers: npt.NDArray[np.int32] = field(default_factory=_no_numbers)
    times_s: npt.NDArray[np.float64] = field(default_factory=_no_times)
    stored: Objects = field(default_factory=Objects.none)
    corrected: CorrectedObjects | None = None
    class_names: tuple[str, ...] = ()
    job_confidence: float = 0.5
    scenes: tuple[Scene, ...] = ()
    motion: Motion | None = None
    sound: Sound | None = None
    found: tuple[PitStop, ...] = ()
    stops: tuple[StopShown, ...] = ()
    differences: tuple[Difference, ...] = ()
    marks: Mapping[int, Mark] = field(default_factory=dict)
    steps: tuple[EditStep, ...] = ()
    redoable: tuple[int, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    suspicions: tuple[Suspicion, ...] = ()
    zone_visits: tuple[ZoneVisit, ...] | None = None
    zones: tuple[PlacedZone, ...] = ()
    template: StopTemplate | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    processed_to: int = -1
    has_outlines: bool = False
    has_faces: bool = False
    run: str = ""
    held_back: int = 0

    def place_of(self, number: int) -> int | None:
        """Return the place of a frame in ``numbers``; None where it is not analysed (yet)."""
        # Of the array's own type: anything else would have all of it converted first.
        place = int(np.searchsorted(self.numbers, np.int32(number)))
        is_there = place < len(self.numbers) and int(self.numbers[place]) == number
        return place if is_there else None


@dataclass(frozen=True, slots=True, eq=False)
class StopsAgain:
    """Stops that were found again, after a correction or for other thresholds.

    Attributes:
        job_id: The job.
        revision: Of the wish; what a newer wish made old is not told.
        found: As ``ReviewRead`` has it; so are the others.
        why: Why nothing could be found again; empty where it could.
        basis: What the stops were found by; None where nobody looked for any.
        log: Of the steps they were found with.
        run: Of the job, as ``ReviewRead`` has it.
        is_corrected: Whether the log has any step: then what is told of the stops may be other
            than what the job told, even where the stops are the same.
    """

    job_id: str
    revision: int
    found: tuple[PitStop, ...] = ()
    stops: tuple[StopShown, ...] = ()
    differences: tuple[Difference, ...] = ()
    suspicions: tuple[Suspicion, ...] = ()
    zone_visits: tuple[ZoneVisit, ...] | None = None
    zones: tuple[PlacedZone, ...] = ()
    motion: Motion | None = None
    sound: Sound | None = None
    why: str = ""
    basis: StopBasis | None = None
    log: LogState = ()
    run: str = ""
    is_corrected: bool = False


class EditDeed(StrEnum):
    """What was done with the log of changes."""

    DO = "do"
    UNDO = "undo"
    REDO = "redo"


@dataclass(frozen=True, slots=True, eq=False)
class Edit:
    """One change that is to be kept.

    Attributes:
        job_id: The job.
        deed: What is to be done with the log.
        text: What is done, as a person sees it.
        ops: Of something new.
        run: Whose boxes and tracks they name, as ``ReviewRead`` has it.
        key: Its own, with which it is kept once, however often that is tried; empty: none yet.
    """

    job_id: str
    deed: EditDeed
    text: str
    ops: tuple[EditOp, ...] = ()
    run: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class EditKept:
    """How keeping one change went.

    Attributes:
        job_id: The job.
        deed: What was to be done.
        steps: All steps as they are kept now.
        redoable: Numbers of those that redo brings back, the next one first.
        left: How many changes still wait behind this one.
        why: Why it was not kept; empty where it was.
    """

    job_id: str
    deed: EditDeed
    steps: tuple[EditStep, ...] = ()
    redoable: tuple[int, ...] = ()
    left: int = 0
    why: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class FrameLooks:
    """What was found in one frame besides boxes.

    Attributes:
        job_id: The job.
        number: The frame.
        segments: Objects with outlines; None where nobody looked.
        faces: Faces; None likewise.
        segment_names: Name of each class id of the segmenter.
    """

    job_id: str
    number: int
    segments: Segments | None = None
    faces: Faces | None = None
    segment_names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Retracked:
    """Detections joined into tracks again.

    Attributes:
        job_id: The job.
        state: The detections that were joined.
        tracks: int32 (N,), the track of each of them; -1 for none.
    """

    job_id: str
    state: CorrectedObjects
    tracks: npt.NDArray[np.int32]


class ReviewCalls(Protocol):
    """The reviews of jobs; every call blocks and belongs on a worker."""

    def read(self, job_id: str, cancel: CancelSignal) -> ReviewRead: ...
    def grown(self, before: ReviewRead, cancel: CancelSignal) -> ReviewRead | None: ...
    def edit(
        self,
        job_id: str,
        deed: EditDeed,
        text: str,
        ops: Sequence[EditOp],
        run: str = "",
        key: str = "",
    ) -> tuple[tuple[EditStep, ...], tuple[int, ...]]: ...
    def put_aside(self, edits: Sequence[Edit]) -> None: ...
    def log_of(self, job_id: str) -> tuple[tuple[EditStep, ...], tuple[int, ...]]: ...
    def stops_again(
        self,
        read: ReviewRead,
        ops: Sequence[EditOp],
        revision: int,
        cancel: CancelSignal,
    ) -> StopsAgain: ...
    def suspected(
        self, read: ReviewRead, ops: Sequence[EditOp], again: StopsAgain, cancel: CancelSignal
    ) -> StopsAgain | None: ...
    def keep_stops(self, again: StopsAgain) -> JobRecord | None: ...
    def settle(self, job_id: str, cancel: CancelSignal) -> JobRecord | None: ...
    def looks_of(self, job_id: str, number: int) -> FrameLooks: ...
    def retracked(
        self,
        read: ReviewRead,
        progress: Callable[[float], None],
        cancel: CancelSignal,
    ) -> Retracked: ...
