"""Everything the window knows about jobs, gathered from the hub's signals."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from codefx_desktop.domain.job import JobRecord, JobStatus
from codefx_desktop.ui.models.pictures import image_of

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

    from codefx_desktop.domain.clip import VideoInfo
    from codefx_desktop.domain.run import (
        ClipKnown,
        JobFinished,
        PreviewPicture,
        ScenesKnown,
        StageProgress,
    )
    from codefx_desktop.jobs.hub import Hub
    from codefx_desktop.jobs.messages import ClipReading, Thumbnail

PICTURES_KEPT = 8


@dataclass(slots=True)
class Entry:
    """What is known about one job; the record comes from the history, the rest from its run.

    Attributes:
        info: What its clip is, once that was read.
        reading: How far the clip is being read, or why it cannot be.
        asked_as: The status it had when the hub was asked what its clip is.
        scenes: How many scenes its run knows so far; None until it told.
    """

    record: JobRecord
    progress: StageProgress | None = None
    finished: JobFinished | None = None
    info: VideoInfo | None = None
    reading: ClipReading | None = None
    asked_as: JobStatus | None = None
    thumbnail: QImage | None = None
    scenes: int | None = None

    @property
    def overall(self) -> float:
        """How far the job is, 0 to 1."""
        if self.record.status is JobStatus.COMPLETE:
            return 1.0
        return self.progress.overall if self.progress else self.record.progress


class JobBook(QObject):
    """The jobs of this run of the program in queue order, and any that a person looked up.

    Args:
        hub: Where the news comes from.
    """

    changed = Signal(str)
    """Something about a job (its id) changed."""
    listed = Signal()
    """The set or the order of the listed jobs changed."""
    removed = Signal(str)
    """A job was deleted."""
    pictured = Signal(str)
    """A newer picture of a job is there."""

    def __init__(self, hub: Hub, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._hub = hub
        self._began = datetime.now(UTC)
        self._entries: dict[str, Entry] = {}
        self._active: list[str] = []
        self._listed: list[str] = []
        self._pictures: OrderedDict[str, PreviewPicture] = OrderedDict()
        hub.queue_changed.connect(self._on_queue)
        hub.job_changed.connect(self._on_job)
        hub.job_removed.connect(self._on_removed)
        hub.progress.connect(self._on_progress)
        hub.preview.connect(self._on_preview)
        hub.scenes.connect(self._on_scenes)
        hub.finished.connect(self._on_finished)
        hub.clip_reading.connect(self._on_reading)
        hub.clip_known.connect(self._on_clip)
        hub.thumbnail.connect(self._on_thumbnail)

    def get(self, job_id: str | None) -> Entry | None:
        """Return what is known about a job, if anything."""
        return self._entries.get(job_id) if job_id else None

    def picture(self, job_id: str | None) -> PreviewPicture | None:
        """Return the newest picture of a job, if it is still kept."""
        return self._pictures.get(job_id) if job_id else None

    def ids(self) -> list[str]:
        """Return the listed jobs: running and queued in order, then ended ones, newest first."""
        active = [i for i in self._active if i in self._entries]
        standing = set(active)
        ended = [
            i
            for i in reversed(self._listed)
            if i not in standing and self._entries[i].record.status.is_final
        ]
        running = [i for i in active if self._status(i) is not JobStatus.QUEUED]
        return running + [i for i in active if i not in running] + ended

    def queued(self) -> list[str]:
        """Return the waiting jobs in order."""
        return [i for i in self._active if self._status(i) is JobStatus.QUEUED]

    def running(self) -> str | None:
        """Return the job that is being worked on, if any."""
        return next((i for i in self._active if self._status(i) is JobStatus.PROCESSING), None)

    def know(self, record: JobRecord) -> None:
        """Take up a record that a person looked up; it is not listed for that."""
        entry = self._entries.get(record.id)
        if entry is None:
            self._entries[record.id] = Entry(record)
            self._hub.request_thumbnail(record.id)
        else:
            entry.record = record
        self.changed.emit(record.id)

    def want_clip(self, job_id: str) -> None:
        """Have the hub say what a job's clip is, unless it did or cannot as the job stands."""
        entry = self._entries.get(job_id)
        if entry and entry.info is None and entry.asked_as is not entry.record.status:
            entry.asked_as = entry.record.status
            self._hub.request_clip(job_id)

    def clear_ended(self) -> None:
        """Drop the ended jobs from the list; the history keeps them."""
        self._listed = [i for i in self._listed if not self._entries[i].record.status.is_final]
        self.listed.emit()

    def ended(self) -> int:
        """Return how many listed jobs have ended."""
        return sum(self._entries[i].record.status.is_final for i in self._listed)

    def _status(self, job_id: str) -> JobStatus | None:
        entry = self._entries.get(job_id)
        return entry.record.status if entry else None

    def _on_queue(self, records: tuple[JobRecord, ...]) -> None:
        self._active = [record.id for record in records]
        for record in records:
            self._list(record)
        self.listed.emit()
        for record in records:
            self.changed.emit(record.id)

    def _on_job(self, record: JobRecord) -> None:
        ended_now = record.finished_at is not None and record.finished_at >= self._began
        if record.id in self._entries or not record.status.is_final or ended_now:
            listed = record.id in self._listed
            entry = self._entries.get(record.id)
            if listed or entry is None or record.status is not entry.record.status:
                self._list(record)
            else:
                entry.record = record
            self.listed.emit()
            self.changed.emit(record.id)

    def _list(self, record: JobRecord) -> None:
        entry = self._entries.get(record.id)
        if entry is None:
            entry = self._entries[record.id] = Entry(record)
        if entry.thumbnail is None and record.id not in self._listed:
            self._hub.request_thumbnail(record.id)
        if record.status is JobStatus.QUEUED:
            entry.progress = entry.finished = entry.scenes = None
        entry.record = record
        if record.id not in self._listed:
            self._listed.append(record.id)
        if not record.status.is_final and record.id not in self._active:
            # Told before the queue is: without a place its card and the selection would go.
            self._active.append(record.id)

    def _on_removed(self, job_id: str) -> None:
        self._entries.pop(job_id, None)
        self._pictures.pop(job_id, None)
        self._active = [i for i in self._active if i != job_id]
        self._listed = [i for i in self._listed if i != job_id]
        self.listed.emit()
        self.removed.emit(job_id)

    def _on_progress(self, progress: StageProgress) -> None:
        if entry := self._entries.get(progress.job_id):
            entry.progress = progress
            self.changed.emit(progress.job_id)

    def _on_scenes(self, known: ScenesKnown) -> None:
        if entry := self._entries.get(known.job_id):
            entry.scenes = known.count
            self.changed.emit(known.job_id)

    def _on_finished(self, finished: JobFinished) -> None:
        entry = self._entries.get(finished.job_id)
        if entry is None:
            return
        entry.finished = finished
        entry.record = replace(
            entry.record,
            status=finished.status,
            error_message=finished.error_message,
            output=finished.output or entry.record.output,
            scene_count=finished.scene_count,
            artifact_frames=finished.artifact_frames,
        )
        # The one that ended last stands first among the ended.
        self._listed = [*(i for i in self._listed if i != finished.job_id), finished.job_id]
        self.listed.emit()
        self.changed.emit(finished.job_id)

    def _on_reading(self, reading: ClipReading) -> None:
        if entry := self._entries.get(reading.job_id):
            entry.reading = reading
            self.changed.emit(reading.job_id)

    def _on_clip(self, known: ClipKnown) -> None:
        if entry := self._entries.get(known.job_id):
            entry.info, entry.reading = known.info, None
            self.changed.emit(known.job_id)

    def _on_thumbnail(self, thumbnail: Thumbnail) -> None:
        entry = self._entries.get(thumbnail.job_id)
        if entry is not None and thumbnail.pixels is not None:
            # A copy: a thumbnail is small and outlives the message.
            entry.thumbnail = image_of(thumbnail.pixels).copy()
            self.changed.emit(thumbnail.job_id)

    def _on_preview(self, picture: PreviewPicture) -> None:
        self._pictures[picture.job_id] = picture
        self._pictures.move_to_end(picture.job_id)
        while len(self._pictures) > PICTURES_KEPT:
            self._pictures.popitem(last=False)
        self.pictured.emit(picture.job_id)
