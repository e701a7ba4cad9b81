"""Polygons as masks, and how far masks overlap."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from codefx_desktop.domain.raster import inside

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codefx_desktop.domain.outlines import Polygon


@dataclass(frozen=True, slots=True, eq=False)
class Mask:
    """One object's pixels, without the empty rest of the picture.

    Attributes:
        left: Column of its first pixel in the picture.
        top: Row of its first pixel.
        inside: bool (H, W).
        area_px2: How many pixels are inside.
    """

    left: int
    top: int
    inside: npt.NDArray[np.bool_]
    area_px2: int


def mask_of(parts: Sequence[Polygon], size: tuple[int, int]) -> Mask:
    """Return the pixels whose middle lies in any of an object's polygons.

    Args:
        parts: float32 (P, 2) each, pixels from the picture's upper left corner.
        size: Width and height of the picture.
    """
    if not parts:
        return Mask(0, 0, np.zeros((0, 0), bool), 0)
    stacked = np.concatenate(parts)
    low = np.clip(np.floor(stacked.min(axis=0)), 0, size).astype(int)
    high = np.clip(np.ceil(stacked.max(axis=0)), 0, size).astype(int)
    width, height = (int(side) for side in high - low)
    if width < 1 or height < 1:
        return Mask(0, 0, np.zeros((0, 0), bool), 0)
    filled = inside([part - low for part in parts], width, height)
    return Mask(int(low[0]), int(low[1]), filled, int(filled.sum()))


def mask_iou(first: Sequence[Mask], second: Sequence[Mask]) -> npt.NDArray[np.float64]:
    """Return the overlap of masks over their union, float64 (N, M)."""
    overlap = np.zeros((len(first), len(second)))
    for row, a in enumerate(first):
        for column, b in enumerate(second):
            common = _common_px2(a, b)
            overlap[row, column] = common / max(a.area_px2 + b.area_px2 - common, 1)
    return overlap


def _common_px2(a: Mask, b: Mask) -> int:
    left, top = max(a.left, b.left), max(a.top, b.top)
    right = min(a.left + a.inside.shape[1], b.left + b.inside.shape[1])
    bottom = min(a.top + a.inside.shape[0], b.top + b.inside.shape[0])
    if right <= left or bottom <= top:
        return 0
    shared = (
        a.inside[top - a.top : bottom - a.top, left - a.left : right - a.left]
        & b.inside[top - b.top : bottom - b.top, left - b.left : right - b.left]
    )
    return int(np.count_nonzero(shared))
