"""The critical path of a stop as a chart: what was done where and when, and what held the car."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QBrush,
    QColor,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from codefx_desktop.domain.events import Place
from codefx_desktop.ui.models.stop_bars import Chart
from codefx_desktop.ui.models.stop_words import bar_text
from codefx_desktop.ui.theme import mixed

if TYPE_CHECKING:
    from PySide6.QtGui import QFocusEvent

    from codefx_desktop.ui.theme import Theme, Tokens

LANE_PX: Final = 24
BAR_PX: Final = 14
AXIS_PX: Final = 22
LEGEND_PX: Final = 22
CAP_PX: Final = 3
TICK_PX: Final = 34
"""Least room of a tick with its figure."""
_STEPS: Final = {
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_Down: 1,
}
_JUMPS: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_LABELS: Final = {Place.NONE: "Car"}


class StopGantt(QWidget):
    """The tasks of a stop as bars over time, in lanes by place.

    A critical bar has another colour and is hatched; a line with caps shows how far its ends may
    be off, a dotted one behind it its slack. Arrow keys go from bar to bar, Return asks for the
    frame at which one begins, as a click does.

    Args:
        theme: The theme.
    """

    frame_wanted = Signal(int)
    """Show the frame of this number."""
    told = Signal(str)
    """What is known of the bar that is looked at; empty for none."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._chart = Chart()
        self.current: int | None = None
        """Number of the bar that the keys are at."""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAccessibleName("Critical path")
        theme.changed.connect(self.update)

    def show_chart(self, chart: Chart) -> None:
        """Show the tasks of a stop."""
        self._chart, self.current = chart, None
        held = sum(bar.is_critical for bar in chart.bars)
        self.setAccessibleDescription(
            f"{len(chart.bars)} tasks, {held} of them critical. Arrow keys go from task to task."
        )
        self.updateGeometry()
        self.update()
        self.told.emit("")

    def text_of(self, number: int) -> str:
        """Return all figures of a bar."""
        chart = self._chart
        return bar_text(chart.bars[number], chart.zero_s, chart.scale)

    def sizeHint(self) -> QSize:
        """Ask for the height of the lanes; any width will do."""
        return QSize(240, len(self._chart.lanes) * LANE_PX + AXIS_PX + LEGEND_PX)

    def minimumSizeHint(self) -> QSize:
        """Any width will do."""
        return QSize(120, self.sizeHint().height())

    # -- where things are ---------------------------------------------------------------------

    def bar_rect(self, number: int) -> QRectF:
        """Return where a bar is."""
        row = next(k for k, lane in enumerate(self._chart.lanes) if number in lane.bars)
        bar = self._chart.bars[number]
        left, right = self._x(bar.begin_s), self._x(bar.end_s)
        top = row * LANE_PX + (LANE_PX - BAR_PX) / 2
        return QRectF(left, top, max(right - left, 2.0), BAR_PX)

    def bar_at(self, point: QPointF) -> int | None:
        """Return the bar under a point; of a narrow one also a little beside it."""
        hits = [n for n in range(len(self._chart.bars)) if self._grip(n).contains(point)]
        return min(hits, key=lambda n: self.bar_rect(n).width()) if hits else None

    def _grip(self, number: int) -> QRectF:
        return self.bar_rect(number).adjusted(-1.5, -4, 1.5, 4)

    def _left(self) -> float:
        widest = max((self._label_width(lane.place) for lane in self._chart.lanes), default=0)
        return widest + 8.0

    def _label_width(self, place: Place) -> int:
        return self.fontMetrics().horizontalAdvance(_label(place))

    def _x(self, time_s: float) -> float:
        chart = self._chart
        part = (time_s - chart.first_s) / ((chart.last_s - chart.first_s) or 1.0)
        return self._left() + part * (self.width() - self._left() - 6.0)

    # -- painting -----------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint lanes, slack, bars, how far they may be off, the axis and what signs mean."""
        del event
        tokens, chart = self._theme.tokens, self._chart
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        bottom = float(len(chart.lanes) * LANE_PX)
        if chart.bars:
            self._paint_lanes(painter, tokens)
            self._paint_axis(painter, tokens, bottom)
            for number in range(len(chart.bars)):
                self._paint_slack(painter, tokens, number)
            for number in range(len(chart.bars)):
                self._paint_bar(painter, tokens, number)
            for number in range(len(chart.bars)):
                self._paint_whisker(painter, tokens, number)
            self._paint_current(painter, tokens)
            _paint_legend(painter, tokens, QRectF(0, bottom + AXIS_PX, self.width(), LEGEND_PX))
        painter.end()

    def _paint_lanes(self, painter: QPainter, tokens: Tokens) -> None:
        for row, lane in enumerate(self._chart.lanes):
            box = QRectF(0, row * LANE_PX, self.width(), LANE_PX)
            if lane.is_first:
                painter.setPen(QPen(QColor(tokens.border), 1))
                painter.drawLine(box.topLeft(), box.topRight())
                painter.setPen(QColor(tokens.muted))
                align = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
                painter.drawText(box, int(align), _label(lane.place))

    def _paint_axis(self, painter: QPainter, tokens: Tokens, bottom: float) -> None:
        chart, metrics = self._chart, self.fontMetrics()
        room = int((self.width() - self._left()) / TICK_PX)
        grid = mixed(tokens.surface, tokens.text, 0.12)
        for time_s, word in chart.ticks(room):
            x = round(self._x(time_s)) + 0.5
            painter.setPen(QPen(grid, 1))
            painter.drawLine(QPointF(x, 0), QPointF(x, bottom))
            painter.setPen(QColor(tokens.muted))
            wide = metrics.horizontalAdvance(word)
            at = min(max(x - wide / 2, self._left() - wide / 2), self.width() - wide)
            painter.drawText(QPointF(at, bottom + metrics.ascent() + 4), word)
        painter.setPen(QColor(tokens.muted))
        painter.drawText(QPointF(0, bottom + metrics.ascent() + 4), "s")
        if chart.ends_s is not None:
            x = self._x(chart.ends_s)
            painter.setPen(QPen(QColor(tokens.text), 1.5, Qt.PenStyle.DashLine))
            painter.drawLine(QPointF(x, 0), QPointF(x, bottom))

    def _paint_slack(self, painter: QPainter, tokens: Tokens, number: int) -> None:
        end_s = self._chart.slack_end_s(number)
        if end_s is None:
            return
        rect = self.bar_rect(number)
        y = rect.bottom() + 2.0
        painter.setPen(QPen(QColor(tokens.muted), 1.5, Qt.PenStyle.DotLine))
        painter.drawLine(QPointF(rect.left(), y), QPointF(self._x(end_s), y))

    def _paint_bar(self, painter: QPainter, tokens: Tokens, number: int) -> None:
        paint_bar(painter, tokens, self.bar_rect(number), self._chart.bars[number].is_critical)

    def _paint_whisker(self, painter: QPainter, tokens: Tokens, number: int) -> None:
        bar, rect = self._chart.bars[number], self.bar_rect(number)
        painter.setPen(QPen(QColor(tokens.text), 1))
        paint_whisker(painter, self._x(bar.begin_low), rect.left(), rect.center().y())
        paint_whisker(painter, self._x(bar.end_high), rect.right(), rect.center().y())

    def _paint_current(self, painter: QPainter, tokens: Tokens) -> None:
        if self.current is not None:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(tokens.text), 2 if self.hasFocus() else 1))
            painter.drawRect(self.bar_rect(self.current).adjusted(-2, -3, 2, 3))

    # -- looking and asking -------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        """Tell the figures of the bar under the pointer; keep the arrow keys from Review."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            if Qt.Key(event.key()) in (*_STEPS, *_JUMPS) and not event.modifiers():
                event.accept()
            return True
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            number = self.bar_at(QPointF(event.pos()))
            if number is None:
                QToolTip.hideText()
                event.ignore()
            else:
                rect = self._grip(number).toRect()
                QToolTip.showText(event.globalPos(), self.text_of(number), self, rect)
            return True
        return super().event(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show where a click does something."""
        number = self.bar_at(event.position())
        jumps = number is not None and self._chart.frames[number] is not None
        shape = Qt.CursorShape.PointingHandCursor if jumps else Qt.CursorShape.ArrowCursor
        self.setCursor(shape)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go to a bar and ask for the frame of its beginning."""
        number = self.bar_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and number is not None:
            self._go(number)
            self._jump()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go from bar to bar with the arrow keys; Return asks for its frame."""
        order = [number for lane in self._chart.lanes for number in lane.bars]
        key = Qt.Key(event.key())
        if key in _STEPS and order:
            at = -1 if self.current is None else order.index(self.current)
            step = 1 if self.current is None else _STEPS[key]
            self._go(order[min(max(at + step, 0), len(order) - 1)])
        elif key in _JUMPS and self.current is not None:
            self._jump()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show which bar the keys are at."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show that the keys are elsewhere."""
        super().focusOutEvent(event)
        self.update()

    def _go(self, number: int) -> None:
        self.current = number
        text = self.text_of(number)
        self.setAccessibleDescription(text)
        self.update()
        self.told.emit(text)

    def _jump(self) -> None:
        frame = None if self.current is None else self._chart.frames[self.current]
        if frame is not None:
            self.frame_wanted.emit(frame)


def paint_bar(painter: QPainter, tokens: Tokens, rect: QRectF, is_critical: bool) -> None:
    """Paint a task; a critical one in another colour and hatched."""
    color = QColor(tokens.warning if is_critical else tokens.accent)
    ground = mixed(tokens.surface, color.name(), 0.55 if is_critical else 0.35)
    painter.setPen(QPen(color, tokens.line_px))
    painter.setBrush(ground)
    painter.drawRect(rect)
    if is_critical:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QBrush(QColor(tokens.text), Qt.BrushStyle.BDiagPattern))
        painter.drawRect(rect)


def paint_whisker(painter: QPainter, from_x: float, to_x: float, y: float) -> None:
    """Paint how far an end may be off: a line with a cap at its far end."""
    if abs(to_x - from_x) >= 1.0:
        painter.drawLine(QPointF(from_x, y), QPointF(to_x, y))
        painter.drawLine(QPointF(from_x, y - CAP_PX), QPointF(from_x, y + CAP_PX))


def _paint_legend(painter: QPainter, tokens: Tokens, box: QRectF) -> None:
    """Say what the signs mean, as far as there is room."""
    metrics, x, y = painter.fontMetrics(), box.left() + 1, box.center().y()
    for name in ("critical", "other", "slack", "\N{PLUS-MINUS SIGN}"):
        wide = 18 + 5 + metrics.horizontalAdvance(name) + 10
        if x + wide - 10 > box.right():
            return
        sign = QRectF(x, y - 4, 16, 8)
        if name in ("critical", "other"):
            paint_bar(painter, tokens, sign, name == "critical")
        elif name == "slack":
            painter.setPen(QPen(QColor(tokens.muted), 1.5, Qt.PenStyle.DotLine))
            painter.drawPolyline(QPolygonF([QPointF(x, y), QPointF(x + 16, y)]))
        else:
            painter.setPen(QPen(QColor(tokens.text), 1))
            paint_whisker(painter, x, x + 16, y)
        painter.setPen(QColor(tokens.muted))
        painter.drawText(QPointF(x + 21, y + metrics.ascent() / 2 - 1), name)
        x += wide


def _label(place: Place) -> str:
    return _LABELS.get(place, place.value)
