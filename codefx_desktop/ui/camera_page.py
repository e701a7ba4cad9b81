"""What is known of a camera besides its zones: where the front is, its lens, metres, its rate."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QPushButton, QVBoxLayout, QWidget

from codefx_desktop.domain.camera_profile import BoxMarks, LensKind
from codefx_desktop.ui.icons import wear
from codefx_desktop.ui.models.camera_form import FRONTS, Front, front_of
from codefx_desktop.ui.sheet_fields import choice, field_label, number, show_quietly
from codefx_desktop.ui.widgets import form_layout, row_layout, section, wrapped

if TYPE_CHECKING:
    from codefx_desktop.ui.models.zone_edit import ZoneEdit
    from codefx_desktop.ui.theme import Theme

LENSES: Final = {LensKind.STRAIGHT: "Straight", LensKind.FISHEYE: "Circular fisheye"}

USUAL_RATE_HZ: Final = 120.0


class CameraPage(QWidget):
    """The fields of a camera profile.

    Args:
        edit: What is edited.
        theme: The theme.
    """

    marks_wanted = Signal()

    def __init__(self, edit: ZoneEdit, theme: Theme) -> None:
        super().__init__()
        self._edit = edit
        self.front = choice("Front of the car", FRONTS, self._on_front)
        self.angle = number("Angle of the front", 0, 359, suffix=" °", width_px=84)
        self.angle.setWrapping(True)
        self.flip_button = QPushButton("Flip")
        self.flip_button.setToolTip("Take the other end for the front")
        self.mirrored = QCheckBox("The picture is &mirrored")
        self.lens = choice("Lens", LENSES, self._on_lens)
        self.view_deg = number("Field of view", 1, 360, suffix=" °", width_px=84)
        self.marks_button = QPushButton("Click its corners")
        self.marks_button.setCheckable(True)
        self.clear_button = QPushButton("Clear")
        self.length = number("Length of the box", 0.1, 100, decimals=2, suffix=" m", width_px=96)
        self.width_m = number("Width of the box", 0.1, 100, decimals=2, suffix=" m", width_px=96)
        self.grid_line = wrapped("", "muted")
        self.slow = QCheckBox("&Slow motion: it was filmed at")
        self.rate = number("Capture rate", 0.1, 100_000, decimals=2, suffix=" /s", width_px=110)
        self.rate.setValue(USUAL_RATE_HZ)
        wear(self.marks_button, "target", theme)
        wear(self.flip_button, "retry", theme)
        for button in (self.flip_button, self.marks_button, self.clear_button):
            button.setAutoDefault(False)
        self._lay_out()
        self._listen()
        self.show_camera()

    def show_camera(self) -> None:
        """Show the profile as it is now."""
        camera = self._edit.camera
        front = front_of(camera.front_deg)
        self.front.setCurrentIndex(list(FRONTS).index(front))
        self.angle.setVisible(camera.front_deg is not None)
        self.flip_button.setVisible(camera.front_deg is not None)
        show_quietly(self.angle, (camera.front_deg or 0.0) % 360)
        self.mirrored.setChecked(camera.mirrored)
        self.lens.setCurrentIndex(list(LENSES).index(camera.lens.kind))
        show_quietly(self.view_deg, camera.lens.field_of_view_deg)
        self._optics.setRowVisible(1, camera.lens.kind is LensKind.FISHEYE)
        marks = camera.marks
        self.clear_button.setEnabled(marks is not None)
        self._metres.setRowVisible(1, marks is not None)
        self._metres.setRowVisible(2, marks is not None)
        if marks is not None:
            show_quietly(self.length, marks.length_m)
            show_quietly(self.width_m, marks.width_m)
        self.slow.setChecked(camera.capture_rate_hz is not None)
        self.rate.setEnabled(camera.capture_rate_hz is not None)
        if camera.capture_rate_hz is not None:
            show_quietly(self.rate, camera.capture_rate_hz)

    def say_grid(self, trouble: str) -> None:
        """Say why there are no metres; empty where there are, or none are wanted."""
        text = "The grid on the picture has one line per metre: look whether it lies on the ground."
        if self._edit.camera.marks is None:
            text = "Four clicks on the painted box tell how long, short or crooked a car stands."
        self.grid_line.setText(f"{trouble[:1].upper()}{trouble[1:]}." if trouble else text)

    def _lay_out(self) -> None:
        heads = form_layout()
        row = row_layout(self.angle, self.flip_button)
        row.addStretch(1)
        heads.addRow(field_label("&Front", self.front), self.front)
        heads.addRow("", row)
        heads.addRow("", self.mirrored)
        self._optics = form_layout()
        self._optics.addRow(field_label("&Lens", self.lens), self.lens)
        self._optics.addRow(field_label("Field of &view", self.view_deg), self.view_deg)
        self._metres = form_layout()
        row = row_layout(self.marks_button, self.clear_button)
        row.setStretch(0, 1)
        self._metres.addRow(field_label("&Corners", self.marks_button), row)
        self._metres.addRow(field_label("Len&gth", self.length), self.length)
        self._metres.addRow(field_label("&Width", self.width_m), self.width_m)
        rate = row_layout(self.slow, self.rate)
        rate.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(8)
        for title, layout in (
            ("Which end of the car is which", heads),
            ("Lens", self._optics),
            ("Painted box: metres on the ground", self._metres),
        ):
            column.addWidget(section(title))
            column.addLayout(layout)
            column.addSpacing(6)
        column.addWidget(self.grid_line)
        column.addSpacing(6)
        column.addWidget(section("Capture rate"))
        column.addLayout(rate)
        column.addStretch(1)

    def _listen(self) -> None:
        edit = self._edit
        edit.changed.connect(self.show_camera)
        self.angle.valueChanged.connect(
            lambda deg: edit.put("turn the front", "front", front_deg=float(deg))
        )
        self.flip_button.clicked.connect(self._flip)
        self.mirrored.clicked.connect(lambda on: edit.put("mirror the picture", mirrored=on))
        self.view_deg.valueChanged.connect(self._on_view)
        self.marks_button.clicked.connect(self.marks_wanted)
        self.clear_button.clicked.connect(lambda: edit.put("clear the box", marks=None))
        self.length.valueChanged.connect(lambda metres: self._on_size(length_m=metres))
        self.width_m.valueChanged.connect(lambda metres: self._on_size(width_m=metres))
        self.slow.clicked.connect(
            lambda on: edit.put("set the rate", capture_rate_hz=self.rate.value() if on else None)
        )
        self.rate.valueChanged.connect(
            lambda rate: edit.put("set the rate", "rate", capture_rate_hz=rate)
        )

    def _on_front(self, front: Front) -> None:
        if front is Front.ARRIVAL:
            self._edit.put("leave the front open", front_deg=None)
        elif self._edit.camera.front_deg is None or front is not Front.ANGLE:
            degrees = {Front.RIGHT: 0.0, Front.UP: 90.0, Front.LEFT: 180.0, Front.DOWN: 270.0}
            self._edit.put("set the front", front_deg=degrees.get(front, 45.0))

    def _flip(self) -> None:
        front = self._edit.camera.front_deg
        if front is not None:
            self._edit.put("flip the front", front_deg=(front + 180.0) % 360.0)

    def _on_lens(self, kind: LensKind) -> None:
        lens = replace(self._edit.camera.lens, kind=kind)
        self._edit.put("change the lens", lens=lens)

    def _on_view(self, degrees: float) -> None:
        lens = replace(self._edit.camera.lens, field_of_view_deg=degrees)
        self._edit.put("change the field of view", "view", lens=lens)

    def _on_size(self, **size: float) -> None:
        marks = self._edit.camera.marks
        if marks is not None:
            marks = BoxMarks(
                marks.corners,
                size.get("length_m", marks.length_m),
                size.get("width_m", marks.width_m),
            )
            self._edit.put("measure the box", "size", marks=marks)
