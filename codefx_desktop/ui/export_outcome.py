"""How far an export is, and what came of it: progress, a question, the result, the trouble."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from codefx_desktop.jobs.export_values import ExportPhase
from codefx_desktop.ui.icons import wear
from codefx_desktop.ui.model_parts import boxed
from codefx_desktop.ui.models import export_words
from codefx_desktop.ui.widgets import ElidedLabel, row_layout, wrapped

if TYPE_CHECKING:
    from codefx_desktop.jobs.export_values import ExportStep
    from codefx_desktop.ui.theme import Theme


class ExportOutcome(QWidget):
    """One part at a time; nothing while nothing was asked for.

    Args:
        theme: The theme.
    """

    stop_wanted = Signal()
    replace_wanted = Signal()
    """Replace the files that are in the way."""
    other_wanted = Signal()
    """Choose another folder."""
    folder_wanted = Signal(object)
    """Show this folder (``Path``)."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._step: ExportStep | None = None
        self.state = ElidedLabel()
        self.bar = QProgressBar()
        self.bar.setRange(0, 1000)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("Progress of the export")
        self.stop_button = _button("Cancel", "Cancel the export")
        self.question = wrapped()
        self.replace_button = _button("R&eplace", "Replace the files that are there")
        self.other_button = _button("Another &folder…", "Export to another folder")
        self.result = wrapped()
        self.show_button = _button("&Show folder", "Show the folder of the export")
        wear(self.show_button, "folder", theme)
        self.trouble = wrapped()
        self.stopped = wrapped("", "muted")
        self._parts = {
            "way": self._way(),
            "question": _box("noteBox", self.question, self.replace_button, self.other_button),
            "result": _box("goodBox", self.result, self.show_button),
            "trouble": boxed("errorBox", self.trouble),
            "stopped": self.stopped,
        }
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        for part in self._parts.values():
            column.addWidget(part)
        self.stop_button.clicked.connect(self.stop_wanted)
        self.replace_button.clicked.connect(self.replace_wanted)
        self.other_button.clicked.connect(self.other_wanted)
        self.show_button.clicked.connect(self._show_folder)
        self.show_step(None)

    def show_step(self, step: ExportStep | None) -> None:
        """Show how far an export is; None: there is none."""
        self._step = step
        shown = _part_of(step)
        for name, part in self._parts.items():
            part.setVisible(name == shown)
        if step is None:
            return
        self.state.say(export_words.under_way(step))
        self.bar.setValue(int(step.fraction * 1000))
        self.stop_button.setEnabled(step.phase is not ExportPhase.STOPPING)
        self.question.setText(step.message if shown == "question" else "")
        self.result.setText(export_words.written(step))
        self.trouble.setText(step.message if shown == "trouble" else "")
        self.stopped.setText(export_words.stopped(step))

    def take_keyboard(self) -> None:
        """Give the keyboard to what asks for an answer; to the harmless one of its answers."""
        button = {"question": self.other_button, "result": self.show_button}.get(
            _part_of(self._step)
        )
        if button is not None:
            button.setFocus()

    def _way(self) -> QWidget:
        way = QWidget()
        column = QVBoxLayout(way)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.state)
        row = row_layout(self.bar, self.stop_button)
        row.setStretch(0, 1)
        column.addLayout(row)
        column.addWidget(wrapped(export_words.GOES_ON, "muted"))
        return way

    def _show_folder(self) -> None:
        if self._step is not None and self._step.done is not None:
            self.folder_wanted.emit(self._step.done.folder)


def _part_of(step: ExportStep | None) -> str:
    if step is None:
        return ""
    return {
        ExportPhase.TAKEN: "question",
        ExportPhase.DONE: "result",
        ExportPhase.FAILED: "trouble",
        ExportPhase.STOPPED: "stopped",
    }.get(step.phase, "way")


def _button(text: str, name: str) -> QPushButton:
    button = QPushButton(text)
    button.setAccessibleName(name)
    return button


def _box(name: str, text: QWidget, *buttons: QWidget) -> QFrame:
    """Return words with buttons under them, in a frame."""
    row = QWidget()
    inside = QHBoxLayout(row)
    inside.setContentsMargins(0, 4, 0, 0)
    for button in buttons:
        inside.addWidget(button)
    inside.addStretch(1)
    return boxed(name, text, row)
