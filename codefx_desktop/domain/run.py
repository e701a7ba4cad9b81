"""What a running job says, and how it is told to stop."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from codefx_desktop.domain.classic import ClassicTimes
    from codefx_desktop.domain.clip import VideoInfo
    from codefx_desktop.domain.frame import Pixels
    from codefx_desktop.domain.job import JobStatus, LogLine, OutputFile, Stage


class CancelSignal(Protocol):
    """Asked by every stage between two frames."""

    def is_set(self) -> bool:
        """Return whether the job is to stop."""
        ...


class Cancelled(Exception):  # noqa: N818 - a signal, not an error
    """A ``CancelSignal`` was seen by a call that cannot return half a result."""


@dataclass(frozen=True, slots=True)
class StageProgress:
    """How far one job is.

    Attributes:
        stages: Progress 0 to 1 of each stage of the job's own list.
        overall: Weighted mean, never falls.
        stage: The earliest unfinished stage.
        frames_done: Frames that went through the whole pipeline.
        frames_total: Frames the clip has.
        frames_per_s: Current speed; 0 until it is known.
        eta_s: Seconds left; None while it is not known: before the first frames are written, and
            after the last one, when what is left is not frames.
    """

    job_id: str
    stages: dict[Stage, float]
    overall: float
    stage: Stage
    frames_done: int = 0
    frames_total: int = 0
    frames_per_s: float = 0.0
    eta_s: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class PreviewPicture:
    """The newest annotated picture of a running job.

    ``pixels`` is RGB, (H, W, 3), uint8, C-contiguous, read-only, at most 1280 pixels wide.
    """

    job_id: str
    frame_number: int
    time_s: float
    pixels: Pixels


@dataclass(frozen=True, slots=True)
class JobLogged:
    """A line for the job's log."""

    job_id: str
    line: LogLine


@dataclass(frozen=True, slots=True)
class ClipKnown:
    """The clip has been probed."""

    job_id: str
    info: VideoInfo


@dataclass(frozen=True, slots=True)
class ScenesKnown:
    """How many scenes are known so far; told at each cut, and when the last frame was seen."""

    job_id: str
    count: int


@dataclass(frozen=True, slots=True)
class JobFinished:
    """Exactly one of these ends a run, whatever happened.

    Attributes:
        job_id: The job.
        status: COMPLETE, FAILED, CANCELLED or INTERRUPTED.
        error_message: Why it failed, for a person; empty otherwise.
        frames_in: Frames read.
        frames_out: Frames written.
        seconds: Wall time of the run.
        stage_seconds: Busy time of each stage.
        output: The annotated video, if there is one.
        scene_count: Scenes of the clip; None where nobody looked to the end.
        artifact_frames: Frames whose artifacts are all there; None where none were to be.
        stop_count: Pit stops of the clip; None where nobody looked to the end.
        classic: The classic times of the first of them.
    """

    job_id: str
    status: JobStatus
    error_message: str = ""
    frames_in: int = 0
    frames_out: int = 0
    seconds: float = 0.0
    frames_per_s: float = 0.0
    stage_seconds: dict[Stage, float] = field(default_factory=dict)
    output: OutputFile | None = None
    scene_count: int | None = None
    artifact_frames: int | None = None
    stop_count: int | None = None
    classic: ClassicTimes | None = None


RunEvent = StageProgress | PreviewPicture | JobLogged | ClipKnown | ScenesKnown | JobFinished
Emit = Callable[[RunEvent], None]
