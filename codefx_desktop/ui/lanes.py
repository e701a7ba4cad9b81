"""The timeline under the hand: go to frames, scrub, drag events, mark ranges, zoom and pan."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QToolTip, QWidget

from codefx_desktop.ui.lanes_ruler import RULER_PX
from codefx_desktop.ui.lanes_told import LanesTold
from codefx_desktop.ui.lanes_view import GUTTER_PX
from codefx_desktop.ui.models.lane_events import next_in, snapped
from codefx_desktop.ui.models.lane_rows import LOOKS, LaneKind

if TYPE_CHECKING:
    from codefx_desktop.ui.models.lane_events import LaneEvent, Snap
    from codefx_desktop.ui.models.lanes_model import LanesModel
    from codefx_desktop.ui.theme import Theme

ZOOM_STEP: Final = 1.25
SNAP_PX: Final = 7.0
DRAG_FROM_PX: Final = 3.0
REST_MS: Final = 120
"""A hand that rests so long while it drags an event wants to see the exact frame."""
PAN_PART: Final = 0.12
"""Of the width, for a notch of the wheel."""


class Grip(Enum):
    """What the hand holds."""

    TIME = auto()
    EVENT = auto()
    RANGE = auto()
    VIEW = auto()


@dataclass(slots=True)
class _Held:
    grip: Grip
    press: QPointF
    last: QPointF
    event: LaneEvent | None = None
    number: int = 0
    has_moved: bool = False


class Lanes(LanesTold):
    """The timeline of the Review workspace.

    A click shows the exact frame, a drag on ruler or rows scrubs; events are dragged, with Alt
    without sticking to others; Shift marks a range; the middle button pans; the wheel pans, with
    Ctrl zooms at the cursor, with Shift scrolls the rows.

    Args:
        model: What is shown.
        theme: The theme.
    """

    folded_by_hand = Signal(LaneKind)
    """A kind of lane was clicked at its left: fold it, or unfold it."""
    menu_wanted = Signal(QPoint)
    """The menu of lanes, at a place of the screen."""

    def __init__(self, model: LanesModel, theme: Theme) -> None:
        self._held: _Held | None = None
        self._former: QWidget | None = None
        super().__init__(model, theme)
        self._wheel = 0
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self._show_exact)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def is_held(self) -> bool:
        """Return whether a hand drags something."""
        return self._held is not None

    # -- by mouse -----------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of what lies there."""
        at = event.position()
        if not self.model.is_open or self._held is not None:
            return
        if event.button() == Qt.MouseButton.MiddleButton:
            self._held, self.is_mute = _Held(Grip.VIEW, at, at), True
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        elif event.button() == Qt.MouseButton.LeftButton and at.x() < GUTTER_PX:
            row = self.row_under(at.y())
            if row is not None:
                self.folded_by_hand.emit(row.kind)
        elif event.button() == Qt.MouseButton.LeftButton:
            self._take(at, event.modifiers())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag what is held, or tell what lies there."""
        at = event.position()
        self._set_hover(at)
        held = self._held
        if held is None:
            over = self.event_at(at) if self.model.is_editable else None
            shape = Qt.CursorShape
            self.setCursor(shape.ArrowCursor if over is None else shape.SizeHorCursor)
            return
        if (at - held.press).manhattanLength() >= DRAG_FROM_PX:
            held.has_moved = True
        if held.has_moved:
            self._drag(held, at, event.modifiers())
        held.last = at

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go of it: the exact frame, the event where it is, the range."""
        held = self._held
        if held is None:
            return
        middle = event.button() == Qt.MouseButton.MiddleButton
        if middle != (held.grip is Grip.VIEW):
            return
        dragged = self.dragged
        self._let_go()
        if held.grip is Grip.EVENT and held.event is not None:
            self._drop(held, dragged)
        elif held.grip is Grip.TIME or (held.grip is Grip.RANGE and not held.has_moved):
            if not held.has_moved:
                self._pick(event.position())
            self.model.view.release_at(self.number_at(event.position().x()))
        elif held.grip is Grip.RANGE:
            self.model.mark_range(held.number, self.number_at(event.position().x()))

    def leaveEvent(self, event: QEvent) -> None:
        """Tell no more."""
        del event
        self._set_hover(None)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom with Ctrl, scroll the rows with Shift or at their names, else pan."""
        turned, sideways = event.angleDelta().y(), event.angleDelta().x()
        keys, at = event.modifiers(), event.position()
        if keys & Qt.KeyboardModifier.ControlModifier:
            self.zoom(ZOOM_STEP ** ((turned or sideways) / 120), max(at.x(), GUTTER_PX))
        elif turned and (
            keys & Qt.KeyboardModifier.ShiftModifier or at.x() < GUTTER_PX or self.axis.is_whole
        ):
            self.scroll_to(self.scroll_px - round(turned / 120 * 24))
        else:
            self.pan_px(-(turned or sideways) / 120 * PAN_PART * self.axis.width_px)
        event.accept()

    def contextMenuEvent(self, event: object) -> None:
        """Offer the menu of lanes."""
        self.menu_wanted.emit(event.globalPos())  # type: ignore[attr-defined]

    def event(self, event: QEvent) -> bool:
        """Tell what a lane shows at its name; keep the keys that are the timeline's own."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            row = self.row_under(event.pos().y()) if event.pos().x() < GUTTER_PX else None
            if row is None:
                QToolTip.hideText()
            else:
                tip = f"{LOOKS[row.kind].tip}. Click to {'un' if row.is_folded else ''}fold."
                QToolTip.showText(event.globalPos(), tip, self)
            return True
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and self._is_mine(event)
        ):
            event.accept()
            return True
        return super().event(event)

    # -- by keys ------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go from event to event, zoom, or give up a drag."""
        key = event.key()
        if not self._is_mine(event):
            event.ignore()
        elif key == Qt.Key.Key_Escape:
            self._give_up()
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self._hold(self.model.step(-1 if key == Qt.Key.Key_Left else 1))
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._step_row(-1 if key == Qt.Key.Key_Up else 1)
        elif (current := self.model.current) is not None:
            self.model.go(current)

    def _is_mine(self, event: QKeyEvent) -> bool:
        keys = Qt.Key
        if event.key() == keys.Key_Escape:
            return self._held is not None
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier or not self.model.is_open:
            return False
        moving = (keys.Key_Left, keys.Key_Right, keys.Key_Up, keys.Key_Down)
        going = (keys.Key_Return, keys.Key_Enter)
        return event.key() in (*moving, *going) and bool(self.model.data.events)

    def _step_row(self, direction: int) -> None:
        """Take the event in hand that lies nearest in time in the next row that has any."""
        current = self.model.current
        if current is None:
            self._hold(self.model.step(1))
            return
        rows = [row for row in self.rows if row.places]
        place = next((n for n, row in enumerate(rows) if current.event.place in row.places), 0)
        further = rows[place + 1 :] if direction > 0 else rows[:place][::-1]
        for row in further:
            found = next_in(self.model.data.events, row.places, current.time_s)
            if found is not None:
                self.model.select(found)
                self._hold(found)
                return

    def _hold(self, event: LaneEvent | None) -> None:
        """Have an event in sight."""
        if event is None:
            return
        shown = self.axis.revealing(event.time_s)
        self.set_axis_shown(shown.first_s, shown.last_s)
        row = self.row_of(event)
        if row is not None:
            room = self.height() - RULER_PX
            low, high = row.bottom - room, row.top
            self.scroll_to(min(max(self.scroll_px, low), high))

    # -- inside -------------------------------------------------------------------------------

    def _take(self, at: QPointF, keys: Qt.KeyboardModifier) -> None:
        number = self.number_at(at.x())
        if keys & Qt.KeyboardModifier.ShiftModifier:
            self._held = _Held(Grip.RANGE, at, at, number=number)
            return
        found = self.event_at(at)
        if found is not None:
            self._held = _Held(Grip.EVENT, at, at, found, self.model.view.position)
            self.model.select(found)
            self._take_keyboard()
            return
        self._held = _Held(Grip.TIME, at, at, number=self.model.view.position)
        self._take_keyboard()
        self.model.view.drag_to(number)

    def _drag(self, held: _Held, at: QPointF, keys: Qt.KeyboardModifier) -> None:
        number = self.number_at(at.x())
        if held.grip is Grip.VIEW:
            moved = at - held.last
            self.pan_px(-moved.x())
            self.scroll_to(self.scroll_px - round(moved.y()))
        elif held.grip is Grip.TIME:
            self.model.view.drag_to(number)
        elif held.grip is Grip.RANGE:
            self.model.mark_range(held.number, number)
        elif held.event is not None and self.model.is_editable:
            self._drag_event(held.event, at.x(), keys)

    def _drag_event(self, one: LaneEvent, x_px: float, keys: Qt.KeyboardModifier) -> None:
        """Let an event follow the hand, from frame to frame, and the picture with it."""
        others = [other for other in self.model.data.events if other.key != one.key]
        reach = 0.0 if keys & Qt.KeyboardModifier.AltModifier else SNAP_PX
        snap = snapped(self.axis, x_px, others, reach)
        if self.dragged is None or self.dragged[1] != snap:
            self.dragged = (one, snap)
            self.model.view.drag_to(snap.number)
            self._rest.start()
        self.update()

    def _pick(self, at: QPointF) -> None:
        """Take the track or the mark in hand that was clicked."""
        mark, track = self.mark_at(at), self.track_at(at)
        if mark is not None:
            self.model.select_mark(mark)
        elif track is not None:
            self.model.select_track(track)

    def _drop(self, held: _Held, dragged: tuple[LaneEvent, Snap] | None) -> None:
        assert held.event is not None
        if dragged is None:
            self.model.go(held.event)
            return
        self.model.view.release_at(dragged[1].number)
        self.model.move(held.event, dragged[1])

    def _show_exact(self) -> None:
        if self.dragged is not None:
            self.model.view.release_at(self.dragged[1].number)

    def _give_up(self) -> None:
        """Leave everything as it was before the hand took hold."""
        held = self._held
        self._let_go()
        if held is not None and held.grip in (Grip.EVENT, Grip.TIME):
            self.model.view.release_at(held.number)

    def _let_go(self) -> None:
        self._held, self.dragged, self.is_mute = None, None, False
        self._rest.stop()
        self.unsetCursor()
        if self._former is not None and self.hasFocus():
            self._former.setFocus(Qt.FocusReason.OtherFocusReason)
        self._former = None
        self.update()

    def _take_keyboard(self) -> None:
        """Hear Esc while something is dragged; the keyboard goes back with the hand."""
        former = self.window().focusWidget()
        if former is not None and former is not self:
            self._former = former
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _set_hover(self, at: QPointF | None) -> None:
        self.hover = at
        self.update()
