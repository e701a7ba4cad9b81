"""What can be done about pushing from the menus."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QAction, QKeySequence

from codefx_desktop.ui.icons import wear

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMenu, QWidget

    from codefx_desktop.ui.theme import Theme


class PushActions:
    """Actions with their keys; they work in every workspace.

    Args:
        window: Owns them.
        theme: The theme.
    """

    def __init__(self, window: QWidget, theme: Theme) -> None:
        self._window, self._theme = window, theme
        self.push = self._action("&Push…", "push", "Ctrl+U")
        self.push.setToolTip("Push the chosen jobs to a bucket or folder (Ctrl+U)")
        self.links = self._action("&Links…", "link", "Ctrl+Shift+U")
        self.outbox = self._action("Show the &outbox", "", "Ctrl+B")
        self.pause = self._action("P&ause all pushes", "pause", "")
        self.pause.setCheckable(True)
        self.targets = self._action("&Targets…", "target", "Ctrl+T")
        self.fetch = self._action("Open p&ushed job…", "", "Ctrl+Alt+O")
        self.free = self._action("&Free space…", "", "")

    def all(self) -> tuple[QAction, ...]:
        """Return them in the order of the menu."""
        of_pushes = (self.push, self.links, self.outbox, self.pause)
        return (*of_pushes, self.targets, self.fetch, self.free)

    def fill(self, menu: QMenu) -> None:
        """Build the menu."""
        menu.addActions([self.push, self.links])
        menu.addSeparator()
        menu.addActions([self.outbox, self.pause])
        menu.addSeparator()
        menu.addActions([self.targets, self.free])

    def _action(self, text: str, glyph: str, key: str) -> QAction:
        action = QAction(text, self._window)
        action.setShortcut(QKeySequence(key))
        if glyph:
            wear(action, glyph, self._theme)
        self._window.addAction(action)
        return action
