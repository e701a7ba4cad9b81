"""What every face finder promises (``domain.ports.FaceFinder``), over the fake and the real one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import models
import numpy as np
import pytest
from fakes import FakeVision

from codefx_desktop.domain.detections import NO_TRACK
from codefx_desktop.domain.errors import DeviceError
from codefx_desktop.domain.ports import FaceRequest
from codefx_desktop.vision import Vision

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codefx_desktop.domain.frame import Frame, Pixels
    from codefx_desktop.domain.outlines import Faces
    from codefx_desktop.domain.ports import FaceFinder, VisionFactory


@pytest.fixture(scope="module", params=["fake", "mtcnn"])
def vision(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> VisionFactory:
    if request.param == "fake":
        return FakeVision()
    return Vision(models.folders(tmp_path_factory.mktemp("vision")))


@pytest.fixture(scope="module")
def finder(vision: VisionFactory) -> Iterator[FaceFinder]:
    with vision.face_finder(FaceRequest("cpu")) as opened:
        yield opened


@pytest.fixture(scope="module")
def face(vision: VisionFactory) -> Pixels:
    """Return a face, (240, 180, 3): for the fake, a bright block is one."""
    if isinstance(vision, FakeVision):
        pixels = np.zeros((240, 180, 3), np.uint8)
        pixels[60:160, 50:120] = 255
        return pixels
    return models.zidane()[60:300, 890:1070]


def shown(face: Pixels, number: int = 0, size: tuple[int, int] = (360, 480)) -> Frame:
    """Return a frame that shows the face a little farther right in every frame."""
    pixels = np.full((*size, 3), 60, np.uint8)
    left = 40 + 8 * number
    pixels[50:290, left : left + 180] = face
    return models.frame(pixels, number)


def empty(number: int = 0, size: tuple[int, int] = (360, 480)) -> Frame:
    return models.frame(np.full((*size, 3), 60, np.uint8), number)


def same(one: Faces, other: Faces) -> bool:
    return (
        len(one) == len(other)
        and np.allclose(one.xyxy, other.xyxy, atol=0.5)
        and np.allclose(one.landmarks, other.landmarks, atol=0.5)
        and np.allclose(one.confidence, other.confidence, atol=0.01)
    )


def test_it_says_what_is_loaded(finder: FaceFinder) -> None:
    assert finder.info.name
    assert len(finder.info.sha256) == 64
    assert finder.info.device.name == "cpu"
    assert finder.batch_size >= 1


def test_a_face_is_found_with_its_points(finder: FaceFinder, face: Pixels) -> None:
    (found,) = finder.find([shown(face)])
    assert len(found) == 1
    left, top, right, bottom = found.xyxy[0]
    assert 40 < left < right < 220
    assert 50 < top < bottom < 290
    assert 0.9 <= found.confidence[0] <= 1.0
    assert found.track_id.tolist() == [NO_TRACK]
    points = found.landmarks[0]
    assert ((points > (left, top)) & (points < (right, bottom))).all()
    left_eye, right_eye, nose, mouth_left, mouth_right = points
    assert left_eye[0] < right_eye[0]
    assert mouth_left[0] < mouth_right[0]
    assert max(left_eye[1], right_eye[1]) < nose[1] < min(mouth_left[1], mouth_right[1])


def test_each_frame_gets_its_faces_in_order(finder: FaceFinder, face: Pixels) -> None:
    frames = [shown(face, 0), empty(1), shown(face, 2), empty(3), shown(face, 4)]
    found = finder.find(frames)
    assert [len(one) for one in found] == [1, 0, 1, 0, 1]
    assert found[4].xyxy[0, 0] - found[0].xyxy[0, 0] == pytest.approx(32, abs=8)
    for frame, one in zip(frames, found, strict=True):
        assert same(one, finder.find([frame])[0])


def test_a_batch_without_any_face_is_no_trouble(finder: FaceFinder) -> None:
    assert [len(one) for one in finder.find([empty(n) for n in range(4)])] == [0] * 4


def test_frames_of_different_sizes_do_not_disturb_each_other(
    finder: FaceFinder, face: Pixels
) -> None:
    frames = [shown(face), empty(1, (97, 333)), shown(face, 2, (300, 400)), shown(face, 3)]
    assert [len(one) for one in finder.find(frames)] == [1, 0, 1, 1]


@pytest.mark.parametrize("size", [(1, 1), (1, 50), (19, 400), (20, 20), (21, 37), (400, 8)])
def test_tiny_pictures_are_no_trouble(finder: FaceFinder, size: tuple[int, int]) -> None:
    noise = np.random.default_rng(0).integers(0, 190, (*size, 3), np.uint8)
    assert [len(one) for one in finder.find([models.frame(noise)] * 3)] == [0] * 3


def test_the_same_picture_gives_the_same_faces(finder: FaceFinder, face: Pixels) -> None:
    first, second = (finder.find([shown(face)])[0] for _ in range(2))
    np.testing.assert_array_equal(first.xyxy, second.xyxy)
    np.testing.assert_array_equal(first.landmarks, second.landmarks)
    np.testing.assert_array_equal(first.confidence, second.confidence)


def test_no_frames_give_no_faces(finder: FaceFinder) -> None:
    assert finder.find([]) == []


def test_nothing_fainter_than_asked_for_is_found(vision: VisionFactory, face: Pixels) -> None:
    with vision.face_finder(FaceRequest("cpu", confidence=1.1)) as strict:
        assert len(strict.find([shown(face)])[0]) == 0


def test_nothing_smaller_than_asked_for_is_looked_for(vision: VisionFactory, face: Pixels) -> None:
    with vision.face_finder(FaceRequest("cpu", smallest_px=300)) as coarse:
        assert len(coarse.find([shown(face)])[0]) == 0


def test_a_device_that_is_not_there_is_an_error(vision: VisionFactory) -> None:
    with pytest.raises(DeviceError):
        vision.face_finder(FaceRequest("cuda:99"))
