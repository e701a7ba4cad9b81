"""Asks what of jobs is pushed, and where to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QGridLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from codefx_desktop.domain.push import PushPart
from codefx_desktop.ui.icons import wear
from codefx_desktop.ui.model_parts import boxed, heading
from codefx_desktop.ui.models import push_words, target_words
from codefx_desktop.ui.widgets import form_layout, row_layout, section, wrapped

if TYPE_CHECKING:
    from codefx_desktop.ui.models.push_form import PushForm
    from codefx_desktop.ui.theme import Theme

WIDTH_PX = 620
FULL = 1000
ORIGINAL = "Your original footage is only read: it is never moved, changed or removed."
_COPIES: tuple[bool | None, ...] = (None, True, False)


class PushDialog(QDialog):
    """Target, parts with files and bytes, and what becomes of the app's copy of the source.

    Args:
        form: The choices.
        theme: The theme.
        parent: The window.
    """

    targets_wanted = Signal()

    def __init__(self, form: PushForm, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.form = form
        self.setWindowTitle("Push")
        self.setFixedWidth(WIDTH_PX)
        self.target = QComboBox()
        self.target.setAccessibleName("Target")
        self.target.activated.connect(lambda row: form.choose_target(self.target.itemData(row)))
        self.targets_button = QPushButton("Targets…")
        self.targets_button.setAutoDefault(False)
        self.targets_button.clicked.connect(self.targets_wanted)
        self.parts: dict[PushPart, QCheckBox] = {}
        self.amounts: dict[PushPart, tuple[QLabel, QLabel]] = {}
        self.copies = self._make_copies()
        self.copy_first = QCheckBox("Copy the &footage to this machine first")
        self.copy_first.clicked.connect(lambda on: form.choose_copy_first(on=on))
        self.bar = QProgressBar()
        self.bar.setRange(0, FULL)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("How much of the footage is copied")
        self.push_button = QPushButton("Push")
        self.push_button.setProperty("primary", True)
        self.push_button.setDefault(True)
        wear(self.push_button, "push", theme)
        self.push_button.clicked.connect(self.accept)
        self.cancel_button = QPushButton("Cancel")
        self.cancel_button.setAutoDefault(False)
        self.cancel_button.clicked.connect(self.reject)
        self._lay_out()
        form.changed.connect(self._show)
        form.done.connect(self._end)
        self._show()
        self.push_button.setFocus()

    def accept(self) -> None:
        """Push, if nothing hinders it; footage that is to be copied first keeps this open."""
        self.form.push()

    def reject(self) -> None:
        """Stop what is being copied; else close."""
        if self.form.is_copying:
            self.form.stop_copying()
        else:
            super().reject()

    def _end(self) -> None:
        super().accept()

    # -- building -----------------------------------------------------------------------------

    def _make_copies(self) -> QComboBox:
        box = QComboBox()
        box.setAccessibleName("The app's own copy of the source")
        usual = "removed" if self.form.removes_copies else "kept"
        box.addItem(f"As the settings say: {usual} once it was verified")
        box.addItem("Remove it once it was verified")
        box.addItem("Keep it")
        box.activated.connect(lambda row: self.form.choose_copy(_COPIES[row]))
        return box

    def _lay_out(self) -> None:
        self.title = heading(1.3)
        self.left_out = wrapped("", "muted")
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(8)
        column.addWidget(self.title)
        column.addWidget(self.left_out)
        form = form_layout()
        label = QLabel("&Target")
        label.setBuddy(self.target)
        row = row_layout(self.target, self.targets_button)
        row.setStretch(0, 1)
        form.addRow(label, row)
        column.addLayout(form)
        self.before = wrapped("", "muted")
        column.addWidget(self.before)
        column.addSpacing(4)
        column.addWidget(section("What is pushed"))
        column.addLayout(self._make_parts())
        self.copy_note = wrapped()
        self.copy_note_box = boxed("noteBox", self.copy_note)
        column.addWidget(self.copy_note_box)
        column.addWidget(self.copy_first)
        self.copy_label = QLabel("The app's own &copy of the source, if there is one:")
        self.copy_label.setBuddy(self.copies)
        column.addWidget(self.copy_label)
        column.addWidget(self.copies)
        column.addWidget(wrapped(ORIGINAL, "muted"))
        self.copy_state = wrapped("", "muted")
        column.addWidget(self.bar)
        column.addWidget(self.copy_state)
        self.trouble = wrapped()
        self.trouble.setAccessibleName("Why nothing can be pushed")
        self.trouble_box = boxed("noteBox", self.trouble)
        column.addWidget(self.trouble_box)
        column.addSpacing(4)
        buttons = row_layout(self.cancel_button, self.push_button)
        buttons.insertStretch(0, 1)
        column.addLayout(buttons)

    def _make_parts(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 1)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for row, part in enumerate(PushPart):
            box = self.parts[part] = QCheckBox(push_words.part_word(part))
            box.clicked.connect(lambda on, part=part: self.form.choose_part(part, on=on))
            hint = QLabel(push_words.part_hint(part))
            hint.setObjectName("muted")
            amounts = self.amounts[part] = (QLabel(), QLabel())
            grid.addWidget(box, row, 0)
            grid.addWidget(hint, row, 1)
            for column, label in enumerate(amounts, start=2):
                label.setAlignment(right)
                grid.addWidget(label, row, column)
        self.total = QLabel()
        font = self.total.font()
        font.setBold(True)
        self.total.setFont(font)
        self.total.setAlignment(right)
        grid.addWidget(self.total, len(PushPart), 1, 1, 3)
        return grid

    # -- what is shown ------------------------------------------------------------------------

    def _show(self) -> None:
        form = self.form
        self.title.say(form.title)
        self.left_out.setText(form.left_out)
        self.left_out.setVisible(bool(form.left_out))
        self._show_targets()
        self.before.setText(form.before)
        self.before.setVisible(bool(form.before))
        for part, box in self.parts.items():
            there = form.is_there(part)
            box.setEnabled(there)
            box.setChecked(there and part in form.parts)
            files, size = form.amount(part)
            for label, text in zip(self.amounts[part], (files, size), strict=True):
                label.setText(text)
                label.setEnabled(there)
            box.setAccessibleDescription(f"{push_words.part_hint(part)}, {files}, {size}")
        self.total.setText(form.total)
        self.total.setAccessibleName(f"In all {form.total}")
        sends_source = PushPart.SOURCE in form.parts and form.is_there(PushPart.SOURCE)
        for widget in (self.copy_label, self.copies):
            widget.setEnabled(sends_source and not form.is_copying)
        self._show_copying()
        trouble = form.hindrance or form.copy_trouble
        self.trouble.setText(trouble)
        self.trouble_box.setVisible(bool(trouble))
        self.push_button.setEnabled(not form.hindrance and not form.is_copying)
        self.adjustSize()

    def _show_copying(self) -> None:
        form, copying = self.form, self.form.is_copying
        self.copy_note.setText(form.copy_note)
        self.copy_note_box.setVisible(bool(form.copy_note))
        self.copy_first.setEnabled(form.can_copy_first and not copying)
        self.bar.setVisible(copying)
        self.bar.setValue(round(form.copy_share * FULL))
        self.copy_state.setVisible(copying)
        self.copy_state.setText(form.copy_state)
        self.cancel_button.setText("Stop" if copying else "Cancel")
        for widget in (self.target, self.targets_button, *self.parts.values()):
            widget.setEnabled(widget.isEnabled() and not copying)

    def _show_targets(self) -> None:
        rows = self.form.targets
        shown = [self.target.itemData(row) for row in range(self.target.count())]
        if shown != [row.target.name for row in rows]:
            self.target.clear()
            for row in rows:
                self.target.addItem("", row.target.name)
        for number, row in enumerate(rows):
            self.target.setItemText(number, f"{row.target.name}  ({target_words.line(row)})")
        self.target.setCurrentIndex(self.target.findData(self.form.target))
        self.target.setEnabled(bool(rows))
        self.targets_button.setEnabled(True)
        self.targets_button.setText("Targets…" if rows else "Add a target…")
