"""Plays a clip: asks for the picture that is due by a clock, at any rate, in both directions."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, Protocol

import numpy as np
from PySide6.QtCore import QObject, Qt, QTimer, Signal

from codefx_desktop.ui.models.play_clock import ClipTimes, PlayClock, Span
from codefx_desktop.ui.models.play_range import PlayRange
from codefx_desktop.ui.models.speeds import shuttled

if TYPE_CHECKING:
    from collections.abc import Callable

    from codefx_desktop.jobs.viewing import OpenedClip

SLIP_S: Final = 0.2
"""A picture that comes so late while playing is too late to go on as before: chasing true speed
with a decoder that is slower would leave out more with every picture."""
LEAP_S: Final = 0.5
"""A keyframe that is due sooner is waited for with the picture at hand, and speed stays true;
a picture that stands for longer looks stuck, so the clock is set back instead."""
APART_S: Final = 1 / 64
"""Faster than at true speed no more pictures are asked for than a screen shows; a decoder has
enough to do."""


class Screen(Protocol):
    """What shows the frames; ``ClipView`` is one."""

    clip: OpenedClip | None
    position: int

    @property
    def is_open(self) -> bool:
        """Whether frames can be asked for."""
        ...

    @property
    def is_pending(self) -> bool:
        """Whether the picture that was asked for is still on its way."""
        ...

    @property
    def last(self) -> int:
        """Number of the last frame."""
        ...

    def show_due(self, number: int, *, jump: bool = False) -> None:
        """Show a frame; after a jump none that lies on the way to it."""
        ...


class Player(QObject):
    """Playing of the clip on a screen.

    Args:
        screen: What shows the frames. It calls ``opened``, ``arrived`` and ``missed``.
        parent: The owner.
        now_s: The wall clock.
    """

    changed = Signal()
    """It plays, or no longer, or at another rate, or cannot keep up."""
    ranged = Signal()
    """Another range is marked, or it is repeated, or no longer."""

    def __init__(self, screen: Screen, parent: QObject, now_s: Callable[[], float]) -> None:
        super().__init__(parent)
        self._screen, self._now_s = screen, now_s
        self._times: ClipTimes | None = None
        self._clock: PlayClock | None = None
        self._is_starting = False
        self._leap: int | None = None
        self._asked_s = 0.0
        self._due = QTimer(self)
        self._due.setSingleShot(True)
        self._due.setTimerType(Qt.TimerType.PreciseTimer)
        self._due.timeout.connect(self.keep_up)
        self.speed = 1.0
        """At which it plays when nothing else is said."""
        self.range = PlayRange()
        self.is_playing = self.is_slow = False

    @property
    def rate(self) -> float:
        """Seconds of footage per second, below 0 backwards; at rest that of plain playing."""
        return self._clock.rate if self.is_playing and self._clock is not None else self.speed

    @property
    def time_s(self) -> float | None:
        """Seconds of footage that belong on screen now; None while it does not play."""
        if not self.is_playing or self._clock is None or self._is_starting:
            return None
        return self._clock.due(self._now_s())

    @property
    def times(self) -> ClipTimes | None:
        """When the clip's frames are on screen; None while none is open."""
        return self._times

    # -- by a person --------------------------------------------------------------------------

    def play(self, rate: float | None = None) -> None:
        """Play at a rate, or plain: forwards at the chosen speed.

        At the end plain playing begins anew; backwards nothing lies before the first frame.
        """
        if self._times is None or not self._screen.is_open or not self._screen.last:
            return
        rate = self.speed if rate is None else rate
        if self.is_playing and self._clock is not None:
            self._clock.set_rate(rate, self._now_s())
        elif not self._start(self._times, rate):
            return
        self.is_playing, self.is_slow, self._leap = True, False, None
        self.changed.emit()
        self.keep_up()

    def pause(self) -> None:
        """Stop where it is."""
        if self.is_playing:
            self.is_playing = self.is_slow = self._is_starting = False
            self._leap = None
            self._due.stop()
            self.changed.emit()

    def toggle(self) -> None:
        """Play or pause."""
        if self.is_playing:
            self.pause()
        else:
            self.play()

    def shuttle(self, direction: int, *, is_slower: bool = False) -> None:
        """Play in a direction, 1 or -1; when it does so already, at twice or half the speed."""
        rate = self.rate if self.is_playing else None
        self.play(shuttled(rate, direction, self.speed, is_slower=is_slower))

    def set_speed(self, speed: float) -> None:
        """Choose the speed of plain playing; what plays goes on at it in its direction."""
        self.speed = speed
        if self.is_playing:
            self.play(math.copysign(speed, self.rate))
        else:
            self.changed.emit()

    def mark_first(self, number: int | None) -> None:
        """Let the range begin at a frame, or be open there."""
        self._set_range(self.range.with_first(number))

    def mark_last(self, number: int | None) -> None:
        """Let the range end with a frame, or be open there."""
        self._set_range(self.range.with_last(number))

    def clear_range(self) -> None:
        """Mark no range."""
        self._set_range(PlayRange(loops=self.range.loops))

    def set_loops(self, loops: bool) -> None:
        """Repeat the range, or the clip where none is marked; or no longer."""
        self._set_range(PlayRange(self.range.first, self.range.last, loops))

    # -- by the screen ------------------------------------------------------------------------

    def opened(self, *, is_same: bool) -> None:
        """Take the clip that was opened; marks are those of the one before only if it is that."""
        clip = self._screen.clip
        self._times = ClipTimes(clip.index, clip.info.duration_s) if clip is not None else None
        if not is_same and self.range.is_set:
            self._set_range(PlayRange(loops=self.range.loops))

    def arrived(self, waited_s: float) -> None:
        """Go on: the picture that was asked for is there.

        Args:
            waited_s: How long that took.
        """
        if not self.is_playing or self._clock is None or self._times is None:
            return
        if self._is_starting:
            self._is_starting = False
            self._clock.start(self._entered_s(self._screen.position), self._now_s())
        elif waited_s > SLIP_S:
            self._catch_up(self._clock, self._times)
        self.keep_up()

    def keep_up(self) -> None:
        """Ask for the picture that is due, or wait until the next one is."""
        clock, times, screen = self._clock, self._times, self._screen
        if not self.is_playing or screen.is_pending or clock is None or times is None:
            return
        now = self._now_s()
        first, last = self._frames()
        due = times.number_at(clock.due(now), backwards=clock.is_backwards)
        due = min(max(due, first), last)
        direction = -1 if clock.is_backwards else 1
        ahead = (due - screen.position) * direction
        if ahead < 0 and clock.loops:
            self._is_starting = True  # round again: from its first picture on, not past it
            screen.show_due(last if clock.is_backwards else first, jump=True)
        elif self._leap is not None and (self._leap - due) * direction > 0:
            self._wait(clock, self._entered_s(self._leap), now)
        elif ahead > 0 and (left_s := self._apart_s(clock, now)) > 0:
            self._due.start(math.ceil(left_s * 1000))
        elif ahead > 0:
            self._leap, self._asked_s = None, now
            screen.show_due(due)
        elif clock.is_over(now):
            self.pause()
        else:
            self._wait(clock, times.entered_s(screen.position, backwards=direction > 0), now)

    # -- inside -------------------------------------------------------------------------------

    def _start(self, times: ClipTimes, rate: float) -> bool:
        """Make a clock that starts at the position; return whether there is anything to play."""
        backwards = rate < 0
        first, last = self._frames()
        from_, to = (last, first) if backwards else (first, last)
        position = self._screen.position
        if position == to or not first <= position <= last:
            if backwards and not self.range.loops:
                return False
            self._screen.show_due(from_, jump=True)
        at_s = times.entered_s(self._screen.position, backwards=backwards)
        self._clock = PlayClock(
            self._span(times), at_s, self._now_s(), rate=rate, loops=self.range.loops
        )
        self._is_starting = self._screen.is_pending
        return True

    def _frames(self) -> tuple[int, int]:
        """Return the first and the last frame that are played."""
        whole = (0, self._screen.last)
        return self.range.frames(self._screen.last) if self.range.loops else whole

    def _span(self, times: ClipTimes) -> Span:
        return times.span(*self._frames())

    def _entered_s(self, number: int) -> float:
        assert self._times is not None
        assert self._clock is not None
        return self._times.entered_s(number, backwards=self._clock.is_backwards)

    def _set_range(self, wanted: PlayRange) -> None:
        if wanted == self.range:
            return
        self.range = wanted
        if self.is_playing and self._clock is not None and self._times is not None:
            self._clock.set_span(self._span(self._times), self._now_s(), loops=wanted.loops)
            self._leap = None
        self.ranged.emit()
        self.keep_up()

    def _apart_s(self, clock: PlayClock, now_s: float) -> float:
        """Return how long not to ask for another picture."""
        return self._asked_s + APART_S - now_s if abs(clock.rate) > 1 else 0.0

    def _wait(self, clock: PlayClock, until_s: float, now_s: float) -> None:
        self._due.start(math.ceil(clock.until_s(until_s, now_s) * 1000))

    def _catch_up(self, clock: PlayClock, times: ClipTimes) -> None:
        """Leave out what the decoder is too slow for, up to a keyframe, or slow down."""
        now = self._now_s()
        key = self._key_ahead(times.number_at(clock.due(now), backwards=clock.is_backwards))
        if key is not None and clock.until_s(self._entered_s(key), now) <= LEAP_S:
            self._leap = key
            return
        clock.start(self._entered_s(self._screen.position), now)
        if not self.is_slow:
            self.is_slow = True
            self.changed.emit()

    def _key_ahead(self, number: int) -> int | None:
        """Return the next keyframe that is played from a frame on, in the clock's direction."""
        assert self._screen.clip is not None
        assert self._clock is not None
        first, last = self._frames()
        keys = np.flatnonzero(self._screen.clip.index.keyframe)
        if self._clock.is_backwards:
            at = int(np.searchsorted(keys, number, side="right")) - 1
        else:
            at = int(np.searchsorted(keys, number, side="left"))
        found = int(keys[at]) if 0 <= at < len(keys) else None
        return found if found is not None and first <= found <= last else None
