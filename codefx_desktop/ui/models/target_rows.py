"""The targets of this machine as a list model."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from codefx_desktop.ui.models import target_words

if TYPE_CHECKING:
    from codefx_desktop.jobs.target_desk import TargetDesk
    from codefx_desktop.jobs.target_values import TargetList, TargetRow

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


class TargetRole(IntEnum):
    """What else a row answers besides its name."""

    ROW = Qt.ItemDataRole.UserRole + 1


class TargetRows(QAbstractListModel):
    """Targets, those of the environment first.

    Args:
        desk: Where the news comes from.
    """

    listed = Signal()
    """A list came; selections are to be found again by their names."""

    def __init__(self, desk: TargetDesk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.found: TargetList | None = None
        self._rows: tuple[TargetRow, ...] = ()
        desk.listed.connect(self._on_list)

    def rowCount(self, parent: Index = _ROOT) -> int:
        """Return the number of targets."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401 - Qt's signature
        """Return a target, or its words."""
        if not 0 <= index.row() < len(self._rows):
            return None
        row = self._rows[index.row()]
        if role == TargetRole.ROW:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return row.target.name
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{row.target.name}, {target_words.line(row)}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return target_words.lacks(row) or target_words.place(row.target)
        return None

    def row(self, number: int) -> TargetRow | None:
        """Return the target of a row."""
        return self._rows[number] if 0 <= number < len(self._rows) else None

    def find(self, name: str) -> int:
        """Return the row of a name in any case of letters; -1 if there is none."""
        wanted = name.casefold()
        rows = enumerate(self._rows)
        return next((n for n, row in rows if row.target.name.casefold() == wanted), -1)

    def _on_list(self, found: TargetList) -> None:
        self.found = found
        self.beginResetModel()
        self._rows = found.rows
        self.endResetModel()
        self.listed.emit()
