"""Which frames get artifacts, and how much that will be."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from codefx_desktop.ui.models.plan_form import Frames
from codefx_desktop.ui.sheet_fields import choice, field_label, number, show_quietly
from codefx_desktop.ui.widgets import form_layout, row_layout, wrapped

if TYPE_CHECKING:
    from codefx_desktop.ui.models.start_form import StartForm

WORDS = {
    Frames.NONE: "None",
    Frames.MIDDLE: "Middle of each scene",
    Frames.THREE: "First, middle and last of each scene",
    Frames.EVERY: "Every n-th frame",
    Frames.RATE: "n per second",
    Frames.EVENTS: "Nearest to each event of a stop",
    Frames.ALL: "All frames",
}


class ArtifactChoiceBox(QWidget):
    """The choice of frames with its number, and the estimate.

    Args:
        form: The choices.
    """

    def __init__(self, form: StartForm) -> None:
        super().__init__()
        self._form = form
        plan = form.plan
        self.frames = choice("Frames with artifacts", WORDS, lambda c: plan.change(frames=c))
        self.every_n = number("Every n-th frame", 1, 999_999, width_px=72)
        self.per_second = number("Frames per second", 0.01, 1000, decimals=2, width_px=72)
        self.estimate = wrapped("", "muted")
        self.estimate.setAccessibleDescription("How much the artifacts will be")
        rows = form_layout()
        row = row_layout(self.frames, self.every_n, self.per_second)
        row.setStretch(0, 1)
        rows.addRow(field_label("F&rames", self.frames), row)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(rows)
        column.addWidget(self.estimate)
        self.every_n.valueChanged.connect(lambda n: plan.change(every_n=Fraction(round(n))))
        self.per_second.valueChanged.connect(
            lambda rate: plan.change(per_second=Fraction(round(rate * 100), 100))
        )
        form.changed.connect(self.show_choices)
        self.show_choices()

    def show_choices(self) -> None:
        """Show what is chosen now, and how much that will be."""
        plan = self._form.plan
        self.frames.setCurrentIndex(list(WORDS).index(plan.frames))
        show_quietly(self.every_n, float(plan.every_n))
        show_quietly(self.per_second, float(plan.per_second))
        self.every_n.setVisible(plan.frames is Frames.EVERY)
        self.per_second.setVisible(plan.frames is Frames.RATE)
        self.estimate.setText(self._form.estimate)
