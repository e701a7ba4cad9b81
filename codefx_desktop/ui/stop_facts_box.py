"""What a person says about a stop, and the seven classic times as the history has them."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import QLabel, QLineEdit, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from codefx_desktop.domain.classic import ClassicTimes
from codefx_desktop.domain.stop import StopFacts
from codefx_desktop.ui.models import words
from codefx_desktop.ui.models.stop_form import (
    CLASSIC_LABELS,
    crew_of,
    crew_text,
    seconds_of,
    seconds_text,
)
from codefx_desktop.ui.widgets import form_layout, label_width, row_layout, wrapped

_FIELDS: Final = (
    ("car_number", "Car", "Number"),
    ("team", "Team", ""),
    ("driver_in", "Driver in", "Who arrives"),
    ("driver_out", "Driver out", "Who leaves"),
    ("lap", "Lap", ""),
    ("label", "Label", ""),
    ("tyre_set", "Tyre set", ""),
)
MOST_CHARACTERS: Final = 100
MOST_LAPS: Final = 99_999


class StopFactsBox(QWidget):
    """Fields for what is said about a stop; what is being typed stays until it is kept."""

    save_wanted = Signal(int, object)
    """Keep this of the stop of this number: ``StopFacts``."""
    share_wanted = Signal(object, object)
    """Say this (``StopFacts``) about the stops of these jobs too: their ids."""
    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._stored, self._key = StopFacts(), ("", 0)
        self._drafts: dict[tuple[str, int], StopFacts] = {}
        self._jobs: tuple[str, ...] = ()
        self.fields = {name: QLineEdit() for name, _, _ in _FIELDS}
        self.crew = QPlainTextEdit()
        self.crew.setProperty("boxed", True)
        self.crew.setTabChangesFocus(True)
        self.crew.setPlaceholderText("Gun FL: name\nJack front: name")
        self.crew.setFixedHeight(4 * self.crew.fontMetrics().lineSpacing() + 16)
        self.crew.setToolTip("One person in a line: position, colon, name")
        self.save_button = QPushButton("Save")
        self.save_button.setProperty("primary", True)
        self.save_button.setAccessibleName("Save what is said about the stop")
        self.revert_button = QPushButton("Revert")
        self.share_button = QPushButton()
        self.share_button.setToolTip(
            "Fields that are filled in are used for all stops of the jobs that are marked in the "
            "history; empty ones change nothing there."
        )
        self.save_button.clicked.connect(self._save)
        self.revert_button.clicked.connect(lambda: self._fill(self._stored))
        self.share_button.clicked.connect(self._share)
        self._lay_out()
        self.offer_jobs(())
        self._enable()

    def show_facts(self, job_id: str, number: int, facts: StopFacts) -> None:
        """Show what is said about a stop; what is typed for another waits until that is back."""
        key = (job_id, number)
        if key != self._key:
            if self._is_edited():
                self._drafts[self._key] = self.value()
            self._key, self._stored = key, facts
            self._fill(self._drafts.pop(key, facts))
        elif not self._is_edited():
            self._stored = facts
            self._fill(facts)
        else:
            self._stored = facts
            self._enable()

    def value(self) -> StopFacts:
        """Return what is filled in."""
        texts = {name: field.text().strip() for name, field in self.fields.items()}
        lap = texts.pop("lap")
        crew = crew_of(self.crew.toPlainText())
        return StopFacts(**texts, lap=int(lap) if lap else None, crew=crew)

    def offer_jobs(self, job_ids: tuple[str, ...]) -> None:
        """Offer to say the same about the stops of these jobs."""
        self._jobs = job_ids
        count = words.jobs(len(job_ids)) if job_ids else "selected jobs"
        self.share_button.setText(f"Use for {count}" if job_ids else "Use for selected jobs")
        self.share_button.setAccessibleName(f"Use this for the stops of {count}")
        self._enable()

    def _lay_out(self) -> None:
        form = form_layout()
        for name, label, hint in _FIELDS:
            field = self.fields[name]
            field.setMaxLength(MOST_CHARACTERS)
            field.setPlaceholderText(hint)
            field.textChanged.connect(self._on_edited)
            form.addRow(_field_label(label, field), field)
        self.fields["lap"].setValidator(QIntValidator(0, MOST_LAPS, self))
        self.crew.textChanged.connect(self._on_edited)
        form.addRow(_field_label("Crew", self.crew), self.crew)
        buttons = row_layout(self.save_button, self.revert_button)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(form)
        column.addLayout(buttons)
        column.addWidget(self.share_button)

    def _fill(self, facts: StopFacts) -> None:
        for name, field in self.fields.items():
            value = getattr(facts, name)
            field.setText("" if value is None else str(value))
            field.setCursorPosition(0)
        self.crew.setPlainText(crew_text(facts.crew))
        self._enable()

    def _is_edited(self) -> bool:
        return self.value() != self._stored

    def _on_edited(self) -> None:
        self._enable()
        if self._is_edited():
            self.edited.emit()

    def _enable(self) -> None:
        is_edited = self._is_edited()
        self.save_button.setEnabled(is_edited)
        self.revert_button.setEnabled(is_edited)
        self.share_button.setEnabled(bool(self._jobs) and self.value() != StopFacts())

    def _save(self) -> None:
        self._stored = self.value()
        self._enable()
        self.save_wanted.emit(self._key[1], self._stored)

    def _share(self) -> None:
        self.share_wanted.emit(self._jobs, self.value())


class ClassicBox(QWidget):
    """The seven classic times of a clip's first stop; each can be corrected, or left empty."""

    correct_wanted = Signal(str, object)
    """Correct a time: its name, and its seconds or None."""

    def __init__(self) -> None:
        super().__init__()
        self._classic = ClassicTimes()
        self.fields = {name: QLineEdit() for name in CLASSIC_LABELS}
        self.trouble = wrapped()
        self.trouble.setAccessibleName("Why the time cannot be used")
        self.trouble.hide()
        form = form_layout()
        for name, field in self.fields.items():
            field.setPlaceholderText("not found")
            field.editingFinished.connect(lambda name=name: self._on_typed(name))
            form.addRow(_field_label(CLASSIC_LABELS[name], field), field)
            field.setAccessibleName(f"{CLASSIC_LABELS[name]}, seconds")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(form)
        column.addWidget(self.trouble)

    def show_times(self, kept: ClassicTimes | None, measured: ClassicTimes) -> None:
        """Show the times as the history has them, and how they were measured."""
        self._classic = kept or ClassicTimes()
        found = measured.values()
        for name, value in self._classic.values().items():
            field = self.fields[name]
            if not field.hasFocus() or not field.isModified():
                field.setText(seconds_text(value))
            was = seconds_text(found[name])
            field.setToolTip(f"Measured: {was} s" if was else "Measured: not found")

    def _on_typed(self, name: str) -> None:
        field = self.fields[name]
        if not field.isModified():
            return
        try:
            value = seconds_of(field.text())
        except ValueError as error:
            self._complain(name, f"{CLASSIC_LABELS[name]}: {error}.")
            return
        self._complain(name, "")
        field.setModified(False)
        kept = self._classic.values()[name]
        if seconds_text(value) != seconds_text(kept):
            self.correct_wanted.emit(name, value)

    def _complain(self, name: str, text: str) -> None:
        field = self.fields[name]
        field.setProperty("wrong", bool(text))
        field.style().polish(field)
        self.trouble.setText(text)
        self.trouble.setVisible(bool(text))


def _field_label(text: str, field: QWidget) -> QLabel:
    label = QLabel(text)
    label.setMinimumWidth(label_width(label))
    label.setBuddy(field)
    field.setAccessibleName(text)
    return label
