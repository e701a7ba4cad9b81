"""Paints the timeline's ruler and what goes through all its rows: playhead, range, hover."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPolygonF

from codefx_desktop.ui.models import words
from codefx_desktop.ui.models.time_axis import ticks_between
from codefx_desktop.ui.theme import mixed

if TYPE_CHECKING:
    from codefx_desktop.ui.models.lane_axis import LaneAxis
    from codefx_desktop.ui.theme import Tokens

RULER_PX: Final = 24
LABELS_APART_PX: Final = 84.0
FRAMES_FROM_PX: Final = 5.0
"""From this width of a frame on each has a mark at its own time."""
_NUMBER_PX: Final = 7.0
"""Where so much is left beside its number, that stands there in the place of round times."""
_TIP_PX: Final = 5.0


def paint_ruler(painter: QPainter, axis: LaneAxis, rect: QRectF, tokens: Tokens) -> None:
    """Paint marks at round times, or at the times of single frames where these are wide enough."""
    painter.fillRect(rect, QColor(tokens.window))
    painter.setPen(QPen(QColor(tokens.border), 1))
    painter.drawLine(rect.bottomLeft(), rect.bottomRight())
    frame_px, metrics = axis.frame_px(), QFontMetricsF(painter.font())
    longest = words.count(axis.shown_frames()[1])
    numbers = frame_px >= metrics.horizontalAdvance(longest) + _NUMBER_PX
    if frame_px >= FRAMES_FROM_PX:
        _paint_frames(painter, axis, rect, tokens, numbers=numbers)
    if numbers:
        return
    for tick in ticks_between(axis.first_s, axis.last_s, axis.width_px, LABELS_APART_PX):
        x = axis.x_of(tick.seconds)
        painter.setPen(QPen(QColor(tokens.edge), 1))
        top = rect.top() + (14 if tick.label else 19)
        if tick.label or frame_px < FRAMES_FROM_PX:
            painter.drawLine(QPointF(x, top), QPointF(x, rect.bottom()))
        if tick.label:
            width = metrics.horizontalAdvance(tick.label)
            left = min(max(rect.left() + 2, x - width / 2), rect.right() - width - 2)
            painter.setPen(QColor(tokens.muted))
            painter.drawText(QPointF(left, rect.top() + 12), tick.label)


def _paint_frames(
    painter: QPainter, axis: LaneAxis, rect: QRectF, tokens: Tokens, *, numbers: bool
) -> None:
    first, last = axis.shown_frames()
    pen = QPen(mixed(tokens.edge, tokens.window, 0.3), 1)
    for number in range(first, last):
        x = axis.x_of(float(axis.times_s[number]))
        painter.setPen(pen)
        painter.drawLine(QPointF(x, rect.top() + (8 if numbers else 18)), QPointF(x, rect.bottom()))
        if numbers:
            painter.setPen(QColor(tokens.muted))
            painter.drawText(QPointF(x + 3, rect.top() + 15), words.count(number))


def paint_range(
    painter: QPainter, span: tuple[float, float], area: QRectF, tokens: Tokens, *, loops: bool
) -> None:
    """Paint a marked range: a bar on the ruler, a tint below it; hollow where it is not repeated.

    Args:
        painter: Where to.
        span: Where it begins and ends across.
        area: Ruler and rows.
        tokens: The theme's colours.
        loops: Whether it is repeated.
    """
    left, right = max(span[0], area.left()), min(span[1], area.right())
    if right <= left:
        return
    tint = QColor(tokens.warning)
    tint.setAlphaF(0.10)
    painter.fillRect(QRectF(left, area.top() + RULER_PX, right - left, area.height()), tint)
    bar = QRectF(left, area.top() + RULER_PX - 5, right - left, 4)
    painter.setPen(QPen(QColor(tokens.warning), 1))
    painter.setBrush(QColor(tokens.warning) if loops else QColor(tokens.window))
    painter.drawRect(bar)
    painter.setPen(QPen(QColor(tokens.warning), 1))
    for x in (left, right):
        painter.drawLine(QPointF(x, area.top() + RULER_PX), QPointF(x, area.bottom()))


def paint_playhead(
    painter: QPainter, x: float, frame_px: float, area: QRectF, tokens: Tokens
) -> None:
    """Paint where the frame that is wanted begins and, where it is wide, how long it stays."""
    if frame_px >= FRAMES_FROM_PX:
        stays = QColor(tokens.accent)
        stays.setAlphaF(0.14)
        painter.fillRect(QRectF(x, area.top(), frame_px, area.height()), stays)
    colour = QColor(tokens.accent)
    painter.setPen(QPen(colour, 2))
    painter.drawLine(QPointF(x, area.top() + 10), QPointF(x, area.bottom()))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    top = area.top() + 12
    tips = [QPointF(x - 6, top), QPointF(x + 6, top), QPointF(x, top + 9)]
    painter.drawPolygon(QPolygonF(tips))


def paint_tip(painter: QPainter, text: str, at: QPointF, area: QRectF, tokens: Tokens) -> None:
    """Paint words near a place, within an area."""
    lines = text.split("\n")
    metrics = QFontMetricsF(painter.font())
    width = max(metrics.horizontalAdvance(line) for line in lines) + 2 * _TIP_PX
    height = metrics.height() * len(lines) + _TIP_PX
    left = at.x() + 12 if at.x() + 12 + width <= area.right() else at.x() - 12 - width
    left = min(max(left, area.left()), max(area.right() - width, area.left()))
    top = at.y() + 14 if at.y() + 14 + height <= area.bottom() else at.y() - 8 - height
    box = QRectF(left, max(top, area.top()), width, height)
    painter.setPen(QPen(QColor(tokens.edge), 1))
    painter.setBrush(QColor(tokens.raised))
    painter.drawRoundedRect(box, 3, 3)
    painter.setPen(QColor(tokens.text))
    inner = box.adjusted(_TIP_PX, 0, 0, 0)
    painter.drawText(inner, int(Qt.AlignmentFlag.AlignVCenter), text)
