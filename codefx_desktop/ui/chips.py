"""Words in small frames, as many in a line as there is room for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codefx_desktop.ui.theme import Theme

_GAP, _PAD_X, _PAD_Y, _RADIUS = 6, 8, 3, 4


class Chips(QWidget):
    """Shows words; a screen reader hears them as one list.

    Args:
        name: What they are.
        theme: The theme.
    """

    def __init__(self, name: str, theme: Theme) -> None:
        super().__init__()
        self._name, self._theme = name, theme
        self._words: tuple[str, ...] = ()
        self._boxes: list[QRect] = []
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        theme.changed.connect(self.update)
        self.show_words(())

    @property
    def words(self) -> tuple[str, ...]:
        """The words that are shown."""
        return self._words

    def show_words(self, words: Sequence[str]) -> None:
        """Show these words."""
        self._words = tuple(words)
        self.setAccessibleName(f"{self._name}: {', '.join(self._words) or 'none'}")
        self._settle()

    def sizeHint(self) -> QSize:
        """Be as high as the width asks for."""
        width = max(self.width(), 200)
        return QSize(width, self.heightForWidth(width))

    def heightForWidth(self, width: int) -> int:
        """Return the height of all lines."""
        boxes = self._placed(width)
        return boxes[-1].bottom() + 1 if boxes else 0

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Break the lines anew."""
        super().resizeEvent(event)
        self._settle()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the frames and the words."""
        tokens = self._theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        metrics = self.fontMetrics()
        for word, box in zip(self._words, self._boxes, strict=True):
            if not box.intersects(event.rect()):
                continue
            painter.setPen(QPen(QColor(tokens.border), tokens.line_px))
            painter.setBrush(QColor(tokens.raised))
            painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), _RADIUS, _RADIUS)
            painter.setPen(QColor(tokens.text))
            room = box.adjusted(_PAD_X - 2, 0, -_PAD_X + 2, 0)  # a hair more than the words need
            shown = metrics.elidedText(word, Qt.TextElideMode.ElideRight, room.width())
            painter.drawText(room, Qt.AlignmentFlag.AlignCenter, shown)
        painter.end()

    def _settle(self) -> None:
        self._boxes = self._placed(self.width())
        height = self._boxes[-1].bottom() + 1 if self._boxes else 0
        if height != self.minimumHeight():
            # Layouts inside layouts do not ask for the height of a width; a least height they heed.
            self.setFixedHeight(height)
        self.update()

    def _placed(self, width: int) -> list[QRect]:
        metrics = self.fontMetrics()
        height = metrics.height() + 2 * _PAD_Y
        left = top = 0
        boxes = []
        for word in self._words:
            wide = min(metrics.horizontalAdvance(word) + 2 * _PAD_X, max(width, 1))
            if left and left + wide > width:
                left, top = 0, top + height + _GAP
            boxes.append(QRect(left, top, wide, height))
            left += wide + _GAP
        return boxes
