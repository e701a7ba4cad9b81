"""The whole window as a place to drop footage on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from codefx_desktop.ui.icons import draw
from codefx_desktop.ui.models import words
from codefx_desktop.ui.theme import mixed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codefx_desktop.ui.theme import Theme


def dropped_paths(data: QMimeData) -> tuple[Path, ...]:
    """Return the local files and folders of a drag, none if it brings something else."""
    return tuple(Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile())


class DropHighlight(QWidget):
    """Covers the window while files are dragged over it, and says what a drop will do.

    Args:
        window: The window it covers.
        theme: The theme.
    """

    def __init__(self, window: QWidget, theme: Theme) -> None:
        super().__init__(window)
        self._theme = theme
        self._text, self._glyph = "", "drop"
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAccessibleName("Drop target")
        self.hide()

    def show_for(self, paths: Sequence[Path], *, views: bool) -> None:
        """Appear and say what becomes of these files: one is viewed, or all are queued."""
        if views:
            more = "" if len(paths) == 1 else f", the first of {len(paths)}"
            self._text = f"Drop to view {words.shortened(paths[0].name, 40)}{more}"
        else:
            self._text = f"Drop to add {words.clips(len(paths))} to the queue"
        self._glyph = "view" if views else "drop"
        self._cover()

    def show_text(self, text: str) -> None:
        """Appear and say what a drop will do."""
        self._text, self._glyph = text, "drop"
        self._cover()

    def _cover(self) -> None:
        self.setAccessibleDescription(self._text)
        window = self.parentWidget()
        assert window is not None
        self.setGeometry(window.rect())
        self.raise_()
        self.show()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the veil, the frame and the words."""
        del event
        tokens = self._theme.tokens
        veil = QColor(tokens.window)
        veil.setAlpha(225)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), veil)
        painter.setPen(QPen(QColor(tokens.accent), 3))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(10, 10, -10, -10), 12, 12)
        middle = QRectF(self.rect()).center()
        box = QRectF(0, 0, 64, 64)
        box.moveCenter(middle)
        box.translate(0, -40)
        draw(painter, box, self._glyph, QColor(tokens.accent))
        font = self.font()
        font.setPointSizeF(font.pointSizeF() * 1.8)
        font.setBold(True)
        painter.setFont(font)
        painter.setPen(QColor(tokens.text))
        line = QRectF(0, middle.y() + 8, self.width(), 48)
        painter.drawText(line, Qt.AlignmentFlag.AlignCenter, self._text)
        painter.end()


def paint_drop_frame(page: QWidget, theme: Theme) -> None:
    """Paint the dashed frame of an empty page; call from its ``paintEvent``."""
    tokens = theme.tokens
    painter = QPainter(page)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    pen = QPen(mixed(tokens.edge, tokens.surface, 0.35), 1.5 * tokens.line_px)
    pen.setDashPattern([5, 4])
    painter.setPen(pen)
    painter.drawRoundedRect(QRectF(page.rect()).adjusted(16, 16, -16, -16), 10, 10)
    painter.end()
