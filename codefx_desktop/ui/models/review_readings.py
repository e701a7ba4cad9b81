"""What a job is read as, shown with the steps that are on their way to its file."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from codefx_desktop.jobs.review_apply import as_told
from codefx_desktop.jobs.review_values import ReviewState

if TYPE_CHECKING:
    from collections.abc import Callable

    from codefx_desktop.jobs.review_desk import ReviewDesk
    from codefx_desktop.jobs.review_values import ReviewRead
    from codefx_desktop.ui.models.review_state import Reviewed
    from codefx_desktop.ui.models.review_undo import ReviewUndo


class ReviewReadings:
    """Hands readings on; one that lacks a step which is shown only when it has that.

    Args:
        model: The review.
        history: Its steps as undo goes through them.
        desk: Reads it.
        is_behind: Whether changes are on their way to the file.
        take: Called with what is to be shown.
        failed: Called with why nothing can be.
    """

    def __init__(
        self,
        model: Reviewed,
        history: ReviewUndo,
        desk: ReviewDesk,
        is_behind: Callable[[], bool],
        take: Callable[[ReviewRead], None],
        failed: Callable[[str], None],
    ) -> None:
        self._model, self._history = model, history
        self._desk, self._is_behind = desk, is_behind
        self._take, self._failed = take, failed
        self._count = 0
        desk.read.connect(self._on_read)

    def drop(self) -> None:
        """Hand on nothing that was read until now: it is another job."""
        self._count += 1

    def _on_read(self, found: ReviewRead) -> None:
        read = self._model.read
        if found.job_id != self._model.job_id:
            return
        self._count += 1
        is_first = read is None or read.state is ReviewState.LOADING
        if self._is_behind() and not is_first:
            self._lay_over(found, self._count)
        else:
            self._take(found)

    def _lay_over(self, found: ReviewRead, count: int) -> None:
        now = self._model.read
        if now is None:
            return
        steps, redoable = now.steps, now.redoable

        def take(told: ReviewRead) -> None:
            read = self._model.read
            if count != self._count or read is None:
                return  # it was read again since
            if self._history.agrees(steps, redoable):
                self._take(replace(told, steps=read.steps, redoable=read.redoable))
            else:
                self._lay_over(found, count)  # more was changed meanwhile

        work = partial(as_told, found, steps, redoable)
        self._desk.work_out("read", work, take, self._failed)
