"""Up to where everybody reads what follows from a job's review, noted beside it."""

from __future__ import annotations

import logging
import os
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from codefx_desktop.domain.errors import HistoryError
from codefx_desktop.jobs.review_aside import has_aside
from codefx_desktop.store.detections import DetectionReader
from codefx_desktop.store.review_file import ReviewFile

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from codefx_desktop.artifacts.layout import JobLayout
    from codefx_desktop.domain.edit_log import LogEntry

log = logging.getLogger(__name__)

SETTLED_NAME: Final = ".review.settled"
"""Beside the review; a name that begins with a dot is never pushed."""
_CLOCK_NS: Final = 50_000_000
"""Files are dated by a clock that is behind by less than this."""


def is_settled(layout: JobLayout) -> bool:
    """Return whether everybody reads what follows from a job's review.

    Raises:
        CodefxError: If the review or what the job found cannot be read.
    """
    if has_aside(layout) or not layout.review.is_file():
        return not has_aside(layout)
    with suppress(OSError):
        noted = layout.review.with_name(SETTLED_NAME)
        at, known = noted.stat().st_mtime_ns, noted.read_text(encoding="utf-8")
        if all(_changed_ns(path) < at for path in _files(layout)):
            return True
        looked_ns = time.time_ns() - _CLOCK_NS
        with ReviewFile(layout.review) as file, DetectionReader(layout.detections) as reader:
            is_same = known == _state(file.entries(), reader.run)
        if is_same:
            os.utime(
                noted, ns=(looked_ns, looked_ns)
            )  # only what does not matter changed; the next look is quick again
            return True
    return False


def note_settled(layout: JobLayout, entries: Sequence[LogEntry], run: str) -> None:
    """Note that what follows from a log with these entries, over this run, is told."""
    if not entries:
        return
    noted, looked_ns = layout.review.with_name(SETTLED_NAME), time.time_ns() - _CLOCK_NS
    try:
        with ReviewFile(layout.review) as file:
            if len(file.entries()) != len(entries):
                return  # a step came meanwhile: nothing follows it yet
        noted.write_text(_state(entries, run), encoding="utf-8")
        # As old as the look: what is written after it is newer than the note.
        os.utime(noted, ns=(looked_ns, looked_ns))
    except (OSError, HistoryError) as error:  # all that is lost is time, at the next start
        log.warning("It was not noted that %s is settled: %s", layout.review, error)


def _state(entries: Sequence[LogEntry], run: str) -> str:
    """Return what tells a log from others: it grows at its end, or by what comes in before it."""
    return f"{len(entries)} {entries[-1].key} {run}" if entries else ""


def _files(layout: JobLayout) -> Iterator[Path]:
    for path in (layout.review, layout.detections):
        yield from (path, path.with_name(f"{path.name}-wal"))


def _changed_ns(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except FileNotFoundError:
        return 0
