"""What can be done with the timeline from menu, keys and buttons."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu

from codefx_desktop.ui.keyed_action import KeyedActions
from codefx_desktop.ui.models.lane_rows import LOOKS, LaneKind

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from codefx_desktop.ui.lanes import Lanes
    from codefx_desktop.ui.theme import Theme

STEP: Final = 1.6
STOP_LEAD: Final = 0.15
"""How much of a stop's length is shown before and after it."""
FRAMES: Final = 24
"""How many frames are shown where single ones are to be told apart."""


class LanesActions:
    """Zoom of the timeline, and which lanes it has.

    Args:
        window: Owns the actions; their keys work in all of it.
        lanes: The timeline.
        theme: The theme.
    """

    def __init__(self, window: QWidget, lanes: Lanes, theme: Theme) -> None:
        self._lanes = lanes
        self._in_front = False
        make = KeyedActions(window, theme).make
        self.shown = make("&Show the timeline", "rows", "Shift+T", None)
        self.shown.setCheckable(True)
        self.larger = make("Zoom the timeline &in", "add", "+", self._larger)
        self.larger.setShortcuts([QKeySequence("+"), QKeySequence("=")])
        self.smaller = make("Zoom the timeline &out", "subtract", "-", self._smaller)
        self.whole = make("Timeline: &all of the clip", "fit", "Z", lanes.fit)
        self.stop = make("Timeline: this &stop", "", "X", self._show_stop)
        self.frames = make("Timeline: single &frames", "", "C", self._show_frames)
        self.menu = QMenu("&Lanes", window)
        self.menu.setToolTipsVisible(True)
        self.kinds = {kind: self._kind(kind) for kind in LaneKind}
        self.unfold = self.menu.addAction("Unfold all")
        lanes.model.opened.connect(self.settle)
        lanes.model.changed.connect(self.settle)
        self.settle()

    def all(self) -> tuple[QAction, ...]:
        """Return those that have keys."""
        return self.shown, self.larger, self.smaller, self.whole, self.stop, self.frames

    def fill(self, menu: QMenu) -> None:
        """Put all into a menu, below one entry."""
        below = menu.addMenu("&Timeline")
        below.addActions(self.all())
        below.addSeparator()
        below.addMenu(self.menu)

    def set_in_front(self, in_front: bool) -> None:
        """Tell whether the workspace of the clip is the one in front."""
        self._in_front = in_front
        self.settle()

    def settle(self) -> None:
        """Let only be done what can be done now."""
        model = self._lanes.model
        usable = self._in_front and model.is_open
        self.shown.setEnabled(self._in_front)
        for action in (self.larger, self.smaller, self.whole, self.frames):
            action.setEnabled(usable)
        self.stop.setEnabled(usable and bool(model.data.stops))
        there = model.data.there
        for kind, action in self.kinds.items():
            action.setVisible(kind in there)

    def _kind(self, kind: LaneKind) -> QAction:
        action = self.menu.addAction(LOOKS[kind].menu)
        action.setCheckable(True)
        action.setToolTip(LOOKS[kind].tip)
        return action

    def _larger(self) -> None:
        self._lanes.zoom(STEP)

    def _smaller(self) -> None:
        self._lanes.zoom(1 / STEP)

    def _show_stop(self) -> None:
        """Show the stop in hand, or the one at the playhead, or the next."""
        model = self._lanes.model
        stops, at_s = model.data.stops, model.position_s
        if not stops:
            return
        current = model.current
        found = next(
            (one for one in stops if current is not None and one.number == current.stop), None
        ) or next((one for one in stops if at_s <= one.ends_s), stops[-1])
        events = [one.time_s for one in model.data.events if one.stop == found.number]
        begin, end = min(events, default=found.begins_s), max(events, default=found.ends_s)
        lead = max((end - begin) * STOP_LEAD, 0.1)
        self._lanes.set_axis_shown(begin - lead, end + lead)

    def _show_frames(self) -> None:
        """Show so few frames around the playhead that each can be told apart."""
        model, axis = self._lanes.model, self._lanes.axis
        at = min(model.view.position, len(axis.times_s) - 1)
        last = len(axis.times_s) - 1
        first, after = max(at - FRAMES // 2, 0), min(at + FRAMES // 2, last)
        self._lanes.set_axis_shown(axis.frame_span(first)[0], axis.frame_span(after)[1])
