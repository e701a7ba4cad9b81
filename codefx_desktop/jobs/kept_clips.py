"""Reads each clip's packets once: keeps the outcome beside the job, shares a reading in work.

The queue reads ahead, a run needs the index, and a person looks at the clip, all at any time and
on workers of their own. Whoever comes while the clip is being read waits for that reading.
"""

from __future__ import annotations

import logging
import threading
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from codefx_desktop.domain.clip import Verdict
from codefx_desktop.domain.errors import (
    ClipError,
    ClipLost,
    ClipMissing,
    ClipRefused,
    OutputError,
)
from codefx_desktop.domain.run import Cancelled
from codefx_desktop.video.clip_file import load_clip, load_info, save_clip
from codefx_desktop.video.container import check_file, still_readable
from codefx_desktop.video.fingerprint import fingerprint
from codefx_desktop.video.packets import lost
from codefx_desktop.video.probe import ProbedClip, probe

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from codefx_desktop.domain.clip import VideoInfo
    from codefx_desktop.domain.run import CancelSignal

log = logging.getLogger(__name__)

POLL_S = 0.05


@dataclass(frozen=True, slots=True)
class WantedClip:
    """Which clip is to be opened.

    Attributes:
        path: The clip.
        kept: Where its index is kept, or is to be; None for a clip that belongs to no job.
        fingerprint: What an earlier run of the job saw; empty if none has.
        max_size_bytes: Larger files are refused; None for no limit.
    """

    path: Path
    kept: Path | None = None
    fingerprint: str = ""
    max_size_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class FoundClip:
    """A clip, and whether its index was there already."""

    clip: ProbedClip
    was_kept: bool


class KeptClips:
    """Opens clips for jobs and for viewing. Safe to be used from several workers."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._readings: dict[Path, _Reading] = {}
        self._saving = threading.Lock()
        self._forgotten: set[Path] = set()

    def open(
        self, wanted: WantedClip, progress: Callable[[float], None], cancel: CancelSignal
    ) -> FoundClip:
        """Return a clip with the exact time of every frame. Blocks.

        Args:
            wanted: Which.
            progress: Told 0 to 1 while packets are read, by whomever.
            cancel: Ends the work early.

        Raises:
            Cancelled: If the signal was seen.
            ClipMissing: If the clip is not there.
            ClipRefused: If it is not a clip this program takes, or not the one the job is about.
            ClipUnreadable: If no picture of it can be delivered.
            ClipLost: If it goes away meanwhile.
        """
        check_file(wanted.path, wanted.max_size_bytes)
        with not_missing_but_lost():
            _check_same(wanted)
            while not cancel.is_set():
                reading, is_ours = self._join(wanted)
                if is_ours:
                    self._lead(reading, wanted, progress, cancel)
                else:
                    self._follow(reading, wanted, progress, cancel)
                if reading.clip is not None:
                    return FoundClip(reading.clip, was_kept=reading.was_kept or not is_ours)
        raise Cancelled

    def info(self, kept: Path, path: Path) -> VideoInfo | None:
        """Return what was kept about a clip, though its drive may be away; None if nothing."""
        return load_info(kept, path)

    def forget(self, kept: Path) -> None:
        """Keep nothing there from now on: the job's folder is about to be removed."""
        with self._saving:
            self._forgotten.add(kept)

    def _join(self, wanted: WantedClip) -> tuple[_Reading, bool]:
        """Return the reading in work, or a new one, and whether it is the caller's to do."""
        with self._changed:
            is_new = wanted.path not in self._readings
            return self._readings.setdefault(wanted.path, _Reading(wanted.kept)), is_new

    def _lead(
        self,
        reading: _Reading,
        wanted: WantedClip,
        progress: Callable[[float], None],
        cancel: CancelSignal,
    ) -> None:
        def tell(fraction: float) -> None:
            reading.fraction = fraction
            progress(fraction)

        try:
            kept = None if wanted.kept is None else load_clip(wanted.kept, wanted.path)
            reading.was_kept = kept is not None
            reading.clip = kept or _probe(wanted.path, tell, cancel)
            if kept is None and reading.clip is not None:
                self._keep(wanted, reading.clip)
        except ClipError:
            if not cancel.is_set():  # a look that was cut short may have met no picture yet
                raise
        finally:
            with self._changed:
                del self._readings[wanted.path]
                reading.is_over = True
                self._changed.notify_all()

    def _follow(
        self,
        reading: _Reading,
        wanted: WantedClip,
        progress: Callable[[float], None],
        cancel: CancelSignal,
    ) -> None:
        """Wait for another's reading, which may come to nothing."""
        while not (reading.is_over or cancel.is_set()):
            with self._changed:
                if not reading.is_over:
                    self._changed.wait(POLL_S)
            progress(reading.fraction)
        if reading.clip is not None and wanted.kept != reading.kept:
            self._keep(wanted, reading.clip)

    def _keep(self, wanted: WantedClip, clip: ProbedClip) -> None:
        """Keep a clip beside its job; where that fails, it will be read again, and no more."""
        if wanted.kept is None or not clip.info.fingerprint:
            return
        with self._saving:
            if wanted.kept in self._forgotten:
                return
            try:
                save_clip(wanted.kept, clip)
            except OutputError as error:
                log.warning("The index of %s is not kept: %s", wanted.path, error)


@dataclass(slots=True)
class _Reading:
    """One reading in work, as those who wait for it see it; its clip is None if it failed."""

    kept: Path | None
    was_kept: bool = False
    fraction: float = 0.0
    clip: ProbedClip | None = None
    is_over: bool = False


@contextmanager
def not_missing_but_lost() -> Iterator[None]:
    """A clip that was read and then is not there went away: the job can go on when it is back.

    Raises:
        ClipLost: For ClipMissing.
    """
    try:
        yield
    except ClipMissing as error:
        message = f"Source missing: {error.message}"
        hint = "Connect its drive again and run the job again."
        raise ClipLost(message, hint=hint, path=error.path) from error


def _check_same(wanted: WantedClip) -> None:
    if wanted.fingerprint and fingerprint(wanted.path) != wanted.fingerprint:
        raise ClipRefused(
            f"{wanted.path.name} is not the file this job was begun with: its content differs.",
            hint="Put the former file back, or add this one as a new job.",
            path=wanted.path,
        )


def _probe(
    path: Path, progress: Callable[[float], None], cancel: CancelSignal
) -> ProbedClip | None:
    """Read a clip's packets; None if that was cut short."""
    before = fingerprint(path)
    clip = probe(path, progress=progress, cancel=cancel)
    if cancel.is_set():
        return None
    # Some demuxers take a drive that went away for the end of the file.
    if clip.info.verdict is not Verdict.OK and (detail := still_readable(path)):
        raise lost(path, detail, clip.info.frames)
    try:
        after, size = fingerprint(path), check_file(path).st_size
    except ClipError as error:
        detail = still_readable(path) or error.message
        raise lost(path, detail, clip.info.frames) from error
    if size < clip.info.size_bytes:
        raise lost(path, "it has become shorter", clip.info.frames)
    # A file that is still being copied has no fingerprint that would be its own.
    return replace(clip, info=replace(clip.info, fingerprint=after if after == before else ""))
