"""The artifacts of one job for the screen: which there are, and what is in one of them."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import Signal

from codefx_desktop.jobs.artifact_values import (
    ArtifactFile,
    ArtifactList,
    ArtifactPicture,
    ArtifactState,
    FrameNotes,
    FullPicture,
    empty_list,
)
from codefx_desktop.jobs.desk import Desk
from codefx_desktop.jobs.pools import Pool, new_pool
from codefx_desktop.jobs.until import Until

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtCore import QDeadlineTimer, QObject

    from codefx_desktop.domain.run import CancelSignal
    from codefx_desktop.jobs.artifact_calls import ArtifactCalls
    from codefx_desktop.jobs.desk import Calls


T = TypeVar("T")


class ArtifactDesk(Desk):
    """Lists and shows the artifacts of a job; lives in the main thread, works on workers.

    Every call returns at once. Of several requests of a kind only the newest counts, and answers
    about a job that is no longer open are dropped.

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

    def __init__(
        self,
        files_of: Callable[[CancelSignal], ArtifactCalls],
        parent: QObject | None = None,
        *,
        new_pool: Callable[[int], Pool] = new_pool,
    ) -> None:
        super().__init__(parent, new_pool)
        self._files_of = files_of
        # A person who steps through frames waits for no list, and neither for what rows say.
        self._lists, self._notes, self._shows = (self._newest_calls() for _ in range(3))
        self._job_id: str | None = None

    def open(self, job_id: str) -> None:
        """List the artifacts of a job; of the one that is open, look again."""
        if job_id != self._job_id:
            self.close()
            self._job_id = job_id
        self._answer(
            self._lists,
            "list",
            lambda files, left: files.list(job_id, left),
            self._on_list,
            lambda why: empty_list(job_id, ArtifactState.UNREADABLE, why, Path()),
        )

    def close(self) -> None:
        """Have no job open."""
        self._job_id = None
        for calls in (self._lists, self._notes, self._shows):
            calls.clear()

    def describe(self, numbers: Sequence[int]) -> None:
        """Ask what was found in some frames of the job, at best those in sight."""
        if (job_id := self._job_id) is None:
            return
        wanted = tuple(numbers)
        self._answer(
            self._notes,
            "describe",
            lambda files, left: FrameNotes(job_id, files.describe(job_id, wanted, left)),
            self.described.emit,
        )

    def show(self, number: int, kinds: ArtifactFile, at_most: tuple[int, int]) -> None:
        """Ask for one frame of the job.

        Args:
            number: Of the frame.
            kinds: Which pictures of it.
            at_most: Width and height of the place of each picture in pixels of the screen.
        """
        if (job_id := self._job_id) is None:
            return
        self._answer(
            self._shows,
            "show",
            lambda files, _left: files.read(job_id, number, kinds, at_most),
            self.shown.emit,
        )

    def fetch(self, number: int, kind: ArtifactFile) -> None:
        """Ask for a picture of the job of its full size."""
        if (job_id := self._job_id) is None:
            return

        def failed(why: str) -> FullPicture:
            return FullPicture(job_id, number, ArtifactPicture(kind, Path(), trouble=why))

        self._answer(
            self._shows,
            "fetch",
            lambda files, _left: FullPicture(job_id, number, files.picture(job_id, number, kind)),
            self.fetched.emit,
            failed,
        )

    def is_open(self, job_id: str) -> bool:
        """Return whether a job is the one that is open; may be asked on any thread."""
        return job_id == self._job_id and not self.closing.is_set()

    # -- inside -------------------------------------------------------------------------------

    def _leave(self, _deadline: QDeadlineTimer) -> None:
        self.close()

    def _answer(
        self,
        calls: Calls,
        kind: str,
        work: Callable[[ArtifactCalls, CancelSignal], T],
        receive: Callable[[T], object],
        failed: Callable[[str], T | None] = lambda _why: None,
    ) -> None:
        """Ask something about the job that is open; the list alone tells what is wrong with it."""
        job_id = self._job_id
        left = Until(lambda: job_id is None or not self.is_open(job_id))

        def take(found: T | None) -> None:
            if found is not None and job_id == self._job_id:
                receive(found)

        self._ask(calls, kind, lambda: work(self._files_of(left), left), take, failed)

    def _on_list(self, found: ArtifactList) -> None:
        self.listed.emit(found)

        def measure(files: ArtifactCalls, left: CancelSignal) -> ArtifactList:
            began = time.perf_counter()
            size = files.measure(found.job_id, left)
            took_s = found.took_s + time.perf_counter() - began
            return replace(found, size_bytes=size, took_s=took_s)

        if found.state is not ArtifactState.UNREADABLE:
            self._answer(self._lists, "measure", measure, self.listed.emit)
