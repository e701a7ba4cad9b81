"""Makes faces unrecognisable, in a way that cannot be undone.

A blur alone can be: it is a known filter that keeps every frequency a little, and of a video there
are many pictures of one face. So a face is first reduced to a few mean colours, which is all that
is kept of it, then enlarged and smoothed for the eye. How few does not depend on how large the
face is in the picture.

Source: Hill et al., "On the (In)effectiveness of Mosaicing and Blurring as Tools for Document
Redaction", PoPETs 2016; McPherson et al., "Defeating Image Obfuscation with Deep Learning", 2016:
known faces can be matched to blurs and to mosaics, hence so few cells here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from codefx_desktop.domain.frame import Pixels
    from codefx_desktop.domain.outlines import Faces

CELLS: Final = 4
"""Mean colours across and down that are kept of a face with its margin."""

MARGIN: Final = 0.25
"""How much is added on each side, of the face's own width and height: hair, ears and chin tell,
and a face moves between the frame it was found in and the next."""


def blur_faces(pixels: Pixels, faces: Faces, *, margin: float = MARGIN) -> Pixels:
    """Return a copy of a picture in which no face can be recognised.

    Args:
        pixels: RGB, (H, W, 3), uint8; left as it is.
        faces: In pixels of this picture.
        margin: Added on each side, of the face's width and height.

    Returns:
        RGB, (H, W, 3), uint8, C-contiguous, writable.

    Raises:
        ValueError: If a face is nowhere (NaN): what cannot be found cannot be hidden.
    """
    if not np.isfinite(faces.xyxy).all():
        raise ValueError("a face to be blurred has no place")
    picture = np.array(pixels, order="C")
    places = [_place(box, margin, picture.shape[:2]) for box in faces.xyxy.astype(np.float64)]
    # From the picture as it was: a face over another must not bring back what that one hid.
    for left, top, right, bottom in places:
        if left < right and top < bottom:
            region = pixels[top:bottom, left:right]
            _cover(picture, (left, top), _unrecognisable(region))
    return picture


def _place(
    box: npt.NDArray[np.float64], margin: float, shape: tuple[int, ...]
) -> tuple[int, int, int, int]:
    """Return what is to be hidden as left, top, right, bottom; whole pixels, outwards."""
    x1, x2 = sorted((box[0], box[2]))
    y1, y2 = sorted((box[1], box[3]))
    wide, high = (x2 - x1) * margin, (y2 - y1) * margin
    low = np.clip(np.floor((x1 - wide, y1 - high)), 0, (shape[1], shape[0]))
    top = np.clip(np.ceil((x2 + wide, y2 + high)), 0, (shape[1], shape[0]))
    return int(low[0]), int(low[1]), int(top[0]), int(top[1])


def _unrecognisable(region: Pixels) -> Pixels:
    height, width = region.shape[:2]
    cells = (min(CELLS, width), min(CELLS, height))
    few = cv2.resize(np.ascontiguousarray(region), cells, interpolation=cv2.INTER_AREA)
    # From these on nothing is left of the face but its mean colours.
    large = cv2.resize(few, (width, height), interpolation=cv2.INTER_NEAREST)
    reach = max(1, round(max(width, height) / CELLS / 2))
    return np.asarray(cv2.blur(large, (reach, reach)), np.uint8)


def _cover(picture: Pixels, corner: tuple[int, int], region: Pixels) -> None:
    left, top = corner
    picture[top : top + region.shape[0], left : left + region.shape[1]] = region
