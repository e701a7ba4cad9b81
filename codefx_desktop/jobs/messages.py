"""Plain values that the hub sends to the window, and what it asks of the engine."""

# ruff: noqa: D102 - the calls of the Protocol are documented at jobs.engine.Engine

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from codefx_desktop.domain.clip import ClipSize, VideoInfo
    from codefx_desktop.domain.frame import Pixels
    from codefx_desktop.domain.job import JobFilter, JobMetadata, JobRecord, JobSpec, LogLine
    from codefx_desktop.domain.plan import Profile
    from codefx_desktop.domain.ports import DeviceInfo
    from codefx_desktop.domain.run import CancelSignal, Emit, JobFinished
    from codefx_desktop.domain.sheet import SheetDone, SheetRequest
    from codefx_desktop.jobs.artifact_calls import ArtifactCalls
    from codefx_desktop.jobs.camera_values import CameraCalls
    from codefx_desktop.jobs.footage import FootageCalls
    from codefx_desktop.jobs.model_bucket import ModelBucket
    from codefx_desktop.jobs.model_shelf import ModelShelf
    from codefx_desktop.jobs.push_calls import PushCalls
    from codefx_desktop.jobs.review_values import ReviewCalls
    from codefx_desktop.jobs.statistics_values import StatisticsCalls
    from codefx_desktop.jobs.stop_values import StopCalls
    from codefx_desktop.jobs.target_keeper import TargetKeeper
    from codefx_desktop.settings.weights import FoundWeights
    from codefx_desktop.video.frame_cache import SharedRoom
    from codefx_desktop.video.probe import ProbedClip


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence for the person: ``info``, ``warning`` or ``error``."""

    level: str
    text: str
    job_id: str | None = None


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """Answer to ``request_history``."""

    request_id: int
    records: tuple[JobRecord, ...]
    total: int
    offset: int


@dataclass(frozen=True, slots=True)
class JobFound:
    """Answer to ``request_job``; without a record it is not in the history, or cannot be read."""

    request_id: int
    record: JobRecord | None


@dataclass(frozen=True, slots=True)
class JobLogs:
    """Answer to ``request_logs``: the job's whole log so far, oldest line first."""

    request_id: int
    job_id: str
    lines: tuple[LogLine, ...]


@dataclass(frozen=True, slots=True)
class WeightsAnswer:
    """Answer to ``request_weights`` or ``request_segment_weights``.

    What the spec would use, or why nothing can be used.
    """

    request_id: int
    found: FoundWeights | None
    message: str


@dataclass(frozen=True, slots=True)
class ClipSizes:
    """Answer to ``request_clip_sizes``.

    Attributes:
        request_id: Which request.
        known: The size of each clip whose header tells it.
        unknown: File names of the others.
    """

    request_id: int
    known: tuple[ClipSize, ...]
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StartDefaults:
    """Answer to ``request_start_defaults``: what the start sheet begins with.

    Attributes:
        spec: The last job's, else as the settings say.
        metadata: The last job's.
        series: Names that were used before.
        races: Names that were used before.
        profiles: The person's own profiles.
        trouble: What is wrong with the file of these; empty if nothing is.
    """

    spec: JobSpec
    metadata: JobMetadata
    series: tuple[str, ...]
    races: tuple[str, ...]
    profiles: tuple[Profile, ...] = ()
    trouble: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Thumbnail:
    """A small picture of a job's clip; ``pixels`` is None when none can be made."""

    job_id: str
    pixels: Pixels | None


@dataclass(frozen=True, slots=True)
class ClipReading:
    """How far a waiting job's clip has been read ahead, or why it cannot be.

    Attributes:
        job_id: The job.
        fraction: 0 to 1.
        trouble: Why it cannot be read and what a person can do; empty while nothing is wrong.
    """

    job_id: str
    fraction: float
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class SystemState:
    """What the status bar shows besides the device."""

    disk_free_bytes: int
    data_dir: str
    battery_percent: int | None = None
    on_battery: bool = False


class EngineCalls(Protocol):
    """What the hub asks of the engine, which it must not import: that takes too long at start.

    All calls block and belong on a worker; ``jobs.engine.Engine`` documents them.
    """

    def recover(self) -> tuple[JobRecord, ...]: ...
    def news(self) -> tuple[JobRecord, ...]: ...
    def device(self) -> DeviceInfo: ...
    def add(
        self, paths: Sequence[Path], spec: JobSpec, metadata: JobMetadata
    ) -> tuple[JobRecord, ...]: ...
    def add_demo(self) -> tuple[JobRecord, ...]: ...
    def run_next(
        self, emit: Emit, cancel: CancelSignal, began: Callable[[JobRecord], None]
    ) -> JobFinished | None: ...
    def queue(self) -> tuple[JobRecord, ...]: ...
    def get(self, job_id: str) -> JobRecord: ...
    def page(
        self, wanted: JobFilter, limit: int, offset: int
    ) -> tuple[tuple[JobRecord, ...], int]: ...
    def logs(self, job_id: str) -> tuple[LogLine, ...]: ...
    def thumbnail(self, job_id: str) -> Pixels | None: ...
    def open_clip(
        self,
        path: Path,
        job_id: str | None,
        progress: Callable[[float], None],
        cancel: CancelSignal,
    ) -> ProbedClip: ...
    def footage(self, room: SharedRoom | None = None) -> FootageCalls: ...
    def artifacts(self) -> ArtifactCalls: ...
    def stops(self) -> StopCalls: ...
    def reviews(self) -> ReviewCalls: ...
    def settle_reviews(self, cancel: CancelSignal, *, of_all: bool) -> Iterator[JobRecord]: ...
    def statistics(self) -> StatisticsCalls: ...
    def cameras(self) -> CameraCalls: ...
    def models(self) -> ModelShelf: ...
    def model_bucket(self) -> ModelBucket: ...
    def targets(self) -> TargetKeeper: ...
    def outbox(self) -> PushCalls: ...
    def clip_info(self, job_id: str) -> VideoInfo | None: ...
    def weights(self, spec: JobSpec) -> tuple[FoundWeights | None, str]: ...
    def segment_weights(self, spec: JobSpec) -> tuple[FoundWeights | None, str]: ...
    def start_defaults(self) -> StartDefaults: ...
    def save_profile(self, profile: Profile) -> None: ...
    def delete_profile(self, name: str) -> None: ...
    def clip_sizes(self, paths: Sequence[Path]) -> Iterator[tuple[Path, ClipSize | None]]: ...
    def cancel_queued(self, job_id: str) -> JobRecord: ...
    def retry(self, job_id: str) -> JobRecord: ...
    def move(self, job_id: str, position: int) -> None: ...
    def set_metadata(self, job_id: str, metadata: JobMetadata) -> JobRecord: ...
    def relocate(self, job_id: str, path: Path) -> JobRecord: ...
    def delete(self, job_id: str) -> None: ...
    def save_output(self, job_id: str, target: Path) -> Path: ...
    def export_sheet(
        self,
        job_id: str,
        request: SheetRequest,
        cancel: CancelSignal | None = None,
        progress: Callable[[float], None] = ...,
    ) -> SheetDone: ...
    def system(self) -> SystemState | None: ...
    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class OpenedEngine:
    """The engine, and what the person should know about how opening went."""

    engine: EngineCalls
    notices: tuple[str, ...] = ()
