"""Ultralytics segmentation models; how they are driven is in ``vision.yolo``."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import numpy as np

from codefx_desktop.domain.errors import SettingsError
from codefx_desktop.domain.outlines import Segments
from codefx_desktop.vision.polygons import mask_in_box, polygons
from codefx_desktop.vision.yolo import YoloModel

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt
    import torch

    from codefx_desktop.domain.frame import Frame
    from codefx_desktop.domain.ports import DeviceInfo, SegmenterRequest
    from codefx_desktop.vision.letterbox import Letterbox
    from codefx_desktop.vision.weights import LoadedWeights

log = logging.getLogger(__name__)

_BOX = 6
"""Columns of a row before its mask's coefficients: xyxy, confidence, class."""


class UltralyticsSegmenter(YoloModel[Segments]):
    """Finds objects and their outlines (``domain.ports.Segmenter``).

    Objects whose mask has no pixel at all are left out, as ``YOLO.predict`` does.

    Args:
        weights: The loaded model; it is moved and belongs to the segmenter.
        request: Thresholds, input size and classes.
        device: Where to run.

    Raises:
        SettingsError: If the weights know none of the classes that are wanted.
        DeviceError: If the device cannot hold the model.
    """

    def __init__(
        self, weights: LoadedWeights, request: SegmenterRequest, device: DeviceInfo
    ) -> None:
        super().__init__(weights, request, device, _class_ids(weights, request.classes))

    def segment(self, frames: Sequence[Frame]) -> list[Segments]:
        """Return what each frame shows; frames may differ in size and number.

        A batch that does not fit in memory is halved, and stays so.

        Raises:
            DeviceError: If the device breaks or has too little memory for one picture.
        """
        return self._run_all([frame.pixels for frame in frames])

    def _read(self, output: Any, boxes: Sequence[Letterbox]) -> list[Segments]:  # noqa: ANN401
        raw, prototypes = output[0]
        results = []
        for i, box in enumerate(boxes):
            rows = self._suppress(raw[i : i + 1])
            results.append(_segments(rows[:, :_BOX], _scores(rows, prototypes[i]), box))
        return results


def _scores(rows: torch.Tensor, prototypes: torch.Tensor) -> npt.NDArray[np.float32]:
    """Return float32 (N, h, w): each object's mask, mixed from the picture's (C, h, w)."""
    mixed = rows[:, _BOX:] @ prototypes.float().flatten(1)
    scores: npt.NDArray[np.float32] = mixed.reshape(-1, *prototypes.shape[1:]).cpu().numpy()
    return scores


def _segments(
    rows: torch.Tensor, scores: npt.NDArray[np.float32], letterbox: Letterbox
) -> Segments:
    table: npt.NDArray[np.float32] = rows.cpu().numpy()
    xyxy = letterbox.undo(table[:, :4])
    masks = [mask_in_box(*one) for one in zip(scores, [letterbox] * len(xyxy), xyxy, strict=True)]
    kept = np.array([bool(mask.any()) for mask, _ in masks], bool)
    return Segments(
        xyxy[kept],
        table[kept, 4],
        table[kept, 5].astype(np.int16),
        tuple(polygons(*one) for one, keep in zip(masks, kept, strict=True) if keep),
    )


def _class_ids(weights: LoadedWeights, wanted: Sequence[str]) -> list[int] | None:
    """Return the ids of the classes that are wanted; None for all."""
    if not wanted:
        return None
    names = {name.casefold() for name in wanted}
    known = [name.casefold() for name in weights.class_names]
    ids = [i for i, name in enumerate(known) if name in names]
    strange = ", ".join(name for name in wanted if name.casefold() not in known)
    if not ids:
        raise SettingsError(
            f"{weights.path.name} knows none of the classes that are to be segmented: {strange}.",
            hint=f"Choose among those it knows: {', '.join(weights.class_names)}.",
            path=weights.path,
        )
    if strange:
        log.warning("%s does not know %s; segmenting the others", weights.path.name, strange)
    return ids
