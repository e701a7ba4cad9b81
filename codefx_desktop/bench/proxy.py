"""A proxy beside its clip: what making it takes, and what it gives to a hand that seeks and drags.

A drag goes to and fro over the whole clip, 60 places each way. On the clip it shows the keyframes
before these places, on the proxy the very frames. Random seeks are measured without a cache.
"""

from __future__ import annotations

import random
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from codefx_desktop.bench.numbered import read_number
from codefx_desktop.bench.spread import Spread, timed
from codefx_desktop.video.access import FrameAccess
from codefx_desktop.video.proxy import make_proxy, open_proxy

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from codefx_desktop.domain.frame import Frame
    from codefx_desktop.video.probe import ProbedClip

PLACES: Final = 60
SEED: Final = 4


@dataclass(frozen=True, slots=True)
class ProxyFigures:
    """What was measured; times in milliseconds if not said otherwise, ``wrong`` in frames.

    Attributes:
        make_s: Seconds that making and verifying took.
        real_time: How many seconds of footage were made per second.
        size_bytes: Size of the proxy.
        clip_bytes: Size of the clip.
        open_ms: Finding out that the proxy is there and whole.
        seek_ms: Exact random seeks on the proxy.
        clip_seek_ms: The same on the clip.
        seeks: How many of each.
        seeks_wrong: How many of them showed another frame.
        drag_ms: Exact frames of a drag on the proxy.
        clip_drag_ms: Keyframes of a drag on the clip.
        clip_drag_off_frames: How far these were from the frames that were wanted.
    """

    make_s: float
    real_time: float
    size_bytes: int
    clip_bytes: int
    open_ms: float
    seek_ms: Spread
    clip_seek_ms: Spread
    seeks: int
    seeks_wrong: int
    drag_ms: Spread
    clip_drag_ms: Spread
    clip_drag_off_frames: Spread


def measure_proxy(clip: ProbedClip, target: Path, *, seeks: int) -> ProxyFigures:
    """Make a proxy of a numbered clip at ``target`` and measure.

    Raises:
        CodefxError: If it cannot be made or read.
    """
    began = time.perf_counter()
    proxy = make_proxy(clip, target)
    make_s = time.perf_counter() - began
    open_ms, _ = timed(open_proxy, clip, target)
    numbers = random.Random(SEED).choices(range(len(clip.index)), k=seeks)  # noqa: S311 - places
    seek_ms, wrong = _seeks(proxy, numbers)
    clip_seek_ms, _ = _seeks(clip, numbers)
    with FrameAccess(proxy) as access:
        drag_ms, _ = _drag(access.exact, len(proxy.index))
    with FrameAccess(clip) as access:
        clip_drag_ms, off = _drag(access.keyframe_near, len(clip.index))
    return ProxyFigures(
        make_s=round(make_s, 3),
        real_time=round(clip.info.duration_s / make_s, 2),
        size_bytes=proxy.info.size_bytes,
        clip_bytes=clip.info.size_bytes,
        open_ms=round(open_ms, 3),
        seek_ms=Spread.of(seek_ms),
        clip_seek_ms=Spread.of(clip_seek_ms),
        seeks=seeks,
        seeks_wrong=wrong,
        drag_ms=Spread.of(drag_ms),
        clip_drag_ms=Spread.of(clip_drag_ms),
        clip_drag_off_frames=Spread.of(off),
    )


def proxy_lines(proxy: ProxyFigures) -> list[str]:
    """Return the figures for a person."""
    size, ratio = proxy.size_bytes / 1e6, proxy.size_bytes / proxy.clip_bytes
    return [
        "proxy of the first clip",
        f"  made in        {proxy.make_s:.1f} s, {proxy.real_time:.1f} x real time; "
        f"{size:.0f} MB, {ratio:.1f} x the clip; opened in {proxy.open_ms:.1f} ms",
        f"  exact seek     {proxy.seek_ms}, {proxy.seeks_wrong} of {proxy.seeks} wrong; "
        f"on the clip {proxy.clip_seek_ms}",
        f"  drag           {proxy.drag_ms}, exact; on the clip {proxy.clip_drag_ms}, "
        f"{proxy.clip_drag_off_frames.median:.0f} frames off",
    ]


def _seeks(clip: ProbedClip, numbers: Sequence[int]) -> tuple[list[float], int]:
    """Return milliseconds of exact seeks, and how many showed another frame."""
    spent, wrong = [], 0
    with FrameAccess(clip, cache_bytes=0) as access:
        for number in numbers:
            spent_ms, frame = timed(access.exact, number)
            spent.append(spent_ms)
            wrong += read_number(frame.pixels) != number
    return spent, wrong


def _drag(show: Callable[[int], Frame], count: int) -> tuple[list[float], list[int]]:
    """Return milliseconds of what a drag shows, and by how many frames that is off."""
    there = np.linspace(0, count - 1, PLACES).round().astype(int).tolist()
    spent, off = [], []
    for number in (*there, *there[::-1]):
        spent_ms, frame = timed(show, number)
        spent.append(spent_ms)
        off.append(number - frame.number)
    return spent, off
