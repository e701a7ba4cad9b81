"""Paints a queue card."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QHelpEvent,
    QImage,
    QMouseEvent,
    QPainter,
    QPainterPath,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolTip,
)

from codefx_desktop.ui.card_paint import (
    paint_bar,
    paint_ground,
    paint_sides,
    paint_text,
    small_font,
)
from codefx_desktop.ui.icons import draw, status_glyph
from codefx_desktop.ui.models.cards import ACTION_WORDS, Card, Chip
from codefx_desktop.ui.models.queue_model import Role
from codefx_desktop.ui.theme import mixed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codefx_desktop.ui.theme import Theme

Index = QModelIndex | QPersistentModelIndex

MARGIN, GAP, PAD = 8, 4, 10
THUMB = QSize(64, 36)
BUTTON = 24
BAR = 6
CHIP_GAP = 12
MOST_CHIPS = 5
_GLYPHS = {"cancel": "stop", "remove": "remove", "retry": "retry", "open": "open"}


class QueueDelegate(QStyledItemDelegate):
    """Cards: picture, name, status; for the running job also stages, speed and time left.

    Args:
        theme: The theme.
    """

    pressed = Signal(str, str)
    """The card's own button: job id, action."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return the room a card needs; a running one is taller."""
        card = index.data(Role.CARD)
        small = QFontMetrics(small_font(option.font)).height()
        height = 2 * PAD + max(THUMB.height(), QFontMetrics(option.font).height() + small + 2)
        if isinstance(card, Card):
            if card.chips:
                height += 10 + len(_chip_rows(card)) * (small + CHIP_GAP) + BAR + 6 + small
            elif card.left:
                height += 6 + small
        return QSize(160, height + 2 * GAP)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint a card."""
        card = index.data(Role.CARD)
        if not isinstance(card, Card):
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        body = self._body(option.rect)
        paint_ground(painter, option, body, self._theme.tokens)
        inner = body.adjusted(PAD, PAD, -PAD, -PAD)
        self._paint_head(painter, option.font, inner, card)
        below = inner.adjusted(0, self._head_height(option.font), 0, 0)
        if card.chips:
            self._paint_run(painter, option.font, below, card)
        elif card.left:
            self._paint_words(painter, option.font, below.adjusted(0, 6, 0, 0), card)
        painter.restore()

    def editorEvent(
        self,
        event: QEvent,
        model: QAbstractItemModel,
        option: QStyleOptionViewItem,
        index: Index,
    ) -> bool:
        """Press the card's own button."""
        card = index.data(Role.CARD)
        if (
            isinstance(event, QMouseEvent)
            and isinstance(card, Card)
            and card.action
            and event.button() == Qt.MouseButton.LeftButton
            and self.button_rect(option.rect).contains(event.position().toPoint())
        ):
            if event.type() == QEvent.Type.MouseButtonRelease:
                self.pressed.emit(index.data(Role.ID), card.action)
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
        card = index.data(Role.CARD)
        if isinstance(card, Card) and self.button_rect(option.rect).contains(event.pos()):
            QToolTip.showText(event.globalPos(), ACTION_WORDS.get(card.action, ""), view)
            return True
        return super().helpEvent(event, view, option, index)

    def button_rect(self, row: QRect) -> QRect:
        """Return where the button of a card is."""
        body = self._body(row)
        return QRect(body.right() - BUTTON - 5, body.top() + 5, BUTTON, BUTTON)

    def _body(self, row: QRect) -> QRect:
        return row.adjusted(MARGIN, GAP, -MARGIN, -GAP)

    def _head_height(self, font: QFont) -> int:
        lines = QFontMetrics(font).height() + 2 + QFontMetrics(small_font(font)).height()
        return max(THUMB.height(), lines)

    def _paint_head(self, painter: QPainter, font: QFont, inner: QRect, card: Card) -> None:
        tokens = self._theme.tokens
        thumb = QRect(inner.topLeft(), THUMB)
        self._paint_thumb(painter, thumb, card.thumbnail)
        left = thumb.right() + 10
        room = inner.right() - left - (BUTTON if card.action else 0)
        bold = QFont(font)
        bold.setBold(True)
        metrics = QFontMetrics(bold)
        small = small_font(font)
        small_height = QFontMetrics(small).height()
        top = inner.top() + (self._head_height(font) - metrics.height() - 2 - small_height) // 2
        name = metrics.elidedText(card.name, Qt.TextElideMode.ElideMiddle, room)
        painter.setFont(bold)
        painter.setPen(QColor(tokens.text))
        painter.drawText(QRect(left, top, room, metrics.height()), Qt.AlignmentFlag.AlignLeft, name)
        line = top + metrics.height() + 2
        edge = small_height - 2
        shape = QRectF(left, line + 1, edge, edge)
        ground = QColor(tokens.raised)
        draw(painter, shape, status_glyph(card.status), tokens.status(card.status), ground)
        rest = QRect(left + edge + 5, line, inner.right() - left - edge - 5, small_height)
        paint_text(painter, small, rest, card.headline, QColor(tokens.muted))
        if card.action:
            x, y = PAD + MARGIN, PAD + GAP
            button = QRectF(self.button_rect(inner.adjusted(-x, -y, x, y)))
            glyph = QRectF(0, 0, 14, 14)
            glyph.moveCenter(button.center())
            draw(painter, glyph, _GLYPHS[card.action], QColor(tokens.muted), ground)

    def _paint_thumb(self, painter: QPainter, box: QRect, thumbnail: QImage | None) -> None:
        tokens = self._theme.tokens
        path = QPainterPath()
        path.addRoundedRect(QRectF(box), 3, 3)
        painter.save()
        painter.setClipPath(path)
        painter.fillRect(box, QColor(tokens.canvas))
        if thumbnail is None:
            glyph = QRectF(0, 0, 20, 20)
            glyph.moveCenter(QPointF(box.center()))
            draw(painter, glyph, "film", mixed(tokens.on_canvas, tokens.canvas, 0.5))
        else:
            painter.drawImage(QRectF(box), thumbnail, covering(thumbnail.size(), box.size()))
        painter.restore()

    def _paint_words(self, painter: QPainter, font: QFont, room: QRect, card: Card) -> None:
        """Paint what a card says beneath its head; a warning stands out by shape and ground."""
        tokens = self._theme.tokens
        small = small_font(font)
        metrics = QFontMetrics(small)
        line = QRect(room.left(), room.top(), room.width(), metrics.height())
        if card.warns:
            edge = metrics.height() - 2
            shape = QRectF(line.left(), line.top() + 1, edge, edge)
            draw(painter, shape, "warning", QColor(tokens.warning), QColor(tokens.raised))
            line.setLeft(line.left() + edge + 5)
        self._paint_line(painter, small, line, card)

    def _paint_line(self, painter: QPainter, font: QFont, line: QRect, card: Card) -> None:
        """Paint what a card says at the left, shortened to what its right leaves."""
        muted = QColor(self._theme.tokens.muted)
        paint_sides(painter, font, line, card.left, card.right, muted)

    def _paint_run(self, painter: QPainter, font: QFont, room: QRect, card: Card) -> None:
        tokens = self._theme.tokens
        small = small_font(font)
        metrics = QFontMetrics(small)
        tiny = small_font(font, 0.82)
        top = room.top() + 10
        for chips in _chip_rows(card):
            self._paint_chips(painter, tiny, QRect(room.left(), top, room.width(), 0), chips)
            top += metrics.height() + CHIP_GAP
        bar = QRectF(room.left(), top, room.width(), BAR)
        paint_bar(painter, bar, card.overall or 0.0, QColor(tokens.accent), tokens)
        line = QRect(room.left(), top + BAR + 6, room.width(), metrics.height())
        self._paint_line(painter, small, line, card)

    def _paint_chips(
        self, painter: QPainter, font: QFont, room: QRect, chips: Sequence[Chip]
    ) -> None:
        """Paint some stages, each as wide as its word needs, the rest shared out evenly."""
        tokens = self._theme.tokens
        metrics = QFontMetrics(font)
        widths = [metrics.horizontalAdvance(chip.word) for chip in chips]
        spare = max(0, room.width() - sum(widths)) / max(1, len(widths))
        gap = min(6.0, spare)
        painter.setFont(font)
        x = float(room.left())
        for chip, width in zip(chips, widths, strict=True):
            wide = width + spare - gap * (len(widths) - 1) / len(widths)
            done, begun = chip.progress >= 1.0, chip.progress > 0.0
            painter.setPen(QColor(tokens.text if begun else tokens.muted))
            box = QRectF(x, room.top(), wide, metrics.height())
            painter.drawText(box, Qt.AlignmentFlag.AlignLeft, chip.word)
            color = QColor(tokens.ok if done else tokens.accent)
            bar = QRectF(x, room.top() + metrics.height() + 1, wide, 4 if done else 3)
            paint_bar(painter, bar, chip.progress, color, tokens)
            x += wide + gap


def _chip_rows(card: Card) -> list[tuple[Chip, ...]]:
    """Return the stages in rows of about one length that fit a narrow card."""
    chips = card.chips
    longest = -(-len(chips) // -(-len(chips) // MOST_CHIPS))
    return [chips[start : start + longest] for start in range(0, len(chips), longest)]


def covering(picture: QSize, box: QSize) -> QRectF:
    """Return the middle part of a picture that covers a box without bars."""
    scale = min(picture.width() / box.width(), picture.height() / box.height())
    width, height = box.width() * scale, box.height() * scale
    return QRectF((picture.width() - width) / 2, (picture.height() - height) / 2, width, height)
