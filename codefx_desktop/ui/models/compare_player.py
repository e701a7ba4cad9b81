"""Moves all stops that are compared as one: by steps, by hand, and played at any rate."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from codefx_desktop.ui.models.compare_clock import (
    HAIR_S,
    CompareClock,
    frames_at,
    shuttled,
    slowed,
    span_of,
    stepped,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from codefx_desktop.ui.models.compare_clock import Track
    from codefx_desktop.ui.models.compare_pane import ComparePane

SLIP_S: Final = 0.2
"""Pictures that come so late set the clock back: chasing true speed with decoders that are slower
would leave out more with every picture."""


class ComparePlayer(QObject):
    """The one transport of all panes.

    ``time_s`` is the instant a person wants, in true seconds since the event the stops are aligned
    on. Pictures are held back until every pane has its own for that instant, then all change at
    once: what stands side by side always belongs together. A pane whose clip cannot be read is
    not waited for.

    Args:
        panes: Returns the panes.
        now_s: The wall clock.
    """

    moved = Signal()
    """Another instant is wanted."""
    pictured = Signal()
    """The panes have other pictures."""
    played = Signal()
    """It plays, no longer, at another rate, or cannot keep up."""
    ranged = Signal()
    """Another range is marked."""

    def __init__(
        self,
        panes: Callable[[], Sequence[ComparePane]],
        parent: QObject | None = None,
        *,
        now_s: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(parent)
        self._panes, self._now_s = panes, now_s
        self._clock: CompareClock | None = None
        self._pending = False
        self._asked_s = 0.0
        self._due = QTimer(self)
        self._due.setSingleShot(True)
        self._due.setTimerType(Qt.TimerType.PreciseTimer)
        self._due.timeout.connect(self._keep_up)
        self.time_s = 0.0
        self.rate = 0.0
        self.dragging = self.is_slow = False
        self.begin_s: float | None = None
        self.end_s: float | None = None

    # -- what there is ------------------------------------------------------------------------

    @property
    def playing(self) -> bool:
        """Whether it plays, in either direction."""
        return self.rate != 0.0

    @property
    def loops(self) -> bool:
        """Whether a range is marked, which is played over and over."""
        return self.begin_s is not None and self.end_s is not None

    @property
    def is_waiting(self) -> bool:
        """Whether pictures are on their way."""
        return self._pending

    def tracks(self) -> dict[int, Track]:
        """Return the clips that can be moved, by the numbers of their panes."""
        found = {n: pane.track for n, pane in enumerate(self._panes()) if not pane.is_lost}
        return {n: track for n, track in found.items() if track is not None}

    def span(self) -> tuple[float, float]:
        """Return from when to when any of the stops lasts."""
        parts = []
        for pane in self._panes():
            track, shown = pane.track, pane.stop
            if track is not None and shown is not None:
                parts.append((track, shown.stop.begins_s, shown.stop.ends_s))
        return span_of(parts)

    # -- moving -------------------------------------------------------------------------------

    def go(self, time_s: float) -> None:
        """Show an instant; a range or the span does not hold it back."""
        self.pause()
        self.dragging = False
        self._go(time_s)

    def again(self) -> None:
        """Show the same instant of clips that lie otherwise now; playing goes on."""
        self._go(self.time_s)

    def step(self, frames: int) -> None:
        """Go on by frames of whichever clip is finest, backwards if negative."""
        self.pause()
        self._go(stepped(self.tracks(), self.time_s, frames))

    def home(self) -> None:
        """Go to where the first stop begins."""
        self.go(self.span()[0])

    def end(self) -> None:
        """Go to where the last stop ends."""
        self.go(self.span()[1])

    def drag_to(self, time_s: float) -> None:
        """Follow a hand that drags: keyframes near the instant, at once."""
        self.pause()
        self.dragging = True
        self._go(time_s, near=True)

    # -- playing ------------------------------------------------------------------------------

    def toggle(self) -> None:
        """Play at true speed, or pause."""
        if self.playing:
            self.pause()
        else:
            self.play(1.0)

    def shuttle(self, way: int) -> None:
        """Play that way; pressed again twice as fast."""
        self.play(shuttled(self.rate, way))

    def slow(self) -> None:
        """Play half as fast."""
        self.play(slowed(self.rate))

    def play(self, rate: float) -> None:
        """Play at a rate, below 0 backwards; from the other end where it stands at the end."""
        if not self.tracks():
            return
        first, last = self._bounds()
        at_end = self.time_s >= last - HAIR_S if rate > 0 else self.time_s <= first + HAIR_S
        self.dragging = self.is_slow = False
        self.rate = rate
        begin = (first if rate > 0 else last) if at_end and not self._pending else self.time_s
        self._clock = CompareClock(begin, rate, self._now_s())
        self.played.emit()
        self._keep_up()

    def pause(self) -> None:
        """Stop where it is."""
        if self.playing:
            self.rate, self.is_slow = 0.0, False
            self._due.stop()
            self.played.emit()

    # -- the range ----------------------------------------------------------------------------

    def mark_begin(self) -> None:
        """Let the range begin here."""
        self.begin_s = self.time_s
        if self.end_s is not None and self.end_s <= self.begin_s + HAIR_S:
            self.end_s = None
        self.ranged.emit()

    def mark_end(self) -> None:
        """Let the range end here."""
        self.end_s = self.time_s
        if self.begin_s is not None and self.begin_s >= self.end_s - HAIR_S:
            self.begin_s = None
        self.ranged.emit()

    def unmark(self) -> None:
        """Have no range."""
        self.begin_s = self.end_s = None
        self.ranged.emit()

    def shift(self, by_s: float) -> None:
        """Count the common time from another event, that lies so much later."""
        self.begin_s = None if self.begin_s is None else self.begin_s - by_s
        self.end_s = None if self.end_s is None else self.end_s - by_s
        self.time_s -= by_s
        if self._clock is not None:
            self._clock.set(self.time_s, self._now_s())
        self.ranged.emit()

    # -- inside -------------------------------------------------------------------------------

    def _bounds(self) -> tuple[float, float]:
        if self.begin_s is not None and self.end_s is not None:
            return self.begin_s, self.end_s
        return self.span()

    def _go(self, time_s: float, *, near: bool = False) -> None:
        """Ask every pane for its frame of an instant."""
        numbers, at_s = frames_at(self.tracks(), time_s)
        if abs(at_s - self.time_s) > HAIR_S:
            self.time_s = at_s
            self.moved.emit()
        self._pending, self._asked_s = True, self._now_s()
        for number, pane in enumerate(self._panes()):
            track = pane.track
            if number in numbers:
                pane.ask(numbers[number], near=near)
            elif track is not None and not (self.playing or near):
                pane.ask(track.nearest(at_s))  # its drive may be back
        self.collect()

    def collect(self) -> None:
        """Let all pictures be seen if every pane has its own."""
        panes = self._panes()
        if not self._pending or not all(pane.is_settled for pane in panes):
            return
        self._pending = False
        self._present(panes)
        if self.playing:
            self._judge_speed()
            # On the next turn: panes that have their pictures at hand must not recurse.
            self._due.start(0)

    def pass_by(self) -> None:
        """Let pictures near the wanted ones be seen while a hand drags."""
        if self.dragging:
            self._present(self._panes())

    def _present(self, panes: Sequence[ComparePane]) -> None:
        for pane in panes:
            if pane.zero is not None:
                pane.present()
        self.pictured.emit()

    def _judge_speed(self) -> None:
        now = self._now_s()
        if self._clock is not None and now - self._asked_s > SLIP_S:
            self._clock.set(self.time_s, now)
            if not self.is_slow:
                self.is_slow = True
                self.played.emit()

    def _keep_up(self) -> None:
        """Ask for the pictures that are due, or wait until the next ones are."""
        if not self.playing or self._pending or self._clock is None:
            return
        now = self._now_s()
        due_s = self._within(self._clock.time_s(now), now)
        tracks = self.tracks()
        numbers, at_s = frames_at(tracks, due_s)
        if not numbers:
            self.pause()
        elif abs(at_s - self.time_s) > HAIR_S:
            self._go(due_s)
        elif self.playing:
            self._due.start(self._rest_ms(tracks, now))

    def _within(self, due_s: float, now: float) -> float:
        """Return the instant due: past the end it is the end, or the beginning of the range."""
        first, last = self._bounds()
        if first <= due_s <= last or self._clock is None:
            return due_s
        is_over = due_s > last if self.rate > 0 else due_s < first
        if not is_over:
            return due_s
        if self.loops:
            begin = first if self.rate > 0 else last
            self._clock.set(begin, now)
            return begin
        end = last if self.rate > 0 else first
        if abs(frames_at(self.tracks(), end)[1] - self.time_s) <= HAIR_S:
            self.pause()
        return end

    def _rest_ms(self, tracks: dict[int, Track], now: float) -> int:
        """Return how long the pictures on screen are still the nearest."""
        assert self._clock is not None
        following = stepped(tracks, self.time_s, 1 if self.rate > 0 else -1)
        first, last = self._bounds()
        turn_s = (self.time_s + following) / 2
        if following == self.time_s:
            turn_s = last if self.rate > 0 else first
        turn_s = min(turn_s, last) if self.rate > 0 else max(turn_s, first)
        return max(1, math.ceil(self._clock.until_s(turn_s, now) * 1000))
