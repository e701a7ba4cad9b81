"""A bar over the picture: the drive went away, the picture stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QWidget

from codefx_desktop.jobs.viewing import TroubleKind
from codefx_desktop.ui.icons import draw, wear
from codefx_desktop.ui.widgets import row_layout, wrapped

if TYPE_CHECKING:
    from codefx_desktop.ui.models.clip_view import ClipView
    from codefx_desktop.ui.theme import Theme


class TroubleBar(QWidget):
    """Shown while an open clip cannot be read; a moment's hiccup of one frame is not for here.

    Args:
        view: The clip in view.
        theme: The theme.
    """

    def __init__(self, view: ClipView, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("strip")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._view, self._theme = view, theme
        self.text = wrapped()
        self.retry_button = QPushButton("Try again")
        self.retry_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.retry_button.clicked.connect(view.retry)
        wear(self.retry_button, "retry", theme)
        row = row_layout(self.text, self.retry_button)
        row.setContentsMargins(40, 6, 8, 6)
        row.setStretch(0, 1)
        row.setAlignment(self.retry_button, Qt.AlignmentFlag.AlignVCenter)
        self.setLayout(row)
        view.troubled.connect(self._show)
        view.phased.connect(self._show)
        self._show()

    def sizeHint(self) -> QSize:
        """Be as high as the text needs."""
        return QSize(320, super().sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the sign."""
        super().paintEvent(event)
        tokens = self._theme.tokens
        painter = QPainter(self)
        color = QColor(tokens.error)
        painter.fillRect(0, 0, 4, self.height(), color)
        box = QRectF(14, (self.height() - 18) / 2, 18, 18)
        draw(painter, box, "failed", color, QColor(tokens.surface))
        painter.end()

    def _show(self) -> None:
        trouble = self._view.trouble
        shown = self._view.is_open and trouble is not None
        if shown and trouble is not None and trouble.kind is not TroubleKind.FRAME:
            self.text.setText(trouble.message)
            self.setAccessibleName(f"error: {trouble.message}")
            self.retry_button.setText("Try again" if self._view.is_lost else "Open it")
            self.retry_button.setAccessibleName(self.retry_button.text())
            self.show()
        else:
            self.hide()
