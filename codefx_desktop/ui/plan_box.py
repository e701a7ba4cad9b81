"""What a job looks for: one switch for each stage, its settings under it while it is on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QVBoxLayout, QWidget

from codefx_desktop.ui.sheet_fields import INDENT_PX, field_label, fraction, show_quietly
from codefx_desktop.ui.stop_box import StopBox
from codefx_desktop.ui.weights_box import WeightsBox
from codefx_desktop.ui.widgets import ElidedLabel, form_layout, row_layout

if TYPE_CHECKING:
    from codefx_desktop.ui.models.start_form import StartForm


class PlanBox(QWidget):
    """The switches of the stages.

    Args:
        form: The choices.
    """

    def __init__(self, form: StartForm) -> None:
        super().__init__()
        self._form = form
        self.weights = WeightsBox(form.weights)
        self.segment_weights = WeightsBox(form.plan.weights, "segmentation")
        self.classes = QLineEdit()
        self.classes.setPlaceholderText("All, or names such as person, tyre")
        self.classes.setAccessibleName("Classes to segment")
        self.blur = QCheckBox("&Blur faces in every picture and video that is written")
        self.detect = Stage(
            "&Detection and tracking", "Objects in every frame, followed through the clip"
        )
        self.scenes = Stage("S&cenes", "Where one shot ends and the next begins")
        self.segment = Stage("Se&gmentation", "Outlines of objects, by weights of their own")
        self.faces = Stage("&Faces", "Faces with eyes, nose and mouth, followed too")
        self.events = Stage("P&it stops", "Each taken apart: events, corner times, what held it")
        self.stops = StopBox(form.plan)
        self.confidence, self.confidence_slider = fraction("Confidence")
        self.places = QComboBox()
        self.places.setAccessibleName("Segmentation and faces in")
        self.places.addItems(["Frames with artifacts", "Every frame"])
        self._lay_out()
        self._listen()
        self.show_choices()

    def show_choices(self) -> None:
        """Show what is chosen now."""
        plan = self._form.plan
        for stage, on in (
            (self.detect, plan.detect),
            (self.events, plan.events),
            (self.scenes, plan.scenes),
            (self.segment, plan.segment),
            (self.faces, plan.faces),
        ):
            stage.show_on(on)
        self.blur.setChecked(plan.blur_faces)
        self.stops.show_choices()
        if plan.classes != self.classes.text():
            self.classes.setText(plan.classes)
        show_quietly(self.confidence, self._form.confidence, self.confidence_slider)
        self.places.setCurrentIndex(int(plan.every_frame))
        self._sums.setRowVisible(0, plan.detect or plan.segment)
        self._sums.setRowVisible(1, plan.detect or plan.segment)
        self._sums.setRowVisible(2, plan.looks_closely)

    def _lay_out(self) -> None:
        self.detect.body.addWidget(self.weights)
        self.events.body.addWidget(self.stops)
        self.segment.body.addWidget(self.segment_weights)
        classes = form_layout()
        classes.addRow(field_label("O&nly classes", self.classes), self.classes)
        self.segment.body.addLayout(classes)
        self.faces.body.addWidget(self.blur)
        self._sums = form_layout()
        label = field_label("Confide&nce", self.confidence)
        self._sums.addRow(label, row_layout(self.confidence_slider, self.confidence))
        line = ElidedLabel("Weaker detections are kept, but not drawn.")
        line.setObjectName("muted")
        self._sums.addRow("", line)
        label = field_label("Segmentation\nand faces in", self.places)
        self._sums.addRow(label, self.places)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        stages = (self.detect, self.events, self.scenes, self.segment, self.faces)
        width = max(stage.switch.sizeHint().width() for stage in stages)
        for stage in stages:
            stage.switch.setMinimumWidth(width)  # the explanations begin under each other
            column.addWidget(stage)
        column.addSpacing(6)
        column.addLayout(self._sums)

    def _listen(self) -> None:
        form, plan = self._form, self._form.plan
        self.detect.switch.clicked.connect(lambda on: plan.change(detect=on))
        self.events.switch.clicked.connect(lambda on: plan.change(events=on))
        self.scenes.switch.clicked.connect(lambda on: plan.change(scenes=on))
        self.segment.switch.clicked.connect(lambda on: plan.change(segment=on))
        self.faces.switch.clicked.connect(lambda on: plan.change(faces=on))
        self.blur.clicked.connect(lambda on: plan.change(blur_faces=on))
        self.classes.textEdited.connect(lambda text: plan.change(classes=text))
        self.places.activated.connect(lambda place: plan.change(every_frame=place == 1))
        self.confidence.valueChanged.connect(lambda value: setattr(form, "confidence", value))
        form.changed.connect(self.show_choices)


class Stage(QWidget):
    """A switch with its explanation; ``body`` holds the settings, there while it is on.

    Args:
        title: The stage, with its mnemonic.
        meaning: What it finds.
    """

    def __init__(self, title: str, meaning: str) -> None:
        super().__init__()
        self.switch = QCheckBox(title)
        self.switch.setAccessibleDescription(meaning)
        self._body = QWidget()
        self.body = QVBoxLayout(self._body)
        self.body.setContentsMargins(INDENT_PX, 2, 0, 4)
        self.body.setSpacing(6)
        line = ElidedLabel(meaning)
        line.setObjectName("muted")
        row = row_layout(self.switch, line, spacing=12)
        row.setStretch(1, 1)
        row.setAlignment(self.switch, Qt.AlignmentFlag.AlignVCenter)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(row)
        column.addWidget(self._body)
        self.show_on(on=False)

    def show_on(self, on: bool) -> None:
        """Show the switch on or off, with or without its settings."""
        self.switch.setChecked(on)
        self._body.setVisible(on and self.body.count() > 0)
