"""A line that asks for a few words inside a panel, and gives the keyboard back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QFrame,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
)

from codefx_desktop.ui.widgets import row_layout

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QWidget


SETTLED_MS: Final = (0, 100)
"""When its place is known: at once, and where labels about it break into other lines."""


class AskLine(QFrame):
    """Enter answers, Esc leaves it.

    Args:
        name: What is asked for, for a screen reader.
        word: On the button that answers.
    """

    answered = Signal(str)
    """These words."""
    left = Signal()
    """No words."""

    def __init__(self, name: str, word: str) -> None:
        super().__init__()
        self.setObjectName("noteBox")
        self._before: QWidget | None = None
        self.title = QLabel()
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        self.title.setWordWrap(True)
        self.field = QComboBox()
        self.field.setEditable(True)
        self.field.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.field.setAccessibleName(name)
        self.field.setToolTip(f"{name}: Enter keeps it, Esc leaves it")
        self.field.setMinimumContentsLength(8)
        line = self.field.lineEdit()
        assert line is not None
        self.line = line
        self.line.setAccessibleName(name)
        self.line.setAcceptDrops(False)
        self.line.returnPressed.connect(self._answer)
        self.field.installEventFilter(self)  # it has the keyboard, and hands keys to its line
        self.keep = QPushButton(word)
        self.keep.setAccessibleName(f"{word}: {name}")
        self.keep.setToolTip(f"{word} (Enter)")
        self.keep.clicked.connect(self._answer)
        self.cancel = QPushButton("Cancel")
        self.cancel.setAccessibleName(f"Cancel: {name}")
        self.cancel.setToolTip("Leave it as it is (Esc)")
        self.cancel.clicked.connect(self._leave)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 8, 8, 8)
        column.setSpacing(6)
        column.addWidget(self.title)
        column.addWidget(self.field)
        column.addLayout(row_layout(self.keep, self.cancel, spacing=6))
        self.hide()

    def ask(self, title: str, text: str = "", offered: Sequence[str] = ()) -> None:
        """Take the keyboard and ask.

        Args:
            title: What is asked.
            text: What is there to be changed.
            offered: What may be chosen from.
        """
        if not self.isVisible():
            self._before = QApplication.focusWidget()
        self.title.setText(title)
        self.field.clear()
        self.field.addItems(list(offered))
        self.field.setEditText(text)
        self.show()
        self.line.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.line.selectAll()
        for later_ms in SETTLED_MS:
            QTimer.singleShot(later_ms, self, self._reveal)

    def close_up(self) -> None:
        """Ask no more; the keyboard goes back to who had it."""
        had_keyboard = self.isAncestorOf(QApplication.focusWidget())  # type: ignore[arg-type]
        self.hide()
        before, self._before = self._before, None
        if had_keyboard and before is not None and before.isVisible():
            before.setFocus(Qt.FocusReason.OtherFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Leave on Esc."""
        if (
            event.type() == QEvent.Type.KeyPress
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Escape
        ):
            self._leave()
            return True
        return super().eventFilter(watched, event)

    def _reveal(self) -> None:
        """Scroll to where it is asked."""
        above = self.parentWidget()
        while above is not None and not isinstance(above, QScrollArea):
            above = above.parentWidget()
        if above is not None:
            above.ensureWidgetVisible(self)

    def _answer(self) -> None:
        text = self.line.text()
        self.close_up()
        self.answered.emit(text)

    def _leave(self) -> None:
        self.close_up()
        self.left.emit()
