"""The field that takes a frame number or a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QLabel, QLineEdit, QVBoxLayout

from codefx_desktop.ui.models.goto import EXAMPLES

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

    from codefx_desktop.ui.models.clip_view import ClipView

MESSAGE_MS = 6_000


class GotoField(QLineEdit):
    """Enter goes there, or says above the field why not; Esc gives the keyboard back.

    Args:
        view: The clip in view.
    """

    left = Signal()
    """The keyboard belongs to the picture again."""

    def __init__(self, view: ClipView) -> None:
        super().__init__()
        self._view = view
        self.setPlaceholderText("Frame or time")
        self.setToolTip(f"Go to a frame number or a time: {EXAMPLES} (G)")
        self.setAccessibleName("Go to frame or time")
        words = self.fontMetrics().horizontalAdvance(self.placeholderText())
        self.setFixedWidth(words + 22)
        self.message = QLabel()
        self.message.setWordWrap(True)
        self.message.setTextFormat(Qt.TextFormat.PlainText)
        self._box: QFrame | None = None
        self._fading = QTimer(self)
        self._fading.setSingleShot(True)
        self._fading.setInterval(MESSAGE_MS)
        self._fading.timeout.connect(self.forgive)
        self.returnPressed.connect(self._go)
        self.textEdited.connect(lambda _text: self.forgive())
        view.phased.connect(self._on_phase)
        self._on_phase()

    def start(self) -> None:
        """Take the keyboard, with what was typed before ready to be replaced."""
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.selectAll()

    def forgive(self) -> None:
        """Take the message away."""
        self._fading.stop()
        self._mark(wrong=False)
        if self._box is not None:
            self._box.hide()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave on Esc."""
        if event.key() == Qt.Key.Key_Escape:
            self.forgive()
            self.clear()
            self.left.emit()
            return
        super().keyPressEvent(event)

    def _go(self) -> None:
        refusal = self._view.go_to(self.text())
        if refusal:
            self._say(refusal)
            return
        self.forgive()
        self.clear()
        self.left.emit()

    def _say(self, text: str) -> None:
        """Say it in a box over the picture, whose size stays as it is."""
        box = self._box or self._make_box()
        self.message.setText(text)
        self.setAccessibleDescription(text)
        width = 300
        box.setFixedWidth(width)
        box.adjustSize()
        window = self.window()
        right = self.mapTo(window, QPoint(self.width(), 0)).x()
        strip = self.parentWidget() or self
        top = strip.mapTo(window, QPoint(0, 0)).y()  # the bar stays readable
        box.move(max(8, right - width), top - box.height() - 8)
        box.show()
        box.raise_()
        self._mark(wrong=True)
        self.selectAll()
        self._fading.start()

    def _make_box(self) -> QFrame:
        self._box = box = QFrame(self.window())
        box.setObjectName("errorBox")
        inside = QVBoxLayout(box)
        inside.setContentsMargins(12, 8, 12, 8)
        inside.addWidget(self.message)
        return box

    def _mark(self, *, wrong: bool) -> None:
        if bool(self.property("wrong")) != wrong:
            self.setProperty("wrong", wrong)
            self.style().unpolish(self)
            self.style().polish(self)
        if not wrong:
            self.setAccessibleDescription("")

    def _on_phase(self) -> None:
        self.setEnabled(self._view.is_open)
        self.forgive()
