"""The queue: cards, and what can be done with them by mouse and keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPoint, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QMenu,
    QStackedLayout,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from codefx_desktop.domain.job import JobStatus
from codefx_desktop.ui.card_view import CardView
from codefx_desktop.ui.keyed_action import WITHIN, KeyedActions
from codefx_desktop.ui.models.export_words import can_export
from codefx_desktop.ui.models.queue_model import QueueModel, Role
from codefx_desktop.ui.queue_delegate import QueueDelegate
from codefx_desktop.ui.widgets import action_button, row_layout, tool_button, wrapped

if TYPE_CHECKING:
    from codefx_desktop.jobs.hub import Hub
    from codefx_desktop.ui.models.job_book import JobBook
    from codefx_desktop.ui.models.selection import Selection
    from codefx_desktop.ui.theme import Theme

_CAN_CANCEL = (JobStatus.QUEUED, JobStatus.PROCESSING)
_CAN_RETRY = (JobStatus.FAILED, JobStatus.CANCELLED, JobStatus.INTERRUPTED)


class QueuePanel(QWidget):
    """Cards of the running, waiting and lately ended jobs.

    Args:
        hub: Does what is asked.
        book: The jobs.
        selection: The job in focus.
        theme: The theme.
    """

    open_wanted = Signal(str)
    """Open the annotated video of a job."""
    delete_wanted = Signal(str)
    """Delete a job with its files, after asking."""
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
    summary_changed = Signal(str)

    def __init__(self, hub: Hub, book: JobBook, selection: Selection, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._hub, self._book, self._selection, self._theme = hub, book, selection, theme
        self.model = QueueModel(book, self)
        self.delegate = QueueDelegate(theme, self)
        self.view = self._make_view()
        self._make_actions()
        self.pause_button = self._make_pause_button()
        self._lay_out()
        self._shapes: dict[str, JobStatus] = {}
        self.model.move_wanted.connect(hub.move)
        self.delegate.pressed.connect(self._on_button)
        self.view.selectionModel().currentChanged.connect(self._on_current)
        selection.changed.connect(self._show_selection)
        book.listed.connect(self._refresh)
        book.changed.connect(self._on_changed)
        hub.queue_paused.connect(self._on_paused)
        self._refresh()

    def current_id(self) -> str | None:
        """Return the job whose card is current."""
        value = self.view.currentIndex().data(Role.ID)
        return value if isinstance(value, str) else None

    def _make_view(self) -> QListView:
        view = CardView(Role.CARD)
        view.setModel(self.model)
        view.setItemDelegate(self.delegate)
        view.setAccessibleName("Queue")
        view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.setResizeMode(QListView.ResizeMode.Adjust)
        view.setMouseTracking(True)
        view.setDragEnabled(True)
        view.setAcceptDrops(True)
        view.setDropIndicatorShown(True)
        view.setDragDropMode(QAbstractItemView.DragDropMode.DragDrop)
        view.setDefaultDropAction(Qt.DropAction.MoveAction)
        view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        view.customContextMenuRequested.connect(self._show_menu)
        view.doubleClicked.connect(self._on_double_click)
        return view

    def _make_actions(self) -> None:
        make = KeyedActions(self, self._theme, WITHIN).make
        self.up_action = make("Move up", "up", "Alt+Up", lambda: self._move(-1))
        self.down_action = make("Move down", "down", "Alt+Down", lambda: self._move(1))
        self.cancel_action = make("Cancel", "stop", "", self._cancel)
        self.retry_action = make("Run again", "retry", "Ctrl+R", self._retry)
        self.remove_action = make("Remove from the queue", "remove", "Delete", self._remove)
        self.view_action = make("View clip", "view", "", self._view)
        self.view_output_action = make("View annotated video", "view", "", self._view_output)
        self.artifacts_action = make("Artifacts…", "artifacts", "", self._artifacts)
        self.export_action = make("Export…", "export", "", self._export)
        self.push_action = make("Push…", "push", "", self._push)
        self.delete_action = make("Delete job and results…", "trash", "", self._delete)
        self.clear_action = make("Clear finished", "clear", "", self._book.clear_ended)

    def _make_pause_button(self) -> QToolButton:
        button = tool_button("pause", "Pause the queue", self._theme, checked="play", text="Pause")
        button.clicked.connect(self._hub.pause_queue)
        return button

    def _lay_out(self) -> None:
        self._hint = wrapped("Clips that you drop wait here\nand run one after another.", "muted")
        self._hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._hint.setMargin(24)
        pages = QWidget()
        self._pages = QStackedLayout(pages)
        self._pages.addWidget(self._hint)
        self._pages.addWidget(self.view)
        self.tools = QWidget()
        buttons = (
            self.up_action,
            self.down_action,
            self.cancel_action,
            self.retry_action,
            self.remove_action,
        )
        row = row_layout(*(action_button(action) for action in buttons), spacing=2)
        row.addStretch(1)
        row.addWidget(action_button(self.clear_action))
        row.setContentsMargins(8, 4, 8, 4)
        self.tools.setLayout(row)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(0)
        column.addWidget(pages, 1)
        column.addWidget(self.tools)

    def _on_current(self, current: QModelIndex, _previous: QModelIndex) -> None:
        job_id = current.data(Role.ID)
        if isinstance(job_id, str) and job_id != self._selection.job_id:
            self._selection.choose(job_id)
        self._enable()

    def _show_selection(self) -> None:
        row = self.model.row_of(self._selection.job_id)
        if row >= 0 and row != self.view.currentIndex().row():
            self.view.setCurrentIndex(self.model.index(row))
        elif row < 0:
            self.view.clearSelection()
            self.view.setCurrentIndex(QModelIndex())
        self._enable()

    def _refresh(self) -> None:
        self._pages.setCurrentIndex(1 if self.model.rowCount() else 0)
        self.summary_changed.emit(self.model.summary())
        self._show_selection()

    def _on_changed(self, job_id: str) -> None:
        entry = self._book.get(job_id)
        index = self.model.index(max(0, self.model.row_of(job_id)))
        if entry is not None and self._shapes.get(job_id) is not entry.record.status:
            # Cards of another status have another height, which the view only asks for on demand.
            self._shapes[job_id] = entry.record.status
            self.delegate.sizeHintChanged.emit(index)
            self.summary_changed.emit(self.model.summary())
            self._enable()

    def _enable(self) -> None:
        entry = self._book.get(self.current_id())
        status = entry.record.status if entry else None
        queued = self._book.queued()
        place = queued.index(entry.record.id) if entry and entry.record.id in queued else -1
        self.up_action.setEnabled(place > 0)
        self.down_action.setEnabled(0 <= place < len(queued) - 1)
        self.cancel_action.setEnabled(status in _CAN_CANCEL)
        self.retry_action.setEnabled(status in _CAN_RETRY)
        self.remove_action.setEnabled(status is JobStatus.QUEUED)
        self.delete_action.setEnabled(status is not None)
        self.view_action.setEnabled(status is not None)
        self.artifacts_action.setEnabled(status is not None)
        self.push_action.setEnabled(status is not None and status.is_final)
        self.export_action.setEnabled(entry is not None and can_export(entry.record))
        self.view_output_action.setEnabled(entry is not None and entry.record.output is not None)
        self.clear_action.setEnabled(self._book.ended() > 0)

    def _on_paused(self, paused: bool) -> None:
        self.pause_button.setChecked(paused)
        self.pause_button.setText("Resume" if paused else "Pause")
        self.model.paused = paused
        self.summary_changed.emit(self.model.summary())
        words = "Resume the queue" if paused else "Pause the queue"
        self.pause_button.setToolTip(words)
        self.pause_button.setAccessibleName(words)

    def _on_button(self, job_id: str, action: str) -> None:
        if action == "open":
            self.open_wanted.emit(job_id)
        else:
            {"cancel": self._hub.cancel, "remove": self._hub.remove, "retry": self._hub.retry}[
                action
            ](job_id)

    def _on_double_click(self, index: QModelIndex) -> None:
        card = index.data(Role.CARD)
        if card is not None and card.action == "open":
            self.open_wanted.emit(index.data(Role.ID))

    def _move(self, step: int) -> None:
        job_id = self.current_id()
        queued = self._book.queued()
        if job_id in queued:
            assert job_id is not None
            self._hub.move(job_id, queued.index(job_id) + step)

    def _cancel(self) -> None:
        if job_id := self.current_id():
            self._hub.cancel(job_id)

    def _retry(self) -> None:
        if job_id := self.current_id():
            self._hub.retry(job_id)

    def _remove(self) -> None:
        if job_id := self.current_id():
            self._hub.remove(job_id)

    def _delete(self) -> None:
        if job_id := self.current_id():
            self.delete_wanted.emit(job_id)

    def _view(self) -> None:
        if job_id := self.current_id():
            self.view_wanted.emit(job_id)

    def _view_output(self) -> None:
        if job_id := self.current_id():
            self.view_output_wanted.emit(job_id)

    def _artifacts(self) -> None:
        if job_id := self.current_id():
            self.artifacts_wanted.emit(job_id)

    def _push(self) -> None:
        if job_id := self.current_id():
            self.push_wanted.emit([job_id])

    def _export(self) -> None:
        if job_id := self.current_id():
            self.export_wanted.emit(job_id)

    def menu_at(self, point: QPoint) -> QMenu | None:
        """Make the card under a point current and return its menu; None where there is none."""
        index = self.view.indexAt(point)
        if not index.isValid():
            return None
        self.view.setCurrentIndex(index)
        menu = QMenu(self)
        menu.addActions([self.view_action, self.view_output_action, self.artifacts_action])
        menu.addActions([self.export_action, self.push_action])
        menu.addSeparator()
        menu.addActions([self.up_action, self.down_action])
        menu.addSeparator()
        menu.addActions([self.cancel_action, self.retry_action, self.remove_action])
        menu.addSeparator()
        menu.addAction(self.delete_action)
        return menu

    def _show_menu(self, point: QPoint) -> None:
        if menu := self.menu_at(point):
            menu.exec(self.view.viewport().mapToGlobal(point))
            menu.deleteLater()
