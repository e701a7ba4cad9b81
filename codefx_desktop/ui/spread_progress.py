"""How far a change of many frames is, while it is made ready; it can be stopped."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QDialog, QLabel, QProgressBar, QPushButton, QVBoxLayout

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from codefx_desktop.ui.models.review_model import ReviewModel

SHOWN_AFTER_MS: Final = 500
"""What is ready sooner shows no dialog."""
_LEAST_PX: Final = 320


class SpreadProgress(QDialog):
    """Comes while a change takes longer; the window goes on beside it.

    Args:
        model: The job under review.
        parent: Stands below the dialog.
    """

    def __init__(self, model: ReviewModel, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Boxes on many frames")
        self.bar, self.stop = QProgressBar(), QPushButton("Stop")
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("How far the boxes are")
        self.stop.setAccessibleName("Stop making boxes ready")
        self.stop.setToolTip("Change nothing (Esc)")
        self.stop.clicked.connect(self.reject)
        # It comes while a person types: Space and Return were meant for the window.
        self.bar.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.stop.setAutoDefault(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(10)
        column.addWidget(QLabel("Boxes on many frames are made ready."))
        column.addWidget(self.bar)
        column.addWidget(self.stop)
        self.setMinimumWidth(_LEAST_PX)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(SHOWN_AFTER_MS)
        self._soon.timeout.connect(self.show)
        self.rejected.connect(model.stop_spreading)
        model.spreading.connect(self._on_spreading)
        self._is_begun = False

    def _on_spreading(self, fraction: float | None) -> None:
        if fraction is not None:
            self.bar.setValue(round(fraction * self.bar.maximum()))
            if not self._is_begun:
                self._soon.start()
        elif self._is_begun:
            self._soon.stop()
            self.hide()
        self._is_begun = fraction is not None
