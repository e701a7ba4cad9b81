"""Actions whose tooltip always says their key, all of them made in the same way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence

from codefx_desktop.ui.icons import wear

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    from codefx_desktop.ui.theme import Theme

IN_WINDOW: Final = Qt.ShortcutContext.WindowShortcut
WITHIN: Final = Qt.ShortcutContext.WidgetWithChildrenShortcut
"""The key is heard while the keyboard is anywhere in the owner."""
ON_IT: Final = Qt.ShortcutContext.WidgetShortcut
"""The key is heard while the owner itself has the keyboard."""


class KeyedActions:
    """Makes the actions of a window or of a part of it.

    Args:
        owner: Owns them.
        theme: The theme.
        heard: Where their keys work: in the whole window, or only within the owner.
    """

    def __init__(self, owner: QWidget, theme: Theme, heard: Qt.ShortcutContext = IN_WINDOW) -> None:
        self._owner, self._theme, self._heard = owner, theme, heard

    def make(
        self, text: str, glyph: str, key: str, slot: Callable[[], object] | None = None
    ) -> QAction:
        """Return a new action.

        Args:
            text: What it does, with the letter of its menu marked.
            glyph: What it wears, if anything.
            key: Its key, if any.
            slot: What it calls, if anything yet.
        """
        action = QAction(text, self._owner)
        if key:
            action.setShortcut(QKeySequence(key))
        action.setShortcutContext(self._heard)
        describe(action)
        if glyph:
            wear(action, glyph, self._theme)
        if slot is not None:
            action.triggered.connect(lambda _on=False: slot())
        self._owner.addAction(action)
        return action

    def make_switch(
        self, text: str, glyph: str, key: str, slot: Callable[[bool], object] | None = None
    ) -> QAction:
        """Return a new action that is on or off; ``slot`` is told which when a person changes it.

        Args:
            text: What it does, with the letter of its menu marked.
            glyph: What it wears, if anything.
            key: Its key, if any.
            slot: What it calls, if anything yet.
        """
        action = self.make(text, glyph, key)
        action.setCheckable(True)
        if slot is not None:
            action.triggered.connect(slot)
        return action


def name_of(action: QAction) -> str:
    """Return what an action does, without the marks of its menu."""
    return action.text().replace("&", "").removesuffix("…")


def describe(action: QAction, more: str = "") -> None:
    """Let an action's tooltip say what it does, its key, and more."""
    keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
    tip = f"{name_of(action)} ({keys})" if keys else name_of(action)
    action.setToolTip(f"{tip}\n{more}" if more else tip)
