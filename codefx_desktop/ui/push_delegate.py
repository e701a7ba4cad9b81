"""Paints an outbox card."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QFontMetrics, QHelpEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolTip,
)

from codefx_desktop.domain.push import PushState
from codefx_desktop.ui.card_paint import (
    broken,
    paint_bar,
    paint_ground,
    paint_sides,
    paint_text,
    small_font,
)
from codefx_desktop.ui.icons import draw
from codefx_desktop.ui.models.outbox_list import PushRole
from codefx_desktop.ui.models.push_cards import ACTION_WORDS, PushCard

if TYPE_CHECKING:
    from codefx_desktop.ui.theme import Theme, Tokens

Index = QModelIndex | QPersistentModelIndex

MARGIN, GAP, PAD = 8, 4, 10
BUTTON, BAR, LINE = 24, 6, 3
MOST_NOTE_LINES = 5
_ACTION_GLYPHS = {"pause": "pause", "resume": "play", "retry": "retry", "links": "link"}
_GLYPHS = {
    PushState.WAITING: "queued",
    PushState.SENDING: "processing",
    PushState.PAUSED: "pause",
    PushState.STOPPED: "interrupted",
    PushState.CANCELLED: "cancelled",
    PushState.PUSHED: "complete",
}


class PushDelegate(QStyledItemDelegate):
    """Cards: name, target, state; a bar with bytes, speed and time left; why it waits.

    Args:
        theme: The theme.
    """

    pressed = Signal(int, str)
    """The card's own button: push, action."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return the room a card needs; one that waits says why in lines of its own."""
        card = index.data(PushRole.CARD)
        font = small_font(option.font)
        small = QFontMetrics(font)
        height = 2 * PAD + QFontMetrics(option.font).height() + 2 * (small.height() + LINE)
        if isinstance(card, PushCard):
            if card.part is not None:
                height += 6 + BAR
            if card.left or card.right:
                height += 4 + small.height()
            if card.note:
                lines = broken(card.note, font, self._width(option), MOST_NOTE_LINES)
                height += 4 + len(lines) * small.lineSpacing()
        return QSize(160, height + 2 * GAP)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint a card."""
        card = index.data(PushRole.CARD)
        if not isinstance(card, PushCard):
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        body = self._body(option.rect)
        paint_ground(painter, option, body, self._theme.tokens)
        room = body.adjusted(PAD, PAD, -PAD, -PAD)
        self._paint_button(painter, option.rect, card)
        top = self._paint_head(painter, option.font, room, card)
        self._paint_rest(painter, small_font(option.font), room, top, card)
        painter.restore()

    def editorEvent(
        self,
        event: QEvent,
        model: QAbstractItemModel,
        option: QStyleOptionViewItem,
        index: Index,
    ) -> bool:
        """Press the card's own button."""
        card = index.data(PushRole.CARD)
        if (
            isinstance(event, QMouseEvent)
            and isinstance(card, PushCard)
            and card.action
            and event.button() == Qt.MouseButton.LeftButton
            and self.button_rect(option.rect).contains(event.position().toPoint())
        ):
            if event.type() == QEvent.Type.MouseButtonRelease:
                self.pressed.emit(index.data(PushRole.ID), card.action)
            return True
        return super().editorEvent(event, model, option, index)

    def helpEvent(
        self,
        event: QHelpEvent,
        view: QAbstractItemView,
        option: QStyleOptionViewItem,
        index: Index,
    ) -> bool:
        """Say what the button does, else what the card's tooltip says."""
        card = index.data(PushRole.CARD)
        if isinstance(card, PushCard) and self.button_rect(option.rect).contains(event.pos()):
            QToolTip.showText(event.globalPos(), ACTION_WORDS.get(card.action, ""), view)
            return True
        return super().helpEvent(event, view, option, index)

    def button_rect(self, row: QRect) -> QRect:
        """Return where the button of a card is."""
        body = self._body(row)
        return QRect(body.right() - BUTTON - 5, body.top() + 5, BUTTON, BUTTON)

    def _body(self, row: QRect) -> QRect:
        return row.adjusted(MARGIN, GAP, -MARGIN, -GAP)

    def _width(self, option: QStyleOptionViewItem) -> int:
        """Return the width of a card's lines; the view knows it, the option may not yet."""
        view = option.widget
        wide = view.viewport().width() if isinstance(view, QAbstractItemView) else 0
        return max(80, (wide or option.rect.width()) - 2 * (MARGIN + PAD))

    def _paint_button(self, painter: QPainter, row: QRect, card: PushCard) -> None:
        if card.action:
            glyph = QRectF(0, 0, 14, 14)
            glyph.moveCenter(QRectF(self.button_rect(row)).center())
            tokens = self._theme.tokens
            ground = QColor(tokens.raised)
            draw(painter, glyph, _ACTION_GLYPHS[card.action], QColor(tokens.muted), ground)

    def _paint_head(self, painter: QPainter, font: QFont, room: QRect, card: PushCard) -> int:
        """Paint name, target and state; return where they end."""
        tokens = self._theme.tokens
        bold = QFont(font)
        bold.setBold(True)
        small = small_font(font)
        metrics, height = QFontMetrics(bold), QFontMetrics(small).height()
        name = metrics.elidedText(card.name, Qt.TextElideMode.ElideMiddle, room.width() - BUTTON)
        painter.setFont(bold)
        painter.setPen(QColor(tokens.text))
        line = QRect(room.left(), room.top(), room.width(), metrics.height())
        painter.drawText(line, Qt.AlignmentFlag.AlignLeft, name)
        top = line.bottom() + 1 + LINE
        muted = QColor(tokens.muted)
        paint_text(painter, small, _line(room, top, height), f"to {card.target}", muted)
        top += height + LINE
        shape = QRectF(room.left(), top + 1, height - 2, height - 2)
        color = QColor(_color(card.state, tokens))
        draw(painter, shape, _GLYPHS[card.state], color, QColor(tokens.raised))
        state = _line(room, top, height).adjusted(height + 3, 0, 0, 0)
        paint_text(painter, small, state, card.headline, QColor(tokens.text))
        return top + height

    def _paint_rest(
        self, painter: QPainter, font: QFont, room: QRect, top: int, card: PushCard
    ) -> None:
        tokens, metrics = self._theme.tokens, QFontMetrics(font)
        muted = QColor(tokens.muted)
        if card.part is not None:
            bar = QRectF(room.left(), top + 6, room.width(), BAR)
            goes = card.state is PushState.SENDING
            shade = QColor(tokens.accent if goes else _color(card.state, tokens))
            paint_bar(painter, bar, card.part, shade, tokens)
            top += 6 + BAR
        if card.left or card.right:
            line = _line(room, top + 4, metrics.height())
            paint_sides(painter, font, line, card.left, card.right, muted)
            top += 4 + metrics.height()
        if card.note:
            stopped = card.state is PushState.STOPPED
            color = QColor(tokens.text) if stopped else muted
            for text in broken(card.note, font, room.width(), MOST_NOTE_LINES):
                paint_text(painter, font, _line(room, top + 4, metrics.height()), text, color)
                top += metrics.lineSpacing()


def _line(room: QRect, top: int, height: int) -> QRect:
    return QRect(room.left(), top, room.width(), height)


def _color(state: PushState, tokens: Tokens) -> str:
    return {
        PushState.SENDING: tokens.accent,
        PushState.STOPPED: tokens.warning,
        PushState.PUSHED: tokens.ok,
    }.get(state, tokens.muted)
