"""Between rows of the history and the domain's records."""

from __future__ import annotations

import unicodedata
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

from codefx_desktop.domain.classic import CLASSIC_NAMES, ClassicTimes
from codefx_desktop.domain.errors import HistoryError
from codefx_desktop.domain.job import (
    JobMetadata,
    JobRecord,
    JobSpec,
    JobStatus,
    LogLine,
    OutputFile,
    SessionKind,
    Stage,
)
from codefx_desktop.store.spec_json import spec_from_json, spec_to_json
from codefx_desktop.store.tables import JobRow, LogRow

if TYPE_CHECKING:
    from pathlib import Path

Word = TypeVar("Word", bound=StrEnum)

LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")


def kept_path(path: Path, base: Path) -> Path:
    """Return a path as it is kept: relative to the database's folder when inside it."""
    path = path.absolute()
    return path.relative_to(base) if path.is_relative_to(base) else path


def folded(text: str) -> str:
    """Return text as it is searched: one form of each letter, no case."""
    return unicodedata.normalize("NFC", text).casefold()


def put_metadata(row: JobRow, metadata: JobMetadata) -> None:
    """Set a row's metadata and what the search box finds it by."""
    row.series, row.race = metadata.series, metadata.race
    row.notes, row.camera = metadata.notes, metadata.camera
    row.event_date, row.session = metadata.event_date, metadata.session.value
    words = (
        row.input_filename,
        metadata.series,
        metadata.race,
        metadata.notes,
        metadata.camera,
        metadata.session.value,
        row.id,
    )
    row.search = folded("\n".join(words))


def put_output(row: JobRow, output: OutputFile | None, base: Path) -> None:
    """Set a row's output file."""
    row.output_path = None if output is None else kept_path(output.path, base)
    row.output_filename = None if output is None else output.path.name
    row.output_size_bytes = None if output is None else output.size_bytes
    row.output_sha256 = None if output is None else output.sha256


def put_classic(row: JobRow, classic: ClassicTimes | None) -> None:
    """Set a row's seven classic times; all unknown where there are none."""
    for name, value in (classic or ClassicTimes()).values().items():
        setattr(row, name, value)


def to_row(record: JobRecord, base: Path) -> JobRow:
    """Return a new row for a record."""
    row = JobRow(
        id=record.id,
        status=record.status.value,
        stage=record.stage.value,
        progress=record.progress,
        queue_position=record.queue_position,
        profile=record.spec.profile,
        input_path=kept_path(record.input_path, base),
        input_filename=record.input_filename,
        input_size_bytes=record.input_size_bytes,
        fingerprint=record.fingerprint,
        job_dir=kept_path(record.job_dir, base),
        error_message=record.error_message,
        spec=spec_to_json(record.spec),
        app_version=record.app_version,
        created_at=record.created_at,
        started_at=record.started_at,
        finished_at=record.finished_at,
        updated_at=record.updated_at,
        scene_count=record.scene_count,
        artifact_frames=record.artifact_frames,
        stop_count=record.stop_count,
    )
    put_metadata(row, record.metadata)
    put_output(row, record.output, base)
    put_classic(row, record.classic)
    return row


def to_runnable(row: JobRow, base: Path) -> JobRecord:
    """Return a row's record for a run, which must have no settings but its own.

    Raises:
        HistoryError: If the row's spec cannot be read.
    """
    return _record(row, base, spec_from_json(row.spec, row.id), row.error_message)


def to_record(row: JobRow, base: Path) -> JobRecord:
    """Return a row's record.

    A row that a newer program wrote hides no other, and can be looked at and deleted: what of it
    is not known here is shown as the default, with the reason. For a run there is
    ``to_runnable``.
    """
    troubles = [row.error_message] if row.error_message else []
    try:
        spec = spec_from_json(row.spec, row.id)
    except HistoryError as error:
        spec = JobSpec()
        troubles.append(str(error))
    if row.status not in list(JobStatus):
        troubles.append(f"Its status {row.status} is not known here. Update the program.")
    return _record(row, base, spec, next(iter(troubles), ""))


def to_log_row(line: LogLine, job_id: str | None) -> LogRow:
    """Return a new row for a log line; a level that is none counts as INFO."""
    level = line.level.upper()
    return LogRow(
        job_id=job_id,
        time=line.time,
        level=level if level in LEVELS else "INFO",
        stage=line.stage and line.stage.value,
        text=line.text,
    )


def to_log_line(row: LogRow) -> LogLine:
    """Return a row's log line."""
    stage = Stage(row.stage) if row.stage in list(Stage) else None
    return LogLine(row.time, row.level, row.text, stage, row.job_id)


def _known(word: str, otherwise: Word) -> Word:
    """Return a word of an enumeration, or another one in place of a newer program's."""
    kind = type(otherwise)
    return kind(word) if word in list(kind) else otherwise


def _record(row: JobRow, base: Path, spec: JobSpec, error_message: str) -> JobRecord:
    return JobRecord(
        id=row.id,
        status=_known(row.status, JobStatus.FAILED),
        stage=_known(row.stage, Stage.IMPORT),
        progress=row.progress,
        input_path=base / row.input_path,
        input_size_bytes=row.input_size_bytes,
        fingerprint=row.fingerprint,
        spec=spec,
        metadata=_metadata(row),
        job_dir=base / row.job_dir,
        app_version=row.app_version,
        created_at=row.created_at,
        updated_at=row.updated_at,
        started_at=row.started_at,
        finished_at=row.finished_at,
        error_message=error_message,
        output=_output(row, base),
        queue_position=row.queue_position,
        scene_count=row.scene_count,
        artifact_frames=row.artifact_frames,
        stop_count=row.stop_count,
        classic=_classic(row),
    )


def _classic(row: JobRow) -> ClassicTimes | None:
    values = {name: getattr(row, name) for name in CLASSIC_NAMES}
    if row.stop_count is None and all(value is None for value in values.values()):
        return None
    try:
        return ClassicTimes(**values)
    except ValueError:  # another program's: it hides no job
        return ClassicTimes()


def _metadata(row: JobRow) -> JobMetadata:
    return JobMetadata(
        series=row.series,
        race=row.race,
        notes=row.notes,
        event_date=row.event_date,
        session=_known(row.session, SessionKind.NONE),
        camera=row.camera,
    )


def _output(row: JobRow, base: Path) -> OutputFile | None:
    if row.output_path is None:
        return None
    return OutputFile(base / row.output_path, row.output_size_bytes or 0, row.output_sha256 or "")
