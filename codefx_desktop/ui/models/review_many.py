"""Changes of many frames of the job under review, which a worker makes ready: then one step."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Protocol

from codefx_desktop.jobs.messages import Notice
from codefx_desktop.jobs.review_apply import as_told, boxes_said, retrack_of
from codefx_desktop.jobs.review_values import ReviewState

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from codefx_desktop.domain.edit import BoxOp, RetrackOp
    from codefx_desktop.domain.run import CancelSignal
    from codefx_desktop.jobs.review_desk import ReviewDesk
    from codefx_desktop.jobs.review_values import Retracked, ReviewRead
    from codefx_desktop.ui.models.review_state import Reviewed


class Spread(Protocol):
    """Makes a change of many frames; called on a worker, tells how far it is, ends early."""

    def __call__(
        self, read: ReviewRead, *, progress: Callable[[float], None], cancel: CancelSignal
    ) -> Sequence[BoxOp]:
        """Return what is to be changed.

        Raises:
            Cancelled: If the signal was seen.
            LookupError: If what is to be changed is not there.
        """
        ...


class ReviewMany:
    """Has changes of many frames made ready.

    Args:
        model: The review.
        desk: Makes them ready.
        waits: Whether the review's detections are being worked out.
    """

    def __init__(self, model: Reviewed, desk: ReviewDesk, waits: Callable[[], bool]) -> None:
        self._model, self._desk, self._waits = model, desk, waits
        self._is_spreading = False
        self._retracking_run = ""
        desk.retracked.connect(self._on_retracked)
        desk.spreading.connect(self._on_spreading)

    def retrack(self) -> None:
        """Join the stored detections into tracks again."""
        read = self._model.read
        if read is None or read.state is not ReviewState.READY:
            self._say("warning", "Tracks can be found again once the job is done.")
        else:
            self._retracking_run = read.run
            self._desk.retrack(read)

    def spread(self, text: str, make: Spread) -> None:
        """Change boxes on many frames; refused where boxes were changed otherwise meanwhile."""
        read = self._model.read
        if read is None or self._is_spreading:
            self._say("info", f"{text}: wait for the one before, or stop it.")
            return
        self._is_spreading = True  # also while it waits for the worker
        waits, said = self._waits(), boxes_said(read.steps)

        def work(progress: Callable[[float], None], cancel: CancelSignal) -> Sequence[BoxOp]:
            now = as_told(read, read.steps, read.redoable) if waits else read
            return make(now, progress=progress, cancel=cancel)

        def take(ops: Sequence[BoxOp]) -> None:
            now = self._model.read
            if now is None or now.run != read.run or boxes_said(now.steps) != said:
                self._say("warning", f"{text}: not done, since boxes were changed meanwhile. "
                          "Look at them, then do it again.")  # fmt: skip
            else:
                self._model.do(text, *ops)

        self._desk.spread(work, take, lambda why: self._say("error", f"{text}: not done. {why}"))

    # -- inside -------------------------------------------------------------------------------

    def _on_spreading(self, fraction: float | None) -> None:
        self._is_spreading = fraction is not None

    def _on_retracked(self, found: Retracked) -> None:
        read = self._model.read
        if found.job_id != self._model.job_id or read is None:
            return
        if read.run != self._retracking_run:
            self._say("warning", "Tracks were not found again: the job was run again meanwhile.")
        else:
            work, take = partial(retrack_of, read, found), partial(self._take_tracks, read, found)
            self._desk.work_out("retrack", work, take, partial(self._say, "error"))

    def _take_tracks(self, of: ReviewRead, found: Retracked, op: RetrackOp | None) -> None:
        now = self._model.read
        if now is None or now.corrected is not of.corrected or self._waits():
            self._on_retracked(found)  # boxes were changed meanwhile
        elif op is None:
            self._say("info", "The tracker finds the same tracks as before.")
        else:
            self._model.do("Find tracks again", op)

    def _say(self, level: str, text: str) -> None:
        self._model.noticed.emit(Notice(level, text, self._model.job_id))
