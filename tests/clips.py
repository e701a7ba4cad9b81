"""Small clips for tests: every picture carries its own number as a barcode.

``make_clip`` writes one with PyAV directly (never through the room that is tested), and
``read_number`` tells which picture an upright RGB array is. The barcode is the one of
``nasty/pictures.py``, so that one reader serves both sets.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import av
import numpy as np
import numpy.typing as npt
from nasty.pictures import BAND, CELLS, barcode, read_index

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

Picture = npt.NDArray[np.uint8]


def picture(number: int, size: tuple[int, int] = (320, 180)) -> Picture:
    """Return the upright picture ``number``: RGB, (H, W, 3), uint8.

    Barcode on top, a bright block under its left end, an orange ground (so that red and blue
    are not mistaken for each other) with moving stripes, and a dark square that moves.
    """
    width, height = size
    band, side = max(2, height // BAND), max(4, height // 8)
    y, x = np.mgrid[0:height, 0:width]
    shade = 120 + 60 * (((x + 3 * number) // 16 + y // 16) % 2)
    pixels = np.stack([shade, shade * 0.6, shade * 0.25], axis=2).astype(np.uint8)
    edges = [int(cell * width / CELLS) for cell in range(CELLS + 1)]
    for cell, bit in enumerate(barcode(number)):
        pixels[:band, edges[cell] : edges[cell + 1]] = 235 if bit else 20
    pixels[band : band + side, :side] = 240
    left = (number * 5) % max(1, width - side)
    pixels[height // 2 : height // 2 + side, left : left + side] = 16
    return pixels


def read_number(pixels: Picture) -> int | None:
    """Return the number drawn in an upright RGB picture; None if it cannot be read."""
    luma = pixels.astype(np.float32) @ np.array([0.299, 0.587, 0.114], np.float32)
    number: int | None = read_index(luma)
    return number


def tone(
    seconds: float, rate_hz: int = 44100, *, silent_until_s: float = 0.0
) -> npt.NDArray[np.float32]:
    """Return a 440 Hz tone, float32 (N,), silent before ``silent_until_s``."""
    t = np.arange(round(seconds * rate_hz)) / rate_hz
    return (0.5 * np.sin(2 * np.pi * 440 * t) * (t >= silent_until_s)).astype(np.float32)


def make_clip(  # noqa: PLR0913 - a clip has many sides; all but the path have a default
    path: Path,
    *,
    seconds: float = 2.0,
    size: tuple[int, int] = (320, 180),
    rate: Fraction | float = 30,
    times_ms: Sequence[int] | None = None,
    audio: bool = False,
    audio_codec: str = "aac",
    sound: npt.NDArray[np.float32] | None = None,
    codec: str = "libx264",
    gop: int = 15,
    b_frames: int = 2,
    rotation: int = 0,
    pixel_format: str = "yuv420p",
    first: int = 0,
    options: dict[str, str] | None = None,
) -> Path:
    """Write a clip; the container follows from the suffix.

    Args:
        path: Where to; returned.
        seconds: Length when the rate is constant.
        size: Upright width and height; the stored ones are swapped for 90 and 270 degrees.
        rate: Frames per second.
        times_ms: Presentation time of each picture (variable rate); wins over seconds and rate.
        audio: Whether to add a 440 Hz tone of the same length.
        audio_codec: Encoder of the sound.
        sound: float32 (N,) at 44.1 kHz instead of the tone.
        codec: Encoder of the pictures.
        gop: Distance of keyframes.
        b_frames: Most B-frames in a row (x264 only).
        rotation: Degrees clockwise that a reader has to turn the stored pictures.
        pixel_format: What is stored.
        first: Barcode number of the first picture.
        options: More options for the video encoder.
    """
    exact = Fraction(rate).limit_denominator(1001)
    count = len(times_ms) if times_ms is not None else max(1, round(seconds * exact))
    time_base = Fraction(1, 1000) if times_ms is not None else 1 / exact
    ticks = list(times_ms) if times_ms is not None else list(range(count))
    given = {"preset": "ultrafast", "crf": "24", "bf": str(b_frames)} if codec == "libx264" else {}
    with av.open(str(path), "w") as out:
        video = out.add_stream(codec, rate=exact, options={**given, **(options or {})})
        turned = rotation % 180 != 0
        video.width, video.height = (size[1], size[0]) if turned else size
        video.pix_fmt, video.gop_size = pixel_format, gop
        video.codec_context.time_base = time_base
        if times_ms is not None:
            video.time_base = time_base
        if rotation:
            video.set_display_rotation(-rotation)
        track = _add_sound(out, audio_codec) if audio or sound is not None else None
        for number, tick in enumerate(ticks, start=first):
            stored = np.ascontiguousarray(np.rot90(picture(number, size), k=rotation // 90))
            frame = av.VideoFrame.from_ndarray(stored, format="rgb24")
            frame.pts, frame.time_base = tick, time_base
            out.mux(video.encode(frame))
        out.mux(video.encode(None))
        if track is not None:
            length_s = float(ticks[-1] * time_base + 1 / exact)
            for block in _blocks(tone(length_s) if sound is None else sound):
                out.mux(track.encode(block))
            out.mux(track.encode(None))
    return path


def _add_sound(out: av.container.OutputContainer, codec: str) -> av.AudioStream:
    track = out.add_stream(codec, rate=48000 if codec == "libopus" else 44100)
    assert isinstance(track, av.AudioStream)
    track.codec_context.layout = "mono"
    return track


def _blocks(samples: npt.NDArray[np.float32], length: int = 1024) -> Iterator[av.AudioFrame]:
    for at in range(0, len(samples), length):
        block = av.AudioFrame.from_ndarray(
            samples[None, at : at + length], format="fltp", layout="mono"
        )
        block.sample_rate, block.pts, block.time_base = 44100, at, Fraction(1, 44100)
        yield block
