"""The video room's speed beside OpenCV's, on clips made on the spot whose pictures are numbered.

1080p at 60 pictures per second, with a keyframe every 250 pictures and every 60. Both sides run
in one process, alternately. OpenCV delivers BGR, ours RGB; neither is converted further. Random
seeks and keyframes are measured without a cache, steps with the usual one; steps backwards come
at 15 per second with prefetch in the pauses, as in the window, and their time counts from the
instant they are due. Run: ``codefx bench video``.
"""

from __future__ import annotations

import random
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import cv2

from codefx_desktop.bench.numbered import read_number, write_numbered
from codefx_desktop.bench.playing import PlayFigures, measure_playing, playing_lines
from codefx_desktop.bench.proxy import ProxyFigures, measure_proxy, proxy_lines
from codefx_desktop.bench.server import ServerFigures, measure_server, server_lines
from codefx_desktop.bench.spread import Spread, timed
from codefx_desktop.video.access import FrameAccess
from codefx_desktop.video.probe import probe
from codefx_desktop.video.reader import FrameReader

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from codefx_desktop.video.probe import ProbedClip

SIZE: Final = (1920, 1080)
RATE: Final = 60
DISTANCES: Final = (250, 60)
STEPS_PER_S: Final = 15
SEED: Final = 3


@dataclass(frozen=True, slots=True)
class ClipFigures:
    """What was measured on one clip; times in milliseconds, ``wrong`` in frames."""

    keyframe_distance: int
    frames: int
    width: int
    height: int
    ours_fps: Spread
    opencv_fps: Spread
    ratio: Spread
    forward_step_ms: Spread
    backward_step_ms: Spread
    seek_ms: Spread
    opencv_seek_ms: Spread
    seeks: int
    seeks_wrong: int
    opencv_seeks_wrong: int
    keyframe_ms: Spread
    cache_peak_bytes: int
    cache_limit_bytes: int


@dataclass(frozen=True, slots=True)
class VideoReport:
    """All clips, each through the frame server too; the first also played, and a proxy of it."""

    clips: tuple[ClipFigures, ...]
    server: tuple[ServerFigures, ...]
    playing: tuple[PlayFigures, ...]
    proxy: ProxyFigures

    def to_dict(self) -> dict[str, Any]:
        """Return the report as JSON values."""
        return {
            "opencv": cv2.__version__,
            "clips": [asdict(clip) for clip in self.clips],
            "server": [asdict(server) for server in self.server],
            "playing": [asdict(one) for one in self.playing],
            "proxy": asdict(self.proxy),
        }

    def lines(self) -> list[str]:
        """Return the report for a person."""
        lines = [line for clip in self.clips for line in _lines(clip)]
        served = [line for server in self.server for line in server_lines(server)]
        return [*lines, *served, *playing_lines(self.playing), *proxy_lines(self.proxy)]


def measure_video(
    *,
    frames: int = 600,
    passes: int = 3,
    seeks: int = 40,
    size: tuple[int, int] = SIZE,
    tell: Callable[[str], None] = lambda _: None,
) -> VideoReport:
    """Make the clips and measure.

    Args:
        frames: Pictures of each clip.
        passes: Sequential passes of each side.
        seeks: Random seeks, keyframes, and steps each way.
        size: Width and height in pixels.
        tell: Told what is going on.

    Raises:
        CodefxError: If a clip cannot be made or read.
    """
    figures, served = [], []
    with tempfile.TemporaryDirectory(prefix="codefx-bench-") as folder:
        for distance in DISTANCES:
            tell(f"making a clip with a keyframe every {distance} pictures")
            path = write_numbered(
                Path(folder) / f"every{distance}.mp4",
                size=size,
                frames=frames,
                rate=RATE,
                keyframe_distance=distance,
            )
            tell("measuring")
            clip = probe(path)
            figures.append(_measure(clip, distance, passes, seeks))
            served.append(measure_server(clip, distance, RATE, seeks=seeks))
        first = probe(Path(folder) / f"every{DISTANCES[0]}.mp4")
        tell("playing it")
        played = measure_playing(first)
        tell("making a proxy and measuring")
        proxy = measure_proxy(first, Path(folder) / "proxy.mp4", seeks=seeks)
    return VideoReport(tuple(figures), tuple(served), played, proxy)


def _measure(clip: ProbedClip, distance: int, passes: int, seeks: int) -> ClipFigures:
    ours, opencv = _sequential(clip, passes)
    numbers = random.Random(SEED).choices(range(len(clip.index)), k=seeks)  # noqa: S311 - places
    seek, seeks_wrong, opencv_seek, opencv_wrong = _seeks(clip, numbers)
    with FrameAccess(clip, cache_bytes=0) as access:
        keyframes = [timed(access.keyframe_near, number)[0] for number in numbers]
    with FrameAccess(clip) as access:
        middle = max(0, len(clip.index) // 2 - seeks)
        access.exact(middle)
        forward = [timed(access.exact, middle + step + 1)[0] for step in range(seeks)]
        backward = _backward(access, len(clip.index) - 1, min(3 * seeks, len(clip.index) - 1))
        use = access.cache_use
    return ClipFigures(
        keyframe_distance=distance,
        frames=len(clip.index),
        width=clip.info.width,
        height=clip.info.height,
        ours_fps=Spread.of(ours),
        opencv_fps=Spread.of(opencv),
        ratio=Spread.of([a / b for a, b in zip(ours, opencv, strict=True)]),
        forward_step_ms=Spread.of(forward),
        backward_step_ms=Spread.of(backward),
        seek_ms=Spread.of(seek),
        opencv_seek_ms=Spread.of(opencv_seek),
        seeks=seeks,
        seeks_wrong=seeks_wrong,
        opencv_seeks_wrong=opencv_wrong,
        keyframe_ms=Spread.of(keyframes),
        cache_peak_bytes=use.peak_bytes,
        cache_limit_bytes=use.limit_bytes,
    )


def _sequential(clip: ProbedClip, passes: int) -> tuple[list[float], list[float]]:
    """Return pictures per second of whole passes, opening included, ours and OpenCV's in turn."""

    def ours() -> int:
        with FrameReader(clip) as reader:
            return sum(1 for _ in reader)

    def opencv() -> int:
        capture = cv2.VideoCapture(str(clip.info.path))
        count = 0
        while capture.read()[0]:
            count += 1
        capture.release()
        return count

    rates: tuple[list[float], list[float]] = ([], [])
    for _ in range(passes):
        for side, run in zip(rates, (ours, opencv), strict=True):
            spent_ms, count = timed(run)
            side.append(count / spent_ms * 1000)
    return rates


def _seeks(clip: ProbedClip, numbers: Sequence[int]) -> tuple[list[float], int, list[float], int]:
    """Return milliseconds and wrong pictures, ours and OpenCV's in turn."""
    ours: list[float] = []
    theirs: list[float] = []
    wrong = their_wrong = 0
    capture = cv2.VideoCapture(str(clip.info.path))
    with FrameAccess(clip, cache_bytes=0) as access:
        for number in numbers:
            spent_ms, frame = timed(access.exact, number)
            ours.append(spent_ms)
            wrong += read_number(frame.pixels) != number
            spent_ms, (found, pixels) = timed(_opencv_seek, capture, number)
            theirs.append(spent_ms)
            their_wrong += not found or read_number(pixels) != number
    capture.release()
    return ours, wrong, theirs, their_wrong


def _opencv_seek(capture: Any, number: int) -> Any:  # noqa: ANN401 - a library without types
    capture.set(cv2.CAP_PROP_POS_FRAMES, number)
    return capture.read()


class _Until:
    """A cancel signal that comes at an instant."""

    def __init__(self, instant_s: float) -> None:
        self._instant_s = instant_s

    def is_set(self) -> bool:
        """Return whether it has come."""
        return time.perf_counter() >= self._instant_s


def _backward(access: FrameAccess, start: int, steps: int) -> list[float]:
    """Step backwards at the rate of a held key; return milliseconds from due to delivered."""
    access.exact(start)
    spent, due = [], time.perf_counter()
    for number in range(start - 1, start - 1 - steps, -1):
        due = max(due + 1 / STEPS_PER_S, time.perf_counter())
        access.prefetch(number + 1, -1, _Until(due))
        time.sleep(max(0.0, due - time.perf_counter()))
        access.exact(number)
        spent.append((time.perf_counter() - due) * 1000)
    return spent


def _lines(clip: ClipFigures) -> list[str]:
    return [
        f"{clip.width}x{clip.height}, {clip.frames} frames, "
        f"a keyframe every {clip.keyframe_distance}",
        f"  decode to RGB  ours {clip.ours_fps.median:.0f} frames/s, "
        f"OpenCV {clip.opencv_fps.median:.0f}, ratio {clip.ratio.median:.2f}",
        f"  forward step   {clip.forward_step_ms}",
        f"  backward step  {clip.backward_step_ms}, {STEPS_PER_S} per second",
        f"  exact seek     ours {clip.seek_ms}, {clip.seeks_wrong} of {clip.seeks} wrong; "
        f"OpenCV {clip.opencv_seek_ms}, {clip.opencv_seeks_wrong} wrong",
        f"  keyframe       {clip.keyframe_ms}",
        f"  cache          {clip.cache_peak_bytes / 1e6:.0f} of at most "
        f"{clip.cache_limit_bytes / 1e6:.0f} MB",
    ]
