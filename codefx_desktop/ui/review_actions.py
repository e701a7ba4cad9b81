"""What can be done with the clip in view, from menu, keys and buttons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QAction, QKeySequence

from codefx_desktop.ui.icons import wear
from codefx_desktop.ui.models.clip_view import Phase

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QMenu, QWidget

    from codefx_desktop.ui.models.clip_view import ClipView
    from codefx_desktop.ui.theme import Theme

FEW, MANY = 1, 10


class ReviewActions:
    """Moving in a clip. Off while no clip is open or another workspace is in front.

    Args:
        window: Owns the actions; their keys work in all of it.
        view: The clip in view.
        theme: The theme.
    """

    def __init__(self, window: QWidget, view: ClipView, theme: Theme) -> None:
        self._window, self._view, self._theme = window, view, theme
        self._in_front = False
        make = self._action
        self.choose = make("&View clip…", "view", "Ctrl+Shift+O", None)
        self.leave = make("Leave the opening", "", "Esc", view.leave)
        self.play = make("&Play", "play", "Space", view.toggle)
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
        self.save = make("&Save this frame as PNG…", "still", "Ctrl+Shift+S", None)
        self.copy = make("&Copy frame", "copy", "Ctrl+Shift+C", None)
        view.phased.connect(self.settle)
        view.pictured.connect(self.settle)
        view.played.connect(self._on_played)
        self.settle()

    def moving(self) -> tuple[QAction, ...]:
        """Return the actions that move in the clip."""
        ends = (self.home, self.end, self.go_to)
        return (self.play, self.back, self.forward, self.back_ten, self.forward_ten, *ends)

    def looking(self) -> tuple[QAction, ...]:
        """Return the actions about the picture."""
        return self.fit, self.larger, self.smaller, self.save, self.copy

    def fill(self, menu: QMenu) -> None:
        """Put all into a menu."""
        menu.addActions([self.play])
        menu.addSeparator()
        menu.addActions(list(self.moving()[1:]))
        menu.addSeparator()
        menu.addActions([self.fit, self.larger, self.smaller])
        menu.addSeparator()
        menu.addActions([self.save, self.copy])

    def set_in_front(self, in_front: bool) -> None:
        """Tell whether the workspace of the clip is the one in front."""
        self._in_front = in_front
        self.settle()

    def settle(self) -> None:
        """Let only be done what can be done now."""
        usable = self._in_front and self._view.is_open
        self.leave.setEnabled(self._in_front and self._view.phase is Phase.OPENING)
        for action in self.moving():
            action.setEnabled(usable)
        for action in self.looking():
            action.setEnabled(usable and self._view.shown is not None)

    def _on_played(self) -> None:
        playing = self._view.playing
        self.play.setText("&Pause" if playing else "&Play")
        _describe(self.play)
        wear(self.play, "pause" if playing else "play", self._theme)

    def _action(
        self, text: str, glyph: str, key: str, slot: Callable[[], object] | None
    ) -> QAction:
        action = QAction(text, self._window)
        action.setShortcut(QKeySequence(key))
        _describe(action)
        if glyph:
            wear(action, glyph, self._theme)
        if slot is not None:
            action.triggered.connect(slot)
        self._window.addAction(action)
        return action


def _describe(action: QAction) -> None:
    name = action.text().replace("&", "").removesuffix("…")
    keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
    action.setToolTip(f"{name} ({keys})")
