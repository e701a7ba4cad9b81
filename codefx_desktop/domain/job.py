"""Jobs: one clip x one spec, its metadata, status, stages and progress."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from codefx_desktop.domain.plan import PIT_STOP, StagePlan, check_profile_name

if TYPE_CHECKING:
    from datetime import date, datetime
    from pathlib import Path

    from codefx_desktop.domain.classic import ClassicTimes


class JobStatus(StrEnum):
    """Where a job stands in its life."""

    QUEUED = "QUEUED"
    PROCESSING = "PROCESSING"
    COMPLETE = "COMPLETE"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"
    INTERRUPTED = "INTERRUPTED"

    @property
    def is_final(self) -> bool:
        """Whether the job stays like this until a person acts."""
        return self not in (JobStatus.QUEUED, JobStatus.PROCESSING)


class Stage(StrEnum):
    """The stages a job may need, in the order in which they finish."""

    IMPORT = "IMPORT"
    SCENES = "SCENES"
    DETECTING = "DETECTING"
    TRACKING = "TRACKING"
    SEGMENTING = "SEGMENTING"
    FACES = "FACES"
    EVENTS = "EVENTS"
    RENDERING = "RENDERING"
    ARTIFACTS = "ARTIFACTS"
    TRANSCODING = "TRANSCODING"
    COMPLETE = "COMPLETE"


class SessionKind(StrEnum):
    """What kind of running the clip was filmed in."""

    NONE = ""
    PRACTICE = "practice"
    QUALI = "quali"
    RACE = "race"
    PIT_PRACTICE = "pit practice"


class QualityPreset(StrEnum):
    """How the annotated video trades size for quality and time."""

    SMALL = "small"
    STANDARD = "standard"
    HIGH = "high"


_STAGE_WEIGHTS: dict[Stage, int] = {
    Stage.IMPORT: 15,
    Stage.SCENES: 5,
    Stage.DETECTING: 25,
    Stage.TRACKING: 30,
    Stage.SEGMENTING: 30,
    Stage.FACES: 30,
    Stage.EVENTS: 5,
    Stage.RENDERING: 20,
    Stage.ARTIFACTS: 10,
    Stage.TRANSCODING: 10,
}
"""Weight of each stage in the overall progress, in the order in which they finish."""


def stages_of(plan: StagePlan) -> tuple[tuple[Stage, int], ...]:
    """Return the stages of a plan with their weights, in order."""
    switched = {
        Stage.SCENES: plan.scenes,
        Stage.DETECTING: plan.detect,
        Stage.TRACKING: plan.detect,
        Stage.SEGMENTING: plan.segment,
        Stage.FACES: plan.faces,
        Stage.EVENTS: plan.events,
        Stage.ARTIFACTS: plan.has_artifacts,
    }
    return tuple((stage, w) for stage, w in _STAGE_WEIGHTS.items() if switched.get(stage, True))


_DEVICE = re.compile(r"auto|cpu|mps|cuda(:\d+)?")


@dataclass(frozen=True, slots=True)
class JobMetadata:
    """What a person says about the clip.

    ``series`` and ``race`` hold at most 100 characters.
    """

    series: str = ""
    race: str = ""
    notes: str = ""
    event_date: date | None = None
    session: SessionKind = SessionKind.NONE
    camera: str = ""

    def __post_init__(self) -> None:
        """Check lengths.

        Raises:
            ValueError: If series or race is longer than 100 characters.
        """
        for name in ("series", "race"):
            if len(getattr(self, name)) > 100:
                raise ValueError(f"{name} is longer than 100 characters")


@dataclass(frozen=True, slots=True)
class JobSpec:
    """How a clip is to be analysed; stored with the job as versioned JSON.

    Attributes:
        profile: Name of the profile that the plan came from (``pitstop``, ``video``, ...).
        weights: Weights file that was chosen; None means: search the usual places at run time.
        demo_model: Use the demo model that comes with the program.
        confidence: What is drawn, exported and counted.
        iou: IoU of non-maximum suppression.
        image_size_px: Longer side of the detector's input.
        device: ``auto``, ``cpu``, ``mps`` or ``cuda:N``.
        output_root: Folder that holds this job's ``jobs/<id>/`` tree; None: the data folder.
        quality: Quality of the annotated video.
        plan: What is looked for.
    """

    profile: str = PIT_STOP.name
    weights: Path | None = None
    demo_model: bool = False
    confidence: float = 0.5
    iou: float = 0.5
    image_size_px: int = 640
    device: str = "auto"
    output_root: Path | None = None
    quality: QualityPreset = QualityPreset.STANDARD
    plan: StagePlan = PIT_STOP.plan

    def __post_init__(self) -> None:
        """Check ranges.

        Raises:
            ValueError: If a value is out of its range, with the field's name.
        """
        check_profile_name(self.profile)
        for name in ("confidence", "iou"):
            if not 0.0 <= getattr(self, name) <= 1.0:
                raise ValueError(f"{name} must be between 0 and 1")
        if not _DEVICE.fullmatch(self.device):
            raise ValueError(f"device must be auto, cpu, mps or cuda:N, not {self.device}")
        if self.image_size_px < 32 or self.image_size_px % 32:
            raise ValueError("image_size_px must be a multiple of 32")

    @property
    def stages(self) -> tuple[tuple[Stage, int], ...]:
        """Stages with their weights, in order."""
        return stages_of(self.plan)


def job_folder(root: Path, job_id: str) -> Path:
    """Return the folder of a job under the root that holds the ``jobs/`` tree."""
    return root / "jobs" / job_id


@dataclass(frozen=True, slots=True)
class OutputFile:
    """A finished file of a job: where, how large, which bytes."""

    path: Path
    size_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class JobRecord:
    """One row of the history, as the window and the terminal show it.

    ``scene_count`` and ``artifact_frames`` are None where nobody looked for scenes or no frame
    was to get artifacts, and before it is known; ``stop_count`` and ``classic`` where nobody took
    pit stops apart. ``classic`` is of the clip's first stop, or what a person put in its place.
    """

    id: str
    status: JobStatus
    stage: Stage
    progress: float
    input_path: Path
    input_size_bytes: int
    fingerprint: str
    spec: JobSpec
    metadata: JobMetadata
    job_dir: Path
    app_version: str
    created_at: datetime
    updated_at: datetime
    started_at: datetime | None = None
    finished_at: datetime | None = None
    error_message: str = ""
    output: OutputFile | None = None
    queue_position: int = 0
    scene_count: int | None = None
    artifact_frames: int | None = None
    stop_count: int | None = None
    classic: ClassicTimes | None = None

    @property
    def input_filename(self) -> str:
        """File name of the clip."""
        return self.input_path.name


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line of a job's log. Times are aware, in UTC."""

    time: datetime
    level: str
    text: str
    stage: Stage | None = None
    job_id: str | None = None


@dataclass(frozen=True, slots=True)
class JobFilter:
    """What the history list is narrowed to; empty values mean any."""

    text: str = ""
    series: str = ""
    race: str = ""
    statuses: tuple[JobStatus, ...] = field(default=())
    since: date | None = None
    until: date | None = None
