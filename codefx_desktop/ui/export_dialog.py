"""The export of one job: format, folder, how far it is, what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QDialog,
    QFileDialog,
    QGridLayout,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from codefx_desktop.domain.export import ExportFormat
from codefx_desktop.ui.export_outcome import ExportOutcome
from codefx_desktop.ui.model_parts import heading
from codefx_desktop.ui.models import export_words
from codefx_desktop.ui.sheet_fields import INDENT_PX, indented
from codefx_desktop.ui.widgets import ElidedLabel, row_layout, section, wrapped

if TYPE_CHECKING:
    from codefx_desktop.ui.models.export_form import ExportForm
    from codefx_desktop.ui.theme import Theme

WIDTH_PX: Final = 640


class ExportDialog(QDialog):
    """Shows an export form; holds no rules.

    Closing it does not stop what is being exported.

    Args:
        form: The choices.
        theme: The theme.
        parent: The window.
    """

    folder_wanted = Signal(object)
    """Show this folder (``Path``) in the file manager."""

    def __init__(self, form: ExportForm, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.form = form
        self.setWindowTitle("Export")
        self.name = heading(1.2)
        self.note = wrapped("", "muted")
        self.formats = {kind: QRadioButton(name) for kind, name in export_words.FORMATS.items()}
        self._lines = {kind: wrapped("", "muted") for kind in self.formats}
        self.pictures = QCheckBox(export_words.PICTURES)
        self.own = QRadioButton("The &job's own folder")
        self.own_line = wrapped("", "muted")
        self.other = QRadioButton("Another &folder")
        self.folder = QLineEdit()
        self.folder.setAccessibleName("Folder to export to")
        self.choose_button = QPushButton("&Choose…")
        self.choose_button.setAccessibleName("Choose a folder")
        self.outcome = ExportOutcome(theme)
        self.hindrance = ElidedLabel()
        self.hindrance.setObjectName("muted")
        self.export_button = QPushButton("E&xport")
        self.export_button.setProperty("primary", True)
        self.export_button.setDefault(True)
        self.close_button = QPushButton("Close")
        self._group()
        self._lay_out()
        self._listen()
        self.show_form()
        self.formats[form.format].setFocus()

    # -- building -----------------------------------------------------------------------------

    def _group(self) -> None:
        kinds, places = QButtonGroup(self), QButtonGroup(self)
        for kind, radio in self.formats.items():
            kinds.addButton(radio)
            radio.clicked.connect(lambda _on, kind=kind: self.form.choose_format(kind))
        for radio, is_own in ((self.own, True), (self.other, False)):
            places.addButton(radio)
            radio.clicked.connect(lambda _on, is_own=is_own: self.form.choose_own(is_own))

    def _lay_out(self) -> None:
        kinds = QGridLayout()
        kinds.setHorizontalSpacing(16)
        kinds.setVerticalSpacing(8)
        kinds.setColumnStretch(1, 1)
        row = 0
        for kind, radio in self.formats.items():
            kinds.addWidget(radio, row, 0, Qt.AlignmentFlag.AlignTop)
            kinds.addWidget(self._lines[kind], row, 1)
            row += 1
            if kind is ExportFormat.YOLO:
                kinds.addWidget(self.pictures, row, 1)
                row += 1
        where = row_layout(self.folder, self.choose_button)
        where.setContentsMargins(INDENT_PX, 0, 0, 0)
        buttons = row_layout(self.hindrance, self.close_button, self.export_button)
        buttons.setStretch(0, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(6)
        column.addWidget(self.name)
        column.addWidget(self.note)
        column.addSpacing(8)
        column.addWidget(section("Format"))
        column.addLayout(kinds)
        column.addSpacing(8)
        column.addWidget(section("Where to"))
        column.addWidget(self.own)
        column.addLayout(indented(self.own_line))
        column.addWidget(self.other)
        column.addLayout(where)
        column.addSpacing(8)
        column.addWidget(self.outcome)
        column.addStretch(1)
        column.addSpacing(8)
        column.addLayout(buttons)
        self.setMinimumWidth(WIDTH_PX)

    def _listen(self) -> None:
        form = self.form
        form.changed.connect(self.show_form)
        form.ended.connect(self.outcome.take_keyboard)
        self.pictures.clicked.connect(form.choose_pictures)
        self.folder.textEdited.connect(form.choose_folder)
        self.choose_button.clicked.connect(self.ask_folder)
        self.export_button.clicked.connect(form.start)
        self.close_button.clicked.connect(self.close)
        self.outcome.stop_wanted.connect(form.stop)
        self.outcome.replace_wanted.connect(lambda: form.start(replace=True))
        self.outcome.other_wanted.connect(self.ask_folder)
        self.outcome.folder_wanted.connect(self.folder_wanted)

    # -- what a person does -------------------------------------------------------------------

    def ask_folder(self) -> None:
        """Let the person choose another folder."""
        chosen = QFileDialog.getExistingDirectory(self, "Export to", self.form.folder_text)
        if chosen:
            self.form.choose_folder(chosen)

    # -- what is shown ------------------------------------------------------------------------

    def show_form(self) -> None:
        """Show what is chosen and how far it is."""
        form = self.form
        self.name.say(form.record.input_filename, str(form.record.input_path))
        note = export_words.UNTIL_NOW.get(form.record.status, "")
        self.note.setText(note)
        self.note.setVisible(bool(note))
        self._show_formats()
        self._show_places()
        self.outcome.show_step(form.step)
        self.hindrance.say("" if form.is_busy else form.hindrance)
        self.export_button.setEnabled(not form.is_busy and not form.hindrance)

    def _show_formats(self) -> None:
        form = self.form
        for kind, radio in self.formats.items():
            trouble = form.trouble_of(kind)
            radio.setChecked(kind is form.format)
            radio.setEnabled(not trouble and not form.is_busy)
            self._lines[kind].setText(trouble or export_words.WHAT_FOR[kind])
            radio.setAccessibleDescription(trouble or export_words.WHAT_FOR[kind])
        self.pictures.setVisible(form.record.spec.plan.has_artifacts)
        self.pictures.setEnabled(form.can_have_pictures and not form.is_busy)
        self.pictures.setChecked(form.pictures and form.can_have_pictures)

    def _show_places(self) -> None:
        form = self.form
        self.own.setChecked(form.is_own)
        self.other.setChecked(not form.is_own)
        self.own_line.setText(export_words.own_folder(form.format))
        if self.folder.text() != form.folder_text:
            self.folder.setText(form.folder_text)
        for field in (self.own, self.other, self.folder, self.choose_button):
            field.setEnabled(not form.is_busy)
