"""The start sheet: what was dropped, what it is, which weights; filled in once for all of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDoubleSpinBox,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from codefx_desktop.domain.job import QualityPreset
from codefx_desktop.ui.metadata_form import MetadataForm
from codefx_desktop.ui.models import words
from codefx_desktop.ui.models.start_form import IMAGE_SIZES_PX, StartForm
from codefx_desktop.ui.weights_box import WeightsBox
from codefx_desktop.ui.widgets import (
    ElidedLabel,
    form_layout,
    label_width,
    row_layout,
    section,
    tool_button,
    wrapped,
)

if TYPE_CHECKING:
    from codefx_desktop.domain.ports import DeviceInfo
    from codefx_desktop.jobs.messages import StartDefaults
    from codefx_desktop.ui.theme import Theme

_LIST_ROWS = 4


class StartSheet(QDialog):
    """Asks once for everything that the clips share, then says so.

    Args:
        form: The choices.
        device: The device that was found, to offer it by name.
        theme: The theme.
        parent: The window.
    """

    start_wanted = Signal()

    def __init__(
        self, form: StartForm, device: DeviceInfo | None, theme: Theme, parent: QWidget | None
    ) -> None:
        super().__init__(parent)
        self.form = form
        self._theme = theme
        self.setWindowTitle("Start analysis")
        self.setMinimumWidth(820)
        self.metadata = MetadataForm()
        self.weights = WeightsBox(form)
        self.confidence, self.confidence_slider = _fraction("Confidence")
        self.iou, self.iou_slider = _fraction("NMS IoU")
        self.device = QComboBox()
        self.device.setAccessibleName("Device")
        self.image_size = QComboBox()
        self.image_size.setAccessibleName("Detector size")
        self.quality = QComboBox()
        self.quality.setAccessibleName("Video quality")
        for preset in QualityPreset:
            self.quality.addItem(words.quality_word(preset), preset.value)
        self._offer_devices(device)
        for pixels in IMAGE_SIZES_PX:
            self.image_size.addItem(f"{pixels} px", pixels)
        self._lay_out()
        self._listen()
        self._show_choices()
        self.metadata.series.setFocus()

    def begin_from(self, defaults: StartDefaults) -> None:
        """Fill in what the last job had."""
        self.form.begin_from(defaults)
        self.metadata.offer(defaults.series, defaults.races)
        self.metadata.set_value(defaults.metadata)
        self._show_choices()

    def accept(self) -> None:
        """Start, if nothing hinders it."""
        if self.form.hindrance:
            return
        self.form.metadata = self.metadata.value()
        self.start_wanted.emit()
        super().accept()

    def _offer_devices(self, device: DeviceInfo | None) -> None:
        best = f"Best available ({device.label})" if device else "Best available"
        self.device.addItem(best, "auto")
        self.device.addItem("Processor (CPU)", "cpu")
        names = {self.form.device} | ({device.name} if device else set())
        for name in sorted(names - {"auto", "cpu"}):
            self.device.addItem(name, name)

    def _lay_out(self) -> None:
        self.hindrance = ElidedLabel()
        self.hindrance.setObjectName("muted")
        self.start_button = QPushButton("Start")
        self.start_button.setProperty("primary", True)
        self.start_button.setDefault(True)
        cancel = QPushButton("Cancel")
        cancel.setAutoDefault(False)
        cancel.clicked.connect(self.reject)
        self.start_button.clicked.connect(self.accept)
        buttons = row_layout(self.hindrance, cancel, self.start_button)
        buttons.setStretch(0, 1)
        sides = QHBoxLayout()
        sides.setSpacing(32)
        sides.addLayout(self._footage_side(), 1)
        sides.addLayout(self._detector_side(), 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(16)
        column.addLayout(sides, 1)
        column.addLayout(buttons)

    def _footage_side(self) -> QVBoxLayout:
        title = QLabel(f"Analyse {words.clips(len(self.form.clips))}")
        font = title.font()
        font.setPointSizeF(font.pointSizeF() * 1.4)
        font.setBold(True)
        title.setFont(font)
        column = QVBoxLayout()
        column.setSpacing(8)
        column.addWidget(title)
        column.addWidget(self._clip_list())
        column.addSpacing(8)
        column.addWidget(section("Metadata of all these clips" if self._many else "Metadata"))
        column.addWidget(self.metadata)
        column.addStretch(1)
        return column

    def _detector_side(self) -> QVBoxLayout:
        self.more_button = tool_button(
            "chevron-right", "More options", self._theme, checked="chevron-down", text="More"
        )
        self.more_button.setProperty("disclosure", True)
        self.more = QWidget()
        more = form_layout()
        more.addRow(_label("NMS IoU"), row_layout(self.iou_slider, self.iou))
        more.addRow(_label("Device"), self.device)
        more.addRow(_label("Detector size"), self.image_size)
        more.addRow(_label("Video quality"), self.quality)
        self.more.setLayout(more)
        self.more.hide()
        confidence = form_layout()
        confidence.addRow(_label("Confidence"), row_layout(self.confidence_slider, self.confidence))
        column = QVBoxLayout()
        column.setSpacing(8)
        column.addWidget(section("Detector weights"))
        column.addWidget(self.weights)
        column.addSpacing(8)
        column.addWidget(section("Detection"))
        column.addLayout(confidence)
        column.addWidget(wrapped("Weaker detections are kept, but not drawn.", "muted"))
        column.addWidget(self.more_button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.more)
        column.addStretch(1)
        return column

    @property
    def _many(self) -> bool:
        return len(self.form.clips) > 1

    def _clip_list(self) -> QListWidget:
        self.clips = QListWidget()
        self.clips.setAccessibleName("Clips")
        self.clips.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.clips.setSelectionMode(QListWidget.SelectionMode.NoSelection)
        self.clips.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        for path in self.form.clips:
            item = QListWidgetItem(path.name or str(path))
            item.setToolTip(str(path))
            self.clips.addItem(item)
        rows = min(max(1, self.clips.count()), _LIST_ROWS)
        self.clips.setFixedHeight(rows * (self.clips.fontMetrics().height() + 4) + 12)
        return self.clips

    def _listen(self) -> None:
        form = self.form
        self.confidence.valueChanged.connect(lambda value: setattr(form, "confidence", value))
        self.iou.valueChanged.connect(lambda value: setattr(form, "iou", value))
        self.device.currentIndexChanged.connect(
            lambda _index: setattr(form, "device", self.device.currentData())
        )
        self.image_size.currentIndexChanged.connect(
            lambda _index: setattr(form, "image_size_px", self.image_size.currentData())
        )
        self.quality.currentIndexChanged.connect(
            lambda _index: setattr(form, "quality", QualityPreset(self.quality.currentData()))
        )
        self.more_button.toggled.connect(self._show_more)
        form.changed.connect(self._show_hindrance)

    def _show_choices(self) -> None:
        form = self.form
        self.confidence.setValue(form.confidence)
        self.iou.setValue(form.iou)
        if self.device.findData(form.device) < 0:
            self.device.addItem(form.device, form.device)
        self.device.setCurrentIndex(self.device.findData(form.device))
        if self.image_size.findData(form.image_size_px) < 0:
            self.image_size.addItem(f"{form.image_size_px} px", form.image_size_px)
        self.image_size.setCurrentIndex(self.image_size.findData(form.image_size_px))
        self.quality.setCurrentIndex(self.quality.findData(form.quality.value))
        self._show_hindrance()

    def _show_hindrance(self) -> None:
        self.hindrance.say(self.form.hindrance)
        self.start_button.setEnabled(not self.form.hindrance)

    def _show_more(self, on: bool) -> None:
        self.more.setVisible(on)


def clip_paths(texts: list[str]) -> tuple[Path, ...]:
    """Return the paths that a file dialog gave."""
    return tuple(Path(text) for text in texts)


def _label(text: str) -> QLabel:
    label = QLabel(text)
    label.setMinimumWidth(label_width(label))
    return label


def _fraction(name: str) -> tuple[QDoubleSpinBox, QSlider]:
    """Return a spin box and a slider from 0 to 1 that move each other."""
    spin = QDoubleSpinBox()
    spin.setRange(0.0, 1.0)
    spin.setSingleStep(0.05)
    spin.setDecimals(2)
    spin.setAlignment(Qt.AlignmentFlag.AlignRight)
    spin.setFixedWidth(64)
    spin.setAccessibleName(name)
    slider = QSlider(Qt.Orientation.Horizontal)
    slider.setRange(0, 100)
    slider.setAccessibleName(f"{name} slider")
    slider.valueChanged.connect(lambda value: spin.setValue(value / 100))
    spin.valueChanged.connect(lambda value: slider.setValue(round(value * 100)))
    return spin, slider
