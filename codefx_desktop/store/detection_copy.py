"""Copies a job's databases as they are at one instant, also while somebody has them open."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, suppress
from typing import TYPE_CHECKING

from codefx_desktop.domain.errors import NotWritable
from codefx_desktop.store.connection import BUSY_TIMEOUT_MS, translated
from codefx_desktop.store.detection_format import RERUN_HINT
from codefx_desktop.store.opening import read_only_uri
from codefx_desktop.store.review_opening import DAMAGE_HINT

if TYPE_CHECKING:
    from pathlib import Path


def copy_detections(source: Path, target: Path) -> None:
    """Make ``target`` a copy of a detections file: one file, whole, with its time of change.

    Nothing happens where ``target`` is of this time already.

    Raises:
        HistoryError: If the detections are damaged.
        NotWritable: If the copy cannot be written.
        NoSpace: If the disk is full.
    """
    _copy(source, target, RERUN_HINT)


def copy_review(source: Path, target: Path) -> None:
    """Make ``target`` a copy of a review file; as ``copy_detections`` does.

    Raises:
        HistoryError: If the review is damaged.
        NotWritable: If the copy cannot be written.
        NoSpace: If the disk is full.
    """
    _copy(source, target, DAMAGE_HINT)


def _copy(source: Path, target: Path, damage_hint: str) -> None:
    modified_ns = _modified_ns(source)
    if target.is_file() and target.stat().st_mtime_ns == modified_ns:
        return
    part = target.with_name(f"{target.name}.{os.getpid()}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        part.unlink(missing_ok=True)
        _backup(source, part, damage_hint)
        _forget_changes(part)
        os.utime(part, ns=(modified_ns, modified_ns))
        part.replace(target)
    except OSError as error:
        raise NotWritable(
            f"{target} could not be written: {error.strerror or error}.",
            hint="Free some space or change the folder's permissions.",
            path=target,
        ) from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def _backup(source: Path, part: Path, damage_hint: str) -> None:
    timeout = BUSY_TIMEOUT_MS / 1000
    with (
        translated(source, damage_hint),
        closing(sqlite3.connect(read_only_uri(source), timeout=timeout, uri=True)) as before,
        closing(sqlite3.connect(part)) as copy,
    ):
        before.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")  # a copy is one file: no log beside it


def _forget_changes(part: Path) -> None:
    """Have the same content be the same bytes, whichever way the original was written.

    Source: the SQLite file format, offsets 24 and 92: how often a file was changed, twice.
    """
    with part.open("r+b") as file:
        for place in (24, 92):
            file.seek(place)
            file.write((1).to_bytes(4, "big"))


def _modified_ns(source: Path) -> int:
    """Return when the file, or the log beside it, was changed last."""
    found = []
    for suffix in ("", "-wal", "-journal"):
        with suppress(FileNotFoundError):
            found.append(source.with_name(source.name + suffix).stat())
    # Reading leaves an empty log behind, which changes nothing.
    return max((stat.st_mtime_ns for stat in found if stat.st_size), default=0)
