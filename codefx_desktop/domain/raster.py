"""Polygons as pixels, exactly: a pixel is inside if its middle is.

Drawing functions colour every pixel that an edge touches, which makes small objects visibly larger.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Sequence


def inside(
    parts: Sequence[npt.NDArray[np.floating[Any]]], width: int, height: int
) -> npt.NDArray[np.bool_]:
    """Return the pixels whose middle lies in any of the polygons, bool (height, width).

    Args:
        parts: (P, 2) each, x and y in pixels from the upper left corner of the first pixel, not
            closed; they may reach beyond the picture. Where a polygon crosses itself, what it
            winds around twice is outside.
        width: Of the result.
        height: Of the result.
    """
    filled = np.zeros((height, width), bool)
    for part in parts:
        filled |= _inside_one(np.asarray(part, np.float64), width, height)
    return filled


def _inside_one(polygon: npt.NDArray[np.float64], width: int, height: int) -> npt.NDArray[np.bool_]:
    """Toggle at every crossing of an edge with a row's middle, then sum along the row."""
    begin, end = polygon, np.roll(polygon, -1, axis=0)
    upper = np.where((begin[:, 1] <= end[:, 1])[:, None], begin, end)
    lower = np.where((begin[:, 1] <= end[:, 1])[:, None], end, begin)
    # The rows whose middle y is upper <= y < lower; a level edge has none.
    first, last = (
        np.clip(np.ceil(each[:, 1] - 0.5), 0, height).astype(np.intp) for each in (upper, lower)
    )
    counts = last - first
    edge = np.repeat(np.arange(len(polygon)), counts)
    row = np.arange(len(edge)) - np.repeat(np.cumsum(counts) - counts, counts) + first[edge]
    run, rise = (lower - upper)[edge].T
    crossing = upper[edge, 0] + (row + 0.5 - upper[edge, 1]) * run / rise
    column = np.clip(np.ceil(crossing - 0.5), 0, width).astype(np.intp)
    toggles = np.bincount(row * (width + 1) + column, minlength=height * (width + 1))
    summed = np.cumsum(toggles.reshape(height, width + 1)[:, :width], axis=1)
    filled: npt.NDArray[np.bool_] = summed % 2 == 1
    return filled
