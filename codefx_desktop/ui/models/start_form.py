"""The start sheet without its widgets: choices, what hinders a start, and the spec that follows."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from codefx_desktop.domain.job import JobMetadata, JobSpec, QualityPreset

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from codefx_desktop.jobs.hub import Hub
    from codefx_desktop.jobs.messages import StartDefaults, WeightsAnswer

IMAGE_SIZES_PX = (640, 960, 1280)


class WeightsChoice(StrEnum):
    """Where a job's weights come from."""

    NONE = ""
    FOUND = "found"
    FILE = "file"
    DEMO = "demo"


class StartForm(QObject):
    """What a person fills in once for all the clips they dropped.

    Args:
        hub: Says which weights there are.
        clips: What was dropped: files or folders.
    """

    changed = Signal()

    def __init__(self, hub: Hub, clips: Sequence[Path], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._hub = hub
        self.clips = tuple(clips)
        settings = hub.settings
        self.confidence = settings.yolo_threshold
        self.iou = settings.iou_threshold
        self.device = settings.device
        self.image_size_px = IMAGE_SIZES_PX[0]
        self.quality = QualityPreset.STANDARD
        self.metadata = JobMetadata()
        self.choice = WeightsChoice.NONE
        self.file: Path | None = None
        self.found: WeightsAnswer | None = None
        self.file_answer: WeightsAnswer | None = None
        self._file_request = 0
        hub.weights_answer.connect(self._on_weights)
        self._found_request = hub.request_weights(JobSpec())

    def begin_from(self, defaults: StartDefaults) -> None:
        """Start from the last job's choices."""
        spec = defaults.spec
        self.confidence, self.iou = spec.confidence, spec.iou
        self.device, self.image_size_px = spec.device, spec.image_size_px
        self.quality = spec.quality
        self.metadata = defaults.metadata
        if spec.demo_model:
            self.choice = WeightsChoice.DEMO
        elif spec.weights is not None:
            self._take_file(spec.weights)
        self.changed.emit()

    def choose(self, choice: WeightsChoice) -> None:
        """Take the weights that were found, the chosen file, or the demo model."""
        if choice != self.choice:
            self.choice = choice
            self.changed.emit()

    def choose_file(self, path: Path) -> None:
        """Take this weights file; the hub says whether it is there."""
        self._take_file(path)
        self.changed.emit()

    @property
    def found_text(self) -> str:
        """Which weights were found by themselves, and where; or what to do."""
        if self.found is None:
            return "Looking for weights…"
        if self.found.found is None:
            return self.found.message
        return f"{self.found.found.path.name}, {self.found.found.reason}"

    @property
    def has_found(self) -> bool:
        """Whether weights were found by themselves."""
        return self.found is not None and self.found.found is not None

    @property
    def file_message(self) -> str:
        """What is wrong with the chosen file, if anything."""
        return self.file_answer.message if self.file_answer else ""

    @property
    def hindrance(self) -> str:
        """Why the job cannot be queued yet; empty if it can."""
        if not self.clips:
            return "Add at least one clip."
        return self._weights_hindrance()

    def _weights_hindrance(self) -> str:
        if self.choice is WeightsChoice.FILE:
            return self.file_message if self.file else "Choose the weights file."
        if self.choice is WeightsChoice.DEMO or self.choice is WeightsChoice.FOUND:
            return ""
        if self.found is None:
            return "Looking for weights…"
        return "Choose a weights file or the demo model."

    def spec(self) -> JobSpec:
        """Return the spec of the jobs."""
        return JobSpec(
            weights=self.file if self.choice is WeightsChoice.FILE else None,
            demo_model=self.choice is WeightsChoice.DEMO,
            confidence=round(self.confidence, 2),
            iou=round(self.iou, 2),
            image_size_px=self.image_size_px,
            device=self.device,
            quality=self.quality,
        )

    def _take_file(self, path: Path) -> None:
        self.choice, self.file, self.file_answer = WeightsChoice.FILE, path, None
        self._file_request = self._hub.request_weights(replace(JobSpec(), weights=path))

    def _on_weights(self, answer: WeightsAnswer) -> None:
        if answer.request_id == self._found_request:
            self.found = answer
            if self.has_found and self.choice is WeightsChoice.NONE:
                self.choice = WeightsChoice.FOUND
        elif answer.request_id == self._file_request:
            self.file_answer = answer
        else:
            return
        self.changed.emit()
