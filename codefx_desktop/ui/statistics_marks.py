"""The points of the chart in paint: shape and colour say what each is."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap, QPolygonF

from codefx_desktop.ui.theme import mixed

if TYPE_CHECKING:
    import numpy.typing as npt

    from codefx_desktop.ui.models.statistics_points import Points
    from codefx_desktop.ui.theme import Tokens

RADIUS_PX: Final = 3.5
CROWD: Final = 1_500
"""Of more points no uncertainty is drawn: the bars would hide them."""
MANY: Final = 400
"""Of more points it is drawn faintly."""


class Marks(NamedTuple):
    """Where the points lie on the widget; each float64 (N,), pixels.

    Attributes:
        x: Across.
        y: Down, within the plot.
        low: Of the least that is possible; nan where that is not known.
        high: Of the most.
        points: What they are.
        plot: Where they may lie.
    """

    x: npt.NDArray[np.float64]
    y: npt.NDArray[np.float64]
    low: npt.NDArray[np.float64]
    high: npt.NDArray[np.float64]
    points: Points
    plot: QRectF


def paint_points(painter: QPainter, marks: Marks, tokens: Tokens) -> None:
    """Paint the points: those of other groups faint and below, the chosen stop above all.

    Filled is confirmed, hollow is proposed, an arrow lies beyond the edge, a diamond is the stop
    that is chosen.
    """
    points = marks.points
    faint = mixed(tokens.muted, tokens.surface, 0.45)
    others = np.flatnonzero(~points.is_picked)
    picked = np.flatnonzero(points.is_picked & ~points.is_chosen)
    _paint(painter, marks, others, faint, tokens)
    if len(picked) <= CROWD:
        faintness = 0.45 if len(picked) <= MANY else 0.75
        _bars(painter, marks, picked, mixed(tokens.accent, tokens.surface, faintness))
    _paint(painter, marks, picked, QColor(tokens.accent), tokens)
    chosen = np.flatnonzero(points.is_chosen)
    _bars(painter, marks, chosen, QColor(tokens.error))
    for place in chosen:
        _diamond(painter, float(marks.x[place]), float(marks.y[place]), tokens)


def _paint(
    painter: QPainter, marks: Marks, places: npt.NDArray[np.intp], color: QColor, tokens: Tokens
) -> None:
    points = marks.points
    above, below = points.y > points.up.high, points.y < points.up.low
    ratio = painter.device().devicePixelRatioF()
    hollow, filled = (_stamp(color, ground, ratio) for ground in (QColor(tokens.surface), color))
    half = filled.width() / ratio / 2.0
    within = places[~(above | below)[places]]
    spots = np.stack((marks.x[within] - half, marks.y[within] - half), axis=1)
    spots = np.round(spots * ratio) / ratio  # a stamp between pixels would be blurred
    for (x, y), is_sure in zip(spots.tolist(), points.is_confirmed[within].tolist(), strict=True):
        painter.drawPixmap(QPointF(x, y), filled if is_sure else hollow)
    painter.setPen(QPen(color, 1.4))
    for place in places[(above | below)[places]]:
        x, y = float(marks.x[place]), float(marks.y[place])
        _arrow(painter, x, y, color, is_up=bool(above[place]))


def _stamp(color: QColor, ground: QColor, ratio: float) -> QPixmap:
    """Return a disc: drawn once, put down for each point, which is four times as fast."""
    side = 2.0 * (RADIUS_PX + 1.5)
    stamp = QPixmap(math.ceil(side * ratio), math.ceil(side * ratio))
    stamp.setDevicePixelRatio(ratio)
    stamp.fill(Qt.GlobalColor.transparent)
    painter = QPainter(stamp)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(color, 1.4))
    painter.setBrush(ground)
    middle = stamp.width() / ratio / 2.0
    painter.drawEllipse(QPointF(middle, middle), RADIUS_PX, RADIUS_PX)
    painter.end()
    return stamp


def _bars(painter: QPainter, marks: Marks, places: npt.NDArray[np.intp], color: QColor) -> None:
    """Paint how far off the points may be, as far as that lies within the plot."""
    painter.setPen(QPen(color, 1.2))
    top, bottom = marks.plot.top(), marks.plot.bottom()
    x, low, high = marks.x[places], marks.low[places], marks.high[places]
    is_seen = (high < bottom) & (low > top)  # never where a bound is nan
    low, high = np.minimum(low[is_seen], bottom), np.maximum(high[is_seen], top)
    spans = zip(x[is_seen].tolist(), low.tolist(), high.tolist(), strict=True)
    painter.drawLines([QLineF(at, one, at, other) for at, one, other in spans])


def _arrow(painter: QPainter, x: float, y: float, color: QColor, *, is_up: bool) -> None:
    tip = -5.0 if is_up else 5.0
    painter.setBrush(color)
    corners = ((0.0, tip), (-4.5, -tip / 2), (4.5, -tip / 2))
    painter.drawPolygon(QPolygonF([QPointF(x + dx, y + dy) for dx, dy in corners]))


def _diamond(painter: QPainter, x: float, y: float, tokens: Tokens) -> None:
    size = 6.5
    painter.setPen(QPen(QColor(tokens.surface), 1.5))
    painter.setBrush(QColor(tokens.error))
    corners = ((0, -size), (size, 0), (0, size), (-size, 0))
    painter.drawPolygon(QPolygonF([QPointF(x + dx, y + dy) for dx, dy in corners]))
    painter.setBrush(Qt.BrushStyle.NoBrush)
