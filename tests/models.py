"""Small models for tests: seeded, untrained, of every task; made on the spot, never downloaded.

Importing this module loads nothing; the functions load torch.
"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from codefx_desktop.domain.clip import FrameTime
from codefx_desktop.domain.frame import Frame
from codefx_desktop.settings.paths import app_paths
from codefx_desktop.vision.environment import open_libraries

if TYPE_CHECKING:
    from codefx_desktop.domain.frame import Pixels

CLASSES = 5


def untrained(
    yaml: str = "yolo11n.yaml", classes: int = CLASSES, seed: int = 0, spread: float = 0.3
) -> Any:
    """Return an untrained model whose activations are of natural size.

    A fresh model's die out layer by layer; one pass in training mode sets the normalisation to
    what the layers really see. A detection head is made to find some boxes in any picture.
    """
    open_libraries(app_paths())
    import torch
    from ultralytics.nn.tasks import guess_model_task, yaml_model_load

    torch.manual_seed(seed)
    model = _class_of(guess_model_task(yaml_model_load(yaml)))(yaml, nc=classes, verbose=False)
    for layer in model.modules():
        if isinstance(layer, torch.nn.BatchNorm2d):
            layer.momentum = None  # a plain mean
            layer.reset_running_stats()
    pictures = np.stack([blobs(256, 256, seed) for seed in range(4)]).transpose(0, 3, 1, 2) / 255
    with torch.no_grad():
        model.train()(torch.from_numpy(pictures).float())
        for branch in getattr(model.model[-1], "cv3", ()) or ():
            branch[-1].weight.mul_(spread)
            branch[-1].bias.fill_(-3.0)
    return model.eval()


def _class_of(task: str | None) -> Any:
    from ultralytics.nn import tasks

    return {
        "detect": tasks.DetectionModel,
        "segment": tasks.SegmentationModel,
        "classify": tasks.ClassificationModel,
        "pose": tasks.PoseModel,
        "obb": tasks.OBBModel,
    }[task or "detect"]


def save(model: Any, path: Path) -> Path:
    """Write a model as Ultralytics' training does."""
    import torch

    torch.save({"model": model, "train_args": {"task": model.task}}, path)
    return path


def save_untrained(path: Path, yaml: str = "yolo11n.yaml", **how: Any) -> Path:
    """Write an untrained model of this architecture."""
    model = untrained(yaml, **how)
    from ultralytics.nn.tasks import guess_model_task

    model.task = guess_model_task(model)
    return save(model, path)


def blobs(height: int, width: int, seed: int = 0) -> Pixels:
    """Return a picture with structure at every scale, RGB, (height, width, 3), uint8."""
    import cv2

    random = np.random.default_rng(seed)
    picture = np.zeros((height, width, 3), np.float32)
    for cells in (4, 16, 64):
        coarse = random.random((cells, cells, 3), np.float32)
        picture += cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)
    return np.clip(picture * 85, 0, 255).astype(np.uint8)


def frame(pixels: Pixels, number: int = 0, rate: int = 30) -> Frame:
    """Return a frame of constant rate."""
    return Frame(number, FrameTime(number, Fraction(1, rate)), pixels)
