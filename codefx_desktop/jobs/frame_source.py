"""The clip that the frame worker has open: its frames, its proxy's, and what became of them."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING

from codefx_desktop.domain.errors import ClipLost, ClipMissing, CodefxError
from codefx_desktop.domain.frame import Frame
from codefx_desktop.domain.run import Cancelled, CancelSignal
from codefx_desktop.jobs.frame_requests import AnotherClip
from codefx_desktop.jobs.paced import Paced
from codefx_desktop.jobs.viewing import (
    ClipTrouble,
    OpenedClip,
    Opening,
    ProxyPhase,
    ProxyState,
    TroubleKind,
)

if TYPE_CHECKING:
    from pathlib import Path

    from codefx_desktop.jobs.footage import ClipFrames, FootageCalls
    from codefx_desktop.jobs.frame_requests import Requests
    from codefx_desktop.video.probe import ProbedClip

log = logging.getLogger(__name__)

FootageOf = Callable[[CancelSignal], "FootageCalls"]


@dataclass(frozen=True, slots=True)
class Place:
    """What was asked to be opened."""

    session: int
    path: Path
    job_id: str | None


@dataclass(frozen=True, slots=True)
class Source:
    """A clip that was opened, and what opened it."""

    session: int
    clip: ProbedClip
    footage: FootageCalls

    @property
    def last(self) -> int:
        """Number of its last frame."""
        return len(self.clip.index) - 1


class FrameSource:
    """Opens one clip at a time, and again when its drive is back; used on the frame worker.

    Args:
        footage_of: Returns what opens clips; may block until the signal is set.
        requests: Tells whether the clip is still wanted.
        tell: Takes ``Opening``, ``OpenedClip``, ``ClipTrouble`` and ``ProxyState``.
    """

    def __init__(
        self, footage_of: FootageOf, requests: Requests, tell: Callable[[object], None]
    ) -> None:
        self._footage_of = footage_of
        self._requests = requests
        self._tell = tell
        self._place: Place | None = None
        self._frames: ClipFrames | None = None
        self._frames_opened = ExitStack()
        self._proxy: ProbedClip | None = None
        self._proxy_frames: ClipFrames | None = None
        self._proxy_opened = ExitStack()
        self.source: Source | None = None

    def open(self, place: Place) -> None:
        """Close the former clip and open another.

        Raises:
            Cancelled: If yet another is wanted.
        """
        self.close()
        self._place = place
        self._open(place)

    def close(self) -> None:
        """Close the clip."""
        self._place = self.source = self._proxy = None
        self.let_go()

    def let_go(self) -> None:
        """Close the files; the next frame that is wanted opens them again."""
        self._frames = self._proxy_frames = None
        self._frames_opened.close()
        self._proxy_opened.close()

    def ready(self, number: int) -> tuple[Source, ClipFrames] | None:
        """Return the clip, opened again if it must be; None if it cannot be, which is told.

        Args:
            number: The frame that is wanted.

        Raises:
            Cancelled: If another clip is wanted.
        """
        if self._place is None:
            return None
        if self.source is None:
            self._open(self._place)
        elif self._frames is None:
            self._open_again(self.source, number)
        if self.source is None or self._frames is None:
            return None
        return self.source, self._frames

    def lose(self, number: int, error: CodefxError) -> None:
        """Close a clip that went away; it is looked for again when a frame is wanted."""
        assert self._place is not None
        log.info("The clip went away at frame %d: %s", number, error)
        self.let_go()
        name = self._place.path.name
        text = f"Source missing at frame {number}: {name} can no longer be read. "
        hint = "Connect its drive again, then go to the frame again."
        self.tell_trouble(TroubleKind.LOST, text + hint, number)

    def tell_trouble(self, kind: TroubleKind, message: str, number: int | None = None) -> None:
        """Tell what is wrong with the clip, or with one frame."""
        if self._place is not None:
            trouble = ClipTrouble(self._place.session, self._place.path, kind, message, number)
            self._tell(trouble)

    # -- the proxy ----------------------------------------------------------------------------

    def adopt(self, session: int, proxy: ProbedClip) -> None:
        """Use a proxy from now on, if it is of the clip that is open."""
        if self.source is not None and self.source.session == session:
            self._close_proxy()
            self._proxy = proxy

    def drop_proxy(self) -> None:
        """Close the proxy and remove it from the disk."""
        self._close_proxy()
        if self.source is None:
            return
        try:
            self.source.footage.drop_proxy(self.source.clip)
        except CodefxError as error:
            state = ProxyState(self.source.session, ProxyPhase.FAILED, message=str(error))
        else:
            state = ProxyState(self.source.session, ProxyPhase.NONE)
        self._tell(state)

    def from_proxy(self, number: int) -> Frame | None:
        """Return the proxy's picture with the clip's own number and time; None without one.

        Raises:
            Cancelled: If another clip is wanted.
        """
        if self._proxy is None or self.source is None:
            return None
        cancel = AnotherClip(self._requests, self.source.session)
        try:
            if self._proxy_frames is None:
                frames = self.source.footage.frames(self._proxy)
                self._proxy_frames = self._proxy_opened.enter_context(frames)
            pixels = self._proxy_frames.exact(number, cancel=cancel).pixels
        except CodefxError as error:
            log.warning("The proxy cannot be used any more: %s", error)
            self._close_proxy()
            self._tell(ProxyState(self.source.session, ProxyPhase.FAILED, message=str(error)))
            return None
        return Frame(number, self.source.clip.index.time(number), pixels)

    @property
    def has_proxy(self) -> bool:
        """Whether there is a proxy to be used."""
        return self._proxy is not None

    # -- inside -------------------------------------------------------------------------------

    def _open(self, place: Place) -> None:
        ended = AnotherClip(self._requests, place.session)
        if ended.is_set():
            raise Cancelled
        progress = Paced(lambda done: self._tell(Opening(place.session, place.path, done)))
        try:
            footage = self._footage_of(ended)
            clip = footage.open_clip(place.path, place.job_id, progress, ended)
            if ended.is_set():
                raise Cancelled
            self._frames = self._frames_opened.enter_context(footage.frames(clip))
        except CodefxError as error:
            gone = isinstance(error, ClipLost | ClipMissing)
            self.tell_trouble(TroubleKind.LOST if gone else TroubleKind.UNREADABLE, str(error))
            return
        self.source = Source(place.session, clip, footage)
        self._proxy = _proxy_of(self.source)
        has_proxy = self._proxy is not None
        self._tell(OpenedClip(place.session, clip.info, clip.index, has_proxy))
        if self._proxy is not None:
            self._tell(proxy_ready(place.session, self._proxy))

    def _open_again(self, source: Source, number: int) -> None:
        """Open the clip after its drive went away, if it is the same file."""
        info = source.clip.info
        try:
            is_same = source.footage.fingerprint(info.path) == info.fingerprint
            if info.fingerprint and not is_same:
                text = f"Another file is now where {info.path.name} was. Open it to look at it."
                self.tell_trouble(TroubleKind.UNREADABLE, text)
                return
            self._frames = self._frames_opened.enter_context(source.footage.frames(source.clip))
        except CodefxError as error:
            self.lose(number, error)

    def _close_proxy(self) -> None:
        self._proxy = self._proxy_frames = None
        self._proxy_opened.close()


def proxy_ready(session: int, proxy: ProbedClip) -> ProxyState:
    """Return what is told about a proxy that can be used."""
    return ProxyState(session, ProxyPhase.READY, 1.0, proxy.info.size_bytes)


def _proxy_of(source: Source) -> ProbedClip | None:
    try:
        return source.footage.find_proxy(source.clip)
    except CodefxError as error:  # the clip is there all the same
        log.warning("Its proxy cannot be looked for: %s", error)
        return None
