"""Clips of several shots, joined by hard cuts at known frames.

Each shot is a moving picture of its own: a ground of one colour with stripes that pan, a block
that crosses it, sensor noise and a breathing exposure. Shots that follow each other differ in hue
and brightness, as different cameras' views do; within a shot much moves, so that a detector can
be wrong both ways.
"""

from __future__ import annotations

import colorsys
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate
from typing import TYPE_CHECKING

import av
import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

Picture = npt.NDArray[np.uint8]
SIZE = (320, 180)


@dataclass(frozen=True)
class MultiShot:
    """One clip.

    Attributes:
        name: What is special about it.
        lengths: Frames of each shot.
        seed: Of the first colour and the noise.
        rate: Frames per second.
        intervals_ms: Of one frame after the other, over and over; wins over ``rate``.
        pan: Pixels a frame by which the ground moves.
        size: Width and height.
    """

    name: str
    lengths: tuple[int, ...]
    seed: int
    rate: Fraction = Fraction(30)
    intervals_ms: tuple[int, ...] = ()
    pan: int = 3
    size: tuple[int, int] = SIZE

    @property
    def cuts(self) -> tuple[int, ...]:
        """The first frame of each shot but the first."""
        return tuple(accumulate(self.lengths))[:-1]

    @property
    def times_ms(self) -> list[int]:
        """The time of each frame, of a clip with intervals of its own."""
        steps = self.intervals_ms
        return [0, *accumulate(steps[i % len(steps)] for i in range(sum(self.lengths) - 1))]


CLIPS = (
    MultiShot("two shots", (40, 40), 1),
    MultiShot("as short as a scene may be", (15, 15, 15, 15, 15, 15), 2),
    MultiShot("long and short", (90, 16, 60, 20), 3),
    MultiShot("NTSC", (31, 47, 29), 4, Fraction(30000, 1001)),
    MultiShot("film", (24, 36, 48), 5, Fraction(24)),
    MultiShot("fifty a second", (50, 70, 40), 6, Fraction(50)),
    MultiShot("a phone's intervals", (33, 41, 26), 7, intervals_ms=(33, 34, 50, 16, 33, 120)),
    MultiShot("a rate that falls to a tenth", (30, 30, 30), 8, intervals_ms=(20,) * 50 + (200,)),
    MultiShot("whip pans", (37, 43, 39), 9, pan=24),
    MultiShot("upright", (28, 52, 33), 10, size=(180, 320)),
)


def pictures(clip: MultiShot) -> Iterator[Picture]:
    """Yield the clip's pictures: RGB, (H, W, 3), uint8."""
    random = np.random.default_rng(clip.seed)
    hue = random.uniform()
    for shot, length in enumerate(clip.lengths):
        hue = (hue + random.uniform(0.3, 0.5)) % 1.0
        for at in range(length):
            yield _picture(clip, (hue, 0.7, 0.9 if shot % 2 else 0.45), at, random)


def _picture(
    clip: MultiShot, colour: tuple[float, float, float], at: int, random: np.random.Generator
) -> Picture:
    width, height = clip.size
    ground = 255 * np.array(colorsys.hsv_to_rgb(*colour))
    y, x = np.mgrid[0:height, 0:width]
    stripes = 1.0 - 0.15 * (((x + clip.pan * at) // 20 + y // 30) % 2)
    exposure = 1.0 + 0.04 * np.sin(at / 5)
    pixels = ground * stripes[..., None] * exposure
    left = 4 * at % width
    pixels[height // 3 : height // 2, left : left + width // 8] = 255 - ground
    return (pixels + random.normal(0, 3, pixels.shape)).clip(0, 255).astype(np.uint8)


def fading(lengths: Sequence[int], dark: int) -> Iterator[Picture]:
    """Yield shots with ``dark`` black frames between them."""
    for shot, length in enumerate(lengths):
        if shot:
            yield from [np.zeros((*SIZE[::-1], 3), np.uint8)] * dark
        yield from pictures(MultiShot("", (length,), shot))


def write(clip: MultiShot, path: Path) -> Path:
    """Write the clip as H.264 and return its path."""
    base = Fraction(1, 1000) if clip.intervals_ms else 1 / clip.rate
    ticks = clip.times_ms if clip.intervals_ms else list(range(sum(clip.lengths)))
    options = {"preset": "ultrafast", "crf": "20"}
    with av.open(str(path), "w") as out:
        video = out.add_stream("libx264", rate=clip.rate, options=options)
        video.width, video.height = clip.size
        video.pix_fmt, video.gop_size = "yuv420p", 50
        video.codec_context.time_base = video.time_base = base
        for tick, pixels in zip(ticks, pictures(clip), strict=True):
            frame = av.VideoFrame.from_ndarray(pixels, format="rgb24")
            frame.pts, frame.time_base = tick, base
            out.mux(video.encode(frame))
        out.mux(video.encode(None))
    return path
