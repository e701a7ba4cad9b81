"""The common time of all stops as a bar: whose events lie where, what is marked, where it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from codefx_desktop.domain.gantt import ticks
from codefx_desktop.ui.hud import hud_font
from codefx_desktop.ui.models.compare_align import letter
from codefx_desktop.ui.models.compare_bars import event_marks
from codefx_desktop.ui.models.compare_delta import signed
from codefx_desktop.ui.theme import mixed

if TYPE_CHECKING:
    from codefx_desktop.ui.models.compare_view import CompareView
    from codefx_desktop.ui.theme import Theme

LABEL_PX: Final = 15
ROW_PX: Final = 9
SIDE_PX: Final = 24
TICK_PX: Final = 56
NEAR_PX: Final = 4.0


class CompareScrub(QWidget):
    """Drag to go anywhere; each stop has a row with a mark for every event that was found.

    Args:
        view: The stops.
        theme: The theme.
    """

    def __init__(self, view: CompareView, theme: Theme) -> None:
        super().__init__()
        self._view, self._theme = view, theme
        self._marks = event_marks(view)
        self._span = view.player.span()
        self._is_held = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)
        self.setAccessibleName("Common time")
        theme.changed.connect(self.update)
        view.arranged.connect(self.refresh)
        view.listed.connect(self.refresh)
        view.player.moved.connect(self._on_moved)
        view.player.ranged.connect(self.update)

    def refresh(self) -> None:
        """Show where the events of all stops lie now."""
        self._marks, self._span = event_marks(self._view), self._view.player.span()
        self.updateGeometry()
        self._on_moved()

    def sizeHint(self) -> QSize:
        """Ask for a row for each stop."""
        return QSize(320, LABEL_PX + ROW_PX * max(len(self._view.panes), 2) + 8)

    def x_of(self, time_s: float) -> float:
        """Return where an instant lies."""
        first, last = self._span
        part = (time_s - first) / ((last - first) or 1.0)
        return SIDE_PX + part * (self.width() - SIDE_PX - 12.0)

    def time_at(self, x: float) -> float:
        """Return the instant at a place; beyond the ends, the nearer one."""
        first, last = self._span
        part = (x - SIDE_PX) / max(self.width() - SIDE_PX - 12.0, 1.0)
        return first + min(max(part, 0.0), 1.0) * (last - first)

    def mark_at(self, at: QPointF) -> tuple[float, str] | None:
        """Return the event under a point: when it is, and what it is called."""
        for number, marks in self._marks:
            if abs(at.y() - self._middle(number)) <= ROW_PX / 2 + 1:
                near = [(abs(self.x_of(time_s) - at.x()), time_s, name) for time_s, name in marks]
                if near and min(near)[0] <= NEAR_PX:
                    _away, time_s, name = min(near)
                    return time_s, f"{letter(number)}: {name} {signed(time_s)} s"
        return None

    def _middle(self, number: int) -> float:
        return LABEL_PX + ROW_PX * (number + 0.5) + 2.0

    def _on_moved(self) -> None:
        said = f"{signed(self._view.player.time_s)} s from {self._view.slot_name}"
        self.setAccessibleDescription(said)
        self.update()

    # -- hands --------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go to an event, or follow the hand."""
        if event.button() != Qt.MouseButton.LeftButton or not self._view.player.tracks():
            return
        mark = self.mark_at(event.position())
        if mark is not None:
            self._view.player.go(mark[0])
            return
        self._is_held = True
        self._view.player.drag_to(self.time_at(event.position().x()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow the hand, or tell what is under it."""
        if self._is_held:
            self._view.player.drag_to(self.time_at(event.position().x()))
            return
        mark = self.mark_at(event.position())
        self.setToolTip("" if mark is None else mark[1])
        shape = Qt.CursorShape.ArrowCursor if mark is None else Qt.CursorShape.PointingHandCursor
        self.setCursor(shape)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Show exactly where the hand let go."""
        if self._is_held:
            self._is_held = False
            self._view.player.go(self.time_at(event.position().x()))

    # -- painting -----------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint ticks, the range, every stop's events, and where it is."""
        del event
        painter = QPainter(self)
        painter.setFont(hud_font(self.font()))
        if self._view.player.tracks():
            self._paint_ticks(painter)
            self._paint_range(painter)
            for number, marks in self._marks:
                self._paint_marks(painter, number, tuple(time_s for time_s, _name in marks))
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_now(painter)
        painter.end()

    def _paint_ticks(self, painter: QPainter) -> None:
        tokens = self._theme.tokens
        bottom = self.height() - 4.0
        room = int((self.width() - SIDE_PX) / TICK_PX)
        for time_s, word in ticks(*self._span, room):
            x = round(self.x_of(time_s)) + 0.5
            is_zero = abs(time_s) < 1e-9
            line = QColor(tokens.text) if is_zero else mixed(tokens.surface, tokens.text, 0.15)
            painter.setPen(QPen(line, 1))
            painter.drawLine(QPointF(x, LABEL_PX), QPointF(x, bottom))
            painter.setPen(QColor(tokens.text if is_zero else tokens.muted))
            box = QRectF(x - TICK_PX / 2, 0, TICK_PX, LABEL_PX)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, word)

    def _paint_range(self, painter: QPainter) -> None:
        player, tokens = self._view.player, self._theme.tokens
        if player.begin_s is None and player.end_s is None:
            return
        first, last = self._span
        left = self.x_of(first if player.begin_s is None else player.begin_s)
        right = self.x_of(last if player.end_s is None else player.end_s)
        ground = QColor(tokens.accent)
        ground.setAlpha(60)
        box = QRectF(left, LABEL_PX, max(right - left, 1.0), self.height() - LABEL_PX - 4.0)
        painter.fillRect(box, ground)
        painter.setPen(QPen(QColor(tokens.accent), 1))
        painter.drawLine(box.topLeft(), box.bottomLeft())
        painter.drawLine(box.topRight(), box.bottomRight())

    def _paint_marks(self, painter: QPainter, number: int, times: tuple[float, ...]) -> None:
        tokens, y = self._theme.tokens, self._middle(number)
        pane = self._view.panes[number] if number < len(self._view.panes) else None
        track = None if pane is None else pane.track
        if track is None:
            return
        painter.setPen(QPen(QColor(tokens.edge), 1))
        begin, end = (self.x_of(at) for at in (track.begins_s, track.ends_s))
        left, right = max(begin, float(SIDE_PX)), min(end, self.width() - 12.0)
        painter.drawLine(QPointF(left, y), QPointF(right, y))
        painter.setPen(QColor(tokens.muted))
        box = QRectF(4, y - ROW_PX, SIDE_PX - 8, 2 * ROW_PX)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, letter(number))
        painter.setPen(QPen(QColor(tokens.text), 2))
        for time_s in times:
            x = round(self.x_of(time_s)) + 0.5
            painter.drawLine(QPointF(x, y - 3), QPointF(x, y + 3))

    def _paint_now(self, painter: QPainter) -> None:
        accent, x = QColor(self._theme.tokens.accent), self.x_of(self._view.player.time_s)
        painter.setPen(QPen(accent, 2))
        painter.drawLine(QPointF(x, LABEL_PX - 2), QPointF(x, self.height() - 2))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(accent)
        top = LABEL_PX - 6.0
        head = [QPointF(x - 5, top), QPointF(x + 5, top), QPointF(x, top + 7)]
        painter.drawPolygon(QPolygonF(head))
