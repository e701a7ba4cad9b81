"""The timeline as a picture: rows cached one by one, so that the playhead moves alone over them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from codefx_desktop.ui.icons import draw
from codefx_desktop.ui.lanes_cache import PictureCache, parts_of, small_font
from codefx_desktop.ui.lanes_paint import RowPaint
from codefx_desktop.ui.lanes_ruler import (
    RULER_PX,
    paint_playhead,
    paint_range,
    paint_ruler,
    paint_tip,
)
from codefx_desktop.ui.lanes_signs import paint_in_hand, paint_sign
from codefx_desktop.ui.models.lane_columns import line_span
from codefx_desktop.ui.models.lane_rows import LaneKind, LaneRow, height_of, lay_out, row_at
from codefx_desktop.ui.theme import mixed

if TYPE_CHECKING:
    from codefx_desktop.ui.lanes_cache import Paint
    from codefx_desktop.ui.models.lane_axis import LaneAxis
    from codefx_desktop.ui.models.lane_events import LaneEvent, Snap
    from codefx_desktop.ui.models.lanes_model import LanesModel
    from codefx_desktop.ui.theme import Theme

GUTTER_PX: Final = 96
RIGHT_PX: Final = 8
HEAD_PX: Final = 9


class LanesView(QWidget):
    """Ruler, rows, playhead.

    Args:
        model: What is shown.
        theme: The theme.
    """

    laid_out = Signal()
    """The rows need another height, or are scrolled."""

    def __init__(self, model: LanesModel, theme: Theme) -> None:
        super().__init__()
        self.model, self._theme = model, theme
        self.cache = PictureCache()
        self._small = small_font(self.font())
        self._playhead_px = -100.0
        self._range = model.view.player.range
        self.hidden: frozenset[LaneKind] = frozenset()
        self.folded: frozenset[LaneKind] = frozenset()
        self.rows: tuple[LaneRow, ...] = ()
        self.scroll_px = 0
        self.axis = model.data.whole(GUTTER_PX, 1)
        self.hover: QPointF | None = None
        self.dragged: tuple[LaneEvent, Snap] | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(RULER_PX + 24)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        model.opened.connect(self._on_opened)
        model.changed.connect(self._on_changed)
        model.moved.connect(self._on_moved)
        model.selected.connect(self.update)
        theme.changed.connect(self.update)

    # -- what is shown ------------------------------------------------------------------------

    def lay_out(self) -> None:
        """Put the rows under each other anew."""
        data = self.model.data
        self.rows = lay_out(
            data.there, self.hidden, self.folded, data.places, data.zone_names, data.hubs
        )
        self.cache.keep({_name(row) for row in self.rows} | {"ruler"})
        self.scroll_to(self.scroll_px)

    def set_axis_shown(self, first_s: float, last_s: float) -> None:
        """Show a part of the clip."""
        self._set_axis(self.axis.showing(first_s, last_s))

    def fit(self) -> None:
        """Show all of the clip."""
        self._set_axis(self.axis.fitted())

    def zoom(self, factor: float, x_px: float | None = None) -> None:
        """Show so many times less of it, around a place, or the playhead, or the middle."""
        if x_px is not None:
            at_s = self.axis.seconds_at(x_px)
        else:
            at_s = self.model.position_s
            if not self.axis.first_s <= at_s <= self.axis.last_s:
                at_s = (self.axis.first_s + self.axis.last_s) / 2
        self._set_axis(self.axis.zoomed(factor, at_s))

    def pan_px(self, pixels: float) -> None:
        """Show what lies so many pixels to the right."""
        self._set_axis(self.axis.panned(pixels / self.axis.scale))

    def scroll_to(self, pixels: int) -> None:
        """Let the rows begin so far above the ruler."""
        self.scroll_px = min(max(pixels, 0), self.most_scroll_px())
        self.laid_out.emit()
        self.update()

    def most_scroll_px(self) -> int:
        """Return how far the rows can be scrolled."""
        return max(0, height_of(self.rows) - (self.height() - RULER_PX))

    def row_under(self, y_px: float) -> LaneRow | None:
        """Return the row at a height of the widget."""
        return row_at(self.rows, y_px - RULER_PX + self.scroll_px) if y_px >= RULER_PX else None

    def row_rect(self, row: LaneRow) -> QRectF:
        """Return where a row lies, without what stands at its left."""
        top = RULER_PX + row.top - self.scroll_px
        return QRectF(GUTTER_PX, top, self.axis.width_px, row.height)

    def row_of(self, event: LaneEvent) -> LaneRow | None:
        """Return the row on which an event stands."""
        return next((row for row in self.rows if event.event.place in row.places), None)

    def hover_text(self) -> str:
        """Return what is said about what lies under the mouse; ``LanesHands`` knows."""
        return ""

    def lanes_area(self) -> QRectF:
        """Return where ruler and rows lie."""
        return QRectF(GUTTER_PX, 0, self.axis.width_px, self.height())

    def sizeHint(self) -> QSize:
        """Ask for the height of all rows, within reason."""
        return QSize(600, RULER_PX + min(max(height_of(self.rows), 100), 176))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the same part in view."""
        super().resizeEvent(event)
        self._set_axis(self.axis.placed(GUTTER_PX, self.width() - GUTTER_PX - RIGHT_PX))
        self.scroll_to(self.scroll_px)

    # -- what the model says ------------------------------------------------------------------

    def _on_opened(self) -> None:
        width = self.width() - GUTTER_PX - RIGHT_PX
        self.axis = self.model.data.whole(GUTTER_PX, width)
        self.cache.clear()
        self._on_changed()

    def _on_changed(self) -> None:
        self.lay_out()
        self.updateGeometry()

    def _on_moved(self) -> None:
        """Paint the playhead elsewhere and, if it left the part that is shown, show where it is."""
        axis, at_s = self.axis, self.model.position_s
        if not self.is_held():
            shown = axis.revealing(at_s)
            if shown is not axis:
                self._set_axis(shown)
                return
        for x in (self._playhead_px, axis.x_of(at_s)):
            wide = max(axis.frame_px(), 0) + 20
            self.update(QRect(round(x - 10), 0, round(min(wide, self.width())), self.height()))
        if self.model.view.player.range != self._range:
            self._range = self.model.view.player.range
            self.update()

    def is_held(self) -> bool:
        """Return whether a hand drags something: then nothing moves under it by itself."""
        return False

    def _set_axis(self, axis: LaneAxis) -> None:
        self.axis = axis
        self.update()

    # -- painting -----------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint what has changed since, and over it what moves."""
        painter = QPainter(self)
        try:
            painter.fillRect(event.rect(), QColor(self._theme.tokens.surface))
            self._small = small_font(self.font())
            painter.setFont(self._small)
            if self.model.is_open:
                self._paint(painter, event.rect())
        finally:
            painter.end()

    def _paint(self, painter: QPainter, wanted: QRect) -> None:
        self._paint_rows(painter, wanted)
        self._paint_ruler(painter)
        if wanted.left() < GUTTER_PX:
            self._paint_gutter(painter)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipRect(self.lanes_area(), Qt.ClipOperation.IntersectClip)
        self._paint_over(painter)

    def _paint_rows(self, painter: QPainter, wanted: QRect) -> None:
        for row in self.rows:
            rect = self.row_rect(row)
            if rect.bottom() < RULER_PX or rect.top() > self.height():
                continue
            if rect.bottom() < wanted.top() or rect.top() > wanted.bottom():
                continue
            painter.drawPixmap(rect.topLeft(), self._row_picture(row))

    def _row_picture(self, row: LaneRow) -> QPixmap:
        data = self.model.data

        def paint(painter: QPainter, rect: QRectF) -> None:
            axis, tokens = self.axis.placed(0, self.axis.width_px), self._theme.tokens
            painter.fillRect(rect, mixed(tokens.surface, tokens.text, 0.035))
            RowPaint(data, axis, tokens, self.devicePixelRatioF()).paint(painter, row, rect)

        size = QSize(round(self.axis.width_px), row.height)
        return self._picture(_name(row), size, (row,), parts_of(row, data), paint)

    def _paint_ruler(self, painter: QPainter) -> None:
        axis, tokens = self.axis.placed(0, self.axis.width_px), self._theme.tokens

        def paint(on: QPainter, rect: QRectF) -> None:
            paint_ruler(on, axis, rect, tokens)

        size = QSize(round(axis.width_px), RULER_PX)
        picture = self._picture("ruler", size, (), (self.model.data.times_s,), paint)
        painter.drawPixmap(QPointF(GUTTER_PX, 0), picture)
        end = QRectF(GUTTER_PX + size.width(), 0, RIGHT_PX, RULER_PX)
        painter.fillRect(end, QColor(tokens.window))

    def _picture(
        self,
        name: object,
        size: QSize,
        key: tuple[object, ...],
        parts: tuple[object, ...],
        paint: Paint,
    ) -> QPixmap:
        whole = (*key, self.axis.window, self._theme.tokens)
        ratio = self.devicePixelRatioF()
        on = size, ratio, self._small
        return self.cache.picture(name, (*whole, size, ratio), parts, on, paint)

    def _paint_gutter(self, painter: QPainter) -> None:
        """Paint what the rows are called, with a triangle at those that can be folded."""
        tokens = self._theme.tokens
        painter.save()
        painter.setClipRect(QRect(0, RULER_PX, GUTTER_PX, self.height()))
        metrics = QFontMetricsF(painter.font())
        for row in self.rows:
            top = RULER_PX + row.top - self.scroll_px
            if row.is_head:
                box = QRectF(4, top + (row.height - HEAD_PX) / 2, HEAD_PX, HEAD_PX)
                glyph = "chevron-right" if row.is_folded else "chevron-down"
                draw(painter, box, glyph, QColor(tokens.muted))
            room = GUTTER_PX - 24
            painter.setPen(QColor(tokens.text if row.is_head else tokens.muted))
            name = metrics.elidedText(row.label, Qt.TextElideMode.ElideRight, room)
            rect = QRectF(17, top, room, row.height)
            painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter, name)
        painter.restore()

    def _paint_over(self, painter: QPainter) -> None:
        """Paint what moves without the rows: range, playhead, the event in hand, hover."""
        model, axis, tokens = self.model, self.axis, self._theme.tokens
        area = self.lanes_area()
        if (marked := model.range_s) is not None:
            span = axis.x_of(marked[0]), axis.x_of(marked[1])
            paint_range(painter, span, area, tokens, loops=model.view.player.range.loops)
        begin, end = axis.frame_span(min(model.view.position, len(axis.times_s) - 1))
        self._playhead_px = axis.x_of(begin)
        paint_playhead(painter, self._playhead_px, (end - begin) * axis.scale, area, tokens)
        self._paint_track(painter)
        self._paint_in_hand(painter)
        if self.hasFocus() and not self.is_held():
            painter.setPen(QPen(QColor(tokens.accent), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(area.adjusted(1, 1, -1, -1))
        text = self.hover_text()
        if text and self.hover is not None:
            paint_tip(painter, text, self.hover, QRectF(self.rect()), tokens)

    def _paint_track(self, painter: QPainter) -> None:
        """Paint a line around the track that is in hand."""
        spans, track = self.model.data.arrays.tracks, self.model.track
        row = next((row for row in self.rows if row.kind is LaneKind.TRACKS), None)
        if spans is None or track is None or row is None:
            return
        axis, rect, ratio = self.axis, self.row_rect(row), self.devicePixelRatioF()
        spans = spans.for_gap(4 / axis.scale)
        lines = max(1, round(row.height * ratio))
        painter.save()
        painter.setClipRect(self._below_ruler(), Qt.ClipOperation.IntersectClip)
        painter.setPen(QPen(QColor(self._theme.tokens.text), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        part = spans.between(axis.first_s, axis.last_s)
        for place in (part.start + np.flatnonzero(spans.track_id[part] == track)).tolist():
            first, last = line_span(int(spans.row[place]), spans.rows, lines)
            left = max(axis.x_of(float(spans.begin_s[place])), rect.left() - 2)
            right = min(axis.x_of(float(spans.end_s[place])), rect.right() + 2)
            top, bottom = rect.top() + first / ratio, rect.top() + last / ratio
            box = QRectF(left, top, max(right - left, 1), bottom - top)
            painter.drawRect(box.adjusted(-1.5, -1.5, 1.5, 1.5))
        painter.restore()

    def _below_ruler(self) -> QRectF:
        return self.lanes_area().adjusted(0, RULER_PX, 0, 0)

    def _paint_in_hand(self, painter: QPainter) -> None:
        current = self.model.current
        if self.dragged is not None:
            current, snap = self.dragged
            x = self.axis.x_of(snap.time_s)
        elif current is not None:
            x = self.axis.x_of(current.time_s)
        row = None if current is None else self.row_of(current)
        if current is None or row is None:
            return
        rect, tokens = self.row_rect(row), self._theme.tokens
        if rect.bottom() <= RULER_PX:
            return
        if self.dragged is not None:
            painter.setPen(QColor(tokens.text))
            painter.drawLine(QPointF(x, RULER_PX), QPointF(x, self.height()))
            paint_sign(painter, current.event.status, x, rect, tokens)
        paint_in_hand(painter, x, rect, tokens)


def _name(row: LaneRow) -> tuple[object, ...]:
    return row.kind, row.places, row.zone
