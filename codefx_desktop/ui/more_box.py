"""The settings that are rarely changed, each there while a stage needs it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QComboBox, QWidget

from codefx_desktop.domain.job import QualityPreset
from codefx_desktop.domain.scene import SceneKind, SceneSettings
from codefx_desktop.ui.models import words
from codefx_desktop.ui.models.start_form import IMAGE_SIZES_PX
from codefx_desktop.ui.sheet_fields import choice, field_label, fraction, number, show_quietly
from codefx_desktop.ui.widgets import form_layout, row_layout

if TYPE_CHECKING:
    from codefx_desktop.domain.ports import DeviceInfo
    from codefx_desktop.ui.models.start_form import StartForm

DETECTORS = {
    SceneKind.CONTENT: "Content: colours change at once",
    SceneKind.ADAPTIVE: "Adaptive: for fast camera motion",
    SceneKind.HASH: "Hash: coarse structure, whatever the colours",
    SceneKind.THRESHOLD: "Threshold: fades through black",
}


class MoreBox(QWidget):
    """How scenes and faces are looked for, where it runs, how the video is written.

    Args:
        form: The choices.
        device: The device that was found, to offer it by name.
    """

    def __init__(self, form: StartForm, device: DeviceInfo | None) -> None:
        super().__init__()
        self._form = form
        self.detector = choice("Scene detector", DETECTORS, form.plan.choose_detector)
        self.threshold = number("Scene threshold", 0, 255, decimals=2)
        self.shortest = number("Shortest scene", 1, 99_999, suffix=" frames")
        self.face_confidence, self.face_slider = fraction("Face confidence", 0.01)
        self.smallest_face = number("Smallest face", 12, 1000, suffix=" px")
        self.iou, self.iou_slider = fraction("NMS IoU")
        self.device = QComboBox()
        self.image_size = QComboBox()
        self.quality = QComboBox()
        self._offer(device)
        self._lay_out()
        self._listen()
        self.show_choices()

    def show_choices(self) -> None:
        """Show what is chosen now."""
        form, plan = self._form, self._form.plan
        self.detector.setCurrentIndex(list(DETECTORS).index(plan.scene_kind))
        threshold = plan.scene_threshold
        show_quietly(self.threshold, plan.usual_threshold if threshold is None else threshold)
        show_quietly(self.shortest, plan.shortest_frames)
        self.threshold.setToolTip(f"Usually {plan.usual_threshold:g}")
        show_quietly(self.face_confidence, plan.face_confidence, self.face_slider)
        show_quietly(self.smallest_face, plan.smallest_face_px)
        show_quietly(self.iou, form.iou, self.iou_slider)
        _choose(self.device, form.device, form.device)
        _choose(self.image_size, form.image_size_px, f"{form.image_size_px} px")
        _choose(self.quality, form.quality.value, form.quality.value)
        for row, wanted in enumerate(self._wanted()):
            self._rows.setRowVisible(row, wanted)

    def _wanted(self) -> tuple[bool, ...]:
        """Return whether each row matters to the stages that are on."""
        plan = self._form.plan
        boxes = plan.detect or plan.segment
        return (*[plan.scenes] * 3, *[plan.faces] * 2, boxes, True, boxes, True)

    def _offer(self, device: DeviceInfo | None) -> None:
        for box, name in (
            (self.device, "Device"),
            (self.image_size, "Detector size"),
            (self.quality, "Video quality"),
        ):
            box.setAccessibleName(name)
        best = f"Best available ({device.label})" if device else "Best available"
        self.device.addItem(best, "auto")
        self.device.addItem("Processor (CPU)", "cpu")
        names = {self._form.device} | ({device.name} if device else set())
        for name in sorted(names - {"auto", "cpu"}):
            self.device.addItem(name, name)
        for pixels in IMAGE_SIZES_PX:
            self.image_size.addItem(f"{pixels} px", pixels)
        for preset in QualityPreset:
            self.quality.addItem(words.quality_word(preset), preset.value)

    def _lay_out(self) -> None:
        self._rows = form_layout()
        threshold, shortest = row_layout(self.threshold), row_layout(self.shortest)
        smallest = row_layout(self.smallest_face)
        for row in (threshold, shortest, smallest):
            row.addStretch(1)
        for text, field, line in (
            ("Scene detector", self.detector, self.detector),
            ("Threshold", self.threshold, threshold),
            ("Shortest scene", self.shortest, shortest),
            (
                "Face confidence",
                self.face_confidence,
                row_layout(self.face_slider, self.face_confidence),
            ),
            ("Smallest face", self.smallest_face, smallest),
            ("NMS IoU", self.iou, row_layout(self.iou_slider, self.iou)),
            ("Device", self.device, self.device),
            ("Detector size", self.image_size, self.image_size),
            ("Video quality", self.quality, self.quality),
        ):
            self._rows.addRow(field_label(text, field), line)
        self.setLayout(self._rows)

    def _listen(self) -> None:
        form, plan = self._form, self._form.plan
        self.threshold.valueChanged.connect(self._on_threshold)
        self.shortest.valueChanged.connect(lambda n: plan.change(shortest_frames=round(n)))
        self.face_confidence.valueChanged.connect(
            lambda value: plan.change(face_confidence=round(value, 2))
        )
        self.smallest_face.valueChanged.connect(lambda n: plan.change(smallest_face_px=round(n)))
        self.iou.valueChanged.connect(lambda value: setattr(form, "iou", value))
        self.device.currentIndexChanged.connect(
            lambda _place: setattr(form, "device", self.device.currentData())
        )
        self.image_size.currentIndexChanged.connect(
            lambda _place: setattr(form, "image_size_px", self.image_size.currentData())
        )
        self.quality.currentIndexChanged.connect(
            lambda _place: setattr(form, "quality", QualityPreset(self.quality.currentData()))
        )
        form.changed.connect(self.show_choices)

    def _on_threshold(self, value: float) -> None:
        plan = self._form.plan
        usual = SceneSettings(plan.scene_kind).used_threshold
        value = round(value, 2)
        plan.change(scene_threshold=None if value == usual else value)


def _choose(box: QComboBox, value: object, word: str) -> None:
    """Show a value, also one that is not offered."""
    if box.findData(value) < 0:
        box.addItem(word, value)
    box.setCurrentIndex(box.findData(value))
