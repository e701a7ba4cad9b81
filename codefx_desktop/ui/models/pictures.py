"""Picture arrays as Qt images."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QImage

if TYPE_CHECKING:
    from codefx_desktop.domain.frame import Pixels


def image_of(pixels: Pixels) -> QImage:
    """Return an image over the array's own memory; nothing is copied.

    Args:
        pixels: RGB, (H, W, 3), uint8, rows contiguous. The caller keeps a reference to it for as
            long as the image lives.
    """
    height, width, _ = pixels.shape
    return QImage(pixels.data, width, height, pixels.strides[0], QImage.Format.Format_RGB888)
