"""When the sound of the clip in view is heard: while it plays forwards at true speed."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSettings, Signal

if TYPE_CHECKING:
    from codefx_desktop.jobs.sound_player import SoundPlayer
    from codefx_desktop.ui.models.clip_view import ClipView

_MUTED, _VOLUME = "review/muted", "review/volume"
_LOUD = 100
NOT_YET = "Open a clip with sound to hear it."
NO_SOUND = "This clip has no sound."


class ClipSound(QObject):
    """Plays sound along with a clip view; muting and volume are kept for the next time.

    Args:
        view: The clip in view.
        sounds: Plays it.
        store: Keeps what was chosen.
    """

    changed = Signal()
    """It can be heard, or not; it was muted; its volume."""

    def __init__(
        self, view: ClipView, sounds: SoundPlayer, store: QSettings, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._view, self._sounds, self._store = view, sounds, store
        self._follows = False
        sounds.set_muted(str(store.value(_MUTED, "false")) == "true")
        sounds.set_volume(_number(store.value(_VOLUME, _LOUD)) / _LOUD)
        sounds.changed.connect(self.changed)
        view.phased.connect(self._on_phase)
        view.played.connect(self._on_played)

    @property
    def why(self) -> str:
        """Why nothing can be heard, for the person; empty where it can."""
        clip = self._view.clip
        if self._sounds.why:
            return self._sounds.why
        if clip is None:
            return NOT_YET
        return "" if clip.info.has_audio else NO_SOUND

    @property
    def muted(self) -> bool:
        """Whether nothing is to be heard."""
        return self._sounds.muted

    @property
    def volume(self) -> int:
        """How loud, 0 to 100."""
        return round(self._sounds.volume * _LOUD)

    def set_muted(self, muted: bool) -> None:
        """Let nothing be heard, or let it be heard again."""
        self._store.setValue(_MUTED, "true" if muted else "false")
        self._sounds.set_muted(muted)

    def set_volume(self, volume: int) -> None:
        """Play louder or quieter, 0 to 100."""
        self._store.setValue(_VOLUME, volume)
        self._sounds.set_volume(volume / _LOUD)

    def _on_phase(self) -> None:
        clip = self._view.clip
        if self._view.is_open and clip is not None and clip.info.has_audio:
            self._sounds.prepare()
        self.changed.emit()

    def _on_played(self) -> None:
        view, clip = self._view, self._view.clip
        wanted = view.playing and view.player.rate == 1.0
        if clip is not None and wanted and clip.info.has_audio:
            if not self._follows:
                self._follows = True
                origin = Fraction(clip.info.start_s)
                self._sounds.play(clip.info.path, origin, lambda: view.player.time_s)
        elif self._follows:
            self._follows = False
            self._sounds.stop()


def _number(value: object) -> int:
    """Return a volume from the settings file; full where it says nothing sensible."""
    text = str(value)
    return min(int(text), _LOUD) if text.isdecimal() else _LOUD
