"""Playing, shuttling, jumping and the range: what menu, keys and buttons do with the clip."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction, QActionGroup

from codefx_desktop.ui.icons import wear
from codefx_desktop.ui.keyed_action import KeyedActions, describe
from codefx_desktop.ui.models import words
from codefx_desktop.ui.models.jump_places import JumpKind
from codefx_desktop.ui.models.soon import Soon
from codefx_desktop.ui.models.speeds import SPEEDS, speed_words
from codefx_desktop.ui.shuttle_actions import Moves, ShuttleActions

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMenu, QWidget

    from codefx_desktop.ui.models.clip_sound import ClipSound
    from codefx_desktop.ui.models.clip_view import ClipView
    from codefx_desktop.ui.models.jump_places import JumpPlace
    from codefx_desktop.ui.theme import Theme

TIPS_MS, MOST_MS = 120, 1_000
"""Where a jump leads is told when nobody has stepped for so long, or has for so long."""
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
        self._sound_glyph = ""
        self._leads: dict[tuple[JumpKind, int], object] = {}
        self._tips = Soon(self._tell_jumps, TIPS_MS, MOST_MS, window)
        new = KeyedActions(window, theme)
        make, player = new.make, view.player
        self.shuttle = ShuttleActions(window, self._moves(), theme)
        self.play = self.shuttle.play
        self.clear = make("Clear the range", "remove", "", player.clear_range)
        self.mute = new.make_switch("&Mute the sound", "sound", "Ctrl+Shift+M", sound.set_muted)
        self.jumps = {
            (kind, way): self._jump(new, kind, way, name, key)
            for kind, (name, *keys) in _KINDS.items()
            for way, key in zip((-1, 1), keys, strict=True)
        }
        self.speeds = QActionGroup(window)
        self.speed_actions = tuple(self._speed(new, speed) for speed in SPEEDS)
        view.played.connect(self._on_played)
        view.moved.connect(self._settle_jumps)
        view.places.changed.connect(self.settle)
        player.ranged.connect(self.settle)
        sound.changed.connect(self.settle)
        self._on_played()

    def all(self) -> tuple[QAction, ...]:
        """Return the actions that may have keys."""
        shuttle = (*self.shuttle.playing(), *self.shuttle.marking())
        return (*shuttle, self.mute, *self.jumps.values())

    def fill_speeds(self, menu: QMenu) -> None:
        """Put the speeds into a menu."""
        menu.addActions(list(self.speed_actions))

    def fill(self, menu: QMenu) -> None:
        """Put all into a menu."""
        menu.addActions(list(self.shuttle.playing()))
        self.fill_speeds(menu.addMenu("&Speed"))
        menu.addActions([self.mute])
        menu.addSeparator()
        *marks, loop = self.shuttle.marking()
        menu.addActions([*marks, self.clear, loop])
        menu.addSeparator()
        menu.addActions(list(self.jumps.values()))

    def set_usable(self, usable: bool) -> None:
        """Tell whether there is a clip to play."""
        self._usable = usable
        self.settle()

    def settle(self) -> None:
        """Let only be done what can be done now."""
        range_ = self._view.player.range
        self.shuttle.settle(
            usable=self._usable,
            begins=range_.first is not None,
            ends=range_.last is not None,
            repeats=range_.loops,
        )
        for action in self.speed_actions:
            action.setEnabled(self._usable)
        self.clear.setEnabled(self._usable and range_.is_set)
        self._settle_sound()
        self._settle_jumps()
        self._tips.cancel()
        self._tell_jumps()

    # -- inside -------------------------------------------------------------------------------

    def _moves(self) -> Moves:
        view, player = self._view, self._view.player
        return Moves(
            toggle=view.toggle,
            pause=view.pause,
            shuttle=player.shuttle,
            shuttle_slower=partial(player.shuttle, is_slower=True),
            step=view.step,
            mark_in=lambda: player.mark_first(view.position),  # playing goes on
            mark_out=lambda: player.mark_last(view.position),
            clear_in=partial(player.mark_first, None),
            clear_out=partial(player.mark_last, None),
            loop=player.set_loops,
        )

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
        """Say at once which lead anywhere, and where to when the hand rests.

        A button whose words are others has the whole window laid out: half a step's time.
        """
        for (kind, way), action in self.jumps.items():
            action.setEnabled(self._usable and self._beyond(kind, way) is not None)
        self._tips.ask()

    def _tell_jumps(self) -> None:
        for (kind, way), action in self.jumps.items():
            place = self._beyond(kind, way)
            if self._leads.get((kind, way), self) != (self._usable, place):
                self._leads[kind, way] = (self._usable, place)
                describe(action, _words(place, way) if self._usable else "")

    def _beyond(self, kind: JumpKind, way: int) -> JumpPlace | None:
        return self._view.places.beyond(kind, self._view.position, way)

    def _speed(self, new: KeyedActions, speed: float) -> QAction:
        action = new.make_switch(
            speed_words(speed), "", "", lambda _on: self._view.player.set_speed(speed)
        )
        describe(action, "The speed of plain playing")
        self.speeds.addAction(action)
        return action

    def _on_played(self) -> None:
        playing, rate = self._view.playing, self._view.player.rate
        self.shuttle.show_playing(playing=playing)
        for action, speed in zip(self.speed_actions, SPEEDS, strict=True):
            action.setChecked(speed == abs(rate))
        self.settle()


def _words(place: JumpPlace | None, way: int) -> str:
    """Return where a jump leads, for the person."""
    if place is None:
        return f"There is none {'after' if way > 0 else 'before'} this frame."
    at = f"frame {words.count(place.number)}"
    return f"{place.name}, {at}" if place.name else at.capitalize()
