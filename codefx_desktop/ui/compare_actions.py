"""What can be done with stops that are compared, from menu, keys and buttons."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction, QActionGroup

from codefx_desktop.ui.keyed_action import KeyedActions
from codefx_desktop.ui.models.compare_view import TEN_MS, Arrangement
from codefx_desktop.ui.shuttle_actions import Moves, ShuttleActions

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMenu, QWidget

    from codefx_desktop.ui.models.compare_player import ComparePlayer
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
        self._view = view
        self._in_front = False
        player, new = view.player, KeyedActions(window, theme)
        make = new.make
        self.add = new.make_switch("&Add a stop…", "add", "A", lambda _on: None)
        self.shuttle = ShuttleActions(window, _moves(player), theme)
        self.play = self.shuttle.play
        self.back = make("One frame &back", "back", "Left", lambda: player.step(-1))
        self.forward = make("One frame &forward", "forward", "Right", lambda: player.step(1))
        self.back_ten = make("Ten frames back", "", "Shift+Left", lambda: player.step(-10))
        self.forward_ten = make("Ten frames forward", "", "Shift+Right", lambda: player.step(10))
        self.home = make("Where the first stop begins", "first", "Home", player.home)
        self.end = make("Where the last stop ends", "last", "End", player.end)
        self.event = make("&Go to the event they are aligned on", "target", "G", self._go_event)
        self.previous = make("Previous event", "previous-event", "Ctrl+Left", lambda: view.jump(-1))
        self.next = make("Next event", "next-event", "Ctrl+Right", lambda: view.jump(1))
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
        self.shuttle.settle(
            usable=usable,
            begins=player.begin_s is not None,
            ends=player.end_s is not None,
            repeats=player.repeats,
        )
        self.focus.setEnabled(several)
        for action in self.looks.actions():
            action.setEnabled(several)
            action.setChecked(action.data() == view.look.arrangement.value)

    # -- inside -------------------------------------------------------------------------------

    def _moving(self) -> tuple[QAction, ...]:
        steps = (self.back, self.forward, self.back_ten, self.forward_ten, self.home, self.end)
        jumps = (self.event, self.previous, self.next)
        return (*self.shuttle.playing(), *steps, *jumps, *self.shuttle.marking())

    def _offsets(self) -> tuple[QAction, ...]:
        return (self.earlier, self.later, self.earlier_ms, self.later_ms, self.reset)

    def _looking(self) -> tuple[QAction, ...]:
        return (*self.looks.actions(), self.focus, self.fit, self.copy)

    def _go_event(self) -> None:
        self._view.player.go(0.0)

    def _next_pane(self) -> None:
        if self._view.panes:
            self._view.set_focus((self._view.focus + 1) % len(self._view.panes))

    def _on_played(self) -> None:
        self.shuttle.show_playing(playing=self._view.player.playing)
        self.settle()


def _moves(player: ComparePlayer) -> Moves:
    return Moves(
        toggle=player.toggle,
        pause=player.pause,
        shuttle=player.shuttle,
        shuttle_slower=partial(player.shuttle, is_slower=True),
        step=player.step,
        mark_in=player.mark_begin,
        mark_out=player.mark_end,
        clear_in=partial(player.unmark, end=False),
        clear_out=partial(player.unmark, begin=False),
        loop=player.set_repeats,
    )
