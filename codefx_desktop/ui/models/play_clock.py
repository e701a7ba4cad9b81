"""Which instant of footage belongs on screen while it plays, at any rate, in both directions.

A ``PlayClock`` knows seconds and no frames, so one of them can drive several clips of different
rates; ``ClipTimes`` says which frame of a clip is on screen at an instant.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import fmod
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from codefx_desktop.domain.clip import FrameIndex

HAIR_S: Final = 1e-6
"""Sums of floats stray less; no two frames are so near to each other."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of footage, seconds from the first picture."""

    begin_s: float
    end_s: float

    @property
    def length_s(self) -> float:
        """How long it is."""
        return self.end_s - self.begin_s

    def clamped(self, time_s: float) -> float:
        """Return the instant of the stretch that is nearest to one."""
        return min(max(time_s, self.begin_s), self.end_s)


class PlayClock:
    """Ties an instant of footage to one of the wall clock; every other follows from the rate.

    Args:
        span: What is played; at its end the clock stands, or begins anew.
        at_s: Seconds of footage that are on screen now.
        now_s: The wall clock.
        rate: Seconds of footage per second of the wall clock, below 0 backwards.
        loops: Whether it begins anew at the end of the span.
    """

    def __init__(
        self, span: Span, at_s: float, now_s: float, *, rate: float = 1.0, loops: bool = False
    ) -> None:
        self._span, self._rate, self._loops = span, rate, loops
        self._at_s = self._now_s = 0.0
        self.start(at_s, now_s)

    @property
    def rate(self) -> float:
        """Seconds of footage per second of the wall clock, below 0 backwards."""
        return self._rate

    @property
    def is_backwards(self) -> bool:
        """Whether footage runs backwards."""
        return self._rate < 0

    @property
    def loops(self) -> bool:
        """Whether it begins anew at the end of the span."""
        return self._loops

    @property
    def span(self) -> Span:
        """What is played."""
        return self._span

    def start(self, at_s: float, now_s: float) -> None:
        """Let an instant be on screen from now; one outside a loop stands for the loop's start."""
        inside = self._span.begin_s <= at_s <= self._span.end_s
        if self._loops and not inside:
            at_s = self._span.end_s if self.is_backwards else self._span.begin_s
        self._at_s, self._now_s = self._span.clamped(at_s), now_s

    def set_rate(self, rate: float, now_s: float) -> None:
        """Go on from where it is at another rate."""
        self._at_s, self._now_s = self.due(now_s), now_s
        self._rate = rate

    def set_span(self, span: Span, now_s: float, *, loops: bool) -> None:
        """Go on within another stretch."""
        at_s = self.due(now_s)
        self._span, self._loops = span, loops
        self.start(at_s, now_s)

    def due(self, now_s: float) -> float:
        """Return the seconds of footage that belong on screen now."""
        at_s = self._at_s + (now_s - self._now_s) * self._rate
        span = self._span
        if not self._loops or span.length_s <= 0:
            return span.clamped(at_s)
        if self.is_backwards:
            return span.end_s - _part(span.end_s - at_s, span.length_s)
        return span.begin_s + _part(at_s - span.begin_s, span.length_s)

    def until_s(self, at_s: float, now_s: float) -> float:
        """Return how long it is, by the wall clock, until an instant is due; 0 if it has been."""
        return max(0.0, (at_s - self.due(now_s)) / self._rate)

    def is_over(self, now_s: float) -> bool:
        """Return whether it stands at the end for good."""
        if self._loops and self._span.length_s > 0:
            return False
        end_s = self._span.begin_s if self.is_backwards else self._span.end_s
        return abs(self.due(now_s) - end_s) < HAIR_S


class ClipTimes:
    """Which frame of a clip is on screen at an instant, whatever the intervals are.

    Args:
        index: The exact time of every frame; at least one.
        duration_s: End of the last frame; where it is unknown, any smaller number: the last frame
            then stays as long as the one before.
    """

    def __init__(self, index: FrameIndex, duration_s: float) -> None:
        self._index = index
        last = len(index) - 1
        begins_s = self.begins_s(last)
        stays_s = begins_s - self.begins_s(last - 1) if last else 0.0
        self._end_s = duration_s if duration_s > begins_s + HAIR_S else begins_s + stays_s

    @property
    def whole(self) -> Span:
        """From the first frame's beginning to the last one's end."""
        return Span(0.0, self._end_s)

    def begins_s(self, number: int) -> float:
        """Return from when on a frame is on screen."""
        return self._index.time(number).seconds

    def ends_s(self, number: int) -> float:
        """Return until when a frame is on screen."""
        is_last = number + 1 >= len(self._index)
        return self._end_s if is_last else self.begins_s(number + 1)

    def span(self, first: int, last: int) -> Span:
        """Return from the beginning of one frame to the end of another."""
        return Span(self.begins_s(first), self.ends_s(last))

    def entered_s(self, number: int, *, backwards: bool) -> float:
        """Return when a frame comes on screen: backwards that is its end."""
        return self.ends_s(number) if backwards else self.begins_s(number)

    def number_at(self, time_s: float, *, backwards: bool = False) -> int:
        """Return the frame that is on screen.

        Args:
            time_s: Seconds from the first picture.
            backwards: Whether footage runs backwards: where one frame ends and the next begins,
                it is the former that comes on screen.
        """
        number = self._index.number_at(max(0.0, time_s))
        at_edge = backwards and number > 0 and time_s - self.begins_s(number) < HAIR_S
        return number - 1 if at_edge else number


def _part(value_s: float, length_s: float) -> float:
    """Return what is left of a value after whole lengths were taken off it, 0 or more."""
    rest = fmod(value_s, length_s)
    return rest + length_s if rest < 0 else rest
