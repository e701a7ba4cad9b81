"""Ultralytics detection models behind our own reading, batching and clean-up of boxes.

Pictures come as arrays and never as paths (the library's own loader loses frames without a
word). Same boxes as ``YOLO.predict`` on the same picture, in less time: the picture is resized as
uint8 straight into the batch, reaches the model in channels-last order without a transpose, and
on a CPU the model may use every core.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import psutil
import torch
import torchvision  # noqa: F401 - Ultralytics takes its fast suppression only if this is loaded
from ultralytics.utils.nms import non_max_suppression

from codefx_desktop.domain.detections import NO_TRACK, Detections
from codefx_desktop.domain.errors import DeviceError
from codefx_desktop.domain.ports import ModelInfo
from codefx_desktop.vision.device import usable_cores
from codefx_desktop.vision.letterbox import Letterbox

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import TracebackType

    import numpy.typing as npt

    from codefx_desktop.domain.frame import Frame
    from codefx_desktop.domain.ports import DetectorRequest, DeviceInfo
    from codefx_desktop.vision.weights import LoadedWeights

log = logging.getLogger(__name__)

MOST_BOXES = 300
"""Boxes kept per picture. Source: Ultralytics' default ``max_det``."""
BATCH = {"cuda": 16, "mps": 8, "cpu": 2}
"""Frames per call. More of them delay the preview.

Source: CPU measured with YOLO11n at 384x640 on 2 cores, CPU time a picture with 1, 2, 4, 8 frames
69, 62, 62, 70 ms. GPU figures are customary, not measured.
"""
WARM_UP_SIZE = (720, 1280)
_MEMORY_WORDS = ("out of memory", "can't allocate memory", "not enough memory")
_DEVICE_WORDS = ("CUDA", "cuDNN", "cuBLAS", "HIP", "MPS", "Metal")


class UltralyticsDetector:
    """Finds objects in pictures (``domain.ports.Detector``).

    Args:
        weights: The loaded model; it is moved and belongs to the detector.
        request: Thresholds and input size.
        device: Where to run.

    Raises:
        DeviceError: If the device cannot hold the model.
    """

    def __init__(
        self, weights: LoadedWeights, request: DetectorRequest, device: DeviceInfo
    ) -> None:
        self._stride = weights.stride
        self._size_px = -(-request.image_size_px // weights.stride) * weights.stride
        self._end2end = weights.end2end
        self._confidence = request.low_confidence
        self._iou = request.iou
        self._device = torch.device(device.name)
        self._batch_size = BATCH[self._device.type]
        self._buffer: torch.Tensor | None = None
        self._model: Any = self._settle(weights.model)
        self._info = ModelInfo(
            weights.path, weights.sha256, "detect", weights.class_names, self._size_px, device
        )

    @property
    def info(self) -> ModelInfo:
        """What is loaded and where it runs."""
        return self._info

    @property
    def batch_size(self) -> int:
        """How many frames a call should bring; halved when the memory did not hold them."""
        return self._batch_size

    def __enter__(self) -> Self:
        """Return itself after a trial run, so that the first frame does not pay for set-up.

        Raises:
            DeviceError: If the device breaks or has too little memory for one picture.
        """
        self._detect_all([np.zeros((*WARM_UP_SIZE, 3), np.uint8)] * self._batch_size)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Free the device's memory; the detector is of no use afterwards."""
        self._model = None
        self._buffer = None
        self._release_memory()

    def detect(self, frames: Sequence[Frame]) -> list[Detections]:
        """Return the detections of each frame; frames may differ in size and number.

        A batch that does not fit in memory is halved, and stays so.

        Raises:
            DeviceError: If the device breaks or has too little memory for one picture.
        """
        return self._detect_all([frame.pixels for frame in frames])

    def _detect_all(self, pictures: Sequence[npt.NDArray[np.uint8]]) -> list[Detections]:
        boxes = [
            Letterbox.fit((p.shape[0], p.shape[1]), self._size_px, self._stride) for p in pictures
        ]
        found: dict[int, Detections] = {}
        # One input shape per batch: pictures of other sizes must not change each other's padding.
        for shape in dict.fromkeys(box.shape for box in boxes):
            waiting = [i for i, box in enumerate(boxes) if box.shape == shape]
            while waiting:
                batch = waiting[: self._batch_size]
                results = self._try_batch([pictures[i] for i in batch], [boxes[i] for i in batch])
                if results is None:
                    self._halve(len(batch))
                    continue
                found.update(zip(batch, results, strict=True))
                del waiting[: len(batch)]
        return [found[i] for i in range(len(pictures))]

    def _try_batch(
        self, pictures: Sequence[npt.NDArray[np.uint8]], boxes: Sequence[Letterbox]
    ) -> list[Detections] | None:
        """Return detections, or None when the batch does not fit in memory."""
        try:
            return self._run(pictures, boxes)
        except (RuntimeError, MemoryError) as error:
            if len(pictures) > 1 and _is_memory(error):
                return None  # the traceback holds the batch's tensors: free it before trying again
            if translated := self._translate(error):
                raise translated from error
            raise

    @torch.inference_mode()
    def _run(
        self, pictures: Sequence[npt.NDArray[np.uint8]], boxes: Sequence[Letterbox]
    ) -> list[Detections]:
        if self._model is None:
            raise ValueError("the detector is closed")
        batch = self._input(pictures, boxes)
        output = self._model(batch)
        raw = output[0] if isinstance(output, (list, tuple)) else output
        # One picture at a time: with more, the library drops the last ones when it is slow.
        rows = [self._suppress(raw[i : i + 1]) for i in range(len(pictures))]
        return [_detections(row, box) for row, box in zip(rows, boxes, strict=True)]

    def _input(
        self, pictures: Sequence[npt.NDArray[np.uint8]], boxes: Sequence[Letterbox]
    ) -> torch.Tensor:
        """Return float32 (N, 3, H, W) in 0 to 1, channels last, on the device."""
        shape = (len(pictures), *boxes[0].shape, 3)
        if self._buffer is None or self._buffer.shape != shape:
            pinned = self._device.type == "cuda"
            self._buffer = torch.empty(shape, dtype=torch.uint8, pin_memory=pinned)
        for picture, box, out in zip(pictures, boxes, self._buffer.numpy(), strict=True):
            box.draw(picture, out)
        # Safe to refill next time: suppression has to wait for the device before it returns.
        there = self._buffer.to(self._device, non_blocking=True)
        return there.permute(0, 3, 1, 2).to(torch.float32).div_(255)

    def _suppress(self, raw: torch.Tensor) -> npt.NDArray[np.float32]:
        """Return float32 (N, 6): xyxy in pixels of the input, confidence, class."""
        kept = non_max_suppression(
            raw,
            conf_thres=self._confidence,
            iou_thres=self._iou,
            max_det=MOST_BOXES,
            end2end=self._end2end,
        )
        rows: npt.NDArray[np.float32] = kept[0].float().cpu().numpy()
        return rows

    def _settle(self, model: Any) -> Any:  # noqa: ANN401 - an untyped library's model
        if self._device.type == "cpu":
            torch.set_num_threads(_inference_threads())
        try:
            if self._end2end:
                model.set_head_attr(max_det=MOST_BOXES, agnostic_nms=False)
            return model.to(self._device, memory_format=torch.channels_last)
        except (RuntimeError, MemoryError) as error:
            if translated := self._translate(error):
                raise translated from error
            raise

    def _halve(self, batch: int) -> None:
        self._batch_size = max(1, batch // 2)
        self._buffer = None
        self._release_memory()
        log.warning(
            "%s: %d pictures at once do not fit in memory; going on with %d",
            self._info.device.label,
            batch,
            self._batch_size,
        )

    def _release_memory(self) -> None:
        if self._device.type == "cuda":
            torch.cuda.empty_cache()
        elif self._device.type == "mps":
            torch.mps.empty_cache()

    def _translate(self, error: BaseException) -> DeviceError | None:
        """Return what a device's trouble means to a person; None if it is none of the device."""
        if _is_memory(error):
            return DeviceError(
                f"The memory of {self._device} does not hold the model and one picture.",
                hint="Close other programs, choose a smaller input size, or choose the CPU.",
            )
        if self._device.type != "cpu" and any(word in str(error) for word in _DEVICE_WORDS):
            first = (str(error).strip().splitlines() or [""])[0]
            return DeviceError(
                f"The device {self._device} broke while working: {first}",
                hint="Run the job again; if it happens again, choose the CPU.",
            )
        return None


def _is_memory(error: BaseException) -> bool:
    if isinstance(error, (MemoryError, torch.OutOfMemoryError)):
        return True
    return isinstance(error, RuntimeError) and any(w in str(error) for w in _MEMORY_WORDS)


def _inference_threads() -> int:
    """Return one thread per real core: a second one on the same core only waits for its memory.

    Source: measured on 2 cores with YOLO11n at 384x640, 34 ms a picture with two threads and
    60 ms with the one that Ultralytics leaves.
    """
    return max(1, min(psutil.cpu_count(logical=False) or 1, usable_cores()))


def _detections(rows: npt.NDArray[np.float32], box: Letterbox) -> Detections:
    return Detections(
        box.undo(rows[:, :4]),
        np.ascontiguousarray(rows[:, 4]),
        rows[:, 5].astype(np.int16),
        np.full(len(rows), NO_TRACK, np.int32),
    )
