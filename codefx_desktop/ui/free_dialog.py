"""Makes room: removes results that a target has, after they were verified there once more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from codefx_desktop.ui.model_parts import boxed
from codefx_desktop.ui.models import push_words, words
from codefx_desktop.ui.widgets import row_layout, wrapped

if TYPE_CHECKING:
    from codefx_desktop.jobs.push_desk import PushDesk
    from codefx_desktop.jobs.push_values import Freeable, FreeSpace

WIDTH_PX = 560
INTRO = (
    "These results were pushed and verified. They are verified once more before the annotated "
    "video, the frames and their texts are removed from this machine. Detections, reports and "
    "the history stay, and your original footage is never touched."
)
NOTHING = "There is nothing that could go: only results that a target has, verified, can."


class FreeDialog(QDialog):
    """A list of jobs with what each would free.

    Args:
        desk: Verifies and removes.
        parent: The window.
    """

    def __init__(self, desk: PushDesk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._is_busy = True
        self.setWindowTitle("Free space")
        self.setFixedWidth(WIDTH_PX)
        self.list = QListWidget()
        self.list.setAccessibleName("Jobs whose results can go")
        self.list.itemChanged.connect(lambda _item: self._show())
        self.note = wrapped("Looking…")
        self.note_box = boxed("noteBox", self.note)
        self.free_button = QPushButton("Free space")
        self.free_button.setProperty("primary", True)
        self.free_button.setAutoDefault(False)
        self.free_button.clicked.connect(self._free)
        self.close_button = QPushButton("Close")
        self.close_button.clicked.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(10)
        column.addWidget(wrapped(INTRO, "muted"))
        column.addWidget(self.list, 1)
        column.addWidget(self.note_box)
        buttons = row_layout(self.close_button, self.free_button)
        buttons.insertStretch(0, 1)
        column.addLayout(buttons)
        desk.space.connect(self._on_space)
        desk.ask_free_space()
        self._show()

    def chosen(self) -> list[Freeable]:
        """Return the jobs with a check mark."""
        items = (self.list.item(row) for row in range(self.list.count()))
        return [
            item.data(Qt.ItemDataRole.UserRole)
            for item in items
            if item.checkState() is Qt.CheckState.Checked
        ]

    def _on_space(self, space: FreeSpace) -> None:
        self._is_busy = False
        self.list.clear()
        for one in space.jobs:
            text = (
                f"{one.job_name}   {words.size(one.size_bytes)}, "
                f"{push_words.files(one.files)} in {one.target}"
            )
            item = QListWidgetItem(text)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setData(Qt.ItemDataRole.UserRole, one)
            # Nothing goes that was not chosen by a person.
            item.setCheckState(Qt.CheckState.Unchecked)
            self.list.addItem(item)
        told = [space.message] if space.message else []
        if space.freed_bytes is not None:
            told.insert(0, f"{words.size(space.freed_bytes)} freed.")
        elif not space.jobs and not space.message:
            told.append(NOTHING)
        self.note.setText("\n".join(told))
        self.note_box.setVisible(bool(told))
        self._show()

    def _show(self) -> None:
        chosen = self.chosen()
        size = sum(one.size_bytes for one in chosen)
        self.free_button.setEnabled(bool(chosen) and not self._is_busy)
        self.free_button.setText(f"Free {words.size(size)}" if chosen else "Free space")
        self.list.setEnabled(not self._is_busy)

    def _free(self) -> None:
        self._is_busy = True
        self.note.setText("Verifying, then removing…")
        self.note_box.show()
        self._desk.free_space([one.job_id for one in self.chosen()])
        self._show()
