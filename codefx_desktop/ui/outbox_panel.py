"""The outbox: a card for every push, and what can be done with it by mouse and keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPoint, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDoubleSpinBox,
    QLabel,
    QListView,
    QMenu,
    QPushButton,
    QStackedLayout,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from codefx_desktop.domain.push import Push, PushState
from codefx_desktop.ui.card_view import CardView
from codefx_desktop.ui.icons import wear
from codefx_desktop.ui.keyed_action import WITHIN, KeyedActions
from codefx_desktop.ui.models.outbox_list import OutboxList, PushRole
from codefx_desktop.ui.push_delegate import PushDelegate
from codefx_desktop.ui.widgets import action_button, row_layout, tool_button, wrapped

if TYPE_CHECKING:
    from PySide6.QtGui import QAction

    from codefx_desktop.jobs.push_desk import PushDesk
    from codefx_desktop.ui.theme import Theme

NO_TARGET = (
    "Results can go to a bucket (R2, S3)\nor a folder, such as a USB drive.\nAdd a target first."
)
NOTHING = (
    "Nothing to send.\nWhat you push waits here until there is\na network, and goes on by itself."
)
LARGEST_MBIT = 10_000.0
_CAN_PAUSE = (PushState.WAITING, PushState.SENDING, PushState.STOPPED)


class OutboxPanel(QWidget):
    """Cards of what waits, goes, needs a person, and was pushed.

    Args:
        desk: Does what is asked.
        rows: The pushes.
        theme: The theme.
    """

    push_wanted = Signal()
    """Push the job in focus."""
    targets_wanted = Signal()
    links_wanted = Signal(int)
    """Show the links of a push."""
    copy_wanted = Signal(int)
    """Put the links of a push on the clipboard."""
    job_wanted = Signal(str)
    """Show a job."""
    limit_changed = Signal(float)
    """A person chose another limit, in Mbit/s; 0 is none."""

    def __init__(self, desk: PushDesk, rows: OutboxList, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._desk, self.rows, self._theme = desk, rows, theme
        self._has_targets = True
        self._shapes: dict[int, object] = {}
        self.delegate = PushDelegate(theme, self)
        self.view = self._make_view()
        self._make_actions()
        self.pause_button = self._make_pause_button()
        self.limit = self._make_limit()
        self._lay_out()
        self.delegate.pressed.connect(self._on_button)
        rows.listed.connect(self._refresh)
        rows.changed.connect(self._on_changed)
        desk.all_paused.connect(self._on_paused)
        self.view.selectionModel().currentChanged.connect(lambda *_: self._enable())
        self._refresh()

    def current(self) -> Push | None:
        """Return the push whose card is current."""
        return self.rows.push(self.view.currentIndex().data(PushRole.ID))

    def show_targets(self, has_targets: bool) -> None:
        """Say whether there is anything to push to."""
        self._has_targets = has_targets
        self._refresh()

    def show_limit(self, mbit: float) -> None:
        """Show the limit in force."""
        self.limit.blockSignals(True)
        self.limit.setValue(mbit)
        self.limit.blockSignals(False)

    def deeds(self) -> tuple[QAction, ...]:
        """Return what can be done with the chosen push by key."""
        return self.retry_action, self.copy_action, self.remove_action

    def choose(self, push_id: int) -> None:
        """Make a push's card current."""
        row = self.rows.row_of(push_id)
        if row >= 0:
            self.view.setCurrentIndex(self.rows.index(row))

    # -- building -----------------------------------------------------------------------------

    def _make_view(self) -> QListView:
        view = CardView(PushRole.CARD)
        view.setModel(self.rows)
        view.setItemDelegate(self.delegate)
        view.setAccessibleName("Outbox")
        view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.setResizeMode(QListView.ResizeMode.Adjust)
        view.setMouseTracking(True)
        view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        view.customContextMenuRequested.connect(self._show_menu)
        view.activated.connect(self._show_job)
        return view

    def _make_actions(self) -> None:
        make = self._action
        self.pause_action = make("Pause", "pause", "", lambda push: self._desk.pause(push.id))
        self.resume_action = make("Resume", "play", "", lambda push: self._desk.resume(push.id))
        self.retry_action = make(
            "Try again now", "retry", "Ctrl+R", lambda push: self._desk.retry(push.id)
        )
        self.cancel_action = make("Cancel", "stop", "", lambda push: self._desk.cancel(push.id))
        self.copy_action = make(
            "Copy links", "copy", "Ctrl+C", lambda push: self.copy_wanted.emit(push.id)
        )
        self.links_action = make("Links…", "link", "", lambda push: self.links_wanted.emit(push.id))
        self.remove_action = make(
            "Remove from the list", "remove", "Delete", lambda push: self._desk.forget(push.id)
        )
        self.job_action = make(
            "Show job", "film", "", lambda push: self.job_wanted.emit(push.job_id)
        )

    def _action(self, text: str, glyph: str, key: str, act: object) -> QAction:
        new = KeyedActions(self, self._theme, WITHIN)
        return new.make(text, glyph, key, lambda: self._with(act))

    def _make_pause_button(self) -> QToolButton:
        button = tool_button("pause", "Pause all", self._theme, checked="play", text="Pause all")
        button.clicked.connect(self._desk.pause_all)
        return button

    def _make_limit(self) -> QDoubleSpinBox:
        field = QDoubleSpinBox()
        field.setRange(0.0, LARGEST_MBIT)
        field.setDecimals(1)
        field.setSingleStep(1.0)
        field.setSpecialValueText("No limit")
        field.setSuffix(" Mbit/s")
        field.setAccessibleName("Most that pushing takes of the network, in Mbit/s")
        field.setToolTip("Most that pushing takes of the network; 0 is no limit")
        field.setKeyboardTracking(False)
        field.setAlignment(Qt.AlignmentFlag.AlignRight)
        field.setMinimumWidth(72)  # the dock is narrow
        field.valueChanged.connect(self.limit_changed)
        return field

    def _lay_out(self) -> None:
        pages = QWidget()
        self._pages = QStackedLayout(pages)
        self._pages.addWidget(self._make_empty())
        self._pages.addWidget(self.view)
        shown = (
            *(self.pause_action, self.resume_action, self.retry_action, self.cancel_action),
            *(self.copy_action, self.links_action),
        )
        tools = row_layout(*(action_button(action) for action in shown), spacing=2)
        tools.addStretch(1)
        tools.addWidget(action_button(self.remove_action))
        tools.setContentsMargins(8, 4, 8, 0)
        label = QLabel("Limit")
        label.setObjectName("muted")
        label.setBuddy(self.limit)
        self.targets_button = tool_button("target", "Targets…", self._theme, text="Targets…")
        self.targets_button.clicked.connect(self.targets_wanted)
        below = row_layout(label, self.limit, self.targets_button, spacing=6)
        below.setStretch(1, 1)
        below.setContentsMargins(12, 4, 8, 6)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(0)
        column.addWidget(pages, 1)
        column.addLayout(tools)
        column.addLayout(below)

    def _make_empty(self) -> QWidget:
        page = QWidget()
        self.hint = wrapped("", "muted")
        self.hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.add_button = QPushButton("Add a target…")
        self.add_button.setProperty("primary", True)
        self.add_button.clicked.connect(self.targets_wanted)
        self.push_button = QPushButton("Push…")
        self.push_button.clicked.connect(self.push_wanted)
        wear(self.push_button, "push", self._theme)
        column = QVBoxLayout(page)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        column.addStretch(1)
        column.addWidget(self.hint)
        for button in (self.add_button, self.push_button):
            column.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
        return page

    # -- what is shown ------------------------------------------------------------------------

    def _refresh(self) -> None:
        self._pages.setCurrentIndex(1 if self.rows.rowCount() else 0)
        self.hint.setText(NOTHING if self._has_targets else NO_TARGET)
        self.add_button.setVisible(not self._has_targets)
        self.push_button.setVisible(self._has_targets)
        if self.rows.rowCount() and not self.view.currentIndex().isValid():
            self.view.setCurrentIndex(self.rows.index(0))
        self._enable()

    def _on_changed(self, push_id: int) -> None:
        index = self.rows.index(self.rows.row_of(push_id))
        card = index.data(PushRole.CARD)
        shape = (card.state, card.part is None, bool(card.left or card.right), card.note)
        if self._shapes.get(push_id) != shape:
            # Such a card has another height, which the view only asks for on demand.
            self._shapes[push_id] = shape
            self.delegate.sizeHintChanged.emit(index)

    def _on_paused(self, paused: bool) -> None:
        self.pause_button.setChecked(paused)
        self.pause_button.setText("Resume all" if paused else "Pause all")
        self.pause_button.setToolTip(self.pause_button.text())
        self.pause_button.setAccessibleName(self.pause_button.text())

    def _enable(self) -> None:
        push = self.current()
        state = push.state if push else None
        self.pause_action.setEnabled(state in _CAN_PAUSE)
        self.resume_action.setEnabled(state is PushState.PAUSED)
        self.retry_action.setEnabled(state in (PushState.STOPPED, PushState.WAITING))
        self.cancel_action.setEnabled(push is not None and not push.state.is_final)
        self.remove_action.setEnabled(push is not None and push.state.is_final)
        for action in (self.copy_action, self.links_action):
            action.setEnabled(state is PushState.PUSHED)
        self.job_action.setEnabled(push is not None)

    # -- what a person does -------------------------------------------------------------------

    def _with(self, act: object) -> None:
        push = self.current()
        if push is not None and callable(act):
            act(push)

    def _on_button(self, push_id: int, action: str) -> None:
        if action == "links":
            self.links_wanted.emit(push_id)
        else:
            desk = self._desk
            {"pause": desk.pause, "resume": desk.resume, "retry": desk.retry}[action](push_id)

    def _show_job(self, index: QModelIndex) -> None:
        if (push := self.rows.push(index.data(PushRole.ID))) is not None:
            self.job_wanted.emit(push.job_id)

    def menu_at(self, point: QPoint) -> QMenu | None:
        """Make the card under a point current and return its menu; None where there is none."""
        index = self.view.indexAt(point)
        if not index.isValid():
            return None
        self.view.setCurrentIndex(index)
        menu = QMenu(self)
        menu.addAction(self.job_action)
        menu.addSeparator()
        menu.addActions([self.links_action, self.copy_action])
        menu.addSeparator()
        menu.addActions([self.pause_action, self.resume_action, self.retry_action])
        menu.addSeparator()
        menu.addActions([self.cancel_action, self.remove_action])
        return menu

    def _show_menu(self, point: QPoint) -> None:
        if menu := self.menu_at(point):
            menu.exec(self.view.viewport().mapToGlobal(point))
            menu.deleteLater()
