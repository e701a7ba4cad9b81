"""Weights of a target: a list under a prefix, and fetching one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QDialog,
    QHeaderView,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from codefx_desktop.jobs.model_values import DeedKind, DeedPhase
from codefx_desktop.ui.icons import wear
from codefx_desktop.ui.model_parts import boxed
from codefx_desktop.ui.models import model_words, target_words, words
from codefx_desktop.ui.widgets import form_layout, row_layout, wrapped

if TYPE_CHECKING:
    from PySide6.QtGui import QShowEvent

    from codefx_desktop.jobs.model_desk import ModelDesk
    from codefx_desktop.jobs.model_values import BucketModel, BucketModels, ModelDeed
    from codefx_desktop.jobs.target_desk import TargetDesk
    from codefx_desktop.jobs.target_values import TargetList
    from codefx_desktop.ui.theme import Theme

WIDTH_PX = 640
HEIGHT_PX = 480
FULL = 1000
USUAL_PREFIX = "models/"
INTRO = (
    "Size and hash are checked before a file is looked into and kept. Nothing here is ever "
    "overwritten: where a name is taken, the new file gets another one."
)
NO_TARGET = "There is no target that is ready: add a bucket or a folder under Targets."
NOTHING = "There are no weights (.pt) whose keys begin so."
_KEY = Qt.ItemDataRole.UserRole


class BucketModelsDialog(QDialog):
    """Lists what a target has and fetches what is chosen.

    Args:
        desk: Lists and fetches.
        targets: Tells the targets.
        theme: The theme.
        parent: The window.
    """

    def __init__(
        self, desk: ModelDesk, targets: TargetDesk, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._desk = desk
        self._deed: ModelDeed | None = None
        self.setWindowTitle("Models from a bucket")
        self.resize(WIDTH_PX, HEIGHT_PX)
        self.target = QComboBox()
        self.target.setAccessibleName("Target")
        self.prefix = QLineEdit(USUAL_PREFIX)
        self.prefix.setAccessibleName("What the keys begin with")
        self.list_button = QPushButton("List")
        self.list_button.setAutoDefault(False)
        self.list = self._make_list()
        self.status = wrapped("", "muted")
        self.bar = QProgressBar()
        self.bar.setRange(0, FULL)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("How much has come")
        self.trouble = wrapped()
        self.trouble_box = boxed("errorBox", self.trouble)
        self.get_button = QPushButton("Fetch")
        self.get_button.setProperty("primary", True)
        self.get_button.setDefault(True)
        wear(self.get_button, "save", theme)
        self.stop_button = QPushButton("Close")
        self.stop_button.setAutoDefault(False)
        self._lay_out()
        self._listen()
        self._targets = targets
        targets.listed.connect(self.offer)
        self._show()

    # -- what a person does -------------------------------------------------------------------

    def look(self) -> None:
        """List what the target has under the prefix."""
        if (target := self.target.currentData()) is None:
            return
        self.list.clear()
        self.trouble_box.hide()
        self.status.setText("Looking…")
        self._desk.list_bucket(target, self.prefix.text().strip())
        self._show()

    def get(self) -> None:
        """Fetch what is chosen."""
        item, target = self.list.currentItem(), self.target.currentData()
        if item is not None and target is not None and not self.is_busy:
            self.trouble_box.hide()
            self._desk.get_from_bucket(target, item.data(0, _KEY))

    def reject(self) -> None:
        """Stop what is being fetched; what came stays for the next time. Else close."""
        if self._deed is not None:
            self._desk.cancel(DeedKind.BUCKET, self._deed.name)
        else:
            super().reject()

    @property
    def is_busy(self) -> bool:
        """Whether something is being fetched."""
        return self._deed is not None

    # -- answers ------------------------------------------------------------------------------

    def offer(self, found: TargetList) -> None:
        """Offer the targets that are ready, and list what the first one has."""
        ready = [row for row in found.rows if row.is_ready]
        names = [row.target.name for row in ready]
        if names == [self.target.itemData(row) for row in range(self.target.count())]:
            return
        chosen = self.target.currentData()
        self.target.clear()
        for row in ready:
            self.target.addItem(f"{row.target.name}  ({target_words.line(row)})", row.target.name)
        self.target.setCurrentIndex(max(0, self.target.findData(chosen)))
        self.look()
        self._show()

    def _on_found(self, found: BucketModels) -> None:
        if (found.target, found.prefix) != (self.target.currentData(), self.prefix.text().strip()):
            return
        self.list.clear()
        self._tell_trouble(found.message)
        self.status.setText("" if found.models or found.message else NOTHING)
        for model in found.models:
            self.list.addTopLevelItem(_item(model))
        if (first := self.list.topLevelItem(0)) is not None:
            self.list.setCurrentItem(first)
        self._show()

    def _on_deed(self, deed: ModelDeed) -> None:
        if deed.kind is not DeedKind.BUCKET:
            return
        self._deed = None if deed.phase.is_final else deed
        self._tell_trouble(deed.message)
        self.bar.setValue(round((model_words.fraction(deed) or 0.0) * FULL))
        if deed.phase is DeedPhase.DONE and deed.kept is not None:
            how = "was here already" if deed.kept.was_there else "is here now"
            name, own = model_words.added_name(deed), deed.kept.path.name
            self.status.setText(f"{name} {how}." if own == name else f"{name} {how} as {own}.")
        elif deed.phase.is_final:
            self.status.setText("" if deed.message else "Stopped. What came is kept.")
        else:
            self.status.setText(f"{model_words.added_name(deed)}: {model_words.progress(deed)}")
        self._show()

    def showEvent(self, event: QShowEvent) -> None:
        """Ask for the targets: there may be others by now."""
        super().showEvent(event)
        self._targets.request_list()

    # -- inside -------------------------------------------------------------------------------

    def _make_list(self) -> QTreeWidget:
        view = QTreeWidget()
        view.setAccessibleName("Weights in the target")
        view.setHeaderLabels(("Weights", "Size", "Changed", "Here"))
        view.setRootIsDecorated(False)
        view.setUniformRowHeights(True)
        view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        head = view.header()
        head.setStretchLastSection(False)
        head.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        head.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        return view

    def _lay_out(self) -> None:
        form = form_layout()
        begins = row_layout(self.prefix, self.list_button)
        begins.setStretch(0, 1)
        target_label, prefix_label = QLabel("&Target"), QLabel("Keys &begin with")
        target_label.setBuddy(self.target)
        prefix_label.setBuddy(self.prefix)
        form.addRow(target_label, self.target)
        form.addRow(prefix_label, begins)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(8)
        column.addWidget(wrapped(INTRO, "muted"))
        column.addLayout(form)
        column.addWidget(self.list, 1)
        column.addWidget(self.bar)
        column.addWidget(self.status)
        column.addWidget(self.trouble_box)
        buttons = row_layout(self.stop_button, self.get_button)
        buttons.insertStretch(0, 1)
        column.addLayout(buttons)
        self.trouble_box.hide()

    def _listen(self) -> None:
        self.list_button.clicked.connect(self.look)
        self.prefix.returnPressed.connect(self.look)
        self.target.activated.connect(lambda _row: self.look())
        self.list.currentItemChanged.connect(lambda *_: self._show())
        self.list.itemDoubleClicked.connect(lambda *_: self.get())
        self.get_button.clicked.connect(self.get)
        self.stop_button.clicked.connect(self.reject)
        self._desk.in_bucket.connect(self._on_found)
        self._desk.deed.connect(self._on_deed)

    def _tell_trouble(self, text: str) -> None:
        self.trouble.setText(text)
        self.trouble_box.setVisible(bool(text))

    def _show(self) -> None:
        busy, has_target = self.is_busy, self.target.count() > 0
        for widget in (self.target, self.prefix, self.list_button):
            widget.setEnabled(has_target and not busy)
        if not has_target:
            self.status.setText(NO_TARGET)
        stopping = self._deed is not None and self._deed.phase is DeedPhase.STOPPING
        self.get_button.setEnabled(not busy and self.list.currentItem() is not None)
        self.stop_button.setEnabled(not stopping)
        self.stop_button.setText("Stop" if busy else "Close")
        self.bar.setVisible(busy)
        self.status.setVisible(bool(self.status.text()))


def _item(model: BucketModel) -> QTreeWidgetItem:
    when = words.moment(model.modified) if model.modified else words.NONE
    item = QTreeWidgetItem((model.key, words.size(model.size_bytes), when, _here(model)))
    item.setData(0, _KEY, model.key)
    item.setToolTip(0, model.key)
    item.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    return item


def _here(model: BucketModel) -> str:
    return "same name and size" if model.is_here else ""
