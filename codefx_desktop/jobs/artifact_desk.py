"""The artifacts of one job for the screen: which there are, and what is in one of them."""

from __future__ import annotations

import logging
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QDeadlineTimer, QObject, Signal

from codefx_desktop.domain.errors import CodefxError
from codefx_desktop.domain.run import Cancelled
from codefx_desktop.jobs.artifact_values import (
    ArtifactFile,
    ArtifactList,
    ArtifactPicture,
    ArtifactState,
    FrameNotes,
    FullPicture,
    ShownArtifact,
    empty_list,
)
from codefx_desktop.jobs.newest_calls import NewestCalls
from codefx_desktop.jobs.pools import Pool, new_pool
from codefx_desktop.jobs.viewing import unexpected

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from codefx_desktop.domain.run import CancelSignal
    from codefx_desktop.jobs.artifact_calls import ArtifactCalls

log = logging.getLogger(__name__)

SHUTDOWN_MS: Final = 3_000


class ArtifactDesk(QObject):
    """Lists and shows the artifacts of a job; lives in the main thread, works on workers.

    Every call returns at once. Of several requests of a kind only the newest counts, and answers
    about a job that is no longer open are dropped. Call ``shutdown`` before letting go of it; the
    hub does so for those it made.

    Args:
        files_of: Returns what reads artifacts. Called on a worker; may block until the signal it
            is given is set.
        parent: The owner.
        new_pool: Makes a pool with so many workers.
    """

    listed = Signal(object)
    """``ArtifactList``: at once, and again when its bytes are counted."""
    described = Signal(object)
    """``FrameNotes``"""
    shown = Signal(object)
    """``ShownArtifact``"""
    fetched = Signal(object)
    """``FullPicture``"""

    _arrived = Signal(object)

    def __init__(
        self,
        files_of: Callable[[CancelSignal], ArtifactCalls],
        parent: QObject | None = None,
        *,
        new_pool: Callable[[int], Pool] = new_pool,
    ) -> None:
        super().__init__(parent)
        self._files_of = files_of
        # A person who steps through frames waits for no list, and neither for what rows say.
        self._lists, self._notes, self._shows = (NewestCalls(new_pool(1)) for _ in range(3))
        self._job_id: str | None = None
        self._closing = False
        # Emitted on workers, which queues it; delivered in this thread.
        self._arrived.connect(self._deliver)

    def open(self, job_id: str) -> None:
        """List the artifacts of a job; of the one that is open, look again."""
        if job_id != self._job_id:
            self.close()
            self._job_id = job_id
        self._lists.ask("list", lambda: self._list(job_id))

    def close(self) -> None:
        """Have no job open."""
        self._job_id = None
        for calls in self._calls():
            calls.clear()

    def describe(self, numbers: Sequence[int]) -> None:
        """Ask what was found in some frames of the job, at best those in sight."""
        job_id, wanted = self._job_id, tuple(numbers)
        if job_id is not None:
            self._notes.ask("describe", lambda: self._describe(job_id, wanted))

    def show(self, number: int, kinds: ArtifactFile, at_most: tuple[int, int]) -> None:
        """Ask for one frame of the job.

        Args:
            number: Of the frame.
            kinds: Which pictures of it.
            at_most: Width and height of the place of each picture in pixels of the screen.
        """
        job_id = self._job_id
        if job_id is not None:
            self._shows.ask("show", lambda: self._show(job_id, number, kinds, at_most))

    def fetch(self, number: int, kind: ArtifactFile) -> None:
        """Ask for a picture of the job of its full size."""
        job_id = self._job_id
        if job_id is not None:
            self._shows.ask("fetch", lambda: self._fetch(job_id, number, kind))

    def shutdown(self) -> None:
        """End all work, wait three seconds at most."""
        if self._closing:
            return
        self._closing = True
        self.close()
        deadline = QDeadlineTimer(SHUTDOWN_MS)
        for calls in self._calls():
            calls.close()
        if not all(calls.wait(deadline.remainingTime()) for calls in self._calls()):
            log.warning("A worker of the artifact desk did not end within %d ms", SHUTDOWN_MS)

    # -- inside: on workers -------------------------------------------------------------------

    def _list(self, job_id: str) -> None:
        try:
            found = self._files(job_id).list(job_id, _Left(self, job_id))
        except Cancelled:
            return
        except CodefxError as error:
            found = empty_list(job_id, ArtifactState.UNREADABLE, str(error), Path())
        except Exception as error:
            log.exception("The artifacts of job %s could not be listed", job_id)
            found = empty_list(job_id, ArtifactState.UNREADABLE, unexpected(error), Path())
        self._tell(found)
        if found.state is not ArtifactState.UNREADABLE:
            self._lists.ask("measure", lambda: self._measure(found))

    def _measure(self, found: ArtifactList) -> None:
        began = time.perf_counter()
        try:
            size = self._files(found.job_id).measure(found.job_id, _Left(self, found.job_id))
        except (Cancelled, CodefxError):
            return
        took_s = found.took_s + time.perf_counter() - began
        self._tell(replace(found, size_bytes=size, took_s=took_s))

    def _describe(self, job_id: str, numbers: tuple[int, ...]) -> None:
        try:
            notes = self._files(job_id).describe(job_id, numbers, _Left(self, job_id))
        except (Cancelled, CodefxError):
            return  # the list tells what is wrong with the job
        self._tell(FrameNotes(job_id, notes))

    def _show(
        self, job_id: str, number: int, kinds: ArtifactFile, at_most: tuple[int, int]
    ) -> None:
        try:
            self._tell(self._files(job_id).read(job_id, number, kinds, at_most))
        except (Cancelled, CodefxError):
            return

    def _fetch(self, job_id: str, number: int, kind: ArtifactFile) -> None:
        try:
            picture = self._files(job_id).picture(job_id, number, kind)
        except Cancelled:
            return
        except CodefxError as error:
            picture = ArtifactPicture(kind, Path(), trouble=str(error))
        self._tell(FullPicture(job_id, number, picture))

    def _files(self, job_id: str) -> ArtifactCalls:
        return self._files_of(_Left(self, job_id))

    def _tell(self, value: object) -> None:
        if not self._closing:
            self._arrived.emit(value)

    # -- inside: in the main thread -----------------------------------------------------------

    def _deliver(self, value: object) -> None:
        if getattr(value, "job_id", None) != self._job_id:
            return
        if isinstance(value, ArtifactList):
            self.listed.emit(value)
        elif isinstance(value, FrameNotes):
            self.described.emit(value)
        elif isinstance(value, ShownArtifact):
            self.shown.emit(value)
        elif isinstance(value, FullPicture):
            self.fetched.emit(value)

    def _calls(self) -> tuple[NewestCalls, ...]:
        return self._lists, self._notes, self._shows

    def is_open(self, job_id: str) -> bool:
        """Return whether a job is the one that is open; may be asked on any thread."""
        return job_id == self._job_id and not self._closing


class _Left:
    """The signal that a job is no longer the one that is open."""

    def __init__(self, desk: ArtifactDesk, job_id: str) -> None:
        self._desk, self._job_id = desk, job_id

    def is_set(self) -> bool:
        """Return whether nobody waits for what is said about the job."""
        return not self._desk.is_open(self._job_id)
