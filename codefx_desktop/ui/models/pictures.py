"""Picture arrays as Qt images."""

from __future__ import annotations

from typing import TYPE_CHECKING

from numpy.lib.stride_tricks import as_strided
from PySide6.QtGui import QImage

if TYPE_CHECKING:
    from codefx_desktop.domain.frame import Pixels


def image_of(pixels: Pixels) -> QImage:
    """Return an image over the array's own memory; nothing is copied.

    Args:
        pixels: RGB, (H, W, 3), uint8, each row packed. The caller keeps a reference to it for as
            long as the image lives.
    """
    return _image(pixels, QImage.Format.Format_RGB888)


def image_of_screen(pixels: Pixels) -> QImage:
    """Return an image over the memory of a picture that is as the screen's; nothing is copied.

    Args:
        pixels: BGRA, (H, W, 4), uint8, each row packed; as with ``image_of``.
    """
    return _image(pixels, QImage.Format.Format_RGB32)


def _image(pixels: Pixels, how: QImage.Format) -> QImage:
    height, width, each = pixels.shape
    row = pixels.strides[0]
    # Qt takes plain memory only: from the first pixel to the last, padding of rows included.
    memory = as_strided(pixels, ((height - 1) * row + each * width,), (1,))
    return QImage(memory.data, width, height, row, how)
