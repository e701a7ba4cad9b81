"""A small car seen from above, and which way it points on the picture."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF, QTransform
from PySide6.QtWidgets import QWidget

from codefx_desktop.domain.events import Place
from codefx_desktop.domain.stop import Heading
from codefx_desktop.ui.models.stop_words import heading_text
from codefx_desktop.ui.theme import mixed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from codefx_desktop.ui.theme import Theme, Tokens

_WHEELS: Final = {
    Place.FRONT_LEFT: (0.06, 0.14),
    Place.FRONT_RIGHT: (0.74, 0.14),
    Place.REAR_LEFT: (0.02, 0.68),
    Place.REAR_RIGHT: (0.78, 0.68),
}
"""Left and top of each wheel as parts of the car's box, its nose up."""
_BODY: Final = (
    *((0.44, 0.0), (0.56, 0.0), (0.60, 0.34), (0.72, 0.44), (0.72, 0.72), (0.62, 0.94)),
    *((0.38, 0.94), (0.28, 0.72), (0.28, 0.44), (0.40, 0.34)),
)
_WINGS: Final = ((0.12, 0.02, 0.76, 0.06), (0.16, 0.92, 0.68, 0.07))


def paint_car(painter: QPainter, box: QRectF, tokens: Tokens) -> Mapping[Place, QRectF]:
    """Paint a car, its nose up; return where its wheels are."""

    def part(x: float, y: float, width: float, height: float) -> QRectF:
        return QRectF(
            box.left() + x * box.width(),
            box.top() + y * box.height(),
            width * box.width(),
            height * box.height(),
        )

    painter.setPen(QPen(QColor(tokens.edge), 1))
    painter.setBrush(mixed(tokens.surface, tokens.text, 0.16))
    for wing in _WINGS:
        painter.drawRect(part(*wing))
    corners = [part(x, y, 0, 0).topLeft() for x, y in _BODY]
    painter.drawPolygon(QPolygonF(corners))
    painter.setBrush(QColor(tokens.text))
    wheels = {}
    for place, (x, y) in _WHEELS.items():
        wheels[place] = part(x, y, 0.20, 0.17)
        painter.drawRoundedRect(wheels[place], 2, 2)
    return wheels


class CarPointer(QWidget):
    """The car as it stands on the picture, with the names of its corners.

    Args:
        theme: The theme.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._heading = Heading()
        self.setFixedSize(QSize(108, 108))
        theme.changed.connect(self.update)

    def show_heading(self, heading: Heading) -> None:
        """Show which way the car points."""
        self._heading = heading
        self.setAccessibleName(heading_text(heading))
        self.setToolTip(heading_text(heading))
        self.update()

    def corner_at(self, place: Place) -> QPointF:
        """Return where the name of a corner stands."""
        x, y = _WHEELS[place]
        return self._turn().map(QPointF((x + 0.10 - 0.5) * 76, (y + 0.085 - 0.49) * 84))

    def _turn(self) -> QTransform:
        """Return how a car with its nose up lies on the picture."""
        middle = self.rect().center()
        turn = QTransform().translate(middle.x(), middle.y())
        turn.rotate(90.0 - (self._heading.front_deg or 0.0))
        # In a mirrored picture left and right are exchanged, front and rear are not.
        return turn.scale(-1.0, 1.0) if self._heading.mirrored else turn

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the picture's edge, the car and its corners' names."""
        del event
        tokens = self._theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(tokens.border), 1))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        if self._heading.front_deg is None:
            painter.setPen(QColor(tokens.muted))
            painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignCenter), "?")
        else:
            painter.save()
            painter.setTransform(self._turn(), combine=True)
            paint_car(painter, QRectF(-17, -34, 34, 68), tokens)
            painter.restore()
            painter.setPen(QColor(tokens.text))
            for place in _WHEELS:
                at = self.corner_at(place)
                box = QRectF(at.x() - 14, at.y() - 9, 28, 18)
                painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), place.value)
        painter.end()
