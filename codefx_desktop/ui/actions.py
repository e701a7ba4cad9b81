"""The window's actions and menus, in one place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QAction, QActionGroup, QKeySequence

from codefx_desktop.ui import theme as themes
from codefx_desktop.ui.keyed_action import KeyedActions

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtWidgets import QDockWidget, QMainWindow, QMenu, QMenuBar

    from codefx_desktop.ui.artifacts import Artifacts
    from codefx_desktop.ui.push_actions import PushActions
    from codefx_desktop.ui.queue_panel import QueuePanel
    from codefx_desktop.ui.review import Review
    from codefx_desktop.ui.theme import Theme
    from codefx_desktop.ui.workspaces import Workspaces


class Actions:
    """What can be done from the menus.

    Args:
        window: Owns the actions.
        theme: The theme.
    """

    def __init__(self, window: QMainWindow, theme: Theme) -> None:
        new = KeyedActions(window, theme)
        make = new.make
        self.open = make("&Open clips…", "folder", "Ctrl+O")
        self.sample = make("&Try the sample stop", "play", "")
        self.models = make("&Models…", "", "Ctrl+M")
        self.cameras = make("&Cameras and zones…", "outline", "Ctrl+E")
        self.templates = make("Stop temp&lates…", "", "")
        self.quit = make("&Quit", "", "Ctrl+Q")
        self.quit.setMenuRole(QAction.MenuRole.QuitRole)
        self.pause = new.make_switch("&Pause the queue", "pause", "Ctrl+P")
        self.follow = make("&Back to the running job", "live", "Ctrl+L")
        self.reset_layout = make("&Reset layout", "", "")
        self.keys = make("&Keys", "", "?")
        self.about = make("&About CodeFx Desktop", "info", "")
        self.about.setMenuRole(QAction.MenuRole.AboutRole)
        self.commands: tuple[QAction, ...] = ()
        """The palette, and the settings."""
        self.themes = QActionGroup(window)
        for name in themes.NAMES:
            text = "Follow the system" if name == themes.SYSTEM else name.capitalize()
            if name == "sunlight":
                text = "Sunlight (high contrast)"
            action = new.make_switch(text, "", "")
            action.setData(name)
            self.themes.addAction(action)

    def of_window(self) -> tuple[QAction, ...]:
        """Return what concerns the program as a whole."""
        return self.models, self.cameras, self.quit, self.keys

    def fill_menus(
        self,
        bar: QMenuBar,
        workspaces: Workspaces,
        queue: QueuePanel,
        review: Review,
        artifacts: Artifacts,
        push: PushActions,
        docks: Sequence[QDockWidget],
    ) -> None:
        """Build the menu bar."""
        file = bar.addMenu("&File")
        file.addActions([self.open, review.actions.choose])
        file.addMenu(review.recent_menu)
        file.addActions([self.sample, push.fetch, artifacts.actions.export])
        file.addSeparator()
        file.addActions([self.models, self.cameras, self.templates])
        file.addActions(list(self.commands[1:]))
        file.addSeparator()
        file.addAction(self.quit)
        self._fill_queue(bar.addMenu("&Queue"), queue)
        clip = bar.addMenu("&Clip")
        review.actions.fill(clip)
        clip.addSeparator()
        review.lanes.actions_.fill(clip)
        clip.addSeparator()
        clip.addActions([self.cameras, artifacts.actions.export])
        artifacts.actions.fill(bar.addMenu("&Artifacts"))
        push.fill(bar.addMenu("&Push"))
        view = bar.addMenu("&View")
        view.addActions(workspaces.actions.actions())
        view.addSeparator()
        for number, dock in enumerate(docks, start=1):
            toggle = dock.toggleViewAction()
            toggle.setShortcut(QKeySequence(f"Alt+{number}"))
            view.addAction(toggle)
        view.addAction(self.reset_layout)
        view.addSeparator()
        self._fill_themes(view.addMenu("&Theme"))
        help_menu = bar.addMenu("&Help")
        help_menu.addActions([*self.commands[:1], self.keys, self.about])

    def _fill_queue(self, menu: QMenu, queue: QueuePanel) -> None:
        menu.addActions([self.pause, self.follow])
        menu.addSeparator()
        menu.addActions([queue.view_action, queue.view_output_action, queue.artifacts_action])
        menu.addSeparator()
        menu.addActions([queue.up_action, queue.down_action])
        menu.addSeparator()
        menu.addActions([queue.cancel_action, queue.retry_action, queue.remove_action])
        menu.addSeparator()
        menu.addActions([queue.clear_action, queue.delete_action])

    def mark_theme(self, name: str) -> None:
        """Tick the theme in force."""
        for action in self.themes.actions():
            action.setChecked(action.data() == name)

    def mark_paused(self, paused: bool) -> None:
        """Show whether the queue is paused."""
        self.pause.setChecked(paused)

    def on_theme(self, slot: Callable[[str], None]) -> None:
        """Call ``slot`` with the name of the theme that is chosen."""
        self.themes.triggered.connect(lambda action: slot(action.data()))

    def _fill_themes(self, menu: QMenu) -> None:
        menu.addActions(self.themes.actions())
