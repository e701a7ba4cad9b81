"""What ``codefx bench accuracy`` tells, of boxes or of masks."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from codefx_desktop.bench import accuracy, segmentation
from codefx_desktop.settings.weights import DemoTask

if TYPE_CHECKING:
    from pathlib import Path

    from codefx_desktop.bench.accuracy import ClassScore
    from codefx_desktop.bench.segmentation import MaskReport
    from codefx_desktop.domain.ports import VisionFactory


@dataclass(frozen=True, slots=True)
class BoxReport:
    """How well weights detect.

    Attributes:
        classes: One score for each class.
        map50: Mean of ``ap50`` over the classes that the truth has.
    """

    classes: tuple[ClassScore, ...]
    map50: float

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {"task": "detect", **asdict(self)}

    def lines(self) -> list[str]:
        """Return what a person reads."""
        each = [
            f"{score.name:<10} AP50 {score.ap50:.3f}   {score.boxes} boxes, "
            f"{score.found:.1%} found at confidence 0.5"
            for score in self.classes
        ]
        return [*each, f"{'mean':<10} AP50 {self.map50:.3f}"]


@dataclass(frozen=True, slots=True)
class OutlineReport:
    """How well weights segment."""

    masks: MaskReport

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {"task": "segment", **asdict(self.masks)}

    def lines(self) -> list[str]:
        """Return what a person reads."""
        masks = self.masks
        each = [
            f"{score.name:<10} mask AP50 {score.ap50:.3f}  AP50-95 {score.ap50_95:.3f}   "
            f"{score.objects} objects, {score.found:.1%} found at confidence 0.5"
            for score in masks.classes
        ]
        return [
            *each,
            f"{'mean':<10} mask AP50 {masks.map50:.3f}  AP50-95 {masks.map50_95:.3f}   "
            f"{masks.pictures} pictures, {masks.ms_per_picture:.0f} ms each",
        ]


def measure_accuracy(
    vision: VisionFactory, weights: Path, *, task: DemoTask, device: str, pictures: int
) -> BoxReport | OutlineReport:
    """Return how well weights do on 20 rendered stops that no training has seen.

    Args:
        vision: Makes the model.
        weights: Of a model that knows the classes of rendered scenes.
        task: What it does.
        device: Where to run.
        pictures: Pictures of each stop.

    Raises:
        WeightsError: If the weights cannot be used.
        DeviceError: If the device is not there.
    """
    if task is DemoTask.SEGMENT:
        return OutlineReport(
            segmentation.evaluate_weights(vision, weights, device=device, pictures=pictures)
        )
    scores = accuracy.evaluate_weights(vision, weights, device=device, pictures=pictures)
    known = [score.ap50 for score in scores if score.boxes]
    return BoxReport(scores, sum(known) / len(known) if known else math.nan)
