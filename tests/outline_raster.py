"""Pixels of polygons, exactly: those whose centre lies inside (OpenCV paints the border, too)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable


def pixels_inside(polygons: Iterable[np.ndarray], shape: tuple[int, int]) -> np.ndarray:
    """Return bool (H, W): the union of the polygons, float (P, 2) in pixels."""
    covered = np.zeros(shape, bool)
    for polygon in polygons:
        covered |= _inside(polygon.astype(np.float64), shape)
    return covered


def _inside(polygon: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    """Return bool (H, W): every crossing of a row's line turns all to its right over."""
    turns = np.zeros((shape[0], shape[1] + 1), np.int64)
    for (x0, y0), (x1, y1) in zip(polygon, np.roll(polygon, -1, axis=0), strict=True):
        low, high = sorted((y0, y1))
        rows = np.arange(max(0, int(np.ceil(low - 0.5))), min(shape[0], int(np.ceil(high - 0.5))))
        if len(rows):
            cross = x0 + (rows + 0.5 - y0) * (x1 - x0) / (y1 - y0)
            np.add.at(turns, (rows, np.clip(np.ceil(cross - 0.5), 0, shape[1]).astype(int)), 1)
    return np.cumsum(turns, axis=1)[:, :-1] % 2 == 1


def iou(one: np.ndarray, other: np.ndarray) -> float:
    """Return the overlap of two masks; 1 where both are empty."""
    one, other = one.astype(bool), other.astype(bool)
    whole = int((one | other).sum())
    return float((one & other).sum() / whole) if whole else 1.0
