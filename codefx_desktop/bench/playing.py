"""Playing as the window does it, at several rates: pictures per second, gaps, how late they are.

A clip view without a window plays a numbered clip through the frame server, threads and event loop
included. A picture is late by how much later it arrives than the clock says it comes on screen.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication, QEventLoop, QTimer

from codefx_desktop.bench.numbered import read_number
from codefx_desktop.bench.spread import Spread
from codefx_desktop.domain.errors import ClipUnreadable
from codefx_desktop.jobs.footage_files import FootageFiles
from codefx_desktop.jobs.frame_server import FrameServer
from codefx_desktop.settings.paths import app_paths
from codefx_desktop.ui.models.clip_view import ClipView
from codefx_desktop.ui.models.speeds import speed_words

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from codefx_desktop.video.probe import ProbedClip

WAIT_MS: Final = 30_000
SHORTEST_S: Final = 0.4
"""A clip that is over sooner says nothing about a rate."""
RATES: Final = (1.0, -1.0, 2.0, -2.0, 8.0, -8.0)


@dataclass(frozen=True, slots=True)
class PlayFigures:
    """What was measured at one rate.

    Attributes:
        rate: Seconds of footage per second, below 0 backwards.
        shown: Pictures that appeared.
        shown_per_s: Per second of the wall clock.
        gap_ms: From one picture to the next.
        longest_gap_ms: The longest of these.
        late_ms: How much later than due each arrived.
        footage_per_s: Seconds of footage that passed per second; the rate, where it kept up.
        wrong: Pictures that showed another number than they said.
    """

    rate: float
    shown: int
    shown_per_s: float
    gap_ms: Spread
    longest_gap_ms: float
    late_ms: Spread
    footage_per_s: float
    wrong: int


def measure_playing(
    clip: ProbedClip, *, rates: Sequence[float] = RATES, longest_s: float = 4.0
) -> tuple[PlayFigures, ...]:
    """Play a numbered clip at each rate, forwards from its start, backwards from its end.

    Rates at which it would be over at once are left out.

    Raises:
        ClipUnreadable: If it does not open, or nothing is shown.
    """
    app = QCoreApplication.instance() or QCoreApplication([])
    player = _Player(clip)
    try:
        long_enough = (r for r in rates if clip.info.duration_s / abs(r) >= SHORTEST_S)
        return tuple(player.play(rate, longest_s) for rate in long_enough)
    finally:
        player.close()
        app.processEvents()


class _Player:
    def __init__(self, clip: ProbedClip) -> None:
        files = FootageFiles(app_paths(), lambda *_: clip)
        self._view = ClipView(FrameServer(lambda _: files))
        self._view.pictured.connect(self._on_picture)
        self._came: list[tuple[float, int, float | None]] = []
        self._wrong = 0
        self._view.open(clip.info.path)
        self._wait(lambda: self._view.shown is not None)

    def close(self) -> None:
        self._view.shutdown()

    def play(self, rate: float, longest_s: float) -> PlayFigures:
        view = self._view
        (view.end if rate < 0 else view.home)()
        self._wait(self._is_there)
        self._came, self._wrong = [], 0
        began = time.perf_counter()
        view.player.play(rate)
        self._wait(lambda: not view.playing or time.perf_counter() - began > longest_s)
        view.pause()
        self._wait(self._is_there)
        return self._figures(rate)

    def _is_there(self) -> bool:
        shown = self._view.shown
        return shown is not None and shown.frame.number == self._view.position

    def _figures(self, rate: float) -> PlayFigures:
        playing = [one for one in self._came if one[2] is not None]
        if len(playing) < 3:
            raise ClipUnreadable("Too few pictures came to say how it plays.")
        times = self._view.player.times
        assert times is not None
        gaps = [(after[0] - before[0]) * 1000 for before, after in pairwise(playing)]
        late = [
            (at_s - times.entered_s(number, backwards=rate < 0)) / rate * 1000
            for _, number, at_s in playing
            if at_s is not None
        ]
        spent_s = playing[-1][0] - playing[0][0]
        footage_s = times.begins_s(playing[-1][1]) - times.begins_s(playing[0][1])
        return PlayFigures(
            rate=rate,
            shown=len(playing),
            shown_per_s=round((len(playing) - 1) / spent_s, 1),
            gap_ms=Spread.of(gaps),
            longest_gap_ms=round(max(gaps), 1),
            late_ms=Spread.of(late),
            footage_per_s=round(footage_s / spent_s, 3),
            wrong=self._wrong,
        )

    def _on_picture(self) -> None:
        shown = self._view.shown
        if shown is not None:
            self._came.append((time.perf_counter(), shown.frame.number, self._view.player.time_s))
            self._wrong += read_number(shown.frame.pixels) != shown.frame.number

    def _wait(self, is_it: Callable[[], bool]) -> None:
        loop, watch = QEventLoop(), QTimer()
        watch.timeout.connect(lambda: loop.quit() if is_it() else None)
        limit = QTimer(singleShot=True, interval=WAIT_MS)
        limit.timeout.connect(loop.quit)
        watch.start(10)
        limit.start()
        loop.exec()
        if not is_it():
            raise ClipUnreadable("A picture did not come in time.")


def playing_lines(figures: Sequence[PlayFigures]) -> list[str]:
    """Return the figures for a person."""
    return [
        f"playing at {speed_words(one.rate):>4}  {one.shown_per_s:5.1f} pictures per second, "
        f"{one.footage_per_s:+.2f} s of footage per second, gap {one.gap_ms}, "
        f"longest {one.longest_gap_ms:.0f} ms, late {one.late_ms}, "
        f"{one.wrong} wrong"
        for one in figures
    ]
