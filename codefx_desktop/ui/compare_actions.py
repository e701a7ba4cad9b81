"""What can be done with stops that are compared, from menu, keys and buttons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QApplication

from codefx_desktop.ui.held_key import HeldKey
from codefx_desktop.ui.icons import wear
from codefx_desktop.ui.keyed_action import KeyedActions, describe
from codefx_desktop.ui.models.compare_view import TEN_MS, Arrangement

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMenu, QWidget

    from codefx_desktop.ui.models.compare_view import CompareView
    from codefx_desktop.ui.theme import Theme

_LOOKS = {
    Arrangement.SIDE: ("&Side by side", "side", "1"),
    Arrangement.GHOST: ("&Ghost: one through the other", "ghost", "2"),
    Arrangement.WIPE: ("&Wipe: one beside the other", "wipe", "3"),
}


class CompareActions:
    """Moving all stops as one, or one against the others. Off while another workspace is in front.

    Args:
        window: Owns the actions; their keys work in all of it.
        view: The stops.
        theme: The theme.
    """

    def __init__(self, window: QWidget, view: CompareView, theme: Theme) -> None:
        self._view, self._theme = view, theme
        self._in_front = False
        player, new = view.player, KeyedActions(window, theme)
        make = new.make
        self.add = new.make_switch("&Add a stop…", "add", "A", lambda _on: None)
        self.play = make("&Play", "play", "Space", player.toggle)
        self.halt = make("Stop", "", "K", player.pause)
        self.reverse = make("Play backwards, then faster", "reverse", "J", lambda: self._key(-1))
        self.ahead = make("Play forwards, then faster", "shuttle", "L", lambda: self._key(1))
        self.slower_back = make(
            "Backwards, slower", "", "Shift+J", lambda: player.shuttle(-1, is_slower=True)
        )
        self.slower = make(
            "Forwards, slower", "", "Shift+L", lambda: player.shuttle(1, is_slower=True)
        )
        self.back = make("One frame &back", "back", "Left", lambda: player.step(-1))
        self.forward = make("One frame &forward", "forward", "Right", lambda: player.step(1))
        self.back_ten = make("Ten frames back", "", "Shift+Left", lambda: player.step(-10))
        self.forward_ten = make("Ten frames forward", "", "Shift+Right", lambda: player.step(10))
        self.home = make("Where the first stop begins", "first", "Home", player.home)
        self.end = make("Where the last stop ends", "last", "End", player.end)
        self.event = make("&Go to the event they are aligned on", "target", "G", self._go_event)
        self.previous = make("Previous event", "previous-event", "Ctrl+Left", lambda: view.jump(-1))
        self.next = make("Next event", "next-event", "Ctrl+Right", lambda: view.jump(1))
        self.mark_in = make("Mark &in here", "mark-in", "I", player.mark_begin)
        self.mark_out = make("Mark &out here", "mark-out", "O", player.mark_end)
        self.clear_in = make("Clear the in mark", "", "Shift+I", lambda: player.unmark(end=False))
        self.clear_out = make(
            "Clear the out mark", "", "Shift+O", lambda: player.unmark(begin=False)
        )
        self.loop = new.make_switch("&Loop the range", "loop", "Ctrl+Shift+L", player.set_repeats)
        self.earlier = make("This stop one frame earlier", "left", ",", lambda: view.nudge(-1))
        self.later = make("This stop one frame later", "right", ".", lambda: view.nudge(1))
        self.earlier_ms = make(
            "This stop 10 ms earlier", "", "Alt+,", lambda: view.nudge_s(-TEN_MS)
        )
        self.later_ms = make("This stop 10 ms later", "", "Alt+.", lambda: view.nudge_s(TEN_MS))
        self.reset = make("This stop back to its event", "", "Backspace", view.reset_offset)
        self.focus = make("Keys for the next stop", "", "N", self._next_pane)
        self.fit = make("Fit the pictures", "fit", "F", None)
        self.copy = make("&Copy the table as text", "copy", "Ctrl+Shift+C", None)
        self.looks = QActionGroup(window)
        for arrangement, (text, glyph, key) in _LOOKS.items():
            action = new.make_switch(text, glyph, key, lambda _on: None)
            action.setData(arrangement.value)
            self.looks.addAction(action)
        self.looks.triggered.connect(
            lambda action: view.set_look(arrangement=Arrangement(action.data()))
        )
        app = QApplication.instance()
        self._held = HeldKey(app, Qt.Key.Key_K, window) if isinstance(app, QApplication) else None
        player.played.connect(self._on_played)
        player.ranged.connect(self.settle)
        view.arranged.connect(self.settle)
        view.listed.connect(self.settle)
        view.looked.connect(self.settle)
        self._on_played()

    def all(self) -> tuple[QAction, ...]:
        """Return the actions that may have keys."""
        return (self.add, *self._moving(), *self._offsets(), *self._looking())

    def fill(self, menu: QMenu) -> None:
        """Put all into a menu."""
        menu.addAction(self.add)
        menu.addSeparator()
        for some in (self._moving(), self._offsets(), self._looking()):
            menu.addActions(list(some))
            menu.addSeparator()

    def set_in_front(self, in_front: bool) -> None:
        """Tell whether the workspace is the one in front."""
        self._in_front = in_front
        self.settle()

    def settle(self) -> None:
        """Let only be done what can be done now."""
        view, player = self._view, self._view.player
        usable = self._in_front and bool(player.tracks())
        several = self._in_front and len(view.panes) > 1
        self.add.setEnabled(self._in_front)
        for action in (*self._moving(), *self._offsets(), self.fit, self.copy):
            action.setEnabled(usable)
        self.clear_in.setEnabled(usable and player.begin_s is not None)
        self.clear_out.setEnabled(usable and player.end_s is not None)
        self.loop.setChecked(player.repeats)
        self.focus.setEnabled(several)
        for action in self.looks.actions():
            action.setEnabled(several)
            action.setChecked(action.data() == view.look.arrangement.value)

    # -- inside -------------------------------------------------------------------------------

    def _moving(self) -> tuple[QAction, ...]:
        shuttle = (self.play, self.halt, self.reverse, self.ahead, self.slower_back, self.slower)
        steps = (self.back, self.forward, self.back_ten, self.forward_ten, self.home, self.end)
        jumps = (self.event, self.previous, self.next)
        marks = (self.mark_in, self.mark_out, self.clear_in, self.clear_out, self.loop)
        return (*shuttle, *steps, *jumps, *marks)

    def _offsets(self) -> tuple[QAction, ...]:
        return (self.earlier, self.later, self.earlier_ms, self.later_ms, self.reset)

    def _looking(self) -> tuple[QAction, ...]:
        return (*self.looks.actions(), self.focus, self.fit, self.copy)

    def _key(self, way: int) -> None:
        """Shuttle, or with K held step; a key that repeats itself doubles nothing."""
        held = self._held
        if held is not None and held.is_down:
            self._view.player.step(way)
        elif held is None or not held.repeats:
            self._view.player.shuttle(way)

    def _go_event(self) -> None:
        self._view.player.go(0.0)

    def _next_pane(self) -> None:
        if self._view.panes:
            self._view.set_focus((self._view.focus + 1) % len(self._view.panes))

    def _on_played(self) -> None:
        playing = self._view.player.playing
        self.play.setText("&Pause" if playing else "&Play")
        describe(self.play)
        wear(self.play, "pause" if playing else "play", self._theme)
        self.settle()
