"""The values of a group as a strip: a tick each, a box for the middle half, the median."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
from PySide6.QtCore import QLineF, QModelIndex, QPersistentModelIndex, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from codefx_desktop.ui.models.statistics_rows import GROUP_ROLE
from codefx_desktop.ui.models.statistics_scale import value_range
from codefx_desktop.ui.theme import mixed

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QTableView

    from codefx_desktop.jobs.statistics_values import Answer, GroupTold
    from codefx_desktop.ui.models.statistics_scale import Range
    from codefx_desktop.ui.theme import Theme

Index = QModelIndex | QPersistentModelIndex
MOST_TICKS: Final = 400
"""Of more values in a group not each is drawn: a strip has no more pixels."""
_DIAMOND: Final = ((0.0, -5.0), (5.0, 0.0), (0.0, 5.0), (-5.0, 0.0))


class StripDelegate(QStyledItemDelegate):
    """Draws the values of each group, all groups on one scale.

    Args:
        theme: The theme.
        table: The owner.
    """

    def __init__(self, theme: Theme, table: QTableView) -> None:
        super().__init__(table)
        self._theme = theme
        self._answer: Answer | None = None
        self._range: Range | None = None
        theme.changed.connect(table.viewport().update)

    def take(self, answer: Answer | None) -> None:
        """Draw the groups of an answer."""
        self._answer, self._range = answer, None
        if answer is not None and answer.whole is not None and answer.whole.summary.count:
            told = answer.whole.summary
            values = [one.value_s for one in answer.sample.rows if one.value_s is not None]
            self._range = value_range(values, told.lower, told.upper)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw a strip."""
        super().paint(painter, option, index)
        group: GroupTold | None = index.data(GROUP_ROLE)
        if group is None or self._range is None or not group.summary.count:
            return
        styled: Any = option  # the stubs do not know its fields
        is_selected = bool(styled.state & QStyle.StateFlag.State_Selected)
        room = QRectF(styled.rect).adjusted(10, 4, -10, -4)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipRect(room.adjusted(-5, -2, 5, 2))
        self._paint_strip(painter, room, group, is_selected=is_selected)
        painter.restore()

    def _paint_strip(
        self, painter: QPainter, room: QRectF, group: GroupTold, *, is_selected: bool
    ) -> None:
        assert self._range is not None
        tokens, told, x_of = self._theme.tokens, group.summary, _across(self._range, room)
        ink = tokens.on_accent if is_selected else tokens.text
        ground = tokens.accent if is_selected else tokens.surface
        top, bottom = room.top(), room.bottom()
        painter.setPen(QPen(mixed(ink, ground, 0.55), 1.0))
        ticks = map(x_of, self._values(group))
        painter.drawLines([QLineF(x, top + 3, x, bottom - 3) for x in ticks])
        if told.lower is not None and told.upper is not None and told.median is not None:
            left, middle = x_of(told.lower), x_of(told.median)
            painter.setPen(QPen(QColor(ink), 1.2))
            width = max(x_of(told.upper) - left, 1.0)
            painter.drawRect(QRectF(left, top + 1, width, room.height() - 2))
            painter.setPen(QPen(QColor(ink), 2.4))
            painter.drawLine(QLineF(middle, top, middle, bottom))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(ink if is_selected else tokens.error))
        for value in self._chosen(group):
            spot = QPointF(x_of(value), room.center().y())
            painter.drawPolygon(QPolygonF([spot + QPointF(dx, dy) for dx, dy in _DIAMOND]))

    def _values(self, group: GroupTold) -> list[float]:
        rows = () if self._answer is None else self._answer.sample.rows
        values = [value for place in group.rows if (value := rows[place].value_s) is not None]
        if len(values) <= MOST_TICKS:
            return values
        parts: list[float] = np.quantile(values, np.linspace(0.0, 1.0, MOST_TICKS)).tolist()
        return parts

    def _chosen(self, group: GroupTold) -> list[float]:
        chosen = () if self._answer is None else self._answer.chosen
        return [one.value_s for one in chosen if one.group == group.name]


def _across(axis: Range, room: QRectF) -> Callable[[float], float]:
    """Return what says where a value lies; one far out lies at the edge."""

    def x_of(value: float) -> float:
        return room.left() + min(max(axis.part(value), 0.0), 1.0) * room.width()

    return x_of
