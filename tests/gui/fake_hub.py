"""A hub without workers: records what it is asked, answers from memory on the next turn.

Over 400 lines because it has every signal and call of the real hub.
"""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from gui.fake_artifacts import FakeArtifactDesk
from gui.fake_cameras import FakeCameraDesk
from gui.fake_exports import FakeExportDesk
from gui.fake_frames import FakeFrameServer
from gui.fake_lanes import FakeLaneDesk
from gui.fake_models import FakeModelDesk
from gui.fake_push import FakePushDesk
from gui.fake_review import FakeReviewDesk
from gui.fake_sound import FakeSounds
from gui.fake_statistics import FakeStatisticsDesk
from gui.fake_stops import FakeStopDesk
from gui.fake_targets import FakeTargetDesk
from PySide6.QtCore import QObject, QTimer, Signal

from codefx_desktop.domain.job import (
    JobFilter,
    JobMetadata,
    JobRecord,
    JobSpec,
    JobStatus,
    LogLine,
    OutputFile,
    Stage,
)
from codefx_desktop.domain.run import (
    ClipKnown,
    JobFinished,
    JobLogged,
    PreviewPicture,
    ScenesKnown,
    StageProgress,
)
from codefx_desktop.jobs.messages import (
    ClipSizes,
    HistoryPage,
    JobFound,
    JobLogs,
    StartDefaults,
    Thumbnail,
    WeightsAnswer,
)
from codefx_desktop.jobs.sound_player import SoundPlayer
from codefx_desktop.settings.paths import app_paths
from codefx_desktop.settings.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codefx_desktop.domain.clip import ClipSize, VideoInfo
    from codefx_desktop.domain.plan import Profile

T0 = datetime(2025, 11, 21, 14, 3, 22, tzinfo=UTC)


class FakeHub(QObject):
    """The same signals and calls as ``jobs.hub.Hub``; tests drive what comes back."""

    ready = Signal()
    unopened = Signal(str)
    notice = Signal(object)
    queue_changed = Signal(object)
    queue_paused = Signal(bool)
    job_changed = Signal(object)
    job_removed = Signal(str)
    progress = Signal(object)
    preview = Signal(object)
    scenes = Signal(object)
    logged = Signal(object)
    clip_reading = Signal(object)
    clip_known = Signal(object)
    finished = Signal(object)
    device = Signal(object)
    history_page = Signal(object)
    history_failed = Signal(int)
    job_found = Signal(object)
    job_logs = Signal(object)
    thumbnail = Signal(object)
    weights_answer = Signal(object)
    clip_sizes = Signal(object)
    start_defaults = Signal(object)
    system = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.paths = app_paths()
        self.settings = Settings()
        self.sounds = FakeSounds(why="There is no sound here: this machine has no sound output.")
        self.calls: list[tuple[object, ...]] = []
        self.history: list[JobRecord] = []
        self.fails_history = False
        self.queue: list[JobRecord] = []
        self.logs: dict[str, tuple[LogLine, ...]] = {}
        self.found_weights = None
        self.weights_message = "There are no detector weights. Choose a weights file."
        self.found_segment_weights = None
        self.segment_message = "There are no segmentation weights."
        self.sizes: dict[Path, ClipSize] = {}
        self.refuses_profiles = False
        self.defaults = StartDefaults(JobSpec(), JobMetadata(), (), ())
        self.thumbnails: dict[str, object] = {}
        self.clips: dict[str, VideoInfo] = {}
        self.frames: FakeFrameServer | None = None
        self.shared_frames: list[FakeFrameServer] = []
        self.stop_desks: list[FakeStopDesk] = []
        self.desk: FakeArtifactDesk | None = None
        self.exports: FakeExportDesk | None = None
        self.models: FakeModelDesk | None = None
        self.targets: FakeTargetDesk | None = None
        self.pushing: FakePushDesk | None = None
        self.stops: FakeStopDesk | None = None
        self.statistics: FakeStatisticsDesk | None = None
        self.reviews: FakeReviewDesk | None = None
        self.lanes: FakeLaneDesk | None = None
        self.cameras: FakeCameraDesk = FakeCameraDesk(self)
        self._request = 0

    def of(self, name: str) -> list[tuple[object, ...]]:
        """Return the arguments of every call of a method."""
        return [call[1:] for call in self.calls if call[0] == name]

    # -- what the window calls ------------------------------------------------------------------

    def start(self) -> None:
        self.calls.append(("start",))
        self._soon(self.ready.emit)

    def shutdown(self) -> None:
        self.calls.append(("shutdown",))

    def running_job(self) -> str | None:
        return next((r.id for r in self.queue if r.status is JobStatus.PROCESSING), None)

    def add_clips(self, paths: Sequence[Path], spec: JobSpec, metadata: JobMetadata) -> None:
        self.calls.append(("add_clips", tuple(paths), spec, metadata))

    def add_demo(self) -> None:
        self.calls.append(("add_demo",))

    def pause_queue(self, paused: bool) -> None:
        self.calls.append(("pause_queue", paused))
        self.queue_paused.emit(paused)

    def cancel(self, job_id: str) -> None:
        self.calls.append(("cancel", job_id))

    def retry(self, job_id: str) -> None:
        self.calls.append(("retry", job_id))

    def remove(self, job_id: str) -> None:
        self.calls.append(("remove", job_id))

    def move(self, job_id: str, position: int) -> None:
        self.calls.append(("move", job_id, position))

    def delete(self, job_id: str) -> None:
        self.calls.append(("delete", job_id))

    def relocate(self, job_id: str, path: Path) -> None:
        self.calls.append(("relocate", job_id, path))

    def set_metadata(self, job_id: str, metadata: JobMetadata) -> None:
        self.calls.append(("set_metadata", job_id, metadata))

    def save_output_as(self, job_id: str, target: Path) -> None:
        self.calls.append(("save_output_as", job_id, target))

    def request_history(self, wanted: JobFilter, *, limit: int, offset: int) -> int:
        request = self._next()
        self.calls.append(("request_history", wanted, limit, offset))
        if self.fails_history:
            self._soon(lambda: self.history_failed.emit(request))
            return request
        found = [record for record in self.history if passes(record, wanted)]
        page = tuple(found[offset : offset + limit])
        self._soon(lambda: self.history_page.emit(HistoryPage(request, page, len(found), offset)))
        return request

    def request_job(self, job_id: str) -> int:
        request = self._next()
        self.calls.append(("request_job", job_id))
        found = next((record for record in self.history if record.id == job_id), None)
        self._soon(lambda: self.job_found.emit(JobFound(request, found)))
        return request

    def request_logs(self, job_id: str) -> int:
        request = self._next()
        self.calls.append(("request_logs", job_id))
        lines = self.logs.get(job_id, ())
        self._soon(lambda: self.job_logs.emit(JobLogs(request, job_id, lines)))
        return request

    def request_thumbnail(self, job_id: str) -> None:
        self.calls.append(("request_thumbnail", job_id))
        pixels = self.thumbnails.get(job_id)
        self._soon(lambda: self.thumbnail.emit(Thumbnail(job_id, pixels)))

    def request_clip(self, job_id: str) -> None:
        self.calls.append(("request_clip", job_id))
        if (info := self.clips.get(job_id)) is not None:
            self._soon(lambda: self.clip_known.emit(ClipKnown(job_id, info)))

    def request_weights(self, spec: JobSpec) -> int:
        request = self._next()
        self.calls.append(("request_weights", spec))
        found = self.found_weights if spec.weights is None else replace_path(spec.weights)
        message = "" if found else self.weights_message
        self._soon(lambda: self.weights_answer.emit(WeightsAnswer(request, found, message)))
        return request

    def request_segment_weights(self, spec: JobSpec) -> int:
        request = self._next()
        self.calls.append(("request_segment_weights", spec))
        chosen = spec.plan.segment_weights
        found = self.found_segment_weights if chosen is None else replace_path(chosen)
        if spec.demo_model and chosen is None:
            found = replace_path(Path("/resources/demo_segmenter.pt"))
        message = "" if found else self.segment_message
        self._soon(lambda: self.weights_answer.emit(WeightsAnswer(request, found, message)))
        return request

    def request_clip_sizes(self, paths: Sequence[Path]) -> int:
        request = self._next()
        self.calls.append(("request_clip_sizes", tuple(paths)))
        known = tuple(self.sizes[path] for path in paths if path in self.sizes)
        unknown = tuple(path.name for path in paths if path not in self.sizes)
        self._soon(lambda: self.clip_sizes.emit(ClipSizes(request, known, unknown)))
        return request

    def request_start_defaults(self) -> None:
        self.calls.append(("request_start_defaults",))
        self._soon(lambda: self.start_defaults.emit(self.defaults))

    def save_profile(self, profile: Profile) -> None:
        self.calls.append(("save_profile", profile))
        if not self.refuses_profiles:
            others = [one for one in self.defaults.profiles if one.name != profile.name]
            self.defaults = replace(self.defaults, profiles=(*others, profile))
        self._soon(lambda: self.start_defaults.emit(self.defaults))

    def delete_profile(self, name: str) -> None:
        self.calls.append(("delete_profile", name))
        others = tuple(one for one in self.defaults.profiles if one.name != name)
        self.defaults = replace(self.defaults, profiles=others)
        self._soon(lambda: self.start_defaults.emit(self.defaults))

    def frame_server(
        self, parent: QObject | None = None, *, shares: bool = False
    ) -> FakeFrameServer:
        server = FakeFrameServer(parent)
        if shares:
            self.shared_frames.append(server)
        else:
            self.frames = server
        return server

    def artifact_desk(self, parent: QObject | None = None) -> FakeArtifactDesk:
        self.desk = FakeArtifactDesk(parent)
        return self.desk

    def export_desk(self, parent: QObject | None = None) -> FakeExportDesk:
        self.exports = FakeExportDesk(parent)
        return self.exports

    def model_desk(self, parent: QObject | None = None) -> FakeModelDesk:
        self.models = FakeModelDesk(parent)
        return self.models

    def target_desk(self, parent: QObject | None = None) -> FakeTargetDesk:
        self.targets = FakeTargetDesk(parent)
        return self.targets

    def push_desk(self, parent: QObject | None = None) -> FakePushDesk:
        self.pushing = FakePushDesk(parent)
        return self.pushing

    def lane_desk(self, parent: QObject | None = None) -> FakeLaneDesk:
        self.lanes = FakeLaneDesk(parent)
        return self.lanes

    def statistics_desk(self, parent: QObject | None = None) -> FakeStatisticsDesk:
        self.statistics = FakeStatisticsDesk(parent)
        return self.statistics

    def sound_player(self, parent: QObject | None = None) -> SoundPlayer:
        """Return a player on a machine without sound, or with what ``sounds`` is."""
        return SoundPlayer(self.sounds, parent)

    def stop_desk(self, parent: QObject | None = None) -> FakeStopDesk:
        """Return a desk; all know the same jobs, ``stops`` is the window's own."""
        desk = FakeStopDesk(parent)
        self.stops = self.stops or desk
        desk.jobs = self.stops.jobs
        self.stop_desks.append(desk)
        return desk

    def review_desk(self, parent: QObject | None = None) -> FakeReviewDesk:
        self.reviews = FakeReviewDesk(parent)
        return self.reviews

    def camera_desk(self) -> FakeCameraDesk:
        return self.cameras

    # -- what a test says -------------------------------------------------------------------------

    def put(self, *records: JobRecord) -> None:
        """Make these the queue, in order, and tell."""
        self.queue = list(records)
        for record in records:
            self.job_changed.emit(record)
        self.queue_changed.emit(tuple(records))

    def change(self, record: JobRecord, **fields: object) -> JobRecord:
        """Change a record and tell; an ended one leaves the queue."""
        changed = replace(record, **fields)
        self.job_changed.emit(changed)
        self.queue = [
            changed if r.id == record.id else r
            for r in self.queue
            if r.id != record.id or not changed.status.is_final
        ]
        self.queue_changed.emit(tuple(self.queue))
        return changed

    def say_progress(self, job_id: str, overall: float, **stages: float) -> None:
        """Tell how far a job is."""
        known = {Stage(name): part for name, part in stages.items()}
        self.progress.emit(
            StageProgress(job_id, known, overall, Stage.DETECTING, 120, 400, 42.5, 6.6)
        )

    def say_scenes(self, job_id: str, count: int) -> None:
        """Tell how many scenes are known so far."""
        self.scenes.emit(ScenesKnown(job_id, count))

    def show(self, job_id: str, number: int, color: tuple[int, int, int]) -> PreviewPicture:
        """Send a picture of one colour."""
        pixels = np.empty((360, 640, 3), np.uint8)
        pixels[:] = color
        pixels.setflags(write=False)
        picture = PreviewPicture(job_id, number, number / 25, pixels)
        self.preview.emit(picture)
        return picture

    def log(self, job_id: str, level: str, text: str) -> LogLine:
        """Send a line of a job's log."""
        line = LogLine(datetime.now(UTC), level, text, Stage.DETECTING, job_id)
        self.logged.emit(JobLogged(job_id, line))
        return line

    def finish(self, record: JobRecord, status: JobStatus, error: str = "", **more: object) -> None:
        """End a run as the real hub does: finished, then the stored record, then the queue."""
        event = JobFinished(record.id, status, error, 400, 400, 8.0, 50.0, **more)
        self.finished.emit(event)
        self.change(
            record,
            status=status,
            error_message=error,
            output=event.output,
            scene_count=event.scene_count,
            artifact_frames=event.artifact_frames,
        )

    def _next(self) -> int:
        self._request += 1
        return self._request

    def _soon(self, act: object) -> None:
        QTimer.singleShot(0, self, act)


def replace_path(path: Path) -> object:
    from codefx_desktop.settings.weights import FoundWeights

    return FoundWeights(path, "chosen for this job")


def record(name: str = "stop.mp4", **fields: object) -> JobRecord:
    """Return a record; fields as given."""
    job_id = str(fields.pop("id", uuid.uuid4()))
    values: dict[str, object] = {
        "id": job_id,
        "status": JobStatus.QUEUED,
        "stage": Stage.IMPORT,
        "progress": 0.0,
        "input_path": Path("/footage/round-03") / name,
        "input_size_bytes": 184_320_000,
        "fingerprint": "v1:0",
        "spec": JobSpec(),
        "metadata": JobMetadata(),
        "job_dir": Path("/data/jobs") / job_id,
        "app_version": "0.1.0",
        "created_at": T0,
        "updated_at": T0,
    }
    return JobRecord(**{**values, **fields})


def past_jobs(number: int) -> list[JobRecord]:
    """Return a history of this length, newest first."""
    series = ("GT World Challenge", "Formula 2", "WEC")
    races = ("Spa 24 h", "Monza", "Paul Ricard")
    statuses = (JobStatus.COMPLETE,) * 6 + (
        JobStatus.FAILED,
        JobStatus.CANCELLED,
        JobStatus.INTERRUPTED,
    )
    return [
        record(
            f"stop-{number - n:04d}.mp4",
            id=f"job-{number - n:04d}",
            status=statuses[n % len(statuses)],
            created_at=T0 - timedelta(hours=n),
            started_at=T0 - timedelta(hours=n),
            finished_at=T0 - timedelta(hours=n) + timedelta(seconds=30 + n % 90),
            metadata=JobMetadata(series[n % 3], races[n % 3], event_date=T0.date()),
            output=OutputFile(Path(f"/data/jobs/{number - n}/output/a.mp4"), 48_000_000, "ab" * 32)
            if statuses[n % 9] is JobStatus.COMPLETE
            else None,
            error_message="The clip has no picture." if statuses[n % 9] is JobStatus.FAILED else "",
        )
        for n in range(number)
    ]


def passes(record: JobRecord, wanted: JobFilter) -> bool:
    """Filter as the history does, nearly enough."""
    day = record.created_at.date()
    return (
        wanted.text.lower() in record.input_filename.lower()
        and wanted.series in ("", record.metadata.series)
        and wanted.race in ("", record.metadata.race)
        and (not wanted.statuses or record.status in wanted.statuses)
        and (wanted.since is None or day >= wanted.since)
        and (wanted.until is None or day <= wanted.until)
    )
