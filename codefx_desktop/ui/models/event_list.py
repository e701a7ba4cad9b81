"""Rows of events for a list view: which is selected, which is on screen, which comes next."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

from codefx_desktop.ui.models.event_rows import EventRow, GroupRow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import QObject

    from codefx_desktop.ui.models.event_rows import Row
    from codefx_desktop.ui.models.review_state import EventKey

_ROOT = QModelIndex()
Index = QModelIndex | QPersistentModelIndex
ROW_ROLE: Final = Qt.ItemDataRole.UserRole
"""The row itself: ``EventRow`` or ``GroupRow``."""
HERE_ROLE: Final = Qt.ItemDataRole.UserRole + 1
"""Whether it is the last one at or before the frame on screen."""


class EventList(QAbstractListModel):
    """Rows of events and heads between them; heads cannot be chosen."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: tuple[Row, ...] = ()
        self._frames: list[tuple[int, int]] = []
        self._number: int | None = None
        self._here: frozenset[int] = frozenset()

    def show_rows(self, rows: Sequence[Row]) -> bool:
        """Show these rows; return whether they are others in number or kind."""
        rows = tuple(rows)
        if rows == self.rows:
            return False
        # A list that is only told anew keeps its place and its selection.
        is_same = [_name(row) for row in rows] == [_name(row) for row in self.rows]
        if not is_same:
            self.beginResetModel()
        self.rows = rows
        self._frames = sorted(
            (row.number, place)
            for place, row in enumerate(rows)
            if isinstance(row, EventRow) and row.number is not None
        )
        self._here = self._places_at(self._number)
        if is_same:
            self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))
        else:
            self.endResetModel()
        return not is_same

    def set_here(self, number: int | None) -> int | None:
        """Tell which frame is on screen; return the row that became the last before it."""
        self._number = number
        here = self._places_at(number)
        if here == self._here:
            return None
        changed, self._here = self._here | here, here
        for place in changed:
            if place < len(self.rows):
                self.dataChanged.emit(self.index(place), self.index(place), [HERE_ROLE])
        return min(here, default=None)

    def event_at(self, index: Index) -> EventRow | None:
        """Return the event or mark of a row; None for a head."""
        row = self.rows[index.row()] if 0 <= index.row() < len(self.rows) else None
        return row if isinstance(row, EventRow) else None

    def place_of(self, key: EventKey | None, mark: int | None) -> int | None:
        """Return the row of an event or a mark."""
        for place, row in enumerate(self.rows):
            if isinstance(row, EventRow) and (
                (key is not None and row.key == key) or (mark is not None and row.mark == mark)
            ):
                return place
        return None

    def rowCount(self, parent: Index = _ROOT) -> int:
        """Return how many rows there are."""
        return 0 if parent.isValid() else len(self.rows)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Let only events be chosen."""
        if self.event_at(index) is None:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return what a row says."""
        if not 0 <= index.row() < len(self.rows):
            return None
        row = self.rows[index.row()]
        if role == ROW_ROLE:
            return row
        if role == HERE_ROLE:
            return index.row() in self._here
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return row.text if isinstance(row, GroupRow) else row.whole
        if role == Qt.ItemDataRole.ToolTipRole and isinstance(row, EventRow):
            return row.whole
        return None

    def _places_at(self, number: int | None) -> frozenset[int]:
        """Return the rows whose frame is the last at or before one."""
        if number is None:
            return frozenset()
        after = bisect_right(self._frames, (number, len(self.rows)))
        if not after:
            return frozenset()
        at = self._frames[after - 1][0]
        return frozenset(place for frame, place in self._frames if frame == at)


def _name(row: Row) -> object:
    return row.text if isinstance(row, GroupRow) else (row.key, row.mark)
