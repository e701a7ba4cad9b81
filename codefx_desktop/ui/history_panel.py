"""The history: search, filter, page through thousands, and what can be done with a past job."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPoint, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLineEdit,
    QMenu,
    QStackedLayout,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from codefx_desktop.domain.job import JobRecord, JobStatus
from codefx_desktop.ui.history_delegate import HistoryDelegate
from codefx_desktop.ui.history_filters import HistoryFilters
from codefx_desktop.ui.keyed_action import WITHIN, KeyedActions
from codefx_desktop.ui.models.export_words import can_export
from codefx_desktop.ui.models.history_model import RECORD_ROLE, Column, HistoryModel
from codefx_desktop.ui.widgets import action_button, row_layout, tool_button, wrapped

if TYPE_CHECKING:
    from PySide6.QtGui import QAction, QResizeEvent

    from codefx_desktop.jobs.hub import Hub
    from codefx_desktop.ui.models.job_book import JobBook
    from codefx_desktop.ui.models.selection import Selection
    from codefx_desktop.ui.theme import Theme

WIDE_PX = 560
SEARCH_MS = 200
_WIDTHS = {
    Column.STATUS: 110,
    Column.SERIES: 130,
    Column.RACE: 130,
    Column.SESSION: 100,
    Column.EVENT_DATE: 100,
    Column.ADDED: 130,
    Column.TOOK: 70,
    Column.SCENES: 70,
    Column.ARTIFACTS: 80,
}


class HistoryPanel(QWidget):
    """All jobs ever run. Narrow, each row has two lines; wide, there are columns.

    Args:
        hub: Answers and does.
        book: Takes up the records that are looked at.
        selection: The job in focus.
        theme: The theme.
    """

    open_wanted = Signal(str)
    folder_wanted = Signal(str)
    save_wanted = Signal(str)
    delete_wanted = Signal(str)
    edit_wanted = Signal(str)
    view_wanted = Signal(str)
    """View a job's clip frame by frame."""
    artifacts_wanted = Signal(str)
    """Show the artifacts of a job."""
    push_wanted = Signal(object)
    """Push jobs: their ids."""
    export_wanted = Signal(str)
    """Export a job for other programs."""
    view_output_wanted = Signal(str)
    """View a job's annotated video frame by frame."""
    summary_changed = Signal(int)

    def __init__(self, hub: Hub, book: JobBook, selection: Selection, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._hub, self._book, self._selection, self._theme = hub, book, selection, theme
        self.model = HistoryModel(hub, self)
        self.delegate = HistoryDelegate(theme, self)
        self.search = QLineEdit()
        self.search.setPlaceholderText("Search")
        self.search.setClearButtonEnabled(True)
        self.search.setAccessibleName("Search the history")
        self.filter_button = tool_button("filter", "Filters", theme, checked="filter")
        self.filters = HistoryFilters(hub)
        self.filters.hide()
        self.filter_button.toggled.connect(self.filters.setVisible)
        self._offered: list[QAction] = []
        self.view = self._make_view()
        self._make_actions()
        self._lay_out()
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(SEARCH_MS)
        self._typing.timeout.connect(self._apply)
        self.search.textChanged.connect(lambda _text: self._typing.start())
        self.search.returnPressed.connect(self._apply)
        self.filters.changed.connect(self._apply)
        self.model.counted.connect(self._on_counted)
        self.model.dataChanged.connect(lambda *_: self._enable())
        self.model.modelReset.connect(self._show_selection)
        selection.changed.connect(self._show_selection)
        self.view.selectionModel().currentRowChanged.connect(lambda *_: self._enable())
        self.view.selectionModel().selectionChanged.connect(lambda *_: self._enable())
        self._enable()

    def current(self) -> JobRecord | None:
        """Return the record of the current row."""
        index = self.view.currentIndex()
        value = index.data(RECORD_ROLE) if index.isValid() else None
        return value if isinstance(value, JobRecord) else None

    def chosen(self) -> list[JobRecord]:
        """Return the records of all rows that are marked."""
        rows = self.view.selectionModel().selectedRows()
        values = (index.data(RECORD_ROLE) for index in rows)
        return [value for value in values if isinstance(value, JobRecord)]

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Choose between two-line rows and columns."""
        super().resizeEvent(event)
        self._fit()

    def offer(self, action: QAction) -> None:
        """Offer another action in the menu of the marked jobs."""
        self._offered.append(action)
        self.addAction(action)

    def _make_view(self) -> QTableView:
        view = QTableView()
        view.setModel(self.model)
        view.setItemDelegate(self.delegate)
        view.setAccessibleName("History")
        view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        view.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        view.setShowGrid(False)
        view.setWordWrap(False)
        view.setTabKeyNavigation(False)
        view.setMouseTracking(True)
        view.verticalHeader().hide()
        view.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        view.verticalHeader().setMinimumSectionSize(16)
        view.horizontalHeader().setHighlightSections(False)
        view.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
        for column, width in _WIDTHS.items():
            view.setColumnWidth(column, width)
        view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        view.customContextMenuRequested.connect(self._show_menu)
        view.clicked.connect(self._show_job)
        view.activated.connect(self._show_job)
        view.doubleClicked.connect(self._show_job)
        return view

    def _make_actions(self) -> None:
        self.show_action = self._action("Show in the window", "film", "", self._show_job)
        self.view_action = self._action("View clip", "view", "", self.view_wanted)
        self.view_output_action = self._action(
            "View annotated video", "view", "", self.view_output_wanted
        )
        self.artifacts_action = self._action("Artifacts…", "artifacts", "", self.artifacts_wanted)
        self.export_action = self._action("Export…", "export", "", self.export_wanted)
        self.push_action = self._action("Push…", "push", "", None)
        self.push_action.triggered.connect(self._push)
        self.open_action = self._action("Open annotated video", "open", "", self.open_wanted)
        self.folder_action = self._action("Open folder", "folder", "", self.folder_wanted)
        self.save_action = self._action("Save output as…", "save", "", self.save_wanted)
        self.retry_action = self._action("Run again", "retry", "", None)
        self.edit_action = self._action("Edit metadata", "edit", "F2", self.edit_wanted)
        self.delete_action = self._action("Delete job and results…", "trash", "Delete", None)
        self.retry_action.triggered.connect(lambda: self._with(self._hub.retry))
        self.delete_action.triggered.connect(lambda: self._with(self.delete_wanted.emit))

    def _action(self, text: str, glyph: str, key: str, target: object) -> QAction:
        action = KeyedActions(self, self._theme, WITHIN).make(text, glyph, key)
        if hasattr(target, "emit"):
            action.triggered.connect(lambda: self._with(target.emit))
        elif target is not None:
            action.triggered.connect(self._show_job)
        return action

    def _lay_out(self) -> None:
        top = row_layout(self.search, self.filter_button, spacing=4)
        top.setContentsMargins(8, 8, 8, 4)
        self._hint = wrapped("", "muted")
        self._hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._hint.setMargin(24)
        pages = QWidget()
        self._pages = QStackedLayout(pages)
        self._pages.addWidget(self._hint)
        self._pages.addWidget(self.view)
        shown = (
            self.view_action,
            self.open_action,
            self.folder_action,
            self.save_action,
            self.push_action,
            self.retry_action,
            self.edit_action,
        )
        tools = row_layout(*(action_button(action) for action in shown), spacing=2)
        tools.addStretch(1)
        tools.addWidget(action_button(self.delete_action))
        tools.setContentsMargins(8, 4, 8, 4)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(self.filters)
        column.addWidget(pages, 1)
        column.addLayout(tools)
        self._on_counted(0)

    def _fit(self) -> None:
        wide = self.width() >= WIDE_PX
        self.delegate.two_lines = not wide
        header = self.view.horizontalHeader()
        header.setVisible(wide)
        for column in Column:
            if column is not Column.CLIP:
                self.view.setColumnHidden(column, not wide)
        if wide:
            header.setSectionResizeMode(Column.CLIP, QHeaderView.ResizeMode.Interactive)
            spare = self.view.viewport().width() - sum(_WIDTHS.values())
            self.view.setColumnWidth(Column.CLIP, max(200, spare))
        else:
            header.setSectionResizeMode(Column.CLIP, QHeaderView.ResizeMode.Stretch)
        height = self.delegate.row_height(self.view.font())
        self.view.verticalHeader().setDefaultSectionSize(height)

    def _apply(self) -> None:
        self._typing.stop()
        self.model.set_filter(self.filters.value(self.search.text()))
        self.filter_button.setChecked(self.filter_button.isChecked() or self.filters.narrows())

    def _on_counted(self, total: int) -> None:
        narrowed = bool(self.search.text()) or self.filters.narrows()
        self._hint.setText(
            "No job matches. Change the search or the filters."
            if narrowed
            else "Jobs that were run are kept here,\nwith their results."
        )
        self._pages.setCurrentIndex(1 if total else 0)
        self.summary_changed.emit(total)

    def _show_selection(self) -> None:
        row = self.model.row_of(self._selection.job_id)
        index = self.model.index(row, 0) if row >= 0 else QModelIndex()
        if row != self.view.currentIndex().row():
            flag = QItemSelectionModel.SelectionFlag
            self.view.selectionModel().setCurrentIndex(index, flag.ClearAndSelect | flag.Rows)
        self._enable()

    def _show_job(self, _index: QModelIndex | None = None) -> None:
        record = self.current()
        if record is not None:
            self._book.know(record)
            self._selection.choose(record.id)

    def _with(self, act: object) -> None:
        record = self.current()
        if record is not None and callable(act):
            self._book.know(record)
            act(record.id)

    def _push(self) -> None:
        records = self.chosen()
        for record in records:
            self._book.know(record)
        if records:
            self.push_wanted.emit([record.id for record in records])

    def _enable(self) -> None:
        record = self.current()
        has_output = record is not None and record.output is not None
        of_output = (self.view_output_action, self.open_action, self.save_action)
        for action in (*of_output, self.folder_action):
            action.setEnabled(has_output)
        self.push_action.setEnabled(any(one.status.is_final for one in self.chosen()))
        self.export_action.setEnabled(record is not None and can_export(record))
        status = record.status if record else None
        self.retry_action.setEnabled(
            status in (JobStatus.FAILED, JobStatus.CANCELLED, JobStatus.INTERRUPTED)
        )
        of_job = (self.show_action, self.view_action, self.artifacts_action)
        for action in (*of_job, self.edit_action, self.delete_action):
            action.setEnabled(record is not None)

    def _show_menu(self, point: QPoint) -> None:
        if not self.view.indexAt(point).isValid():
            return
        menu = QMenu(self)
        menu.addActions([self.show_action, self.view_action, self.view_output_action])
        menu.addActions([self.artifacts_action, self.export_action, self.push_action])
        menu.addActions(self._offered)
        menu.addSeparator()
        menu.addActions([self.open_action, self.folder_action, self.save_action])
        menu.addSeparator()
        menu.addActions([self.retry_action, self.edit_action])
        menu.addSeparator()
        menu.addAction(self.delete_action)
        menu.exec(self.view.viewport().mapToGlobal(point))
        menu.deleteLater()
