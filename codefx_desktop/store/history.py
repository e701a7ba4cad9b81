"""The job history: the queue and all jobs there ever were, with their logs.

Each call is one short transaction on a connection of its own, so a ``History`` may be used by
several threads at once, and its file by several programs. Calls that write take the write lock
when they begin and return when the disk has the change.

A job's life::

    QUEUED ── claim ──► PROCESSING ── finish ──► COMPLETE, FAILED, CANCELLED, INTERRUPTED
       ▲  └─ cancel ──► CANCELLED  └─ interrupt ──► INTERRUPTED
       └──────────── requeue ──────────────────── FAILED, CANCELLED, INTERRUPTED
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import case, delete, func, select, update

from codefx_desktop import __version__
from codefx_desktop.domain.errors import HistoryError, JobStateError
from codefx_desktop.domain.job import (
    JobMetadata,
    JobRecord,
    JobSpec,
    JobStatus,
    OutputFile,
    Stage,
    job_folder,
)
from codefx_desktop.store import queries
from codefx_desktop.store.history_notes import HistoryNotes
from codefx_desktop.store.opening import prepare
from codefx_desktop.store.reading import row_of, unknown_job
from codefx_desktop.store.rows import (
    put_classic,
    put_output,
    to_record,
    to_row,
    to_runnable,
)
from codefx_desktop.store.tables import JobRow

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from codefx_desktop.domain.classic import ClassicTimes

REQUEUABLE = (JobStatus.FAILED, JobStatus.CANCELLED, JobStatus.INTERRUPTED)


@dataclass(frozen=True, slots=True)
class OpenedHistory:
    """A history ready to be used, and what the person should know about it."""

    history: History
    notices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Results:
    """What a run that ended has brought."""

    output: OutputFile | None = None
    scene_count: int | None = None
    artifact_frames: int | None = None
    stop_count: int | None = None
    classic: ClassicTimes | None = None


def open_history(path: Path) -> OpenedHistory:
    """Open the history at ``path``; make, repair or update it first where that is needed.

    Raises:
        HistoryError: If it is of a newer version or another program, or cannot be used.
        NotWritable: If it or its folder cannot be written to.
        NoSpace: If the disk is full.
    """
    notices = prepare(path)
    return OpenedHistory(History(path), notices)


class History(HistoryNotes):
    """Reads and writes a history that ``open_history`` made fit.

    Every method raises HistoryError (or NotWritable, NoSpace) when the database cannot be used.

    Args:
        path: The database.
    """

    def add(
        self,
        *,
        input_path: Path,
        input_size_bytes: int,
        spec: JobSpec,
        metadata: JobMetadata,
        job_root: Path,
        fingerprint: str = "",
        claimed: bool = False,
        job_id: str | None = None,
    ) -> JobRecord:
        """Add a job at the end of the queue.

        Args:
            input_path: The clip.
            input_size_bytes: Its size.
            spec: How it is to be analysed.
            metadata: What a person says about it.
            job_root: The folder that holds the ``jobs/`` tree of this job.
            fingerprint: The clip's fingerprint where it is known already.
            claimed: Whether the caller works on the job itself: it is PROCESSING from the
                beginning, so that no other program's queue can take it. Who claims a job takes
                its lock within seconds: after that it counts as abandoned.
            job_id: A new UUID by default.
        """
        now, job_id = datetime.now(UTC), job_id or str(uuid.uuid4())
        record = JobRecord(
            id=job_id,
            status=JobStatus.PROCESSING if claimed else JobStatus.QUEUED,
            stage=Stage.IMPORT,
            progress=0.0,
            input_path=input_path,
            input_size_bytes=input_size_bytes,
            fingerprint=fingerprint,
            spec=spec,
            metadata=metadata,
            job_dir=job_folder(job_root, job_id),
            app_version=__version__,
            created_at=now,
            updated_at=now,
            started_at=now if claimed else None,
        )
        with self._write() as session:
            row = to_row(record, self._base)
            row.queue_position = queries.next_position(session)
            session.add(row)
            session.flush()
            return to_record(row, self._base)

    def restore(self, records: Iterable[JobRecord]) -> int:
        """Add jobs as they are, for example from ``job.json``; those that are there are left.

        Returns:
            How many were added.
        """
        with self._write() as session:
            known = set(session.scalars(select(JobRow.id)))
            position = queries.next_position(session)
            for record in records:
                if record.id in known:
                    continue
                row = to_row(record, self._base)
                row.queue_position = 0 if record.status.is_final else position
                position += 1
                session.add(row)
                known.add(record.id)
            return len(session.new)

    def renew(self, record: JobRecord) -> None:
        """Have the row of a job that has ended say what a record says; its log stays.

        Raises:
            UnknownJob: If there is no such job (any more).
            JobStateError: If it waits or runs.
        """
        with self._write() as session:
            row = row_of(session, record.id)
            if not JobStatus(row.status).is_final:
                raise self._wrong_state(record.id, "it has not ended")
            new = to_row(record, self._base)
            new.number, new.queue_position = row.number, 0
            session.merge(new)

    def claim(self, job_id: str) -> bool:
        """Take a waiting job to work on it; return whether this caller got it."""
        with self._write() as session:
            return _take(session, JobRow.id == job_id) is not None

    def claim_next(self) -> JobRecord | None:
        """Take the first waiting job; None when none waits.

        A job whose spec this program cannot read is FAILED with the reason, and the next taken.
        """
        with self._write() as session:
            while (row := _take(session, queries.first_in_queue())) is not None:
                try:
                    return to_runnable(row, self._base)
                except HistoryError as error:
                    _end_row(row, JobStatus.FAILED, str(error))
                    session.flush()
        return None

    def cancel(self, job_id: str) -> bool:
        """Cancel a job if it still waits; return whether it did."""
        return self._end(job_id, (JobStatus.QUEUED,), JobStatus.CANCELLED, "")

    def progress(self, job_id: str, stage: Stage, progress: float) -> None:
        """Note how far a running job is. It never falls; late news of an ended run is dropped."""
        value = min(max(progress, 0.0), 1.0)
        statement = (
            update(JobRow)
            .where(JobRow.id == job_id, JobRow.status == JobStatus.PROCESSING.value)
            .values(
                stage=case((JobRow.progress <= value, stage.value), else_=JobRow.stage),
                progress=func.max(JobRow.progress, value),
                updated_at=datetime.now(UTC),
            )
            .returning(JobRow.id)
        )
        with self._write() as session:
            if session.scalar(statement) is None:
                row_of(session, job_id)

    def finish(
        self,
        job_id: str,
        status: JobStatus,
        error_message: str = "",
        output: OutputFile | None = None,
        *,
        scene_count: int | None = None,
        artifact_frames: int | None = None,
        stop_count: int | None = None,
        classic: ClassicTimes | None = None,
    ) -> None:
        """End a run.

        Args:
            job_id: The job.
            status: What it ended with.
            error_message: Why it failed, for a person.
            output: The annotated video, if there is one.
            scene_count: Scenes of the clip; None where nobody looked to the end, and then what
                was known on the way is forgotten.
            artifact_frames: Frames whose artifacts are all there; None where none were to be.
            stop_count: Pit stops of the clip; None where nobody looked to the end.
            classic: The classic times of the first of them.

        Raises:
            UnknownJob: If there is none of this id.
            JobStateError: If the job does not run. (INTERRUPTED counts as running: who comes
                back with a result has it kept.)
            ValueError: If the status is not one to end with.
        """
        if not status.is_final:
            raise ValueError(f"a run cannot end {status}")
        running = (JobStatus.PROCESSING, JobStatus.INTERRUPTED)
        results = _Results(output, scene_count, artifact_frames, stop_count, classic)
        if not self._end(job_id, running, status, error_message, results):
            raise self._wrong_state(job_id, "it does not run")

    def interrupt(self, job_id: str, message: str) -> bool:
        """Note that a running job's program died; return whether the job was running."""
        return self._end(job_id, (JobStatus.PROCESSING,), JobStatus.INTERRUPTED, message)

    def requeue(self, job_id: str) -> None:
        """Put a job that did not complete at the end of the queue, to be run anew.

        Raises:
            UnknownJob: If there is none of this id.
            JobStateError: If it waits, runs or is complete.
        """
        with self._write() as session:
            row = row_of(session, job_id)
            if row.status not in REQUEUABLE:
                raise _state_error(row, "only one that failed or was stopped can be run again")
            row.status, row.stage = JobStatus.QUEUED.value, Stage.IMPORT.value
            row.progress, row.error_message = 0.0, ""
            row.started_at = row.finished_at = None
            _put_results(row, _Results(), self._base)
            row.queue_position = queries.next_position(session)
            row.updated_at = datetime.now(UTC)

    def move(self, job_id: str, position: int) -> None:
        """Move a waiting job to a place among the waiting ones, 0 first.

        Raises:
            UnknownJob: If there is none of this id.
            JobStateError: If it does not wait.
        """
        with self._write() as session:
            row = row_of(session, job_id)
            waiting = list(session.scalars(queries.in_queue_order(JobStatus.QUEUED.value)))
            if row not in waiting:
                raise _state_error(row, "only a waiting one can be moved")
            places = [item.queue_position for item in waiting]
            waiting.remove(row)
            waiting.insert(min(max(position, 0), len(waiting)), row)
            for item, place in zip(waiting, places, strict=True):
                item.queue_position = place

    def delete(self, job_id: str) -> None:
        """Remove a job and its log from the history. Its files are the caller's, and its lock.

        Raises:
            UnknownJob: If there is none of this id.
        """
        with self._write() as session:
            if session.scalar(delete(JobRow).where(JobRow.id == job_id).returning(JobRow.id)):
                return
            raise unknown_job(job_id)

    def _end(
        self,
        job_id: str,
        allowed: tuple[JobStatus, ...],
        status: JobStatus,
        message: str,
        results: _Results | None = None,
    ) -> bool:
        with self._write() as session:
            row = row_of(session, job_id)
            if row.status not in allowed:
                return False
            _end_row(row, status, message)
            _put_results(row, results or _Results(), self._base)
            if status is JobStatus.COMPLETE:
                row.stage, row.progress = Stage.COMPLETE.value, 1.0
            return True

    def _wrong_state(self, job_id: str, reason: str) -> JobStateError:
        with self._read() as session:
            return _state_error(row_of(session, job_id), reason)


def _take(session: Session, which: ColumnElement[bool]) -> JobRow | None:
    job_id = session.scalar(queries.claim_statement(which, datetime.now(UTC)))
    return None if job_id is None else row_of(session, job_id)


def _end_row(row: JobRow, status: JobStatus, message: str) -> None:
    row.status, row.error_message, row.queue_position = status.value, message, 0
    row.finished_at = row.updated_at = datetime.now(UTC)


def _put_results(row: JobRow, results: _Results, base: Path) -> None:
    put_output(row, results.output, base)
    put_classic(row, results.classic)
    row.scene_count, row.artifact_frames = results.scene_count, results.artifact_frames
    row.stop_count = results.stop_count
    row.stops_signature = None  # what is known of its stops is of another run


def _state_error(row: JobRow, reason: str) -> JobStateError:
    return JobStateError(
        f"The job of {row.input_filename} is {row.status}: {reason}.", job_id=row.id
    )
