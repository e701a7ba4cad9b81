"""Paints rows of events: how one stands by shape, colour and word, and where the clip is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from codefx_desktop.ui.card_paint import small_font
from codefx_desktop.ui.models.event_list import HERE_ROLE, ROW_ROLE
from codefx_desktop.ui.models.event_rows import EventRow, GroupRow, Standing
from codefx_desktop.ui.theme import mixed

if TYPE_CHECKING:
    from PySide6.QtCore import QObject

    from codefx_desktop.ui.theme import Theme, Tokens

Index = QModelIndex | QPersistentModelIndex
SIGN_PX: Final = 5.0
_LEFT_PX, _TEXT_PX, _PAD_PX = 18, 34, 8
_ABOVE_PX: Final = 5


def standing_colour(standing: Standing, tokens: Tokens) -> QColor:
    """Return the colour of how an event stands; as on the timeline."""
    return QColor(
        {
            Standing.PROPOSED: tokens.accent,
            Standing.CONFIRMED: tokens.ok,
            Standing.EDITED: tokens.warning,
            Standing.REJECTED: tokens.error,
            Standing.MISSING: tokens.muted,
            Standing.MARK: tokens.text,
        }[standing]
    )


def paint_standing(painter: QPainter, at: QPointF, standing: Standing, tokens: Tokens) -> None:
    """Paint how an event stands.

    A hollow diamond for a proposal, a disc for a confirmed, a square for an edited, a cross for a
    rejected one, a dotted ring for one that was not found, a flag for a mark.
    """
    colour, r = standing_colour(standing, tokens), SIGN_PX
    painter.setPen(QPen(colour, 1.7))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    x, y = at.x(), at.y()
    if standing is Standing.PROPOSED:
        corners = [(x, y - r), (x + r, y), (x, y + r), (x - r, y)]
        painter.drawPolygon(QPolygonF([QPointF(*corner) for corner in corners]))
    elif standing is Standing.CONFIRMED:
        painter.setBrush(colour)
        painter.drawEllipse(at, r - 0.5, r - 0.5)
    elif standing is Standing.EDITED:
        painter.setBrush(colour)
        painter.drawRect(QRectF(x - r + 1, y - r + 1, 2 * r - 2, 2 * r - 2))
    elif standing is Standing.REJECTED:
        for way in (1, -1):
            painter.drawLine(QPointF(x - r + 1, y - way * (r - 1)), QPointF(x + r - 1, y + way * 4))
    elif standing is Standing.MISSING:
        painter.setPen(QPen(colour, 1.5, Qt.PenStyle.DotLine))
        painter.drawEllipse(at, r - 0.5, r - 0.5)
    else:
        painter.setBrush(colour)
        painter.drawLine(QPointF(x - 3, y - r), QPointF(x - 3, y + r))
        tips = [QPointF(x - 3, y - r), QPointF(x + 5, y - 2), QPointF(x - 3, y + 1)]
        painter.drawPolygon(QPolygonF(tips))


class EventDelegate(QStyledItemDelegate):
    """Two lines for an event, one for the head of a group.

    Args:
        theme: The theme.
        parent: The owner.
    """

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return the height of a row."""
        line = QFontMetrics(option.font).height()
        if isinstance(index.data(ROW_ROLE), GroupRow):
            return QSize(100, line + 8)
        return QSize(100, line + QFontMetrics(small_font(option.font)).height() + 2 * _ABOVE_PX)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint a row."""
        row, tokens = index.data(ROW_ROLE), self._theme.tokens
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if isinstance(row, GroupRow):
            self._paint_head(painter, option, row)
        elif isinstance(row, EventRow):
            _paint_ground(painter, option, tokens, is_here=bool(index.data(HERE_ROLE)))
            middle = option.rect.top() + _ABOVE_PX + QFontMetrics(option.font).height() / 2
            paint_standing(painter, QPointF(_LEFT_PX + 3, middle), row.standing, tokens)
            self._paint_lines(painter, option, row)
        painter.restore()

    def _paint_head(self, painter: QPainter, option: QStyleOptionViewItem, row: GroupRow) -> None:
        tokens, font = self._theme.tokens, QFont(option.font)
        painter.fillRect(option.rect, QColor(tokens.raised))
        font.setBold(True)
        painter.setFont(font)
        painter.setPen(QColor(tokens.muted))
        room = option.rect.adjusted(_PAD_PX, 0, -_PAD_PX, 0)
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, row.text)

    def _paint_lines(self, painter: QPainter, option: QStyleOptionViewItem, row: EventRow) -> None:
        tokens, font, small = self._theme.tokens, option.font, small_font(option.font)
        metrics = QFontMetrics(font)
        room = option.rect.adjusted(_TEXT_PX, _ABOVE_PX, -_PAD_PX, 0)
        first = QRect(room.left(), room.top(), room.width(), metrics.height())
        right = f"{row.time} {row.bounds}".strip()
        faded = row.standing in (Standing.MISSING, Standing.REJECTED)
        _text(painter, font, first, right, QColor(tokens.text), is_right=True)
        left = first.adjusted(0, 0, -metrics.horizontalAdvance(right) - _PAD_PX, 0)
        _text(painter, font, left, row.name, QColor(tokens.muted if faded else tokens.text))
        under = QFontMetrics(small)
        second = QRect(room.left(), first.bottom() + 1, room.width(), under.height())
        word, rest = row.more[: len(row.standing.value)], row.more[len(row.standing.value) :]
        if row.standing is Standing.MARK:
            word, rest = "", row.more
        if row.differs:
            tag = "\N{NOT EQUAL TO} analysis"
            _text(painter, small, second, tag, QColor(tokens.warning), is_right=True)
            second = second.adjusted(0, 0, -under.horizontalAdvance(tag) - _PAD_PX, 0)
        _text(painter, small, second, word, standing_colour(row.standing, tokens))
        second = second.adjusted(under.horizontalAdvance(word), 0, 0, 0)
        note = f", \N{LEFT DOUBLE QUOTATION MARK}{row.note}\N{RIGHT DOUBLE QUOTATION MARK}"
        _text(painter, small, second, rest + (note if row.note else ""), QColor(tokens.muted))


def _paint_ground(
    painter: QPainter, option: QStyleOptionViewItem, tokens: Tokens, *, is_here: bool
) -> None:
    """Paint what is under a row: in hand, on screen (with a pointer), under the mouse, or plain."""
    rect = option.rect
    ground = QColor(tokens.surface)
    if option.state & QStyle.StateFlag.State_Selected:
        ground = mixed(tokens.surface, tokens.accent, 0.22)
    elif is_here:
        ground = mixed(tokens.surface, tokens.text, 0.12)
    elif option.state & QStyle.StateFlag.State_MouseOver:
        ground = mixed(tokens.surface, tokens.text, 0.05)
    painter.fillRect(rect, ground)
    if option.state & QStyle.StateFlag.State_Selected:
        painter.fillRect(QRect(rect.left(), rect.top(), 3, rect.height()), QColor(tokens.accent))
    if is_here:
        middle = rect.center().y() + 0.5
        tips = [(6, middle - 5), (12, middle), (6, middle + 5)]
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens.text))
        painter.drawPolygon(QPolygonF([QPointF(*tip) for tip in tips]))


def _text(
    painter: QPainter,
    font: QFont,
    room: QRect,
    text: str,
    colour: QColor,
    *,
    is_right: bool = False,
) -> None:
    """Paint a line shortened to its room."""
    side = Qt.AlignmentFlag.AlignRight if is_right else Qt.AlignmentFlag.AlignLeft
    shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, room.width())
    painter.setFont(font)
    painter.setPen(colour)
    painter.drawText(room, side | Qt.AlignmentFlag.AlignVCenter, shown)
