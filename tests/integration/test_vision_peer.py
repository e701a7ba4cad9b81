"""The same boxes and masks as ``YOLO.predict`` gives for the same pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import models
import numpy as np
import pytest
from outline_raster import iou

from codefx_desktop.domain.ports import DetectorRequest, SegmenterRequest
from codefx_desktop.settings.paths import program_dir
from codefx_desktop.vision import Vision

if TYPE_CHECKING:
    from pathlib import Path

    from codefx_desktop.domain.detections import Detections
    from codefx_desktop.domain.frame import Frame
    from codefx_desktop.domain.outlines import Segments

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


@pytest.mark.parametrize("yaml", ["yolo11n-seg.yaml", "yolo26n-seg.yaml"])
def test_boxes_and_masks_are_those_of_predict(
    tmp_path: Path, yaml: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Their masks at the picture's own pixels; ours as they are before they become outlines.

    An untrained model's masks are ragged noise, in which how a point between two scores is
    interpolated (once, or in their two steps) can decide. Here it shows that the right scores are
    at the right place; outlines of calmer shapes are compared in ``test_polygons``.
    """
    weights = models.save_untrained(tmp_path / "best-seg.pt", yaml, spread=0.1)
    sizes = [(704, 1280), (500, 1020), (640, 352)]
    frames = [models.frame(models.blobs(*size, seed), seed) for seed, size in enumerate(sizes)]
    request = SegmenterRequest(weights, 0.5, 320, "cpu", low_confidence=0.3)
    with Vision(models.folders(tmp_path)).segmenter(request) as segmenter:
        from codefx_desktop.vision import segmenter as module

        ours: list[tuple[np.ndarray, tuple[int, int]]] = []
        whole = module.polygons
        monkeypatch.setattr(module, "polygons", lambda *one: (ours.append(one), whole(*one))[1])
        found = segmenter.segment(frames)
    from ultralytics import YOLO

    peer = YOLO(str(weights))
    how = {"conf": 0.3, "iou": 0.5, "imgsz": 320, "device": "cpu", "verbose": False}
    overlaps: list[float] = []
    for frame, segments in zip(frames, found, strict=True):
        picture = np.ascontiguousarray(frame.pixels[..., ::-1])
        (result,) = peer.predict(picture, retina_masks=True, **how)
        assert len(result) >= 10
        pairs = paired(segments, result.boxes.data.numpy())
        # A mask of one pixel may be empty for them and not for us, or the other way round.
        assert len(pairs) >= 0.98 * max(len(segments), len(result))
        for i, j in pairs:
            overlaps.append(overlap(*ours[i], result.masks.data.numpy()[j]))
        del ours[: len(segments)]
    assert np.quantile(overlaps, 0.1) >= 0.9
    assert np.median(overlaps) >= 0.97


def paired(segments: Segments, rows: np.ndarray) -> list[tuple[int, int]]:
    """Return the same objects' indices in both."""
    pairs = []
    for j, row in enumerate(rows):
        distance = np.abs(segments.xyxy - row[:4]).max(axis=1)
        distance[segments.class_id != row[5]] = np.inf
        i = int(distance.argmin())
        if distance[i] < 0.5 and abs(segments.confidence[i] - row[4]) < 0.01:
            pairs.append((i, j))
    return pairs


def overlap(mask: np.ndarray, corner: tuple[int, int], theirs: np.ndarray) -> float:
    """Compare a mask within its box with one of the whole picture."""
    full = np.zeros_like(theirs)
    (left, top), (height, width) = corner, mask.shape
    full[top : top + height, left : left + width] = mask
    return iou(full, theirs)
