"""Paints the rows of the timeline, each for itself: what of a clip lies in which column."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetricsF, QImage, QPainter, QPen

from codefx_desktop.domain.overlay import PALETTE
from codefx_desktop.ui.lanes_signs import paint_events, paint_marks
from codefx_desktop.ui.models.lane_columns import curve_band, peak_band, track_classes
from codefx_desktop.ui.models.lane_rows import LaneKind
from codefx_desktop.ui.theme import mixed

if TYPE_CHECKING:
    import numpy.typing as npt

    from codefx_desktop.domain.stop import PitStop
    from codefx_desktop.jobs.lane_values import Curve
    from codefx_desktop.ui.models.lane_axis import LaneAxis
    from codefx_desktop.ui.models.lane_columns import Band
    from codefx_desktop.ui.models.lane_data import LaneData
    from codefx_desktop.ui.models.lane_rows import LaneRow
    from codefx_desktop.ui.theme import Tokens

_NAME_PX: Final = 8.0


@dataclass(frozen=True, slots=True, eq=False)
class RowPaint:
    """What a row is painted from.

    Attributes:
        data: What the timeline shows.
        axis: Which part of it; begins at 0 across.
        tokens: The theme's colours.
        ratio: Pixels of the screen per pixel of the widget.
    """

    data: LaneData
    axis: LaneAxis
    tokens: Tokens
    ratio: float

    def paint(self, painter: QPainter, row: LaneRow, rect: QRectF) -> None:
        """Paint one row into its rectangle."""
        data = self.data
        curves = {
            LaneKind.GUNS: data.arrays.guns,
            LaneKind.MOTION: data.arrays.motion,
            LaneKind.SPEED: data.arrays.speed,
            LaneKind.CONFIDENCE: data.arrays.confidence,
        }
        if row.kind in curves:
            self._curve(painter, rect, curves[row.kind], row)
        if row.kind is LaneKind.CAR:
            self._car(painter, rect)
        marks = tuple(data.marks.values())
        paint = {
            LaneKind.SCENES: lambda: self._scenes(painter, rect),
            LaneKind.CAR: lambda: self._events(painter, rect, row),
            LaneKind.EVENTS: lambda: self._events(painter, rect, row),
            LaneKind.CORNERS: lambda: self._corners(painter, rect, row),
            LaneKind.MARKS: lambda: paint_marks(painter, marks, self.axis, rect, self.tokens),
            LaneKind.TRACKS: lambda: self._tracks(painter, rect),
            LaneKind.WAVEFORM: lambda: self._waveform(painter, rect),
            LaneKind.ZONES: lambda: self._zones(painter, rect, row),
            LaneKind.PROCESSED: lambda: self._processed(painter, rect),
        }.get(row.kind)
        if paint is not None:
            paint()

    # -- what happened ------------------------------------------------------------------------

    def _scenes(self, painter: QPainter, rect: QRectF) -> None:
        tokens, metrics = self.tokens, QFontMetricsF(painter.font())
        shades = mixed(tokens.raised, tokens.text, 0.10), mixed(tokens.raised, tokens.text, 0.22)
        for scene in self.data.scenes:
            box = self._box(scene.start_s, scene.end_s, rect).adjusted(0, 1, 0, -1)
            if box.right() < 0 or box.left() > rect.right():
                continue
            painter.fillRect(box, shades[scene.number % 2])
            painter.setPen(QPen(QColor(tokens.edge), 1))
            painter.drawLine(box.topLeft(), box.bottomLeft())
            name = str(scene.number + 1)
            seen = box.intersected(rect).adjusted(5, 0, -2, 0)
            if seen.width() >= metrics.horizontalAdvance(name):
                painter.setPen(QColor(tokens.text))
                painter.drawText(seen, Qt.AlignmentFlag.AlignVCenter, name)

    def _car(self, painter: QPainter, rect: QRectF) -> None:
        """Paint when the car comes, stands and leaves; what was not found is not painted."""
        tokens = self.tokens
        stands = mixed(tokens.accent, tokens.surface, 0.55)
        moves = QBrush(QColor(tokens.accent), Qt.BrushStyle.BDiagPattern)
        for stop in self.data.stops:
            times = _car_times(stop)
            for begin, end, brush in (
                (times["arrive"], times["stop"], moves),
                (times["stop"], times["go"], QBrush(stands)),
                (times["go"], times["depart"], moves),
            ):
                if begin is not None and end is not None and end > begin:
                    box = self._box(begin, end, rect).adjusted(0, 3, 0, -3)
                    painter.fillRect(box.intersected(rect), brush)

    def _events(self, painter: QPainter, rect: QRectF, row: LaneRow) -> None:
        events = [one for one in self.data.events if one.event.place in row.places]
        paint_events(painter, events, self.axis, rect, self.tokens)

    def _corners(self, painter: QPainter, rect: QRectF, row: LaneRow) -> None:
        """Paint a band each for the wheel on the hub, the gun on its nut, and the crew near it."""
        tokens = self.tokens
        wheels = (mixed(tokens.text, tokens.surface, 0.35), mixed(tokens.text, tokens.surface, 0.6))
        high = rect.height() / 3
        for one in self.data.arrays.corners:
            if one.place not in row.places:
                continue
            order = list(dict.fromkeys(held.number for held in one.wheels))
            bands = (
                [(held, wheels[order.index(held.number) % 2]) for held in one.wheels],
                [(held, QColor(tokens.warning)) for held in one.guns],
                [(held, mixed(tokens.ok, tokens.surface, 0.3)) for held in one.crew],
            )
            for band, parts in enumerate(bands):
                for held, colour in parts:
                    box = self._box(held.begin_s, held.end_s, rect)
                    box = QRectF(box.left(), rect.top() + band * high, box.width(), high - 1)
                    painter.fillRect(box.intersected(rect), colour)

    def _zones(self, painter: QPainter, rect: QRectF, row: LaneRow) -> None:
        tokens = self.tokens
        curve = self.data.arrays.zones.get(row.zone)
        if curve is not None and not row.is_folded:
            self._curve(painter, rect, curve, replace(row, is_folded=True))
        colour = QColor(tokens.ok)
        colour.setAlphaF(0.55)
        painter.setPen(Qt.PenStyle.NoPen)
        for one in self.data.zones:
            if row.zone in ("", one.zone):
                box = self._box(one.begin_s, one.end_s, rect).intersected(rect)
                if box.width() > 0:
                    painter.fillRect(box.adjusted(0, 2, 0, -2), colour)

    def _processed(self, painter: QPainter, rect: QRectF) -> None:
        to = self.data.processed_to
        if to is None:
            return
        tokens = self.tokens
        end = self.axis.frame_span(to)[1] if 0 <= to < len(self.data.times_s) else 0.0
        done = self._box(0.0, end, rect).adjusted(0, 2, 0, -2)
        rest = self._box(end, self.data.ends_s, rect).adjusted(0, 2, 0, -2)
        painter.fillRect(done.intersected(rect), QColor(tokens.ok))
        hatch = QBrush(QColor(tokens.muted), Qt.BrushStyle.BDiagPattern)
        painter.fillRect(rest.intersected(rect), hatch)

    def _box(self, begin_s: float, end_s: float, rect: QRectF) -> QRectF:
        """Return the rectangle of a stretch of time; a pixel wide at least."""
        left, right = self.axis.x_of(begin_s), self.axis.x_of(end_s)
        left, right = max(left, -_NAME_PX), min(right, rect.right() + _NAME_PX)
        return QRectF(left, rect.top(), max(right - left, 1.0), rect.height())

    # -- much data, a column of the screen each ------------------------------------------------

    def _tracks(self, painter: QPainter, rect: QRectF) -> None:
        spans = self.data.arrays.tracks
        if spans is None:
            return
        columns, lines = self._pixels(rect)
        classes = track_classes(spans, self.axis, columns, lines)
        _draw(painter, rect, _palette(classes, self.tokens)[classes + 1], self.ratio)

    def _waveform(self, painter: QPainter, rect: QRectF) -> None:
        peaks = self.data.peaks
        if peaks is not None and peaks.why:
            painter.setPen(QColor(self.tokens.muted))
            room = rect.adjusted(_NAME_PX, 0, -_NAME_PX, 0)
            end = Qt.TextElideMode.ElideRight
            why = QFontMetricsF(painter.font()).elidedText(peaks.why, end, room.width())
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, why)
        if peaks is None or not len(peaks.low):
            return
        columns, lines = self._pixels(rect)
        low, high = peak_band(peaks, self.axis, columns)
        middle = (lines - 1) / 2
        top, bottom = middle - high * middle, middle - low * middle
        colour = mixed(self.tokens.accent, self.tokens.surface, 0.15)
        _draw(painter, rect, _band_picture(top, bottom, lines, colour.rgba()), self.ratio)

    def _curve(self, painter: QPainter, rect: QRectF, curve: Curve | None, row: LaneRow) -> None:
        if curve is None:
            return
        columns, lines = self._pixels(rect)
        low, high = curve_band(curve, self.axis, columns)
        top, bottom = _heights((low, high), curve.top, lines)
        tokens = self.tokens
        ground = mixed(tokens.accent, tokens.surface, 0.72)
        deep = np.where(np.isnan(bottom), np.nan, np.float32(lines - 1))
        picture = _band_picture(top, deep, lines, ground.rgba())
        over = _band_picture(top, bottom, lines, mixed(tokens.accent, tokens.text, 0.1).rgba())
        _draw(painter, rect, np.where(over > 0, over, picture), self.ratio)
        if not row.is_folded:
            name = f"{curve.top:.3g} {curve.unit}".strip()
            width = QFontMetricsF(painter.font()).horizontalAdvance(name)
            painter.setPen(QColor(tokens.muted))
            box = QRectF(rect.right() - width - 4, rect.top(), width + 2, rect.height() / 2)
            painter.drawText(box, Qt.AlignmentFlag.AlignTop, name)

    def _pixels(self, rect: QRectF) -> tuple[int, int]:
        return max(1, round(rect.width() * self.ratio)), max(1, round(rect.height() * self.ratio))


def _car_times(stop: PitStop) -> dict[str, float | None]:
    found = {kind: stop.event(kind) for kind in ("arrive", "stop", "go", "depart")}
    return {kind: None if one is None else one.time_s for kind, one in found.items()}


def _heights(band: Band, top: float, lines: int) -> Band:
    """Return the rows of greatest and least values, 0 the uppermost; values beyond it are cut."""
    last = np.float32(lines - 1)
    low, high = (np.clip(part / np.float32(top), 0, 1) for part in band)
    return last - high * last, last - low * last


def _band_picture(
    top: npt.NDArray[np.floating], bottom: npt.NDArray[np.floating], lines: int, argb: int
) -> npt.NDArray[np.uint32]:
    """Return a picture in which each column is filled from one row to another."""
    row = np.arange(lines, dtype=np.float32)[:, None]
    with np.errstate(invalid="ignore"):  # nan: nothing in that column
        inside = (row >= np.floor(top)[None, :]) & (row <= np.ceil(bottom)[None, :])
    return np.where(inside, np.uint32(argb), np.uint32(0))


def _palette(classes: npt.NDArray[np.int16], tokens: Tokens) -> npt.NDArray[np.uint32]:
    """Return the colour of each class, behind that of none."""
    most = max(int(classes.max()), 0)
    colours = [0]
    for class_id in range(most + 1):
        name = QColor(*PALETTE[class_id % len(PALETTE)]).name()
        shown = QColor(name) if tokens.dark else mixed(name, tokens.text, 0.35)
        colours.append(shown.rgba())
    return np.array(colours, np.uint32)


def _draw(painter: QPainter, rect: QRectF, picture: npt.NDArray[np.uint32], ratio: float) -> None:
    """Draw a picture, ARGB uint32 (lines, columns), pixel for pixel of the screen."""
    packed = np.ascontiguousarray(picture)
    lines, columns = packed.shape
    image = QImage(packed.data, columns, lines, 4 * columns, QImage.Format.Format_ARGB32)
    image.setDevicePixelRatio(ratio)
    painter.drawImage(QPointF(rect.left(), rect.top()), image)
