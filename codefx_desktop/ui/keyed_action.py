"""Actions whose tooltip always says their key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QAction, QKeySequence

from codefx_desktop.ui.icons import wear

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    from codefx_desktop.ui.theme import Theme


class KeyedActions:
    """Makes the actions of a window.

    Args:
        window: Owns them; their keys work in all of it.
        theme: The theme.
    """

    def __init__(self, window: QWidget, theme: Theme) -> None:
        self._window, self._theme = window, theme

    def make(self, text: str, glyph: str, key: str, slot: Callable[[], object] | None) -> QAction:
        """Return a new action.

        Args:
            text: What it does, with the letter of its menu marked.
            glyph: What it wears, if anything.
            key: Its key, if any.
            slot: What it calls, if anything yet.
        """
        action = QAction(text, self._window)
        action.setShortcut(QKeySequence(key))
        describe(action)
        if glyph:
            wear(action, glyph, self._theme)
        if slot is not None:
            action.triggered.connect(lambda _on=False: slot())
        self._window.addAction(action)
        return action

    def make_switch(
        self, text: str, glyph: str, key: str, slot: Callable[[bool], object]
    ) -> QAction:
        """Return a new action that is on or off; ``slot`` is told which when a person changes it.

        Args:
            text: What it does, with the letter of its menu marked.
            glyph: What it wears.
            key: Its key, if any.
            slot: What it calls.
        """
        action = self.make(text, glyph, key, None)
        action.setCheckable(True)
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
