"""Lets a control keep the keys it needs where the window has made single keys into commands."""

from __future__ import annotations

import shiboken6
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTabBar,
    QTextEdit,
    QWidget,
)

_TYPING = (QLineEdit, QPlainTextEdit, QTextEdit, QAbstractSpinBox, QComboBox)
_MOVING = (QAbstractItemView, QTabBar)
_MOVES = frozenset(
    {
        *(Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Home, Qt.Key.Key_End),
        *(Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_Space),
    }
)
_OPENS = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})
_CHOOSES = _MOVES | _OPENS | {Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Escape}
_COMMANDS = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier


class KeyManners(QObject):
    """Watches the one widget that has the keyboard.

    Fields keep every plain key, choosers those that find an entry, lists and tabs those they move
    with, lists also the one that opens a row, buttons the space bar; a chord with Ctrl or Alt
    stays a command everywhere, unless the field itself uses it.

    Args:
        app: Whose focus is watched.
    """

    def __init__(self, app: QApplication, parent: QObject) -> None:
        super().__init__(parent)
        self._watched: QWidget | None = None
        app.focusChanged.connect(self._on_focus)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Answer for the widget whether a key is its own."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and keeps(watched, event)
        ):
            event.accept()
            return True
        return super().eventFilter(watched, event)

    def _on_focus(self, _old: QWidget | None, new: QWidget | None) -> None:
        if self._watched is not None and shiboken6.isValid(self._watched):
            self._watched.removeEventFilter(self)
        self._watched = new
        if new is not None:
            new.installEventFilter(self)


def keeps(widget: QObject, event: QKeyEvent) -> bool:
    """Return whether a widget needs a key for itself."""
    if event.modifiers() & _COMMANDS or _is_in_popup(widget):
        return False
    if isinstance(widget, QComboBox) and not widget.isEditable():
        return event.key() in _CHOOSES or event.text().isalnum()  # letters find an entry
    if isinstance(widget, _TYPING):
        return True
    if isinstance(widget, QAbstractButton):
        return event.key() == Qt.Key.Key_Space
    if isinstance(widget, QAbstractItemView) and event.key() in _OPENS:
        return True
    return isinstance(widget, _MOVING) and event.key() in _MOVES


def _is_in_popup(widget: QObject) -> bool:
    """Return whether no command is heard: Qt's own lists choose on the very event."""
    return isinstance(widget, QWidget) and widget.window().windowType() is Qt.WindowType.Popup
