"""From a segmentation model's mask to polygons in pixels of the picture.

A mask leaves the model coarse, a quarter of the input's size, as scores whose sign decides. It is
read once, straight at the picture's pixels: interpolated there, cut at zero, and cut to its box.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from codefx_desktop.domain.outlines import Polygon
    from codefx_desktop.vision.letterbox import Letterbox

SMALLEST_PX2 = 9.0
"""A part of a smaller area has no outline worth drawing: it is three pixels wide at most."""
SMALLEST_SHARE = 0.01
"""Of the largest part's area; smaller parts are crumbs."""
TOLERANCE_PX = 1.0
"""How far a simplified outline may lie from the mask's edge, for objects of ordinary size."""
TOLERANCE_SHARE = 0.02
"""The same as a share of the square root of the area, for small ones.

Source: measured on smooth shapes about 20 px wide: with one pixel for all, the worst overlaps its
mask by 0.88; with this by 0.98, with three times as many corners.
"""


def mask_in_box(
    scores: npt.NDArray[np.float32], letterbox: Letterbox, xyxy: npt.NDArray[np.float32]
) -> tuple[npt.NDArray[np.uint8], tuple[int, int]]:
    """Return an object's mask within its box, at the picture's own pixels.

    Args:
        scores: float32 (h, w), over the whole input, borders included; positive inside.
        letterbox: How the picture lies in the input.
        xyxy: float32 (4,), the object's box in pixels of the picture.

    Returns:
        uint8 (H, W), 1 inside, of the pixels whose upper left corner lies in the box; and the
        (x, y) of its own upper left pixel in the picture. Empty if no pixel does.
    """
    left, top, right, bottom = (int(side) for side in np.ceil(xyxy))
    width, height = right - left, bottom - top
    if width < 1 or height < 1:
        return np.zeros((0, 0), np.uint8), (left, top)
    x_scale, x_shift = _line(letterbox, scores.shape, axis=1)
    y_scale, y_shift = _line(letterbox, scores.shape, axis=0)
    matrix = np.array(
        [[x_scale, 0.0, x_scale * left + x_shift], [0.0, y_scale, y_scale * top + y_shift]]
    )
    full = cv2.warpAffine(
        scores,
        matrix,
        (width, height),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return (full > 0).astype(np.uint8), (left, top)


def _line(letterbox: Letterbox, shape: tuple[int, ...], axis: int) -> tuple[float, float]:
    """Return scale and shift from a pixel of the picture to one of the scores.

    Both are counted at their centres, hence the halves.
    """
    to_input = letterbox.size[axis] / letterbox.source[axis]
    to_scores = shape[axis] / letterbox.shape[axis]
    border = (letterbox.top, letterbox.left)[axis]
    return to_input * to_scores, (0.5 * to_input + border) * to_scores - 0.5


def polygons(mask: npt.NDArray[np.uint8], corner: tuple[int, int]) -> tuple[Polygon, ...]:
    """Return the outlines of a mask's parts, largest first; holes are filled.

    Outlines run along the edges of pixels, as boxes do, not through their centres (which would
    take half a pixel from each side, and all of a part that is one pixel wide).

    Args:
        mask: uint8 (H, W), 1 inside.
        corner: (x, y) of its upper left pixel in the picture.

    Returns:
        Polygons, float32 (P, 2), in pixels of the picture. Tiny parts are left out.
    """
    if not mask.any():
        return ()
    lines, _ = cv2.findContours(_corners(mask), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    parts = sorted((_simple(line) for line in lines), key=_area_px2, reverse=True)
    smallest = max(SMALLEST_PX2, SMALLEST_SHARE * _area_px2(parts[0]))
    return tuple(
        (part.reshape(-1, 2) / 2 + corner).astype(np.float32)
        for part in parts
        if _area_px2(part) >= smallest
    )


def _area_px2(line: npt.NDArray[np.int32]) -> float:
    """Return the area within an outline on the grid of half pixels, in whole ones."""
    return float(cv2.contourArea(line)) / 4


def _corners(mask: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """Return uint8 (2H + 1, 2W + 1): a grid of half pixels that begins at the first edge.

    A pixel covers its four corners and what lies between them, so that an outline of this grid
    through its points is one of the mask along its pixels' edges.
    """
    height, width = mask.shape
    grid = np.zeros((2 * height + 1, 2 * width + 1), np.uint8)
    grid[1::2, 1::2] = mask
    return np.asarray(cv2.dilate(grid, np.ones((3, 3), np.uint8)), np.uint8)


def _simple(line: npt.NDArray[np.int32]) -> npt.NDArray[np.int32]:
    tolerance_px = min(TOLERANCE_PX, TOLERANCE_SHARE * _area_px2(line) ** 0.5)
    fewer: npt.NDArray[np.int32] = cv2.approxPolyDP(line, 2 * tolerance_px, closed=True)
    return fewer if len(fewer) >= 3 else line
