"""What the contract cannot ask: the heads, classes half known, a model of another task."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING

import models
import pytest

from codefx_desktop.domain.errors import DeviceError, WeightsUnusable
from codefx_desktop.domain.ports import DetectorRequest, SegmenterRequest
from codefx_desktop.vision import Vision

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def outlines_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("weights")
    return models.save_untrained(folder / "best-seg.pt", "yolo11n-seg.yaml")


@pytest.fixture
def vision(tmp_path: Path) -> Vision:
    return Vision(models.folders(tmp_path))


def request_for(weights: Path) -> SegmenterRequest:
    return SegmenterRequest(weights, iou=0.5, image_size_px=160, device="cpu", low_confidence=0.1)


def test_a_head_that_needs_no_suppression_segments_too(vision: Vision, tmp_path: Path) -> None:
    model = models.untrained("yolo26n-seg.yaml", spread=0.3)
    model.end2end = True
    path = models.save(model.fuse(verbose=False), tmp_path / "best.pt")
    segmenter = vision.segmenter(request_for(path))
    (found,) = segmenter.segment([models.frame(models.blobs(90, 160))])
    assert len(found)
    assert any(found.polygons)


def test_of_the_wanted_classes_the_unknown_ones_are_told(
    vision: Vision, outlines_file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        vision.segmenter(replace(request_for(outlines_file), classes=("3", "helmet")))
    assert caplog.messages == ["best-seg.pt does not know helmet; segmenting the others"]


def test_weights_of_the_other_task_are_refused_at_both_doors(
    vision: Vision, outlines_file: Path, weights_file: Path
) -> None:
    with pytest.raises(WeightsUnusable, match="is a detection model") as caught:
        vision.segmenter(request_for(weights_file))
    assert "segmentation weights" in caught.value.hint
    with pytest.raises(WeightsUnusable, match="is a segmentation model") as caught:
        vision.detector(DetectorRequest(outlines_file, 0.5, 160, "cpu"))
    assert "detection weights" in caught.value.hint


def test_too_little_memory_halves_the_batch_and_then_is_told(
    vision: Vision, outlines_file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    segmenter = vision.segmenter(request_for(outlines_file))

    def full(_: object) -> None:
        raise RuntimeError("CUDA out of memory.")

    segmenter._model = full
    with pytest.raises(DeviceError, match="memory"):
        segmenter.segment([models.frame(models.blobs(90, 160))] * 4)
    assert segmenter.batch_size == 1
    assert any("going on with 1" in message for message in caplog.messages)


def test_a_closed_segmenter_is_of_no_use(vision: Vision, outlines_file: Path) -> None:
    with vision.segmenter(request_for(outlines_file)) as segmenter:
        pass
    with pytest.raises(ValueError, match="closed"):
        segmenter.segment([models.frame(models.blobs(90, 160))])
