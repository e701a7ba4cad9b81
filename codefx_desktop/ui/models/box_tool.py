"""Boxes under a person's hand: chosen, moved, resized, drawn; one step on release, none before."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal

from codefx_desktop.domain.detections import NO_TRACK
from codefx_desktop.domain.edit import BoxOp, BoxValue
from codefx_desktop.jobs.review_boxes import box_value, new_box
from codefx_desktop.ui.models.review_state import BoxKey

if TYPE_CHECKING:
    from codefx_desktop.ui.models.review_model import ReviewModel

XYXY = tuple[float, float, float, float]
GRIP_PX: Final = 8.0
"""So near to an edge, on the screen, it is taken hold of."""
LEAST_PX: Final = 3.0
"""A box is at least so large, in pixels of the frame; a smaller one is a slip of the hand."""


@dataclass(frozen=True, slots=True)
class _Hold:
    """What a hand has hold of.

    Attributes:
        number: The frame.
        box: Which of its boxes; None: one is drawn.
        before: As it was; a box of no size where one is drawn.
        edges: Which edges follow, across and down: -1 first, 1 last, 0 none; None: all of it.
        start: Where the hand took hold, pixels of the frame.
    """

    number: int
    box: int | None
    before: BoxValue
    edges: tuple[int, int] | None
    start: tuple[float, float]


class BoxTool(QObject):
    """Changes boxes of the frame on screen; places are pixels of the full-size frame.

    Args:
        model: The job under review.
    """

    changed = Signal()
    """It is on or off, or what is in hand looks different."""

    def __init__(self, model: ReviewModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._hold: _Hold | None = None
        self.ghost: XYXY | None = None
        """What a box would be, were it let go now."""
        self.is_on = False
        self.class_id = 0
        """Of the next box that is drawn."""

    def set_on(self, on: bool) -> None:
        """Let boxes be moved, resized and drawn; off, they can only be chosen."""
        if on != self.is_on:
            self.is_on = on
            self.cancel()
            self.changed.emit()

    @property
    def holds(self) -> bool:
        """Whether a hand has hold of a box."""
        return self._hold is not None

    def under(self, number: int, x: float, y: float) -> BoxKey | None:
        """Return the smallest box at a place: what lies within another can be reached."""
        boxes = self._model.boxes_at(number)
        best: tuple[float, BoxKey] | None = None
        for xyxy, box in zip(boxes.xyxy.tolist(), boxes.box.tolist(), strict=True):
            x1, y1, x2, y2 = xyxy
            area = (x2 - x1) * (y2 - y1)
            if x1 <= x <= x2 and y1 <= y <= y2 and (best is None or area < best[0]):
                best = (area, BoxKey(number, box))
        return None if best is None else best[1]

    def choose(self, number: int, x: float, y: float) -> None:
        """Take the box at a place in hand, with its track; nothing there lets go."""
        key = self.under(number, x, y)
        if key is None:
            self._model.select()
            return
        value = self._value(key)
        track = None if value is None or value.track_id == NO_TRACK else value.track_id
        if value is not None:
            self.class_id = value.class_id
        self._model.select(box=key, track=track)

    def edges_at(self, number: int, x: float, y: float, scale: float) -> tuple[int, int] | None:
        """Return which edges of the chosen box are at a place; (0, 0) inside it, None beside it.

        Args:
            number: The frame on screen.
            x: Across.
            y: Down.
            scale: Screen pixels per pixel of the frame.
        """
        value = self._chosen(number)
        if value is None:
            return None
        x1, y1, x2, y2 = value.xyxy
        reach = GRIP_PX / scale
        if not (x1 - reach <= x <= x2 + reach and y1 - reach <= y <= y2 + reach):
            return None
        return _edge(x, x1, x2, reach), _edge(y, y1, y2, reach)

    def press(self, number: int, x: float, y: float, scale: float) -> bool:
        """Take hold of the chosen box, another one, or begin to draw; return whether it did."""
        read = self._model.read
        if not self.is_on or read is None or read.place_of(number) is None:
            return False
        edges = self.edges_at(number, x, y, scale)
        if edges is None:
            self.choose(number, x, y)
            edges = self.edges_at(number, x, y, scale)
            edges = None if edges is None else (0, 0)  # another box is chosen before it is resized
        value, key = self._chosen(number), self._model.selection.box
        if edges is None or value is None or key is None:
            drawn = BoxValue((x, y, x, y), self.class_id, NO_TRACK)
            self._hold = _Hold(number, None, drawn, (1, 1), (x, y))
        else:
            self._hold = _Hold(number, key.box, value, edges if any(edges) else None, (x, y))
        return True

    def move(self, x: float, y: float) -> None:
        """Follow the hand."""
        if self._hold is not None:
            self.ghost = self._inside(_moved(self._hold, x, y))
            self.changed.emit()

    def release(self) -> None:
        """Let go: what was moved, resized or drawn is one step."""
        hold, ghost, self._hold, self.ghost = self._hold, self.ghost, None, None
        if hold is None:
            return
        self.changed.emit()
        read = self._model.read
        if ghost is None or read is None or ghost == hold.before.xyxy:
            return
        x1, y1, x2, y2 = ghost
        if x2 - x1 < LEAST_PX or y2 - y1 < LEAST_PX:
            return
        after = replace(hold.before, xyxy=ghost)
        name = self._model.class_name(after.class_id)
        if hold.box is None:
            op = new_box(read, hold.number, after)
            self._model.do(f"Draw {name} on frame {hold.number}", op)
            self._model.select(box=BoxKey(hold.number, op.box))
        else:
            did = "Move" if hold.edges is None else "Resize"
            self._model.do(
                f"{did} {name} on frame {hold.number}", BoxOp(hold.number, hold.box, after)
            )

    def cancel(self) -> None:
        """Let go without a change."""
        if self._hold is not None:
            self._hold = self.ghost = None
            self.changed.emit()

    def nudge(self, dx: float, dy: float) -> None:
        """Move the chosen box by so many pixels of the frame."""
        key = self._model.selection.box
        value = None if key is None else self._value(key)
        if key is None or value is None:
            return
        x1, y1, x2, y2 = value.xyxy
        xyxy = self._inside((x1 + dx, y1 + dy, x2 + dx, y2 + dy))
        if xyxy != value.xyxy:
            name = self._model.class_name(value.class_id)
            op = BoxOp(key.frame, key.box, replace(value, xyxy=xyxy))
            self._model.do(f"Move {name} on frame {key.frame}", op)

    # -- inside -------------------------------------------------------------------------------

    def _chosen(self, number: int) -> BoxValue | None:
        key = self._model.selection.box
        return None if key is None or key.frame != number else self._value(key)

    def _value(self, key: BoxKey) -> BoxValue | None:
        read = self._model.read
        return None if read is None else box_value(read, key.frame, key.box)

    def _inside(self, xyxy: XYXY) -> XYXY:
        """Return a box within the picture; one that is moved keeps its size."""
        read = self._model.read
        assert read is not None
        fit = _slid if self._hold is None or self._hold.edges is None else _cut
        x1, x2 = fit(xyxy[0], xyxy[2], float(read.width))
        y1, y2 = fit(xyxy[1], xyxy[3], float(read.height))
        return x1, y1, x2, y2


def _cut(low: float, high: float, limit: float) -> tuple[float, float]:
    """Return a stretch without what lies outside 0 to a limit; as it is where none is known."""
    if limit <= 0:
        return low, high
    return min(max(low, 0.0), limit), min(max(high, 0.0), limit)


def _slid(low: float, high: float, limit: float) -> tuple[float, float]:
    """Return a stretch of the same length within 0 to a limit."""
    if limit <= 0:
        return low, high
    begin = min(max(low, 0.0), max(limit - (high - low), 0.0))
    return begin, begin + (high - low)


def _edge(at: float, low: float, high: float, reach: float) -> int:
    """Return which edge is near: where both are, as in a tiny box, the nearer one."""
    if min(abs(at - low), abs(at - high)) > reach:
        return 0
    return -1 if abs(at - low) < abs(at - high) else 1


def _moved(hold: _Hold, x: float, y: float) -> XYXY:
    dx, dy = x - hold.start[0], y - hold.start[1]
    x1, y1, x2, y2 = hold.before.xyxy
    if hold.edges is None:
        return x1 + dx, y1 + dy, x2 + dx, y2 + dy
    across, down = hold.edges
    x1, x2 = (x1 + dx if across < 0 else x1), (x2 + dx if across > 0 else x2)
    y1, y2 = (y1 + dy if down < 0 else y1), (y2 + dy if down > 0 else y2)
    return min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)
