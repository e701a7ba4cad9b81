"""Masks and outlines: against the library's own, and where arithmetic goes wrong by halves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from outline_raster import iou, pixels_inside

from codefx_desktop.vision.letterbox import Letterbox
from codefx_desktop.vision.polygons import mask_in_box, polygons

if TYPE_CHECKING:
    from codefx_desktop.domain.outlines import Polygon

SIZES = [(720, 1280), (500, 1020), (1080, 1920), (640, 360), (97, 333)]


def smooth(letterbox: Letterbox, radius_px: float, seed: int) -> np.ndarray:
    """Return scores of a round, dented shape, float32 (h, w), positive inside."""
    random = np.random.default_rng(seed)
    height, width = (side // 4 for side in letterbox.shape)
    y, x = np.mgrid[:height, :width].astype(np.float32)
    x -= random.uniform(0.3, 0.7) * width
    y -= random.uniform(0.4, 0.6) * height
    angle = np.arctan2(y, x)
    dents = sum(
        random.uniform(-0.2, 0.2) * np.cos(k * angle + random.uniform(0, 6)) for k in (2, 3, 4)
    )
    return (radius_px / 4 * (1 + dents) - np.hypot(x, y)).astype(np.float32)


def whole(size: tuple[int, int]) -> np.ndarray:
    return np.array([0, 0, size[1], size[0]], np.float32)


def of_rows(*rows: str) -> np.ndarray:
    return np.array([[c == "#" for c in row] for row in rows], np.uint8)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("radius_px", [6, 10, 20, 40, 100])
def test_outlines_keep_to_the_masks_of_the_library(size: tuple[int, int], radius_px: float) -> None:
    import torch
    from ultralytics.utils.ops import process_mask_native

    letterbox = Letterbox.fit(size, 640, 32)
    for seed in range(3):
        scores = smooth(letterbox, radius_px, seed)
        parts = polygons(*mask_in_box(scores, letterbox, whole(size)))
        # One prototype, and an object that takes all of it.
        prototype, box = torch.from_numpy(scores)[None], torch.from_numpy(whole(size))[None]
        theirs = process_mask_native(prototype, torch.ones(1, 1), box, size)[0].numpy()
        assert theirs.sum() > 20
        assert iou(pixels_inside(parts, size), theirs) >= (0.97 if size[0] > 97 else 0.94)


def test_a_mask_is_cut_to_its_box_by_the_librarys_rule() -> None:
    size = (720, 1280)
    letterbox = Letterbox.fit(size, 640, 32)
    scores = np.ones((letterbox.shape[0] // 4, letterbox.shape[1] // 4), np.float32)
    mask, corner = mask_in_box(scores, letterbox, np.array([10.2, 20.0, 14.0, 22.7], np.float32))
    assert corner == (11, 20)  # pixels 11 to 13 and 20 to 22
    assert mask.tolist() == [[1, 1, 1]] * 3


@pytest.mark.parametrize("box", [[5, 5, 5, 9], [5.2, 5.2, 5.8, 9.9], [1280, 720, 1280, 720]])
def test_a_box_without_a_pixel_has_no_mask(box: list[float]) -> None:
    letterbox = Letterbox.fit((720, 1280), 640, 32)
    mask, corner = mask_in_box(np.ones((96, 160), np.float32), letterbox, np.array(box, np.float32))
    assert mask.size == 0
    assert polygons(mask, corner) == ()


def test_a_point_of_the_scores_lands_on_its_place_in_the_picture() -> None:
    """A picture upright in a padded input: borders left and right, scale two."""
    size = (1280, 720)
    letterbox = Letterbox.fit(size, 640, 32)
    assert letterbox.left > 0 or letterbox.shape[1] == 384
    scores = np.full((letterbox.shape[0] // 4, letterbox.shape[1] // 4), -1.0, np.float32)
    scores[40, 20] = 1.0
    mask, (left, top) = mask_in_box(scores, letterbox, whole(size))
    rows, columns = np.nonzero(mask)
    # Centre of its 4 x 4 input pixels, without the border, times two.
    assert columns.mean() + left + 0.5 == pytest.approx((82 - letterbox.left) * 2, abs=0.1)
    assert rows.mean() + top + 0.5 == pytest.approx((162 - letterbox.top) * 2, abs=0.1)


def corners(polygon: Polygon) -> set[tuple[float, float]]:
    return {(float(x), float(y)) for x, y in polygon}


def test_outlines_run_along_the_edges_of_pixels() -> None:
    mask = np.ones((4, 6), np.uint8)
    (polygon,) = polygons(mask, (100, 50))
    assert polygon.dtype == np.float32
    assert corners(polygon) == {(100, 50), (106, 50), (106, 54), (100, 54)}


def test_a_part_one_pixel_wide_keeps_its_area() -> None:
    (polygon,) = polygons(np.ones((1, 12), np.uint8), (0, 0))
    assert corners(polygon) == {(0, 0), (12, 0), (12, 1), (0, 1)}


def test_the_largest_part_is_first_and_crumbs_are_left_out() -> None:
    mask = np.zeros((60, 120), np.uint8)
    mask[2:7, 2:7] = 1  # 25 px, over 1 % of the largest
    mask[10:50, 20:60] = 1  # 1600
    mask[5:35, 70:100] = 1  # 900
    mask[50:52, 110:114] = 1  # 8: too small
    parts = polygons(mask, (0, 0))
    assert [pixels_inside([part], mask.shape).sum() for part in parts] == [1600, 900, 25]
    mask[36:60, :110] = 1
    assert len(polygons(mask, (0, 0))) == 2, "25 px are under 1 % now"


def test_holes_are_filled() -> None:
    mask = np.ones((20, 20), np.uint8)
    mask[5:15, 5:15] = 0
    (polygon,) = polygons(mask, (0, 0))
    assert pixels_inside([polygon], (20, 20)).all()


@pytest.mark.parametrize(
    "mask", [of_rows("#"), of_rows("##", "##"), of_rows("....", "...."), np.zeros((0, 0), np.uint8)]
)
def test_too_small_a_mask_has_no_outline(mask: np.ndarray) -> None:
    assert polygons(mask, (3, 3)) == ()


def test_an_outline_lies_within_a_pixel_of_the_masks_edge() -> None:
    size = (720, 1280)
    letterbox = Letterbox.fit(size, 640, 32)
    mask, corner = mask_in_box(smooth(letterbox, 100, 1), letterbox, whole(size))
    (polygon,) = polygons(mask, corner)
    import cv2

    wrong = (pixels_inside([polygon], size) != mask.astype(bool)).astype(np.uint8)
    edge = cv2.morphologyEx(mask, cv2.MORPH_GRADIENT, np.ones((5, 5), np.uint8))
    assert not (wrong & (edge == 0)).any()
    assert len(polygon) < 120
