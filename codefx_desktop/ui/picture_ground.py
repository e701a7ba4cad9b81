"""The picture as it lies on its widget, scaled once for as long as neither changes."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QImage, QPainter

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


class PictureGround:
    """What lies under everything that is painted over a picture.

    Boxes, words and the pointer's glass are painted anew far more often than the picture under
    them changes: 1080 lines that are made smaller smoothly are most of such a painting's time.
    """

    def __init__(self) -> None:
        self._key: tuple[object, ...] | None = None
        self._made = QImage()

    def paint(
        self,
        painter: QPainter,
        widget: QWidget,
        image: QImage,
        rect: QRectF,
        color: QColor,
        *,
        smooth: bool,
    ) -> None:
        """Paint a picture and what is beside it.

        Args:
            painter: Of the widget.
            widget: What is filled.
            image: The picture; kept no longer than until the next one.
            rect: Where all of it lies on the widget.
            color: Of what it leaves free.
            smooth: Whether its pixels are smoothed.
        """
        ratio = widget.devicePixelRatioF()
        key = (image.cacheKey(), rect.getRect(), widget.size(), ratio, color.rgba(), smooth)
        if key != self._key:
            self._make(image, rect, color, widget.size(), ratio, smooth=smooth)
            self._key = key
        painter.drawImage(0, 0, self._made)

    def clear(self) -> None:
        """Let go of the picture."""
        self._key, self._made = None, QImage()

    def _make(
        self, image: QImage, rect: QRectF, color: QColor, size: QSize, ratio: float, *, smooth: bool
    ) -> None:
        pixels = QSize(math.ceil(size.width() * ratio), math.ceil(size.height() * ratio))
        if self._made.size() != pixels:
            self._made = QImage(pixels, QImage.Format.Format_RGB32)
        self._made.setDevicePixelRatio(ratio)
        painter = QPainter(self._made)
        if not rect.contains(QRectF(0.0, 0.0, size.width(), size.height())):
            painter.fillRect(QRectF(0.0, 0.0, size.width(), size.height()), color)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
        # Qt scales pictures of 32 bits a pixel more than twice as fast, the conversion included.
        painter.drawImage(rect, image.convertToFormat(QImage.Format.Format_RGB32))
        painter.end()
