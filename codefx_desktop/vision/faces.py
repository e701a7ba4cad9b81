"""Faces by MTCNN, from facenet-pytorch: three small networks whose weights are in its package.

The library's cascade is called directly: its own wrapper loads pickles by whatever rule torch has
by default, and mixes faces of all sizes into arrays of objects.

Source: Zhang et al., "Joint Face Detection and Alignment using Multi-task Cascaded Convolutional
Networks", 2016; scale factor and the thresholds of its three steps as facenet-pytorch has them.
"""

from __future__ import annotations

import hashlib
import logging
from importlib.metadata import version
from pathlib import Path
from pickle import UnpicklingError
from typing import TYPE_CHECKING, Any, Self

import facenet_pytorch
import numpy as np
import torch
from facenet_pytorch.models.utils.detect_face import detect_face

from codefx_desktop.domain.detections import NO_TRACK
from codefx_desktop.domain.errors import WeightsMissing, WeightsUnusable
from codefx_desktop.domain.outlines import LANDMARKS, Faces
from codefx_desktop.domain.ports import FaceModelInfo
from codefx_desktop.vision.batched import BatchedModel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from torch import nn

    from codefx_desktop.domain.frame import Frame, Pixels
    from codefx_desktop.domain.ports import DeviceInfo, FaceRequest

log = logging.getLogger(__name__)

SCALE_FACTOR = 0.709
THRESHOLDS = (0.6, 0.7, 0.7)
BATCH = {"cuda": 16, "mps": 8, "cpu": 2}
"""Frames per call; each is float32 at full size and at every scale, so memory is what limits."""
WARM_UP_SIZE = (180, 320)
_NETS = {
    "pnet.pt": facenet_pytorch.PNet,
    "rnet.pt": facenet_pytorch.RNet,
    "onet.pt": facenet_pytorch.ONet,
}
_CASCADE_WORDS = ("expected a non-empty list of Tensors", "shape of the mask")
"""WORKAROUND(facenet-pytorch 2.5.3): what the cascade says when a candidate lies wholly outside
the picture; remove when it drops such candidates."""


class MtcnnFaceFinder(BatchedModel[Faces]):
    """Finds faces (``domain.ports.FaceFinder``).

    Args:
        request: Threshold and smallest size.
        device: Where to run.

    Raises:
        WeightsMissing: If the installation lacks the networks' weights.
        WeightsUnusable: If they are damaged.
        DeviceError: If the device cannot hold the networks.
    """

    def __init__(self, request: FaceRequest, device: DeviceInfo) -> None:
        super().__init__(device, BATCH)
        self._confidence = request.confidence
        self._smallest_px = request.smallest_px
        self._thresholds = (*THRESHOLDS[:2], min(THRESHOLDS[2], request.confidence))
        folder = Path(facenet_pytorch.__file__).parent / "data"
        self._nets: list[nn.Module] = [_load(folder / name, kind) for name, kind in _NETS.items()]
        try:
            self._nets = [net.to(self._device) for net in self._nets]
        except (RuntimeError, MemoryError) as error:
            if translated := self._translate(error):
                raise translated from error
            raise
        name = f"MTCNN of facenet-pytorch {version('facenet-pytorch')}"
        self._info = FaceModelInfo(name, _sha256(folder), device)

    @property
    def info(self) -> FaceModelInfo:
        """What is loaded and where it runs; the hash is over its networks' files in order."""
        return self._info

    def __enter__(self) -> Self:
        """Return itself after a trial run, so that the first frame does not pay for set-up.

        Raises:
            DeviceError: If the device breaks or has too little memory for one picture.
        """
        self._run_all([np.zeros((*WARM_UP_SIZE, 3), np.uint8)])
        return self

    def find(self, frames: Sequence[Frame]) -> list[Faces]:
        """Return each frame's faces; frames may differ in size and number.

        A batch that does not fit in memory is halved, and stays so.

        Raises:
            DeviceError: If the device breaks or has too little memory for one picture.
        """
        return self._run_all([frame.pixels for frame in frames])

    def _kind(self, size: tuple[int, int]) -> tuple[int, int]:
        return size

    @torch.inference_mode()
    def _run(self, pictures: Sequence[Pixels]) -> list[Faces]:
        if not self._nets:
            raise ValueError("the face finder is closed")
        height, width = pictures[0].shape[:2]
        if min(height, width) < self._smallest_px:
            # The library has no scale for such a picture and breaks on the empty list.
            return [Faces.empty() for _ in pictures]
        try:
            found = self._cascade(np.stack(pictures))
        except (RuntimeError, IndexError) as error:
            if not any(words in str(error) for words in _CASCADE_WORDS):
                raise
            return self._one_by_one(pictures)
        return [self._faces(*one, (height, width)) for one in zip(*found, strict=True)]

    def _one_by_one(self, pictures: Sequence[Pixels]) -> list[Faces]:
        """Keep one picture's trouble from its neighbours."""
        if len(pictures) > 1:
            return [self._run([picture])[0] for picture in pictures]
        log.warning("A picture broke the search for faces; none are told for it")
        return [Faces.empty()]

    def _cascade(self, pictures: Pixels) -> tuple[Any, Any]:
        """Return boxes with confidence, and points, of uint8 (N, H, W, 3), by picture."""
        boxes, points = detect_face(
            pictures,
            self._smallest_px,
            *self._nets,
            self._thresholds,
            SCALE_FACTOR,
            self._device,
        )
        return boxes, points

    def _faces(self, boxes: Any, points: Any, size: tuple[int, int]) -> Faces:  # noqa: ANN401
        """Return the faces that are certain enough, clipped to the picture, best first."""
        rows = np.asarray(boxes, np.float32).reshape(-1, 5)
        marks = np.asarray(points, np.float32).reshape(-1, len(LANDMARKS), 2)
        order = np.argsort(-rows[:, 4], kind="stable")
        order = order[rows[order, 4] >= np.float32(self._confidence)]
        rows, marks = rows[order], marks[order]
        limit = np.array([size[1], size[0]], np.float32)
        return Faces(
            np.clip(rows[:, :4], 0, np.tile(limit, 2)),
            np.minimum(rows[:, 4], 1.0),
            np.clip(marks, 0, limit),
            np.full(len(rows), NO_TRACK, np.int32),
        )

    def _forget_model(self) -> None:
        self._nets = []


def _load(path: Path, kind: type[nn.Module]) -> nn.Module:
    """Load one network's weights as plain tensors; nothing else in the file is accepted."""
    again = "Install the program again; the weights are part of facenet-pytorch."
    try:
        tensors = torch.load(path, map_location="cpu", weights_only=True)
        net = kind(pretrained=False)
        net.load_state_dict(tensors)
    except FileNotFoundError as error:
        raise WeightsMissing(f"{path.name} is not there.", hint=again, path=path) from error
    except (OSError, RuntimeError, UnpicklingError, EOFError, TypeError, ValueError) as error:
        raise WeightsUnusable(f"{path.name} is damaged.", hint=again, path=path) from error
    return net.eval().requires_grad_(requires_grad=False)


def _sha256(folder: Path) -> str:
    digest = hashlib.sha256()
    for name in _NETS:
        digest.update((folder / name).read_bytes())
    return digest.hexdigest()
