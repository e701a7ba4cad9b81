"""What the terminal prints: tables and bars for people, plain lines in a pipe, JSON when asked."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from datetime import date, datetime
from enum import Enum
from pathlib import Path
from typing import Any

from rich.console import Console

from codefx_desktop.domain.job import JobRecord
from codefx_desktop.domain.plan_dict import plan_to_dict
from codefx_desktop.domain.run import JobFinished

EXIT_OK = 0
EXIT_FAILED = 1
EXIT_USAGE = 2


def fail(message: str) -> None:
    """Print a message for a person on the error stream."""
    Console(stderr=True, soft_wrap=True, highlight=False).print(message, style="red", markup=False)


def say(message: str) -> None:
    """Print a plain line."""
    sys.stdout.write(message + "\n")
    sys.stdout.flush()


def counted(count: int, what: str) -> str:
    """Return a number with its noun: ``1 frame``, ``2 frames``."""
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def size_text(size_bytes: int) -> str:
    """Return a size as a person reads it, in decimal units as disks are sold."""
    amount, unit = float(size_bytes), "B"
    for larger in ("kB", "MB", "GB", "TB"):
        if round(amount) < 1000:
            break
        amount, unit = amount / 1000, larger
    return f"{amount:.1f} {unit}" if amount < 10 and unit != "B" else f"{amount:.0f} {unit}"


def say_json(value: Mapping[str, Any]) -> None:
    """Print one JSON object on one line."""
    say(json.dumps(value, default=_plain))  # ASCII: any stream takes it, whatever a file's name


def job_dict(record: JobRecord) -> dict[str, Any]:
    """Return a history row as the terminal's JSON."""
    meta = record.metadata
    return {
        "id": record.id,
        "status": record.status,
        "stage": record.stage,
        "progress": round(record.progress, 4),
        "profile": record.spec.profile,
        "plan": plan_to_dict(record.spec.plan),
        "series": meta.series,
        "race": meta.race,
        "notes": meta.notes,
        "event_date": meta.event_date,
        "session": meta.session,
        "camera": meta.camera,
        "input": {
            "path": record.input_path,
            "filename": record.input_filename,
            "size_bytes": record.input_size_bytes,
            "fingerprint": record.fingerprint,
        },
        "output": _output(record),
        "scene_count": record.scene_count,
        "artifact_frames": record.artifact_frames,
        "stop_count": record.stop_count,
        "classic": None if record.classic is None else dict(record.classic.values()),
        "error_message": record.error_message,
        "app_version": record.app_version,
        "created_at": record.created_at,
        "started_at": record.started_at,
        "finished_at": record.finished_at,
        "updated_at": record.updated_at,
    }


def finished_dict(
    record: JobRecord, finished: JobFinished, artifacts: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Return how a run went as the terminal's JSON.

    Args:
        record: The job.
        finished: How it went.
        artifacts: Folder, files and size of its artifacts; None where none were to be.
    """
    return {
        "job_id": finished.job_id,
        "clip": record.input_path,
        "status": finished.status,
        "error_message": finished.error_message,
        "frames_in": finished.frames_in,
        "frames_out": finished.frames_out,
        "fps": round(finished.frames_per_s, 2),
        "seconds": round(finished.seconds, 3),
        "stage_seconds": {
            stage.value: round(busy, 3) for stage, busy in finished.stage_seconds.items()
        },
        "output": None
        if finished.output is None
        else {
            "path": finished.output.path,
            "size_bytes": finished.output.size_bytes,
            "sha256": finished.output.sha256,
        },
        "scene_count": finished.scene_count,
        "artifact_frames": finished.artifact_frames,
        "artifacts": artifacts,
    }


def _output(record: JobRecord) -> dict[str, Any] | None:
    if record.output is None:
        return None
    return {
        "path": record.output.path,
        "filename": record.output.path.name,
        "size_bytes": record.output.size_bytes,
        "sha256": record.output.sha256,
    }


def _plain(value: object) -> object:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Path):
        return str(value)
    raise TypeError(f"no JSON for {type(value).__name__}")
