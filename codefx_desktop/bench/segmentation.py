"""How well a segmenter outlines what is in rendered pictures: mask AP by the rules of COCO.

What is measured is what a job writes: the segmenter's polygons, at the picture's own size. Truth
is each object's whole outline, also where something stands before it; outlines that are too small
or too hidden to be asked for are those of ``bench.accuracy``.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from codefx_desktop.bench.accuracy import truth_of
from codefx_desktop.bench.coco_rules import ClassTally
from codefx_desktop.bench.masks import mask_iou, mask_of
from codefx_desktop.domain.clip import FrameTime
from codefx_desktop.domain.errors import WeightsUnusable
from codefx_desktop.domain.frame import Frame
from codefx_desktop.domain.ports import SegmenterRequest
from codefx_desktop.synthetic.dataset import EVALUATION_SEEDS, frames_of
from codefx_desktop.synthetic.scene import CLASSES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from codefx_desktop.domain.frame import Pixels
    from codefx_desktop.domain.outlines import Segments
    from codefx_desktop.domain.ports import VisionFactory
    from codefx_desktop.synthetic.outline import Outlines

IMAGE_SIZE_PX = 640
LOW_CONFIDENCE = 0.05
SUPPRESSION_IOU = 0.5


@dataclass(frozen=True, slots=True)
class MaskScore:
    """How well one class was outlined.

    Attributes:
        name: The class.
        ap50: Average precision at mask IoU 0.5; NaN where the truth has none.
        ap50_95: The mean over IoU 0.5, 0.55, ..., 0.95.
        objects: Objects that were asked for.
        found: Share of them found at confidence 0.5 and IoU 0.5.
    """

    name: str
    ap50: float
    ap50_95: float
    objects: int
    found: float


@dataclass(frozen=True, slots=True)
class MaskReport:
    """How well weights segment.

    Attributes:
        classes: One score for each class.
        map50: Mean of ``ap50`` over the classes that the truth has.
        map50_95: The same of ``ap50_95``.
        pictures: Pictures looked at.
        ms_per_picture: Median wall time of the segmenter, polygons included.
    """

    classes: tuple[MaskScore, ...]
    map50: float
    map50_95: float
    pictures: int
    ms_per_picture: float


def add_picture(
    tallies: list[ClassTally], found: Segments, outlines: Outlines, size: tuple[int, int]
) -> None:
    """Count what was found in one picture.

    Args:
        tallies: By class id.
        found: What the segmenter says.
        outlines: What is there.
        size: Width and height of the picture.
    """
    ignored = truth_of(outlines, IMAGE_SIZE_PX / max(size)).ignored
    there = [mask_of(parts, size) for parts in outlines.polygons]
    said = [mask_of(parts, size) for parts in found.polygons]
    for class_id, tally in enumerate(tallies):
        rows = np.flatnonzero(found.class_id == class_id)
        columns = np.flatnonzero(outlines.class_id == class_id)
        overlap = mask_iou([said[i] for i in rows], [there[i] for i in columns])
        tally.add(found.confidence[rows], overlap, ignored[columns])


def score(tallies: list[ClassTally]) -> tuple[MaskScore, ...]:
    """Return how well each class was outlined."""
    scores = []
    for name, tally in zip(CLASSES, tallies, strict=True):
        each = tally.precisions()
        mean = float(np.mean(each))
        scores.append(MaskScore(name, each[0], mean, tally.wanted, tally.found_at(0.5)))
    return tuple(scores)


def evaluate(
    segment: Callable[[Pixels], Segments],
    *,
    seeds: Iterable[int] = EVALUATION_SEEDS,
    frames_per_seed: int = 12,
) -> MaskReport:
    """Return how well a segmenter does on scenes that no training sees.

    Args:
        segment: Finds objects in one picture, RGB uint8 (H, W, 3).
        seeds: Scenes to render.
        frames_per_seed: Pictures of each.
    """
    tallies = [ClassTally() for _ in CLASSES]
    times_s: list[float] = []
    for seed in seeds:
        for pixels, outlines in frames_of(seed, frames_per_seed):
            began = time.perf_counter()
            found = segment(pixels)
            times_s.append(time.perf_counter() - began)
            add_picture(tallies, found, outlines, (pixels.shape[1], pixels.shape[0]))
    classes = score(tallies)
    seen = [each for each in classes if each.objects]
    return MaskReport(
        classes,
        _mean([each.ap50 for each in seen]),
        _mean([each.ap50_95 for each in seen]),
        len(times_s),
        1000 * float(np.median(times_s)) if times_s else math.nan,
    )


def _mean(values: list[float]) -> float:
    return sum(values) / len(values) if values else math.nan


def evaluate_weights(
    vision: VisionFactory, weights: Path, *, device: str, pictures: int
) -> MaskReport:
    """Return how well segmentation weights do on the scenes that no training sees.

    Raises:
        WeightsError: If the weights cannot be used.
        DeviceError: If the device is not there.
    """
    request = SegmenterRequest(
        weights,
        iou=SUPPRESSION_IOU,
        image_size_px=IMAGE_SIZE_PX,
        device=device,
        low_confidence=LOW_CONFIDENCE,
    )
    with vision.segmenter(request) as segmenter:
        if segmenter.info.class_names != tuple(CLASSES):
            raise WeightsUnusable(
                f"{weights.name} knows other classes than the rendered scenes have.",
                hint=f"Its classes must be {', '.join(CLASSES)}.",
                path=weights,
            )

        def segment(pixels: Pixels) -> Segments:
            (found,) = segmenter.segment([Frame(0, FrameTime(0, Fraction(1)), pixels)])
            return found

        return evaluate(segment, frames_per_seed=pictures)
