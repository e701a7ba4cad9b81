"""The table of what stops took, phase by phase, against one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import (
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from codefx_desktop.ui.models.compare_table import CELL_ROLE, CompareTable
from codefx_desktop.ui.widgets import ElidedLabel, action_button, row_layout

if TYPE_CHECKING:
    from codefx_desktop.ui.compare_actions import CompareActions
    from codefx_desktop.ui.models.compare_delta import Cell
    from codefx_desktop.ui.models.compare_view import CompareView
    from codefx_desktop.ui.theme import Theme

from codefx_desktop.ui.models.compare_align import letter


class CompareDeltas(QWidget):
    """The table, and what it holds the stops against.

    Args:
        view: The stops.
        actions: Copies it.
        theme: The theme.
    """

    def __init__(self, view: CompareView, actions: CompareActions, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._view = view
        self.model = CompareTable(self)
        self.said = ElidedLabel()
        self.said.setObjectName("muted")
        self.table = QTableView()
        self.table.setModel(self.model)
        self.table.setItemDelegate(_Deltas(theme, self))
        self.table.setAccessibleName("Phases")
        self.table.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        self.table.setTabKeyNavigation(False)
        self.table.setShowGrid(False)
        self.table.setWordWrap(False)
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(
            self.table.fontMetrics().lineSpacing() + 5
        )
        header = self.table.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSortIndicator(0, Qt.SortOrder.AscendingOrder)
        self.table.setSortingEnabled(True)
        row = row_layout(self.said, action_button(actions.copy), spacing=4)
        row.setStretch(0, 1)
        row.setContentsMargins(8, 2, 4, 2)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(self.table, 1)
        view.arranged.connect(self.refresh)
        view.listed.connect(self.refresh)
        theme.changed.connect(self.table.viewport().update)
        self.refresh()

    def refresh(self) -> None:
        """Show what is known of the stops."""
        view = self._view
        panes, rows = view.rows()
        reference = view.reference if view.reference in panes else (panes[0] if panes else 0)
        before = self.model.columns
        self.model.show_rows(panes, rows, reference)
        if self.model.columns != before:
            self.table.horizontalHeader().setSortIndicator(0, Qt.SortOrder.AscendingOrder)
        said = f"Seconds, against {letter(reference)}" if len(panes) > 1 else "Seconds"
        self.said.say(said if panes else "")


class _Deltas(QStyledItemDelegate):
    """A difference that both uncertainties cannot explain is bold, and in the colour it means."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def initStyleOption(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Set the cell's colour and weight."""
        super().initStyleOption(option, index)
        cell: Cell | None = index.data(CELL_ROLE)
        tokens = self._theme.tokens
        text = str(index.data() or "")
        color = tokens.muted if text.startswith(("not found", "\N{EN DASH}")) else ""
        if cell is not None and cell.delta_s is not None:
            color = tokens.muted
            if cell.is_beyond:
                color = tokens.warning if cell.delta_s > 0 else tokens.ok
                option.font.setBold(True)
        if color:
            option.palette.setColor(QPalette.ColorRole.Text, QColor(color))
