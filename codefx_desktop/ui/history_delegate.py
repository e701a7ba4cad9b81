"""Paints a row of the history: two lines where it is narrow, cells where it is wide."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from codefx_desktop.domain.job import JobRecord
from codefx_desktop.ui.card_paint import small_font
from codefx_desktop.ui.icons import draw, status_glyph
from codefx_desktop.ui.models.history_model import RECORD_ROLE, Column, second_line
from codefx_desktop.ui.theme import mixed

if TYPE_CHECKING:
    from collections.abc import Callable

    from codefx_desktop.ui.theme import Theme

Index = QModelIndex | QPersistentModelIndex
_PAD = 8


class HistoryDelegate(QStyledItemDelegate):
    """Rows with the status's shape; with columns the shape stands beside its word.

    Args:
        theme: The theme.
    """

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.two_lines = True
        self.push_word: Callable[[str], str] = lambda _job_id: ""

    def row_height(self, font: QFont) -> int:
        """Return the height of every row."""
        height = QFontMetrics(font).height()
        if self.two_lines:
            return height + QFontMetrics(small_font(font)).height() + 2 + 12
        return height + 12

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint a cell, or the whole row where there is only one column."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter, option)
        record = index.data(RECORD_ROLE)
        room = option.rect.adjusted(_PAD, 0, -_PAD, 0)
        if not isinstance(record, JobRecord):
            self._line(painter, option.font, room, "…", muted=True)
        elif self.two_lines:
            self._paint_two_lines(painter, option.font, room, record)
        else:
            self._paint_cell(painter, option.font, room, index, record)
        painter.restore()

    def _paint_ground(self, painter: QPainter, option: QStyleOptionViewItem) -> None:
        tokens = self._theme.tokens
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        if selected:
            ground = mixed(tokens.surface, tokens.accent, 0.22)
        elif option.state & QStyle.StateFlag.State_MouseOver:
            ground = mixed(tokens.surface, tokens.text, 0.05)
        else:
            ground = QColor(tokens.surface)
        painter.fillRect(option.rect, ground)
        first = option.rect.left() <= 0
        if selected and first:
            painter.fillRect(
                QRect(option.rect.topLeft(), option.rect.size()).adjusted(
                    0, 0, 3 - option.rect.width(), 0
                ),
                QColor(tokens.accent),
            )

    def _paint_two_lines(
        self, painter: QPainter, font: QFont, room: QRect, record: JobRecord
    ) -> None:
        edge = QFontMetrics(font).height() - 2
        top = room.top() + 6
        self._shape(painter, QRectF(room.left() + 2, top + 1, edge, edge), record)
        left = room.left() + edge + 10
        height = QFontMetrics(font).height()
        name = QRect(left, top, room.right() - left, height)
        self._line(painter, font, name, record.input_filename, middle=True)
        small = small_font(font)
        second = QRect(left, top + height + 2, room.right() - left, QFontMetrics(small).height())
        if word := self.push_word(record.id):
            width = QFontMetrics(small).horizontalAdvance(word)
            self._line(painter, small, second.adjusted(second.width() - width, 0, 2, 0), word)
            second.adjust(0, 0, -width - _PAD, 0)
        self._line(painter, small, second, second_line(record), muted=True)

    def _paint_cell(
        self, painter: QPainter, font: QFont, room: QRect, index: Index, record: JobRecord
    ) -> None:
        column = Column(index.column())
        if column is Column.STATUS:
            edge = QFontMetrics(font).height() - 2
            top = room.center().y() - edge / 2
            self._shape(painter, QRectF(room.left(), top, edge, edge), record)
            room = room.adjusted(edge + 6, 0, 0, 0)
        muted = column not in (Column.CLIP, Column.STATUS)
        self._line(painter, font, room, str(index.data()), muted=muted, middle=not muted)

    def _shape(self, painter: QPainter, box: QRectF, record: JobRecord) -> None:
        tokens = self._theme.tokens
        color, ground = tokens.status(record.status), QColor(tokens.surface)
        draw(painter, box, status_glyph(record.status), color, ground)

    def _line(
        self,
        painter: QPainter,
        font: QFont,
        room: QRect,
        text: str,
        *,
        muted: bool = False,
        middle: bool = False,
    ) -> None:
        tokens = self._theme.tokens
        mode = Qt.TextElideMode.ElideMiddle if middle else Qt.TextElideMode.ElideRight
        painter.setFont(font)
        painter.setPen(QColor(tokens.muted if muted else tokens.text))
        shown = QFontMetrics(font).elidedText(text, mode, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
