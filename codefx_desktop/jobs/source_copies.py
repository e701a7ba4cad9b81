"""The app's own copies of sources, ``TEMP_MEDIA_DIR/<job_id>/input/source.<ext>``, and who may go.

A copy is made on request (a removable drive that will leave) or by fetching a job. When its bytes
were pushed and verified it goes, if the policy says so; one that stays is marked by a small JSON
beside it, ``source.<ext>.kept.json``: ``version`` 1, ``job_id``, ``since`` (ISO 8601), ``reason``
(``policy`` or ``not pushed``).

Nothing outside the folder is ever touched, no link followed, and never the person's original:
only what has exactly this name in a folder named like a job counts as a copy.
"""

from __future__ import annotations

import json
import logging
import re
import shutil
import stat
import time
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from codefx_desktop.domain.errors import ClipMissing, NoSpace, NotWritable
from codefx_desktop.domain.push import PieceState
from codefx_desktop.jobs.checked_copy import copy_checked
from codefx_desktop.jobs.push_files import sha256_of, state_of
from codefx_desktop.jobs.until import NEVER

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from codefx_desktop.domain.job import JobRecord
    from codefx_desktop.domain.models import Transfer
    from codefx_desktop.domain.push import Piece, Push
    from codefx_desktop.domain.run import CancelSignal

log = logging.getLogger(__name__)

STALE_S: Final = 24 * 3600.0
"""What nobody has written to for so long is left over."""
SPARE_BYTES: Final = 64 * 1024 * 1024
"""Stays free on the disk: the history must still be able to write."""
MARK_VERSION: Final = 1

_JOB: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_COPY: Final = re.compile(r"source\.[0-9a-z]{1,8}")
_MARK_SUFFIX: Final = ".kept.json"


class SourceCopies:
    """Makes, finds and removes copies of sources. Blocks; belongs on a worker.

    Args:
        folder: ``TEMP_MEDIA_DIR``.
        removes: Whether a copy goes when it was pushed, where a push does not say.
    """

    def __init__(self, folder: Path, *, removes: bool) -> None:
        self._folder = folder
        self._removes = removes

    def find(self, job_id: str) -> Path | None:
        """Return the copy of a job's source, if there is one."""
        home = self._input(job_id)
        if home is None:
            return None
        found = [path for path in _files(home) if _COPY.fullmatch(path.name)]
        return min(found, default=None)

    def source_of(self, record: JobRecord) -> Path:
        """Return what stands for a job's source: the copy, which stays, before the original."""
        return self.find(record.id) or record.input_path

    def make(
        self, record: JobRecord, progress: Callable[[Transfer], None], cancel: CancelSignal
    ) -> Path:
        """Copy a job's source, compared byte by byte; return the copy, old or new.

        Raises:
            Cancelled: If the signal was seen.
            ClipMissing: If the source is not there.
            NoSpace: If the disk cannot hold it.
            NotWritable: If the folder cannot be written to.
            OutputError: If it was not copied well.
        """
        if (there := self.find(record.id)) is not None:
            return there
        source = record.input_path
        if not source.is_file():
            raise ClipMissing(
                f"The source {source} is not there.",
                hint="Connect its drive and try again.",
                path=source,
                job_id=record.id,
            )
        suffix = source.suffix.lower()
        name = f"source{suffix}" if _COPY.fullmatch(f"source{suffix}") else "source.bin"
        target = self._folder / record.id / "input" / name
        if self._input(record.id) is None and target.parent.exists():
            raise NotWritable(f"{target.parent} is a link.", hint="Remove it.", path=target)
        self._require_space(source)
        copy_checked(source, target, sha256_of(source, cancel), progress, cancel)
        return target

    def settle(self, push: Push, source: Piece | None) -> None:
        """Remove or mark the copy of a job that was just pushed and verified.

        Args:
            push: The push.
            source: Its source's piece; None where the source was not pushed.

        Raises:
            NotWritable: If the copy can be neither removed nor marked.
        """
        copy = self.find(push.job_id)
        if copy is None:
            return
        chosen = push.options.remove_source_copy
        is_to_go = self._removes if chosen is None else chosen
        try:
            if not _is_what_was_pushed(copy, source):
                _mark(copy, push.job_id, "not pushed")
            elif is_to_go:
                self._remove(copy)
            else:
                _mark(copy, push.job_id, "policy")
        except OSError as error:
            raise NotWritable(
                f"{copy} could not be removed: {error.strerror or error}.",
                hint="Close programs that have it open and remove it by hand.",
                path=copy,
                job_id=push.job_id,
            ) from error

    def sweep(self, now_s: float | None = None) -> int:
        """Remove what copying and fetching left over a day ago; return how many files went.

        Sources, their marks, and whatever is not in a job's folder stay.
        """
        limit = (time.time() if now_s is None else now_s) - STALE_S
        removed = 0
        for home in self._homes():
            for path in _files_below(home):
                if path.parent == home / "input" and _is_kept(path.name):
                    continue
                with suppress(OSError):
                    if path.lstat().st_mtime < limit:
                        path.unlink()
                        removed += 1
                        log.info("Removed %s, which was left over", path)
            _remove_empty(home)
        return removed

    def _homes(self) -> Iterator[Path]:
        """Yield the folders of jobs."""
        with suppress(OSError):
            yield from [
                path
                for path in sorted(self._folder.iterdir())
                if _JOB.fullmatch(path.name) and _is_folder(path)
            ]

    def _input(self, job_id: str) -> Path | None:
        """Return the folder of a job's copy, if it is there and no link leads to it."""
        home = self._folder / job_id
        if not _JOB.fullmatch(job_id) or not _is_folder(home) or not _is_folder(home / "input"):
            return None
        return home / "input"

    def _remove(self, copy: Path) -> None:
        _mark_path(copy).unlink(missing_ok=True)
        copy.unlink()
        log.info("Removed %s: it was pushed and verified", copy)
        _remove_empty(copy.parent.parent)

    def _require_space(self, source: Path) -> None:
        wanted = source.stat().st_size + SPARE_BYTES
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            free = shutil.disk_usage(self._folder).free
        except OSError as error:
            raise NotWritable(
                f"{self._folder} cannot be used: {error.strerror or error}.",
                hint="Change its permissions or choose another (TEMP_MEDIA_DIR).",
                path=self._folder,
            ) from error
        if free < wanted:
            raise NoSpace(
                f"A copy of {source.name} needs {wanted / 1e6:,.0f} MB in {self._folder}, and "
                f"{free / 1e6:,.0f} MB are free.",
                hint="Free some space, or choose another folder (TEMP_MEDIA_DIR).",
                path=self._folder,
            )


def _is_what_was_pushed(copy: Path, source: Piece | None) -> bool:
    if source is None or source.state is not PieceState.VERIFIED:
        return False
    size_bytes, modified_ns = state_of(copy)
    if size_bytes != source.size_bytes:
        return False
    if copy == source.path and modified_ns == source.modified_ns:
        return True
    return sha256_of(copy, NEVER) == source.sha256


def _mark(copy: Path, job_id: str, reason: str) -> None:
    since = datetime.now(UTC).isoformat(timespec="seconds")
    values = {"version": MARK_VERSION, "job_id": job_id, "since": since, "reason": reason}
    _mark_path(copy).write_text(json.dumps(values) + "\n", encoding="ascii")


def _mark_path(copy: Path) -> Path:
    return copy.with_name(copy.name + _MARK_SUFFIX)


def _is_kept(name: str) -> bool:
    return _COPY.fullmatch(name.removesuffix(_MARK_SUFFIX)) is not None


def _is_folder(path: Path) -> bool:
    """Return whether there is a folder, and no link or junction to one."""
    try:
        is_one = stat.S_ISDIR(path.lstat().st_mode)
        return is_one and path.resolve() == path.parent.resolve() / path.name
    except OSError:
        return False


def _files(folder: Path) -> list[Path]:
    """Return regular files in a folder; links are none."""
    try:
        return [path for path in folder.iterdir() if stat.S_ISREG(path.lstat().st_mode)]
    except OSError:
        return []


def _files_below(folder: Path) -> Iterator[Path]:
    yield from _files(folder)
    with suppress(OSError):
        for path in sorted(folder.iterdir()):
            if _is_folder(path):
                yield from _files_below(path)


def _remove_empty(home: Path) -> None:
    for folder in (home / "input", home):
        with suppress(OSError):  # something is left in it
            folder.rmdir()
