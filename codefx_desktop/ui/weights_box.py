"""Where a job's weights come from: found by themselves, a chosen file, or the demo model."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import (
    QButtonGroup,
    QFileDialog,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from codefx_desktop.settings.weights import DEMO_NOTICE
from codefx_desktop.ui.models.start_form import StartForm, WeightsChoice
from codefx_desktop.ui.widgets import ElidedLabel, row_layout, wrapped

if TYPE_CHECKING:
    from PySide6.QtWidgets import QLayout

_INDENT = 24


class WeightsBox(QWidget):
    """Three choices, each with one line that says what it means here.

    Args:
        form: The choices.
    """

    def __init__(self, form: StartForm) -> None:
        super().__init__()
        self._form = form
        self.found = QRadioButton("Found weights")
        self.file = QRadioButton("Weights file")
        self.demo = QRadioButton("Demo model")
        self.choose_button = QPushButton("Choose file…")
        self.choose_button.setAccessibleName("Choose the weights file")
        self.choose_button.setAutoDefault(False)
        self.found_line = wrapped("", "muted")
        self.file_line = ElidedLabel()
        self.file_line.setObjectName("muted")
        self.file_error = wrapped()
        self.demo_line = wrapped(DEMO_NOTICE, "muted")
        self._group = QButtonGroup(self)
        for button in (self.found, self.file, self.demo):
            self._group.addButton(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.found)
        column.addLayout(_indented(self.found_line))
        row = row_layout(self.file, self.file_line, self.choose_button)
        row.setStretch(1, 1)
        column.addLayout(row)
        column.addLayout(_indented(self.file_error))
        column.addWidget(self.demo)
        column.addLayout(_indented(self.demo_line))
        self.found.clicked.connect(lambda: form.choose(WeightsChoice.FOUND))
        self.file.clicked.connect(self._on_file)
        self.demo.clicked.connect(lambda: form.choose(WeightsChoice.DEMO))
        self.choose_button.clicked.connect(self.ask_for_file)
        form.changed.connect(self._show)
        self._show()

    def ask_for_file(self) -> None:
        """Let the person choose a weights file."""
        start = str(self._form.file.parent) if self._form.file else ""
        name, _ = QFileDialog.getOpenFileName(
            self, "Choose detector weights", start, "Weights (*.pt *.pth);;All files (*)"
        )
        if name:
            self._form.choose_file(Path(name))
        else:
            self._show()

    def _on_file(self) -> None:
        if self._form.file is None:
            self.ask_for_file()
        else:
            self._form.choose(WeightsChoice.FILE)

    def _show(self) -> None:
        form = self._form
        self._group.setExclusive(False)
        self.found.setChecked(form.choice is WeightsChoice.FOUND)
        self.file.setChecked(form.choice is WeightsChoice.FILE)
        self.demo.setChecked(form.choice is WeightsChoice.DEMO)
        self._group.setExclusive(True)
        self.found.setEnabled(form.has_found)
        self.found_line.setText(form.found_text)
        self.file_line.say(form.file.name if form.file else "", str(form.file or ""))
        self.file_error.setText(form.file_message)
        self.file_error.setVisible(bool(form.file_message))


def _indented(widget: QWidget) -> QLayout:
    row = row_layout(widget)
    row.setContentsMargins(_INDENT, 0, 0, 0)
    return row
