"""Faces by MTCNN, from facenet-pytorch: three small networks whose weights are in its package.

The weights are loaded here: the library's own wrapper loads pickles by whatever rule torch has by
default. How the networks are asked is in ``vision.mtcnn``.

Source: the thresholds of its three steps as facenet-pytorch has them.
"""

from __future__ import annotations

import hashlib
from importlib.metadata import version
from pathlib import Path
from pickle import UnpicklingError
from typing import TYPE_CHECKING, Self

import facenet_pytorch
import numpy as np
import torch

from codefx_desktop.domain.detections import NO_TRACK
from codefx_desktop.domain.errors import WeightsMissing, WeightsUnusable
from codefx_desktop.domain.outlines import Faces
from codefx_desktop.domain.ports import FaceModelInfo
from codefx_desktop.vision.batched import BatchedModel
from codefx_desktop.vision.mtcnn import Cascade

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt
    from torch import nn

    from codefx_desktop.domain.frame import Frame, Pixels
    from codefx_desktop.domain.ports import DeviceInfo, FaceRequest

THRESHOLDS = (0.6, 0.7, 0.7)
BATCH = {"cuda": 16, "mps": 8, "cpu": 1}
"""Frames per call; sums over each are kept at full size, so memory is what limits.

Source: CPU measured on 720p pictures, processor time a picture a tenth less with 1 than with 2.
"""
WARM_UP_SIZE = (180, 320)
_NETS = {
    "pnet.pt": facenet_pytorch.PNet,
    "rnet.pt": facenet_pytorch.RNet,
    "onet.pt": facenet_pytorch.ONet,
}


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
        super().__init__(device, BATCH, request.at_once)
        self._confidence = request.confidence
        self._smallest_px = request.smallest_px
        folder = Path(facenet_pytorch.__file__).parent / "data"
        nets = [_load(folder / name, kind) for name, kind in _NETS.items()]
        thresholds = (*THRESHOLDS[:2], min(THRESHOLDS[2], request.confidence))
        try:
            nets = [net.to(self._device) for net in nets]
            self._cascade: Cascade | None = Cascade(nets, thresholds, request.smallest_px)
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
        if self._cascade is None:
            raise ValueError("the face finder is closed")
        found = self._cascade.find(np.stack(pictures))
        return [self._faces(*one, pictures[0].shape[:2]) for one in found]

    def _faces(
        self,
        rows: npt.NDArray[np.float32],
        marks: npt.NDArray[np.float32],
        size: tuple[int, ...],
    ) -> Faces:
        """Return the faces that are certain enough, clipped to the picture, best first."""
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
        self._cascade = None


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
