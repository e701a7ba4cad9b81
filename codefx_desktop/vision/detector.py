"""Ultralytics detection models; how they are driven is in ``vision.yolo``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from codefx_desktop.domain.detections import NO_TRACK, Detections
from codefx_desktop.vision.yolo import YoloModel

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from codefx_desktop.domain.frame import Frame
    from codefx_desktop.vision.letterbox import Letterbox


class UltralyticsDetector(YoloModel[Detections]):
    """Finds objects in pictures (``domain.ports.Detector``).

    Args:
        weights: The loaded model; it is moved and belongs to the detector.
        request: Thresholds and input size (``DetectorRequest``).
        device: Where to run.

    Raises:
        DeviceError: If the device cannot hold the model.
    """

    def detect(self, frames: Sequence[Frame]) -> list[Detections]:
        """Return the detections of each frame; frames may differ in size and number.

        A batch that does not fit in memory is halved, and stays so.

        Raises:
            DeviceError: If the device breaks or has too little memory for one picture.
        """
        return self._run_all([frame.pixels for frame in frames])

    def _read(self, output: Any, boxes: Sequence[Letterbox]) -> list[Detections]:  # noqa: ANN401
        raw = output[0] if isinstance(output, (list, tuple)) else output
        rows = [self._suppress(raw[i : i + 1]).cpu().numpy() for i in range(len(boxes))]
        return [_detections(row, box) for row, box in zip(rows, boxes, strict=True)]


def _detections(rows: npt.NDArray[np.float32], box: Letterbox) -> Detections:
    return Detections(
        box.undo(rows[:, :4]),
        np.ascontiguousarray(rows[:, 4]),
        rows[:, 5].astype(np.int16),
        np.full(len(rows), NO_TRACK, np.int32),
    )
