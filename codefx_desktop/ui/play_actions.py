"""Playing, shuttling, jumping and the range: what menu, keys and buttons do with the clip."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QApplication

from codefx_desktop.ui.held_key import HeldKey
from codefx_desktop.ui.icons import wear
from codefx_desktop.ui.keyed_action import KeyedActions, describe
from codefx_desktop.ui.models import words
from codefx_desktop.ui.models.jump_places import JumpKind
from codefx_desktop.ui.models.speeds import SPEEDS, speed_words

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMenu, QWidget

    from codefx_desktop.ui.models.clip_sound import ClipSound
    from codefx_desktop.ui.models.clip_view import ClipView
    from codefx_desktop.ui.models.jump_places import JumpPlace
    from codefx_desktop.ui.theme import Theme

_KINDS = {
    JumpKind.EVENT: ("event", "Ctrl+Left", "Ctrl+Right"),
    JumpKind.SCENE: ("scene", "PgUp", "PgDown"),
    JumpKind.SUSPICION: ("suspicious track", "Alt+Left", "Alt+Right"),
}


class PlayActions:
    """What plays the clip. Its owner says when it can be used.

    Args:
        window: Owns the actions; their keys work in all of it.
        view: The clip in view.
        theme: The theme.
        sound: The clip's sound.
    """

    def __init__(self, window: QWidget, view: ClipView, theme: Theme, sound: ClipSound) -> None:
        self._view, self._theme, self._usable = view, theme, False
        self._sound = sound
        self._window = window
        self._sound_glyph = ""
        self._leads: dict[tuple[JumpKind, int], object] = {}
        new = KeyedActions(window, theme)
        make, player = new.make, view.player
        self.play = make("&Play", "play", "Space", view.toggle)
        self.stop = make("Stop", "", "K", view.pause)
        self.backwards = make("Play backwards, then faster", "reverse", "J", lambda: self._key(-1))
        self.ahead = make("Play forwards, then faster", "shuttle", "L", lambda: self._key(1))
        self.slower_back = make(
            "Backwards, slower", "", "Shift+J", lambda: self._key(-1, is_slower=True)
        )
        self.slower = make("Forwards, slower", "", "Shift+L", lambda: self._key(1, is_slower=True))
        self.mark_in = make("Mark &in here", "mark-in", "I", lambda: self._mark(is_last=False))
        self.mark_out = make("Mark &out here", "mark-out", "O", lambda: self._mark(is_last=True))
        self.clear_in = make("Clear the in mark", "", "Shift+I", lambda: player.mark_first(None))
        self.clear_out = make("Clear the out mark", "", "Shift+O", lambda: player.mark_last(None))
        self.clear = make("Clear the range", "remove", "", player.clear_range)
        self.loop = new.make_switch("&Loop the range", "loop", "Ctrl+Shift+L", player.set_loops)
        self.mute = new.make_switch("&Mute the sound", "sound", "Ctrl+Shift+M", sound.set_muted)
        self.jumps = {
            (kind, way): self._jump(new, kind, way, name, key)
            for kind, (name, *keys) in _KINDS.items()
            for way, key in zip((-1, 1), keys, strict=True)
        }
        self.speeds = QActionGroup(window)
        self.speed_actions = tuple(self._speed(speed) for speed in SPEEDS)
        for action in self._shuttling():
            describe(action, "With K held: one frame")
        self._held: HeldKey | None = None
        app = QApplication.instance()
        if isinstance(app, QApplication):
            self._held = HeldKey(app, Qt.Key.Key_K, window)
        view.played.connect(self._on_played)
        view.moved.connect(self._settle_jumps)
        view.places.changed.connect(self.settle)
        player.ranged.connect(self.settle)
        sound.changed.connect(self.settle)
        self._on_played()

    def all(self) -> tuple[QAction, ...]:
        """Return the actions that may have keys."""
        of_range = (self.clear_in, self.clear_out)
        return (*self._plain(), *of_range, self.mute, *self.jumps.values())

    def fill_speeds(self, menu: QMenu) -> None:
        """Put the speeds into a menu."""
        menu.addActions(list(self.speed_actions))

    def fill(self, menu: QMenu) -> None:
        """Put all into a menu."""
        menu.addActions([self.play, self.stop, *self._shuttling()])
        menu.addActions([self.slower_back, self.slower])
        self.fill_speeds(menu.addMenu("&Speed"))
        menu.addActions([self.mute])
        menu.addSeparator()
        menu.addActions([self.mark_in, self.mark_out, self.clear_in, self.clear_out])
        menu.addActions([self.clear, self.loop])
        menu.addSeparator()
        menu.addActions(list(self.jumps.values()))

    def set_usable(self, usable: bool) -> None:
        """Tell whether there is a clip to play."""
        self._usable = usable
        self.settle()

    def settle(self) -> None:
        """Let only be done what can be done now."""
        range_ = self._view.player.range
        for action in (*self._plain(), *self.speed_actions):
            action.setEnabled(self._usable)
        self.clear_in.setEnabled(self._usable and range_.first is not None)
        self.clear_out.setEnabled(self._usable and range_.last is not None)
        self.clear.setEnabled(self._usable and range_.is_set)
        self.loop.setChecked(range_.loops)
        self._settle_sound()
        self._settle_jumps()

    # -- inside -------------------------------------------------------------------------------

    def _plain(self) -> tuple[QAction, ...]:
        """Return what can be done with any clip."""
        shuttle = (self.stop, *self._shuttling(), self.slower_back, self.slower)
        return (self.play, *shuttle, self.mark_in, self.mark_out, self.loop)

    def _shuttling(self) -> tuple[QAction, QAction]:
        return self.backwards, self.ahead

    def _key(self, direction: int, *, is_slower: bool = False) -> None:
        """Shuttle, or with K held step; a key that repeats itself doubles nothing."""
        held = self._held
        if held is not None and held.is_down and not is_slower:
            self._view.step(direction)
        elif held is None or not held.repeats:
            self._view.player.shuttle(direction, is_slower=is_slower)

    def _mark(self, *, is_last: bool) -> None:
        """Mark the frame in view, and leave playing as it is."""
        player, number = self._view.player, self._view.position
        (player.mark_last if is_last else player.mark_first)(number)

    def _jump(self, new: KeyedActions, kind: JumpKind, way: int, name: str, key: str) -> QAction:
        text = f"{'Next' if way > 0 else 'Previous'} {name}"
        glyph = f"{'next' if way > 0 else 'previous'}-{kind}"
        return new.make(text, glyph, key, lambda: self._view.jump(kind, way))

    def _settle_sound(self) -> None:
        """Where nothing can be heard the switch is off and says why."""
        sound = self._sound
        self.mute.setEnabled(self._usable and not sound.why)
        self.mute.setChecked(sound.muted)
        glyph = "muted" if sound.muted or sound.why else "sound"
        if glyph != self._sound_glyph:
            self._sound_glyph = glyph
            wear(self.mute, glyph, self._theme)
        describe(self.mute, sound.why or f"Heard at 1x forwards, volume {sound.volume} %")

    def _settle_jumps(self) -> None:
        """Say where each leads; called for every picture, so nothing is said twice."""
        for (kind, way), action in self.jumps.items():
            place = self._view.places.beyond(kind, self._view.position, way)
            if self._leads.get((kind, way), self) == (self._usable, place):
                continue
            self._leads[kind, way] = (self._usable, place)
            action.setEnabled(self._usable and place is not None)
            describe(action, _words(place, way) if self._usable else "")

    def _speed(self, speed: float) -> QAction:
        action = QAction(speed_words(speed), self._window)
        action.setCheckable(True)
        action.setToolTip(f"Play at {speed_words(speed)}")
        action.triggered.connect(lambda _on=False: self._view.player.set_speed(speed))
        self.speeds.addAction(action)
        return action

    def _on_played(self) -> None:
        playing, rate = self._view.playing, self._view.player.rate
        self.play.setText("&Pause" if playing else "&Play")
        describe(self.play)
        wear(self.play, "pause" if playing else "play", self._theme)
        for action, speed in zip(self.speed_actions, SPEEDS, strict=True):
            action.setChecked(speed == abs(rate))
        self.settle()


def _words(place: JumpPlace | None, way: int) -> str:
    """Return where a jump leads, for the person."""
    if place is None:
        return f"There is none {'after' if way > 0 else 'before'} this frame."
    at = f"frame {words.count(place.number)}"
    return f"{place.name}, {at}" if place.name else at.capitalize()
