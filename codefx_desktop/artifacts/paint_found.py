"""Paints what was segmented and which faces were found; pure functions on pictures.

Sizes follow the shorter side of the picture, colours are those of the overlay.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

from codefx_desktop.domain.overlay import FACE_COLOR, Rgb, class_color

if TYPE_CHECKING:
    import numpy.typing as npt

    from codefx_desktop.domain.frame import Pixels
    from codefx_desktop.domain.outlines import Faces, Segments

FILL: Final = 0.4
"""How much of a segment's colour covers the picture: the object below must stay to be seen."""

_EDGE: Final[Rgb] = (16, 16, 16)
_SHIFT: Final = 4
"""Binary digits after the point that OpenCV is given: corners keep a sixteenth of a pixel."""


def paint_segments(pixels: Pixels, segments: Segments) -> Pixels:
    """Return a copy of a picture with objects filled translucently and outlined.

    Small objects are painted last, so that none disappears below a large one.

    Args:
        pixels: RGB, (H, W, 3), uint8; left as it is.
        segments: In pixels of this picture.

    Returns:
        RGB, (H, W, 3), uint8, C-contiguous, writable.
    """
    picture = np.array(pixels, order="C")
    draw_segments(picture, segments)
    return picture


def draw_segments(picture: Pixels, segments: Segments) -> None:
    """Do as ``paint_segments`` into a picture that is C-contiguous and writable."""
    far = 4 * max(picture.shape)
    shown = [
        (parts, class_color(class_id))
        for polygons, class_id in zip(segments.polygons, segments.class_id.tolist(), strict=True)
        if (parts := [_fixed(polygon, far) for polygon in polygons if _is_place(polygon)])
    ]
    shown.sort(key=lambda item: sum(cv2.contourArea(part) for part in item[0]), reverse=True)
    for parts, color in shown:
        _fill(picture, parts, color)
    line, edge = _line_px(picture)
    for parts, color in shown:
        cv2.polylines(picture, parts, True, _EDGE, line + 2 * edge, cv2.LINE_AA, _SHIFT)
        cv2.polylines(picture, parts, True, color, line, cv2.LINE_AA, _SHIFT)


def _fill(picture: Pixels, parts: list[npt.NDArray[np.int32]], color: Rgb) -> None:
    """Mix a colour into the polygons, within the rectangle they take and nowhere else."""
    places = np.concatenate(parts) / (1 << _SHIFT)
    height, width = picture.shape[:2]
    left, top = np.clip(np.floor(places.min(axis=0)).astype(int), 0, (width, height))
    right, bottom = np.clip(np.ceil(places.max(axis=0)).astype(int) + 1, 0, (width, height))
    if left >= right or top >= bottom:
        return
    region = picture[top:bottom, left:right]
    mask = np.zeros(region.shape[:2], np.uint8)
    corner = np.array((left, top), np.int32) << _SHIFT
    for part in parts:  # one by one: together, parts that overlap would cut holes
        cv2.fillPoly(mask, [part - corner], 255, cv2.LINE_8, _SHIFT)
    mixed = cv2.addWeighted(region, 1 - FILL, np.full_like(region, color), FILL, 0)
    cv2.copyTo(mixed, mask, region)


def paint_faces(pixels: Pixels, faces: Faces) -> Pixels:
    """Return a copy of a picture with a box and five points on each face.

    Args:
        pixels: RGB, (H, W, 3), uint8; left as it is.
        faces: In pixels of this picture.

    Returns:
        RGB, (H, W, 3), uint8, C-contiguous, writable.
    """
    picture = np.array(pixels, order="C")
    draw_faces(picture, faces)
    return picture


def draw_faces(picture: Pixels, faces: Faces) -> None:
    """Do as ``paint_faces`` into a picture that is C-contiguous and writable."""
    far = 4 * max(picture.shape)
    line, edge = _line_px(picture)
    for box, points in zip(faces.xyxy, faces.landmarks, strict=True):
        if _is_place(box):
            first, second = _fixed(box.reshape(2, 2), far).tolist()
            for color, wide in ((_EDGE, line + 2 * edge), (FACE_COLOR, line)):
                cv2.rectangle(picture, first, second, color, wide, cv2.LINE_8, _SHIFT)
        for point in (point for point in points if _is_place(point)):
            (center,) = _fixed(point.reshape(1, 2), far).tolist()
            for color, radius in ((_EDGE, line + edge), (FACE_COLOR, line)):
                wide = radius << _SHIFT
                cv2.circle(picture, center, wide, color, cv2.FILLED, cv2.LINE_AA, _SHIFT)


def _is_place(points: npt.NDArray[np.float32]) -> bool:
    return bool(np.isfinite(points).all())


def _fixed(points: npt.NDArray[np.float32], far: int) -> npt.NDArray[np.int32]:
    """Return points, float32 (N, 2), in the fixed-point form that OpenCV draws."""
    near = np.clip(points.astype(np.float64), -far, far)
    return np.rint(near * (1 << _SHIFT)).astype(np.int32)


def _line_px(picture: Pixels) -> tuple[int, int]:
    """Return the width of a line and of its dark edge."""
    short = min(picture.shape[:2])
    return max(1, round(short / 360)), max(1, round(short / 1080))
