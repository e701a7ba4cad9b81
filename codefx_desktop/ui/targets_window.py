"""The targets: the places that results are pushed to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QItemSelectionModel, QSize, Qt
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QListView,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from codefx_desktop.domain.target import TargetKind
from codefx_desktop.jobs.messages import Notice
from codefx_desktop.ui.banner import Banner
from codefx_desktop.ui.dialogs import ask_leave_target
from codefx_desktop.ui.icons import refresh, wear
from codefx_desktop.ui.models.target_form import TargetForm
from codefx_desktop.ui.models.target_rows import TargetRole, TargetRows
from codefx_desktop.ui.target_delegate import TargetDelegate
from codefx_desktop.ui.target_page import TargetPage
from codefx_desktop.ui.widgets import ElidedLabel, resize_within_screen, row_layout

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtCore import QModelIndex
    from PySide6.QtGui import QShowEvent

    from codefx_desktop.jobs.target_desk import TargetDesk
    from codefx_desktop.jobs.target_values import TargetRow, TargetSaved
    from codefx_desktop.ui.theme import Theme

SIZE = QSize(960, 660)
LEAST = QSize(760, 440)
LIST_PX = 280
_OF_RULES = ("request_lifecycle", "set_lifecycle")


class TargetsWindow(QDialog):
    """All targets, and the one that is chosen or being made.

    Args:
        desk: Answers about targets.
        theme: The theme.
        parent: The window it belongs to.
    """

    def __init__(self, desk: TargetDesk, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self.desk = theme, desk
        self._chosen: str | None = None
        self._told: tuple[str, ...] = ()
        self.setWindowTitle("Targets")
        self.setMinimumSize(LEAST)
        self.setSizeGripEnabled(True)
        self.rows = TargetRows(desk, self)
        self.form = TargetForm(self)
        self.list = self._make_list()
        self.page = TargetPage(self.form, desk, theme)
        self.banner = Banner(theme)
        self.add_button = QPushButton("Add target")
        self.add_button.setAutoDefault(False)
        wear(self.add_button, "add", theme)
        self._lay_out()
        self._listen()
        self._make_keys()
        resize_within_screen(self, SIZE)

    # -- building -----------------------------------------------------------------------------

    def _make_list(self) -> QListView:
        view = QListView()
        view.setModel(self.rows)
        view.setItemDelegate(TargetDelegate(self._theme, view))
        view.setAccessibleName("Targets")
        view.setSelectionMode(QListView.SelectionMode.SingleSelection)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.setMouseTracking(True)
        view.setMinimumWidth(220)
        return view

    def _lay_out(self) -> None:
        side = QWidget()
        side.setObjectName("panel")
        side.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 8, 0, 8)
        column.addWidget(self.list, 1)
        self.parts = QSplitter(Qt.Orientation.Horizontal)
        self.parts.setChildrenCollapsible(False)
        self.parts.addWidget(side)
        self.parts.addWidget(self.page)
        self.parts.setStretchFactor(1, 1)
        self.parts.setSizes([LIST_PX, SIZE.width() - LIST_PX])
        hint = ElidedLabel("Buckets and folders that results can be pushed to.")
        hint.setObjectName("muted")
        top = row_layout(hint, self.add_button)
        top.setStretch(0, 1)
        top.setContentsMargins(12, 8, 12, 8)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(top)
        whole.addWidget(self.banner)
        whole.addWidget(self.parts, 1)

    def _listen(self) -> None:
        desk = self.desk
        self.rows.listed.connect(self._on_list)
        self.list.selectionModel().currentRowChanged.connect(self._on_row)
        self.add_button.clicked.connect(self.add)
        self.page.revert_wanted.connect(self._revert)
        desk.saved.connect(self._on_saved)
        desk.removed.connect(self._on_removed)
        desk.exported.connect(self._on_exported)
        desk.trouble.connect(self._on_trouble)
        self._theme.changed.connect(self._on_theme)

    def _make_keys(self) -> None:
        for key, act in (
            (QKeySequence.StandardKey.New, self.add),
            (QKeySequence.StandardKey.Save, self.page.save),
            (QKeySequence.StandardKey.Refresh, self.desk.request_list),
            (QKeySequence.StandardKey.Close, self.close),
        ):
            QShortcut(QKeySequence(key), self, act)

    # -- which one is shown -------------------------------------------------------------------

    def choose(self, name: str) -> None:
        """Show the target of this name, if there is one."""
        number = self.rows.find(name)
        row = self.rows.row(number)
        if row is not None:
            self._show(row)
            self._mark(number)

    def add(self) -> None:
        """Begin a new target."""
        if self._may_leave():
            self._begin_new()

    def _begin_new(self) -> None:
        self._chosen = ""
        self.page.forget()
        self.form.begin(TargetKind.R2)
        self._mark(-1)
        self.page.fields.focus_first()

    def _show(self, row: TargetRow) -> None:
        if row.target.name != self._chosen:
            self.page.forget()
        self._chosen = row.target.name
        self.form.show(row)

    def _mark(self, number: int) -> None:
        """Mark a row without asking anything."""
        selection = self.list.selectionModel()
        selection.blockSignals(True)
        flag = QItemSelectionModel.SelectionFlag.ClearAndSelect
        selection.setCurrentIndex(self.rows.index(number), flag)
        if number < 0:
            selection.clear()
        selection.blockSignals(False)
        self.list.viewport().update()

    def _on_row(self, index: QModelIndex, _before: QModelIndex) -> None:
        row = index.data(TargetRole.ROW)
        if row is None or row.target.name == self._chosen:
            return
        if self._may_leave():
            self._show(row)
        else:
            self._mark(self.rows.find(self._chosen or ""))

    def _on_list(self) -> None:
        """Find what was chosen in a new list, else begin with the first, else with a new one."""
        found = self.rows.found
        number = self.rows.find(self._chosen) if self._chosen else -1
        row = self.rows.row(number)
        if row is not None:
            self.form.renew(row)
            self._mark(number)
        elif self._chosen is None or (self._chosen and not self.form.is_changed):
            first = self.rows.row(0)
            if first is None:
                self._begin_new()
            else:
                self._show(first)
                self._mark(0)
        if found is not None and found.troubles != self._told:
            self._told = found.troubles  # told once, until they are others
            self._say("warning", "\n".join(found.troubles))

    def _may_leave(self) -> bool:
        return not self.form.is_changed or ask_leave_target(self.form.was, self)

    def _revert(self) -> None:
        if self.form.row is not None:
            self.form.show(self.form.row)
        else:
            self.form.begin(self.form.kind)

    # -- answers ------------------------------------------------------------------------------

    def _on_saved(self, saved: TargetSaved) -> None:
        self._chosen = saved.name
        self.form.kept()
        self.banner.dismiss()
        if saved.note:
            self._say("warning", saved.note)

    def _on_removed(self, name: str) -> None:
        if name == self._chosen:
            self._chosen = None
            self.form.begin(TargetKind.R2)

    def _on_exported(self, file: Path) -> None:
        self.page.rules.say(f"Written: {file}")

    def _on_trouble(self, what: str, why: str) -> None:
        if what in _OF_RULES:
            self.page.rules.say(why)
        elif what == "test":
            self.page.check.clear()
            self._say("error", why)
        else:
            self._say("error", why)

    def _say(self, level: str, text: str) -> None:
        self.banner.dismiss()
        if text:
            self.banner.show_notice(Notice(level, text), has_job=False)

    # -- events -------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        """Look again: a drive may have come, a variable been set."""
        super().showEvent(event)
        self.desk.request_list()
        self.list.setFocus()

    def reject(self) -> None:
        """Close with Escape, unless something typed would be lost."""
        if self._may_leave():
            self._revert()
            super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Close, unless something typed would be lost."""
        if self._may_leave():
            self._revert()
            self.page.forget()
            event.accept()
        else:
            event.ignore()

    def _on_theme(self) -> None:
        refresh(self, self._theme)
        self.list.viewport().update()
