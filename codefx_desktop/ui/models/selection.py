"""Which job the window shows: the one a person chose, else the one that runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from codefx_desktop.ui.models.job_book import JobBook


class Selection(QObject):
    """The job in focus.

    While nobody chose another job, it follows the running one; ``follow`` goes back to that.

    Args:
        book: The jobs.
    """

    changed = Signal()

    def __init__(self, book: JobBook, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._book = book
        self.job_id: str | None = None
        self.following = True
        book.listed.connect(self._on_listed)
        book.removed.connect(self._on_removed)

    def choose(self, job_id: str | None) -> None:
        """Show this job because a person asked for it."""
        if job_id is None:
            return
        self.following = job_id == self._book.running()
        self._set(job_id)

    def hold(self) -> None:
        """Stay with the job shown, because a person works on it."""
        self.following = False

    def follow(self) -> None:
        """Show the running job, now and from now on."""
        self.following = True
        self._on_listed()
        self.changed.emit()

    @property
    def away(self) -> bool:
        """Whether a job runs that is not the one shown."""
        running = self._book.running()
        return running is not None and running != self.job_id

    def _on_listed(self) -> None:
        running = self._book.running()
        if self.following and running is not None:
            self._set(running)
        elif self.job_id is None and (ids := self._book.ids()):
            self._set(ids[0])

    def _on_removed(self, job_id: str) -> None:
        if job_id == self.job_id:
            self.following = True
            ids = self._book.ids()
            self._set(self._book.running() or (ids[0] if ids else None))

    def _set(self, job_id: str | None) -> None:
        if job_id != self.job_id:
            self.job_id = job_id
            self.changed.emit()
