"""A list of rows of two lines: what it is, and more about it in small."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from codefx_desktop.ui.card_paint import small_font
from codefx_desktop.ui.theme import mixed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codefx_desktop.ui.theme import Theme

_ROOT = QModelIndex()
Index = QModelIndex | QPersistentModelIndex
_ROLE: Final = Qt.ItemDataRole.UserRole
_PAD_PX, _ABOVE_PX = 10, 5
_LEAST_PX: Final = 112


class TwoLines(NamedTuple):
    """One row.

    Attributes:
        first: What it is.
        second: More about it.
        whole: All of it in one line, for the tooltip and for who cannot see the row.
        is_gone: It is struck through.
    """

    first: str
    second: str
    whole: str
    is_gone: bool = False


class TwoLineModel(QAbstractListModel):
    """Rows of two lines."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: tuple[TwoLines, ...] = ()

    def show_rows(self, rows: Sequence[TwoLines]) -> bool:
        """Show these rows; return whether they are others."""
        rows = tuple(rows)
        if rows == self.rows:
            return False
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()
        return True

    def rowCount(self, parent: Index = _ROOT) -> int:
        """Return how many rows there are."""
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return what a row says."""
        if not 0 <= index.row() < len(self.rows):
            return None
        row = self.rows[index.row()]
        said = (
            Qt.ItemDataRole.DisplayRole,
            Qt.ItemDataRole.AccessibleTextRole,
            Qt.ItemDataRole.ToolTipRole,
        )
        if role in said:
            return row.whole
        return row if role == _ROLE else None


class TwoLineView(QListView):
    """Shows rows of two lines.

    Args:
        name: What they are, for a screen reader.
        theme: The theme.
    """

    chosen = Signal(int)
    """A person went to this row."""

    def __init__(self, name: str, theme: Theme) -> None:
        super().__init__()
        self.rows = TwoLineModel(self)
        self._is_told = False
        self.setModel(self.rows)
        self.setItemDelegate(_Delegate(theme, self))
        self.setAccessibleName(name)
        self.setMouseTracking(True)
        self.setUniformItemSizes(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        theme.changed.connect(self.viewport().update)
        self.selectionModel().currentChanged.connect(self._on_current)
        self.clicked.connect(lambda index: self.chosen.emit(index.row()))

    def show_rows(self, rows: Sequence[TwoLines], current: int | None = None) -> None:
        """Show these rows, and which is in hand, without a person having gone there."""
        self._is_told = True
        try:
            self.rows.show_rows(rows)
            if current is None:
                self.setCurrentIndex(QModelIndex())
            elif current != self.currentIndex().row():
                self.setCurrentIndex(self.rows.index(current))
                self.scrollTo(self.rows.index(current))
        finally:
            self._is_told = False

    def sizeHint(self) -> QSize:
        """Ask for few rows: it takes what is left."""
        return QSize(super().sizeHint().width(), _LEAST_PX)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go to the row in hand again on Enter."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.chosen.emit(self.currentIndex().row())
            return
        super().keyPressEvent(event)

    def _on_current(self, now: QModelIndex) -> None:
        if not self._is_told and now.isValid():
            self.chosen.emit(now.row())


class _Delegate(QStyledItemDelegate):
    """Paints a row.

    Args:
        theme: The theme.
        parent: The owner.
    """

    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return the height of a row."""
        del index
        small = QFontMetrics(small_font(option.font)).height()
        return QSize(100, QFontMetrics(option.font).height() + small + 2 * _ABOVE_PX)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint a row."""
        row, tokens, rect = index.data(_ROLE), self._theme.tokens, option.rect
        if not isinstance(row, TwoLines):
            return
        painter.save()
        is_chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        ground = mixed(tokens.surface, tokens.accent, 0.22) if is_chosen else QColor(tokens.surface)
        painter.fillRect(rect, ground)
        if is_chosen:
            bar = QRect(rect.left(), rect.top(), 3, rect.height())
            painter.fillRect(bar, QColor(tokens.accent))
        font, small = QFont(option.font), small_font(option.font)
        font.setStrikeOut(row.is_gone)
        room = rect.adjusted(_PAD_PX, _ABOVE_PX, -_PAD_PX, 0)
        room.setHeight(QFontMetrics(font).height())
        _line(painter, font, room, row.first, tokens.muted if row.is_gone else tokens.text)
        room.translate(0, room.height())
        _line(painter, small, room, row.second, tokens.muted)
        painter.restore()


def _line(painter: QPainter, font: QFont, room: QRect, text: str, colour: str) -> None:
    shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, room.width())
    painter.setFont(font)
    painter.setPen(QColor(colour))
    painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
