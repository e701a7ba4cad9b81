"""Paints what was found in a frame over its picture, at the screen's own sharpness.

Lines and words keep their size whatever the enlargement; only their places follow the picture.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen, QPolygonF

from codefx_desktop.domain.detections import NO_TRACK
from codefx_desktop.ui.hud import hud_font
from codefx_desktop.ui.label_places import LabelPlaces

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy.typing as npt

    from codefx_desktop.domain.overlay import Rgb
    from codefx_desktop.ui.models.review_overlay import (
        ReviewBox,
        ReviewFace,
        ReviewMask,
        ReviewOverlay,
        ReviewTrail,
        ReviewZone,
    )
    from codefx_desktop.ui.models.review_state import Selected
    from codefx_desktop.ui.models.viewport import Viewport

LINE_PX: Final = 1.6
SELECTED_PX: Final = 2.6
HANDLE_PX: Final = 8.0
_UNDER: Final = QColor(0, 0, 0, 150)
_LABEL_PT: Final = 0.85
"""Size of a label, of the window's own writing."""
_FILL: Final = 70
_DOT_PX: Final = 2.0
_NEAR_PX: Final = 2.0
"""Points of a way that are nearer to each other on the screen cannot be told apart."""
_PAD_PX: Final = 3.0


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


def paint_overlay(
    painter: QPainter,
    overlay: ReviewOverlay,
    port: Viewport,
    selected: Selected,
    taken: Sequence[QRectF] = (),
) -> None:
    """Paint everything that stands over one frame.

    Args:
        painter: Where to; its pen, brush and font are others afterwards.
        overlay: What; the caller sees to it that its frame is the one on screen.
        port: Where the picture lies.
        selected: What a person has in hand, which is painted stronger.
        taken: Where no label may stand.
    """
    place = Placement(port)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    _paint_zones(painter, overlay.zones, place)
    _paint_masks(painter, overlay.masks, place)
    _paint_trails(painter, overlay.trails, place)
    _paint_faces(painter, overlay.faces, place)
    chosen = [box for box in overlay.boxes if _is_chosen(box, overlay.frame_number, selected)]
    _paint_boxes(painter, overlay.boxes, place)
    grips: list[QRectF] = []
    for box in chosen:
        in_hand = selected.box == (overlay.frame_number, box.box)
        _paint_chosen(painter, box, place, with_handles=in_hand)
        grips += _sides(place.rect(box.xyxy)) if in_hand else ()
    font = QFont(hud_font(painter.font()))
    font.setPointSizeF(font.pointSizeF() * _LABEL_PT)
    painter.setFont(font)
    _paint_labels(painter, _labels(overlay, place, selected), taken, grips)


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


def _paint_boxes(painter: QPainter, boxes: Sequence[ReviewBox], place: Placement) -> None:
    """Paint boxes colour by colour, each over a dark line, so that they are seen on any footage."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    # Upright lines need no smoothing, which would cost three times as much.
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setPen(QPen(_UNDER, LINE_PX + 2))
    painter.drawRects([place.rect(box.xyxy) for box in boxes])
    for color, same in groupby(sorted(boxes, key=attrgetter("color")), attrgetter("color")):
        painter.setPen(QPen(QColor(*color), LINE_PX))
        painter.drawRects([place.rect(box.xyxy) for box in same])
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)


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


def _paint_trails(painter: QPainter, trails: Sequence[ReviewTrail], place: Placement) -> None:
    """Paint ways as one line each: a dark one under it costs as much again."""
    ways = _thinned([trail.points for trail in trails], _NEAR_PX / place.scale)
    for trail, way in zip(trails, ways, strict=True):
        painter.setPen(QPen(QColor(*trail.color), LINE_PX))
        painter.drawPolyline(place.polygon(way))


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


@dataclass(frozen=True, slots=True)
class _Label:
    text: str
    box: QRectF
    color: Rgb
    is_chosen: bool = False


def _labels(overlay: ReviewOverlay, place: Placement, selected: Selected) -> list[_Label]:
    """Return all labels, what is in hand first, then the oldest tracks: they flicker least."""
    number = overlay.frame_number
    boxes = sorted(
        ((not _is_chosen(box, number, selected), box.track_id < 0, box.track_id, box.box), box)
        for box in overlay.boxes
        if box.label
    )
    labels = [
        _Label(box.label, place.rect(box.xyxy), box.color, is_chosen=not key[0])
        for key, box in boxes
    ]
    labels += [_Label(one.label, place.rect(one.xyxy), one.color) for one in overlay.faces]
    for mask in overlay.masks:
        if mask.polygons and len(mask.polygons[0]):
            x, y = min(mask.polygons[0].tolist(), key=lambda point: point[1])
            labels.append(_Label(mask.label, place.rect((x, y, x + 1, y + 1)), mask.color))
    for zone in overlay.zones:
        if zone.points:
            x, y = min(zone.points, key=lambda point: point[0] + point[1])
            labels.append(_Label(zone.label, place.rect((x, y, x + 1, y + 1)), zone.color))
    return [label for label in labels if label.text]


def _paint_labels(
    painter: QPainter,
    labels: Sequence[_Label],
    taken: Sequence[QRectF],
    grips: Sequence[QRectF],
) -> None:
    """Paint words last: no line crosses them, none covers another or what a hand takes hold of."""
    metrics, view = QFontMetricsF(painter.font()), painter.viewport()
    places = LabelPlaces(view.width(), view.height(), metrics.height(), taken)
    chosen = [label for label in labels if label.is_chosen]
    for part in (chosen, [label for label in labels if not label.is_chosen]):
        for label in part:
            width = metrics.horizontalAdvance(label.text) + 2 * _PAD_PX
            ground = places.place(label.box, width, must=label.is_chosen)
            if ground is not None:
                _paint_label(painter, label, ground)
        places.keep_free(grips)  # its own label may touch them


def _paint_label(painter: QPainter, label: _Label, ground: QRectF) -> None:
    painter.fillRect(ground, QColor(*label.color))
    painter.setPen(QColor("#000000" if _is_bright(label.color) else "#ffffff"))
    painter.drawText(ground, Qt.AlignmentFlag.AlignCenter, label.text)


def _is_bright(color: Rgb) -> bool:
    """Return whether black is easier to read on a colour than white.

    Source: relative luminance, WCAG 2.2; 0.18 is where black and white have the same contrast.
    """
    red, green, blue = (math.pow(one / 255, 2.2) for one in color)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.18
