"""The groups as a table, each with its values drawn on one scale."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import (
    QModelIndex,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
    Signal,
)
from PySide6.QtWidgets import (
    QHeaderView,
    QTableView,
)

from codefx_desktop.ui.models.statistics_rows import GROUP_ROLE, SORT_ROLE, Column, StatisticsRows
from codefx_desktop.ui.statistics_strip import StripDelegate

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QResizeEvent

    from codefx_desktop.jobs.statistics_values import Answer, GroupTold
    from codefx_desktop.ui.theme import Theme

WIDE_PX: Final = 1_200
"""From here on all columns have room beside the distribution."""
NARROW_PX: Final = 1_000
"""Below this the trends go, too."""
Index = QModelIndex | QPersistentModelIndex


class StatisticsTable(QTableView):
    """One row for each group; a click looks at one, another at all; a double click opens its best.

    Args:
        theme: The theme.
    """

    picked = Signal(object)
    """Look at a group, by its name; None for all."""
    best_wanted = Signal(object)
    """View the best stop of a group: ``GroupTold``."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.rows = StatisticsRows(self)
        self.order = QSortFilterProxyModel(self)
        self.order.setSourceModel(self.rows)
        self.order.setSortRole(SORT_ROLE)
        self.setModel(self.order)
        self.strip = StripDelegate(theme, self)
        self.setItemDelegateForColumn(Column.DISTRIBUTION, self.strip)
        self.setAccessibleName("Groups")
        self.setToolTip(
            "A click shows a group in the chart, another click (or Esc) all of them; "
            "a double click (or Enter) opens its best stop"
        )
        self.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QTableView.SelectionMode.SingleSelection)
        self.setSortingEnabled(True)
        self.sortByColumn(Column.GROUP, Qt.SortOrder.AscendingOrder)
        self.setShowGrid(False)
        self.setStyleSheet("QTableView::item { padding: 0 8px; }")  # as the heads have it
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().lineSpacing() + 10)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setMinimumSectionSize(40)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(Column.DISTRIBUTION, QHeaderView.ResizeMode.Stretch)
        self._is_filling = self._is_new = False
        self.selectionModel().currentRowChanged.connect(self._on_row)
        self.clicked.connect(self._on_clicked)
        self.doubleClicked.connect(self._on_activated)

    def show_answer(self, answer: Answer | None, group: str | None) -> None:
        """Show the groups of an answer, one of them looked at."""
        self._is_filling = True
        scrolled = self.verticalScrollBar().value()
        self.strip.take(answer)
        self.rows.show_answer(answer)
        self.setColumnHidden(Column.CHOSEN, answer is None or not answer.chosen)
        self._settle()
        self._is_filling = False
        self.mark(group)
        self.verticalScrollBar().setValue(scrolled)

    def mark(self, name: str | None) -> None:
        """Mark the group that is looked at."""
        self._is_filling = True
        for row in range(self.order.rowCount()):
            index = self.order.index(row, 0)
            if name is not None and index.data(GROUP_ROLE).name == name:
                self.setCurrentIndex(index)
                break
        else:
            self.clearSelection()
            self.setCurrentIndex(QModelIndex())
        self._is_filling = False

    def sequence(self) -> list[int]:
        """Return the places of the groups in the answer, as they are sorted now."""
        return [
            self.order.mapToSource(self.order.index(row, 0)).row()
            for row in range(self.order.rowCount())
        ]

    def _on_row(self, current: QModelIndex) -> None:
        group: GroupTold | None = current.data(GROUP_ROLE) if current.isValid() else None
        if not self._is_filling:
            self._is_new = True
            self.picked.emit(None if group is None else group.name)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Choose which columns have room."""
        super().resizeEvent(event)
        self._settle()

    def _settle(self) -> None:
        """Leave the distribution room: the spread tells of the deviation, the chart of trends."""
        is_full = not self.isColumnHidden(Column.CHOSEN)
        self.setColumnHidden(Column.TREND, is_full and self.width() < NARROW_PX)
        self.setColumnHidden(Column.DEVIATION, is_full and self.width() < WIDE_PX)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Look at all groups again, or view the best stop of one."""
        if event.key() == Qt.Key.Key_Escape and self.currentIndex().isValid():
            self.picked.emit(None)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._on_activated(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def _on_clicked(self) -> None:
        """Look at all groups again, where the group is looked at already."""
        if not self._is_new:
            self.picked.emit(None)
        self._is_new = False

    def _on_activated(self, index: QModelIndex) -> None:
        if (group := index.data(GROUP_ROLE)) is not None:
            self.best_wanted.emit(group)
