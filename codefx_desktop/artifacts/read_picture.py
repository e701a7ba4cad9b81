"""Reads a picture of a job back, no larger than it is wanted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

if TYPE_CHECKING:
    from codefx_desktop.domain.frame import Pixels

_START: Final = b"\xff\xd8\xff"
_END: Final = b"\xff\xd9"
_SIZES: Final = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
"""Markers of a JPEG whose segment begins with the picture's size."""
_REDUCED: Final = (
    (8, cv2.IMREAD_REDUCED_COLOR_8),
    (4, cv2.IMREAD_REDUCED_COLOR_4),
    (2, cv2.IMREAD_REDUCED_COLOR_2),
)


def jpeg_size(data: bytes) -> tuple[int, int]:
    """Return width and height that a JPEG's head tells.

    Raises:
        ValueError: If it is no whole JPEG.
    """
    if not (data.startswith(_START) and data.endswith(_END)):
        raise ValueError("is no whole JPEG picture")
    at = 2
    while at + 9 <= len(data) and data[at] == 0xFF:
        marker, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        if marker in _SIZES:
            height, width = (int.from_bytes(data[at + k : at + k + 2], "big") for k in (5, 7))
            return width, height
        at += 2 + length
    raise ValueError("is no JPEG picture that can be read")


def read_jpeg(data: bytes, at_most: tuple[int, int] | None = None) -> Pixels:
    """Return the pixels of a JPEG, shrunk to fit but never enlarged.

    The decoder halves while it decodes: a picture for a small place costs a fraction.

    Args:
        data: The file.
        at_most: Width and height of the place it is for; None for its full size.

    Returns:
        RGB, (H, W, 3), uint8, read-only.

    Raises:
        ValueError: If it is no whole JPEG picture.
    """
    width, height = jpeg_size(data)
    scale = 1.0 if at_most is None else min(1.0, at_most[0] / width, at_most[1] / height)
    flag = next((flag for by, flag in _REDUCED if scale * by <= 1.0), cv2.IMREAD_COLOR)
    found = cv2.imdecode(np.frombuffer(data, np.uint8), flag | cv2.IMREAD_IGNORE_ORIENTATION)
    if found is None:
        raise ValueError("is no JPEG picture that can be read")
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    if size != (found.shape[1], found.shape[0]):
        found = cv2.resize(found, size, interpolation=cv2.INTER_AREA)
    pixels: Pixels = cv2.cvtColor(found, cv2.COLOR_BGR2RGB)
    pixels.setflags(write=False)
    return pixels
