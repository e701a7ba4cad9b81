"""Saves the settings file for the window; needs no history: settings can always be mended."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QDeadlineTimer, QObject, Signal

from codefx_desktop.domain.errors import CodefxError
from codefx_desktop.jobs.pools import Call, Pool, new_pool
from codefx_desktop.jobs.viewing import unexpected
from codefx_desktop.settings.settings_file import save_chosen

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

log = logging.getLogger(__name__)
SHUTDOWN_MS: Final = 3_000


class SettingsDesk(QObject):
    """Lives in the main thread; every call returns at once.

    Args:
        path: The settings file.
        parent: The owner.
        new_pool: Makes a pool with so many workers.
    """

    saved = Signal(str)
    """Why nothing was saved; empty where it was."""

    _arrived = Signal(str, object)

    def __init__(
        self,
        path: Path,
        parent: QObject | None = None,
        *,
        new_pool: Callable[[int], Pool] = new_pool,
    ) -> None:
        super().__init__(parent)
        self._path, self._pool = path, new_pool(1)
        self.kept: dict[str, Any] = {}
        """What was saved since the program began, which it does not go by yet; None: taken out."""
        self._arrived.connect(self._on_saved)

    def save(self, values: Mapping[str, Any]) -> None:
        """Change settings in the file; None takes one out. ``saved`` tells how it went."""
        wanted = dict(values)

        def work() -> None:
            why = ""
            try:
                save_chosen(self._path, wanted)
            except CodefxError as error:
                why = str(error)
            except Exception as error:
                log.exception("The settings could not be saved")
                why = unexpected(error)
            self._arrived.emit(why, wanted)

        self._pool.start(Call(work))

    def shutdown(self) -> None:
        """Wait until what was asked for is saved, three seconds at most."""
        deadline = QDeadlineTimer(SHUTDOWN_MS)
        if not self._pool.waitForDone(deadline.remainingTime()):
            log.warning("The settings were not saved within %d ms", SHUTDOWN_MS)

    def _on_saved(self, why: str, wanted: Mapping[str, Any]) -> None:
        if not why:
            self.kept.update(wanted)
        self.saved.emit(why)
