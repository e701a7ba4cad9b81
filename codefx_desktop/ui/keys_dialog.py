"""All keys in a sheet that can be searched, and changed: what collides is said before it does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QKeySequenceEdit,
    QLineEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from codefx_desktop.ui.models.key_map import LEAVES
from codefx_desktop.ui.widgets import row_layout, wrapped

if TYPE_CHECKING:
    from codefx_desktop.ui.models.key_map import KeyMap, KeyRow

SIZE = QSize(640, 600)
ROW = Qt.ItemDataRole.UserRole
NATIVE = QKeySequence.SequenceFormat.NativeText
NO_KEY = "no key"


class KeysDialog(QDialog):
    """Shows the keys of all actions, read from the actions themselves, and lets them be changed.

    Args:
        keys: The keys.
        parent: The window.
    """

    def __init__(self, keys: KeyMap, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keys")
        self._keys = keys
        self.search = QLineEdit()
        self.search.setPlaceholderText("Search actions and keys")
        self.search.setAccessibleName("Search actions and keys")
        self.search.setClearButtonEnabled(True)
        self.tree = QTreeWidget()
        self.tree.setAccessibleName("Actions and their keys")
        self.tree.setHeaderLabels(["Action", "Key"])
        self.tree.setRootIsDecorated(False)
        self.tree.setIndentation(12)
        self.edit = QKeySequenceEdit()
        self.edit.setMaximumSequenceLength(1)
        self.edit.setAccessibleName("New key of the chosen action")
        self.edit.setClearButtonEnabled(True)
        self.use = QPushButton("Use")
        self.reset = QPushButton("As before")
        self.reset.setToolTip("Give the chosen action the key it came with")
        self.reset_all = QPushButton("All as before")
        self.said = wrapped()
        self.box = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self._heads: dict[str, QTreeWidgetItem] = {}
        self._items: dict[KeyRow, QTreeWidgetItem] = {}
        self._lay_out()
        self._fill()
        self._listen()
        self._settle()

    @property
    def chosen(self) -> KeyRow | None:
        """The action that is marked; None on a group's head."""
        item = self.tree.currentItem()
        row: KeyRow | None = None if item is None else item.data(0, ROW)
        return row

    # -- building -----------------------------------------------------------------------------

    def _lay_out(self) -> None:
        head = self.tree.header()
        head.setStretchLastSection(False)
        head.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        head.setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(8)
        column.addWidget(self.search)
        column.addWidget(self.tree, 1)
        column.addLayout(row_layout(self.edit, self.use, self.reset, self.reset_all))
        column.addWidget(self.said)
        column.addWidget(wrapped("Esc leaves a dialog; it never cancels a job.", "muted"))
        column.addWidget(self.box)
        room = self.screen().availableGeometry().size() - QSize(40, 80)
        self.resize(SIZE.boundedTo(room))

    def _fill(self) -> None:
        for row in self._keys.rows:
            head = self._heads.get(row.group)
            if head is None:
                head = self._heads[row.group] = QTreeWidgetItem(self.tree, [row.group])
                font = head.font(0)
                font.setBold(True)
                head.setFont(0, font)
                head.setFlags(Qt.ItemFlag.ItemIsEnabled)
            item = QTreeWidgetItem(head, [row.text, ""])
            item.setData(0, ROW, row)
            self._items[row] = item
        self.tree.expandAll()
        self._show_keys()

    def _listen(self) -> None:
        self.search.textChanged.connect(self._filter)
        self.tree.currentItemChanged.connect(lambda *_: self._settle())
        self.tree.itemActivated.connect(lambda *_: self.edit.setFocus())
        self.edit.keySequenceChanged.connect(lambda _key: self._say())
        self.use.clicked.connect(self._use)
        self.reset.clicked.connect(self._reset)
        self.reset_all.clicked.connect(self._keys.reset_all)
        self.box.rejected.connect(self.reject)
        self._keys.changed.connect(self._show_keys)
        self._keys.changed.connect(self._settle)

    # -- showing ------------------------------------------------------------------------------

    def _show_keys(self) -> None:
        for row, item in self._items.items():
            text = ", ".join(key.toString(NATIVE) for key in row.action.shortcuts())
            item.setText(1, f"{text} *" if row.is_changed else text)
            item.setToolTip(1, "Changed by a person" if row.is_changed else "")

    def _settle(self) -> None:
        row = self.chosen
        for widget in (self.edit, self.use):
            widget.setEnabled(row is not None)
        self.reset.setEnabled(row is not None and row.is_changed)
        self.reset_all.setEnabled(any(one.is_changed for one in self._keys.rows))
        self.edit.setKeySequence(QKeySequence() if row is None else row.key)
        self._say()

    def _say(self) -> None:
        row, key = self.chosen, self.edit.keySequence()
        if row is None:
            self.said.setText("Choose an action to give it another key.")
            return
        rivals = self._keys.rivals(row, key)
        is_other = key != row.key
        self.use.setEnabled(is_other and key != LEAVES)
        self.use.setText("Take it" if rivals else "Use")
        text = key.toString(NATIVE) or NO_KEY
        if key == LEAVES:
            self.said.setText(f"{text} leaves whatever is in hand: no action can have it.")
        elif rivals:
            names = " and ".join(f"“{rival.text}” ({rival.group})" for rival in rivals)
            self.said.setText(f"{text} belongs to {names}, which would have no key.")
        elif is_other:
            self.said.setText(f"“{row.text}” would have {text}.")
        else:
            self.said.setText(f"“{row.text}” has {text}. Press another key in the field.")

    def _filter(self, text: str) -> None:
        words = text.casefold().split()
        shown_heads = set()
        for row, item in self._items.items():
            told = f"{row.group} {item.text(0)} {item.text(1)}".casefold()
            is_shown = all(word in told for word in words)
            item.setHidden(not is_shown)
            if is_shown:
                shown_heads.add(row.group)
        for group, head in self._heads.items():
            head.setHidden(group not in shown_heads)

    # -- asking -------------------------------------------------------------------------------

    def _use(self) -> None:
        row = self.chosen
        if row is not None:
            self._keys.give(row, self.edit.keySequence())

    def _reset(self) -> None:
        row = self.chosen
        if row is not None:
            self._keys.reset(row)
