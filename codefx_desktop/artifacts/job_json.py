"""``job.json``: a history row beside the job's files, so that either can bring back the other.

Format, version 1: ``version``, the fields of ``JobRecord`` by name (times in ISO 8601 with zone,
``spec`` and ``metadata`` as in ``domain.job_dict``), the output's path relative to the job's
folder where it is inside, so that the folder can be moved. The job's folder is where the file is
found, never what the file says. Files of earlier programs lack ``scene_count``,
``artifact_frames``, ``stop_count`` and ``classic``, which are then not known.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from codefx_desktop.domain.classic import CLASSIC_NAMES, ClassicTimes
from codefx_desktop.domain.errors import HistoryError, NotWritable
from codefx_desktop.domain.job import JobRecord, JobStatus, OutputFile, Stage
from codefx_desktop.domain.job_dict import (
    metadata_from_dict,
    metadata_to_dict,
    spec_from_dict,
    spec_to_dict,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from codefx_desktop.artifacts.layout import JobLayout

JOB_JSON_VERSION = 1
_UNREADABLE = (
    *(OSError, ValueError, LookupError, TypeError, AttributeError),
    *(OverflowError, RecursionError),  # an infinite size, brackets without end
)


def write_job_json(record: JobRecord, layout: JobLayout) -> Path:
    """Write ``job.json`` whole or not at all: a reader never sees half of it.

    Raises:
        NotWritable: If the folder cannot be written to.
    """
    path = layout.job_json
    text = json.dumps(_to_dict(record, layout), indent=2) + "\n"
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with part.open("w", encoding="ascii", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise NotWritable(
            f"{path} could not be written: {error.strerror or error}.",
            hint="Free some space or change the folder's permissions.",
            path=path,
            job_id=record.id,
        ) from error
    return path


def read_job_json(layout: JobLayout) -> JobRecord:
    """Return the row that ``job.json`` holds.

    Raises:
        HistoryError: If the file is missing, damaged, of a newer version or of another job.
    """
    path = layout.job_json
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        return _from_dict(values, layout)
    except _UNREADABLE as error:
        reason = f"{error.args[0]} is missing" if isinstance(error, KeyError) else str(error)
        raise HistoryError(
            f"{path} cannot be read: {reason}.",
            hint="The job's other files are untouched.",
            path=path,
            job_id=layout.job_id,
        ) from error


def _to_dict(record: JobRecord, layout: JobLayout) -> dict[str, Any]:
    return {
        "version": JOB_JSON_VERSION,
        "id": record.id,
        "status": record.status.value,
        "stage": record.stage.value,
        "progress": record.progress,
        "input_path": str(record.input_path),
        "input_size_bytes": record.input_size_bytes,
        "fingerprint": record.fingerprint,
        "spec": spec_to_dict(record.spec),
        "metadata": metadata_to_dict(record.metadata),
        "app_version": record.app_version,
        "created_at": record.created_at.isoformat(),
        "updated_at": record.updated_at.isoformat(),
        "started_at": record.started_at and record.started_at.isoformat(),
        "finished_at": record.finished_at and record.finished_at.isoformat(),
        "error_message": record.error_message,
        "output": record.output and _output_to_dict(record.output, layout.dir),
        "scene_count": record.scene_count,
        "artifact_frames": record.artifact_frames,
        "stop_count": record.stop_count,
        "classic": record.classic and dict(record.classic.values()),
    }


def _from_dict(values: Mapping[str, Any], layout: JobLayout) -> JobRecord:
    if values["version"] != JOB_JSON_VERSION:
        raise ValueError(f"its version is {values['version']}, not {JOB_JSON_VERSION}")
    if values["id"] != layout.job_id:
        raise ValueError(f"it is of job {values['id']}")
    return JobRecord(
        id=layout.job_id,
        status=JobStatus(values["status"]),
        stage=Stage(values["stage"]),
        progress=_fraction(values["progress"]),
        input_path=Path(values["input_path"]),
        input_size_bytes=int(values["input_size_bytes"]),
        fingerprint=str(values["fingerprint"]),
        spec=spec_from_dict(values["spec"]),
        metadata=metadata_from_dict(values["metadata"]),
        job_dir=layout.dir,
        app_version=str(values["app_version"]),
        created_at=_moment(values["created_at"]),
        updated_at=_moment(values["updated_at"]),
        started_at=_moment(values["started_at"]) if values["started_at"] else None,
        finished_at=_moment(values["finished_at"]) if values["finished_at"] else None,
        error_message=str(values["error_message"]),
        output=_output_from_dict(values["output"], layout.dir) if values["output"] else None,
        scene_count=_count(values, "scene_count"),
        artifact_frames=_count(values, "artifact_frames"),
        stop_count=_count(values, "stop_count"),
        classic=_classic(values.get("classic")),
    )


def _output_to_dict(output: OutputFile, folder: Path) -> dict[str, Any]:
    inside = output.path.is_relative_to(folder)
    path = output.path.relative_to(folder).as_posix() if inside else str(output.path)
    return {"path": path, "size_bytes": output.size_bytes, "sha256": output.sha256}


def _output_from_dict(values: Mapping[str, Any], folder: Path) -> OutputFile:
    return OutputFile(
        folder / Path(values["path"]), int(values["size_bytes"]), str(values["sha256"])
    )


def _fraction(value: float) -> float:
    if not 0.0 <= value <= 1.0:
        raise ValueError(f"its progress is {value}")
    return float(value)


def _count(values: Mapping[str, Any], name: str) -> int | None:
    count = values.get(name)
    if count is None:
        return None
    if type(count) is not int or count < 0:
        raise ValueError(f"{name} is {count}")
    return count


def _classic(values: Mapping[str, float | None] | None) -> ClassicTimes | None:
    if values is None:
        return None
    given = {name: values.get(name) for name in CLASSIC_NAMES}
    for name, value in given.items():
        if value is not None and type(value) not in (int, float):
            raise ValueError(f"{name} is {value!r}")
    return ClassicTimes(
        **{name: None if value is None else float(value) for name, value in given.items()}
    )


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"the time {text} has no zone")
    return moment
