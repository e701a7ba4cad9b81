"""Fields for what a person says about a clip."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QPlainTextEdit, QWidget

from codefx_desktop.domain.job import JobMetadata, SessionKind
from codefx_desktop.ui.models import words
from codefx_desktop.ui.widgets import OptionalDate, form_layout, label_width

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_CHARACTERS = 100
"""Of series and race; ``JobMetadata`` holds no more."""


class MetadataForm(QWidget):
    """Series, race, session, event date, camera, notes."""

    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.series = _known_names("Series")
        self.race = _known_names("Race")
        self.session = QComboBox()
        for kind in SessionKind:
            self.session.addItem(words.session_word(kind), kind)
        self.event_date = OptionalDate("Event date")
        self.camera = QLineEdit()
        self.camera.setPlaceholderText("Boom, wall, onboard…")
        self.notes = QPlainTextEdit()
        self.notes.setProperty("boxed", True)
        self.notes.setTabChangesFocus(True)
        self.notes.setFixedHeight(3 * self.notes.fontMetrics().lineSpacing() + 16)
        form = form_layout()
        rows = (
            ("Series", self.series),
            ("Race", self.race),
            ("Session", self.session),
            ("Event date", self.event_date),
            ("Camera", self.camera),
            ("Notes", self.notes),
        )
        for name, field in rows:
            label = QLabel(name)
            label.setMinimumWidth(label_width(label))
            label.setBuddy(field)
            form.addRow(label, field)
            if not isinstance(field, OptionalDate):
                field.setAccessibleName(name)
        form.setAlignment(form.labelForField(self.notes), Qt.AlignmentFlag.AlignTop)
        self.setLayout(form)
        self._listen()

    def _listen(self) -> None:
        self.series.editTextChanged.connect(lambda _text: self.edited.emit())
        self.race.editTextChanged.connect(lambda _text: self.edited.emit())
        self.session.currentIndexChanged.connect(lambda _index: self.edited.emit())
        self.event_date.changed.connect(self.edited)
        self.camera.textChanged.connect(lambda _text: self.edited.emit())
        self.notes.textChanged.connect(self.edited)

    def offer(self, series: Sequence[str], races: Sequence[str]) -> None:
        """Offer names that were used before; what is typed stays."""
        for box, names in ((self.series, series), (self.race, races)):
            text = box.currentText()
            box.blockSignals(True)
            box.clear()
            box.addItems(list(names))
            _show_name(box, text)
            box.blockSignals(False)

    def value(self) -> JobMetadata:
        """Return what is filled in."""
        return JobMetadata(
            series=self.series.currentText().strip(),
            race=self.race.currentText().strip(),
            notes=self.notes.toPlainText().strip(),
            event_date=self.event_date.value(),
            session=SessionKind(self.session.currentData()),
            camera=self.camera.text().strip(),
        )

    def set_value(self, metadata: JobMetadata) -> None:
        """Fill the fields; nobody is told."""
        self.blockSignals(True)
        _show_name(self.series, metadata.series)
        _show_name(self.race, metadata.race)
        self.session.setCurrentIndex(self.session.findData(metadata.session))
        self.event_date.set_value(metadata.event_date)
        self.camera.setText(metadata.camera)
        self.notes.setPlainText(metadata.notes)
        self.blockSignals(False)


def _show_name(box: QComboBox, name: str) -> None:
    """Show a name from its beginning, however narrow the box is."""
    box.setEditText(name)
    line = box.lineEdit()
    assert line is not None
    line.setCursorPosition(0)


def _known_names(name: str) -> QComboBox:
    box = QComboBox()
    box.setEditable(True)
    box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(10)
    line = box.lineEdit()
    assert line is not None
    line.setMaxLength(MOST_CHARACTERS)
    line.setAccessibleName(name)
    return box
