"""Everything that can be done, in one place: the palette, the keys and the settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSettings, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence

from codefx_desktop.jobs.messages import Notice
from codefx_desktop.jobs.settings_desk import SettingsDesk
from codefx_desktop.ui.keyed_action import KeyedActions, name_of
from codefx_desktop.ui.keys_dialog import KeysDialog
from codefx_desktop.ui.models.key_map import KeyMap
from codefx_desktop.ui.models.palette_rows import Command
from codefx_desktop.ui.palette import Palette
from codefx_desktop.ui.settings_dialog import SAVED, SettingsDialog

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from PySide6.QtWidgets import QDialog, QMenu, QMenuBar, QWidget

    from codefx_desktop.jobs.hub import Hub
    from codefx_desktop.ui.theme import Theme

NOT_NOW = "not possible now"
NATIVE = QKeySequence.SequenceFormat.NativeText


class Commands(QObject):
    """Opens the palette, the sheet of keys and the settings.

    Args:
        hub: Has the settings in force and the folders.
        store: Keeps changed keys.
        theme: The theme.
        window: Over which they stand.
    """

    noticed = Signal(object)
    """Something happened that the person should know: ``Notice``."""

    def __init__(self, hub: Hub, store: QSettings, theme: Theme, window: QWidget) -> None:
        super().__init__(window)
        self._hub, self._theme, self._window = hub, theme, window
        self.keys = KeyMap(store, self)
        self._desk = SettingsDesk(hub.paths.settings_file, self)
        self._desk.saved.connect(self._on_saved)
        self._menus: QMenuBar | None = None
        self.palette: Palette | None = None
        make = KeyedActions(window, theme).make
        self.palette_action = make("&Commands…", "", "Ctrl+K", self.show_palette)
        self.settings_action = make("&Settings…", "", "Ctrl+,", self.show_settings)
        self.settings_action.setMenuRole(QAction.MenuRole.PreferencesRole)

    def take(self, groups: Iterable[tuple[str, Sequence[QAction]]], menus: QMenuBar) -> None:
        """Take the actions of the window, once all its parts are there."""
        self._menus = menus
        own = ("Window", (self.palette_action, self.settings_action))
        self.keys.take((*groups, own))

    def show_palette(self) -> None:
        """Let a person find a command."""
        palette = Palette(self.commands(), self._theme, self._window)
        self.palette = palette
        palette.destroyed.connect(self._forget)
        palette.show()
        palette.field.setFocus()

    def show_keys(self) -> None:
        """Show all keys."""
        _open(KeysDialog(self.keys, self._window))

    def show_settings(self) -> None:
        """Show the settings."""
        paths = self._hub.paths
        settings = self._hub.settings
        _open(SettingsDialog(settings, self._desk, paths.settings_file, self._theme, self._window))

    def commands(self) -> tuple[Command, ...]:
        """Return all that can be done: the menus' entries, then what has a key but no entry."""
        rows: list[Command] = []
        seen: set[QAction] = {self.palette_action}
        if self._menus is not None:
            for group, action in _entries(self._menus.actions()):
                if action not in seen and name_of(action):
                    seen.add(action)
                    rows.append(_command(action, group))
        for row in self.keys.rows:
            if row.action not in seen:
                seen.add(row.action)
                rows.append(_command(row.action, row.group))
        return tuple(rows)

    def shutdown(self) -> None:
        """Save what is still to be saved."""
        self._desk.shutdown()

    def _forget(self) -> None:
        self.palette = None

    def _on_saved(self, why: str) -> None:
        if why:
            self.noticed.emit(Notice("error", f"The settings were not saved. {why}"))
        else:
            self.noticed.emit(Notice("info", SAVED))


def _open(dialog: QDialog) -> None:
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()


def _entries(actions: Iterable[QAction], group: str = "") -> Iterator[tuple[str, QAction]]:
    """Yield the entries of menus with what is above them; menus that are empty have none."""
    for action in actions:
        menu: QMenu | None = action.menu()  # type: ignore[assignment]
        if menu is not None:
            above = ": ".join(part for part in (group, name_of(action)) if part)
            yield from _entries(menu.actions(), above)
        elif not action.isSeparator():
            yield group, action


def _command(action: QAction, group: str) -> Command:
    text = name_of(action)
    if action.isCheckable():
        text = f"{text} ({'on' if action.isChecked() else 'off'})"
    key = action.shortcut().toString(NATIVE)
    why_not = "" if action.isEnabled() else NOT_NOW
    return Command(text, group, key, action.trigger, why_not)
