"""The picture as it lies on its widget: ready made, or scaled once while neither changes."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QRectF, QSize, QSizeF
from PySide6.QtGui import QColor, QImage, QPainter

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


def pixels_of(rect: QRectF, ratio: float) -> QRect:
    """Return the pixels of the screen that a place on a widget comes to, ``ratio`` for each."""
    width, height = round(rect.width() * ratio), round(rect.height() * ratio)
    return QRect(round(rect.left() * ratio), round(rect.top() * ratio), width, height)


class PictureGround:
    """What lies under everything that is painted over a picture.

    Boxes, words and the pointer's glass are painted anew far more often than the picture under
    them changes: 1080 lines that are made smaller smoothly are most of such a painting's time. A
    picture that comes at the size it has here is only copied.
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
        fitted: QImage | None = None,
    ) -> None:
        """Paint a picture and what is beside it.

        Args:
            painter: Of the widget.
            widget: What is filled.
            image: The picture; kept no longer than until the next one.
            rect: Where all of it lies on the widget.
            color: Of what it leaves free.
            smooth: Whether its pixels are smoothed.
            fitted: The same picture at the size at which somebody expected it to lie here, of 32
                bits a pixel.
        """
        ratio = widget.devicePixelRatioF()
        place = pixels_of(rect, ratio)
        if fitted is not None and fitted.size() == place.size():
            self.clear()
            self._paint_fitted(painter, widget, fitted, place, color)
            return
        key = (image.cacheKey(), rect.getRect(), widget.size(), ratio, color.rgba(), smooth)
        if key != self._key:
            self._make(image, rect, color, widget.size(), ratio, smooth=smooth)
            self._key = key
        painter.drawImage(0, 0, self._made)

    def clear(self) -> None:
        """Let go of the picture."""
        self._key, self._made = None, QImage()

    def _paint_fitted(
        self, painter: QPainter, widget: QWidget, fitted: QImage, place: QRect, color: QColor
    ) -> None:
        ratio = widget.devicePixelRatioF()
        inside = QRectF(place.topLeft() / ratio, QSizeF(place.size()) / ratio)
        if not inside.contains(QRectF(widget.rect())):
            painter.fillRect(widget.rect(), color)
        painter.save()
        painter.scale(1 / ratio, 1 / ratio)  # in pixels of the screen, so that they are copied
        painter.drawImage(place.topLeft(), fitted)
        painter.restore()

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
