"""Where one kind of weights comes from: found by themselves, a chosen file, or the demo model."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QFileDialog,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from codefx_desktop.settings.weights import DEMO_NOTICE
from codefx_desktop.ui.models.weights_pick import WeightsChoice, WeightsPick
from codefx_desktop.ui.sheet_fields import indented
from codefx_desktop.ui.widgets import ElidedLabel, row_layout, wrapped


class WeightsBox(QWidget):
    """The choices, each with a line that says what it means here.

    Args:
        pick: The choices.
        kind: What the weights are called where several kinds are on screen; empty for the
            detector's.
    """

    models_wanted = Signal()
    """A person wants to get weights."""

    def __init__(self, pick: WeightsPick, kind: str = "") -> None:
        super().__init__()
        self._pick = pick
        self._title = f"Choose {kind or 'detector'} weights"
        name = f"{kind} weights" if kind else "weights"
        # Mnemonics for the first box only: two fields must not share one.
        self.found = QRadioButton("Found weights" if kind else "Fo&und weights")
        self.file = QRadioButton("Weights file" if kind else "&Weights file")
        self.demo = QRadioButton("Demo m&odel")
        self.found.setAccessibleName(f"Found {name}")
        self.file.setAccessibleName(f"{name.capitalize()} file")
        self.choose_button = QPushButton("Choose file…")
        self.choose_button.setAccessibleName(f"Choose the {name} file")
        self.choose_button.setAutoDefault(False)
        self.found_name = ElidedLabel()
        self.found_name.setObjectName("muted")
        self.found_line = wrapped("", "muted")
        self.models_button = QPushButton("Models…")
        self.models_button.setAccessibleName(f"Get {name} in Models")
        self.models_button.setAutoDefault(False)
        self._offers_models = False
        self.file_line = ElidedLabel()
        self.file_line.setObjectName("muted")
        self.file_error = wrapped()
        self.demo_line = wrapped(DEMO_NOTICE, "muted")
        self._lay_out()
        self.found.clicked.connect(lambda: pick.choose(WeightsChoice.FOUND))
        self.file.clicked.connect(self._on_file)
        self.demo.clicked.connect(lambda: pick.choose(WeightsChoice.DEMO))
        self.choose_button.clicked.connect(self.ask_for_file)
        self.models_button.clicked.connect(self.models_wanted)
        pick.changed.connect(self._show)
        self._show()

    def offer_models(self) -> None:
        """Offer the way to more weights while none are found."""
        self._offers_models = True
        self._show()

    def ask_for_file(self) -> None:
        """Let the person choose a weights file."""
        start = str(self._pick.file.parent) if self._pick.file else ""
        name, _ = QFileDialog.getOpenFileName(
            self, self._title, start, "Weights (*.pt *.pth);;All files (*)"
        )
        if name:
            self._pick.choose_file(Path(name))
        else:
            self._show()

    def _lay_out(self) -> None:
        self._group = QButtonGroup(self)
        for button in (self.found, self.file, self.demo):
            self._group.addButton(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        row = row_layout(self.found, self.found_name, self.models_button)
        row.setStretch(1, 1)
        column.addLayout(row)
        column.addLayout(indented(self.found_line))
        row = row_layout(self.file, self.file_line, self.choose_button)
        row.setStretch(1, 1)
        column.addLayout(row)
        column.addLayout(indented(self.file_error))
        column.addWidget(self.demo)
        column.addLayout(indented(self.demo_line))

    def _on_file(self) -> None:
        if self._pick.file is None:
            self.ask_for_file()
        else:
            self._pick.choose(WeightsChoice.FILE)

    def _show(self) -> None:
        pick = self._pick
        self._group.setExclusive(False)
        self.found.setChecked(pick.choice is WeightsChoice.FOUND)
        self.file.setChecked(pick.choice is WeightsChoice.FILE)
        self.demo.setChecked(pick.choice is WeightsChoice.DEMO)
        self._group.setExclusive(True)
        self.found.setEnabled(pick.has_found)
        self.found_name.say(pick.found_text if pick.has_found else "")
        self.found_line.setText(pick.found_text)
        self.found_line.setVisible(not pick.has_found)
        missing = pick.found is not None and not pick.has_found
        self.models_button.setVisible(self._offers_models and missing)
        self.file_line.say(pick.file.name if pick.file else "", str(pick.file or ""))
        self.file_error.setText(pick.file_message)
        self.file_error.setVisible(bool(pick.file_message))
        self.demo.setVisible(pick.has_demo)
        # What the demo model cannot do matters to whoever has no weights, or takes it.
        wanted = pick.choice is WeightsChoice.DEMO or not pick.has_found
        self.demo_line.setVisible(pick.has_demo and wanted)
