"""The groups as a table that can be sorted by every column."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from codefx_desktop.jobs.statistics_values import Over
from codefx_desktop.ui.models.statistics_words import (
    HEADINGS,
    MEANINGS,
    group_cells,
    headings,
)

if TYPE_CHECKING:
    from codefx_desktop.jobs.statistics_values import Answer, GroupTold

Index = QModelIndex | QPersistentModelIndex
_ROOT: Final = QModelIndex()
DISTRIBUTION: Final = len(HEADINGS)
"""The column in which the values are drawn."""
SORT_ROLE: Final = Qt.ItemDataRole.UserRole
GROUP_ROLE: Final = Qt.ItemDataRole.UserRole + 1


class Column(IntEnum):
    """The columns, from left to right."""

    GROUP = 0
    COUNT = 1
    NOT_FOUND = 2
    MEDIAN = 3
    SPREAD = 4
    DEVIATION = 5
    BEST = 6
    TREND = 7
    CHOSEN = 8
    DISTRIBUTION = DISTRIBUTION


class StatisticsRows(QAbstractTableModel):
    """One row for each group of the answer."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.answer: Answer | None = None
        self._cells: list[tuple[str, ...]] = []

    def show_answer(self, answer: Answer | None) -> None:
        """Show the groups of an answer; where they are the same ones, their rows stay."""
        before = () if self.answer is None else self.answer.groups
        groups = () if answer is None else answer.groups
        stays = bool(groups) and [one.name for one in before] == [one.name for one in groups]
        if not stays:
            self.beginResetModel()
        self.answer = answer
        self._cells = [] if answer is None else [group_cells(one, answer) for one in groups]
        if not stays:
            self.endResetModel()
            return
        self.dataChanged.emit(self.index(0, 0), self.index(len(groups) - 1, len(Column) - 1))
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(Column) - 1)

    def group_at(self, row: int) -> GroupTold | None:
        """Return the group of a row."""
        groups = () if self.answer is None else self.answer.groups
        return groups[row] if 0 <= row < len(groups) else None

    def rowCount(self, parent: Index = _ROOT) -> int:
        """Return how many groups there are."""
        return 0 if parent.isValid() else len(self._cells)

    def columnCount(self, parent: Index = _ROOT) -> int:
        """Return how many columns there are."""
        return 0 if parent.isValid() else len(Column)

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:  # noqa: ANN401 - Qt's
        """Return the head of a column."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            over = Over.DATE if self.answer is None else self.answer.question.over
            return (*headings(over), "Distribution, s")[section]
        if role == Qt.ItemDataRole.ToolTipRole:
            return (*MEANINGS, "Each stop; the box holds the middle half, the line is the median")[
                section
            ]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(section)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401 - Qt's
        """Return a cell."""
        group, column = self.group_at(index.row()), index.column()
        if group is None:
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            cells = self._cells[index.row()]
            return cells[column] if column < len(cells) else None
        if role == SORT_ROLE:
            return self._sort_value(group, Column(column), index.row())
        told: dict[int, Any] = {
            GROUP_ROLE: group,
            Qt.ItemDataRole.TextAlignmentRole: _alignment(column),
        }
        if column == DISTRIBUTION:
            told[Qt.ItemDataRole.AccessibleTextRole] = _strip_text(group)
        return told.get(role)

    def _sort_value(self, group: GroupTold, column: Column, row: int) -> Any:  # noqa: ANN401 - to compare
        told = group.summary
        if column is Column.GROUP:
            return row  # names stand in their own order: car 4 before car 10
        chosen = next((one for one in self._chosen() if one.group == group.name), None)
        value: float | None = {
            Column.COUNT: told.count,
            Column.NOT_FOUND: told.not_found,
            Column.MEDIAN: told.median,
            Column.SPREAD: told.spread,
            Column.DEVIATION: told.deviation,
            Column.BEST: told.best,
            Column.TREND: None if group.trend is None else group.trend.slope,
            Column.CHOSEN: None if chosen is None else chosen.percentile,
            Column.DISTRIBUTION: told.median,
        }[column]
        return float("inf") if value is None else float(value)

    def _chosen(self) -> tuple[Any, ...]:
        return () if self.answer is None else self.answer.chosen


def _alignment(column: int) -> Qt.AlignmentFlag:
    vertical = Qt.AlignmentFlag.AlignVCenter
    is_number = Column.COUNT <= column <= Column.BEST
    return vertical | (Qt.AlignmentFlag.AlignRight if is_number else Qt.AlignmentFlag.AlignLeft)


def _strip_text(group: GroupTold) -> str:
    told = group.summary
    if told.best is None or told.longest is None:
        return "no values"
    return f"from {told.best:.3f} to {told.longest:.3f} s"
