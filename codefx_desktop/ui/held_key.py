"""Whether a key is being held down: what editors do with K held differs from what K does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication, QWidget

_PRESSES = (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress)


class HeldKey(QObject):
    """Watches the one widget that has the keyboard.

    Args:
        app: Whose focus is watched.
        key: The key.
        parent: The owner.
    """

    released = Signal()
    """It was let go."""

    def __init__(self, app: QApplication, key: Qt.Key, parent: QObject) -> None:
        super().__init__(parent)
        self.key = key
        self._watched: QWidget | None = None
        self.is_down = False
        """Whether it is held."""
        self.repeats = False
        """Whether what is done now is done by a key, any of them, that repeats itself."""
        self._done = QTimer(self)  # what a press does is done within it
        self._done.setSingleShot(True)
        self._done.setInterval(0)
        self._done.timeout.connect(self._on_done)
        app.focusChanged.connect(self._on_focus)
        self._on_focus(None, app.focusWidget())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Note presses and releases; take none of them."""
        if isinstance(event, QKeyEvent):
            if event.type() in _PRESSES:
                self.repeats = event.isAutoRepeat()
                self._done.start()
                self.is_down = self.is_down or event.key() == self.key
            elif event.key() == self.key and not event.isAutoRepeat():
                self.is_down = False
                self.released.emit()
        elif event.type() == QEvent.Type.FocusOut:
            self.is_down = False  # a menu hears the keys: it takes no focus, but tells so
        return super().eventFilter(watched, event)

    def _on_done(self) -> None:
        self.repeats = False

    def _on_focus(self, _old: QWidget | None, new: QWidget | None) -> None:
        """Look at another widget; whether the key is let go meanwhile cannot be seen."""
        if self._watched is not None and shiboken6.isValid(self._watched):
            self._watched.removeEventFilter(self)
        self._watched, self.is_down = new, False
        if new is not None:
            new.installEventFilter(self)
