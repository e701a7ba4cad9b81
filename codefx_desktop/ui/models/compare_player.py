"""Moves all stops that are compared as one: by steps, by hand, and played at any rate."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from codefx_desktop.ui.models.compare_clock import (
    HAIR_S,
    frames_at,
    span_of,
    stepped,
)
from codefx_desktop.ui.models.play_clock import PlayClock, Span
from codefx_desktop.ui.models.speeds import shuttled

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
        self._clock: PlayClock | None = None
        self._pending = False
        self._asked_s = 0.0
        self._due = QTimer(self)
        self._due.setSingleShot(True)
        self._due.setTimerType(Qt.TimerType.PreciseTimer)
        self._due.timeout.connect(self._keep_up)
        self._aim_s = self.time_s = 0.0
        self.rate = 0.0
        self.dragging = self.is_slow = False
        self.begin_s: float | None = None
        self.end_s: float | None = None
        self.repeats = False
        """Whether the range is played over and over; the whole span where none is marked."""

    # -- what there is ------------------------------------------------------------------------

    @property
    def playing(self) -> bool:
        """Whether it plays, in either direction."""
        return self.rate != 0.0

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
        time_s = self._aim_s
        if self.playing and self._clock is not None:
            now = self._now_s()
            self._clock.set_span(self._span(), now, loops=self.repeats)
            time_s = self._clock.due(now)
        self._go(time_s)

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

    def shuttle(self, way: int, *, is_slower: bool = False) -> None:
        """Play that way, 1 or -1; when it does so already, at twice or half the rate."""
        rate = self.rate if self.playing else None
        self.play(shuttled(rate, way, 1.0, is_slower=is_slower))

    def play(self, rate: float) -> None:
        """Play at a rate, below 0 backwards; from the other end where it stands at the end."""
        if not self.tracks():
            return
        span = self._span()
        is_over = self.time_s >= span.end_s - HAIR_S
        if rate < 0:
            is_over = self.time_s <= span.begin_s + HAIR_S
        begin_s = self.time_s
        if is_over and not self.playing:
            begin_s = span.end_s if rate < 0 else span.begin_s
        self.dragging = self.is_slow = False
        self.rate = rate
        self._clock = PlayClock(span, begin_s, self._now_s(), rate=rate, loops=self.repeats)
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
        self._on_range()

    def mark_end(self) -> None:
        """Let the range end here."""
        self.end_s = self.time_s
        if self.begin_s is not None and self.begin_s >= self.end_s - HAIR_S:
            self.begin_s = None
        self._on_range()

    def unmark(self, *, begin: bool = True, end: bool = True) -> None:
        """Let the range be open at its begin, its end, or both."""
        self.begin_s = None if begin else self.begin_s
        self.end_s = None if end else self.end_s
        self._on_range()

    def set_repeats(self, repeats: bool) -> None:
        """Play the range over and over, or no longer."""
        self.repeats = repeats
        self._on_range()

    def shift(self, by_s: float) -> None:
        """Count the common time from another event, that lies so much later."""
        self.begin_s = None if self.begin_s is None else self.begin_s - by_s
        self.end_s = None if self.end_s is None else self.end_s - by_s
        self.time_s -= by_s
        self._aim_s -= by_s
        self.ranged.emit()

    # -- inside -------------------------------------------------------------------------------

    def _span(self) -> Span:
        """Return what is played."""
        first, last = self.span()
        if self.repeats:
            first = first if self.begin_s is None else self.begin_s
            last = last if self.end_s is None else self.end_s
        return Span(first, max(first, last))

    def _on_range(self) -> None:
        if self.playing and self._clock is not None:
            self._clock.set_span(self._span(), self._now_s(), loops=self.repeats)
        self.ranged.emit()

    def _go(self, time_s: float, *, near: bool = False) -> None:
        """Ask every pane for its frame of an instant."""
        self._aim_s = time_s
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
            self._clock.start(self.time_s, now)
            if not self.is_slow:
                self.is_slow = True
                self.played.emit()

    def _keep_up(self) -> None:
        """Ask for the pictures that are due, or wait until the next ones are."""
        clock, tracks = self._clock, self.tracks()
        if not self.playing or self._pending or clock is None:
            return
        now = self._now_s()
        due_s = clock.due(now)
        numbers, at_s = frames_at(tracks, due_s)
        if not numbers:
            self.pause()
        elif abs(at_s - self.time_s) > HAIR_S:
            self._go(due_s)
        elif clock.is_over(now):
            self.pause()
        else:
            self._due.start(max(1, math.ceil(self._rest_s(clock, tracks, now) * 1000)))

    def _rest_s(self, clock: PlayClock, tracks: dict[int, Track], now: float) -> float:
        """Return for how long the pictures on screen are still the nearest."""
        following = stepped(tracks, self.time_s, -1 if clock.is_backwards else 1)
        turn_s = clock.span.clamped((self.time_s + following) / 2)
        if following == self.time_s:
            turn_s = clock.span.begin_s if clock.is_backwards else clock.span.end_s
        return clock.until_s(turn_s, now)
