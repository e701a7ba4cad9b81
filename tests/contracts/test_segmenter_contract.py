"""What every segmenter promises (``domain.ports.Segmenter``), over the fake and the real one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import models
import numpy as np
import pytest
from fakes import FakeVision

from codefx_desktop.domain.errors import DeviceError, SettingsError, WeightsMissing
from codefx_desktop.domain.ports import SegmenterRequest
from codefx_desktop.vision import Vision

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from codefx_desktop.domain.frame import Frame
    from codefx_desktop.domain.outlines import Segments
    from codefx_desktop.domain.ports import Segmenter, VisionFactory


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("weights")
    return models.save_untrained(folder / "best-seg.pt", "yolo11n-seg.yaml")


@pytest.fixture(scope="module", params=["fake", "ultralytics"])
def vision(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> VisionFactory:
    if request.param == "fake":
        return FakeVision()
    return Vision(models.folders(tmp_path_factory.mktemp("vision")))


@pytest.fixture(scope="module")
def wanted(weights: Path) -> SegmenterRequest:
    return SegmenterRequest(weights, iou=0.5, image_size_px=320, device="cpu", low_confidence=0.1)


@pytest.fixture(scope="module")
def segmenter(vision: VisionFactory, wanted: SegmenterRequest) -> Iterator[Segmenter]:
    with vision.segmenter(wanted) as opened:
        yield opened


def picture(number: int, height: int = 180, width: int = 320) -> Frame:
    """Return a frame with structure and one bright block."""
    pixels = np.minimum(models.blobs(height, width, number), 190)
    pixels[40:90, 60 + number : 140 + number] = 255
    return models.frame(pixels, number)


def same(one: Segments, other: Segments) -> bool:
    """Batches of another size may round differently in the last digits."""
    return (
        len(one) == len(other)
        and np.allclose(one.xyxy, other.xyxy, atol=0.5)
        and np.allclose(one.confidence, other.confidence, atol=0.01)
    )


def test_it_says_what_is_loaded(segmenter: Segmenter, weights: Path) -> None:
    info = segmenter.info
    assert info.path == weights
    assert len(info.sha256) == 64
    assert info.task == "segment"
    assert len(info.class_names) == 5
    assert info.image_size_px == 320
    assert info.device.name == "cpu"
    assert segmenter.batch_size >= 1


def test_each_frame_gets_its_segments_in_order(segmenter: Segmenter) -> None:
    frames = [picture(n) for n in range(5)]
    together = segmenter.segment(frames)
    assert len(together) == 5
    assert all(len(found) for found in together)
    for frame, found in zip(frames, together, strict=True):
        assert same(found, segmenter.segment([frame])[0])
    assert not same(together[0], together[4])


def test_segments_keep_their_promises(segmenter: Segmenter) -> None:
    (found,) = segmenter.segment([picture(0, 200, 300)])
    assert len(found)
    assert (found.confidence >= 0.1).all()
    assert (np.diff(found.confidence) <= 0).all()
    assert (found.class_id >= 0).all()
    assert (found.class_id < len(segmenter.info.class_names)).all()
    assert (found.xyxy >= 0).all()
    assert (found.xyxy <= np.array([300, 200, 300, 200])).all()
    assert any(found.polygons)
    for box, parts in zip(found.xyxy, found.polygons, strict=True):
        for part in parts:
            # Whole pixels: those whose upper left corner lies in the box.
            assert (part >= box[:2] - 1).all()
            assert (part <= box[2:] + 1).all()
        areas = [area(part) for part in parts]
        assert areas == sorted(areas, reverse=True)
        assert all(areas)


def area(part: np.ndarray) -> float:
    x, y = part.astype(np.float64).T
    return abs(float(x @ np.roll(y, 1) - y @ np.roll(x, 1))) / 2


def test_frames_of_different_sizes_do_not_disturb_each_other(segmenter: Segmenter) -> None:
    frames = [picture(0), picture(1, 320, 240), picture(2), picture(3, 97, 333), picture(4, 1, 50)]
    for frame, found in zip(frames, segmenter.segment(frames), strict=True):
        assert same(found, segmenter.segment([frame])[0])


def test_the_same_picture_gives_the_same_segments(segmenter: Segmenter) -> None:
    first, second = (segmenter.segment([picture(3)])[0] for _ in range(2))
    np.testing.assert_array_equal(first.xyxy, second.xyxy)
    for one, other in zip(first.polygons, second.polygons, strict=True):
        assert [part.tolist() for part in one] == [part.tolist() for part in other]


def test_no_frames_give_no_segments(segmenter: Segmenter) -> None:
    assert segmenter.segment([]) == []


def test_a_picture_in_which_nothing_is_certain_enough_has_no_segments(
    vision: VisionFactory, wanted: SegmenterRequest
) -> None:
    with vision.segmenter(replace(wanted, low_confidence=1.0)) as strict:
        found = strict.segment([picture(0), picture(1)])
    assert [len(one) for one in found] == [0, 0]
    assert [one.polygons for one in found] == [(), ()]


def test_only_the_wanted_classes_are_segmented(
    vision: VisionFactory, wanted: SegmenterRequest, segmenter: Segmenter
) -> None:
    (everything,) = segmenter.segment([picture(0)])
    class_id = int(everything.class_id[0])
    name = segmenter.info.class_names[class_id]
    with vision.segmenter(replace(wanted, classes=(name.upper(), "unheard of"))) as some:
        (found,) = some.segment([picture(0)])
    assert set(found.class_id.tolist()) == {class_id}
    assert len(found) == np.count_nonzero(everything.class_id == class_id)


def test_classes_that_are_all_unknown_are_told(
    vision: VisionFactory, wanted: SegmenterRequest, segmenter: Segmenter
) -> None:
    with pytest.raises(SettingsError, match=r"none of .*giraffe") as caught:
        vision.segmenter(replace(wanted, classes=("giraffe", "okapi")))
    assert all(name in caught.value.hint for name in segmenter.info.class_names)


def test_missing_weights_are_missing(
    vision: VisionFactory, wanted: SegmenterRequest, tmp_path: Path
) -> None:
    with pytest.raises(WeightsMissing):
        vision.segmenter(replace(wanted, weights=tmp_path / "none.pt"))


def test_a_device_that_is_not_there_is_an_error(
    vision: VisionFactory, wanted: SegmenterRequest
) -> None:
    with pytest.raises(DeviceError):
        vision.segmenter(replace(wanted, device="cuda:99"))
