"""Paints a row of the models: a shape, a name, a line under it, a badge, a bar while bytes move."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from codefx_desktop.domain.models import Model, ModelTask, StandardOffer
from codefx_desktop.jobs.model_values import ModelDeed
from codefx_desktop.ui.card_paint import small_font
from codefx_desktop.ui.icons import draw
from codefx_desktop.ui.models import model_words
from codefx_desktop.ui.models.model_list import DEED_ROLE, ROW_ROLE, Heading
from codefx_desktop.ui.theme import mixed

if TYPE_CHECKING:
    from codefx_desktop.ui.theme import Theme, Tokens

Index = QModelIndex | QPersistentModelIndex
_PAD, _GAP, _BAR = 12, 7, 4
_TASK_GLYPHS = {ModelTask.DETECT: "fit", ModelTask.SEGMENT: "outline", ModelTask.OTHER: "info"}


class ModelDelegate(QStyledItemDelegate):
    """Two-line rows and headings.

    Args:
        theme: The theme.
    """

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return a heading's height, or that of a name with a line under it."""
        height = QFontMetrics(option.font).height()
        if isinstance(index.data(ROW_ROLE), Heading):
            return QSize(160, height + (12 if index.row() == 0 else 24))
        return QSize(160, height + QFontMetrics(small_font(option.font)).height() + 2 * _GAP + 2)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one row."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        row = index.data(ROW_ROLE)
        if isinstance(row, Heading):
            self._paint_heading(painter, option, row)
        else:
            self._paint_ground(painter, option)
            if isinstance(row, Model):
                self._paint_model(painter, option, row)
            elif isinstance(row, StandardOffer):
                self._paint_offer(painter, option, row, index.data(DEED_ROLE))
            elif isinstance(row, ModelDeed):
                words = (model_words.added_name(row), model_words.adding_line(row))
                self._paint_row(painter, option, words, "queued", self._theme.tokens.accent)
                self._paint_bar(painter, option.rect, row)
        painter.restore()

    def _paint_heading(
        self, painter: QPainter, option: QStyleOptionViewItem, heading: Heading
    ) -> None:
        tokens = self._theme.tokens
        painter.fillRect(option.rect, QColor(tokens.surface))
        room = option.rect.adjusted(_PAD, 0, -_PAD, -4)
        bold = QFont(option.font)
        bold.setWeight(QFont.Weight.DemiBold)
        low = Qt.AlignmentFlag.AlignBottom
        painter.setFont(bold)
        painter.setPen(QColor(tokens.muted))
        painter.drawText(room, low | Qt.AlignmentFlag.AlignLeft, heading.text)
        if heading.note:
            small = small_font(option.font)
            used = QFontMetrics(bold).horizontalAdvance(heading.text) + 12
            note = room.adjusted(used, 0, 0, 0)
            painter.setFont(small)
            shown = QFontMetrics(small).elidedText(
                heading.note, Qt.TextElideMode.ElideRight, note.width()
            )
            painter.drawText(note, low | Qt.AlignmentFlag.AlignRight, shown)

    def _paint_ground(self, painter: QPainter, option: QStyleOptionViewItem) -> None:
        tokens = self._theme.tokens
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        ground = QColor(tokens.surface)
        if selected:
            ground = mixed(tokens.surface, tokens.accent, 0.22)
        elif option.state & QStyle.StateFlag.State_MouseOver:
            ground = mixed(tokens.surface, tokens.text, 0.05)
        painter.fillRect(option.rect, ground)
        if selected:
            edge = QRect(option.rect.left(), option.rect.top(), 3, option.rect.height())
            painter.fillRect(edge, QColor(tokens.accent))

    def _paint_model(self, painter: QPainter, option: QStyleOptionViewItem, model: Model) -> None:
        glyph, color = _model_glyph(model, self._theme.tokens)
        words = (model.name, model_words.line(model))
        badge = model_words.taken(model)
        self._paint_row(painter, option, words, glyph, color, badge)

    def _paint_offer(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        offer: StandardOffer,
        deed: ModelDeed | None,
    ) -> None:
        tokens = self._theme.tokens
        runs = deed is not None and not deed.phase.is_final
        glyph, color = ("check", tokens.ok) if offer.kept else ("save", tokens.muted)
        if runs:
            glyph, color = "save", tokens.accent
        words = (offer.model.name, model_words.offer_line(offer, deed))
        self._paint_row(painter, option, words, glyph, color)
        self._paint_bar(painter, option.rect, deed)

    def _paint_row(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        words: tuple[str, str],
        glyph: str,
        color: str,
        badge: str = "",
    ) -> None:
        tokens, metrics = self._theme.tokens, QFontMetrics(option.font)
        room = option.rect.adjusted(_PAD, _GAP, -_PAD, -_GAP)
        edge = metrics.height()
        shape = QRectF(room.left(), room.top() + 1, edge, edge)
        draw(painter, shape, glyph, QColor(color), QColor(tokens.surface))
        left = room.left() + edge + 10
        small = small_font(option.font)
        width = room.right() - left
        taken = self._paint_badge(painter, small, room, badge) if badge else 0
        self._line(
            *(painter, option.font, QRect(left, room.top(), width - taken, metrics.height())),
            *(words[0], Qt.TextElideMode.ElideMiddle, tokens.text),
        )
        second = QRect(left, room.top() + metrics.height() + 2, width, QFontMetrics(small).height())
        self._line(painter, small, second, words[1], Qt.TextElideMode.ElideRight, tokens.muted)

    def _paint_badge(self, painter: QPainter, font: QFont, room: QRect, text: str) -> int:
        """Paint a word in a frame at the right; return the room it takes."""
        tokens, metrics = self._theme.tokens, QFontMetrics(font)
        width, height = metrics.horizontalAdvance(text) + 12, metrics.height() + 2
        box = QRect(room.right() - width, room.top(), width, height)
        painter.setPen(QColor(tokens.ok))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        painter.setFont(font)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
        return width + 8

    def _paint_bar(self, painter: QPainter, room: QRect, deed: ModelDeed | None) -> None:
        done = model_words.fraction(deed)
        if done is None:
            return
        tokens = self._theme.tokens
        bar = QRectF(room.left(), room.bottom() - _BAR + 1, room.width(), _BAR)
        painter.fillRect(bar, mixed(tokens.surface, tokens.text, 0.15))
        bar.setWidth(bar.width() * done)
        painter.fillRect(bar, QColor(tokens.accent))

    def _line(
        self,
        painter: QPainter,
        font: QFont,
        room: QRect,
        text: str,
        mode: Qt.TextElideMode,
        color: str,
    ) -> None:
        painter.setFont(font)
        painter.setPen(QColor(color))
        shown = QFontMetrics(font).elidedText(text, mode, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)


def _model_glyph(model: Model, tokens: Tokens) -> tuple[str, str]:
    if model_words.is_missing(model):
        return "cancelled", tokens.muted
    if model.trouble:
        return "interrupted", tokens.warning
    if model.facts is None:
        return "queued", tokens.muted
    color = tokens.muted if model_words.is_of_no_use(model) else tokens.accent
    return _TASK_GLYPHS[model.facts.task], color
