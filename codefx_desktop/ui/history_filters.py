"""What the history is narrowed to, besides the search text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QPushButton, QWidget

from codefx_desktop.domain.job import JobFilter, JobStatus
from codefx_desktop.ui.models import words
from codefx_desktop.ui.widgets import OptionalDate, form_layout

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codefx_desktop.jobs.hub import Hub
    from codefx_desktop.jobs.messages import StartDefaults


class HistoryFilters(QWidget):
    """Status, series, race and the days between which a job was added.

    Args:
        hub: Tells which series and races there are.
    """

    changed = Signal()

    def __init__(self, hub: Hub) -> None:
        super().__init__()
        self.status = _choice("Status")
        self.status.addItem("Any status", None)
        for status in JobStatus:
            self.status.addItem(words.status_word(status), status)
        self.series = _choice("Series")
        self.race = _choice("Race")
        self._offer_names(self.series, "Any series", ())
        self._offer_names(self.race, "Any race", ())
        self.since = OptionalDate("Added since")
        self.until = OptionalDate("Added until")
        self.reset_button = QPushButton("Reset filters")
        form = form_layout()
        form.setContentsMargins(8, 4, 8, 8)
        form.addRow("Status", self.status)
        form.addRow("Series", self.series)
        form.addRow("Race", self.race)
        form.addRow("Since", self.since)
        form.addRow("Until", self.until)
        form.addRow("", self.reset_button)
        form.setAlignment(self.reset_button, Qt.AlignmentFlag.AlignLeft)
        self.setLayout(form)
        for box in (self.status, self.series, self.race):
            box.currentIndexChanged.connect(lambda _index: self.changed.emit())
        self.since.changed.connect(self.changed)
        self.until.changed.connect(self.changed)
        self.reset_button.clicked.connect(self.reset)
        hub.start_defaults.connect(self._on_defaults)

    def value(self, text: str) -> JobFilter:
        """Return the filter together with the search text."""
        status = self.status.currentData()
        return JobFilter(
            text=text.strip(),
            series=self.series.currentData() or "",
            race=self.race.currentData() or "",
            statuses=(JobStatus(status),) if status else (),
            since=self.since.value(),
            until=self.until.value(),
        )

    def narrows(self) -> bool:
        """Whether any filter besides the text is set."""
        return self.value("") != JobFilter()

    def reset(self) -> None:
        """Let everything through."""
        self.blockSignals(True)
        for box in (self.status, self.series, self.race):
            box.setCurrentIndex(0)
        self.since.set_value(None)
        self.until.set_value(None)
        self.blockSignals(False)
        self.changed.emit()

    def _on_defaults(self, defaults: StartDefaults) -> None:
        self._offer_names(self.series, "Any series", defaults.series)
        self._offer_names(self.race, "Any race", defaults.races)

    def _offer_names(self, box: QComboBox, any_text: str, names: Sequence[str]) -> None:
        chosen = box.currentData()
        box.blockSignals(True)
        box.clear()
        box.addItem(any_text, "")
        for name in names:
            box.addItem(name, name)
        box.setCurrentIndex(max(0, box.findData(chosen)))
        box.blockSignals(False)


def _choice(name: str) -> QComboBox:
    box = QComboBox()
    box.setAccessibleName(name)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(10)
    return box
