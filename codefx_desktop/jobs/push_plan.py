"""What a push sends: the files of a job as pieces with keys, types and an order.

Small results go first and the source last, so that on a network of a few minutes there is
something to look at on the other side. Links are never followed.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from codefx_desktop.artifacts.manifest import CONTENT_TYPE
from codefx_desktop.domain.errors import ClipMissing, JobStateError, NotWritable
from codefx_desktop.domain.push import (
    Piece,
    Priority,
    PushEstimate,
    PushPart,
)
from codefx_desktop.jobs.work import layout_of
from codefx_desktop.store.detection_copy import copy_detections, copy_review
from codefx_desktop.store.outbox import Wanted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codefx_desktop.artifacts.layout import JobLayout
    from codefx_desktop.domain.job import JobRecord
    from codefx_desktop.domain.push import Push, PushOptions
    from codefx_desktop.store.outbox import Outbox

CONTENT_TYPES: Final = {
    ".mp4": "video/mp4",
    ".m4v": "video/x-m4v",
    ".mov": "video/quicktime",
    ".mkv": "video/x-matroska",
    ".webm": "video/webm",
    ".avi": "video/x-msvideo",
    ".mts": "video/mp2t",
    ".m2ts": "video/mp2t",
    ".ts": "video/mp2t",
    ".mpg": "video/mpeg",
    ".mpeg": "video/mpeg",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".json": CONTENT_TYPE,
    ".toon": "application/x-toon",
    ".csv": "text/csv",
    ".txt": "text/plain",
    ".pdf": "application/pdf",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".sqlite": "application/vnd.sqlite3",
}
"""Source: IANA's registry of media types; ``application/x-toon`` is TOON's own proposal."""
ANY_TYPE: Final = "application/octet-stream"
ANY_EXTENSION: Final = "bin"

_NOT_PUSHED: Final = (".part", ".lock", "-wal", "-shm", "-journal")
_EXTENSION: Final = re.compile(r"\.[0-9A-Za-z]{1,8}")
_NUMBERS: Final = re.compile(r"(\d+)")
_PRIORITIES: Final = {
    PushPart.REPORT: Priority.RESULT,
    PushPart.ANALYSIS: Priority.ANALYSIS,
    PushPart.FRAMES: Priority.FRAME,
    PushPart.OUTPUT: Priority.VIDEO,
    PushPart.SOURCE: Priority.SOURCE,
}


@dataclass(frozen=True, slots=True)
class Found:
    """A file of a job.

    Attributes:
        part: What it belongs to; None: it always goes.
        path: Where it is.
        size_bytes: Its size.
        modified_ns: When it was changed last.
    """

    part: PushPart | None
    path: Path
    size_bytes: int
    modified_ns: int


def queue_push(
    outbox: Outbox,
    record: JobRecord,
    target: str,
    options: PushOptions,
    staging: Path,
    source: Path | None = None,
) -> Push:
    """Add a job's push to the outbox, or renew it; blocks while files are listed.

    Args:
        outbox: Where to.
        record: The job.
        target: Name of the target.
        options: What it is to do.
        staging: Folder for what is made for pushing only.
        source: Where the clip is, if it is to go and is not where it was.

    Raises:
        ClipMissing: If the source is to go and is not there.
        JobStateError: If the job is not finished, or has nothing to push.
        HistoryError: If its detections or the outbox are damaged.
        NotWritable: If something cannot be read or written.
        NoSpace: If the disk is full.
    """
    return outbox.add(plan_push(record, target, options, staging, source))


def plan_push(
    record: JobRecord, target: str, options: PushOptions, staging: Path, source: Path | None = None
) -> Wanted:
    """Return a job's push as the outbox takes it; see ``queue_push``."""
    if not record.status.is_final:
        raise JobStateError(
            f"{record.input_filename} is not finished yet (status {record.status}).",
            hint="Push it when it is.",
            job_id=record.id,
        )
    layout = layout_of(record)
    chosen = [
        found for found in _files(layout) if found.part is None or found.part in options.parts
    ]
    pieces = [_piece(layout, found, staging) for found in chosen]
    if PushPart.SOURCE in options.parts:
        pieces.append(_source(layout, source or record.input_path))
    if not pieces:
        raise JobStateError(
            f"There is nothing of {record.input_filename} to push.",
            hint="Its files were moved or deleted; run it again.",
            job_id=record.id,
        )
    pieces.append(_manifest(layout))
    parts = {found.part for found in chosen} | ({PushPart.SOURCE} & options.parts)
    kept = tuple(_prefix(layout, part) for part in PushPart if part not in parts)
    return Wanted(record.id, record.input_filename, target, options, pieces, kept)


def estimate(record: JobRecord, source: Path | None = None) -> PushEstimate:
    """Return what a push of each part would send now; blocks while files are listed."""
    result = PushEstimate({}, {})
    for found in _files(layout_of(record)):
        if found.part is not None:
            _count(result, found.part, found.size_bytes)
    try:
        size = (source or record.input_path).stat().st_size
    except OSError:
        return result
    _count(result, PushPart.SOURCE, size)
    return result


def content_type(path: Path) -> str:
    """Return the media type of a file by its name."""
    return CONTENT_TYPES.get(path.suffix.lower(), ANY_TYPE)


def _count(result: PushEstimate, part: PushPart, size_bytes: int) -> None:
    result.files[part] = result.files.get(part, 0) + 1
    result.size_bytes[part] = result.size_bytes.get(part, 0) + size_bytes


def _files(layout: JobLayout) -> Iterator[Found]:
    """Yield a job's files that may be pushed, each kind by name with numbers in their order."""
    folders = {
        PushPart.REPORT: layout.report_dir,
        PushPart.ANALYSIS: layout.analysis_dir,
        PushPart.FRAMES: layout.dir / "frames",
        PushPart.OUTPUT: layout.output_dir,
    }
    try:
        if layout.job_json.is_file():
            stat = layout.job_json.stat()
            yield Found(None, layout.job_json, stat.st_size, stat.st_mtime_ns)
        for part, folder in folders.items():
            yield from sorted(_below(folder, part), key=lambda found: _in_order(found.path))
    except OSError as error:
        raise NotWritable(
            f"The job folder {layout.dir} cannot be read: {error.strerror or error}.",
            hint="Connect its drive, or change its permissions.",
            path=layout.dir,
            job_id=layout.job_id,
        ) from error


def _below(folder: Path, part: PushPart) -> Iterator[Found]:
    if folder.is_symlink() or not folder.is_dir():
        return
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith(".") or entry.name.endswith(_NOT_PUSHED):
                continue
            if entry.is_dir(follow_symlinks=False):
                yield from _below(Path(entry.path), part)
            elif entry.is_file(follow_symlinks=False):
                # Not the entry's own: on Windows that lags behind for files just written.
                stat = Path(entry.path).stat()
                yield Found(part, Path(entry.path), stat.st_size, stat.st_mtime_ns)


def _in_order(path: Path) -> tuple[str, ...]:
    """Return a key that sorts ``frame_9`` before ``frame_10``."""
    return tuple(
        text.zfill(12) if text.isdecimal() else text for text in _NUMBERS.split(path.as_posix())
    )


def _piece(layout: JobLayout, found: Found, staging: Path) -> Piece:
    path, size_bytes, modified_ns = found.path, found.size_bytes, found.modified_ns
    copies = {layout.detections: copy_detections, layout.review: copy_review}
    if copy := copies.get(path):
        path = staging / layout.job_id / path.name
        copy(found.path, path)
        stat = path.stat()
        size_bytes, modified_ns = stat.st_size, stat.st_mtime_ns
    return Piece(
        push_id=0,
        key=layout.key(found.path),
        path=path,
        size_bytes=size_bytes,
        content_type=content_type(found.path),
        priority=_priority(layout, found),
        modified_ns=modified_ns,
    )


def _priority(layout: JobLayout, found: Found) -> Priority:
    is_summary = found.path.parent == layout.analysis_dir and found.path.stem == "job"
    if found.part is None or is_summary:
        return Priority.RESULT
    return _PRIORITIES[found.part]


def _source(layout: JobLayout, path: Path) -> Piece:
    try:
        stat = path.stat()
    except OSError as error:
        raise ClipMissing(
            f"The source {path} is not there: {error.strerror or error}.",
            hint="Connect its drive, or push without the source.",
            path=path,
            job_id=layout.job_id,
        ) from error
    extension = path.suffix if _EXTENSION.fullmatch(path.suffix) else ANY_EXTENSION
    return Piece(
        push_id=0,
        key=layout.key(layout.source(extension)),
        path=path,
        size_bytes=stat.st_size,
        content_type=content_type(path),
        priority=Priority.SOURCE,
        modified_ns=stat.st_mtime_ns,
    )


def _manifest(layout: JobLayout) -> Piece:
    """Return the manifest's piece: it has no file, and is made when all others are verified."""
    return Piece(
        push_id=0,
        key=layout.key(layout.manifest),
        path=layout.manifest,
        size_bytes=0,
        content_type=CONTENT_TYPE,
        priority=Priority.MANIFEST,
    )


def _prefix(layout: JobLayout, part: PushPart) -> str:
    folder = "input" if part is PushPart.SOURCE else part.value
    return f"{layout.key(layout.dir / folder)}/"
