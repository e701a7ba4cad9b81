"""Decoded pictures around the playhead, kept as decoded (YUV: half of RGB's size), within a budget.

What goes first when room is needed is what is farthest from the playhead; pictures that lie
against the direction of travel count as farther away.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from av.video.frame import VideoFrame

BEHIND: Final = 8
"""How much farther pictures against the direction of travel count: when stepping or playing
backwards eight ninths of the room are for the pictures that come next, so that a group of pictures
is decoded less often."""


@dataclass(frozen=True, slots=True)
class CacheUse:
    """What a cache holds.

    Attributes:
        frames: Pictures.
        size_bytes: Their planes' bytes.
        limit_bytes: What it may hold.
        peak_bytes: The most it has held.
    """

    frames: int
    size_bytes: int
    limit_bytes: int
    peak_bytes: int


class SharedRoom:
    """One budget for the caches of several clips that are looked at together; any thread may ask.

    Each may hold an even share. One that comes makes the others' shares smaller, which they heed
    with the next picture they take.

    Args:
        limit_bytes: What all of them may hold.
    """

    def __init__(self, limit_bytes: int) -> None:
        self._limit = limit_bytes
        # Rooms know no locks: one word of Python's own, as these three use of a set, is whole.
        self._members: set[object] = set()

    @property
    def share_bytes(self) -> int:
        """What each cache may hold now."""
        return self._limit // max(len(self._members), 1)

    def join(self, member: object) -> None:
        """Make room for another cache; ``member`` stands for it, compared by identity."""
        self._members.add(member)

    def leave(self, member: object) -> None:
        """Give a cache's room to the others."""
        self._members.discard(member)


class FrameCache:
    """Holds decoded pictures by their numbers; used by one worker at a time.

    Args:
        limit_bytes: The planes of all pictures together never have more.
        room: A budget it shares with other caches, while it is less.
    """

    def __init__(self, limit_bytes: int, room: SharedRoom | None = None) -> None:
        self._budget, self._room = limit_bytes, room
        self._frames: dict[int, VideoFrame] = {}
        self._numbers: list[int] = []
        self._size = 0
        self._peak = 0
        self._playhead = 0
        self._direction = 1

    @property
    def _limit(self) -> int:
        return self._budget if self._room is None else min(self._budget, self._room.share_bytes)

    @property
    def use(self) -> CacheUse:
        """What is held now."""
        return CacheUse(len(self._frames), self._size, self._limit, self._peak)

    def aim(self, playhead: int, direction: int) -> None:
        """Say around which number, and towards which side of it, pictures are wanted.

        Args:
            playhead: Number of the picture that is shown.
            direction: 1 forwards, -1 backwards.
        """
        self._playhead, self._direction = playhead, direction

    def get(self, number: int) -> VideoFrame | None:
        """Return a picture, None if it is not held."""
        return self._frames.get(number)

    def __contains__(self, number: int) -> bool:
        """Return whether a picture is held."""
        return number in self._frames

    def add(self, number: int, frame: VideoFrame) -> bool:
        """Take a picture; return whether it is kept.

        It is not where it would be the first to go, or is larger than the whole budget.
        """
        if number in self._frames:
            return True
        size, limit = size_bytes(frame), self._limit
        while self._size + size > limit:
            farthest = self._farthest()
            if farthest is None or self._distance(farthest) <= self._distance(number):
                return False
            self._drop(farthest)
        insort(self._numbers, number)
        self._frames[number] = frame
        self._size += size
        self._peak = max(self._peak, self._size)
        return True

    def clear(self) -> None:
        """Let everything go."""
        self._frames.clear()
        self._numbers.clear()
        self._size = 0

    def _distance(self, number: int) -> int:
        ahead = (number - self._playhead) * self._direction
        return ahead if ahead >= 0 else -BEHIND * ahead

    def _farthest(self) -> int | None:
        """Distance grows to both sides, so it is the first or the last number."""
        if not self._numbers:
            return None
        return max(self._numbers[0], self._numbers[-1], key=self._distance)

    def _drop(self, number: int) -> None:
        del self._numbers[bisect_left(self._numbers, number)]
        self._size -= size_bytes(self._frames.pop(number))


def size_bytes(frame: VideoFrame) -> int:
    """Return the bytes of a decoded picture's planes, padding of rows included."""
    return sum(plane.buffer_size for plane in frame.planes)
