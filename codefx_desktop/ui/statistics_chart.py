"""The chart of the Statistics workspace: each stop a point, with its uncertainty and the trend.

Painted here, not by a plotting library: the one that was tried takes 0.7 s of the main thread and
57 MB when it is imported, and its points are not reached with keys.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from codefx_desktop.jobs.statistics_values import Over
from codefx_desktop.ui.models.statistics_words import point_text
from codefx_desktop.ui.statistics_marks import Marks, paint_points
from codefx_desktop.ui.theme import mixed

if TYPE_CHECKING:
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QFocusEvent, QResizeEvent

    from codefx_desktop.domain.statistics import TimedStop
    from codefx_desktop.ui.models.statistics_points import Points
    from codefx_desktop.ui.theme import Theme

NEAR_PX: Final = 12.0
_TOP_PX, _RIGHT_PX, _BOTTOM_PX = 22, 14, 40
_KEYS: Final = {
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_PageUp: -10,
    Qt.Key.Key_PageDown: 10,
}


class StatisticsChart(QWidget):
    """Times of stops over days, or over stops; a point opens its stop.

    Args:
        theme: The theme.
    """

    opened = Signal(object)
    """View the stop of a point: ``TimedStop``."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._points: Points | None = None
        self._rows: tuple[TimedStop, ...] = ()
        self._label = ""
        self._still: QPixmap | None = None
        self._at = -1
        """Place of the point that the mouse or the keys are at; -1 for none."""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setMinimumHeight(150)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Chart of the stops")
        theme.changed.connect(self._refresh)

    def show_points(self, points: Points | None, rows: tuple[TimedStop, ...], label: str) -> None:
        """Show points.

        Args:
            points: What is shown; None for nothing.
            rows: The sample that they are of.
            label: Name of the duration.
        """
        self._points, self._rows, self._label, self._at = points, rows, label, -1
        count = 0 if points is None else len(points.row)
        self.setAccessibleDescription(
            f"{label}, {count:,} points. Left and right go from point to point, Enter opens the "
            "stop in Review."
        )
        self._refresh()

    def spot(self, place: int) -> QPointF:
        """Return where a point lies on the widget."""
        assert self._points is not None
        x, y = self._pixels(self._points)
        return QPointF(float(x[place]), float(y[place]))

    @property
    def current(self) -> TimedStop | None:
        """What the mouse or the keys are at."""
        if self._points is None or not 0 <= self._at < len(self._points.row):
            return None
        return self._rows[int(self._points.row[self._at])]

    def sizeHint(self) -> QSize:
        """Ask for what a half of the smallest window has."""
        return QSize(600, 260)

    # -- painting -----------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the still picture, and over it the point that is looked at."""
        del event
        if self._still is None or self._still.size() != self.size() * self.devicePixelRatioF():
            self._still = self._picture()
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._still)
        if self._points is not None and 0 <= self._at < len(self._points.row):
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(self._theme.tokens.text), 2.0))
            painter.drawEllipse(self.spot(self._at), 7.0, 7.0)
        if self.hasFocus():
            painter.setPen(QPen(QColor(self._theme.tokens.accent), 1.0))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()

    def _picture(self) -> QPixmap:
        ratio = self.devicePixelRatioF()
        still = QPixmap(self.size() * ratio)
        still.setDevicePixelRatio(ratio)
        still.fill(QColor(self._theme.tokens.surface))
        if self._points is not None:
            painter = QPainter(still)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setFont(self.font())
            self._paint_axes(painter, self._points)
            painter.setClipRect(self._plot().adjusted(-8, -8, 8, 8))
            paint_points(painter, self._marks(self._points), self._theme.tokens)
            self._paint_lines(painter, self._points)
            painter.end()
        return still

    def _paint_axes(self, painter: QPainter, points: Points) -> None:
        tokens, plot = self._theme.tokens, self._plot()
        metrics = self.fontMetrics()
        grid, words = QColor(tokens.border), QColor(tokens.muted)
        if not tokens.dark:
            grid = mixed(tokens.surface, tokens.edge, 0.35)
        most_up = max(2, int(plot.height() / (metrics.height() * 2.2)))
        for value, text in points.y_ticks(most_up):
            y = self._y(value, points)
            painter.setPen(QPen(grid, 1.0))
            painter.drawLine(QLineF(plot.left(), y, plot.right(), y))
            painter.setPen(words)
            room = QRectF(0, y - 10, plot.left() - 6, 20)
            painter.drawText(room, _RIGHT, text)
        most_across = max(2, int(plot.width() / (metrics.horizontalAdvance("2026-12-31") + 24)))
        for value, text in points.x_ticks(most_across):
            x = self._x(value, points)
            painter.setPen(QPen(grid, 1.0))
            painter.drawLine(QLineF(x, plot.bottom(), x, plot.bottom() + 4))
            painter.setPen(words)
            wide = metrics.horizontalAdvance(text) + 2
            left = min(x - wide / 2, self.width() - wide)  # the last one is not cut off
            painter.drawText(QRectF(left, plot.bottom() + 4, wide, 16), _CENTRE, text)
        painter.setPen(QPen(QColor(tokens.edge), 1.0))
        painter.drawLine(plot.bottomLeft(), plot.bottomRight())
        self._paint_names(painter, points, plot)

    def _paint_names(self, painter: QPainter, points: Points, plot: QRectF) -> None:
        tokens = self._theme.tokens
        painter.setPen(QColor(tokens.text))
        painter.drawText(QRectF(8, 2, plot.width(), 18), _LEFT, f"{self._label}, s")
        across = "Date" if points.over is Over.DATE else "Stops in order of time"
        painter.drawText(QRectF(plot.left(), self.height() - 19, plot.width(), 18), _CENTRE, across)
        if points.beyond:
            text = f"{points.beyond:,} far out, at the edge"
            painter.setPen(QColor(tokens.muted))
            painter.drawText(QRectF(plot.left(), 2, plot.width(), 18), _RIGHT, text)

    def _paint_lines(self, painter: QPainter, points: Points) -> None:
        """Paint the median and the trend of the group that is looked at."""
        tokens, plot = self._theme.tokens, self._plot()
        if points.median is not None:
            y = self._y(points.median, points)
            painter.setPen(QPen(QColor(tokens.muted), 1.2, Qt.PenStyle.DashLine))
            painter.drawLine(QLineF(plot.left(), y, plot.right(), y))
        if points.trend is not None:
            trend, told = points.trend, points.x[points.is_picked]
            ends = (float(told.min()), float(told.max()))
            heights = [trend.middle + trend.slope * (x - trend.at) for x in ends]
            line = [
                QPointF(self._x(x, points), self._y(y, points))
                for x, y in zip(ends, heights, strict=True)
            ]
            painter.setPen(QPen(QColor(tokens.warning), 2.0))
            painter.drawLine(*line)

    def _marks(self, points: Points) -> Marks:
        x, y = self._pixels(points)
        low = self._plot().bottom() - points.up_part(points.low) * self._plot().height()
        high = self._plot().bottom() - points.up_part(points.high) * self._plot().height()
        return Marks(x, y, low, high, points, self._plot())

    # -- places -------------------------------------------------------------------------------

    def _plot(self) -> QRectF:
        left = self.fontMetrics().horizontalAdvance("-00.00") + 14
        return QRectF(
            left, _TOP_PX, self.width() - left - _RIGHT_PX, self.height() - _TOP_PX - _BOTTOM_PX
        )

    def _pixels(self, points: Points) -> tuple[np.ndarray, np.ndarray]:
        plot = self._plot()
        x = plot.left() + (points.x - points.across.low) / points.across.span * plot.width()
        y = plot.bottom() - points.up_part(points.y) * plot.height()
        return x, np.clip(y, plot.top(), plot.bottom())

    def _x(self, value: float, points: Points) -> float:
        return self._plot().left() + points.across.part(value) * self._plot().width()

    def _y(self, value: float, points: Points) -> float:
        return self._plot().bottom() - points.up.part(value) * self._plot().height()

    def _nearest(self, spot: QPointF) -> int:
        """Return the point within reach of a spot, one that is looked at first; -1 for none."""
        if self._points is None:
            return -1
        x, y = self._pixels(self._points)
        far = np.hypot(x - spot.x(), y - spot.y()) + np.where(self._points.is_picked, 0.0, 4.0)
        best = int(np.argmin(far))
        return best if far[best] <= NEAR_PX else -1

    # -- asking -------------------------------------------------------------------------------

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell what is under the mouse."""
        place = self._nearest(event.position())
        self.setCursor(_POINTING if place >= 0 else _PLAIN)
        if place == self._at:
            return
        self._go(place)
        if (one := self.current) is not None:
            QToolTip.showText(event.globalPosition().toPoint(), point_text(one), self)
        else:
            QToolTip.hideText()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Open the stop under the mouse."""
        if event.button() is Qt.MouseButton.LeftButton:
            self._go(self._nearest(event.position()))
            self._open()

    def leaveEvent(self, event: QEvent) -> None:
        """Look at no point, unless the keys do."""
        super().leaveEvent(event)
        if not self.hasFocus():
            self._go(-1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go from point to point, open the stop of one."""
        key = Qt.Key(event.key())
        if key in _KEYS:
            self._step(_KEYS[key])
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self._step(-self._count() if key == Qt.Key.Key_Home else self._count())
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._open()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show where the keys go."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show that the keys go elsewhere."""
        super().focusOutEvent(event)
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Paint anew."""
        super().resizeEvent(event)
        self._still = None

    def _count(self) -> int:
        return 0 if self._points is None else len(self._points.row)

    def _step(self, by: int) -> None:
        """Go to another point of the group that is looked at."""
        if self._points is None:
            return
        picked = np.flatnonzero(self._points.is_picked)
        if not len(picked):
            return
        here = int(np.searchsorted(picked, self._at)) if self._at >= 0 else -1 if by > 0 else 0
        place = int(picked[min(max(here + by, 0), len(picked) - 1)])
        self._go(place)
        if (one := self.current) is not None:
            self.setAccessibleDescription(point_text(one).replace("\n", ", "))
            QToolTip.showText(self.mapToGlobal(self.spot(place).toPoint()), point_text(one), self)

    def _go(self, place: int) -> None:
        if place != self._at:
            self._at = place
            self.update()

    def _open(self) -> None:
        if (one := self.current) is not None:
            self.opened.emit(one)

    def _refresh(self) -> None:
        self._still = None
        self.update()


_LEFT: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_CENTRE: Final = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop
_POINTING: Final = Qt.CursorShape.PointingHandCursor
_PLAIN: Final = Qt.CursorShape.ArrowCursor
