"""What is noted about jobs beside their life: the clip, its scenes and stops, words, log lines."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from codefx_desktop.domain.classic import ClassicTimes
from codefx_desktop.domain.job import JobStatus
from codefx_desktop.store.history_stops import HistoryStops
from codefx_desktop.store.reading import row_of
from codefx_desktop.store.rows import (
    kept_path,
    put_classic,
    put_metadata,
    to_log_row,
    to_record,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from codefx_desktop.domain.job import JobMetadata, JobRecord, LogLine


class HistoryNotes(HistoryStops):
    """Notes facts in a history that ``open_history`` made fit; ``History`` adds a job's life."""

    def set_scene_count(self, job_id: str, count: int) -> None:
        """Note how many scenes a running job knows of; late news of an ended run is dropped.

        Raises:
            UnknownJob: If there is none of this id.
        """
        with self._write() as session:
            row = row_of(session, job_id)
            if row.status == JobStatus.PROCESSING:
                row.scene_count, row.updated_at = count, datetime.now(UTC)

    def set_clip(
        self, job_id: str, fingerprint: str, size_bytes: int | None = None, path: Path | None = None
    ) -> None:
        """Note what is known about the clip now; a path only where it was moved.

        Raises:
            UnknownJob: If there is none of this id.
        """
        with self._write() as session:
            row = row_of(session, job_id)
            row.fingerprint, row.updated_at = fingerprint, datetime.now(UTC)
            if size_bytes is not None:
                row.input_size_bytes = size_bytes
            if path is not None:
                row.input_path, row.input_filename = kept_path(path, self._base), path.name

    def set_metadata(self, job_id: str, metadata: JobMetadata) -> None:
        """Change what a person says about the clip.

        Raises:
            UnknownJob: If there is none of this id.
        """
        with self._write() as session:
            row = row_of(session, job_id)
            put_metadata(row, metadata)
            row.updated_at = datetime.now(UTC)

    def set_stops(self, job_id: str, stop_count: int, classic: ClassicTimes | None) -> None:
        """Note how many stops a clip shows now, and the classic times of the first.

        Raises:
            UnknownJob: If there is none of this id.
        """
        with self._write() as session:
            row = row_of(session, job_id)
            row.stop_count, row.updated_at = stop_count, datetime.now(UTC)
            put_classic(row, classic)

    def set_classic(self, job_id: str, name: str, value_s: float | None) -> JobRecord:
        """Change one of the seven classic times; return the job as it is then.

        Args:
            job_id: The job.
            name: One of ``domain.classic.CLASSIC_NAMES``.
            value_s: Seconds; None: not known.

        Raises:
            UnknownJob: If there is none of this id.
            ValueError: If there is no such time, or it cannot be that long.
        """
        with self._write() as session:
            row = row_of(session, job_id)
            before = to_record(row, self._base).classic or ClassicTimes()
            put_classic(row, before.with_value(name, value_s))
            row.updated_at = datetime.now(UTC)
            return to_record(row, self._base)

    def log(self, job_id: str | None, lines: Sequence[LogLine]) -> None:
        """Add lines to a job's log, or to the program's own (None).

        Raises:
            UnknownJob: If there is no such job (any more).
        """
        if not lines:
            return
        with self._write() as session:
            if job_id is not None:
                row_of(session, job_id)
            session.add_all(to_log_row(line, job_id) for line in lines)
