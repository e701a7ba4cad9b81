"""Warnings and errors that a person must not miss, above the picture until dismissed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QWidget

from codefx_desktop.ui.icons import draw
from codefx_desktop.ui.widgets import row_layout, tool_button, wrapped

if TYPE_CHECKING:
    from codefx_desktop.jobs.messages import Notice
    from codefx_desktop.ui.theme import Theme


class Banner(QWidget):
    """The newest warning or error; an error is not pushed away by a warning.

    Args:
        theme: The theme.
    """

    show_wanted = Signal(str)
    """Show the job that the notice is about."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._notice: Notice | None = None
        self.setObjectName("strip")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.text = wrapped()
        self.show_button = QPushButton("Show job")
        self.show_button.clicked.connect(self._show_job)
        self.close_button = tool_button("remove", "Dismiss", theme)
        self.close_button.clicked.connect(self.dismiss)
        row = row_layout(self.text, self.show_button, self.close_button)
        row.setContentsMargins(40, 6, 8, 6)
        row.setStretch(0, 1)
        row.setAlignment(self.show_button, Qt.AlignmentFlag.AlignVCenter)
        self.setLayout(row)
        self.hide()

    def show_notice(self, notice: Notice, *, has_job: bool) -> None:
        """Show a warning or an error.

        Args:
            notice: What to say.
            has_job: Whether its job can be shown.
        """
        standing = self._notice
        if standing is not None and standing.level == "error" and notice.level != "error":
            return
        self._notice = notice
        self.text.setText(notice.text)
        self.setAccessibleName(f"{notice.level}: {notice.text}")
        self.show_button.setVisible(has_job)
        self.show()
        self.update()

    def settle(self, notice: Notice) -> None:
        """Take this notice away, if it is the one that stands here."""
        if notice == self._notice:
            self.dismiss()

    def dismiss(self) -> None:
        """Take it away."""
        self._notice = None
        self.hide()

    def sizeHint(self) -> QSize:
        """Be as high as the text needs."""
        return QSize(320, super().sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the sign: a triangle for a warning, an octagon for an error."""
        super().paintEvent(event)
        if self._notice is None:
            return
        tokens = self._theme.tokens
        error = self._notice.level == "error"
        color = QColor(tokens.error if error else tokens.warning)
        painter = QPainter(self)
        painter.fillRect(0, 0, 4, self.height(), color)
        box = QRectF(14, (self.height() - 18) / 2, 18, 18)
        draw(painter, box, "failed" if error else "interrupted", color, QColor(tokens.surface))
        painter.end()

    def _show_job(self) -> None:
        if self._notice is not None and self._notice.job_id:
            job_id = self._notice.job_id
            self.dismiss()  # the job's own panel says it from now on
            self.show_wanted.emit(job_id)
