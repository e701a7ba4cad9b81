"""The history's tables. What is changed here needs a migration; a test compares the two."""

# ruff: noqa: ARG002 - SQLAlchemy calls its types with a dialect

from __future__ import annotations

import os
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import (
    Dialect,
    Float,
    ForeignKey,
    Index,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class UtcTime(TypeDecorator[datetime]):
    """An aware time, kept as ISO 8601 text in UTC with microseconds, so that text order is time."""

    impl = String(32)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        """Write; naive times are refused."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value} has no time zone")
        return value.astimezone(UTC).isoformat(timespec="microseconds")

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:
        """Read."""
        return None if value is None else datetime.fromisoformat(value)


class PlainText(TypeDecorator[str]):
    """Text; a name on Linux that is no valid text is kept readable, not refused."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Write."""
        return None if value is None else value.encode(errors="backslashreplace").decode()

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """Read."""
        return value


class FilePath(TypeDecorator[Path]):
    """A path, kept as text; as bytes where a name on Linux is no valid text."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Path | None, dialect: Dialect) -> str | bytes | None:
        """Write."""
        if value is None:
            return None
        name = str(value)
        try:
            name.encode()
        except UnicodeEncodeError:
            return os.fsencode(name)
        return name

    def process_result_value(self, value: str | bytes | None, dialect: Dialect) -> Path | None:
        """Read."""
        return None if value is None else Path(os.fsdecode(value))


class Base(DeclarativeBase):
    """All tables of the history."""

    type_annotation_map = {datetime: UtcTime, Path: FilePath, str: PlainText}  # noqa: RUF012 - SQLAlchemy's


class JobRow(Base):
    """One job.

    ``number`` orders rows of the same instant. ``queue_position`` orders waiting and running
    jobs, with gaps; 0 for all others. ``search`` holds what the search box looks through, case
    folded. ``job_dir`` and ``output_path`` are relative to the database's folder when inside it,
    so that the whole data folder can be moved. ``stops_signature`` tells the files that the job's
    ``stops`` were read from; none where nobody has read them yet.
    """

    __tablename__ = "jobs"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    id: Mapped[str] = mapped_column(PlainText(36), unique=True)
    status: Mapped[str] = mapped_column(String(16))
    stage: Mapped[str] = mapped_column(String(16))
    progress: Mapped[float] = mapped_column(Float, default=0.0)
    queue_position: Mapped[int] = mapped_column(default=0)
    profile: Mapped[str] = mapped_column(String(32))
    series: Mapped[str] = mapped_column(PlainText(100))
    race: Mapped[str] = mapped_column(PlainText(100))
    notes: Mapped[str]
    event_date: Mapped[date | None]
    session: Mapped[str] = mapped_column(String(16))
    camera: Mapped[str]
    input_path: Mapped[Path]
    input_filename: Mapped[str]
    input_size_bytes: Mapped[int]
    fingerprint: Mapped[str] = mapped_column(String(80))
    job_dir: Mapped[Path]
    output_path: Mapped[Path | None]
    output_filename: Mapped[str | None]
    output_size_bytes: Mapped[int | None]
    output_sha256: Mapped[str | None] = mapped_column(String(64))
    error_message: Mapped[str] = mapped_column(default="")
    spec: Mapped[str]
    app_version: Mapped[str] = mapped_column(String(32))
    created_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    updated_at: Mapped[datetime]
    search: Mapped[str]
    scene_count: Mapped[int | None]
    artifact_frames: Mapped[int | None]
    stop_count: Mapped[int | None]
    fuel_time_s: Mapped[float | None] = mapped_column(Float)
    front_left_tyre_time_s: Mapped[float | None] = mapped_column(Float)
    front_right_tyre_time_s: Mapped[float | None] = mapped_column(Float)
    back_left_tyre_time_s: Mapped[float | None] = mapped_column(Float)
    back_right_tyre_time_s: Mapped[float | None] = mapped_column(Float)
    driver_out_time_s: Mapped[float | None] = mapped_column(Float)
    driver_in_time_s: Mapped[float | None] = mapped_column(Float)
    stops_signature: Mapped[str | None] = mapped_column(String(200))

    __table_args__ = (
        Index("ix_jobs_created", "created_at"),
        Index("ix_jobs_status", "status", "created_at"),
        Index("ix_jobs_series", "series", "created_at"),
        Index("ix_jobs_race", "race", "created_at"),
        Index(
            "ix_jobs_queue",
            "queue_position",
            sqlite_where=text("status IN ('QUEUED', 'PROCESSING')"),
        ),
        {"sqlite_autoincrement": True},
    )


class LogRow(Base):
    """One log line; rows are only ever added, and go when their job goes.

    ``job_id`` is none for lines of the program itself.
    """

    __tablename__ = "log_lines"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    job_id: Mapped[str | None] = mapped_column(
        String(36), ForeignKey("jobs.id", ondelete="CASCADE")
    )
    time: Mapped[datetime]
    level: Mapped[str] = mapped_column(String(16))
    stage: Mapped[str | None] = mapped_column(String(16))
    text: Mapped[str]

    __table_args__ = (
        Index("ix_log_lines_job", "job_id", "id"),
        {"sqlite_autoincrement": True},
    )


class StopRow(Base):
    """One stop of one job, for statistics; its job's files say all about it.

    ``facts`` is what a person says about it, as JSON; ``team`` is in it too, and here to be
    searched by.
    """

    __tablename__ = "stops"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    job_id: Mapped[str] = mapped_column(String(36), ForeignKey("jobs.id", ondelete="CASCADE"))
    number: Mapped[int]
    template: Mapped[str]
    template_label: Mapped[str]
    frame_number: Mapped[int | None]
    facts: Mapped[str]
    team: Mapped[str]

    __table_args__ = (UniqueConstraint("job_id", "number"),)


class DurationRow(Base):
    """One duration of one stop; without a value where it was not found."""

    __tablename__ = "stop_durations"

    stop_id: Mapped[int] = mapped_column(
        ForeignKey("stops.id", ondelete="CASCADE"), primary_key=True
    )
    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    place: Mapped[str] = mapped_column(String(8), primary_key=True)
    label: Mapped[str]
    value_s: Mapped[float | None] = mapped_column(Float)
    low_s: Mapped[float | None] = mapped_column(Float)
    high_s: Mapped[float | None] = mapped_column(Float)
    is_confirmed: Mapped[bool]

    __table_args__ = (Index("ix_stop_durations_name", "name", "place"),)
