"""What the timeline's lanes show, worked out on workers: signals and tracks of a job, waveforms."""

from __future__ import annotations

import logging
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QDeadlineTimer, QObject, Signal

from codefx_desktop.domain.errors import CodefxError
from codefx_desktop.domain.run import Cancelled
from codefx_desktop.jobs.lane_building import build
from codefx_desktop.jobs.lane_values import LaneArrays, Peaks, silent
from codefx_desktop.jobs.newest_calls import NewestCalls
from codefx_desktop.jobs.pools import Pool, new_pool
from codefx_desktop.jobs.viewing import unexpected

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from codefx_desktop.domain.run import CancelSignal
    from codefx_desktop.jobs.lane_values import LaneRequest

    ReadPeaks = Callable[[Path, float, Path, Callable[[Peaks], None], CancelSignal], None]

log = logging.getLogger(__name__)

SHUTDOWN_MS: Final = 5_000


class LaneDesk(QObject):
    """Builds lanes and reads waveforms; lives in the main thread, works on workers.

    Every call returns at once; of several of a kind only the newest counts. Call ``shutdown``
    before letting go of it; the hub does so for those it made.

    Args:
        folder: Where waveforms are kept.
        parent: The owner.
        new_pool: Makes a pool with so many workers.
        read_peaks: Reads a waveform; None: ``jobs.peaks.read_peaks``.
    """

    built = Signal(object)
    """``LaneArrays`` of the newest request."""
    heard = Signal(object)
    """``Peaks`` of the clip that is listened to; more of them as it is read."""

    _arrived = Signal(object)

    def __init__(
        self,
        folder: Path,
        parent: QObject | None = None,
        *,
        new_pool: Callable[[int], Pool] = new_pool,
        read_peaks: ReadPeaks | None = None,
    ) -> None:
        super().__init__(parent)
        self._folder, self._read_peaks = folder, read_peaks
        self._builds, self._sounds = NewestCalls(new_pool(1)), NewestCalls(new_pool(1))
        self._build = self._sound = 0
        self._closing = False
        # Emitted on workers, which queues it; delivered in this thread.
        self._arrived.connect(self._deliver)

    def build(self, request: LaneRequest) -> None:
        """Have the lanes of a job built."""
        self._build += 1
        self._builds.ask("build", partial(self._do_build, request, self._build))

    def listen(self, path: Path, duration_s: float) -> None:
        """Have the waveform of a clip with sound read."""
        self._sound += 1
        self._sounds.ask("sound", partial(self._do_listen, path, duration_s, self._sound))

    def clear(self) -> None:
        """Forget what was asked."""
        self._build += 1
        self._sound += 1
        self._builds.clear()
        self._sounds.clear()

    def shutdown(self) -> None:
        """End all work, wait five seconds at most."""
        if self._closing:
            return
        self._closing = True
        self._builds.close()
        self._sounds.close()
        deadline = QDeadlineTimer(SHUTDOWN_MS)
        ended = [one.wait(deadline.remainingTime()) for one in (self._builds, self._sounds)]
        if not all(ended):
            log.warning("A worker of the lane desk did not end within %d ms", SHUTDOWN_MS)

    # -- inside: on workers -------------------------------------------------------------------

    def _do_build(self, request: LaneRequest, number: int) -> None:
        try:
            arrays = build(request)
        except Exception:
            log.exception("The lanes of a job could not be built")
            arrays = LaneArrays()
        self._tell(lambda: self._on_built(arrays, number))

    def _do_listen(self, path: Path, duration_s: float, number: int) -> None:
        def tell(peaks: Peaks) -> None:
            self._tell(lambda: self._on_heard(peaks, number))

        try:
            read = self._read_peaks or _reader()
            cancel = _Unwanted(lambda: number != self._sound or self._closing)
            read(path, duration_s, self._folder, tell, cancel)
        except Cancelled:
            return
        except CodefxError as error:
            tell(silent(path, str(error)))
        except Exception as error:
            log.exception("The waveform of %s could not be read", path)
            tell(silent(path, unexpected(error)))

    def _tell(self, act: Callable[[], None]) -> None:
        if not self._closing:
            self._arrived.emit(act)

    # -- inside: in the main thread -----------------------------------------------------------

    def _deliver(self, act: Callable[[], None]) -> None:
        if not self._closing:
            act()

    def _on_built(self, arrays: LaneArrays, number: int) -> None:
        if number == self._build:
            self.built.emit(arrays)

    def _on_heard(self, peaks: Peaks, number: int) -> None:
        if number == self._sound:
            self.heard.emit(peaks)


def _reader() -> ReadPeaks:
    """Return what reads waveforms; the window is on screen before its libraries are loaded."""
    from codefx_desktop.jobs.peaks import read_peaks  # noqa: PLC0415

    return read_peaks


class _Unwanted:
    """The signal that nobody waits for a waveform any more; asked on a worker."""

    def __init__(self, is_unwanted: Callable[[], bool]) -> None:
        self._is_unwanted = is_unwanted

    def is_set(self) -> bool:
        """Return whether to end."""
        return self._is_unwanted()
