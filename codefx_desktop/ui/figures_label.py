"""A label that counts: others keep their places while its figures change."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QLabel


class FiguresLabel(QLabel):
    """As wide as its text, all of whose figures have one width; the font has to see to that.

    A label that may grow has everything around it laid out with every text it gets, up to the
    window: a sixth of a step from frame to frame. This one asks for it only when its text becomes
    longer or shorter.
    """

    def __init__(self) -> None:
        super().__init__()
        self._length: int | None = None

    def say(self, text: str) -> None:
        """Show a text."""
        if text == self.text():
            return
        self.setText(text)
        if len(text) != self._length:
            self._settle()

    def changeEvent(self, event: QEvent) -> None:
        """Become as wide as the text is in another font."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._settle()

    def _settle(self) -> None:
        self._length = len(self.text())
        self.setFixedSize(self.sizeHint())
