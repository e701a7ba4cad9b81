"""Read models of the history: everything that can be asked without changing it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple, Self

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from codefx_desktop.domain.errors import HistoryError, UnknownJob
from codefx_desktop.domain.job import JobFilter, JobMetadata, JobRecord, JobSpec, JobStatus, LogLine
from codefx_desktop.store import queries
from codefx_desktop.store.connection import for_writing, history_engine, translated
from codefx_desktop.store.rows import to_log_line, to_record, to_runnable
from codefx_desktop.store.tables import JobRow

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SHORTEST_PREFIX = 4


class SeriesAndRaces(NamedTuple):
    """All series and races that jobs have, in order, for filters and completion."""

    series: tuple[str, ...]
    races: tuple[str, ...]


class HistoryReader:
    """Answers questions about a history that ``open_history`` made fit.

    Args:
        path: The database.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._base = path.parent.absolute()
        self._engine = history_engine(path)
        self._writing = for_writing(self._engine)

    @property
    def path(self) -> Path:
        """The database."""
        return self._path

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_error: object) -> None:
        """Close all connections."""
        self.close()

    def get(self, job_id: str) -> JobRecord:
        """Return a job.

        Raises:
            UnknownJob: If there is none of this id.
        """
        with self._read() as session:
            return to_record(row_of(session, job_id), self._base)

    def resolve(self, prefix: str) -> str:
        """Return the id of the one job whose id begins so.

        Raises:
            UnknownJob: If there is none, more than one, or the prefix is too short to tell.
        """
        wanted = prefix.strip().lower()
        with self._read() as session:
            if session.scalar(select(JobRow.id).where(JobRow.id == wanted)):
                return wanted
            if len(wanted) < SHORTEST_PREFIX:
                raise UnknownJob(
                    f"{prefix!r} is too short to name a job.",
                    hint=f"Give at least {SHORTEST_PREFIX} characters of its id.",
                )
            begins = (JobRow.id >= wanted, JobRow.id < wanted + "\U0010ffff")
            found = session.scalars(select(JobRow.id).where(*begins).limit(2)).all()
        if len(found) > 1:
            raise UnknownJob(
                f"More than one job's id begins with {wanted}.", hint="Give more of the id."
            )
        if not found:
            raise unknown_job(prefix)
        return found[0]

    def page(
        self, wanted: JobFilter | None = None, limit: int = 100, offset: int = 0
    ) -> tuple[tuple[JobRecord, ...], int]:
        """Return jobs that match, newest first, and how many match in all."""
        wanted = wanted or JobFilter()
        counting = select(func.count()).select_from(JobRow).where(*queries.conditions(wanted))
        with self._read() as session:
            rows = session.scalars(queries.newest_first(wanted).limit(limit).offset(offset))
            records = tuple(to_record(row, self._base) for row in rows)
            return records, session.scalar(counting) or 0

    def queue(self) -> tuple[JobRecord, ...]:
        """Return waiting and running jobs in the queue's order."""
        return self._in_queue(*queries.ACTIVE)

    def processing(self) -> tuple[JobRecord, ...]:
        """Return jobs that a program works on, or worked on when it died."""
        return self._in_queue(JobStatus.PROCESSING.value)

    def logs(
        self,
        job_id: str | None,
        *,
        min_level: str | None = None,
        after_id: int = 0,
        limit: int = 10_000,
        newest: bool = False,
    ) -> list[tuple[int, LogLine]]:
        """Return lines of a job's log with their ids, oldest first.

        Args:
            job_id: The job; None for the program's own log.
            min_level: Leave out what is less than this.
            after_id: Only lines after this one: the id of the last line had before.
            limit: At most so many lines ...
            newest: ... from the end of the log instead of its beginning.

        Raises:
            ValueError: If ``min_level`` is no level.
        """
        query = queries.log_lines(job_id, min_level, after_id, newest=newest, limit=limit)
        with self._read() as session:
            found = [(row.id, to_log_line(row)) for row in session.scalars(query)]
        return found[::-1] if newest else found

    def series_and_races(self) -> SeriesAndRaces:
        """Return all series and races that jobs have."""
        series, races = (
            select(column).where(column != "").distinct().order_by(column)
            for column in (JobRow.series, JobRow.race)
        )
        with self._read() as session:
            return SeriesAndRaces(tuple(session.scalars(series)), tuple(session.scalars(races)))

    def last_used(self) -> tuple[JobSpec, JobMetadata] | None:
        """Return spec and metadata of the newest job; None when there is none to start from."""
        with self._read() as session:
            row = session.scalar(queries.newest_first(JobFilter()).limit(1))
            if row is None:
                return None
            try:
                record = to_runnable(row, self._base)
            except HistoryError:
                return None
            return record.spec, record.metadata

    def _in_queue(self, *statuses: str) -> tuple[JobRecord, ...]:
        with self._read() as session:
            rows = session.scalars(queries.in_queue_order(*statuses))
            return tuple(to_record(row, self._base) for row in rows)

    @contextmanager
    def _read(self) -> Iterator[Session]:
        with translated(self._path), Session(self._engine) as session:
            yield session

    @contextmanager
    def _write(self) -> Iterator[Session]:
        with translated(self._path), Session(self._writing) as session, session.begin():
            yield session


def row_of(session: Session, job_id: str) -> JobRow:
    """Return a job's row.

    Raises:
        UnknownJob: If there is none of this id.
    """
    row = session.scalar(select(JobRow).where(JobRow.id == job_id))
    if row is None:
        raise unknown_job(job_id)
    return row


def unknown_job(job_id: str) -> UnknownJob:
    """Return the error for an id that no job has."""
    return UnknownJob(
        f"There is no job {job_id}.", hint="codefx jobs list tells their ids.", job_id=job_id
    )
