"""What every detector promises (``domain.ports.Detector``), over the fake and the real one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import models
import numpy as np
import pytest
from fakes import FakeVision

from codefx_desktop.domain.detections import NO_TRACK, Detections
from codefx_desktop.domain.errors import DeviceError, WeightsMissing
from codefx_desktop.domain.ports import DetectorRequest
from codefx_desktop.vision import Vision

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from codefx_desktop.domain.frame import Frame
    from codefx_desktop.domain.ports import Detector, VisionFactory


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return models.save_untrained(tmp_path_factory.mktemp("weights") / "best.pt")


@pytest.fixture(scope="module", params=["fake", "ultralytics"])
def vision(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> VisionFactory:
    if request.param == "fake":
        return FakeVision()
    return Vision(models.folders(tmp_path_factory.mktemp("vision")))


@pytest.fixture(scope="module")
def wanted(weights: Path) -> DetectorRequest:
    return DetectorRequest(weights, iou=0.5, image_size_px=320, device="cpu")


@pytest.fixture(scope="module")
def detector(vision: VisionFactory, wanted: DetectorRequest) -> Iterator[Detector]:
    with vision.detector(wanted) as opened:
        yield opened


def picture(number: int, height: int = 180, width: int = 320) -> Frame:
    """Return a frame with structure and one bright block."""
    pixels = np.minimum(models.blobs(height, width, number), 190)
    pixels[40:90, 60 + number : 140 + number] = 255
    return models.frame(pixels, number)


def same(one: Detections, other: Detections) -> bool:
    """Batches of another size may round differently in the last digits."""
    return (
        len(one) == len(other)
        and np.allclose(one.xyxy, other.xyxy, atol=0.5)
        and np.allclose(one.confidence, other.confidence, atol=0.01)
    )


def test_it_says_what_is_loaded(detector: Detector, weights: Path) -> None:
    info = detector.info
    assert info.path == weights
    assert len(info.sha256) == 64
    assert info.task == "detect"
    assert len(info.class_names) == 5
    assert info.image_size_px == 320
    assert info.device.name == "cpu"
    assert info.device.label
    assert info.device.reason
    assert detector.batch_size >= 1


def test_each_frame_gets_its_detections_in_order(detector: Detector) -> None:
    frames = [picture(n) for n in range(5)]
    together = detector.detect(frames)
    assert len(together) == 5
    assert all(len(found) for found in together)
    for frame, found in zip(frames, together, strict=True):
        assert same(found, detector.detect([frame])[0])
    assert not same(together[0], together[4])


def test_detections_keep_their_promises(detector: Detector) -> None:
    (found,) = detector.detect([picture(0, 200, 300)])
    assert (found.track_id == NO_TRACK).all()
    assert (found.confidence >= 0.05).all()
    assert (found.confidence <= 1.0).all()
    assert (found.class_id >= 0).all()
    assert (found.class_id < len(detector.info.class_names)).all()
    assert (found.xyxy >= 0).all()
    assert (found.xyxy <= np.array([300, 200, 300, 200])).all()
    assert (found.xyxy[:, 2:] >= found.xyxy[:, :2]).all()


def test_frames_of_different_sizes_do_not_disturb_each_other(detector: Detector) -> None:
    frames = [picture(0), picture(1, 320, 240), picture(2), picture(3, 97, 333), picture(4, 1, 50)]
    for frame, found in zip(frames, detector.detect(frames), strict=True):
        assert same(found, detector.detect([frame])[0])


def test_the_same_picture_gives_the_same_detections(detector: Detector) -> None:
    first, second = (detector.detect([picture(3)])[0] for _ in range(2))
    np.testing.assert_array_equal(first.xyxy, second.xyxy)
    np.testing.assert_array_equal(first.confidence, second.confidence)


def test_no_frames_give_no_detections(detector: Detector) -> None:
    assert detector.detect([]) == []


def test_earlier_detections_are_not_changed_by_later_calls(detector: Detector) -> None:
    (found,) = detector.detect([picture(0)])
    kept = found.xyxy.copy()
    detector.detect([picture(9)])
    np.testing.assert_array_equal(found.xyxy, kept)


def test_missing_weights_are_missing(
    vision: VisionFactory, wanted: DetectorRequest, tmp_path: Path
) -> None:
    with pytest.raises(WeightsMissing):
        vision.detector(replace(wanted, weights=tmp_path / "none.pt"))


@pytest.mark.parametrize("device", ["cuda:99", "tpu"])
def test_a_device_that_is_not_there_is_an_error(
    vision: VisionFactory, wanted: DetectorRequest, device: str
) -> None:
    with pytest.raises(DeviceError) as caught:
        vision.detector(replace(wanted, device=device))
    assert caught.value.hint
    with pytest.raises(DeviceError):
        vision.device(device)


@pytest.mark.parametrize("device", ["auto", "cpu"])
def test_some_device_is_always_there(vision: VisionFactory, device: str) -> None:
    info = vision.device(device)
    assert info.name
    assert info.label
    assert info.reason
