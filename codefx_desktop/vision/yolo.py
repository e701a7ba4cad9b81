"""What Ultralytics models have in common: our own reading, batching and suppression of boxes.

Pictures come as arrays and never as paths (the library's own loader loses frames without a
word). Same boxes as ``YOLO.predict`` on the same picture, in less time: the picture is resized as
uint8 straight into the batch, reaches the model in channels-last order without a transpose, and
on a CPU the model may use every core.
"""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import torch
import torchvision  # noqa: F401 - Ultralytics takes its fast suppression only if this is loaded
from ultralytics.utils.nms import non_max_suppression

from codefx_desktop.domain.ports import ModelInfo
from codefx_desktop.vision.batched import BatchedModel, Found
from codefx_desktop.vision.letterbox import Letterbox

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codefx_desktop.domain.frame import Pixels
    from codefx_desktop.domain.ports import DetectorRequest, DeviceInfo, SegmenterRequest
    from codefx_desktop.vision.weights import LoadedWeights

MOST_BOXES = 300
"""Boxes kept per picture. Source: Ultralytics' default ``max_det``."""
BATCH = {"cuda": 16, "mps": 8, "cpu": 2}
"""Frames per call. More of them delay the preview.

Source: CPU measured with YOLO11n at 384x640 on 2 cores, CPU time a picture with 1, 2, 4, 8 frames
69, 62, 62, 70 ms. GPU figures are customary, not measured.
"""
WARM_UP_SIZE = (720, 1280)


class YoloModel(BatchedModel[Found]):
    """An Ultralytics model, loaded, on its device.

    Args:
        weights: The loaded model; it is moved and belongs to this object.
        request: Thresholds and input size.
        device: Where to run.
        class_ids: Classes to look for; None means all.

    Raises:
        DeviceError: If the device cannot hold the model.
    """

    def __init__(
        self,
        weights: LoadedWeights,
        request: DetectorRequest | SegmenterRequest,
        device: DeviceInfo,
        class_ids: Sequence[int] | None = None,
    ) -> None:
        super().__init__(device, BATCH, request.at_once)
        self._stride = weights.stride
        self._size_px = -(-request.image_size_px // weights.stride) * weights.stride
        self._end2end = weights.end2end
        self._confidence = request.low_confidence
        self._iou = request.iou
        self._class_ids = None if class_ids is None else list(class_ids)
        self._buffer: torch.Tensor | None = None
        self._model: Any = self._settle(weights.model)
        self._info = ModelInfo(
            *(weights.path, weights.sha256, weights.task, weights.class_names),
            self._size_px,
            device,
        )

    @property
    def info(self) -> ModelInfo:
        """What is loaded and where it runs."""
        return self._info

    def __enter__(self) -> Self:
        """Return itself after a trial run, so that the first frame does not pay for set-up.

        Raises:
            DeviceError: If the device breaks or has too little memory for one picture.
        """
        self._run_all([np.zeros((*WARM_UP_SIZE, 3), np.uint8)] * self._batch_size)
        return self

    @abstractmethod
    def _read(self, output: Any, boxes: Sequence[Letterbox]) -> list[Found]:  # noqa: ANN401
        """Return what the model's output for a batch says about each of its pictures."""

    def _fit(self, size: tuple[int, int]) -> Letterbox:
        return Letterbox.fit(size, self._size_px, self._stride)

    def _kind(self, size: tuple[int, int]) -> tuple[int, int]:
        """One input shape per batch: other sizes must not change a picture's padding."""
        return self._fit(size).shape

    @torch.inference_mode()
    def _run(self, pictures: Sequence[Pixels]) -> list[Found]:
        if self._model is None:
            raise ValueError("the model is closed")
        boxes = [self._fit((p.shape[0], p.shape[1])) for p in pictures]
        return self._read(self._model(self._input(pictures, boxes)), boxes)

    def _input(self, pictures: Sequence[Pixels], boxes: Sequence[Letterbox]) -> torch.Tensor:
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

    def _suppress(self, raw: torch.Tensor) -> torch.Tensor:
        """Return the rows that stay of one picture's.

        One picture at a time: with more, the library drops the last ones when it is slow.

        Args:
            raw: (1, ...), the model's first output.

        Returns:
            float32 (N, 6 + extra), best first: xyxy in pixels of the input, confidence, class,
            and what else the model says of each.
        """
        kept = non_max_suppression(
            raw,
            conf_thres=self._confidence,
            iou_thres=self._iou,
            classes=self._class_ids,
            max_det=MOST_BOXES,
            nc=len(self._info.class_names),
            end2end=self._end2end,
        )
        rows: torch.Tensor = kept[0].float()
        return rows

    def _settle(self, model: Any) -> Any:  # noqa: ANN401 - an untyped library's model
        try:
            if self._end2end:
                model.set_head_attr(max_det=MOST_BOXES, agnostic_nms=False)
            return model.to(self._device, memory_format=torch.channels_last)
        except (RuntimeError, MemoryError) as error:
            if translated := self._translate(error):
                raise translated from error
            raise

    def _forget_model(self) -> None:
        self._model = None

    def _forget_batch(self) -> None:
        self._buffer = None
