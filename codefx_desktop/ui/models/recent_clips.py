"""The clips that were viewed lately, newest first."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from PySide6.QtCore import QSettings

MOST = 10
_KEY, _JOBS = "review/recent", "review/recent_jobs"


class RecentClips(QObject):
    """A short list that is kept between runs, with the jobs that clips were viewed for.

    Whether a clip is still there is found out when it is opened: a look at a drive that sleeps
    or is gone would hold up the window.

    Args:
        store: Where it is kept.
    """

    changed = Signal()

    def __init__(self, store: QSettings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self._paths = [Path(name) for name in _texts(store, _KEY)][:MOST]
        self._jobs = dict(zip(self._paths, _texts(store, _JOBS), strict=False))

    def paths(self) -> tuple[Path, ...]:
        """Return the clips, newest first."""
        return tuple(self._paths)

    def job_of(self, path: Path) -> str | None:
        """Return the job that a clip was viewed for last, if it was for one."""
        return self._jobs.get(path) or None

    def add(self, path: Path, job_id: str | None = None) -> None:
        """Put a clip first, as the clip of a job or as a file of its own."""
        self._jobs[path] = job_id or ""
        self._keep([path, *(p for p in self._paths if p != path)])

    def remove(self, path: Path) -> None:
        """Forget a clip."""
        self._keep([p for p in self._paths if p != path])

    def clear(self) -> None:
        """Forget all."""
        self._keep([])

    def _keep(self, paths: list[Path]) -> None:
        self._paths = paths[:MOST]
        self._jobs = {path: self._jobs.get(path, "") for path in self._paths}
        self._store.setValue(_KEY, [str(path) for path in self._paths])
        self._store.setValue(_JOBS, list(self._jobs.values()))
        self.changed.emit()


def _texts(store: QSettings, key: str) -> list[str]:
    """Return a list of texts; a list of one comes back as a text."""
    kept = store.value(key)
    return [kept] if isinstance(kept, str) else kept if isinstance(kept, list) else []
