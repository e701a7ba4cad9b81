"""Turns frame counts of overlapping stages into the progress a person sees."""

from __future__ import annotations

import threading
import time
from collections import deque
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from codefx_desktop.domain.job import Stage
from codefx_desktop.domain.run import Emit, StageProgress

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

EMIT_EVERY_S = 0.05
SPEED_WINDOW_S = 5.0
_SECOND_PASS = 0.4
"""What drawing the video afterwards takes, relative to looking at its frames on a CPU. Source:
``codefx bench stages``: decode, render and encode against all looks."""


@contextmanager
def busy() -> Iterator[Callable[[], float]]:
    """Measure a block; the yielded function returns its seconds."""
    start = time.perf_counter()
    end: list[float] = []
    yield lambda: (end[0] if end else time.perf_counter()) - start
    end.append(time.perf_counter())


class ProgressMeter:
    """Progress of one run; every stage reports to it from its own thread.

    Args:
        job_id: The job.
        stages: Stages with weights, in order.
        emit: Receives ``StageProgress``, at most 20 a second; must return at once.
        clock: Seconds, monotonic; handed in by tests.
    """

    def __init__(
        self,
        job_id: str,
        stages: Sequence[tuple[Stage, int]],
        emit: Emit,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._job_id = job_id
        self._weights = dict(stages)
        self._progress = {stage: 0.0 for stage, _ in stages}
        self._busy_s = {stage: 0.0 for stage, _ in stages}
        self._emit = emit
        self._clock = clock
        self._lock = threading.Lock()
        self._frames_total = 0
        self._frames_done = 0
        self._recent: deque[tuple[float, int]] = deque()
        self._is_drawn_later = False
        self._last_emit = float("-inf")

    @property
    def stage_seconds(self) -> dict[Stage, float]:
        """Busy seconds of each stage so far."""
        with self._lock:
            return dict(self._busy_s)

    def of(self, stage: Stage, total: int | None = None) -> StageMeter:
        """Return the progress of one stage, counted in frames.

        Args:
            stage: Which; one that the job does not have is not counted.
            total: How many it will deal with; None: all of the clip's.
        """
        return StageMeter(self, stage if stage in self._weights else None, total)

    def expect(self, frames: int) -> None:
        """Say how many frames the clip has."""
        with self._lock:
            self._frames_total = frames

    def advance(self, stage: Stage, frames_done: int, busy_s: float = 0.0) -> None:
        """Say that ``stage`` has dealt with this many frames in all."""
        with self._lock:
            self._busy_s[stage] += busy_s
            if self._frames_total:
                done = min(1.0, frames_done / self._frames_total)
                self._progress[stage] = max(self._progress[stage], done)
            if stage is Stage.RENDERING:
                self._count(frames_done)
            self._tell()

    def seen(self, frames_done: int) -> None:
        """Say that this many frames were looked at, where they are drawn in a later pass."""
        with self._lock:
            self._is_drawn_later = True
            self._count(frames_done)
            self._tell()

    def begin_drawing(self) -> None:
        """Say that frames which were looked at are drawn now, and counted once more."""
        with self._lock:
            self._is_drawn_later = False
            self._recent.clear()
            self._count(0)

    def _count(self, frames_done: int) -> None:
        self._frames_done = frames_done
        self._recent.append((self._clock(), frames_done))

    def fraction(self, stage: Stage, fraction: float, busy_s: float = 0.0) -> None:
        """Say how much of ``stage`` is done, 0 to 1."""
        with self._lock:
            self._busy_s[stage] += busy_s
            self._progress[stage] = max(self._progress[stage], min(1.0, fraction))
            self._tell()

    def complete(self, stage: Stage) -> None:
        """Say that ``stage`` is done; always told at once."""
        with self._lock:
            self._progress[stage] = 1.0
            self._last_emit = float("-inf")
            self._tell()

    def _tell(self) -> None:
        """Emit inside the lock: two stages must not overtake each other, or progress would fall."""
        now = self._clock()
        if now - self._last_emit < EMIT_EVERY_S:
            return
        self._last_emit = now
        speed = self._speed(now)
        weight = sum(self._weights.values())
        overall = sum(self._weights[s] * done for s, done in self._progress.items()) / weight
        unfinished = (stage for stage, done in self._progress.items() if done < 1.0)
        self._emit(
            StageProgress(
                job_id=self._job_id,
                stages=dict(self._progress),
                overall=overall,
                stage=next(unfinished, Stage.COMPLETE),
                frames_done=self._frames_done,
                frames_total=self._frames_total,
                frames_per_s=speed,
                eta_s=self._eta_s(speed),
            )
        )

    def _eta_s(self, speed: float) -> float | None:
        """Return the time that the frames left will take; what comes after them is not known."""
        if all(done == 1.0 for done in self._progress.values()):
            return 0.0
        left = self._frames_total - self._frames_done
        if self._is_drawn_later:
            todo = left + _SECOND_PASS * self._frames_total
            return None if left <= 0 or speed <= 0 else todo / speed
        rendered = self._progress.get(Stage.RENDERING) == 1.0
        return None if rendered or left <= 0 or speed <= 0 else left / speed

    def _speed(self, now: float) -> float:
        while len(self._recent) > 2 and self._recent[0][0] < now - SPEED_WINDOW_S:
            self._recent.popleft()
        if len(self._recent) < 2:
            return 0.0
        (t0, n0), (t1, n1) = self._recent[0], self._recent[-1]
        return (n1 - n0) / (t1 - t0) if t1 > t0 else 0.0


@dataclass(frozen=True, slots=True)
class SeenMeter:
    """Counts frames whose video is drawn in a later pass: no stage of its own."""

    meter: ProgressMeter

    def advance(self, done: int, busy_s: float = 0.0) -> None:
        """Say how many frames were dealt with in all; how long they took is nobody's."""
        del busy_s
        self.meter.seen(done)


@dataclass(frozen=True, slots=True)
class StageMeter:
    """The progress of one stage, as its worker tells it; see ``ProgressMeter.of``."""

    meter: ProgressMeter
    stage: Stage | None
    total: int | None = None

    def advance(self, done: int, busy_s: float = 0.0) -> None:
        """Say how many frames were dealt with in all, and how long the newest ones took."""
        if self.stage is None:
            return
        if self.total is None:
            self.meter.advance(self.stage, done, busy_s)
        else:
            self.meter.fraction(self.stage, done / max(1, self.total), busy_s)

    def fraction(self, done: float, busy_s: float = 0.0) -> None:
        """Say how much of the stage is done, 0 to 1, and how long the newest part took."""
        if self.stage is not None:
            self.meter.fraction(self.stage, done, busy_s)

    def complete(self) -> None:
        """Say that the stage is done."""
        if self.stage is not None:
            self.meter.complete(self.stage)
