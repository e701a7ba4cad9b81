"""What plays pictures and marks a range, the same wherever pictures are played."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from codefx_desktop.ui.held_key import HeldKey
from codefx_desktop.ui.icons import wear
from codefx_desktop.ui.keyed_action import KeyedActions, describe

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QAction
    from PySide6.QtWidgets import QWidget

    from codefx_desktop.ui.theme import Theme


@dataclass(frozen=True, slots=True, kw_only=True)
class Moves:
    """What moves pictures.

    Attributes:
        toggle: Plays, or pauses.
        pause: Stops where it is.
        shuttle: Plays that way, 1 or -1; when it does so already, at twice the rate.
        shuttle_slower: The same at half the rate.
        step: Goes on by frames, backwards if negative.
        mark_in: Lets the range begin here.
        mark_out: Lets it end here.
        clear_in: Lets it be open at its begin.
        clear_out: Lets it be open at its end.
        loop: Plays the range over and over, or no longer.
    """

    toggle: Callable[[], object]
    pause: Callable[[], object]
    shuttle: Callable[[int], object]
    shuttle_slower: Callable[[int], object]
    step: Callable[[int], object]
    mark_in: Callable[[], object]
    mark_out: Callable[[], object]
    clear_in: Callable[[], object]
    clear_out: Callable[[], object]
    loop: Callable[[bool], object]


class ShuttleActions:
    """Space, J, K, L, I, O and their likes. Whose they are says when they can be used.

    Args:
        window: Owns the actions; their keys work in all of it.
        moves: What they move.
        theme: The theme.
    """

    def __init__(self, window: QWidget, moves: Moves, theme: Theme) -> None:
        self._moves, self._theme = moves, theme
        new = KeyedActions(window, theme)
        make = new.make
        self.play = make("&Play", "play", "Space", moves.toggle)
        self.stop = make("Stop", "", "K", moves.pause)
        self.reverse = make("Play backwards, then faster", "reverse", "J", lambda: self._key(-1))
        self.ahead = make("Play forwards, then faster", "shuttle", "L", lambda: self._key(1))
        self.slower_back = make("Backwards, slower", "", "Shift+J", lambda: self._slower(-1))
        self.slower = make("Forwards, slower", "", "Shift+L", lambda: self._slower(1))
        self.mark_in = make("Mark &in here", "mark-in", "I", moves.mark_in)
        self.mark_out = make("Mark &out here", "mark-out", "O", moves.mark_out)
        self.clear_in = make("Clear the in mark", "", "Shift+I", moves.clear_in)
        self.clear_out = make("Clear the out mark", "", "Shift+O", moves.clear_out)
        self.loop = new.make_switch("&Loop the range", "loop", "Ctrl+Shift+L", moves.loop)
        for action in (self.reverse, self.ahead):
            describe(action, "With K held: one frame")
        app = QApplication.instance()
        self._held = HeldKey(app, Qt.Key.Key_K, window) if isinstance(app, QApplication) else None

    def playing(self) -> tuple[QAction, ...]:
        """Return what plays."""
        shuttle = (self.reverse, self.ahead, self.slower_back, self.slower)
        return (self.play, self.stop, *shuttle)

    def marking(self) -> tuple[QAction, ...]:
        """Return what marks a range."""
        return (self.mark_in, self.mark_out, self.clear_in, self.clear_out, self.loop)

    def settle(self, *, usable: bool, begins: bool, ends: bool, repeats: bool) -> None:
        """Let only be done what can be done now.

        Args:
            usable: Whether there is something to play.
            begins: Whether the range has a begin.
            ends: Whether it has an end.
            repeats: Whether it is played over and over.
        """
        for action in (*self.playing(), *self.marking()):
            action.setEnabled(usable)
        self.clear_in.setEnabled(usable and begins)
        self.clear_out.setEnabled(usable and ends)
        self.loop.setChecked(repeats)

    def show_playing(self, *, playing: bool) -> None:
        """Let the first of them say what it would do now."""
        self.play.setText("&Pause" if playing else "&Play")
        describe(self.play)
        wear(self.play, "pause" if playing else "play", self._theme)

    # -- inside -------------------------------------------------------------------------------

    def _key(self, way: int) -> None:
        """Shuttle, or with K held step; a key that repeats itself doubles nothing."""
        if self._held is not None and self._held.is_down:
            self._moves.step(way)
        elif not self._repeats:
            self._moves.shuttle(way)

    def _slower(self, way: int) -> None:
        if not self._repeats:
            self._moves.shuttle_slower(way)

    @property
    def _repeats(self) -> bool:
        return self._held is not None and self._held.repeats
