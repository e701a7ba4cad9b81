"""Small models for tests: seeded, untrained, of every task; made on the spot, never downloaded.

Importing this module loads nothing; ``save_untrained`` loads torch, quiet and in its own folder.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from codefx_desktop.domain.clip import FrameTime
from codefx_desktop.domain.frame import Frame
from codefx_desktop.settings.paths import AppPaths
from codefx_desktop.vision.environment import open_libraries

if TYPE_CHECKING:
    from pathlib import Path

    import torch

    from codefx_desktop.domain.frame import Pixels

CLASSES = 5


def untrained(
    yaml: str = "yolo11n.yaml", classes: int = CLASSES, seed: int = 0, spread: float | None = None
) -> torch.nn.Module:
    """Return an untrained model. The libraries must be open.

    Args:
        yaml: Its architecture.
        classes: Number of classes.
        seed: Of its weights.
        spread: How far apart the scores of a detection model lie; None leaves it as it is made,
            which finds nothing.
    """
    import torch
    from ultralytics.nn.tasks import guess_model_task, yaml_model_load

    torch.manual_seed(seed)
    task = guess_model_task(yaml_model_load(yaml))
    model = _class_of(task)(yaml, nc=classes, verbose=False)
    model.task = task
    if spread is not None:
        _enliven(model, spread)
    return model.eval()


def _enliven(model: torch.nn.Module, spread: float) -> None:
    """Make a detection model find some boxes in any picture.

    The activations of a fresh one die out layer by layer; one pass in training mode sets the
    normalisation to what the layers really see.
    """
    import torch

    for layer in model.modules():
        if isinstance(layer, torch.nn.BatchNorm2d):
            layer.momentum = None  # a plain mean
            layer.reset_running_stats()
    pictures = np.stack([blobs(128, 128, seed) for seed in range(4)]).transpose(0, 3, 1, 2) / 255
    with torch.no_grad():
        model.train()(torch.from_numpy(pictures).float())
        head = model.model[-1]
        for name in ("cv2", "cv3", "one2one_cv2", "one2one_cv3"):
            for branch in getattr(head, name, None) or ():
                if name.endswith("cv3"):  # scores
                    branch[-1].weight.mul_(spread)
                    branch[-1].bias.fill_(-3.0)
                elif head.reg_max == 1:  # distances to the sides, which training makes positive
                    branch[-1].weight.mul_(0.01)
                    branch[-1].bias.fill_(2.0)


def _class_of(task: str | None) -> type[torch.nn.Module]:
    from ultralytics.nn import tasks

    return {
        "detect": tasks.DetectionModel,
        "segment": tasks.SegmentationModel,
        "classify": tasks.ClassificationModel,
        "pose": tasks.PoseModel,
        "obb": tasks.OBBModel,
    }[task or "detect"]


def save(model: torch.nn.Module, path: Path) -> Path:
    """Write a model as Ultralytics' training does."""
    import torch

    torch.save({"model": model, "train_args": {"task": model.task}}, path)
    return path


def folders(root: Path) -> AppPaths:
    """Return folders of the app below ``root``."""
    return AppPaths(root, root / "settings.toml", root / "logs", root / "cache")


def save_untrained(
    path: Path, yaml: str = "yolo11n.yaml", seed: int = 0, spread: float | None = 0.3
) -> Path:
    """Open the libraries and write an untrained model that finds something.

    Detection models and segmentation models (``yolo11n-seg.yaml``).
    """
    open_libraries(folders(path.parent))
    return save(untrained(yaml, seed=seed, spread=spread), path)


def blobs(height: int, width: int, seed: int = 0) -> Pixels:
    """Return a picture with structure at every scale, RGB, (height, width, 3), uint8."""
    import cv2

    random = np.random.default_rng(seed)
    picture = np.zeros((height, width, 3), np.float32)
    for cells in (4, 16, 64):
        coarse = random.random((cells, cells, 3), np.float32)
        picture += cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)
    return np.clip(picture * 85, 0, 255).astype(np.uint8)


def zidane() -> Pixels:
    """Return a photograph with two faces that comes with Ultralytics, RGB, (720, 1280, 3)."""
    import cv2
    from ultralytics.utils import ASSETS

    data = np.fromfile(ASSETS / "zidane.jpg", np.uint8)
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR_RGB), np.uint8)


def frame(pixels: Pixels, number: int = 0, rate: int = 30) -> Frame:
    """Return a frame of constant rate."""
    return Frame(number, FrameTime(number, Fraction(1, rate)), pixels)
