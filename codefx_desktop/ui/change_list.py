"""Who changed what and when in the job under review."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget

from codefx_desktop.ui.models.change_rows import change_rows, changes_text
from codefx_desktop.ui.two_lines import TwoLines, TwoLineView
from codefx_desktop.ui.widgets import ElidedLabel, row_layout, tool_button

if TYPE_CHECKING:
    from codefx_desktop.ui.models.review_model import ReviewModel
    from codefx_desktop.ui.theme import Theme


class ChangeList(QWidget):
    """All steps of a review, the newest first; those taken back are struck through.

    Args:
        model: The job under review.
        theme: The theme.
    """

    copied = Signal(str)
    """Something was put on the clipboard: what."""

    def __init__(self, model: ReviewModel, theme: Theme) -> None:
        super().__init__()
        self._model = model
        self.view = TwoLineView("Changes", theme)
        self.head = ElidedLabel()
        self.copy_button = tool_button("copy", "Copy the changes as text", theme)
        self.copy_button.clicked.connect(self.copy)
        row = row_layout(self.head, self.copy_button, spacing=4)
        row.setStretch(0, 1)
        row.setContentsMargins(8, 0, 4, 0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 6, 0, 0)
        column.setSpacing(4)
        column.addLayout(row)
        column.addWidget(self.view, 1)
        for signal in (model.changed, model.edited):
            signal.connect(self.refill)
        self.refill()

    def refill(self) -> None:
        """Show the steps as they are now."""
        read = self._model.read
        rows = change_rows(() if read is None else read.steps)
        self.view.show_rows(
            [TwoLines(row.text, row.more, row.whole, row.is_undone) for row in rows]
        )
        undone = sum(row.is_undone for row in rows)
        text = f"{len(rows)} changes" if len(rows) != 1 else "1 change"
        self.head.say(f"{text}, {undone} undone" if undone else text if rows else "No changes yet")
        self.copy_button.setEnabled(bool(rows))

    def copy(self) -> None:
        """Put all changes on the clipboard as lines of text."""
        read = self._model.read
        if read is not None:
            QGuiApplication.clipboard().setText(changes_text(read.steps))
            self.copied.emit(f"Copied {len(read.steps)} changes.")
