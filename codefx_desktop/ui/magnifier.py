"""A round glass over the picture: the clip's own pixels under the pointer, four times as large."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QCursor, QFontMetricsF, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QApplication

from codefx_desktop.ui.held_key import HeldKey
from codefx_desktop.ui.hud import hud_font
from codefx_desktop.ui.overlay_paint import Placement

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QAction, QImage
    from PySide6.QtWidgets import QWidget

    from codefx_desktop.ui.models.viewport import Viewport

ENLARGED: Final = 4.0
"""Widget pixels per pixel of the clip; a picture that is enlarged itself is doubled at least."""
RADIUS_PX: Final = 96.0
HELD_S: Final = 0.35
"""A key that is down for longer was held: the glass goes when it is let go."""
_CROSS_PX: Final = 7.0
_GAP_PX: Final = 3.0


class Magnifier(QObject):
    """Where the glass is, and its painting. What is said over the frame is not enlarged with it.

    Args:
        parent: The owner.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.is_on = False
        self._place: QPointF | None = None

    def set_on(self, is_on: bool) -> None:
        """Take the glass, or put it away."""
        if is_on != self.is_on:
            self.is_on = is_on
            self.changed.emit()

    def move(self, place: QPointF | None) -> None:
        """Hold it over a place of the picture's widget; None: the pointer is elsewhere."""
        self._place = place
        if self.is_on:
            self.changed.emit()

    def look_for(self, widget: QWidget) -> None:
        """Find the pointer: it may not have moved since it came over the widget."""
        place = widget.mapFromGlobal(QCursor.pos())
        self._place = QPointF(place) if widget.underMouse() else None

    def spot(self, port: Viewport) -> QPointF | None:
        """Return where the glass is, if it is on and over the picture."""
        on_picture = self._place is not None and QRectF(*port.rect()).contains(self._place)
        return self._place if self.is_on and on_picture else None

    def paint(self, painter: QPainter, image: QImage, port: Viewport) -> None:
        """Paint the glass, if there is one.

        Args:
            painter: Where to.
            image: The frame on screen; a proxy's may have fewer pixels than the clip.
            port: Where it lies.
        """
        spot = self.spot(port)
        if spot is None:
            return
        x, y = Placement(port).frame_point(spot)
        scale = max(ENLARGED, 2 * port.shown_scale)
        whole = QRectF(
            spot.x() - x * scale,
            spot.y() - y * scale,
            port.picture[0] * scale,
            port.picture[1] * scale,
        )
        glass = QPainterPath()
        glass.addEllipse(spot, RADIUS_PX, RADIUS_PX)
        painter.save()
        painter.setClipPath(glass, Qt.ClipOperation.IntersectClip)
        painter.fillPath(glass, QColor("#000000"))
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, on=False)
        painter.drawImage(whole, image)
        _paint_cross(painter, spot)
        _paint_words(painter, spot, f"x {int(x)}  y {int(y)}  {scale:g}x")
        painter.restore()
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for color, width in (("#000000", 5.0), ("#ffffff", 2.0)):
            painter.setPen(QPen(QColor(color), width))
            painter.drawEllipse(spot, RADIUS_PX, RADIUS_PX)


class HeldSwitch(QObject):
    """A tap of its key switches an action over; while the key is held it is on.

    Args:
        action: The action; its key may be another one later.
        now: Seconds on a clock that never goes back.
    """

    def __init__(self, action: QAction, now: Callable[[], float] = monotonic) -> None:
        super().__init__(action)
        self._action, self._now = action, now
        self._since = 0.0
        action.setAutoRepeat(False)
        action.triggered.connect(self._on_triggered)
        app = QApplication.instance()
        self._held: HeldKey | None = None
        if isinstance(app, QApplication):
            self._held = HeldKey(app, Qt.Key.Key_unknown, self)
            self._held.released.connect(self._on_released)
            action.changed.connect(self._learn_key)
            self._learn_key()

    def _learn_key(self) -> None:
        keys = self._action.shortcut()
        if self._held is not None:
            first = None if keys.isEmpty() else keys[0]  # type: ignore[index] # stubs leave it out
            self._held.key = Qt.Key.Key_unknown if first is None else first.key()

    def _on_triggered(self) -> None:
        self._since = self._now()

    def _on_released(self) -> None:
        if self._action.isChecked() and self._now() - self._since >= HELD_S:
            self._action.trigger()


def _paint_cross(painter: QPainter, spot: QPointF) -> None:
    """Mark the middle and leave the pixel in it free."""
    for color, width in (("#000000", 3.0), ("#ffffff", 1.0)):
        painter.setPen(QPen(QColor(color), width))
        for dx, dy in ((1, 0), (-1, 0), (0, 1), (0, -1)):
            way = QPointF(dx, dy)
            painter.drawLine(spot + way * _GAP_PX, spot + way * (_GAP_PX + _CROSS_PX))


def _paint_words(painter: QPainter, spot: QPointF, text: str) -> None:
    painter.setFont(hud_font(painter.font()))
    metrics = QFontMetricsF(painter.font())
    width = metrics.horizontalAdvance(text) + 12
    top = spot.y() + RADIUS_PX * 0.68
    ground = QRectF(spot.x() - width / 2, top, width, metrics.height() + 2)
    painter.fillRect(ground, QColor(0, 0, 0, 205))
    painter.setPen(QColor("#ffffff"))
    painter.drawText(ground, Qt.AlignmentFlag.AlignCenter, text)
