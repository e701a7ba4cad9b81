"""Opens a job that was pushed, perhaps from another machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from codefx_desktop.domain.push import DEFAULT_PARTS, PushPart
from codefx_desktop.ui.model_parts import boxed
from codefx_desktop.ui.models import push_words, target_words
from codefx_desktop.ui.models.model_words import of_bytes
from codefx_desktop.ui.widgets import form_layout, row_layout, section, wrapped

if TYPE_CHECKING:
    from codefx_desktop.domain.job import JobRecord
    from codefx_desktop.jobs.push_desk import PushDesk
    from codefx_desktop.jobs.push_values import FetchStep
    from codefx_desktop.jobs.target_values import TargetList

WIDTH_PX = 560
FULL = 1000
INTRO = (
    "Paste a link to the job's manifest, an address such as s3://races/jobs/…, or the job's id. "
    "Files that are here already are compared, not fetched again."
)

UPDATE = "Update replaces them by the pushed ones; what was changed in them here is lost."


class FetchDialog(QDialog):
    """Asks for an address or an id, and shows how far it is.

    Args:
        desk: Fetches.
        parent: The window.
    """

    fetched = Signal(object)
    """``JobRecord`` of the job that is here now."""

    def __init__(self, desk: PushDesk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._request = 0
        self.setWindowTitle("Open pushed job")
        self.setFixedWidth(WIDTH_PX)
        self.what = QLineEdit()
        self.what.setAccessibleName("Address or id of the job")
        self.what.setPlaceholderText("Link, address or id")
        self.what.textChanged.connect(self._on_text)
        self.target = QComboBox()
        self.target.setAccessibleName("Target")
        self.parts = {part: QCheckBox(push_words.part_word(part)) for part in PushPart}
        for part, box in self.parts.items():
            box.setChecked(part in DEFAULT_PARTS)
            box.setAccessibleDescription(push_words.part_hint(part))
        self.bar = QProgressBar()
        self.bar.setRange(0, FULL)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("How much has come")
        self.status = wrapped("", "muted")
        self.trouble = wrapped()
        self.trouble_box = boxed("errorBox", self.trouble)
        self.others = wrapped()
        self.others_box = boxed("noteBox", self.others)
        self._differs = False
        self.open_button = QPushButton("Open")
        self.open_button.setProperty("primary", True)
        self.open_button.setDefault(True)
        self.open_button.clicked.connect(self.begin)
        self.stop_button = QPushButton("Cancel")
        self.stop_button.setAutoDefault(False)
        self.stop_button.clicked.connect(self.reject)
        self._lay_out()
        desk.fetched.connect(self._on_step)
        self._show()

    def offer(self, found: TargetList, chosen: str) -> None:
        """Offer the targets there are."""
        self.target.clear()
        for row in found.rows:
            if row.is_ready:
                label = f"{row.target.name}  ({target_words.line(row)})"
                self.target.addItem(label, row.target.name)
        self.target.setCurrentIndex(max(0, self.target.findData(chosen)))
        self._show()

    @property
    def is_busy(self) -> bool:
        """Whether something is being fetched."""
        return self._request > 0

    def begin(self) -> None:
        """Fetch what was asked for."""
        if not self.open_button.isEnabled():
            return
        self.trouble_box.hide()
        self.others_box.hide()
        parts = frozenset(part for part, box in self.parts.items() if box.isChecked())
        target = self.target.currentData() or ""
        self._request = -1  # steps come before the number does
        update, self._differs = self._differs, False
        self._request = self._desk.fetch(self.what.text().strip(), target, parts, update=update)
        self.status.setText("Looking for it…")
        self._show()

    def reject(self) -> None:
        """Stop what is being fetched; what came stays for the next time. Else close."""
        if self.is_busy:
            self._desk.stop_fetch(self._request)
        else:
            super().reject()

    # -- inside -------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        form = form_layout()
        for text, field in (("&Job", self.what), ("&Target", self.target)):
            label = QLabel(text)
            label.setBuddy(field)
            form.addRow(label, field)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(8)
        column.addWidget(wrapped(INTRO, "muted"))
        column.addLayout(form)
        column.addSpacing(4)
        column.addWidget(section("What is fetched"))
        for box in self.parts.values():
            column.addWidget(box)
        column.addWidget(self.bar)
        column.addWidget(self.status)
        column.addWidget(self.trouble_box)
        column.addWidget(self.others_box)
        buttons = row_layout(self.stop_button, self.open_button)
        buttons.insertStretch(0, 1)
        column.addLayout(buttons)
        self.trouble_box.hide()
        self.others_box.hide()

    def _on_text(self) -> None:
        """Another job is another question."""
        self._differs = False
        self.others_box.hide()
        self._show()

    def _show(self) -> None:
        busy, text = self.is_busy, self.what.text().strip()
        for widget in (self.what, *self.parts.values()):
            widget.setEnabled(not busy)
        is_address = "://" in text
        self.target.setEnabled(not busy and not is_address and self.target.count() > 0)
        self.open_button.setEnabled(not busy and bool(text))
        self.open_button.setText("Update" if self._differs else "Open")
        self.stop_button.setText("Stop" if busy else "Cancel")
        self.bar.setVisible(busy)
        self.status.setVisible(busy)
        self.adjustSize()

    def _on_step(self, step: FetchStep) -> None:
        if step.request_id != self._request:
            return
        if step.is_final:
            self._end(step)
            return
        progress = step.progress
        if progress is not None:
            share = progress.done_bytes / progress.size_bytes if progress.size_bytes else 0.0
            self.bar.setValue(round(share * FULL))
            done = f"{progress.files_done:,} of {push_words.files(progress.files)}"
            told = (step.name, done, of_bytes(progress.done_bytes, progress.size_bytes))
            self.status.setText(progress.waiting or push_words.DOT.join(told))
        elif step.name:
            self.status.setText(f"Found {step.name}…")

    def _end(self, step: FetchStep) -> None:
        self._request = 0
        record: JobRecord | None = step.record
        self._differs = bool(step.others)
        self.others.setText(f"{step.message} {UPDATE}")
        self.others_box.setVisible(self._differs)
        self.trouble.setText(step.message)
        self.trouble_box.setVisible(bool(step.message) and not self._differs)
        self.bar.setValue(0)
        self._show()
        if record is not None:
            self.fetched.emit(record)
            self.accept()
