"""Undo and redo of one job's changes: a QUndoStack that mirrors the log of steps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QUndoCommand, QUndoStack

from codefx_desktop.jobs.review_values import EditDeed

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
        self._is_quiet = False

    def push(self, text: str, ops: tuple[EditOp, ...]) -> None:
        """Do something new; what could be redone is forgotten."""
        self.stack.push(_Change(self, text, ops))

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
            for step in (*done, *undone):
                self.stack.push(_Change(self, step.text, step.ops))
            self.stack.setIndex(len(done))
        finally:
            self._is_quiet = False

    def agrees(self, steps: Sequence[EditStep], redoable: Sequence[int]) -> bool:
        """Return whether the stack stands where a log does."""
        by_number = {step.number: step for step in steps}
        done = [step.text for step in steps if not step.is_undone]
        undone = [by_number[number].text for number in redoable if number in by_number]
        texts = [self.stack.text(index) for index in range(self.stack.count())]
        return self.stack.index() == len(done) and texts == [*done, *undone]

    def tell(self, deed: EditDeed, text: str, ops: tuple[EditOp, ...]) -> None:
        """Have something done, unless the log is being taken over."""
        if not self._is_quiet:
            self._act(deed, text, ops)


class _Change(QUndoCommand):
    """One step."""

    def __init__(self, owner: ReviewUndo, text: str, ops: tuple[EditOp, ...]) -> None:
        super().__init__(text)
        self._owner, self._ops = owner, ops
        self._is_new = True

    def redo(self) -> None:
        """Do it, the first time or again; called by the stack."""
        deed = EditDeed.DO if self._is_new else EditDeed.REDO
        self._is_new = False
        self._owner.tell(deed, self.text(), self._ops)

    def undo(self) -> None:
        """Take it back; called by the stack."""
        self._owner.tell(EditDeed.UNDO, self.text(), self._ops)
