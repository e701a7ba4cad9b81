"""Polygons as pixels."""

from __future__ import annotations

import numpy as np
import pytest

from codefx_desktop.domain.raster import inside


def corners(*points: tuple[float, float]) -> np.ndarray:
    return np.array(points, np.float32)


def test_a_pixel_is_inside_if_its_middle_is() -> None:
    square = corners((0.4, 1.0), (2.6, 1.0), (2.6, 2.0), (0.4, 2.0))
    assert inside([square], 4, 3).astype(int).tolist() == [[0, 0, 0, 0], [1, 1, 1, 0], [0, 0, 0, 0]]
    shy = corners((0.6, 1.0), (2.4, 1.0), (2.4, 2.0), (0.6, 2.0))
    assert inside([shy], 4, 3)[1].astype(int).tolist() == [0, 1, 0, 0]


def test_neighbours_share_no_pixel_and_leave_none() -> None:
    left = corners((0, 0), (3.5, 0), (3.5, 4), (0, 4))
    right = corners((3.5, 0), (8, 0), (8, 4), (3.5, 4))
    assert (inside([left], 8, 4) ^ inside([right], 8, 4)).all()


def test_what_reaches_beyond_the_picture_is_cut() -> None:
    large = corners((-5, -5), (20, -5), (20, 2), (-5, 2))
    assert inside([large], 6, 4).sum(axis=1).tolist() == [6, 6, 0, 0]
    assert not inside([large + 50], 6, 4).any()


def test_parts_are_joined_also_where_they_overlap() -> None:
    one = corners((0, 0), (3, 0), (3, 1), (0, 1))
    two = corners((2, 0), (5, 0), (5, 1), (2, 1))
    assert inside([one, two], 6, 1).sum() == 5
    assert not inside([], 6, 1).any()
    assert not inside([corners((1, 1), (4, 1))], 6, 3).any()


@pytest.mark.parametrize("seed", range(6))
def test_any_polygon_agrees_with_a_ray_from_every_middle(seed: int) -> None:
    rng = np.random.default_rng(seed)
    polygon = rng.uniform(-3, 23, (int(rng.integers(3, 12)), 2))
    wanted = np.zeros((20, 20), bool)
    for y in range(20):
        for x in range(20):
            for (ax, ay), (bx, by) in zip(polygon, np.roll(polygon, -1, axis=0), strict=True):
                if (ay > y + 0.5) != (by > y + 0.5):
                    wanted[y, x] ^= x + 0.5 > ax + (y + 0.5 - ay) * (bx - ax) / (by - ay)
    assert (inside([polygon], 20, 20) == wanted).all()
