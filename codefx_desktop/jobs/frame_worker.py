"""Serves the frames that are asked for; what the frame server runs on its worker.

Nothing here knows Qt: requests come from a ``Requests``, answers go to a callback.
"""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, Final

from codefx_desktop.domain.errors import ClipLost, ClipMissing, CodefxError
from codefx_desktop.domain.run import Cancelled
from codefx_desktop.jobs.frame_requests import (
    AnotherClip,
    AnythingElse,
    Exactness,
    Release,
    Search,
    Want,
)
from codefx_desktop.jobs.frame_source import FootageOf, FrameSource, Place, Source
from codefx_desktop.jobs.viewing import ServedFrame, TroubleKind, unexpected

if TYPE_CHECKING:
    from collections.abc import Callable

    from codefx_desktop.domain.frame import Frame
    from codefx_desktop.domain.run import CancelSignal
    from codefx_desktop.jobs.footage import ClipFrames
    from codefx_desktop.jobs.frame_requests import Requests
    from codefx_desktop.video.probe import ProbedClip

log = logging.getLogger(__name__)

GAP_S: Final = 1 / 60
"""A screen shows no more: what comes sooner and is overtaken need not be delivered."""
STUCK_S: Final = 0.1
"""A screen on which nothing new appears for longer, while frames are asked for, looks stuck."""
STRIDE: Final = 24
"""Farther from one frame to the next is a jump; it tells no direction of travel."""


class FrameWorker:
    """Answers what is asked, one thing after the other, then looks ahead while nobody waits.

    Everything but ``source`` and ``fit`` belongs on the worker.

    Args:
        footage_of: Returns what opens clips; may block until the signal is set.
        requests: What is asked.
        tell: Takes the answers, values of ``jobs.viewing``.
        clock: Seconds that only grow.
    """

    def __init__(
        self,
        footage_of: FootageOf,
        requests: Requests,
        tell: Callable[[object], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._requests = requests
        self._tell = tell
        self._clock = clock
        self._clip = FrameSource(footage_of, requests, tell)
        self._at = 0
        self._direction = 1
        self._settled: tuple[int, tuple[int, int] | None] | None = None
        self._delivered_s = clock() - GAP_S
        self._waiting_since: float | None = None
        self.fit: tuple[int, int] | None = None
        """The size at which pictures are painted; any thread may say."""

    @property
    def source(self) -> Source | None:
        """The clip that is open; any thread may look."""
        return self._clip.source

    def run(self) -> None:
        """Do what is asked until nothing is."""
        while (task := self._requests.take()) is not None:
            try:
                if isinstance(task, Want):
                    self._serve(task)
                else:
                    task()
            except Cancelled:
                if isinstance(task, Want):
                    self._requests.want(task, only_if_none=True)
            except Exception as error:  # a worker's run(): nothing may escape unheard
                log.exception("A frame could not be served")
                self._tell_bug(task.number if isinstance(task, Want) else None, error)

    def open(self, place: Place) -> None:
        """Close the former clip, open another, show its first frame.

        Raises:
            Cancelled: If yet another is wanted.
        """
        self._at, self._direction = 0, 1
        self._settled = self._waiting_since = None
        self._clip.open(place)
        if self._clip.source is not None:
            # Its own: at the beginning of a clip a proxy is no quicker.
            self._requests.want(Want(place.session, 0, Exactness.OWN), only_if_none=True)

    def close(self) -> None:
        """Close the clip."""
        self._clip.close()

    def adopt_proxy(self, session: int, proxy: ProbedClip) -> None:
        """Use a proxy from now on."""
        self._clip.adopt(session, proxy)

    def drop_proxy(self) -> None:
        """Remove the proxy."""
        self._clip.drop_proxy()

    # -- inside -------------------------------------------------------------------------------

    def _serve(self, want: Want) -> None:
        ready = self._clip.ready(want.number)
        if ready is None:
            return
        source, frames = ready
        number = min(max(want.number, 0), source.last)
        if want.exactness is Exactness.OWN and (number, self.fit) == self._settled:
            return
        self._steer(number)
        try:
            served = self._answer(source, frames, number, want.exactness)
        except (ClipLost, ClipMissing) as error:
            self._waiting_since = None
            self._clip.lose(number, error)
        except CodefxError as error:
            self._waiting_since = None
            self._clip.tell_trouble(TroubleKind.FRAME, str(error), number)
        else:
            self._deliver(served, frames)
            if not (want.exactness is Exactness.NEAR or served.from_proxy):
                self._look_ahead(frames, number)

    def _answer(
        self, source: Source, frames: ClipFrames, number: int, exactness: Exactness
    ) -> ServedFrame:
        if exactness is Exactness.NEAR:
            return self._preview(source, frames, number, Release(self._requests))
        if exactness is Exactness.EXACT and not frames.is_near(number):
            frame = self._clip.from_proxy(number)
            if frame is not None:
                return ServedFrame(source.session, number, frame, is_exact=True, from_proxy=True)
        if self._is_stuck() and not frames.is_held(number):
            other = AnotherClip(self._requests, source.session)
            self._send(self._preview(source, frames, number, other))
        return self._search(source, frames, number)

    def _preview(
        self, source: Source, frames: ClipFrames, number: int, cancel: CancelSignal
    ) -> ServedFrame:
        if frames.is_held(number):
            frame = frames.exact(number, cancel=cancel)
            return self._served(source, frames, number, frame)
        if (found := self._clip.from_proxy(number)) is not None:
            return ServedFrame(source.session, number, found, is_exact=True, from_proxy=True)
        frame = frames.keyframe_near(number, cancel=cancel)
        return ServedFrame(source.session, number, frame, is_exact=frame.number == number)

    def _search(self, source: Source, frames: ClipFrames, number: int) -> ServedFrame:
        if self._waiting_since is None:
            self._waiting_since = self._clock()
        search = Search(self._requests, frames, number, self._is_stuck)
        try:
            frame = frames.exact(number, cancel=search)
        except Cancelled:
            newest = self._requests.newest
            if search.is_passing and newest is not None:
                self._send_passing(source, frames, newest.number)
            raise
        return self._served(source, frames, number, frame)

    def _served(self, source: Source, frames: ClipFrames, number: int, frame: Frame) -> ServedFrame:
        """Return a frame that was just delivered, also as it is painted where that is known."""
        size = self.fit
        fitted = None if size is None else frames.fitted(number, size)
        return ServedFrame(source.session, number, frame, is_exact=True, fitted=fitted)

    def _send_passing(self, source: Source, frames: ClipFrames, wanted: int) -> None:
        frame: Frame | None = frames.passing()
        if frame is not None:
            self._send(ServedFrame(source.session, wanted, frame, frame.number == wanted))

    def _deliver(self, served: ServedFrame, frames: ClipFrames) -> None:
        """Send an answer, unless it is overtaken and the newer one comes before it can be seen."""
        newest = self._requests.newest
        if newest is not None and self._clock() - self._delivered_s < GAP_S:
            near = newest.exactness is Exactness.NEAR or self._clip.has_proxy
            if near or frames.is_near(newest.number):
                return
        self._send(served)

    def _send(self, served: ServedFrame) -> None:
        self._waiting_since = None
        self._delivered_s = self._clock()
        own = served.is_exact and not served.from_proxy
        size = None if served.fitted is None else (served.fitted.shape[1], served.fitted.shape[0])
        self._settled = (served.frame.number, size) if own else None
        self._tell(served)

    def _is_stuck(self) -> bool:
        """Whether frames have been searched for, in vain, for longer than looks well."""
        return self._waiting_since is not None and self._clock() - self._waiting_since > STUCK_S

    def _steer(self, number: int) -> None:
        step, self._at = number - self._at, number
        if step:
            self._direction = -1 if -STRIDE <= step < 0 else 1

    def _look_ahead(self, frames: ClipFrames, number: int) -> None:
        try:
            frames.prefetch(number, self._direction, AnythingElse(self._requests))
        except CodefxError as error:  # told if it is still so when the frame is asked for
            log.info("Could not look ahead: %s", error)

    def _tell_bug(self, number: int | None, error: Exception) -> None:
        """Tell what nobody foresaw; the clip is opened afresh for the next frame."""
        self._clip.let_go()
        self._waiting_since = None
        kind = TroubleKind.UNREADABLE if number is None else TroubleKind.FRAME
        self._clip.tell_trouble(kind, unexpected(error), number)
