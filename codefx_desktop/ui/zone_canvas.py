"""The picture on which zones are drawn: tools of the mouse, and what is painted over it.

Over 400 lines because a hand that draws, drags and snaps shares one state; geometry is in
``models/snapping``, painting in ``zone_paint``.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal

from codefx_desktop.domain.camera_profile import BoxMarks
from codefx_desktop.domain.zone import CarPlace
from codefx_desktop.ui.frame_view import FrameView
from codefx_desktop.ui.models.snapping import contains, nearest_corner, nearest_side, snapped
from codefx_desktop.ui.zone_paint import ZonePainter

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QKeyEvent, QMouseEvent, QPaintEvent, QWheelEvent

    from codefx_desktop.domain.zone import Point
    from codefx_desktop.jobs.camera_values import Line
    from codefx_desktop.ui.models.zone_edit import ZoneEdit
    from codefx_desktop.ui.theme import Theme

REACH_PX: Final = 9
"""How near the mouse must be to take hold of something or to snap to it."""
CLICK_PX: Final = 3
"""A mouse that moved less was clicked, not dragged."""
USUAL_BOX_M: Final = (6.0, 3.0)
"""Length and width that a box begins with when its corners are clicked: to be corrected."""
MARK_NAMES: Final = ("front left", "front right", "rear right", "rear left")


class Tool(StrEnum):
    """What the mouse does."""

    SELECT = "select"
    DRAW = "draw"
    CAR = "car"
    MARKS = "marks"


class ZoneCanvas(FrameView):
    """The picture with its zones, and a hand in it.

    Args:
        edit: What is edited.
        theme: The theme.
    """

    tool_changed = Signal()
    hinted = Signal(str)
    """What can be done now, or why something cannot be."""

    def __init__(self, edit: ZoneEdit, theme: Theme) -> None:
        super().__init__(theme)
        self._edit = edit
        self._painter = ZonePainter(theme)
        self.tool = Tool.SELECT
        self.draft: list[Point] = []
        self.grid: tuple[Line, ...] = ()
        self._mouse: Point | None = None
        self._press: QPointF | None = None
        self._held: tuple[str, int, int] | None = None
        self._last: Point = (0.0, 0.0)
        self._key = ""
        self.setMouseTracking(True)
        self.setAccessibleName("Picture with zones")
        edit.changed.connect(self.update)
        edit.marked.connect(self.update)

    # -- tools --------------------------------------------------------------------------------

    def set_tool(self, tool: Tool) -> None:
        """Take another tool; what is half drawn is dropped."""
        self.draft.clear()
        if tool is not self.tool:
            self.tool = tool
            self.tool_changed.emit()
        self._set_cursor()
        self.hinted.emit(self.hint())
        self.update()

    def hint(self) -> str:
        """Return what can be done with the tool in hand."""
        if self.tool is Tool.DRAW:
            return (
                "Click to add corners; double click or Enter closes the zone, Backspace takes a "
                "corner back, Esc leaves. Shift: no snapping."
            )
        if self.tool is Tool.MARKS:
            place = MARK_NAMES[min(len(self.draft), 3)]
            return f"Click the painted box's {place} corner, as the driver sees it. Esc leaves."
        if self.tool is Tool.CAR:
            return "Draw a frame around the car as it stands here. Esc leaves."
        return (
            "Drag points or whole zones; drag the small dot on a side to insert a point; Del "
            "deletes the marked point. Wheel: zoom. Shift: no snapping."
        )

    # -- places -------------------------------------------------------------------------------

    def to_view(self, point: Point) -> Point:
        """Return where a place on the picture, in parts of it, is on screen."""
        left, top, width, height = self.viewport.rect()
        return left + point[0] * width, top + point[1] * height

    def to_picture(self, at: QPointF) -> Point:
        """Return the place on the picture under a place on screen."""
        left, top, width, height = self.viewport.rect()
        return (at.x() - left) / width, (at.y() - top) / height

    def outlines(self) -> list[list[Point]]:
        """Return the zones on screen."""
        return [[self.to_view(point) for point in zone.points] for zone in self._edit.zones]

    def _placed(self, at: QPointF, *, apart: tuple[int, int] | None = None, snap: bool) -> Point:
        """Return the place that a hand means: snapped to others and to the picture's edge.

        Args:
            at: Where the mouse is.
            apart: Zone and point that are being moved: not snapped to themselves.
            snap: Whether to snap at all.
        """
        x, y = at.x(), at.y()
        if snap:
            others = self._others(apart)
            if len(self.draft) > 1:
                others.append([self.to_view(one) for one in self.draft])
            x, y = snapped((x, y), [one for one in others if one], REACH_PX)
        point = self.to_picture(QPointF(x, y))
        return (
            (_on_edge(point[0], self._reach(0)), _on_edge(point[1], self._reach(1)))
            if (snap)
            else point
        )

    def _others(self, apart: tuple[int, int] | None) -> list[list[Point]]:
        outlines = self.outlines()
        if apart is not None:
            outlines[apart[0]] = []
        return outlines

    def _reach(self, axis: int) -> float:
        return REACH_PX / self.viewport.rect()[2 + axis]

    # -- the mouse ----------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin to draw, to drag, or to move the picture."""
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        if event.button() != Qt.MouseButton.LeftButton or self._image is None:
            super().mousePressEvent(event)
            return
        self._press = event.position()
        snap = not event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        if self.tool is Tool.DRAW:
            self._add_corner(self._placed(event.position(), snap=snap))
        elif self.tool is Tool.MARKS:
            self._add_mark(self.to_picture(event.position()))
        elif self.tool is Tool.CAR:
            self.draft = [self.to_picture(event.position())]
        elif not self._take_hold(event.position()):
            self._edit.mark(-1)
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow the hand."""
        self._mouse = self.to_picture(event.position())
        snap = not event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        if self._held is not None:
            moved = self._press is None or (event.position() - self._press).manhattanLength()
            if self._key or moved > CLICK_PX:
                self._key = self._key or self._edit.new_drag()
                self._drag(event.position(), snap=snap)
        elif self.tool is Tool.DRAW:
            self._mouse = self._placed(event.position(), snap=snap)
        else:
            super().mouseMoveEvent(event)
            self._set_cursor()
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go of what is held."""
        if self.tool is Tool.CAR and len(self.draft) == 1:
            self._close_car(self.to_picture(event.position()))
        self._held, self._key, self._press = None, "", None
        super().mouseReleaseEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Close what is drawn; insert a point on a side; else show the whole picture."""
        if event.button() != Qt.MouseButton.LeftButton:
            return
        if self.tool is Tool.DRAW:
            self.close_draft()
            return
        if self.tool is not Tool.SELECT:
            self.mousePressEvent(event)
            return
        at = (event.position().x(), event.position().y())
        near = nearest_side(at, self.outlines(), REACH_PX)
        if near is not None and nearest_corner(at, self.outlines(), REACH_PX) is None:
            place = self.to_picture(QPointF(*near.at))
            self._edit.insert_point(near.outline, near.side + 1, place)
        elif self._zone_at(at) < 0:
            self.fit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom at the cursor."""
        turned = event.angleDelta().y() or event.angleDelta().x()
        self.zoom(turned / 120, event.position())
        event.accept()

    def leaveEvent(self, event: QEvent) -> None:
        """Show no line to a mouse that is not here."""
        super().leaveEvent(event)
        self._mouse = None
        self.update()

    def _take_hold(self, at: QPointF) -> bool:
        """Take a point, a mark, the dot on a side, or a zone; return whether there was one."""
        place, outlines = (at.x(), at.y()), self.outlines()
        self._last = self.to_picture(at)
        marks = self._edit.camera.marks
        if marks is not None:
            near = nearest_corner(place, [[self.to_view(p) for p in marks.corners]], REACH_PX)
            if near is not None:
                self._held = ("mark", 0, near.side)
                return True
        chosen = self._edit.zone
        mine = [line if number == chosen else [] for number, line in enumerate(outlines)]
        near = nearest_corner(place, mine, REACH_PX) or nearest_corner(place, outlines, REACH_PX)
        if near is not None:
            self._edit.mark(near.outline, near.side)
            self._held = ("point", near.outline, near.side)
            return True
        if 0 <= chosen < len(outlines):
            dots = middles(outlines[chosen])
            near = nearest_corner(place, [dots], REACH_PX)
            if near is not None:
                self._held = ("side", chosen, near.side + 1)
                return True
        found = self._zone_at(place)
        if found >= 0:
            self._edit.mark(found)
            self._held = ("zone", found, -1)
        return found >= 0

    def _zone_at(self, place: Point) -> int:
        """Return the zone under a place: the marked one, else the one on top; -1 is none."""
        outlines = self.outlines()
        chosen = self._edit.zone
        if 0 <= chosen < len(outlines) and contains(outlines[chosen], place):
            return chosen
        found = [number for number, line in enumerate(outlines) if contains(line, place)]
        return found[-1] if found else -1

    def _drag(self, at: QPointF, *, snap: bool) -> None:
        assert self._held is not None
        kind, zone, point = self._held
        edit = self._edit
        if kind == "side":
            edit.insert_point(zone, point, self.to_picture(at), self._key)
            self._held = ("point", zone, point)
        elif kind == "point":
            edit.move_point(
                zone, point, self._placed(at, apart=(zone, point), snap=snap), self._key
            )
        elif kind == "mark":
            self._move_mark(point, self.to_picture(at))
        else:
            here = self.to_picture(at)
            edit.move_zone(zone, here[0] - self._last[0], here[1] - self._last[1], self._key)
            self._last = here

    # -- drawing ------------------------------------------------------------------------------

    def close_draft(self) -> None:
        """Make a zone of the corners that were clicked, if they are enough."""
        if len(self.draft) < 3:
            self.hinted.emit("A zone needs at least 3 corners.")
            return
        points, self.draft = self.draft, []
        self._edit.add_zone(points)
        self.set_tool(Tool.SELECT)

    def _add_corner(self, point: Point) -> None:
        if len(self.draft) > 2 and _near(self.to_view(point), self.to_view(self.draft[0])):
            self.close_draft()
            return
        if not self.draft or not _near(self.to_view(point), self.to_view(self.draft[-1]), 1.0):
            self.draft.append(point)
        self.update()

    def _add_mark(self, point: Point) -> None:
        self.draft.append(point)
        if len(self.draft) < 4:
            self.hinted.emit(self.hint())
            self.update()
            return
        before = self._edit.camera.marks
        size = USUAL_BOX_M if before is None else (before.length_m, before.width_m)
        a, b, c, d = self.draft
        self._edit.put("mark the box", marks=BoxMarks((a, b, c, d), *size))
        self.set_tool(Tool.SELECT)

    def _move_mark(self, number: int, to: Point) -> None:
        marks = self._edit.camera.marks
        assert marks is not None
        corners = list(marks.corners)
        corners[number] = to
        a, b, c, d = corners
        moved = BoxMarks((a, b, c, d), marks.length_m, marks.width_m)
        self._edit.put("move a corner of the box", self._key, marks=moved)

    def _close_car(self, to: Point) -> None:
        (x1, y1), (x2, y2) = self.draft[0], to
        box = (min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2))
        self.draft = []
        if box[2] - box[0] > self._reach(0) and box[3] - box[1] > self._reach(1):
            self._edit.set_car(CarPlace(box, {}))
            self.set_tool(Tool.SELECT)
        else:
            self.hinted.emit("Drag from one corner of the car to the opposite one.")

    # -- keys ---------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        """Keep the keys of a tool from the window's shortcuts while they mean something here."""
        if event.type() == QEvent.Type.ShortcutOverride and self._takes(event.key()):  # type: ignore[attr-defined]
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Close, take back, leave, delete, or nudge by a pixel of the picture."""
        if not self._takes(event.key()):
            super().keyPressEvent(event)
            return
        key = event.key()
        if key == Qt.Key.Key_Escape:
            self.set_tool(Tool.SELECT)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.close_draft()
        elif key == Qt.Key.Key_Backspace and self.draft:
            self.draft.pop()
            self.hinted.emit(self.hint())
            self.update()
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            why = self._edit.delete_marked()
            if why:
                self.hinted.emit(why)
        else:
            self._nudge(Qt.Key(key))

    def _takes(self, key: int) -> bool:
        keys = Qt.Key
        if key == keys.Key_Escape:
            return self.tool is not Tool.SELECT
        if key in (keys.Key_Return, keys.Key_Enter):
            return self.tool is Tool.DRAW
        if key == keys.Key_Backspace:
            return bool(self.draft) or self._edit.marked_zone is not None
        if key == keys.Key_Delete or key in _STEPS:
            return self.tool is Tool.SELECT and self._edit.marked_zone is not None
        return False

    def _nudge(self, key: Qt.Key) -> None:
        edit, zone = self._edit, self._edit.marked_zone
        assert zone is not None
        dx, dy = (
            step / size for step, size in zip(_STEPS[key], self.viewport.picture, strict=True)
        )
        if edit.point < 0:
            edit.move_zone(edit.zone, dx, dy, "nudge")
        else:
            x, y = zone.points[edit.point]
            edit.move_point(edit.zone, edit.point, (x + dx, y + dy), "nudge")

    # -- painting -----------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the picture, then zones, car, marks, and what is half drawn."""
        super().paintEvent(event)
        if self._image is not None:
            rect = QRectF(*self.viewport.rect())
            mouse = self._mouse if self.tool is not Tool.SELECT else None
            drawn: Sequence[Point] = self.draft
            self._painter.paint(self, rect, self._edit, (*drawn,), mouse, self.grid, self.tool)

    def _set_cursor(self, place: QPointF | None = None) -> None:
        if self.tool is not Tool.SELECT:
            self.setCursor(Qt.CursorShape.CrossCursor)
            return
        if self._mouse is not None and self._held is None and self._pan_from is None:
            at = self.to_view(self._mouse)
            if nearest_corner(at, self.outlines(), REACH_PX) is not None:
                self.setCursor(Qt.CursorShape.PointingHandCursor)
                return
            if self._zone_at(at) >= 0:
                self.setCursor(Qt.CursorShape.SizeAllCursor)
                return
        super()._set_cursor(place)


_STEPS: Final = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


def middles(outline: Sequence[Point]) -> list[Point]:
    """Return the middle of each side: where a point can be inserted by dragging."""
    ends = [*outline[1:], *outline[:1]]
    return [
        ((x1 + x2) / 2, (y1 + y2) / 2) for (x1, y1), (x2, y2) in zip(outline, ends, strict=True)
    ]


def _near(one: Point, other: Point, reach: float = REACH_PX) -> bool:
    return abs(one[0] - other[0]) <= reach and abs(one[1] - other[1]) <= reach


def _on_edge(part: float, reach: float) -> float:
    """Return 0 or 1 for a place that near the picture's edge."""
    if abs(part) <= reach:
        return 0.0
    return 1.0 if abs(part - 1.0) <= reach else part
