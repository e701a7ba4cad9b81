"""The settings, one row each, made from the typed settings; those of the environment are locked."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFileDialog,
    QFrame,
    QGridLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from codefx_desktop.ui.models.settings_form import SettingRow, SettingsForm, Shape
from codefx_desktop.ui.widgets import row_layout, section, tool_button, wrapped

if TYPE_CHECKING:
    from codefx_desktop.jobs.settings_desk import SettingsDesk
    from codefx_desktop.settings.settings import Settings
    from codefx_desktop.ui.theme import Theme

LARGEST = 2**31 - 1
SAVED = "Saved. They hold from the next start of the program on."
SIZE = QSize(720, 620)


class SettingsDialog(QDialog):
    """Shows the settings, and saves what a person changed.

    Args:
        settings: Those in force.
        desk: Saves them.
        path: Where they are kept, for a person.
        theme: The theme.
        parent: The window.
    """

    def __init__(
        self, settings: Settings, desk: SettingsDesk, path: Path, theme: Theme, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Settings")
        self._desk, self._theme = desk, theme
        self.form = SettingsForm(settings, desk.kept)
        self.search = QLineEdit()
        self.search.setPlaceholderText("Search settings")
        self.search.setAccessibleName("Search settings")
        self.search.setClearButtonEnabled(True)
        self.fields: dict[str, QWidget] = {}
        self.troubles: dict[str, QLabel] = {}
        self._rows: dict[str, QFrame] = {}
        self._resets: dict[str, QWidget] = {}
        self._heads: list[tuple[QLabel, tuple[str, ...]]] = []
        self.state = wrapped(f"Kept in {path}", "muted")
        buttons = QDialogButtonBox.StandardButton
        self.box = QDialogButtonBox(buttons.Save | buttons.Close)
        self.save_button = self.box.button(buttons.Save)
        self._lay_out()
        self.search.textChanged.connect(self._filter)
        self.box.accepted.connect(self._save)
        self.box.rejected.connect(self.reject)
        desk.saved.connect(self._on_saved)
        self._settle()
        room = parent.screen().availableGeometry().size() - QSize(40, 80)
        self.resize(SIZE.boundedTo(room))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the wheel scroll the rows: over a field it changes only one that has the keyboard."""
        is_wheel = event.type() == QEvent.Type.Wheel and isinstance(watched, QWidget)
        if is_wheel and not watched.hasFocus():  # type: ignore[attr-defined]
            event.ignore()
            return True
        return super().eventFilter(watched, event)

    # -- building -----------------------------------------------------------------------------

    def _lay_out(self) -> None:
        inside = QWidget()
        rows = QVBoxLayout(inside)
        rows.setContentsMargins(0, 0, 8, 0)
        rows.setSpacing(4)
        for title, settings in self.form.groups():
            head = section(title)
            self._heads.append((head, tuple(row.name for row in settings)))
            rows.addWidget(head)
            for row in settings:
                rows.addWidget(self._row(row))
            rows.addSpacing(8)
        rows.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidget(inside)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(10)
        column.addWidget(self.search)
        column.addWidget(area, 1)
        column.addWidget(self.state)
        column.addWidget(self.box)

    def _row(self, row: SettingRow) -> QFrame:
        frame = QFrame()
        grid = QGridLayout(frame)
        grid.setContentsMargins(0, 4, 0, 4)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(2)
        title = QLabel(row.title)
        field = self._field(row)
        field.setAccessibleName(row.title)
        field.setAccessibleDescription(row.help)
        field.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        field.installEventFilter(self)
        field.setToolTip(f"{row.variable} in the environment, {row.name} in the settings file")
        title.setBuddy(field)
        reset = tool_button("retry", "As the program has it", self._theme)
        reset.setAccessibleName(f"{row.title}: as the program has it")
        reset.clicked.connect(partial(self._reset, row.name))
        trouble = wrapped(name="error")
        trouble.hide()
        help_text = row.help
        if row.is_locked:
            help_text += f" Fixed by {row.variable} in the environment."
            field.setEnabled(False)
        grid.addWidget(title, 0, 0)
        grid.addLayout(self._with_button(row, field), 0, 1)
        grid.addWidget(reset, 0, 2)
        grid.addWidget(wrapped(help_text, "muted"), 1, 1, 1, 2)
        grid.addWidget(trouble, 2, 1, 1, 2)
        grid.setColumnMinimumWidth(0, 170)
        grid.setColumnStretch(1, 1)
        self.fields[row.name], self.troubles[row.name] = field, trouble
        self._rows[row.name], self._resets[row.name] = frame, reset
        return frame

    def _field(self, row: SettingRow) -> QWidget:
        take = partial(self._take, row.name)
        value = row.value
        if row.shape is Shape.SWITCH:
            check = QCheckBox("On")
            check.setChecked(bool(value))
            check.toggled.connect(take)
            return check
        if row.shape is Shape.CHOICE:
            box = QComboBox()
            box.addItems(list(row.choices))
            box.setCurrentText(str(value))
            box.currentTextChanged.connect(take)
            return box
        if row.shape is Shape.WHOLE:
            spin = QSpinBox()
            spin.setRange(int(row.least or 0), int(LARGEST if row.most is None else row.most))
            spin.setValue(int(value))
            spin.valueChanged.connect(take)
            return spin
        if row.shape is Shape.NUMBER:
            number = QDoubleSpinBox()
            number.setRange(row.least or 0.0, LARGEST if row.most is None else row.most)
            number.setSingleStep(0.05)
            number.setValue(float(value))
            number.valueChanged.connect(lambda new: take(round(new, 2)))
            return number
        line = QLineEdit("" if value is None else str(value))
        line.setPlaceholderText("" if row.default is None else str(row.default))
        line.textChanged.connect(take)
        return line

    def _with_button(self, row: SettingRow, field: QWidget) -> Any:  # noqa: ANN401 - a layout
        if row.shape is not Shape.PATH or not isinstance(field, QLineEdit):
            return row_layout(field)
        button = QPushButton("Choose…")
        button.setAccessibleName(f"Choose {row.title.lower()}")
        button.setEnabled(not row.is_locked)
        button.clicked.connect(partial(self._choose, row, field))
        return row_layout(field, button)

    # -- asking -------------------------------------------------------------------------------

    def _choose(self, row: SettingRow, field: QLineEdit, _on: bool = False) -> None:
        start = field.text() or str(Path.home())
        if row.name.endswith("_dir"):
            name = QFileDialog.getExistingDirectory(self, row.title, start)
        else:
            name, _ = QFileDialog.getOpenFileName(self, row.title, start)
        if name:
            field.setText(name)

    def _take(self, name: str, value: Any) -> None:  # noqa: ANN401 - one type per setting
        row = self.form.row(name)
        if row.shape is Shape.PATH:
            value = Path(value) if value else None
        trouble = self.form.set(name, value)
        self.troubles[name].setText(trouble)
        self.troubles[name].setVisible(bool(trouble))
        self._settle()

    def _reset(self, name: str, _on: bool = False) -> None:
        row, field = self.form.row(name), self.fields[name]
        if isinstance(field, QCheckBox):
            field.setChecked(bool(row.default))
        elif isinstance(field, QComboBox):
            field.setCurrentText(str(row.default))
        elif isinstance(field, QSpinBox):
            field.setValue(int(row.default))
        elif isinstance(field, QDoubleSpinBox):
            field.setValue(float(row.default))
        elif isinstance(field, QLineEdit):
            field.setText("" if row.default is None else str(row.default))

    def _settle(self) -> None:
        is_right = not any(label.text() for label in self.troubles.values())
        self.save_button.setEnabled(bool(self.form.changed) and is_right)
        for name, button in self._resets.items():
            row = self.form.row(name)
            button.setEnabled(not row.is_locked and self.form.value(name) != row.default)

    def _filter(self, text: str) -> None:
        shown = self.form.found(text)
        for name, frame in self._rows.items():
            frame.setVisible(name in shown)
        for head, names in self._heads:
            head.setVisible(any(name in shown for name in names))

    def _save(self) -> None:
        self.save_button.setEnabled(False)
        self._desk.save(self.form.changed)

    def _on_saved(self, why: str) -> None:
        self.state.setText(f"Nothing was saved. {why}" if why else SAVED)
        if not why:
            self.form.keep(self._desk.kept)
        self._settle()
