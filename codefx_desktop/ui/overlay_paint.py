"""Paints what was found in a frame over its picture, at the screen's own sharpness.

Lines and words keep their size whatever the enlargement; only their places follow the picture.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF

from codefx_desktop.domain.detections import NO_TRACK
from codefx_desktop.ui.overlay_labels import Label, LabelInk, PlacedLabels

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy.typing as npt

    from codefx_desktop.ui.models.review_overlay import (
        ReviewBox,
        ReviewFace,
        ReviewMask,
        ReviewOverlay,
        ReviewZone,
    )
    from codefx_desktop.ui.models.review_state import Selected
    from codefx_desktop.ui.models.viewport import Viewport

LINE_PX: Final = 1.6
SELECTED_PX: Final = 2.6
TRAIL_PX: Final = 1.0
"""Broader ones take four times as long."""
HANDLE_PX: Final = 8.0
_UNDER: Final = QColor(0, 0, 0, 150)
_FILL: Final = 70
_DOT_PX: Final = 2.0
_NEAR_PX: Final = 2.0
"""Points of a way that are nearer to each other on the screen cannot be told apart."""
_COLOR = attrgetter("color")


class Placement:
    """Where places of the full-size frame lie on the widget.

    Args:
        port: Which part of the picture the widget shows, and how large.
    """

    def __init__(self, port: Viewport) -> None:
        self._left, self._top, width, _ = port.rect()
        self.scale = width / port.picture[0]
        """Widget pixels per pixel of the frame."""

    def point(self, x: float, y: float) -> QPointF:
        """Return a place of the frame on the widget."""
        return QPointF(self._left + x * self.scale, self._top + y * self.scale)

    def rect(self, xyxy: Sequence[float]) -> QRectF:
        """Return a box of the frame on the widget."""
        return QRectF(self.point(xyxy[0], xyxy[1]), self.point(xyxy[2], xyxy[3]))

    def polygon(self, points: npt.NDArray[np.float32]) -> QPolygonF:
        """Return float32 (P, 2) points of the frame as a line on the widget."""
        placed = points * self.scale + (self._left, self._top)
        return QPolygonF([QPointF(x, y) for x, y in placed.tolist()])

    def frame_point(self, place: QPointF) -> tuple[float, float]:
        """Return a place of the widget in pixels of the frame; beyond its edges, too."""
        return (place.x() - self._left) / self.scale, (place.y() - self._top) / self.scale


@dataclass(frozen=True, slots=True)
class Around:
    """What a drawing depends on besides what was found.

    Attributes:
        port: Where the picture lies.
        selected: What a person has in hand, which is painted stronger.
        ink: What labels are written with.
        taken: Where no label may stand.
        ratio: Pixels of the screen for each of the widget's.
    """

    port: Viewport
    selected: Selected
    ink: LabelInk
    taken: tuple[QRectF, ...] = ()
    ratio: float = 1.0


class OverlayDrawing:
    """Everything that stands over one frame, on its place: painting it only draws.

    Placing takes as long as drawing. It is done before a frame is there, where one knows which
    comes, and once where a frame is painted again.

    Args:
        overlay: What; who paints it sees to it that its frame is the one on screen.
        around: How, and on what.
    """

    def __init__(self, overlay: ReviewOverlay, around: Around) -> None:
        self._overlay, self._around = overlay, around
        selected, ratio = around.selected, around.ratio
        self._place = place = Placement(around.port)
        number, boxes = overlay.frame_number, overlay.boxes
        chosen = [box for box in boxes if _is_chosen(box, number, selected)]
        self._chosen = [(box, selected.box == (number, box.box)) for box in chosen]
        self._under = [side for box in boxes for side in _ring(place.rect(box.xyxy), 1, ratio)]
        self._rings = [
            (color, [side for box in same for side in _ring(place.rect(box.xyxy), 0, ratio)])
            for color, same in groupby(sorted(boxes, key=_COLOR), _COLOR)
        ]
        ways = _thinned([trail.points for trail in overlay.trails], _NEAR_PX / place.scale)
        self._trails = [
            (trail.color, place.polygon(way))
            for trail, way in zip(overlay.trails, ways, strict=True)
        ]
        grips = [
            side
            for box, in_hand in self._chosen
            if in_hand
            for side in _sides(place.rect(box.xyxy))
        ]
        labels = _labels(overlay, place, selected)
        self._labels = PlacedLabels(labels, around.ink, around.port.view, around.taken, grips)

    def is_of(self, overlay: ReviewOverlay, around: Around) -> bool:
        """Return whether it is what would be made of these."""
        return self._overlay is overlay and self._around == around

    def paint(self, painter: QPainter) -> None:
        """Paint it; pen, brush and font of the painter are others afterwards."""
        painter.setBrush(Qt.BrushStyle.NoBrush)
        _paint_zones(painter, self._overlay.zones, self._place)
        _paint_masks(painter, self._overlay.masks, self._place)
        self._paint_trails(painter)
        _paint_faces(painter, self._overlay.faces, self._place)
        self._paint_boxes(painter)
        for box, in_hand in self._chosen:
            _paint_chosen(painter, box, self._place, with_handles=in_hand)
        self._labels.paint(painter)

    def _paint_trails(self, painter: QPainter) -> None:
        """Paint ways as one line each: a dark one under it costs as much again."""
        for color, way in self._trails:
            painter.setPen(QPen(QColor(*color), TRAIL_PX))
            painter.drawPolyline(way)

    def _paint_boxes(self, painter: QPainter) -> None:
        """Paint boxes colour by colour, each over a dark line, so that they are seen anywhere."""
        painter.setPen(Qt.PenStyle.NoPen)
        # Upright sides are filled, without smoothing: stroked, they take twice as long and more.
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setBrush(_UNDER)
        painter.drawRects(self._under)
        for color, sides in self._rings:
            painter.setBrush(QColor(*color))
            painter.drawRects(sides)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)


def paint_ghost(painter: QPainter, xyxy: Sequence[float], port: Viewport) -> None:
    """Paint what a box would be, were it let go now.

    Args:
        painter: Where to.
        xyxy: Pixels of the full-size frame.
        port: Where the picture lies.
    """
    rect = Placement(port).rect(xyxy)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for color, width in (("#000000", SELECTED_PX + 2), ("#ffffff", LINE_PX)):
        painter.setPen(QPen(QColor(color), width))
        painter.drawRect(rect)


def handles(box: QRectF) -> dict[tuple[int, int], QRectF]:
    """Return the grips of a box: by which edge they move, -1 first, 1 last, 0 none of that axis."""
    middle = box.center()
    across = {-1: box.left(), 0: middle.x(), 1: box.right()}
    down = {-1: box.top(), 0: middle.y(), 1: box.bottom()}
    half = HANDLE_PX / 2
    return {
        (i, j): QRectF(across[i] - half, down[j] - half, HANDLE_PX, HANDLE_PX)
        for i in across
        for j in down
        if (i, j) != (0, 0)
    }


def _sides(box: QRectF) -> tuple[QRectF, ...]:
    """Return the outline of a box, as broad as its grips."""
    half = HANDLE_PX / 2
    outer = box.adjusted(-half, -half, half, half)
    across, down = QSizeF(outer.width(), HANDLE_PX), QSizeF(HANDLE_PX, outer.height())
    return (
        QRectF(outer.topLeft(), across),
        QRectF(outer.topLeft(), down),
        QRectF(QPointF(outer.left(), outer.bottom() - HANDLE_PX), across),
        QRectF(QPointF(outer.right() - HANDLE_PX, outer.top()), down),
    )


def _is_chosen(box: ReviewBox, number: int, selected: Selected) -> bool:
    is_track = box.track_id != NO_TRACK and box.track_id in (selected.track, selected.other)
    return is_track or selected.box == (number, box.box)


def _ring(box: QRectF, grown_px: int, ratio: float) -> tuple[QRectF, ...]:
    """Return the sides of a box as they are filled, whole pixels of the screen; none meets another.

    Args:
        box: On the widget.
        grown_px: By so many pixels they are broader to either side.
        ratio: Pixels of the screen for each of the widget's.
    """
    broad = max(1, round(LINE_PX * ratio)) + 2 * grown_px
    out = broad // 2
    left, top = round(box.left() * ratio) - out, round(box.top() * ratio) - out
    width = round(box.right() * ratio) - out + broad - left
    height = round(box.bottom() * ratio) - out + broad - top
    inner = height - 2 * broad
    if min(width, height) <= 2 * broad:
        sides = [(0, 0, width, height)]
    else:
        sides = [(0, 0, width, broad), (0, height - broad, width, broad)]
        sides += [(0, broad, broad, inner), (width - broad, broad, broad, inner)]
    return tuple(
        QRectF((left + x) / ratio, (top + y) / ratio, across / ratio, down / ratio)
        for x, y, across, down in sides
    )


def _paint_chosen(
    painter: QPainter, box: ReviewBox, place: Placement, *, with_handles: bool
) -> None:
    rect = place.rect(box.xyxy)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor("#000000"), SELECTED_PX + 2))
    painter.drawRect(rect)
    painter.setPen(QPen(QColor("#ffffff"), SELECTED_PX, Qt.PenStyle.DashLine))
    painter.drawRect(rect)
    if with_handles:
        painter.setPen(QPen(QColor("#000000"), 1))
        painter.setBrush(QColor("#ffffff"))
        painter.drawRects(list(handles(rect).values()))
        painter.setBrush(Qt.BrushStyle.NoBrush)


def _thinned(
    ways: Sequence[npt.NDArray[np.float32]], least: float
) -> list[npt.NDArray[np.float32]]:
    """Return ways without points nearer than so much to where each was last; their ends stay.

    All at once: a sum over fifty ways costs little more than one over a single way.
    """
    if not ways:
        return []
    sizes = np.array([len(way) for way in ways])
    ends = np.cumsum(sizes)
    begins, lasts = (ends - sizes)[sizes > 0], (ends - 1)[sizes > 0]
    points = np.concatenate(ways)
    gone = np.concatenate(([0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))))
    steps = np.floor((gone - np.repeat(gone[begins], sizes[sizes > 0])) / least)
    keep = np.concatenate(([True], steps[1:] != steps[:-1]))[: len(points)]
    keep[begins] = keep[lasts] = True
    kept = np.concatenate(([0], np.cumsum(keep)))
    return np.split(points[keep], kept[ends[:-1]])


def _paint_masks(painter: QPainter, masks: Iterable[ReviewMask], place: Placement) -> None:
    for mask in masks:
        path = QPainterPath()
        for polygon in mask.polygons:
            path.addPolygon(place.polygon(polygon))
            path.closeSubpath()
        painter.setPen(QPen(QColor(*mask.color), 1))
        painter.setBrush(QColor(*mask.color, _FILL))
        painter.drawPath(path)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _paint_faces(painter: QPainter, faces: Iterable[ReviewFace], place: Placement) -> None:
    for face in faces:
        painter.setPen(QPen(QColor(*face.color), LINE_PX, Qt.PenStyle.DotLine))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(place.rect(face.xyxy))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(*face.color))
        for x, y in face.landmarks:
            painter.drawEllipse(place.point(x, y), _DOT_PX, _DOT_PX)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _paint_zones(painter: QPainter, zones: Iterable[ReviewZone], place: Placement) -> None:
    for zone in zones:
        corners = QPolygonF([place.point(x, y) for x, y in zone.points])
        painter.setPen(QPen(_UNDER, LINE_PX + 1.5))
        painter.drawPolygon(corners)
        painter.setPen(QPen(QColor(*zone.color), LINE_PX, Qt.PenStyle.DashDotLine))
        painter.drawPolygon(corners)


def _labels(overlay: ReviewOverlay, place: Placement, selected: Selected) -> list[Label]:
    """Return all labels, what is in hand first, then the oldest tracks: they flicker least."""
    number = overlay.frame_number
    boxes = sorted(
        ((not _is_chosen(box, number, selected), box.track_id < 0, box.track_id, box.box), box)
        for box in overlay.boxes
        if box.label
    )
    labels = [
        Label(box.label, place.rect(box.xyxy), box.color, is_chosen=not key[0])
        for key, box in boxes
    ]
    labels += [Label(one.label, place.rect(one.xyxy), one.color) for one in overlay.faces]
    for mask in overlay.masks:
        if mask.polygons and len(mask.polygons[0]):
            x, y = min(mask.polygons[0].tolist(), key=lambda point: point[1])
            labels.append(Label(mask.label, place.rect((x, y, x + 1, y + 1)), mask.color))
    for zone in overlay.zones:
        if zone.points:
            x, y = min(zone.points, key=lambda point: point[0] + point[1])
            labels.append(Label(zone.label, place.rect((x, y, x + 1, y + 1)), zone.color))
    return [label for label in labels if label.text]
