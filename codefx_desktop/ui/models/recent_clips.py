"""The clips that were viewed lately, newest first."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from PySide6.QtCore import QSettings

MOST = 10
_KEY = "review/recent"


class RecentClips(QObject):
    """A short list that is kept between runs.

    Whether a clip is still there is found out when it is opened: a look at a drive that sleeps
    or is gone would hold up the window.

    Args:
        store: Where it is kept.
    """

    changed = Signal()

    def __init__(self, store: QSettings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store = store
        kept = store.value(_KEY)
        names = [kept] if isinstance(kept, str) else kept if isinstance(kept, list) else []
        self._paths = [Path(name) for name in names][:MOST]

    def paths(self) -> tuple[Path, ...]:
        """Return the clips, newest first."""
        return tuple(self._paths)

    def add(self, path: Path) -> None:
        """Put a clip first."""
        self._keep([path, *(p for p in self._paths if p != path)])

    def remove(self, path: Path) -> None:
        """Forget a clip."""
        self._keep([p for p in self._paths if p != path])

    def clear(self) -> None:
        """Forget all."""
        self._keep([])

    def _keep(self, paths: list[Path]) -> None:
        self._paths = paths[:MOST]
        self._store.setValue(_KEY, [str(path) for path in self._paths])
        self.changed.emit()
