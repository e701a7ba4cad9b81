"""Decoded pictures by their numbers: from the cache, by decoding on, or from a keyframe before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from codefx_desktop.domain.errors import ClipUnreadable
from codefx_desktop.domain.run import Cancelled
from codefx_desktop.video.container import still_readable
from codefx_desktop.video.frame_cache import FrameCache
from codefx_desktop.video.packets import lost
from codefx_desktop.video.seeking import PictureSource

if TYPE_CHECKING:
    from collections.abc import Iterator

    from av.video.frame import VideoFrame

    from codefx_desktop.domain.run import CancelSignal
    from codefx_desktop.video.frame_cache import SharedRoom
    from codefx_desktop.video.probe import ProbedClip
    from codefx_desktop.video.seeking import Pictures

KEY_TRIES: Final = 3
"""Keyframes that are tried, going back, before a clip is decoded from its beginning."""
SOON: Final = 12
"""A keyframe this near ahead is reached by decoding on: seeking costs as much."""


class DecodedPictures:
    """Gives the decoded picture of any number and keeps those around the newest request.

    Args:
        clip: The probed clip.
        cache_bytes: Budget of the cache.
        room: A budget that it shares with other clips.
    """

    def __init__(self, clip: ProbedClip, cache_bytes: int, room: SharedRoom | None = None) -> None:
        self.cache = FrameCache(cache_bytes, room)
        self._room = room
        self._info = clip.info
        self._keys = np.flatnonzero(clip.index.keyframe)
        self._stand_alone = bool(clip.index.keyframe.all()) and not clip.info.interlaced
        self._source = PictureSource(clip)
        self._previews = PictureSource(clip, quick=True)
        self._run: Pictures | None = None
        self._is_going = False
        self._next = 0
        self._distrusted: set[int] = set()
        self._missing: set[int] = set()

    def open(self) -> None:
        """Open the clip.

        Raises:
            ClipError: If it cannot be opened.
        """
        self._source.open()
        if self._room is not None:
            self._room.join(self)

    def close(self) -> None:
        """Close the clip and let all pictures go."""
        if self._room is not None:
            self._room.leave(self)
        self._run, self._is_going = None, False
        self._source.close()
        self._previews.close()
        self.cache.clear()

    def key_before(self, number: int) -> int | None:
        """Return the number of the nearest keyframe at or before one, None if there is none."""
        place = int(np.searchsorted(self._keys, number, side="right")) - 1
        return int(self._keys[place]) if place >= 0 else None

    def is_on_the_way(self, number: int) -> bool:
        """Whether decoding on gets to a picture sooner than a seek; also while it is sought."""
        key = self.key_before(number)
        soon = key is None or key <= self._next + SOON
        return self._is_going and self._next <= number and soon

    def is_near(self, number: int) -> bool:
        """Whether a picture is held, or comes by within a few pictures of decoding on."""
        few = self._run is not None and self._next <= number <= self._next + SOON
        return few or number in self.cache

    @property
    def latest(self) -> int | None:
        """The number that decoding came by last; None where it has only begun or did not fit."""
        at = self._next - 1
        return at if self._run is not None and at in self.cache else None

    def picture(self, number: int, cancel: CancelSignal | None = None) -> VideoFrame:
        """Return a decoded picture.

        Raises:
            Cancelled: If the signal was seen.
            ClipUnreadable: If it cannot be decoded.
            ClipLost: If the file can no longer be read.
        """
        held = self.cache.get(number)
        if held is not None:
            return held
        if number not in self._missing:
            try:
                found = self._decode(number, cancel)
            except ClipUnreadable:  # it was opened anew and is no longer the file it was
                self._check_lost(number)
                raise
            if found is not None:
                return found
            self._check_lost(number)
            self._missing.add(number)
        raise ClipUnreadable(
            f"Frame {number} of {self._info.path.name} cannot be decoded.",
            hint="The file is damaged there; go on with another frame.",
            path=self._info.path,
        )

    def key_picture(self, key: int, cancel: CancelSignal | None = None) -> VideoFrame | None:
        """Return a keyframe decoded by itself; None where that cannot be trusted.

        Does not disturb decoding elsewhere in the clip.

        Raises:
            Cancelled: If the signal was seen.
            ClipError: If the clip cannot be read any more.
        """
        held = self.cache.get(key)
        if held is not None or key in self._distrusted:
            return held
        if not self._previews.is_open:
            self._previews.open()
        picture = self._previews.key_picture(key, cancel)
        if picture is not None and not picture.interlaced_frame:
            self.cache.add(key, picture)
        return picture

    def _decode(self, number: int, cancel: CancelSignal | None) -> VideoFrame | None:
        if self._stand_alone and not self._is_next(number):
            alone = self.key_picture(number, cancel)
            if alone is not None and not alone.interlaced_frame:
                return alone
        for run in self._runs_to(number, cancel):
            found = self._advance(run, number, cancel)
            if found is not None:
                return found
        return None

    def _is_next(self, number: int) -> bool:
        """Whether pictures are asked for one after the other, which frame threads are good at.

        They would hold a lone picture back until as many more as there are threads are decoded.
        """
        return (self._is_going and number == self._next) or number - 1 in self.cache

    def _runs_to(self, number: int, cancel: CancelSignal | None) -> Iterator[Pictures]:
        """Yield runs of pictures that should come to a number, the quickest first."""
        key = self.key_before(number)
        if self._run is not None and self.is_on_the_way(number):
            yield self._run
        for _ in range(KEY_TRIES):
            if key is None:
                break
            run = self._run_from(key, cancel)
            if run is not None:
                yield run
            key = self.key_before(key - 1)
        self._run, self._next, self._is_going = self._source.from_start(), 0, True
        yield self._run

    def _run_from(self, key: int, cancel: CancelSignal | None) -> Pictures | None:
        if key in self._distrusted:
            return None
        self._run = None  # the source goes elsewhere, whatever comes of it
        self._next, self._is_going = key, True
        self._run = self._source.from_keyframe(key, cancel)
        if self._run is None:
            self._distrusted.add(key)
        return self._run

    def _advance(
        self, run: Pictures, number: int, cancel: CancelSignal | None
    ) -> VideoFrame | None:
        """Decode up to a number and keep what comes by; None if it is not among it."""
        for at, picture in run:
            self._next = at + 1
            self.cache.add(at, picture)
            if at >= number:
                return picture if at == number else None
            if cancel is not None and cancel.is_set():
                raise Cancelled
        self._run, self._is_going = None, False
        return None

    def _check_lost(self, number: int) -> None:
        """Tell a drive that went away from a damaged file.

        Raises:
            ClipLost: If the file is no longer what was probed.
        """
        path = self._info.path
        detail = still_readable(path)
        if detail is None and path.stat().st_size < self._info.size_bytes:
            detail = "it has become shorter"
        if detail is not None:
            raise lost(path, detail, number)
