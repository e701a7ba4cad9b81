"""Signs on the timeline: events by status, how far they may be off, marks; each also by shape."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPolygonF

from codefx_desktop.domain.events import EventStatus
from codefx_desktop.ui.theme import mixed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from codefx_desktop.domain.edit import Mark
    from codefx_desktop.ui.models.lane_axis import LaneAxis
    from codefx_desktop.ui.models.lane_events import LaneEvent
    from codefx_desktop.ui.theme import Tokens

T = TypeVar("T")
SIGN_PX: Final = 4.5
CAP_PX: Final = 3.0
_LEAST_WHISKER_PX: Final = 1.5
_BESIDE_PX: Final = 9.0
_FAR_PX: Final = 50.0


def event_colour(status: EventStatus, tokens: Tokens) -> QColor:
    """Return the colour of an event's sign."""
    return QColor(
        {
            EventStatus.PROPOSED: tokens.accent,
            EventStatus.CONFIRMED: tokens.ok,
            EventStatus.EDITED: tokens.warning,
            EventStatus.NOT_FOUND: tokens.muted,
        }[status]
    )


def paint_events(
    painter: QPainter, events: Sequence[LaneEvent], axis: LaneAxis, rect: QRectF, tokens: Tokens
) -> None:
    """Paint the events of a row, the uncertainty of all behind the signs of all."""
    near = [one for one in events if -_FAR_PX < axis.x_of(one.time_s) < rect.right() + _FAR_PX]
    for one in near:
        paint_whisker(painter, one, axis, rect, tokens)
    for one, after in _with_next(near):
        paint_sign(painter, one.event.status, axis.x_of(one.time_s), rect, tokens)
        room = rect.right() if after is None else axis.x_of(after.time_s) - SIGN_PX
        latest = one.time_s if one.event.latest_s is None else one.event.latest_s
        beside = max(axis.x_of(one.time_s) + _BESIDE_PX, axis.x_of(latest) + CAP_PX)
        _paint_name(painter, one.label, beside, room, rect, tokens)


def paint_whisker(
    painter: QPainter, one: LaneEvent, axis: LaneAxis, rect: QRectF, tokens: Tokens
) -> None:
    """Paint between which instants an event is, with caps at its ends."""
    event = one.event
    if event.earliest_s is None or event.latest_s is None:
        return
    left, right = axis.x_of(event.earliest_s), axis.x_of(event.latest_s)
    if right - left < 2 * _LEAST_WHISKER_PX:
        return
    y = rect.center().y()
    colour = event_colour(event.status, tokens)
    ground = QColor(colour)
    ground.setAlphaF(0.16)
    painter.fillRect(QRectF(left, rect.top() + 2, right - left, rect.height() - 4), ground)
    painter.setPen(QPen(colour, 1.2))
    painter.drawLine(QPointF(left, y), QPointF(right, y))
    for x in (left, right):
        painter.drawLine(QPointF(x, y - CAP_PX), QPointF(x, y + CAP_PX))


def paint_sign(
    painter: QPainter, status: EventStatus, x: float, rect: QRectF, tokens: Tokens
) -> None:
    """Paint a hollow diamond for a proposal, a disc for a confirmed, a square for an edited one."""
    colour = event_colour(status, tokens)
    y = rect.center().y()
    painter.setPen(QPen(colour, 1))
    painter.drawLine(QPointF(x, rect.top() + 1), QPointF(x, rect.bottom() - 1))
    painter.setPen(QPen(colour, 1.6))
    painter.setBrush(colour)
    if status is EventStatus.CONFIRMED:
        painter.drawEllipse(QPointF(x, y), SIGN_PX - 0.5, SIGN_PX - 0.5)
    elif status is EventStatus.EDITED:
        half = SIGN_PX - 1
        painter.drawRect(QRectF(x - half, y - half, 2 * half, 2 * half))
    else:
        painter.setBrush(QColor(tokens.surface))
        painter.drawPolygon(_diamond(x, y, SIGN_PX))


def paint_in_hand(painter: QPainter, x: float, rect: QRectF, tokens: Tokens) -> None:
    """Paint the ring around the event that is in hand."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(tokens.text), 1.5))
    half = rect.height() / 2 - 0.5
    painter.drawRoundedRect(QRectF(x - half, rect.top() + 0.5, 2 * half, 2 * half), 3, 3)


def paint_marks(
    painter: QPainter, marks: Sequence[Mark], axis: LaneAxis, rect: QRectF, tokens: Tokens
) -> None:
    """Paint instants as flags, stretches as bars, each with its name where there is room."""
    ordered = sorted(marks, key=lambda one: one.begins_s)
    colour = QColor(tokens.text)
    soft = mixed(tokens.text, tokens.surface, 0.75)
    for one, after in _with_next(ordered):
        x = axis.x_of(one.begins_s)
        room = rect.right() if after is None else axis.x_of(after.begins_s) - 2
        painter.setPen(QPen(colour, 1.2))
        if one.ends_s is not None:
            end = max(axis.x_of(one.ends_s), x + 2)
            painter.setBrush(soft)
            painter.drawRect(QRectF(x, rect.top() + 3, end - x, rect.height() - 6))
        else:
            painter.setBrush(colour)
            painter.drawLine(QPointF(x, rect.top() + 1), QPointF(x, rect.bottom() - 1))
            flag = [QPointF(x, rect.top() + 2), QPointF(x + 7, rect.top() + 5)]
            painter.drawPolygon(QPolygonF([*flag, QPointF(x, rect.top() + 8)]))
        _paint_name(painter, one.label, x + _BESIDE_PX, room, rect, tokens)


def _paint_name(
    painter: QPainter, name: str, left: float, room_px: float, rect: QRectF, tokens: Tokens
) -> None:
    """Paint a name if all of it fits before the next sign."""
    width = QFontMetricsF(painter.font()).horizontalAdvance(name)
    if left + width > room_px or left + width < 0:
        return
    painter.setPen(QColor(tokens.muted))
    box = QRectF(left, rect.top(), width + 1, rect.height())
    painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, name)


def _with_next(signs: Sequence[T]) -> Iterator[tuple[T, T | None]]:
    """Return each with the one after it, the last with none."""
    for number, sign in enumerate(signs):
        yield sign, signs[number + 1] if number + 1 < len(signs) else None


def _diamond(x: float, y: float, half: float) -> QPolygonF:
    tips = ((x, y - half), (x + half, y), (x, y + half), (x - half, y))
    return QPolygonF([QPointF(*tip) for tip in tips])
