"""The bar under the picture: where in the clip, and going elsewhere by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QEnterEvent,
    QFont,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QPolygonF,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractSlider, QSizePolicy, QWidget

from codefx_desktop.ui.hud import hud_font
from codefx_desktop.ui.models import words
from codefx_desktop.ui.models.time_axis import TimeAxis
from codefx_desktop.ui.theme import mixed

if TYPE_CHECKING:
    from codefx_desktop.ui.models.clip_view import ClipView
    from codefx_desktop.ui.theme import Theme

HEIGHT_PX = 50
SIDE_PX = 14
LABEL_PX = 18
TRACK_TOP_PX, TRACK_PX = 26, 10
LABELS_APART_PX = 84
KEYS_APART_PX = 5


class ScrubBar(QAbstractSlider):
    """A line of time: drag for keyframes at once, let go for the exact frame.

    A slider to whoever reads the screen; its value is the frame number.

    Args:
        view: The clip in view.
        theme: The theme.
    """

    def __init__(self, view: ClipView, theme: Theme) -> None:
        super().__init__()
        self._view, self._theme = view, theme
        self._hover_px: float | None = None
        self._wheel = 0
        self._is_held = self._is_telling = False
        self.setOrientation(Qt.Orientation.Horizontal)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMouseTracking(True)
        self._kept: tuple[tuple[object, ...], QPixmap] | None = None
        self.painted = 0
        """How often ticks and keyframes were painted."""
        self.setAccessibleName("Position in the clip")
        self.valueChanged.connect(self._on_value)
        view.phased.connect(self._on_phase)
        view.placing.placed.connect(self._on_moved)
        view.pictured.connect(self.update)
        view.player.ranged.connect(self.update)
        theme.changed.connect(self.update)
        self._on_phase()

    def axis(self) -> TimeAxis:
        """Return where the clip's instants lie."""
        clip = self._view.clip
        span = 0.0
        if clip is not None:
            last_s = clip.index.time(self._view.last).seconds
            span = max(clip.info.duration_s, last_s)
        return TimeAxis(span, SIDE_PX, max(1, self.width() - 2 * SIDE_PX))

    def number_at(self, x_px: float) -> int:
        """Return the frame that is on screen at the instant under a place."""
        clip = self._view.clip
        return clip.index.number_at(self.axis().seconds_at(x_px)) if clip else 0

    def x_of(self, number: int) -> float:
        """Return where a frame begins."""
        clip = self._view.clip
        return self.axis().x_of(clip.index.time(number).seconds) if clip else float(SIDE_PX)

    def hover_text(self) -> str:
        """Return what is said about the place under the mouse."""
        clip = self._view.clip
        if clip is None or self._hover_px is None:
            return ""
        number = self.number_at(self._hover_px)
        return f"{words.timecode(clip.index.time(number).exact_s)}   frame {words.count(number)}"

    def sizeHint(self) -> QSize:
        """Return its height; any width will do."""
        return QSize(400, HEIGHT_PX)

    def minimumSizeHint(self) -> QSize:
        """Return its height."""
        return QSize(160, HEIGHT_PX)

    # -- by hand ------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin to drag."""
        if event.button() == Qt.MouseButton.LeftButton and self._view.is_open:
            self._is_held = True
            self._drag(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow the hand, or tell what lies under it."""
        self._hover(event.position().x())
        if self._is_held:
            self._drag(event.position().x())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Ask for the exact frame where it is let go."""
        if event.button() == Qt.MouseButton.LeftButton and self._is_held:
            self._is_held = False
            self._view.release_at(self.number_at(event.position().x()))
            self.update()

    def enterEvent(self, event: QEnterEvent) -> None:
        """Tell what lies under the mouse."""
        self._hover(event.position().x())

    def leaveEvent(self, event: QEvent) -> None:
        """Tell no more."""
        del event
        self._hover(None)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Step a frame per notch, ten with Shift."""
        self._wheel += event.angleDelta().y() or event.angleDelta().x()
        notches, self._wheel = int(self._wheel / 120), self._wheel % 120
        times = 10 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
        if notches:
            self._view.step(-notches * times)
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave the keys to the window's actions, which are the same everywhere."""
        event.ignore()

    def _drag(self, x_px: float) -> None:
        self._view.drag_to(self.number_at(x_px))
        self.update()

    def _hover(self, x_px: float | None) -> None:
        self._hover_px = x_px if self._view.is_open else None
        self.update()

    # -- what the view says -------------------------------------------------------------------

    def _on_phase(self) -> None:
        self.setEnabled(self._view.clip is not None)
        self._is_held = False
        self._tell(lambda: self.setRange(0, self._view.last))
        self._on_moved()

    def _on_moved(self) -> None:
        self._tell(lambda: self.setValue(self._view.position))
        self.update()

    def _tell(self, act: object) -> None:
        self._is_telling = True
        assert callable(act)
        act()
        self._is_telling = False

    def _on_value(self, number: int) -> None:
        """Go where a screen reader or another helper put the slider."""
        if not self._is_telling:
            self._view.release_at(number)

    # -- painting -----------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint marks, track, position, and what lies under the mouse."""
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(_small(self))
        self._paint_track(painter)
        if self._view.clip is not None and self.isEnabled():
            self._paint_range(painter)
            painter.drawPixmap(0, 0, self._standing())
            self._paint_position(painter)
            self._paint_hover(painter)
        painter.end()

    def _paint_track(self, painter: QPainter) -> None:
        tokens = self._theme.tokens
        track = QRectF(SIDE_PX, TRACK_TOP_PX, self.width() - 2 * SIDE_PX, TRACK_PX)
        painter.setPen(QPen(QColor(tokens.edge if self.isEnabled() else tokens.border), 1))
        painter.setBrush(QColor(tokens.raised))
        painter.drawRoundedRect(track, 3, 3)
        if self._view.clip is not None and self.isEnabled():
            done = QRectF(track)
            done.setRight(max(track.left(), self.x_of(self._view.position)))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(mixed(tokens.accent, tokens.raised, 0.45))
            painter.drawRoundedRect(done.adjusted(1, 1, 0, -1), 2, 2)

    def range_px(self) -> tuple[float, float] | None:
        """Return where the marked range begins and ends; None where none is marked."""
        clip, times = self._view.clip, self._view.player.times
        range_ = self._view.player.range
        if clip is None or times is None or not range_.is_set:
            return None
        first, last = range_.frames(self._view.last)
        return self.x_of(first), self.axis().x_of(times.ends_s(last))

    def _paint_range(self, painter: QPainter) -> None:
        """Paint a bracket around the marked range, filled where it is repeated."""
        ends = self.range_px()
        if ends is None:
            return
        tokens, range_ = self._theme.tokens, self._view.player.range
        box = QRectF(ends[0], TRACK_TOP_PX - 3, max(2.0, ends[1] - ends[0]), TRACK_PX + 6)
        ground = 0.45 if range_.loops else 0.8
        painter.fillRect(box.adjusted(0, 4, 0, -4), mixed(tokens.warning, tokens.raised, ground))
        painter.setPen(QPen(QColor(tokens.warning), 2))
        for x, turn, is_set in (
            (box.left(), 4.0, range_.first is not None),
            (box.right(), -4.0, range_.last is not None),
        ):
            if is_set:
                corners = (QPointF(x + turn, box.top()), QPointF(x, box.top()))
                feet = (QPointF(x, box.bottom()), QPointF(x + turn, box.bottom()))
                painter.drawPolyline(QPolygonF([*corners, *feet]))

    def _standing(self) -> QPixmap:
        """Return what stays while the position moves, painted once: ticks and keyframes."""
        clip = self._view.clip
        session = None if clip is None else clip.session
        look = self._theme.tokens, self.size(), self.devicePixelRatioF(), self.font()
        made_of = (session, *look)
        if self._kept is None or self._kept[0] != made_of:
            pixmap = QPixmap(self.size() * self.devicePixelRatioF())
            pixmap.setDevicePixelRatio(self.devicePixelRatioF())
            pixmap.fill(Qt.GlobalColor.transparent)
            painter = QPainter(pixmap)
            try:
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                painter.setFont(_small(self))
                self._paint_ticks(painter)
                self._paint_keys(painter)
            finally:
                painter.end()
            self._kept = made_of, pixmap
            self.painted += 1
        return self._kept[1]

    def _paint_ticks(self, painter: QPainter) -> None:
        tokens = self._theme.tokens
        axis, metrics = self.axis(), QFontMetricsF(painter.font())
        for tick in axis.ticks(LABELS_APART_PX):
            x = round(axis.x_of(tick.seconds)) + 0.5
            painter.setPen(QPen(QColor(tokens.edge), 1))
            painter.drawLine(QPointF(x, LABEL_PX + (1 if tick.label else 4)), QPointF(x, 23))
            if tick.label:
                width = metrics.horizontalAdvance(tick.label)
                left = min(max(2.0, x - width / 2), self.width() - width - 2)
                painter.setPen(QColor(tokens.muted))
                painter.drawText(QPointF(left, LABEL_PX - 5), tick.label)

    def _paint_keys(self, painter: QPainter) -> None:
        """Mark keyframes under the track where they can be told apart."""
        clip = self._view.clip
        assert clip is not None
        ticks = clip.index.ticks[clip.index.keyframe]
        axis = self.axis()
        if not len(ticks) or axis.width_px / len(ticks) < KEYS_APART_PX or not axis.span_s:
            return
        scale = float(clip.index.time_base) / axis.span_s * axis.width_px
        painter.setPen(QPen(mixed(self._theme.tokens.edge, self._theme.tokens.surface, 0.3), 1))
        for place in (ticks * scale + axis.left_px).tolist():
            x = round(place) + 0.5
            painter.drawLine(QPointF(x, 39.5), QPointF(x, 42.5))

    def _paint_position(self, painter: QPainter) -> None:
        tokens = self._theme.tokens
        x = self.x_of(self._view.position)
        shown = self._view.shown
        if shown is not None and shown.frame.number != self._view.position:
            at = self.x_of(shown.frame.number)  # the picture lies behind the hand
            painter.setPen(QPen(QColor(tokens.warning), 2))
            painter.drawLine(QPointF(at, TRACK_TOP_PX), QPointF(at, TRACK_TOP_PX + TRACK_PX))
        color = QColor(tokens.accent)
        painter.setPen(QPen(color, 2))
        painter.drawLine(QPointF(x, 21), QPointF(x, 45))
        head = QPolygonF([QPointF(x - 6, 17), QPointF(x + 6, 17), QPointF(x, 25)])
        outline = QColor(tokens.text) if self.hasFocus() or self._is_held else color
        painter.setPen(QPen(outline, 1.5))
        painter.setBrush(color)
        painter.drawPolygon(head)

    def _paint_hover(self, painter: QPainter) -> None:
        text = self.hover_text()
        if not text or self._hover_px is None:
            return
        tokens = self._theme.tokens
        x = min(max(self._hover_px, SIDE_PX), self.width() - SIDE_PX)
        if not self._is_held:
            painter.setPen(QPen(QColor(tokens.text), 1))
            painter.drawLine(QPointF(x, LABEL_PX), QPointF(x, 45))
        width = QFontMetricsF(painter.font()).horizontalAdvance(text) + 12
        left = min(max(0.0, x - width / 2), self.width() - width)
        box = QRectF(left, 0, width, LABEL_PX)
        painter.fillRect(box.adjusted(-24, 0, 24, -2), QColor(tokens.surface))  # no half labels
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens.text))
        painter.drawRoundedRect(box, 3, 3)
        painter.setPen(QColor(tokens.surface))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)


def _small(widget: QWidget) -> QFont:
    font = hud_font(widget.font())
    font.setPointSizeF(font.pointSizeF() * 0.9)
    return font
