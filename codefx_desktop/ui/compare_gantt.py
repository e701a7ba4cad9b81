"""The tasks of several stops over each other on one axis of true time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QHelpEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from codefx_desktop.ui.models.compare_bars import Charts
from codefx_desktop.ui.models.stop_words import bar_text
from codefx_desktop.ui.stop_gantt import paint_bar, paint_whisker
from codefx_desktop.ui.theme import mixed

if TYPE_CHECKING:
    from codefx_desktop.ui.models.compare_bars import Row
    from codefx_desktop.ui.theme import Theme, Tokens

LANE_PX: Final = 17
HEAD_PX: Final = 20
BAR_PX: Final = 10
AXIS_PX: Final = 20
TICK_PX: Final = 40


class CompareGantt(QWidget):
    """Rows of bars, stop by stop; where everybody is looking is a line through all of them.

    A click shows the instant under the pointer; on a bar the one at which it begins.

    Args:
        theme: The theme.
    """

    time_wanted = Signal(float)
    """Show this instant of the common time."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._charts = Charts()
        self._now_s = 0.0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)
        self.setAccessibleName("Tasks of all stops")
        theme.changed.connect(self.update)

    def show_charts(self, charts: Charts) -> None:
        """Show the tasks of these stops."""
        self._charts = charts
        told = [f"{one.letter}: {len(one.chart.bars)} tasks" for one in charts.groups]
        self.setAccessibleDescription(", ".join(told))
        self.updateGeometry()
        self.update()

    def show_time(self, time_s: float) -> None:
        """Show where everybody is looking."""
        if time_s != self._now_s:
            before, self._now_s = self._x(self._now_s), time_s
            for x in (before, self._x(time_s)):
                self.update(int(x) - 3, 0, 7, self.height())

    def sizeHint(self) -> QSize:
        """Ask for the height of all rows; any width will do."""
        return QSize(240, round(self._bottom()) + 4)

    def minimumSizeHint(self) -> QSize:
        """Any width will do."""
        return QSize(120, self.sizeHint().height())

    # -- where things are ---------------------------------------------------------------------

    def bar_rect(self, row: int, number: int) -> QRectF:
        """Return where a bar of a row is."""
        group = self._charts.groups[self._charts.rows[row].group]
        bar = group.chart.bars[number]
        left, right = self._x(group.at(bar.begin_s)), self._x(group.at(bar.end_s))
        top = self._top(row) + (LANE_PX - BAR_PX) / 2
        return QRectF(left, top, max(right - left, 2.0), BAR_PX)

    def bar_at(self, point: QPointF) -> tuple[int, int] | None:
        """Return row and number of the bar under a point."""
        hits = [
            (self.bar_rect(row, number).width(), row, number)
            for row, one in enumerate(self._charts.rows)
            for number in one.bars
            if self.bar_rect(row, number).adjusted(-2, -3, 2, 3).contains(point)
        ]
        return min(hits)[1:] if hits else None

    def _top(self, row: int) -> float:
        heights = (HEAD_PX if one.place is None else LANE_PX for one in self._charts.rows[:row])
        return float(AXIS_PX + sum(heights))

    def _bottom(self) -> float:
        return self._top(len(self._charts.rows))

    def _left(self) -> float:
        return self.fontMetrics().horizontalAdvance("front") + 12.0

    def _x(self, time_s: float) -> float:
        charts = self._charts
        part = (time_s - charts.first_s) / ((charts.last_s - charts.first_s) or 1.0)
        return self._left() + part * (self.width() - self._left() - 8.0)

    def _time_at(self, x: float) -> float:
        charts, wide = self._charts, max(self.width() - self._left() - 8.0, 1.0)
        part = min(max((x - self._left()) / wide, 0.0), 1.0)
        return charts.first_s + part * (charts.last_s - charts.first_s)

    # -- painting -----------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the axis, the rows, and where everybody is looking."""
        tokens = self._theme.tokens
        painter = QPainter(self)
        painter.setClipRegion(event.region())
        painter.fillRect(self.rect(), QColor(tokens.surface))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_axis(painter, tokens)
        for number, row in enumerate(self._charts.rows):
            if row.place is not None:
                self._paint_row(painter, tokens, number, row)
        if self._charts.groups:
            x = round(self._x(self._now_s)) + 0.5
            painter.setPen(QPen(QColor(tokens.accent), 2))
            painter.drawLine(QPointF(x, AXIS_PX - 3), QPointF(x, self._bottom()))
        for number, row in enumerate(self._charts.rows):
            if row.place is None:
                self._paint_head(painter, tokens, number, row)  # no line goes through its words
        painter.end()

    def _paint_axis(self, painter: QPainter, tokens: Tokens) -> None:
        bottom, metrics = self._bottom(), self.fontMetrics()
        grid = mixed(tokens.surface, tokens.text, 0.12)
        room = int((self.width() - self._left()) / TICK_PX)
        for time_s, word in self._charts.ticks(room):
            x = round(self._x(time_s)) + 0.5
            is_zero = abs(time_s) < 1e-9
            painter.setPen(QPen(QColor(tokens.text) if is_zero else grid, 1))
            painter.drawLine(QPointF(x, AXIS_PX), QPointF(x, bottom))
            painter.setPen(QColor(tokens.muted))
            wide = metrics.horizontalAdvance(word)
            at = min(max(x - wide / 2, self._left() - wide / 2), self.width() - wide)
            painter.drawText(QPointF(at, metrics.ascent() + 2), word)
        painter.drawText(QPointF(4, metrics.ascent() + 2), "s")

    def _paint_head(self, painter: QPainter, tokens: Tokens, number: int, row: Row) -> None:
        group = self._charts.groups[row.group]
        box = QRectF(0, self._top(number), self.width(), HEAD_PX)
        painter.setPen(QPen(QColor(tokens.border), 1))
        painter.drawLine(box.topLeft(), box.topRight())
        text = f"{group.letter}  {group.name}"
        if not group.chart.bars:
            text += ": no task of which both ends were found"
        painter.setPen(QColor(tokens.text))
        align = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        elided = self.fontMetrics().elidedText(
            text, Qt.TextElideMode.ElideMiddle, self.width() - 12
        )
        wide = self.fontMetrics().horizontalAdvance(elided) + 6
        painter.fillRect(QRectF(2, box.top() + 1, wide, HEAD_PX - 1), QColor(tokens.surface))
        painter.drawText(box.adjusted(4, 0, -4, 0), int(align), elided)

    def _paint_row(self, painter: QPainter, tokens: Tokens, number: int, row: Row) -> None:
        group, top = self._charts.groups[row.group], self._top(number)
        if row.is_first:
            painter.setPen(QColor(tokens.muted))
            align = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
            box = QRectF(4, top, self._left() - 4, LANE_PX)
            painter.drawText(box, int(align), row.place.value if row.place else "Car")
        for bar_number in row.bars:
            bar, rect = group.chart.bars[bar_number], self.bar_rect(number, bar_number)
            paint_bar(painter, tokens, rect, bar.is_critical)
            painter.setPen(QPen(QColor(tokens.text), 1))
            middle = rect.center().y()
            paint_whisker(painter, self._x(group.at(bar.begin_low)), rect.left(), middle)
            paint_whisker(painter, self._x(group.at(bar.end_high)), rect.right(), middle)
        if group.chart.ends_s is not None:
            x = self._x(group.at(group.chart.ends_s))
            painter.setPen(QPen(QColor(tokens.text), 1.5, Qt.PenStyle.DashLine))
            painter.drawLine(QPointF(x, top), QPointF(x, top + LANE_PX))

    # -- looking and asking -------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        """Tell the figures of the bar under the pointer."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            found = self.bar_at(QPointF(event.pos()))
            if found is None:
                QToolTip.hideText()
                event.ignore()
            else:
                QToolTip.showText(event.globalPos(), self.text_of(*found), self)
            return True
        return super().event(event)

    def text_of(self, row: int, number: int) -> str:
        """Return all figures of a bar, and whose it is."""
        group = self._charts.groups[self._charts.rows[row].group]
        chart = group.chart
        return f"{group.letter}: {bar_text(chart.bars[number], chart.zero_s, chart.scale)}"

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Show the instant under the pointer, of a bar the one at which it begins."""
        if event.button() == Qt.MouseButton.LeftButton and self._charts.groups:
            found = self.bar_at(event.position())
            if found is None:
                self.time_wanted.emit(self._time_at(event.position().x()))
            else:
                group = self._charts.groups[self._charts.rows[found[0]].group]
                self.time_wanted.emit(group.at(group.chart.bars[found[1]].begin_s))
