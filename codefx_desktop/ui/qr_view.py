"""A QR code on the screen: each module whole pixels of the screen, dark on white in every theme."""

from __future__ import annotations

from typing import TYPE_CHECKING

import segno
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

if TYPE_CHECKING:
    from collections.abc import Sequence

QUIET = 4
"""Empty modules around the code. Source: ISO/IEC 18004, quiet zone."""
EDGE_PX = 340
"""Four pixels a module for an address of 500 characters."""


class QrView(QWidget):
    """Shows a text as a QR code, as large as whole pixels allow."""

    def __init__(self) -> None:
        super().__init__()
        self.text = ""
        self._rows: Sequence[Sequence[int]] = ()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFixedSize(QSize(EDGE_PX, EDGE_PX))
        self.show_text("")

    def show_text(self, text: str, name: str = "") -> None:
        """Show a text; an empty one, or one too long for a code, shows nothing.

        Args:
            text: What the code says.
            name: What it leads to, for a screen reader.
        """
        self.text, self._rows = text, ()
        if text:
            try:
                # The least correction makes the largest modules: a screen has no scratches.
                self._rows = segno.make(text, error="l", micro=False, boost_error=False).matrix
            except segno.DataOverflowError:
                self.text = ""
        self.setAccessibleName(f"QR code of the link to {name}" if self._rows else "No QR code")
        self.update()

    @property
    def module_px(self) -> int:
        """Pixels of the screen that a module is wide; 0 where there is no code."""
        if not self._rows:
            return 0
        edge = int(min(self.width(), self.height()) * self.devicePixelRatioF())
        return max(1, edge // (len(self._rows) + 2 * QUIET))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the modules in the screen's own pixels."""
        del event
        if not self._rows:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        ratio = self.devicePixelRatioF()
        painter.scale(1 / ratio, 1 / ratio)
        unit = self.module_px
        edge = unit * (len(self._rows) + 2 * QUIET)
        start = (int(self.width() * ratio) - edge) // 2
        painter.fillRect(QRectF(start, start, edge, edge), QColor("white"))
        painter.setPen(Qt.PenStyle.NoPen)
        first = start + QUIET * unit
        for y, row in enumerate(self._rows):
            for x, module in enumerate(row):
                if module:
                    left, top = first + x * unit, first + y * unit
                    painter.fillRect(left, top, unit, unit, QColor("black"))
        painter.end()
