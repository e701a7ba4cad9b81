"""Statements on the history's tables that more than one method of ``History`` shares."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, Select, func, select, update

from codefx_desktop.domain.job import JobFilter, JobStatus, Stage
from codefx_desktop.store.rows import LEVELS, folded
from codefx_desktop.store.tables import JobRow, LogRow

if TYPE_CHECKING:
    from sqlalchemy.orm import Session
    from sqlalchemy.sql.dml import ReturningUpdate

ACTIVE = (JobStatus.QUEUED.value, JobStatus.PROCESSING.value)


def conditions(wanted: JobFilter) -> list[ColumnElement[bool]]:
    """Return what a row must fulfil. Days are days of this machine's time zone."""
    found: list[ColumnElement[bool]] = [
        func.instr(JobRow.search, word) > 0 for word in folded(wanted.text).split()
    ]
    if wanted.series:
        found.append(JobRow.series == wanted.series)
    if wanted.race:
        found.append(JobRow.race == wanted.race)
    if wanted.statuses:
        found.append(JobRow.status.in_([status.value for status in wanted.statuses]))
    if wanted.since:
        found.append(JobRow.created_at >= _midnight(wanted.since))
    if wanted.until and wanted.until < date.max:
        found.append(JobRow.created_at < _midnight(wanted.until + timedelta(days=1)))
    return found


def newest_first(wanted: JobFilter) -> Select[JobRow]:
    """Return the query for matching rows, newest first."""
    return (
        select(JobRow)
        .where(*conditions(wanted))
        .order_by(JobRow.created_at.desc(), JobRow.number.desc())
    )


def in_queue_order(*statuses: str) -> Select[JobRow]:
    """Return the query for rows of the queue, first one first."""
    return (
        select(JobRow)
        .where(_active(), JobRow.status.in_(statuses))
        .order_by(JobRow.queue_position, JobRow.number)
    )


def next_position(session: Session) -> int:
    """Return the queue position after the last one."""
    last = session.scalar(select(func.max(JobRow.queue_position)).where(_active()))
    return (last or 0) + 1


def claim_statement(which: ColumnElement[bool], now: datetime) -> ReturningUpdate[str]:
    """Return the one UPDATE that takes a job out of the waiting ones and starts its run."""
    return (
        update(JobRow)
        .where(which, JobRow.status == JobStatus.QUEUED.value)
        .values(
            status=JobStatus.PROCESSING.value,
            stage=Stage.IMPORT.value,
            progress=0.0,
            error_message="",
            started_at=now,
            finished_at=None,
            updated_at=now,
        )
        .returning(JobRow.id)
    )


def first_in_queue() -> ColumnElement[bool]:
    """Return the condition that holds for the waiting job whose turn it is."""
    first = (
        select(JobRow.number)
        .where(_active(), JobRow.status == JobStatus.QUEUED.value)
        .order_by(JobRow.queue_position, JobRow.number)
        .limit(1)
    )
    return JobRow.number == first.scalar_subquery()


def log_lines(
    job_id: str | None, min_level: str | None, after_id: int, *, newest: bool, limit: int
) -> Select[LogRow]:
    """Return the query for log lines, in order of their ids; backwards if ``newest``.

    Raises:
        ValueError: If ``min_level`` is no level.
    """
    order = LogRow.id.desc() if newest else LogRow.id
    query = select(LogRow).where(LogRow.job_id == job_id, LogRow.id > after_id)
    if min_level is not None:
        if min_level.upper() not in LEVELS:
            raise ValueError(f"{min_level!r} is not one of {', '.join(LEVELS)}")
        query = query.where(LogRow.level.in_(LEVELS[LEVELS.index(min_level.upper()) :]))
    return query.order_by(order).limit(limit)


def _active() -> ColumnElement[bool]:
    # Written as the queue's partial index has it, so that SQLite uses that index.
    return JobRow.status.in_(ACTIVE)


def _midnight(day: date) -> datetime:
    midnight = datetime.combine(day, time.min)
    try:
        return midnight.astimezone(UTC)
    except (OverflowError, ValueError, OSError):
        # Beyond what the system knows of its zone (on Windows that begins in 1970).
        return midnight.replace(tzinfo=UTC)
