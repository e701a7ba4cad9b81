"""Choosing stops to compare from the history."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from codefx_desktop.ui.icons import wear
from codefx_desktop.ui.models.compare_align import letter
from codefx_desktop.ui.models.compare_view import MOST
from codefx_desktop.ui.widgets import row_layout, wrapped

if TYPE_CHECKING:
    from PySide6.QtGui import QShowEvent

    from codefx_desktop.ui.models.compare_search import CompareSearch, Offer
    from codefx_desktop.ui.models.compare_view import CompareView
    from codefx_desktop.ui.theme import Theme

_OFFER = Qt.ItemDataRole.UserRole


class ComparePicker(QWidget):
    """A search field and the stops that pass it; Return or a double click adds one.

    Args:
        search: Looks through the history.
        view: Takes the stops.
        theme: The theme.
    """

    chosen = Signal(object)
    """Compare these too: a list of ``Offer``."""
    history_wanted = Signal()
    """There is nothing to compare yet: show where footage is analysed."""

    def __init__(self, search: CompareSearch, view: CompareView, theme: Theme) -> None:
        super().__init__()
        self._search, self._view = search, view
        self.field = QLineEdit()
        self.field.setPlaceholderText("Search clips with pit stops")
        self.field.setClearButtonEnabled(True)
        self.field.setAccessibleName("Search stops to compare")
        self.field.setToolTip("Part of a clip's name")
        self.list = QListWidget()
        self.list.setAccessibleName("Stops that can be compared")
        self.list.setToolTip("Return or a double click adds a stop")
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.list.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.hint = wrapped("", "muted")
        self.add_button = QPushButton("Compare")
        self.add_button.setProperty("primary", True)
        self.add_button.setToolTip("Put the chosen stops side by side (Return)")
        wear(self.add_button, "add", theme)
        self.process_button = QPushButton("Go to the queue")
        self.process_button.setToolTip("Analyse footage first (Ctrl+1)")
        row = row_layout(self.add_button, self.process_button)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.field)
        column.addWidget(self.list, 1)
        column.addWidget(self.hint)
        column.addLayout(row)
        search.found.connect(self.refresh)
        view.listed.connect(self.refresh)
        self.field.textChanged.connect(search.look_for)
        self.field.installEventFilter(self)
        self.list.itemActivated.connect(lambda _item: self.take())
        self.list.itemSelectionChanged.connect(self._enable)
        self.add_button.clicked.connect(self.take)
        self.process_button.clicked.connect(self.history_wanted)
        self.refresh()

    def take(self) -> None:
        """Compare the chosen stops; without a choice the first that is not there yet."""
        items = self.list.selectedItems() or self._free()[:1]
        self.chosen.emit([item.data(_OFFER) for item in items])

    def refresh(self) -> None:
        """Show the offers, and which of them are there already."""
        there = {(p.job_id, p.number): n for n, p in enumerate(self._view.panes)}
        self.list.clear()
        for offer in self._search.offers:
            item = self._item(offer, there.get((offer.job_id, offer.number)))
            self.list.addItem(item)
        self.hint.setText(self._hint())
        self.hint.setVisible(bool(self.hint.text()))
        nothing = self._search.is_known and not self._search.offers and not self._search.text
        self.process_button.setVisible(nothing)
        self.add_button.setVisible(not nothing)
        self._enable()

    def showEvent(self, event: QShowEvent) -> None:
        """Look again: jobs may have ended meanwhile."""
        super().showEvent(event)
        self._search.refresh()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let Return in the field add, and Down go to the list."""
        if watched is self.field and isinstance(event, QKeyEvent):
            if event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Down:
                self.list.setFocus()
                self.list.setCurrentRow(max(self.list.currentRow(), 0))
                return True
            is_return = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            if event.type() == QEvent.Type.KeyPress and is_return:
                self.take()
                return True
        return super().eventFilter(watched, event)

    def _item(self, offer: Offer, there: int | None) -> QListWidgetItem:
        mark = "" if there is None else f"  ({letter(there)})"
        item = QListWidgetItem(f"{offer.title}{mark}\n{offer.detail}")
        item.setData(_OFFER, offer)
        item.setToolTip(f"{offer.title}\n{offer.detail}")
        if there is not None:
            item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsEnabled)
        return item

    def _free(self) -> list[QListWidgetItem]:
        items = (self.list.item(row) for row in range(self.list.count()))
        return [item for item in items if item.flags() & Qt.ItemFlag.ItemIsEnabled]

    def _hint(self) -> str:
        if len(self._view.panes) >= MOST:
            return "Four stops are compared. Remove one to add another."
        if self._search.is_failed:
            return "The history could not be read. What is typed here looks again."
        if self._search.offers:
            return ""
        if not self._search.is_known:
            return "Looking through the history\N{HORIZONTAL ELLIPSIS}"
        if self._search.text:
            return "No clip with a pit stop has this in its name."
        return "No job has a pit stop yet. Analyse footage with pit stops first."

    def _enable(self) -> None:
        full = len(self._view.panes) >= MOST
        self.add_button.setEnabled(bool(self._free()) and not full)
        chosen = len(self.list.selectedItems())
        self.add_button.setText("Compare" if chosen < 2 else f"Compare these {chosen}")
        self.add_button.setAccessibleName(self.add_button.text())
