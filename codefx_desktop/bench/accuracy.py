"""How well a detector finds what is in rendered pictures: average precision per class.

Truth and detections are plain arrays, so nothing here knows how either was made.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from codefx_desktop.domain.clip import FrameTime
from codefx_desktop.domain.errors import WeightsUnusable
from codefx_desktop.domain.frame import Frame
from codefx_desktop.domain.ports import DetectorRequest
from codefx_desktop.synthetic.dataset import EVALUATION_SEEDS, frames_of
from codefx_desktop.synthetic.scene import CLASSES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from codefx_desktop.domain.detections import Detections
    from codefx_desktop.domain.ports import VisionFactory
    from codefx_desktop.synthetic.outline import Outlines

Boxes = npt.NDArray[np.float32]

MATCH_IOU = 0.5
LEAST_VISIBLE = 0.4
LEAST_SIDE_PX = 8.0
"""At inference size. Smaller or more hidden boxes count neither for nor against a detector."""


@dataclass(frozen=True, slots=True, eq=False)
class Truth:
    """What is in one picture.

    Attributes:
        xyxy: float32 (N, 4), pixels.
        class_id: int16 (N,).
        ignored: bool (N,), True where a box is too small or too hidden to be asked for.
    """

    xyxy: Boxes
    class_id: npt.NDArray[np.int16]
    ignored: npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class ClassScore:
    """How well one class was found.

    Attributes:
        name: The class.
        ap50: Area under precision over recall at IoU 0.5; NaN where the truth has none.
        boxes: Boxes that were asked for.
        found: Share of them found at confidence 0.5.
    """

    name: str
    ap50: float
    boxes: int
    found: float


def truth_of(outlines: Outlines, scale: float) -> Truth:
    """Return a rendered picture's truth.

    Args:
        outlines: Where everything is.
        scale: Inference size over picture size.
    """
    sides = (outlines.xyxy[:, 2:] - outlines.xyxy[:, :2]).min(axis=1) * scale
    ignored = (outlines.visible < LEAST_VISIBLE) | (sides < LEAST_SIDE_PX)
    return Truth(outlines.xyxy, outlines.class_id, ignored)


def iou(first: Boxes, second: Boxes) -> npt.NDArray[np.float64]:
    """Return the overlap of boxes (N, 4) and (M, 4) over their union, float64 (N, M)."""
    a, b = first.astype(np.float64)[:, None], second.astype(np.float64)[None]
    low, high = np.maximum(a[..., :2], b[..., :2]), np.minimum(a[..., 2:], b[..., 2:])
    common = np.clip(high - low, 0, None).prod(axis=-1)
    areas = (a[..., 2:] - a[..., :2]).prod(axis=-1) + (b[..., 2:] - b[..., :2]).prod(axis=-1)
    overlap: npt.NDArray[np.float64] = common / np.maximum(areas - common, 1e-9)
    return overlap


def match(found: Boxes, truth: Truth, class_id: int) -> npt.NDArray[np.int8]:
    """Return what each detection of a class is: 1 right, 0 wrong, -1 not counted.

    Args:
        found: float32 (N, 4), detections of the class, the most confident first.
        truth: What is in the picture.
        class_id: The class.
    """
    of_class = truth.class_id == class_id
    wanted = truth.xyxy[of_class & ~truth.ignored]
    other = truth.xyxy[of_class & truth.ignored]
    overlap, spare = iou(found, wanted), iou(found, other)
    free = np.ones(len(wanted), bool)
    verdicts = np.zeros(len(found), np.int8)
    for index in range(len(found)):
        row = np.where(free, overlap[index], 0.0)
        best = int(row.argmax()) if len(row) else -1
        if best >= 0 and row[best] >= MATCH_IOU:
            free[best], verdicts[index] = False, 1
        elif len(other) and spare[index].max() >= MATCH_IOU:
            verdicts[index] = -1
    return verdicts


def average_precision(
    confidence: npt.NDArray[np.float32], verdicts: npt.NDArray[np.int8], boxes: int
) -> float:
    """Return the area under the falling envelope of precision over recall.

    Source: Everingham et al. 2015, "The PASCAL VOC challenge: a retrospective", all points.
    """
    if boxes == 0:
        return float("nan")
    counted = verdicts >= 0
    order = np.argsort(-confidence[counted], kind="stable")
    right = np.cumsum(verdicts[counted][order] == 1)
    if len(right) == 0:
        return 0.0
    precision = right / np.arange(1, len(right) + 1)
    envelope = np.maximum.accumulate(precision[::-1])[::-1]
    recall = np.concatenate(([0.0], right / boxes))
    return float(np.sum(np.diff(recall) * envelope))


def score(pictures: Iterable[tuple[Detections, Truth]]) -> tuple[ClassScore, ...]:
    """Return how well each class was found over all pictures."""
    confidence: list[list[npt.NDArray[np.float32]]] = [[] for _ in CLASSES]
    verdicts: list[list[npt.NDArray[np.int8]]] = [[] for _ in CLASSES]
    boxes = np.zeros(len(CLASSES), int)
    for detections, truth in pictures:
        for class_id in range(len(CLASSES)):
            own = detections.where(detections.class_id == class_id)
            order = np.argsort(-own.confidence, kind="stable")
            confidence[class_id].append(own.confidence[order])
            verdicts[class_id].append(match(own.xyxy[order], truth, class_id))
            boxes[class_id] += int(((truth.class_id == class_id) & ~truth.ignored).sum())
    scores = []
    for class_id, name in enumerate(CLASSES):
        sure = np.concatenate([np.zeros(0, np.float32), *confidence[class_id]])
        said = np.concatenate([np.zeros(0, np.int8), *verdicts[class_id]])
        count = int(boxes[class_id])
        found = float(((said == 1) & (sure >= 0.5)).sum()) / max(count, 1)
        scores.append(ClassScore(name, average_precision(sure, said, count), count, found))
    return tuple(scores)


def evaluate(
    detect: Callable[[npt.NDArray[np.uint8]], Detections],
    *,
    seeds: Iterable[int] = EVALUATION_SEEDS,
    frames_per_seed: int = 12,
    image_size_px: int = 640,
) -> tuple[ClassScore, ...]:
    """Return how well a detector does on scenes that no training sees.

    Args:
        detect: Finds objects in one picture, RGB (H, W, 3), uint8.
        seeds: Scenes to render.
        frames_per_seed: Pictures of each.
        image_size_px: The detector's input size: decides what is too small to be asked for.
    """
    return score(
        (detect(pixels), truth_of(outlines, image_size_px / max(pixels.shape[:2])))
        for seed in seeds
        for pixels, outlines in frames_of(seed, frames_per_seed)
    )


def evaluate_weights(
    vision: VisionFactory, weights: Path, *, device: str, pictures: int
) -> tuple[ClassScore, ...]:
    """Return how well weights do on the scenes that no training sees.

    Raises:
        WeightsError: If the weights cannot be used.
        DeviceError: If the device is not there.
    """
    request = DetectorRequest(weights, iou=0.5, image_size_px=640, device=device)
    with vision.detector(request) as detector:
        if detector.info.class_names != tuple(CLASSES):
            raise WeightsUnusable(
                f"{weights.name} knows other classes than the rendered scenes have.",
                hint=f"Its classes must be {', '.join(CLASSES)}.",
                path=weights,
            )

        def detect(pixels: npt.NDArray[np.uint8]) -> Detections:
            (found,) = detector.detect([Frame(0, FrameTime(0, Fraction(1)), pixels)])
            return found

        return evaluate(detect, frames_per_seed=pictures)
