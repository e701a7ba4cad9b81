"""Saves the settings file for the window; needs no history: settings can always be mended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal

from codefx_desktop.jobs.desk import Desk
from codefx_desktop.jobs.pools import Pool, new_pool
from codefx_desktop.settings.settings_file import save_chosen

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from PySide6.QtCore import QObject


class SettingsDesk(Desk):
    """Lives in the main thread; every call returns at once.

    Args:
        path: The settings file.
        parent: The owner.
        new_pool: Makes a pool with so many workers.
    """

    saved = Signal(str)
    """Why nothing was saved; empty where it was."""

    def __init__(
        self,
        path: Path,
        parent: QObject | None = None,
        *,
        new_pool: Callable[[int], Pool] = new_pool,
    ) -> None:
        super().__init__(parent, new_pool)
        self._path, self._saves = path, self._queued_calls(keeps=True)
        self.kept: dict[str, Any] = {}
        """What was saved since the program began, which it does not go by yet; None: taken out."""

    def save(self, values: Mapping[str, Any]) -> None:
        """Change settings in the file; None takes one out. ``saved`` tells how it went."""
        wanted = dict(values)

        def work() -> str:
            save_chosen(self._path, wanted)
            return ""

        self._ask(self._saves, "save", work, lambda why: self._on_saved(why, wanted), str)

    def _on_saved(self, why: str, wanted: Mapping[str, Any]) -> None:
        if not why:
            self.kept.update(wanted)
        self.saved.emit(why)
