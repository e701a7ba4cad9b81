"""What can be done about pushing from the menus."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codefx_desktop.ui.keyed_action import KeyedActions, describe

if TYPE_CHECKING:
    from PySide6.QtGui import QAction
    from PySide6.QtWidgets import QMenu, QWidget

    from codefx_desktop.ui.theme import Theme


class PushActions:
    """Actions with their keys; they work in every workspace.

    Args:
        window: Owns them.
        theme: The theme.
    """

    def __init__(self, window: QWidget, theme: Theme) -> None:
        new = KeyedActions(window, theme)
        make = new.make
        self.push = make("&Push…", "push", "Ctrl+U")
        describe(self.push, "The chosen jobs, to a bucket or folder")
        self.links = make("&Links…", "link", "Ctrl+Shift+U")
        self.outbox = make("Show the &outbox", "", "Ctrl+B")
        self.pause = new.make_switch("P&ause all pushes", "pause", "")
        self.targets = make("&Targets…", "target", "Ctrl+T")
        self.fetch = make("Open p&ushed job…", "", "Ctrl+Alt+O")
        self.free = make("&Free space…", "", "")

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
