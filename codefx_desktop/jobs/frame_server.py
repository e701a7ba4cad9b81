"""Frames of one clip for the screen: any of them at once, the newest request first."""

from __future__ import annotations

import logging
import threading
import time
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QDeadlineTimer, QObject, QTimer, Signal

from codefx_desktop.domain.errors import CodefxError
from codefx_desktop.jobs.frame_requests import Exactness, Requests, Want
from codefx_desktop.jobs.frame_source import FootageOf, Place, Source
from codefx_desktop.jobs.frame_worker import FrameWorker
from codefx_desktop.jobs.hand import Hand
from codefx_desktop.jobs.pools import Call, Pool, new_pool
from codefx_desktop.jobs.proxy_keeper import ProxyKeeper
from codefx_desktop.jobs.viewing import (
    ClipTrouble,
    OpenedClip,
    Opening,
    ProxyPhase,
    ProxyState,
    SavedStill,
    ServedFrame,
    unexpected,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from codefx_desktop.video.probe import ProbedClip

log = logging.getLogger(__name__)

REST_MS: Final = 150
"""After this long without a request a person is looking, not searching."""
SHUTDOWN_MS: Final = 3_000


class FrameServer(QObject):
    """Opens a clip and delivers its frames; lives in the main thread, works on workers.

    Every call returns at once. Of several requests only the newest counts, but pictures keep
    appearing while they stream in. Answers for a clip that is no longer wanted are dropped.
    Call ``shutdown`` before letting go of it; the hub does so for those it made.

    Args:
        footage_of: Returns what opens clips. Called on a worker; may block until the signal it
            is given is set.
        parent: The owner.
        new_pool: Makes a pool with so many workers.
        hand: Told of every frame that is asked for.
        rest_ms: After so long without a request a picture that is not the clip's own is replaced.
    """

    opening = Signal(object)
    opened = Signal(object)
    served = Signal(object)
    trouble = Signal(object)
    proxy = Signal(object)
    saved = Signal(object)

    _arrived = Signal(object)

    def __init__(
        self,
        footage_of: FootageOf,
        parent: QObject | None = None,
        *,
        new_pool: Callable[[int], Pool] = new_pool,
        clock: Callable[[], float] = time.monotonic,
        hand: Hand | None = None,
        rest_ms: int = REST_MS,
    ) -> None:
        super().__init__(parent)
        self._hand = hand or Hand()
        self._requests = Requests()
        self._worker = FrameWorker(footage_of, self._requests, self._tell, clock)
        self._pools = tuple(new_pool(1) for _ in range(3))
        self._frames, self._stills, proxies = self._pools
        self._turn = Call(self._worker.run, self._on_died, again=True)
        self._proxies = ProxyKeeper(proxies, self._tell, self._on_proxy_made)
        self._closing = False
        self._asked: int | None = None
        self._resting = 0
        self._lock = threading.Lock()
        self._newest: ServedFrame | None = None
        self._shown: int | None = None
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(rest_ms)
        self._rest.timeout.connect(self._refine)
        # Emitted on workers, which queues it; delivered in this thread.
        self._arrived.connect(self._deliver)

    # -- which clip ---------------------------------------------------------------------------

    def open(self, path: Path, job_id: str | None = None) -> int:
        """Close the former clip and open another; its first frame follows unless one is asked for.

        Args:
            path: The clip.
            job_id: The job it belongs to.

        Returns:
            The session's number, which is in every answer about this clip.
        """
        self._leave()

        def command(session: int) -> None:
            self._worker.open(Place(session, path, job_id))

        session = self._requests.begin(command)
        self._kick()
        return session

    def close(self) -> None:
        """Close the clip."""
        self._leave()
        self._requests.begin(lambda _: self._worker.close())
        self._kick()

    def shutdown(self) -> None:
        """Close the clip, end all work, wait three seconds at most."""
        if self._closing:
            return
        self.close()
        self._closing = True
        deadline = QDeadlineTimer(SHUTDOWN_MS)
        self._stills.clear()
        if not all(pool.waitForDone(deadline.remainingTime()) for pool in self._pools):
            log.warning("A worker of the frame server did not end within %d ms", SHUTDOWN_MS)

    # -- frames -------------------------------------------------------------------------------

    def show(self, number: int) -> None:
        """Ask for exactly this frame; numbers beyond the ends stand for the first and last one."""
        self._ask(number, Exactness.EXACT)

    def preview(self, number: int) -> None:
        """Ask for what can be shown at once for this frame, while a hand drags."""
        self._ask(number, Exactness.NEAR)

    def fit_to(self, size: tuple[int, int] | None) -> None:
        """Say at which size pictures are painted: they come ready for it, too (``fitted``).

        The one on screen comes again when requests rest.

        Args:
            size: Width and height in pixels of the screen; None where they are scaled by hand.
        """
        if size == self._worker.fit:
            return
        self._worker.fit = size
        if size is not None and self._shown is not None and self._asked in (None, self._shown):
            self._resting = self._shown
            self._rest.start()

    def save_still(self, number: int, target: Path) -> None:
        """Write a frame as a PNG of the clip's own size; ``saved`` tells how it went."""
        source = self._open_source()
        if source is None:
            message = "No clip is open."
            self.saved.emit(SavedStill(self._requests.session, number, target, message))
            return
        self._stills.start(Call(lambda: self._save_still(source, number, target)))

    # -- the proxy ----------------------------------------------------------------------------

    def make_proxy(self) -> None:
        """Make a copy of the clip in which every frame is a keyframe."""
        source = self._open_source()
        if source is not None:
            self._proxies.make(source)

    def cancel_proxy(self) -> None:
        """Stop making it."""
        if self._proxies.cancel():
            self.proxy.emit(ProxyState(self._requests.session, ProxyPhase.NONE))

    def drop_proxy(self) -> None:
        """Remove it."""
        self._proxies.cancel()
        self._requests.order(self._worker.drop_proxy)
        self._kick()

    # -- inside -------------------------------------------------------------------------------

    def _ask(self, number: int, exactness: Exactness) -> None:
        self._rest.stop()
        self._hand.moves()
        self._asked = number
        self._requests.want(Want(self._requests.session, number, exactness))
        self._kick()

    def _refine(self) -> None:
        """Replace a keyframe or a proxy's picture by the clip's own: a person looks at it."""
        want = Want(self._requests.session, self._resting, Exactness.OWN)
        self._requests.want(want, only_if_none=True)
        self._kick()

    def _leave(self) -> None:
        self._rest.stop()
        self._asked = self._shown = None
        self._proxies.cancel()

    def _kick(self) -> None:
        """Start the worker if it rests."""
        if not self._closing and self._requests.start():
            self._frames.start(self._turn)

    def _open_source(self) -> Source | None:
        source = self._worker.source
        is_wanted = source is not None and source.session == self._requests.session
        return source if is_wanted else None

    def _save_still(self, source: Source, number: int, target: Path) -> None:
        """Write a still; runs on a worker of its own with a decoder of its own."""
        message = ""
        try:
            source.footage.save_still(source.clip, number, target)
        except (CodefxError, IndexError) as error:
            message = str(error)
        except Exception as error:
            log.exception("A still could not be saved")
            message = unexpected(error)
        self._tell(SavedStill(source.session, number, target, message))

    def _on_proxy_made(self, session: int, proxy: ProbedClip) -> None:
        """Hand a proxy to the frame worker; called on the proxy's."""
        self._requests.order(partial(self._worker.adopt_proxy, session, proxy))
        self._kick()

    def _on_died(self, error: BaseException) -> None:
        log.error("The frame worker failed", exc_info=error)
        self._requests.stopped()

    def _tell(self, value: object) -> None:
        """Send a value to the main thread; called on workers. Of frames only the newest waits."""
        if self._closing:
            return
        if isinstance(value, ServedFrame):
            with self._lock:
                self._newest = value
            self._arrived.emit(value.session)
        else:
            self._arrived.emit(value)

    def _deliver(self, value: object) -> None:
        if isinstance(value, int):
            self._deliver_frame(value)
            return
        if getattr(value, "session", None) != self._requests.session:
            return
        if isinstance(value, Opening):
            self.opening.emit(value)
        elif isinstance(value, OpenedClip):
            self.opened.emit(value)
        elif isinstance(value, ClipTrouble):
            self.trouble.emit(value)
        elif isinstance(value, ProxyState):
            self.proxy.emit(value)
        elif isinstance(value, SavedStill):
            self.saved.emit(value)

    def _deliver_frame(self, session: int) -> None:
        """Emit the newest frame of a session; its forerunners were replaced by it."""
        with self._lock:
            frame = self._newest
            if frame is None or frame.session != session:
                return
            self._newest = None
        if session != self._requests.session:
            return
        needs_own = frame.from_proxy or not frame.is_exact
        if needs_own and self._requests.newest is None and self._asked in (None, frame.wanted):
            self._resting = frame.wanted
            self._rest.start()
        self._shown = frame.wanted
        self.served.emit(frame)
