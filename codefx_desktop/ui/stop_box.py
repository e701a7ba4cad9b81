"""How pit stops are taken apart: by which template, seen by which camera, drawn or not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QPushButton, QVBoxLayout, QWidget

from codefx_desktop.ui.sheet_fields import field_label
from codefx_desktop.ui.widgets import form_layout, row_layout

if TYPE_CHECKING:
    from codefx_desktop.ui.models.plan_form import PlanForm


class StopBox(QWidget):
    """The choice of template and camera.

    Args:
        plan: The choices.
    """

    cameras_wanted = Signal()
    """Cameras and zones are to be shown."""
    templates_wanted = Signal()
    """Templates are to be shown."""

    def __init__(self, plan: PlanForm) -> None:
        super().__init__()
        self._plan = plan
        self.template, self.camera = _box("Template of the stop"), _box("Camera profile")
        self.edit_template = _edit("Edit templates")
        self.edit_camera = _edit("Edit cameras and zones")
        self.draw = QCheckBox("Draw &zones, clock and corner times on the video")
        rows = form_layout()
        for text, field, button in (
            ("Te&mplate", self.template, self.edit_template),
            ("Camera", self.camera, self.edit_camera),
        ):
            row = row_layout(field, button)
            row.setStretch(0, 1)
            rows.addRow(field_label(text, field), row)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(rows)
        column.addWidget(self.draw)
        self._listen()
        self.show_choices()

    def show_choices(self) -> None:
        """Show what is chosen now."""
        plan = self._plan
        templates = plan.stops.templates(plan.template)
        _offer(self.template, list(templates.values()), list(templates).index(plan.template))
        cameras = plan.stops.cameras(plan.camera)
        _offer(self.camera, list(cameras), list(cameras.values()).index(plan.camera))
        self.draw.setChecked(plan.draw_stops)

    def _listen(self) -> None:
        self.template.activated.connect(self._on_template)
        self.camera.activated.connect(self._on_camera)
        self.draw.clicked.connect(lambda on: self._plan.change(draw_stops=on))
        self.edit_template.clicked.connect(self.templates_wanted)
        self.edit_camera.clicked.connect(self.cameras_wanted)

    def _on_template(self, place: int) -> None:
        plan = self._plan
        plan.change(template=list(plan.stops.templates(plan.template))[place])

    def _on_camera(self, place: int) -> None:
        plan = self._plan
        plan.change(camera=list(plan.stops.cameras(plan.camera).values())[place])


def _box(name: str) -> QComboBox:
    box = QComboBox()
    box.setAccessibleName(name)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(14)
    return box


def _edit(name: str) -> QPushButton:
    button = QPushButton("Edit…")
    button.setAccessibleName(name)
    button.setToolTip(name)
    button.setAutoDefault(False)
    return button


def _offer(box: QComboBox, texts: list[str], chosen: int) -> None:
    if texts != [box.itemText(place) for place in range(box.count())]:
        box.clear()
        box.addItems(texts)
    box.setCurrentIndex(chosen)
