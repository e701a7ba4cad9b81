"""The queue as a list model: cards, and moves of the waiting ones by drag."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QAbstractListModel,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from codefx_desktop.domain.job import JobStatus
from codefx_desktop.ui.models import words
from codefx_desktop.ui.models.cards import Card, card_of
from codefx_desktop.ui.models.rows import follow

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from codefx_desktop.ui.models.job_book import JobBook

Index = QModelIndex | QPersistentModelIndex
MIME = "application/x-codefx-job"
_ROOT = QModelIndex()


class Role(IntEnum):
    """What else a row answers besides its name."""

    ID = Qt.ItemDataRole.UserRole + 1
    CARD = Qt.ItemDataRole.UserRole + 2


class QueueModel(QAbstractListModel):
    """Running, waiting and lately ended jobs, one card each.

    Args:
        book: The jobs.
    """

    move_wanted = Signal(str, int)
    """A person dragged a waiting job to a place among the waiting ones."""

    def __init__(self, book: JobBook, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._book = book
        self._ids: list[str] = book.ids()
        self.paused = False
        book.listed.connect(self._sync)
        book.changed.connect(self._on_changed)

    def rowCount(self, parent: Index = _ROOT) -> int:
        """Return the number of cards."""
        return 0 if parent.isValid() else len(self._ids)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401 - Qt's signature
        """Return the card, its id, or its words."""
        if not 0 <= index.row() < len(self._ids):
            return None
        job_id = self._ids[index.row()]
        if role == Role.ID:
            return job_id
        answer = _ANSWERS.get(role)
        card = self.card(job_id) if answer else None
        return answer(card) if answer and card else None

    def card(self, job_id: str) -> Card | None:
        """Return the card of a job."""
        entry = self._book.get(job_id)
        if entry is None:
            return None
        waits = entry.record.status is JobStatus.QUEUED
        queued = self._book.queued() if waits else []
        return card_of(entry, queued.index(job_id) + 1 if job_id in queued else 0)

    def row_of(self, job_id: str | None) -> int:
        """Return a job's row, -1 if it is not listed."""
        return self._ids.index(job_id) if job_id in self._ids else -1

    def summary(self) -> str:
        """Return how many run and wait, in words; a paused queue says so first."""
        queued = len(self._book.queued())
        running = self._book.running() is not None
        parts = ["Paused"] if self.paused else ["1 running"] if running else []
        parts += [f"{queued} queued"] if queued else []
        return ", ".join(parts) if parts else "Nothing to do"

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Waiting jobs can be dragged; between rows can be dropped."""
        flag = Qt.ItemFlag
        if not index.isValid():
            return flag.ItemIsDropEnabled
        flags = flag.ItemIsEnabled | flag.ItemIsSelectable | flag.ItemNeverHasChildren
        entry = self._book.get(self._ids[index.row()])
        if entry is not None and entry.record.status is JobStatus.QUEUED:
            flags |= flag.ItemIsDragEnabled
        return flags

    def supportedDropActions(self) -> Qt.DropAction:
        """Cards only move."""
        return Qt.DropAction.MoveAction

    def mimeTypes(self) -> list[str]:
        """Only cards of this list are taken; files belong to the window."""
        return [MIME]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        """Return the dragged job's id."""
        data = QMimeData()
        data.setData(MIME, self._ids[indexes[0].row()].encode())
        return data

    def dropMimeData(
        self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: Index
    ) -> bool:
        """Ask for the move; the hub's answer makes it, so the view must not."""
        del action, column
        if not data.hasFormat(MIME):
            return False
        job_id = bytes(data.data(MIME).data()).decode()
        target = parent.row() if row < 0 and parent.isValid() else row
        queued = self._book.queued()
        if job_id not in queued:
            return False
        above = self._ids[: target if target >= 0 else len(self._ids)]
        place = sum(1 for other in above if other in queued and other != job_id)
        if place != queued.index(job_id):
            self.move_wanted.emit(job_id, place)
        return False

    def _on_changed(self, job_id: str) -> None:
        row = self.row_of(job_id)
        if row >= 0:
            index = self.index(row)
            # Named, so that the view can repaint one card without laying out all of them.
            self.dataChanged.emit(index, index, [int(Role.CARD)])

    def _sync(self) -> None:
        """Follow the book by single moves, so that selection and scrolling stay."""
        follow(self, self._ids, self._book.ids())


def _tooltip(card: Card) -> str:
    lines = [card.where, card.headline]
    lines += [f"{chip.word}: {words.percent(chip.progress)}" for chip in card.chips]
    return "\n".join([*lines, *(line for line in (card.left,) if line)])


_ANSWERS: dict[int, Callable[[Card], object]] = {
    int(Role.CARD): lambda card: card,
    int(Qt.ItemDataRole.DisplayRole): lambda card: card.name,
    int(Qt.ItemDataRole.AccessibleTextRole): lambda card: card.spoken,
    int(Qt.ItemDataRole.ToolTipRole): _tooltip,
}
