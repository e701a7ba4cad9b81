"""Undo and redo of one job's changes: a QUndoStack that mirrors the log of steps."""

from __future__ import annotations

from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtGui import QUndoStack

from codefx_desktop.jobs.review_values import EditDeed
from codefx_desktop.ui.models.undo_steps import push_step

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtCore import QObject

    from codefx_desktop.domain.edit import EditOp, EditStep


class ReviewUndo:
    """The steps of a job that undo and redo go through; there is no limit to their number.

    Args:
        act: Called with each deed: what is done, its text, its ops.
        parent: Owner of the stack.
    """

    def __init__(
        self, act: Callable[[EditDeed, str, tuple[EditOp, ...]], None], parent: QObject
    ) -> None:
        self.stack = QUndoStack(parent)
        self._act = act
        self._ops: list[tuple[EditOp, ...]] = []
        self._at = 0
        self._is_quiet = False
        self.stack.indexChanged.connect(self._follow)

    def push(self, text: str, ops: tuple[EditOp, ...]) -> None:
        """Do something new; what could be redone is forgotten."""
        self._append(text, ops)
        self._act(EditDeed.DO, text, ops)

    def load(self, steps: Sequence[EditStep], redoable: Sequence[int]) -> None:
        """Take over a log without doing anything.

        Args:
            steps: All of it, in order.
            redoable: Numbers of the steps that redo brings back, the next one first.
        """
        by_number = {step.number: step for step in steps}
        done = [step for step in steps if not step.is_undone]
        undone = [by_number[number] for number in redoable if number in by_number]
        self._is_quiet = True
        try:
            self.stack.clear()
            self._ops.clear()
            for step in (*done, *undone):
                self._append(step.text, step.ops)
            self.stack.setIndex(len(done))
            self._at = len(done)
        finally:
            self._is_quiet = False

    def agrees(self, steps: Sequence[EditStep], redoable: Sequence[int]) -> bool:
        """Return whether the stack stands where a log does.

        Of a job that was run again steps stay, but not what of them is about other boxes.
        """
        by_number = {step.number: step for step in steps}
        done = [step for step in steps if not step.is_undone]
        undone = [by_number[number] for number in redoable if number in by_number]
        told = [(step.text, len(step.ops)) for step in (*done, *undone)]
        texts = [self.stack.text(index) for index in range(self.stack.count())]
        mine = list(zip(texts, map(len, self._ops), strict=True))
        return self.stack.index() == len(done) and mine == told

    def _append(self, text: str, ops: tuple[EditOp, ...]) -> None:
        was_quiet, self._is_quiet = self._is_quiet, True
        del self._ops[self.stack.index() :]
        self._ops.append(ops)
        push_step(self.stack, text)
        self._at = self.stack.index()
        self._is_quiet = was_quiet

    def _follow(self, index: int) -> None:
        """Have done what the stack went over, one step after the other."""
        # A stack that is being destroyed empties itself and says so: nothing is to be taken back.
        if self._is_quiet or not shiboken6.isValid(self.stack):
            return
        while self._at > index:
            self._at -= 1
            self._act(EditDeed.UNDO, self.stack.text(self._at), self._ops[self._at])
        while self._at < index:
            self._at += 1
            self._act(EditDeed.REDO, self.stack.text(self._at - 1), self._ops[self._at - 1])
