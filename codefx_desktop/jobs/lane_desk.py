"""What the timeline's lanes show, worked out on workers: signals and tracks of a job, waveforms."""

from __future__ import annotations

import logging
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import Signal

from codefx_desktop.domain.run import Cancelled
from codefx_desktop.jobs.desk import Desk
from codefx_desktop.jobs.hand import Hand
from codefx_desktop.jobs.lane_building import build
from codefx_desktop.jobs.lane_values import LaneArrays, Peaks, silent
from codefx_desktop.jobs.pools import Pool, new_pool
from codefx_desktop.jobs.until import Until

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from PySide6.QtCore import QObject

    from codefx_desktop.domain.run import CancelSignal
    from codefx_desktop.jobs.lane_values import LaneRequest

    ReadPeaks = Callable[[Path, float, Path, Callable[[Peaks], None], CancelSignal], None]


log = logging.getLogger(__name__)


class LaneDesk(Desk):
    """Builds lanes and reads waveforms; lives in the main thread, works on workers.

    Every call returns at once; of several of a kind only the newest counts.

    Args:
        folder: Where waveforms are kept.
        parent: The owner.
        new_pool: Makes a pool with so many workers.
        read_peaks: Reads a waveform; None: ``jobs.peaks.read_peaks``.
        hand: Lanes wait while it moves.
    """

    SHUTDOWN_MS: ClassVar[int] = 5_000

    built = Signal(object)
    """``LaneArrays`` of the newest request."""
    heard = Signal(object)
    """``Peaks`` of the clip that is listened to; more of them as it is read."""

    def __init__(
        self,
        folder: Path,
        parent: QObject | None = None,
        *,
        new_pool: Callable[[int], Pool] = new_pool,
        read_peaks: ReadPeaks | None = None,
        hand: Hand | None = None,
    ) -> None:
        super().__init__(parent, new_pool)
        self._hand = hand or Hand()
        self._folder, self._read_peaks = folder, read_peaks
        self._builds, self._sounds = self._newest_calls(), self._newest_calls()
        self._build = self._sound = 0

    def build(self, request: LaneRequest) -> None:
        """Have the lanes of a job built; those that are being built are given up."""
        self._build = number = self._build + 1

        old = Until(lambda: number != self._build or self.closing.is_set())
        unwanted = self._hand.before(old)

        def check() -> None:
            if unwanted.is_set():
                raise Cancelled

        def receive(arrays: LaneArrays) -> None:
            if number == self._build:
                self.built.emit(arrays)

        def failed(why: str) -> LaneArrays:
            log.warning("The lanes of a job could not be built: %s", why)
            return LaneArrays()

        self._ask(self._builds, "build", lambda: build(request, check), receive, failed)

    def listen(self, path: Path, duration_s: float) -> None:
        """Have the waveform of a clip with sound read."""
        self._sound = number = self._sound + 1
        unwanted = Until(lambda: number != self._sound or self.closing.is_set())

        def receive(peaks: Peaks | None) -> None:
            if peaks is not None and number == self._sound:
                self.heard.emit(peaks)

        def work() -> None:
            read = self._read_peaks or _reader()
            read(path, duration_s, self._folder, partial(self._tell, receive), unwanted)

        self._ask(self._sounds, "sound", work, receive, lambda why: silent(path, why))

    def clear(self) -> None:
        """Forget what was asked."""
        self._build += 1
        self._sound += 1
        self._builds.clear()
        self._sounds.clear()


def _reader() -> ReadPeaks:
    """Return what reads waveforms; the window is on screen before its libraries are loaded."""
    from codefx_desktop.jobs.peaks import read_peaks  # noqa: PLC0415

    return read_peaks
