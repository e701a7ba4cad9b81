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
"""Sound that is so far from its picture is noticed: it is then put back to the right place."""
JUMP_S: Final = 0.2
"""A picture that is so far from its sound went elsewhere; anything less may be a device that takes
samples in lumps, and is looked at for a moment."""
FAR_S: Final = 1.0
"""Sound so far from what is decoded is decoded anew from there."""
CALM: Final = 0.1
"""Part that the newest look at the drift has in its mean."""
PUMP_MS: Final = 15
LEAD_S: Final = 0.15
"""Decoding begins so far ahead of the picture: it takes a moment itself."""
AHEAD_S: Final = 0.6
"""So much is kept decoded."""
REST_S: Final = 10.0
"""So long after playing the device is kept going, for it takes up to a second to begin."""
SHUTDOWN_MS: Final = 2_000


class SoundPlayer(QObject):
    """Plays a clip's sound at true speed; lives in the main thread, decodes on a worker.

    A device begins late and takes what it is given ahead of playing it. It is therefore given
    silence until it runs, and then always the sample that belongs to the picture of the instant at
    which it will be heard.

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
        self._held, self._held_s = b"", 0.0
        self._written = 0
        self._drift_s = self._rests_s = 0.0
        self._is_on = self._is_running = self._is_aligned = False
        self._is_asking = self._is_over = self._has_source = False
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
        return self._is_aligned

    @property
    def drift_s(self) -> float:
        """How far what is heard lies ahead of the picture, of late; 0 while nothing is heard."""
        return self._drift_s if self._is_aligned else 0.0

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
        self._calls.ask("sound", self._source.close)

    def set_muted(self, muted: bool) -> None:
        """Let nothing be heard, or let it be heard again."""
        if muted != self.muted:
            self.muted = muted
            self._hush() if muted else self._begin()
            self.changed.emit()

    def set_volume(self, volume: float) -> None:
        """Play louder or quieter, 0 to 1."""
        self.volume = min(max(volume, 0.0), 1.0)
        if self._out is not None and self._is_on:
            self._out.set_volume(self.volume)
        self.changed.emit()

    def shutdown(self) -> None:
        """Play nothing any more, wait two seconds at most."""
        if not self._closing:
            self.stop()
            self._rest()
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
        """Have the device run, and sound decoded once the picture is known."""
        self._hush()
        if self._wanted is None or self._out is None or self.muted or self._closing:
            return
        if not self._is_on:
            self._is_on, self._is_running, self._written = True, False, 0
            self._out.start(self.volume)
        self._pump.start()

    def _hush(self) -> None:
        """Let go of what is decoded; the device goes on with silence for a while."""
        self._session += 1
        self._held = b""
        self._is_asking = self._is_over = self._has_source = self._is_aligned = False
        self._rests_s = self._now_s() + REST_S

    def _rest(self) -> None:
        """Let the device stop."""
        self._pump.stop()
        if self._is_on and self._out is not None:
            self._out.stop()
        self._is_on = self._is_running = False

    def _open(self, path: Path, origin_s: Fraction, from_s: float) -> None:
        self._session += 1
        session, from_s = self._session, max(0.0, from_s)
        self._held, self._held_s = b"", from_s
        self._is_asking = self._has_source = True
        self._is_over = self._is_aligned = False
        self._calls.ask(
            "sound", lambda: self._source.open(session, path, origin_s, from_s, self._on_piece)
        )

    def _on_piece(self, piece: Piece) -> None:
        if piece.session != self._session:
            return
        self._is_asking, self._is_over = False, piece.is_last
        self._held += piece.samples.astype(np.float32, copy=False).tobytes()
        if piece.why:
            log.warning("The sound cannot be read: %s", piece.why)

    def _keep_up(self) -> None:
        """Give the device what it has room for."""
        out = self._out
        if out is None or not self._is_on:
            return
        self._is_running = self._is_running or out.processed_s() > 0
        now_at = self._wanted[2]() if self._wanted is not None else None
        if self._is_running and now_at is not None and not self.muted:
            self._feed(out, now_at)
        elif self._wanted is None and self._now_s() > self._rests_s:
            self._rest()
            return
        else:
            self._is_aligned = False
        # Silence for what room is left, so that the device never stops by itself.
        self._write(out, bytes(out.free_bytes() // FRAME_BYTES * FRAME_BYTES))

    def _feed(self, out: SoundOut, now_at: float) -> None:
        """Write sound, from the sample on that will be heard with its picture."""
        assert self._wanted is not None
        path, origin_s, _ = self._wanted
        next_s = now_at + self._written / RATE_HZ - out.processed_s()
        gap_s = self._held_s - next_s
        if self._is_elsewhere(gap_s):
            self._open(path, origin_s, next_s + LEAD_S)
            return
        if not self._may_go_on(gap_s):
            self._align(out, gap_s)
        if self._is_aligned and self._held:
            room = out.free_bytes() // FRAME_BYTES * FRAME_BYTES
            taken = self._write(out, self._held[:room])
            self._held = self._held[taken:]
            self._held_s += taken / FRAME_BYTES / RATE_HZ
            if not self._held:
                self._is_aligned = False  # silence follows: what is decoded next may be late
        if len(self._held) < AHEAD_S * RATE_HZ * FRAME_BYTES:
            self._ask_on()

    def _is_elsewhere(self, gap_s: float) -> bool:
        """Return whether what is decoded is of no use for the picture."""
        if not self._has_source:
            return True
        if self._is_over and not self._held:  # past its end there is nothing to look for
            return gap_s > JUMP_S
        return abs(gap_s) > FAR_S

    def _may_go_on(self, gap_s: float) -> bool:
        """Return whether sound is near enough to its picture to be left alone."""
        if not self._is_aligned or abs(gap_s) > JUMP_S:
            return False
        self._drift_s += CALM * (gap_s - self._drift_s)
        return abs(self._drift_s) <= DRIFT_S

    def _align(self, out: SoundOut, gap_s: float) -> None:
        """Put silence before sound that is early, leave out what is late."""
        self._is_aligned, self._drift_s = False, 0.0
        size = abs(round(gap_s * RATE_HZ)) * FRAME_BYTES
        if gap_s < 0:
            cut = min(size, len(self._held))
            self._held = self._held[cut:]
            self._held_s += cut / FRAME_BYTES / RATE_HZ
            self._is_aligned = bool(self._held)
        elif self._held:
            room = out.free_bytes() // FRAME_BYTES * FRAME_BYTES
            self._is_aligned = self._write(out, bytes(min(size, room))) == size

    def _write(self, out: SoundOut, data: bytes) -> int:
        taken = out.write(data) // FRAME_BYTES * FRAME_BYTES if data else 0
        self._written += taken // FRAME_BYTES
        return taken

    def _ask_on(self) -> None:
        if not self._is_asking and not self._is_over:
            session = self._session
            self._is_asking = True
            self._calls.ask("sound", lambda: self._source.go_on(session, self._on_piece))
