"""The sound of the clip that plays, kept with its pictures."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, Final

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from codefx_desktop.domain.errors import CodefxError
from codefx_desktop.jobs.newest_calls import NewestCalls
from codefx_desktop.jobs.pools import Pool, new_pool
from codefx_desktop.jobs.sound_out import FRAME_BYTES, RATE_HZ, SoundOut
from codefx_desktop.jobs.sound_source import SoundSource
from codefx_desktop.jobs.viewing import unexpected

if TYPE_CHECKING:
    from collections.abc import Callable
    from fractions import Fraction
    from pathlib import Path
    from typing import Protocol

    from codefx_desktop.jobs.sound_source import Piece

    class Sounds(Protocol):
        """What opens the output; ``jobs.sound_out.SoundSystem`` is one."""

        def load(self) -> None:
            """Import what is needed; on a worker."""
            ...

        def open(self) -> SoundOut:
            """Return the output; in the main thread."""
            ...


log = logging.getLogger(__name__)

DRIFT_S: Final = 0.04
"""Sound that is so far from its picture is noticed; it is then begun anew at the right place."""
PUMP_MS: Final = 15
SETTLE_S: Final = 0.3
"""How long a device takes up more than it plays, when it begins."""
LEAD_S: Final = 0.08
"""Decoding begins so far ahead of the picture: it takes a moment itself."""
AHEAD_S: Final = 0.6
"""So much is kept decoded."""
SHUTDOWN_MS: Final = 2_000


class SoundPlayer(QObject):
    """Plays a clip's sound at true speed; lives in the main thread, decodes on a worker.

    Where there is no output nothing is ever heard, ``why`` says why, and all calls do nothing.

    Args:
        sounds: Opens the output.
        parent: The owner.
        new_pool: Makes a pool with so many workers.
        now_s: The wall clock.
    """

    changed = Signal()
    """It can be heard, or not; it was muted; its volume."""

    _arrived = Signal(object)

    def __init__(
        self,
        sounds: Sounds,
        parent: QObject | None = None,
        *,
        new_pool: Callable[[int], Pool] = new_pool,
        now_s: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(parent)
        self._sounds, self._now_s = sounds, now_s
        self._calls = NewestCalls(new_pool(1))
        self._source = SoundSource(self._tell)
        self._out: SoundOut | None = None
        self._is_loading = self._closing = False
        self._session = 0
        self._wanted: tuple[Path, Fraction, Callable[[], float | None]] | None = None
        self._held = b""
        self._held_s = self._base_s = self._began_s = self._excess_s = 0.0
        self._is_sounding = self._is_asking = self._is_over = False
        self._pump = QTimer(self)
        self._pump.setInterval(PUMP_MS)
        self._pump.timeout.connect(self._keep_up)
        self.why = ""
        """Why nothing can be heard, for the person; empty where it can."""
        self.muted = False
        self.volume = 1.0
        # Emitted on the worker, which queues it; delivered in this thread.
        self._arrived.connect(self._deliver)

    @property
    def is_sounding(self) -> bool:
        """Whether something is heard now."""
        return self._is_sounding

    @property
    def drift_s(self) -> float:
        """How far what is heard lies ahead of the picture; 0 while nothing is."""
        now_at = self._wanted[2]() if self._wanted is not None else None
        if not self._is_sounding or self._out is None or now_at is None:
            return 0.0
        return self._base_s + self._out.processed_s() - self._excess_s - now_at

    def prepare(self) -> None:
        """Look for an output, unless there is one or it is known that there is none."""
        if self._out is None and not self._is_loading and not self._closing:
            self._is_loading = True
            self._calls.ask("load", self._load)

    def play(self, path: Path, origin_s: Fraction, time_s: Callable[[], float | None]) -> None:
        """Play a clip's sound along with its pictures.

        Args:
            path: The clip.
            origin_s: Time of its first shown picture on the file's own clock.
            time_s: Returns the seconds from the first picture that are on screen now; None while
                that is not known.
        """
        self._wanted = (path, origin_s, time_s)
        self._begin()

    def stop(self) -> None:
        """Play nothing."""
        self._wanted = None
        self._hush()

    def set_muted(self, muted: bool) -> None:
        """Let nothing be heard, or let it be heard again."""
        if muted != self.muted:
            self.muted = muted
            self._hush() if muted else self._begin()
            self.changed.emit()

    def set_volume(self, volume: float) -> None:
        """Play louder or quieter, 0 to 1."""
        self.volume = min(max(volume, 0.0), 1.0)
        if self._out is not None and self._is_sounding:
            self._out.set_volume(self.volume)
        self.changed.emit()

    def shutdown(self) -> None:
        """Play nothing any more, wait two seconds at most."""
        if not self._closing:
            self.stop()
            self._closing = True
            self._calls.close()
            if not self._calls.wait(SHUTDOWN_MS):
                log.warning("The sound's worker did not end within %d ms", SHUTDOWN_MS)

    # -- inside: on the worker ----------------------------------------------------------------

    def _load(self) -> None:
        why = ""
        try:
            self._sounds.load()
        except CodefxError as error:
            why = f"{error.message} {error.hint}".strip()
        except Exception as error:
            log.exception("Sound could not be prepared")
            why = unexpected(error)
        self._tell(lambda: self._on_loaded(why))

    def _tell(self, act: Callable[[], None]) -> None:
        if not self._closing:
            self._arrived.emit(act)

    # -- inside: in the main thread -----------------------------------------------------------

    def _deliver(self, act: Callable[[], None]) -> None:
        if not self._closing:
            act()

    def _on_loaded(self, why: str) -> None:
        self._is_loading = False
        if not why:
            try:
                self._out = self._sounds.open()
            except CodefxError as error:
                why = f"{error.message} {error.hint}".strip()
        self.why = why
        self.changed.emit()
        self._begin()

    def _begin(self) -> None:
        """Have sound decoded from a little ahead of the picture on."""
        self._hush()
        if self._wanted is None or self._out is None or self.muted or self._closing:
            return
        path, origin_s, time_s = self._wanted
        now_at = time_s()
        self._pump.start()
        if now_at is None:
            return  # the picture is still on its way: asked again by the pump
        session, self._held_s = self._session, now_at + LEAD_S
        from_s = self._held_s
        self._is_asking = True
        self._calls.ask(
            "sound", lambda: self._source.open(session, path, origin_s, from_s, self._on_piece)
        )

    def _hush(self) -> None:
        self._session += 1
        self._pump.stop()
        self._held, self._is_asking, self._is_over = b"", False, False
        self._excess_s = 0.0
        if self._is_sounding and self._out is not None:
            self._out.stop()
        self._is_sounding = False

    def _on_piece(self, piece: Piece) -> None:
        if piece.session != self._session:
            return
        self._is_asking, self._is_over = False, piece.is_last
        self._held += piece.samples.astype(np.float32, copy=False).tobytes()
        if piece.why:
            log.warning("The sound cannot be read: %s", piece.why)

    def _keep_up(self) -> None:
        """Write what the device has room for; begin anew where picture and sound part."""
        if self._wanted is None or self._out is None:
            return
        now_at = self._wanted[2]()
        if now_at is None:
            return
        if not (self._is_sounding or self._held or self._is_asking or self._is_over):
            self._begin()  # the picture has come
        elif not self._is_sounding:
            self._start(self._out, now_at)
        elif self._has_parted(self._out):
            self._begin()
        else:
            self._feed(self._out)

    def _start(self, out: SoundOut, now_at: float) -> None:
        """Begin with the very sample that belongs to the picture, once it is due."""
        skipped = round((now_at - self._held_s) * RATE_HZ) * FRAME_BYTES
        if not self._held or skipped < 0:
            return
        if skipped >= len(self._held):  # decoding came too late, and will catch up
            self._held_s += len(self._held) / FRAME_BYTES / RATE_HZ
            self._held = b""
            self._ask_on()
            return
        self._held = self._held[skipped:]
        self._base_s, self._began_s = now_at, self._now_s()
        self._is_sounding = True
        out.start(self.volume)
        self._feed(out)

    def _feed(self, out: SoundOut) -> None:
        room = out.free_bytes() // FRAME_BYTES * FRAME_BYTES
        if room and self._held:
            taken = out.write(self._held[:room])
            self._held = self._held[taken:]
        if len(self._held) < AHEAD_S * RATE_HZ * FRAME_BYTES:
            self._ask_on()

    def _ask_on(self) -> None:
        if not self._is_asking and not self._is_over:
            session = self._session
            self._is_asking = True
            self._calls.ask("sound", lambda: self._source.go_on(session, self._on_piece))

    def _has_parted(self, out: SoundOut) -> bool:
        """Return whether sound is too far from its picture.

        A device first takes up more than it plays: what it has taken beyond the time that has
        passed is not heard yet.
        """
        elapsed_s = self._now_s() - self._began_s
        if elapsed_s < SETTLE_S:
            self._excess_s = max(self._excess_s, out.processed_s() - elapsed_s)
        if self._is_over and not self._held:
            return False  # there is no more of it
        return elapsed_s > SETTLE_S and abs(self.drift_s) > DRIFT_S
