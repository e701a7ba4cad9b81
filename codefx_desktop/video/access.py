"""Any frame of a clip by its number: exact, forwards, backwards, at random."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Self

from codefx_desktop.domain.errors import ClipUnreadable
from codefx_desktop.domain.frame import Frame
from codefx_desktop.domain.run import Cancelled
from codefx_desktop.video.decoded import DecodedPictures
from codefx_desktop.video.fitted import FittedPictures
from codefx_desktop.video.orientation import Orientation
from codefx_desktop.video.picture import PictureConverter

if TYPE_CHECKING:
    from types import TracebackType

    from av.video.frame import VideoFrame

    from codefx_desktop.domain.frame import Pixels
    from codefx_desktop.domain.run import CancelSignal
    from codefx_desktop.video.frame_cache import CacheUse, SharedRoom
    from codefx_desktop.video.probe import ProbedClip

CACHE_BYTES: Final = 256 * 1024 * 1024
"""82 pictures of 1080p in 4:2:0; 20 of 4K."""
AHEAD: Final = 24
"""Frames that prefetch has ready before it rests: more than a second at 15 steps per second."""
AHEAD_BACK: Final = 40
"""The same backwards, where what comes next costs up to a whole group of pictures: begun so early,
it is decoded before it is due, also at twice true speed (250 pictures of 1080p60 in a group, 445
decoded per second). Source: simulated with that cost; with 24 pictures stood 93 ms, with 40 48."""


class FrameAccess:
    """Delivers frames by number, with the same pixels and times as ``FrameReader``.

    Decoded pictures around the newest request stay in a cache as they were decoded and become
    RGB when they are delivered. Stepping backwards decodes a group of pictures once and keeps as
    much of its end as fits.

    Use as a context manager, by one worker at a time.

    Args:
        clip: The probed clip.
        cache_bytes: Budget of the cache.
        room: A budget that it shares with other clips.
    """

    def __init__(
        self,
        clip: ProbedClip,
        *,
        cache_bytes: int = CACHE_BYTES,
        room: SharedRoom | None = None,
    ) -> None:
        self._info = clip.info
        self._index = clip.index
        self._pictures = DecodedPictures(clip, cache_bytes, room)
        self._turned = Orientation(clip.info.rotation, clip.info.mirrored)
        self._converter = self._new_converter()
        self._fitted = FittedPictures(self._pictures.cache, self._turned)
        self._playhead = 0
        self._ahead: Frame | None = None
        self._has_fields = clip.info.interlaced
        self._first_fields: int | None = None
        self._progressive_until = 0

    def __enter__(self) -> Self:
        """Open the clip.

        Raises:
            ClipError: If it cannot be opened any more.
        """
        self._pictures.open()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the clip and let the cache go."""
        self._ahead = None
        self._fitted.forget()
        self._pictures.close()

    @property
    def cache_use(self) -> CacheUse:
        """What the cache holds."""
        return self._pictures.cache.use

    def is_held(self, number: int) -> bool:
        """Whether a frame only needs to be converted."""
        return number in self._pictures.cache

    def is_near(self, number: int) -> bool:
        """Whether a frame is held, or comes by within a few pictures of decoding on."""
        return self._pictures.is_near(number)

    def is_on_the_way(self, number: int) -> bool:
        """Whether the search that is going on comes by a frame sooner than another one would.

        For the ``cancel`` of that search, which is asked in the midst of it.
        """
        return self._pictures.is_on_the_way(number)

    def passing(self) -> Frame | None:
        """Return the frame that a cancelled search came by last, None if there is none.

        Shown while a long search goes on, so that a screen does not stand still.

        Raises:
            ClipError: As ``exact``.
        """
        number = self._pictures.latest
        if number is None:
            return None
        return Frame(number, self._index.time(number), self._pixels(number, None))

    def exact(self, number: int, *, cancel: CancelSignal | None = None) -> Frame:
        """Return a frame.

        Args:
            number: Its number.
            cancel: Ends a long search early.

        Raises:
            IndexError: If the clip has no such frame.
            Cancelled: If the signal was seen.
            ClipUnreadable: If it is in the index but cannot be decoded.
            ClipLost: If the file can no longer be read.
        """
        time = self._index.time(number)
        self._pictures.cache.aim(number, -1 if number < self._playhead else 1)
        self._playhead = number
        ahead, self._ahead = self._ahead, None
        if ahead is not None and ahead.number == number:
            return ahead
        return Frame(number, time, self._pixels(number, cancel))

    def fitted(self, number: int, size: tuple[int, int]) -> Pixels | None:
        """Return a frame that was just delivered as a screen shows it, at the size it has there.

        From then on ``prefetch`` makes the next frame's, too.

        Args:
            number: Its number.
            size: Width and height on the screen.

        Returns:
            BGRA, (H, W, 4), uint8; None where scaling what was delivered is as well: frames that
            are not held, are of fields, of more than 8 bits, HDR, or can be seen through.
        """
        return None if self._has_fields else self._fitted.of(number, size)

    def keyframe_near(self, number: int, *, cancel: CancelSignal | None = None) -> Frame:
        """Return the nearest keyframe at or before ``number``, for dragging.

        It is decoded by itself, whatever the distance to the one before. The first frame is
        returned where no keyframe is before ``number``.

        Raises:
            IndexError: If the clip has no frame ``number``.
            Cancelled: If the signal was seen.
            ClipUnreadable: If it cannot be decoded.
            ClipLost: If the file can no longer be read.
        """
        self._index.time(number)
        key = self._pictures.key_before(number)
        if key is not None and not self._has_fields:
            picture = self._pictures.key_picture(key, cancel)
            if picture is not None and not picture.interlaced_frame:
                return Frame(key, self._index.time(key), self._convert(picture, key))
        return self.exact(key or 0, cancel=cancel)

    def prefetch(self, number: int, direction: int, cancel: CancelSignal | None = None) -> int:
        """Decode what stepping on from a frame will ask for, while nobody waits.

        The very next frame is also converted, and kept beside the cache until another is asked
        for: it then comes at once even where decoding keeps all cores busy.

        Meant for a worker, after each delivered frame; returns at once if enough is ready. What
        was decoded when ``cancel`` is seen stays, and the next call goes on from there.

        Args:
            number: The frame that is shown.
            direction: 1 forwards, -1 backwards.
            cancel: Ends it early, without an error.

        Returns:
            How many frames next to ``number`` in that direction are ready.

        Raises:
            IndexError: If the clip has no such frame.
            ClipLost: If the file can no longer be read.
        """
        self._index.time(number)
        cache = self._pictures.cache
        cache.aim(number, direction)
        end = len(self._index) if direction > 0 else -1
        wanted = range(number + direction, end, direction)[: self._reach(direction)]
        for ready, next_number in enumerate(wanted):
            if cancel is not None and cancel.is_set():
                return ready
            try:
                self._pictures.picture(next_number, cancel)
                if ready == 0:
                    self._convert_ahead(next_number, cancel)
            except (Cancelled, ClipUnreadable):
                return ready
        return len(wanted)

    def _convert_ahead(self, number: int, cancel: CancelSignal | None) -> None:
        if self._ahead is None or self._ahead.number != number:
            pixels = self._pixels(number, cancel)
            self._ahead = Frame(number, self._index.time(number), pixels)
        if not self._has_fields:
            self._fitted.make_ahead(number)

    def _reach(self, direction: int) -> int:
        """Return how many frames prefetch may fetch without pushing out its own."""
        use = self.cache_use
        if not use.frames:
            return 1
        most = AHEAD if direction > 0 else AHEAD_BACK
        return max(1, min(most, use.limit_bytes * use.frames // (2 * use.size_bytes)))

    def _new_converter(self) -> PictureConverter:
        return PictureConverter(self._info.width, self._info.height, self._turned)

    def _pixels(self, number: int, cancel: CancelSignal | None) -> Pixels:
        picture = self._pictures.picture(number, cancel)
        self._has_fields = self._has_fields or picture.interlaced_frame
        if self._has_fields and self._is_deinterlaced(number, cancel):
            return self._deinterlace(number, cancel)
        return self._convert(picture, number)

    def _convert(self, picture: VideoFrame, number: int) -> Pixels:
        ready = self._converter.push(picture, number) or self._converter.flush()
        return ready[-1][1]

    def _is_deinterlaced(self, number: int, cancel: CancelSignal | None) -> bool:
        """Whether a sequential reader deinterlaces here: from the first picture of fields on."""
        while self._first_fields is None and self._progressive_until <= number:
            at = self._progressive_until
            if self._is_interlaced(at, cancel):
                self._first_fields = at
            self._progressive_until += 1
        return self._first_fields is not None and self._first_fields <= number

    def _is_interlaced(self, number: int, cancel: CancelSignal | None) -> bool:
        picture = self._picture_or_none(number, cancel)
        return picture is not None and picture.interlaced_frame

    def _picture_or_none(self, number: int, cancel: CancelSignal | None) -> VideoFrame | None:
        try:
            return self._pictures.picture(number, cancel)
        except ClipUnreadable:
            return None

    def _deinterlace(self, number: int, cancel: CancelSignal | None) -> Pixels:
        """Convert a picture between its neighbours, as a sequential reader has them."""
        converter = self._new_converter()
        last = len(self._index)
        for at in (*self._before(number, cancel), *range(number, last)):
            picture = self._picture_or_none(at, cancel)
            if picture is None:
                continue
            ready = dict(converter.push(picture, at))
            if number in ready:
                return ready[number]
        return dict(converter.flush())[number]

    def _before(self, number: int, cancel: CancelSignal | None) -> list[int]:
        """Return the numbers that a deinterlacer must have seen before a picture.

        It looks at the one before. If that has no fields, it also makes a difference whether
        the filter has ever been at work: it has, on the clip's first picture with fields.
        """
        first = self._first_fields or 0
        for before in range(number - 1, first - 1, -1):
            picture = self._picture_or_none(before, cancel)
            if picture is not None:
                skips = before > first and not picture.interlaced_frame
                return [first, before] if skips else [before]
        return []
