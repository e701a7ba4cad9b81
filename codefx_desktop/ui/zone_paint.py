"""What is painted over the picture of the zone editor."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetricsF, QPainter, QPen, QPolygonF

from codefx_desktop.domain.events import Place
from codefx_desktop.domain.stop_overlays import PLACE_COLORS, zone_color

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QWidget

    from codefx_desktop.domain.camera_profile import CameraProfile
    from codefx_desktop.domain.zone import Point, Zone
    from codefx_desktop.jobs.camera_values import Line
    from codefx_desktop.ui.models.zone_edit import ZoneEdit
    from codefx_desktop.ui.theme import Theme

HANDLE_PX: Final = 4.5
FAULT: Final = QColor("#ff5a36")
_DARK: Final = QColor(0, 0, 0, 170)
_CORNERS: Final = {
    Place.FRONT_LEFT: (1, 1),
    Place.FRONT_RIGHT: (1, -1),
    Place.REAR_LEFT: (-1, 1),
    Place.REAR_RIGHT: (-1, -1),
}
"""Of each corner: ahead and to the driver's left of the middle."""


class ZonePainter:
    """Paints zones, the car with its front, the box's corners and metres.

    Args:
        theme: The theme.
    """

    def __init__(self, theme: Theme) -> None:
        self._theme = theme
        self._rect = QRectF()
        self._said: list[tuple[QPointF, str, QColor]] = []
        """Names to be painted: where, what, in which colour."""

    def paint(
        self,
        widget: QWidget,
        rect: QRectF,
        edit: ZoneEdit,
        draft: tuple[Point, ...],
        mouse: Point | None,
        grid: Sequence[Line],
        tool: str,
    ) -> None:
        """Paint all of it.

        Args:
            widget: What is painted on.
            rect: Where the whole picture lies on it.
            edit: What is edited.
            draft: What is half drawn, in parts of the picture.
            mouse: Where the hand is, if a line leads there.
            grid: Metres on the ground.
            tool: In hand.
        """
        self._rect = rect
        self._said = []
        painter = QPainter(widget)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = widget.font()
        font.setBold(True)
        painter.setFont(font)
        painter.setClipRect(rect)
        self._grid(painter, grid)
        painter.setClipping(False)
        order = [n for n in range(len(edit.zones)) if n != edit.zone]
        order += [edit.zone] if edit.marked_zone is not None else []
        for number in order:
            is_marked = number == edit.zone
            self._zone(painter, edit.zones[number], is_marked, bool(edit.faults_of(number)))
        self._car(painter, edit.camera)
        self._marks(painter, edit.camera)
        self._say(painter)
        if edit.marked_zone is not None:
            self._handles(painter, edit.marked_zone, edit.point)
        self._draft(painter, draft, mouse, tool)
        painter.end()

    def _at(self, point: Point) -> QPointF:
        rect = self._rect
        return QPointF(rect.x() + point[0] * rect.width(), rect.y() + point[1] * rect.height())

    def _shape(self, points: Sequence[Point]) -> QPolygonF:
        return QPolygonF([self._at(point) for point in points])

    def _zone(self, painter: QPainter, zone: Zone, is_marked: bool, is_faulty: bool) -> None:
        color = FAULT if is_faulty else QColor(*zone_color(zone))
        shape = self._shape(zone.points)
        fill = QColor(color)
        fill.setAlpha(80 if is_marked else 38)
        style = Qt.BrushStyle.BDiagPattern if is_faulty else Qt.BrushStyle.SolidPattern
        painter.setBrush(QBrush(fill, style))
        painter.setPen(QPen(_DARK, 4.5 if is_marked else 3.5))
        painter.drawPolygon(shape)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(color, 2.5 if is_marked else 1.6))
        painter.drawPolygon(shape)
        words = f"! {zone.name}" if is_faulty else zone.name
        self._said.append((_middle(shape), words, color))

    def _handles(self, painter: QPainter, zone: Zone, marked: int) -> None:
        points = [self._at(point) for point in zone.points]
        for number, point in enumerate(points):
            end = points[(number + 1) % len(points)]
            painter.setPen(QPen(_DARK, 1))
            painter.setBrush(QColor(255, 255, 255, 150))
            painter.drawEllipse((point + end) / 2, 3, 3)
        for number, point in enumerate(points):
            color = QColor(self._theme.tokens.accent) if number == marked else QColor("white")
            painter.setPen(QPen(QColor("black"), 1.5))
            painter.setBrush(color)
            edge = HANDLE_PX + (1.5 if number == marked else 0)
            painter.drawRect(QRectF(point.x() - edge, point.y() - edge, 2 * edge, 2 * edge))

    def _draft(
        self, painter: QPainter, draft: tuple[Point, ...], mouse: Point | None, tool: str
    ) -> None:
        points = [self._at(point) for point in draft]
        if tool == "car" and points and mouse is not None:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor("white"), 2, Qt.PenStyle.DashLine))
            painter.drawRect(QRectF(points[0], self._at(mouse)).normalized())
            return
        line = [*points, *([self._at(mouse)] if mouse is not None and points else [])]
        for pen in (QPen(_DARK, 4), QPen(QColor("white"), 2)):
            painter.setPen(pen)
            painter.drawPolyline(QPolygonF(line))
        if len(line) > 2:
            painter.setPen(QPen(QColor(255, 255, 255, 150), 1.5, Qt.PenStyle.DashLine))
            painter.drawLine(QLineF(line[-1], line[0]))
        painter.setPen(QPen(QColor("black"), 1.5))
        painter.setBrush(QColor("white"))
        for point in points:
            painter.drawEllipse(point, HANDLE_PX, HANDLE_PX)

    # -- the car and the ground ---------------------------------------------------------------

    def _car(self, painter: QPainter, camera: CameraProfile) -> None:
        car = camera.zones.car
        if car is not None:
            x1, y1, x2, y2 = car.box
            box = QRectF(self._at((x1, y1)), self._at((x2, y2)))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(255, 255, 255, 170), 1.5, Qt.PenStyle.DotLine))
            painter.drawRect(box)
        else:
            box = QRectF(0, 0, 0.3 * self._rect.width(), 0.3 * self._rect.height())
            box.moveCenter(self._rect.center())
        if camera.front_deg is not None:
            self._front(painter, box, camera.front_deg, camera.mirrored)

    def _front(self, painter: QPainter, box: QRectF, front_deg: float, mirrored: bool) -> None:
        """Paint an arrow to the car's front, and which corner is which."""
        turn = math.radians(front_deg)
        ahead = QPointF(math.cos(turn), -math.sin(turn))
        left = QPointF(ahead.y(), -ahead.x()) * (-1 if mirrored else 1)
        reach = abs(ahead.x()) * box.width() / 2 + abs(ahead.y()) * box.height() / 2
        wide = abs(left.x()) * box.width() / 2 + abs(left.y()) * box.height() / 2
        middle = box.center()
        tip, tail = middle + ahead * 0.95 * reach, middle - ahead * 0.55 * reach
        for pen in (QPen(_DARK, 6), QPen(QColor("white"), 3)):
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            painter.drawLine(QLineF(tail, tip))
            for side in (1, -1):
                painter.drawLine(QLineF(tip, tip - ahead * 14 + left * 9 * side))
        for place, (forth, across) in _CORNERS.items():
            at = middle + ahead * (0.62 * reach * forth) + left * (0.8 * wide * across)
            self._said.append((at, place.value, QColor(*PLACE_COLORS[place])))

    def _marks(self, painter: QPainter, camera: CameraProfile) -> None:
        if camera.marks is None:
            return
        points = [self._at(point) for point in camera.marks.corners]
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for pen in (QPen(_DARK, 4), QPen(QColor("white"), 2)):
            painter.setPen(pen)
            painter.drawPolygon(QPolygonF(points))
        for point, name in zip(points, ("FL", "FR", "RR", "RL"), strict=True):
            painter.setPen(QPen(QColor("black"), 1.5))
            painter.setBrush(QColor(*PLACE_COLORS[Place(name)]))
            painter.drawEllipse(point, 6, 6)

    def _grid(self, painter: QPainter, grid: Sequence[Line]) -> None:
        for pen in (QPen(QColor(0, 0, 0, 90), 2), QPen(QColor(255, 255, 255, 120), 1)):
            painter.setPen(pen)
            for line in grid:
                painter.drawPolyline(self._shape(line))

    def _say(self, painter: QPainter) -> None:
        """Paint the names over all shapes; what was said last, as of the marked zone, stays."""
        metrics = QFontMetricsF(painter.font())
        said = self._said[::-1]
        boxes = []
        for middle, text, _ in said:
            box = metrics.boundingRect(text).adjusted(-5, -2, 5, 2)
            box.moveCenter(middle)
            boxes.append(box)
        for box, (_, text, color) in zip(apart(boxes), said, strict=True):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(0, 0, 0, 190))
            painter.drawRoundedRect(box, 3, 3)
            painter.setPen(color.lighter(125))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)


def apart(boxes: Sequence[QRectF]) -> list[QRectF]:
    """Return boxes moved up or down by a few heights where they lie on those before them."""
    placed: list[QRectF] = []
    for box in boxes:
        places = (box.translated(0, step * (box.height() + 1)) for step in (0, 1, -1, 2, -2))
        free = (at for at in places if not any(at.intersects(other) for other in placed))
        placed.append(next(free, box))
    return placed


def _middle(shape: QPolygonF) -> QPointF:
    """Return the mean of a shape's corners."""
    points = shape.toList()
    total = QPointF()
    for point in points:
        total += point
    return total / max(1, len(points))
