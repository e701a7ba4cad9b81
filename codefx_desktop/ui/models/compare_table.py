"""What stops took phase by phase as rows of a table that sorts by any column."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from codefx_desktop.ui.models.compare_align import letter
from codefx_desktop.ui.models.compare_delta import WITHIN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import QObject

    from codefx_desktop.ui.models.compare_delta import Cell, Row

_ROOT = QModelIndex()
Index = QModelIndex | QPersistentModelIndex
CELL_ROLE: Final = Qt.ItemDataRole.UserRole + 1
"""``Cell`` of a column with a difference; None elsewhere."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: a stop's figures, or its differences from the reference; the first is the phase.

    Attributes:
        place: Which of the stops; -1 for the phase.
        is_delta: Whether it holds differences.
    """

    place: int
    is_delta: bool = False


class CompareTable(QAbstractTableModel):
    """One row for each phase; what was not found sorts last, whichever way is up."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: tuple[Row, ...] = ()
        self.columns: tuple[Column, ...] = ()
        self.panes: tuple[int, ...] = ()
        self.reference = 0
        self._given: tuple[Row, ...] = ()
        self._sorted = (-1, Qt.SortOrder.AscendingOrder)

    def show_rows(self, panes: Sequence[int], rows: tuple[Row, ...], reference: int) -> None:
        """Show phases.

        Args:
            panes: Numbers of the panes whose stops the cells are of.
            rows: The phases, in the order of the template.
            reference: Number of the pane that others are held against.
        """
        state = (tuple(panes), rows, reference)
        if state == (self.panes, self._given, self.reference):
            return
        self.beginResetModel()
        self.panes, self._given, self.reference = state
        columns = [Column(-1)]
        for place, pane in enumerate(panes):
            columns.append(Column(place))
            if pane != reference:
                columns.append(Column(place, is_delta=True))
        if tuple(columns) != self.columns:
            self.columns, self._sorted = tuple(columns), (-1, Qt.SortOrder.AscendingOrder)
        self.rows = self._in_order()
        self.endResetModel()

    def rowCount(self, parent: Index = _ROOT) -> int:
        """Return how many phases there are."""
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = _ROOT) -> int:
        """Return how many columns there are."""
        return 0 if parent.isValid() else len(self.columns)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """Return what a column is called."""
        if orientation is not Qt.Orientation.Horizontal or section >= len(self.columns):
            return None
        column = self.columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return self._head(column)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(column)
        return self._more(column) if role == Qt.ItemDataRole.ToolTipRole else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return what a cell says."""
        if not (0 <= index.row() < len(self.rows) and 0 <= index.column() < len(self.columns)):
            return None
        row, column = self.rows[index.row()], self.columns[index.column()]
        cell = None if column.place < 0 else row.cells[column.place]
        said = {
            Qt.ItemDataRole.DisplayRole: self._text(row, column, cell),
            Qt.ItemDataRole.TextAlignmentRole: _alignment(column),
            Qt.ItemDataRole.ToolTipRole: self._tip(row, cell),
            Qt.ItemDataRole.AccessibleTextRole: (
                f"{row.name}, {self._head(column)}: {self._text(row, column, cell)}"
            ),
            CELL_ROLE: cell if column.is_delta else None,
        }
        return said.get(role)

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column; by the phase means in the order of the template."""
        self.layoutAboutToBeChanged.emit()
        self._sorted = (column, order)
        self.rows = self._in_order()
        self.layoutChanged.emit()

    def _in_order(self) -> tuple[Row, ...]:
        at, order = self._sorted
        descends = order == Qt.SortOrder.DescendingOrder
        if not 0 < at < len(self.columns):
            return self._given[::-1] if descends and at == 0 else self._given
        column = self.columns[at]

        def value(row: Row) -> float | None:
            cell = row.cells[column.place]
            return cell.delta_s if column.is_delta else cell.value_s

        known = [row for row in self._given if value(row) is not None]
        unknown = [row for row in self._given if value(row) is None]
        known.sort(key=lambda row: value(row) or 0.0, reverse=descends)
        return (*known, *unknown)

    def _head(self, column: Column) -> str:
        if column.place < 0:
            return "Phase"
        name, held = letter(self.panes[column.place]), letter(self.reference)
        return f"{name} \N{MINUS SIGN} {held}  s" if column.is_delta else f"{name}  s"

    def _more(self, column: Column) -> str:
        if column.place < 0:
            return "In the order of the template"
        name, held = letter(self.panes[column.place]), letter(self.reference)
        if column.is_delta:
            return f"By how much {name} was slower than {held}; bold where both cannot be the same"
        return f"What {name} took, and how far off that may be"

    def _text(self, row: Row, column: Column, cell: Cell | None) -> str:
        if cell is None:
            return row.name
        short = "within \N{PLUS-MINUS SIGN}" if cell.verdict == WITHIN else cell.verdict
        return f"{cell.delta}  {short}".strip() if column.is_delta else cell.value

    def _tip(self, row: Row, cell: Cell | None) -> str:
        if cell is None:
            return row.name
        said = f": {cell.delta} s, {cell.verdict}" if cell.verdict else ""
        return "\n".join(filter(None, (f"{row.name} {cell.value}{said}", cell.more)))


def _alignment(column: Column) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignLeft if column.place < 0 else Qt.AlignmentFlag.AlignRight
    return side | Qt.AlignmentFlag.AlignVCenter
