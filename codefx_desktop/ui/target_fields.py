"""The fields of a target, by its kind, and its secret."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDoubleSpinBox,
    QFileDialog,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from codefx_desktop.domain.target import TargetKind
from codefx_desktop.settings.secrets import SecretPlace
from codefx_desktop.ui.models import target_words
from codefx_desktop.ui.models.target_form import FIELDS
from codefx_desktop.ui.sheet_fields import number
from codefx_desktop.ui.widgets import ElidedLabel, form_layout, row_layout

if TYPE_CHECKING:
    from codefx_desktop.ui.models.target_form import TargetForm

TTLS: Final = {3600: "1 hour", 24 * 3600: "1 day", 7 * 24 * 3600: "7 days"}
_NAMES: Final = ("name", *dict.fromkeys(name for names in FIELDS.values() for name in names))
_FORGETS: Final = (SecretPlace.KEYRING, SecretPlace.MEMORY)


class TargetFields(QWidget):
    """What is filled in for a target.

    Args:
        form: The choices.
    """

    forget_wanted = Signal()
    """Forget the secret that is kept."""

    def __init__(self, form: TargetForm) -> None:
        super().__init__()
        self._form = form
        self.kind = QComboBox()
        for kind in TargetKind:
            self.kind.addItem(target_words.KINDS[kind], kind.value)
        self.kind.setAccessibleName("Kind")
        self.kind.activated.connect(self._on_kind)
        self.texts = {name: self._text(name) for name in _NAMES}
        self.folder_button = QPushButton("Choose…")
        self.folder_button.setAutoDefault(False)
        self.folder_button.setAccessibleName("Choose the folder")
        self.folder_button.clicked.connect(self._choose_folder)
        self.secret, self.token = self._secret("secret"), self._secret("session_token")
        self.secret.textEdited.connect(form.set_secret)
        self.token.textEdited.connect(form.set_session_token)
        self.secret_note = ElidedLabel()
        self.secret_note.setObjectName("muted")
        self.forget_button = QPushButton("Forget")
        self.forget_button.setAutoDefault(False)
        self.forget_button.setAccessibleName("Forget the secret")
        self.forget_button.clicked.connect(self.forget_wanted)
        self.ttl = QComboBox()
        self.ttl.setAccessibleName("Links work for")
        self.ttl.activated.connect(lambda row: form.set_number("url_ttl_s", self.ttl.itemData(row)))
        self.retention = self._days("retention_days", "Days that the bucket keeps what was pushed")
        self.aborts = self._days(
            "abort_multipart_days", "Days that the bucket keeps uploads that never ended"
        )
        self._lay_out()
        form.changed.connect(self.show_form)
        self.show_form()

    def focus_first(self) -> None:
        """Put the cursor where there is something to fill in."""
        for name in ("name", *FIELDS[self._form.kind]):
            if not self.texts[name].text() and self.texts[name].isEnabled():
                self.texts[name].setFocus()
                return

    # -- building -----------------------------------------------------------------------------

    def _text(self, name: str) -> QLineEdit:
        field = QLineEdit()
        field.setAccessibleName(target_words.FIELDS[name])
        field.textEdited.connect(lambda text: self._form.set_text(name, text))
        return field

    def _secret(self, name: str) -> QLineEdit:
        field = QLineEdit()
        field.setEchoMode(QLineEdit.EchoMode.Password)
        field.setAccessibleName(target_words.FIELDS[name])
        return field

    def _days(self, name: str, spoken: str) -> QDoubleSpinBox:
        field = number(spoken, 1, 3650)
        field.valueChanged.connect(lambda value: self._form.set_number(name, round(value)))
        return field

    def _lay_out(self) -> None:
        self._rows = form_layout()
        rows = self._rows
        rows.addRow("Kind", self.kind)
        for name, field in self.texts.items():
            label = _label(target_words.FIELDS[name], field)
            if name == "folder":
                row = row_layout(field, self.folder_button)
                row.setStretch(0, 1)
                self._folder_row = QWidget()
                self._folder_row.setLayout(row)
                rows.addRow(label, self._folder_row)
            else:
                rows.addRow(label, field)
        secret = row_layout(self.secret, self.forget_button)
        secret.setStretch(0, 1)
        self._secret_row = QWidget()
        self._secret_row.setLayout(secret)
        rows.addRow(_label("&Secret access key", self.secret), self._secret_row)
        rows.addRow(_label("Session token", self.token), self.token)
        rows.addRow("", self.secret_note)
        rows.addRow(_label("&Links work for", self.ttl), self.ttl)
        rows.addRow(_label("Keeps results", self.retention), self.retention)
        rows.addRow(_label("Keeps unfinished", self.aborts), self.aborts)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(rows)

    # -- what is shown ------------------------------------------------------------------------

    def show_form(self) -> None:
        """Show what is filled in, with the fields that the kind has."""
        form = self._form
        is_bucket = form.kind is not TargetKind.FOLDER
        self.kind.setCurrentIndex(self.kind.findData(form.kind.value))
        self.kind.setEnabled(form.row is None)
        for name, field in self.texts.items():
            shown = name == "name" or name in FIELDS[form.kind]
            self._rows.setRowVisible(self._folder_row if name == "folder" else field, shown)
            if field.text() != form.texts.get(name, ""):
                field.setText(form.texts.get(name, ""))
            self._lock(field, name)
            field.setPlaceholderText(form.hint(name))
        self.folder_button.setEnabled(not form.is_locked)
        self._show_secret(is_bucket)
        for widget in (self.ttl, self.retention, self.aborts):
            self._rows.setRowVisible(widget, is_bucket)
            widget.setEnabled(not form.is_locked)
        self._show_numbers()

    def _lock(self, field: QLineEdit, name: str) -> None:
        form, variable = self._form, self._form.variable(name)
        field.setEnabled(not form.is_locked)
        field.setToolTip(f"Set by {variable}" if variable else "")
        label = self._rows.labelForField(self._folder_row if name == "folder" else field)
        if isinstance(label, QLabel):
            label.setText(variable or target_words.FIELDS[name])

    def _show_secret(self, is_bucket: bool) -> None:
        form = self._form
        place = form.row.secret_place if form.row is not None else SecretPlace.NOWHERE
        self._rows.setRowVisible(self._secret_row, is_bucket)
        self._rows.setRowVisible(self.token, form.kind is TargetKind.S3)
        self._rows.setRowVisible(self.secret_note, is_bucket)
        for field, text in ((self.secret, form.secret), (self.token, form.session_token)):
            if field.text() != text:
                field.setText(text)
        known = place not in (SecretPlace.NOWHERE, SecretPlace.NOT_NEEDED)
        self.secret.setPlaceholderText("Kept; type to replace it" if known else "")
        self.token.setPlaceholderText("Only for keys that are valid for a time")
        self.forget_button.setVisible(place in _FORGETS)
        self.secret_note.say(target_words.secret_place(place))

    def _show_numbers(self) -> None:
        numbers = self._form.numbers
        seconds = numbers["url_ttl_s"]
        choices = {**TTLS} if seconds in TTLS else {**TTLS, seconds: f"{seconds:,} seconds"}
        self.ttl.clear()
        for value, text in choices.items():
            self.ttl.addItem(text, value)
        self.ttl.setCurrentIndex(self.ttl.findData(seconds))
        for field, name in (
            (self.retention, "retention_days"),
            (self.aborts, "abort_multipart_days"),
        ):
            field.blockSignals(True)
            field.setValue(numbers[name])
            field.setSuffix(" day" if numbers[name] == 1 else " days")
            field.blockSignals(False)

    # -- what a person does -------------------------------------------------------------------

    def _on_kind(self, row: int) -> None:
        self._form.begin(TargetKind(self.kind.itemData(row)), self._form.texts.get("name", ""))

    def _choose_folder(self) -> None:
        chosen = QFileDialog.getExistingDirectory(
            self, "Folder to push to", self.texts["folder"].text()
        )
        if chosen:
            self._form.set_text("folder", chosen)


def _label(text: str, field: QWidget) -> QLabel:
    label = QLabel(text)
    label.setBuddy(field)
    return label
