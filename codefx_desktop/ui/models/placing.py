"""Where in the clip somebody is, told together with the picture of that place."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

PATIENCE_MS: Final = 20
"""A picture that was made ready comes sooner; a screen shows hardly one in between."""


class Placing(QObject):
    """For who paints the place: with its picture it is painted once, and never beside another.

    Args:
        parent: The owner, which hears of places and pictures first.
    """

    placed = Signal()
    """Another position is wanted, and its picture is there, or takes a moment."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(PATIENCE_MS)
        self._patience.timeout.connect(self.placed)

    def moved(self, *, is_pending: bool) -> None:
        """Hear of another position; tell it at once unless its picture is on the way."""
        if not is_pending:
            self._tell()
        elif not self._patience.isActive():  # who moves on and on is told all the same
            self._patience.start()

    def pictured(self) -> None:
        """Tell what waits for this picture."""
        if self._patience.isActive():
            self._tell()

    def _tell(self) -> None:
        self._patience.stop()
        self.placed.emit()
