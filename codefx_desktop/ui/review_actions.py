"""What can be done with the clip in view, from menu, keys and buttons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QAction, QKeySequence

from codefx_desktop.ui.keyed_action import KeyedActions, describe
from codefx_desktop.ui.magnifier import HeldSwitch, Magnifier
from codefx_desktop.ui.models.clip_view import Phase
from codefx_desktop.ui.play_actions import PlayActions

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMenu, QWidget

    from codefx_desktop.ui.models.clip_sound import ClipSound
    from codefx_desktop.ui.models.clip_view import ClipView
    from codefx_desktop.ui.theme import Theme

FEW, MANY = 1, 10


class ReviewActions:
    """Moving in a clip. Off while no clip is open or another workspace is in front.

    Args:
        window: Owns the actions; their keys work in all of it.
        view: The clip in view.
        theme: The theme.
        sound: Its sound.
    """

    def __init__(self, window: QWidget, view: ClipView, theme: Theme, sound: ClipSound) -> None:
        self._view, self.sound = view, sound
        self._in_front = False
        new = KeyedActions(window, theme)
        make = new.make
        self.magnifier = Magnifier(window)
        self.choose = make("&View clip…", "view", "Ctrl+Shift+O", None)
        self.leave = make("Leave the opening", "", "Esc", view.leave)
        self.playing = PlayActions(window, view, theme, sound)
        self.play = self.playing.play
        self.back = make("One frame &back", "back", "Left", lambda: view.step(-FEW))
        self.forward = make("One frame &forward", "forward", "Right", lambda: view.step(FEW))
        self.back_ten = make("Ten frames back", "", "Shift+Left", lambda: view.step(-MANY))
        self.forward_ten = make("Ten frames forward", "", "Shift+Right", lambda: view.step(MANY))
        self.home = make("First frame", "first", "Home", view.home)
        self.end = make("Last frame", "last", "End", view.end)
        self.go_to = make("&Go to frame or time…", "", "G", None)
        self.fit = make("Fit the picture", "fit", "F", None)
        self.larger = make("Enlarge", "", "Ctrl++", None)
        self.smaller = make("Make smaller", "", "Ctrl+-", None)
        self.larger.setShortcuts([QKeySequence("Ctrl++"), QKeySequence("Ctrl+=")])
        self.magnify = new.make_switch("&Magnifier", "magnify", "Y", self.magnifier.set_on)
        describe(
            self.magnify,
            "The clip's own pixels under the pointer; hold the key to see them for a moment",
        )
        HeldSwitch(self.magnify)
        self.save = make("&Save this frame as PNG…", "still", "Ctrl+Shift+S", None)
        self.copy = make("&Copy frame", "copy", "Ctrl+Shift+C", None)
        view.phased.connect(self.settle)
        view.pictured.connect(self._on_pictured)
        self.settle()

    def moving(self) -> tuple[QAction, ...]:
        """Return the actions that move in the clip."""
        ends = (self.home, self.end, self.go_to)
        steps = (self.back, self.forward, self.back_ten, self.forward_ten)
        return (*self.playing.all(), *steps, *ends)

    def looking(self) -> tuple[QAction, ...]:
        """Return the actions about the picture."""
        return self.fit, self.larger, self.smaller, self.magnify, self.save, self.copy

    def fill(self, menu: QMenu) -> None:
        """Put all into a menu."""
        self.playing.fill(menu)
        menu.addSeparator()
        menu.addActions([self.back, self.forward, self.back_ten, self.forward_ten])
        menu.addActions([self.home, self.end, self.go_to])
        menu.addSeparator()
        menu.addActions([self.fit, self.larger, self.smaller, self.magnify])
        menu.addSeparator()
        menu.addActions([self.save, self.copy])

    def set_in_front(self, in_front: bool) -> None:
        """Tell whether the workspace of the clip is the one in front."""
        self._in_front = in_front
        self.settle()

    def settle(self) -> None:
        """Let only be done what can be done now."""
        usable = self._in_front and self._view.is_open
        self._has_picture = self._view.shown is not None
        self.leave.setEnabled(self._in_front and self._view.phase is Phase.OPENING)
        self.playing.set_usable(usable)
        steps = (self.back, self.forward, self.back_ten, self.forward_ten)
        for action in (*steps, self.home, self.end, self.go_to):
            action.setEnabled(usable)
        for action in self.looking():
            action.setEnabled(usable and self._has_picture)

    def _on_pictured(self) -> None:
        """Settle where there is a picture now, or no longer; of another one nothing follows."""
        if self._has_picture != (self._view.shown is not None):
            self.settle()
