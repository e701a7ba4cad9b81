"""Masks of polygons and their overlap."""

from __future__ import annotations

import numpy as np
import pytest

from codefx_desktop.bench.masks import mask_iou, mask_of

SIZE = (40, 30)


def square(left: float, top: float, side: float = 10.0) -> np.ndarray:
    right, bottom = left + side, top + side
    return np.array([(left, top), (right, top), (right, bottom), (left, bottom)], np.float32)


def test_a_mask_is_cut_to_its_object() -> None:
    mask = mask_of([square(5, 7)], SIZE)
    assert (mask.left, mask.top, mask.inside.shape, mask.area_px2) == (5, 7, (10, 10), 100)
    assert mask_of([square(35, 25)], SIZE).area_px2 == 25
    assert mask_of([square(100, 100)], SIZE).area_px2 == 0
    assert mask_of([], SIZE).area_px2 == 0


def test_overlap_of_masks() -> None:
    first = [mask_of([square(0, 0)], SIZE), mask_of([], SIZE)]
    second = [mask_of([square(x, 0)], SIZE) for x in (0, 5, 20)]
    assert mask_iou(first, second) == pytest.approx(np.array([[1, 1 / 3, 0], [0, 0, 0]]))
    assert mask_iou([], second).shape == (0, 3)


def test_overlap_is_that_of_whole_pictures() -> None:
    rng = np.random.default_rng(3)
    masks = []
    for _ in range(12):
        parts = [rng.uniform(-5, 42, (5, 2)).astype(np.float32) for _ in range(2)]
        masks.append(mask_of(parts, SIZE))
    whole = np.zeros((12, SIZE[1], SIZE[0]), bool)
    for full, mask in zip(whole, masks, strict=True):
        height, width = mask.inside.shape
        full[mask.top : mask.top + height, mask.left : mask.left + width] = mask.inside
    flat = whole.reshape(12, -1)
    common = (flat[:, None] & flat[None]).sum(axis=2)
    union = (flat[:, None] | flat[None]).sum(axis=2)
    assert mask_iou(masks, masks) == pytest.approx(common / np.maximum(union, 1))
