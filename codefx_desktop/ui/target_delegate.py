"""Paints a row of the targets: what it is, whether it can be used, who makes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from codefx_desktop.domain.target import TargetKind
from codefx_desktop.jobs.target_values import TargetRow
from codefx_desktop.ui.card_paint import paint_text, small_font
from codefx_desktop.ui.icons import draw
from codefx_desktop.ui.models import target_words
from codefx_desktop.ui.models.target_rows import TargetRole
from codefx_desktop.ui.theme import mixed

if TYPE_CHECKING:
    from codefx_desktop.ui.theme import Theme

Index = QModelIndex | QPersistentModelIndex
_PAD, _GAP = 12, 7


class TargetDelegate(QStyledItemDelegate):
    """Two-line rows.

    Args:
        theme: The theme.
    """

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return the room of a name with a line under it."""
        del index
        lines = QFontMetrics(option.font).height() + QFontMetrics(small_font(option.font)).height()
        return QSize(160, lines + 2 * _GAP + 2)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one row."""
        row = index.data(TargetRole.ROW)
        if not isinstance(row, TargetRow):
            return
        tokens, metrics = self._theme.tokens, QFontMetrics(option.font)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter, option)
        room = option.rect.adjusted(_PAD, _GAP, -_PAD, -_GAP)
        edge = metrics.height()
        shape = QRectF(room.left(), room.top() + 1, edge, edge)
        glyph, color = self._glyph(row)
        draw(painter, shape, glyph, QColor(color), QColor(tokens.surface))
        left = room.left() + edge + 10
        first = QRect(left, room.top(), room.right() - left, metrics.height())
        bold = QFont(option.font)
        bold.setBold(row.is_ready)
        paint_text(painter, bold, first, row.target.name, QColor(tokens.text))
        small = small_font(option.font)
        second = first.translated(0, metrics.height() + 2)
        second.setHeight(QFontMetrics(small).height())
        taken = 0
        if row.target.is_from_environment:
            made = "environment"
            taken = QFontMetrics(small).horizontalAdvance(made) + 12
            painter.setFont(small)
            painter.setPen(QColor(tokens.muted))
            painter.drawText(second, Qt.AlignmentFlag.AlignRight, made)
        words = target_words.line(row)
        paint_text(painter, small, second.adjusted(0, 0, -taken, 0), words, QColor(tokens.muted))
        painter.restore()

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

    def _glyph(self, row: TargetRow) -> tuple[str, str]:
        tokens = self._theme.tokens
        if not row.is_ready:
            return "interrupted", tokens.warning
        is_folder = row.target.kind is TargetKind.FOLDER
        return ("folder" if is_folder else "bucket"), tokens.accent
