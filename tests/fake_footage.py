"""Footage and workers for the frame server without a decoder or a thread.

A picture of ``FakeFrames`` carries its number in its pixels. Decoding takes time on a clock of
its own (``FakeClock``), and ``on_step`` is called before every picture: there a test asks for
something else in the midst of a search. ``InlinePool`` runs calls at once.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Self

import numpy as np

from codefx_desktop.domain.clip import FrameIndex, VideoInfo
from codefx_desktop.domain.frame import Frame
from codefx_desktop.domain.run import Cancelled
from codefx_desktop.video.probe import ProbedClip

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QRunnable

    from codefx_desktop.domain.frame import Pixels
    from codefx_desktop.domain.run import CancelSignal

GOP = 50
SOON = 12
PATH = Path("clip.mp4")


class InlinePool:
    """Runs calls where they are started, or when told to."""

    def __init__(self, _workers: int = 1) -> None:
        self.waiting: list[QRunnable] = []
        self.holds = False

    def start(self, runnable: QRunnable, /) -> None:
        if self.holds:
            self.waiting.append(runnable)
        else:
            runnable.run()

    def release(self) -> None:
        self.holds = False
        waiting, self.waiting = self.waiting, []
        for runnable in waiting:
            runnable.run()

    def clear(self) -> None:
        self.waiting.clear()

    def waitForDone(self, _msecs: int, /) -> bool:  # noqa: N802 - Qt's name
        return True


class InlinePools:
    """The pools of a desk, which run their calls at once, or hold them all for a while."""

    def __init__(self) -> None:
        self.pools: list[InlinePool] = []

    def new_pool(self, workers: int) -> InlinePool:
        self.pools.append(InlinePool(workers))
        return self.pools[-1]

    def hold(self) -> None:
        for pool in self.pools:
            pool.holds = True

    def release(self) -> None:
        for pool in self.pools:
            pool.release()


class FakeClock:
    """Seconds that pass when something is done."""

    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


def fake_clip(path: Path = PATH, frames: int = 1000, fingerprint: str = "v1:a") -> ProbedClip:
    """Return a clip of 60 frames per second with a keyframe every ``GOP``."""
    ticks = np.arange(frames, dtype=np.int64)
    index = FrameIndex(ticks, ticks.copy(), ticks % GOP == 0, Fraction(1, 60))
    info = VideoInfo(
        path=path,
        size_bytes=1000,
        container="fake",
        codec="fake",
        pixel_format="yuv420p",
        width=2,
        height=1,
        coded_width=2,
        coded_height=1,
        frames=frames,
        duration_s=frames / 60,
        fingerprint=fingerprint,
    )
    return ProbedClip(info, index)


def number_in(frame: Frame) -> int:
    """Return the number in a frame's pixels."""
    high, low, _ = frame.pixels[0, 0]
    return int(high) * 256 + int(low)


@dataclass
class FakeFrames:
    """Any frame of a clip; what was decoded, and why, is noted.

    Attributes:
        step_s: What a decoded picture costs.
        seek_s: What going to a keyframe costs.
        key_s: What a single keyframe costs.
        errors: Raised once each when their frame is asked for.
        broken: Raised whenever their frame is asked for.
    """

    clip: ProbedClip
    clock: FakeClock
    step_s: float = 0.002
    seek_s: float = 0.0
    key_s: float = 0.01
    on_step: Callable[[int], None] = lambda _: None
    errors: dict[int, Exception] = field(default_factory=dict)
    broken: dict[int, Exception] = field(default_factory=dict)
    decoded: list[int] = field(default_factory=list)
    seeks: list[int] = field(default_factory=list)
    previews: list[int] = field(default_factory=list)
    ahead: list[tuple[int, int]] = field(default_factory=list)
    fits: list[tuple[int, tuple[int, int]]] = field(default_factory=list)
    held: set[int] = field(default_factory=set)
    prefetches: int = 0
    opened: int = 0
    closed: int = 0
    at: int | None = None

    def __enter__(self) -> Self:
        self.opened += 1
        return self

    def __exit__(self, *_: object) -> None:
        self.closed += 1
        self.held.clear()
        self.at = None

    def is_held(self, number: int) -> bool:
        return number in self.held

    def is_near(self, number: int) -> bool:
        few = self.at is not None and self.at <= number <= self.at + SOON
        return few or number in self.held

    def is_on_the_way(self, number: int) -> bool:
        key = number - number % GOP
        return self.at is not None and self.at <= number and key <= self.at + SOON

    def passing(self) -> Frame | None:
        return None if self.at is None or self.at - 1 not in self.held else self._frame(self.at - 1)

    def exact(self, number: int, *, cancel: CancelSignal | None = None) -> Frame:
        self._raise_for(number)
        if number not in self.held:
            if not self.is_on_the_way(number):
                self.at = number - number % GOP
                self.seeks.append(self.at)
                self.clock.now_s += self.seek_s
            while self.at is not None and self.at <= number:
                self._decode(self.at)
                if self.at <= number and cancel is not None and cancel.is_set():
                    raise Cancelled
        return self._frame(number)

    def keyframe_near(self, number: int, *, cancel: CancelSignal | None = None) -> Frame:
        key = number - number % GOP
        self.on_step(key)
        self._raise_for(key)
        self.clock.now_s += self.key_s
        self.previews.append(key)
        if cancel is not None and cancel.is_set():
            raise Cancelled
        return self._frame(key)

    def fitted(self, number: int, size: tuple[int, int]) -> Pixels | None:
        self.fits.append((number, size))
        return None if number not in self.held else np.full((size[1], size[0], 4), 7, np.uint8)

    def prefetch(self, number: int, direction: int, cancel: CancelSignal | None = None) -> int:
        self.ahead.append((number, direction))
        for ready in range(self.prefetches):
            if cancel is not None and cancel.is_set():
                return ready
            self.on_step(number + direction * (ready + 1))
            self.held.add(number + direction * (ready + 1))
        return self.prefetches

    def _decode(self, number: int) -> None:
        self.on_step(number)
        self.clock.now_s += self.step_s
        self.decoded.append(number)
        self.held.add(number)
        self.at = number + 1

    def _raise_for(self, number: int) -> None:
        error = self.errors.pop(number, None) or self.broken.get(number)
        if error is not None:
            raise error

    def _frame(self, number: int) -> Frame:
        pixels = np.array([[[number // 256, number % 256, 0]] * 2], np.uint8)
        return Frame(number, self.clip.index.time(number), pixels)


@dataclass
class FakeFootage:
    """Clips out of nothing.

    Attributes:
        opening: Called while a clip is opened, with its path and the cancel signal.
        open_error: Raised when a clip is opened.
        frames_error: Raised when its frames are.
        proxy: What is found or made.
        making: Called while a proxy is made, with progress and cancel.
    """

    clock: FakeClock = field(default_factory=FakeClock)
    opening: Callable[[Path, CancelSignal], None] = lambda _path, _cancel: None
    open_error: Exception | None = None
    frames_error: Exception | None = None
    kept: str = "v1:a"
    count: int = 1000
    proxy: ProbedClip | None = None
    making: Callable[[Callable[[float], None], CancelSignal], None] = lambda _tell, _cancel: None
    still_error: Exception | None = None
    calls: list[tuple[object, ...]] = field(default_factory=list)
    made: list[FakeFrames] = field(default_factory=list)

    @property
    def clip_frames(self) -> FakeFrames:
        """The frames of the clip that was opened last."""
        return [frames for frames in self.made if frames.clip is not self.proxy][-1]

    @property
    def proxy_frames(self) -> FakeFrames:
        """The frames of the proxy that was opened last."""
        return [frames for frames in self.made if frames.clip is self.proxy][-1]

    def open_clip(
        self,
        path: Path,
        job_id: str | None,
        progress: Callable[[float], None],
        cancel: CancelSignal,
    ) -> ProbedClip:
        self.calls.append(("open", path, job_id))
        progress(0.25)
        self.opening(path, cancel)
        if self.open_error is not None:
            raise self.open_error
        return fake_clip(path, self.count, self.kept)

    def fingerprint(self, path: Path) -> str:
        self.calls.append(("fingerprint", path))
        if self.frames_error is not None:
            raise self.frames_error
        return self.kept

    def frames(self, clip: ProbedClip) -> FakeFrames:
        if self.frames_error is not None:
            raise self.frames_error
        frames = FakeFrames(clip, self.clock)
        self.made.append(frames)
        return frames

    def find_proxy(self, clip: ProbedClip) -> ProbedClip | None:
        return self.proxy

    def make_proxy(
        self, clip: ProbedClip, progress: Callable[[float], None], cancel: CancelSignal
    ) -> ProbedClip:
        self.calls.append(("make", clip.info.path))
        self.making(progress, cancel)
        if cancel.is_set():
            raise Cancelled
        self.proxy = fake_clip(Path("proxy.mp4"), self.count)
        return self.proxy

    def drop_proxy(self, clip: ProbedClip) -> None:
        self.calls.append(("drop", clip.info.path, [frames.closed for frames in self.made]))

    def save_still(self, clip: ProbedClip, number: int, target: Path) -> None:
        self.calls.append(("still", number, target))
        if self.still_error is not None:
            raise self.still_error
