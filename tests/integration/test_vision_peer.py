"""The same boxes as ``YOLO.predict`` gives for the same pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import models
import numpy as np
import pytest

from codefx_desktop.domain.ports import DetectorRequest
from codefx_desktop.settings.paths import program_dir
from codefx_desktop.vision import Vision

if TYPE_CHECKING:
    from pathlib import Path

    from codefx_desktop.domain.detections import Detections
    from codefx_desktop.domain.frame import Frame

DEMO_MODEL = program_dir() / "resources" / "demo_model.pt"
SIZES = [(720, 1280), (500, 1020), (640, 360), (97, 333)]


def ours(weights: Path, frames: list[Frame], size_px: int, home: Path) -> list[Detections]:
    request = DetectorRequest(weights, iou=0.5, image_size_px=size_px, device="cpu")
    with Vision(models.folders(home)).detector(request) as detector:
        return detector.detect(frames)


def theirs(weights: Path, frames: list[Frame], size_px: int) -> list[np.ndarray]:
    """Return float32 (N, 6) per frame: xyxy, confidence, class."""
    from ultralytics import YOLO

    model = YOLO(str(weights))
    how = {"conf": 0.05, "iou": 0.5, "imgsz": size_px, "device": "cpu", "verbose": False}
    return [
        model.predict(np.ascontiguousarray(frame.pixels[..., ::-1]), **how)[0].boxes.data.numpy()
        for frame in frames
    ]


def same_boxes(found: Detections, rows: np.ndarray) -> None:
    """Compare to 0.5 px and 0.01 confidence, pairing equal classes by nearest box."""
    assert len(found) == len(rows) > 0
    free = np.ones(len(rows), bool)
    for box, confidence, class_id in zip(found.xyxy, found.confidence, found.class_id, strict=True):
        distance = np.abs(rows[:, :4] - box).max(axis=1)
        distance[~free | (rows[:, 5] != class_id)] = np.inf
        nearest = int(distance.argmin())
        assert distance[nearest] < 0.5
        assert abs(rows[nearest, 4] - confidence) < 0.01
        free[nearest] = False


@pytest.mark.parametrize("yaml", ["yolo11n.yaml", "yolo26n.yaml"])
def test_the_boxes_are_those_of_predict(tmp_path: Path, yaml: str) -> None:
    weights = models.save_untrained(tmp_path / "best.pt", yaml)
    frames = [models.frame(models.blobs(*size, seed), seed) for seed, size in enumerate(SIZES * 2)]
    for found, rows in zip(
        ours(weights, frames, 320, tmp_path), theirs(weights, frames, 320), strict=True
    ):
        same_boxes(found, rows)


@pytest.mark.skipif(not DEMO_MODEL.exists(), reason="there is no demo model yet")
def test_the_demo_models_boxes_are_those_of_predict(tmp_path: Path) -> None:
    frames = [models.frame(models.blobs(720, 1280, seed), seed) for seed in range(3)]
    for found, rows in zip(
        ours(DEMO_MODEL, frames, 640, tmp_path), theirs(DEMO_MODEL, frames, 640), strict=True
    ):
        assert len(found) == len(rows)
        if len(rows):
            same_boxes(found, rows)
