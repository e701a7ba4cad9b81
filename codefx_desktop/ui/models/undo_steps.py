"""Steps of an undo stack whose doing is elsewhere: each is a text, and where the stack stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtGui import QUndoStack


def push_step(stack: QUndoStack, text: str) -> None:
    """Add a step that does nothing itself; what could be redone is forgotten.

    WORKAROUND(PySide6 6.11.3): an empty macro is a command that Python never sees. One that Python
    made is freed before its stack when the collector meets both, and takes the program with it.
    Push a ``QUndoCommand`` when that is mended.
    """
    stack.beginMacro(text)
    stack.endMacro()
