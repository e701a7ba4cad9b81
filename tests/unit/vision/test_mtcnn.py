"""The cascade beside the library's own, and what the library's breaks on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import models
import numpy as np
import pytest

from codefx_desktop.domain.ports import FaceRequest

if TYPE_CHECKING:
    import torch

    from codefx_desktop.domain.frame import Pixels
    from codefx_desktop.vision.area_sums import AreaSums
    from codefx_desktop.vision.mtcnn import Cascade

SIDE = 24


def sums_of(pictures: Pixels) -> AreaSums:
    import torch

    from codefx_desktop.vision.area_sums import AreaSums

    return AreaSums(pictures, torch.device("cpu"))


def as_torch(pictures: Pixels) -> torch.Tensor:
    import torch

    return torch.from_numpy(pictures).permute(0, 3, 1, 2).float()


@pytest.mark.parametrize(("height", "width"), [(1, 1), (20, 35), (43, 77), (99, 131)])
def test_smaller_pictures_are_the_librarys(height: int, width: int) -> None:
    from torch.nn.functional import interpolate

    pictures = np.stack([models.blobs(99, 131, seed) for seed in range(2)])
    small = sums_of(pictures).resized(height, width)
    area = interpolate(as_torch(pictures), size=(height, width), mode="area")
    np.testing.assert_allclose(small, area, atol=1e-4)


def test_crops_are_the_librarys() -> None:
    import torch
    from torch.nn.functional import interpolate

    pictures = np.stack([models.blobs(99, 131, seed) for seed in range(3)])
    owners = torch.tensor([2, 0, 1, 0, 2])
    boxes = [(0, 0, 131, 99), (5, 7, 6, 8), (100, 3, 131, 20), (0, 40, 9, 99), (30, 30, 54, 54)]
    crops = sums_of(pictures).crops(owners, torch.tensor(boxes), SIDE)
    whole = as_torch(pictures)
    for crop, owner, (left, top, right, bottom) in zip(crops, owners.tolist(), boxes, strict=True):
        part = whole[owner : owner + 1, :, top:bottom, left:right]
        expected = interpolate(part, size=(SIDE, SIDE), mode="area")[0]
        np.testing.assert_allclose(crop, expected, atol=1e-4)


def test_sums_larger_than_their_numbers_do_not_matter() -> None:
    """White pixels of 9 megapixels add up to more than 32 bits with a sign hold."""
    picture = np.full((1, 3000, 3001, 3), 255, np.uint8)
    picture[0, 1500:, :1500] = 205
    sums = sums_of(picture)
    assert int(sums._sums.min()) < 0, "the picture is large enough"
    means = sums.resized(2, 1)[0, 0].flatten().tolist()
    assert means == pytest.approx([255, 230], abs=0.02)


@pytest.fixture(scope="module")
def cascade() -> Cascade:
    from codefx_desktop.vision.device import choose_device
    from codefx_desktop.vision.faces import MtcnnFaceFinder

    found = MtcnnFaceFinder(FaceRequest("cpu"), choose_device("cpu"))._cascade
    assert found is not None
    return found


def librarys(cascade: Cascade, pictures: Pixels) -> list[tuple[Any, Any]]:
    """Return what the library's own cascade says with the same networks."""
    import torch
    from facenet_pytorch.models.utils.detect_face import detect_face

    nets = (cascade._first, cascade._second, cascade._third)
    with torch.inference_mode():
        boxes, points = detect_face(
            pictures, 20, *nets, cascade._thresholds, 0.709, torch.device("cpu")
        )
    return [
        (one.astype(np.float32).reshape(-1, 5), marks.astype(np.float32).reshape(-1, 5, 2))
        for one, marks in zip(boxes, points, strict=True)
    ]


def test_the_same_faces_as_the_library_in_any_picture(cascade: Cascade) -> None:
    import cv2
    import torch

    photo, total = models.zidane(), 0
    random = np.random.default_rng(1)
    for size in (1.0, 0.6, 0.35):
        height, width = random.integers(500, 700), random.integers(700, 1280)
        part = cv2.resize(photo[:height, -width:], None, fx=size, fy=size)
        pictures = np.ascontiguousarray(np.stack([part, part[:, ::-1], np.zeros_like(part)]))
        with torch.inference_mode():
            ours = cascade.find(pictures)
        for mine, theirs in zip(ours, librarys(cascade, pictures), strict=True):
            assert len(mine[0]) == len(theirs[0])
            np.testing.assert_allclose(mine[0], theirs[0], atol=0.01)
            np.testing.assert_allclose(mine[1], theirs[1], atol=0.01)
            total += len(mine[0])
    assert total >= 6


def test_candidates_outside_the_picture_are_dropped(cascade: Cascade) -> None:
    import torch

    sums = sums_of(np.stack([models.blobs(60, 80)]))
    rows = torch.tensor(
        [[-30.0, 5, -3, 30, 1], [70, 50, 95, 75, 1], [81, 5, 99, 30, 1], [9, 61, 30, 82, 1]]
    )
    kept, owners, said = cascade._looked(
        cascade._second, SIDE, sums, rows, torch.zeros(4, dtype=torch.long)
    )
    assert kept.tolist() == [[70, 50, 95, 75, 1]]
    assert [len(part) for part in (owners, *said)] == [1, 1, 1]
    nothing = cascade._looked(cascade._third, 48, sums, rows[:1], torch.zeros(1, dtype=torch.long))
    assert [len(part) for part in (*nothing[:2], *nothing[2])] == [0, 0, 0, 0, 0]


@pytest.mark.parametrize(
    ("height", "strips"),
    [(12, 1), (13, 1), (192, 1), (288, 1), (289, 2), (433, 2), (480, 2), (481, 3), (977, 5)],
)
def test_strips_say_the_same_as_the_whole(cascade: Cascade, height: int, strips: int) -> None:
    import torch

    from codefx_desktop.vision import mtcnn

    picture = models.blobs(height, 40)[None]
    sums = sums_of(picture)
    with torch.inference_mode():
        scale = (height - 0.5) / height
        moves, scores = cascade._looked_over(sums, scale)
        small = mtcnn._centred(sums.resized(height, int(40 * scale + 1)))
        whole, likely = cascade._first(small)
    np.testing.assert_allclose(moves, whole, atol=1e-5)
    np.testing.assert_allclose(scores, likely[:, 1], atol=1e-5)
    assert len(mtcnn._strips(height)) == strips


def test_a_picture_too_small_for_any_face_has_none(cascade: Cascade) -> None:
    assert [len(rows) for rows, _ in cascade.find(np.zeros((2, 19, 400, 3), np.uint8))] == [0, 0]
