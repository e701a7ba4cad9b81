"""Patches of colour as a camera would store them, and what a screen should show of them.

Everything here is written down from the standards, one colour at a time in plain arithmetic, and
shares nothing with the room that is tested.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import av
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

Colour = tuple[float, float, float]

LUMA: Final = {"bt709": (0.2126, 0.0722), "bt601": (0.299, 0.114), "bt2020": (0.2627, 0.0593)}
"""Kr and Kb. Sources: BT.709-6, BT.601-7, BT.2020-2."""
NUMBERS: Final = {"": 2, "bt709": 1, "bt601": 6, "bt2020": 9, "pq": 16, "hlg": 18}
# BT.2407-0, section 2.2.
BT2020_TO_BT709: Final = (
    (1.6605, -0.5876, -0.0728),
    (-0.1246, 1.1329, -0.0083),
    (-0.0182, -0.1006, 1.1187),
)
SIDE: Final = 32
"""Width and height of a patch in pixels."""


@dataclass(frozen=True)
class Stored:
    """How pictures are stored; an empty word: the file does not say."""

    matrix: str = "bt709"
    full: bool = False
    bits: int = 8
    transfer: str = "bt709"
    primaries: str = "bt709"
    tagged: bool = True

    def codes(self, signal: Colour) -> tuple[int, int, int]:
        """Return the stored Y, Cb, Cr of R'G'B', 0 to 1."""
        kr, kb = LUMA[self.matrix]
        red, green, blue = signal
        luma = kr * red + (1 - kr - kb) * green + kb * blue
        y, chroma, offset = self._scale()
        cb, cr = (blue - luma) / (2 - 2 * kb), (red - luma) / (2 - 2 * kr)
        middle, highest = 1 << (self.bits - 1), (1 << self.bits) - 1
        exact = (luma * y + offset, cb * chroma + middle, cr * chroma + middle)
        return tuple(min(round(value), highest) for value in exact)  # type: ignore[return-value]

    def signal(self, codes: tuple[int, int, int]) -> Colour:
        """Return the R'G'B' that stored values mean, within 0 to 1."""
        kr, kb = LUMA[self.matrix]
        y, chroma, offset = self._scale()
        middle = 1 << (self.bits - 1)
        luma, cb, cr = (codes[0] - offset) / y, *((code - middle) / chroma for code in codes[1:])
        red, blue = luma + (2 - 2 * kr) * cr, luma + (2 - 2 * kb) * cb
        green = (luma - kr * red - kb * blue) / (1 - kr - kb)
        return tuple(min(max(value, 0.0), 1.0) for value in (red, green, blue))  # type: ignore[return-value]

    def shown(self, signal: Colour) -> Colour:
        """Return what a BT.709 SDR screen of 8 bits should get, 0 to 255, for stored R'G'B'."""
        return shown(self.signal(self.codes(signal)), self.transfer, self.primaries)

    def _scale(self) -> tuple[int, int, int]:
        step = 1 << (self.bits - 8)
        if self.full:
            return (1 << self.bits) - 1, (1 << self.bits) - 1, 0
        return 219 * step, 224 * step, 16 * step


def shown(signal: Colour, transfer: str, primaries: str) -> Colour:
    """Return R'G'B', 0 to 255, of a BT.709 SDR screen; BT.2100's signals are of BT.2020."""
    if transfer == "pq":
        light = fitted([min(pq_light(value), 1000.0) for value in signal])
    elif transfer == "hlg":
        scene = [hlg_scene(value) for value in signal]
        luma = 0.2627 * scene[0] + 0.6780 * scene[1] + 0.0593 * scene[2]
        light = fitted([1000 * luma**0.2 * value for value in scene])
    else:
        light = [value**2.4 for value in signal]
    if primaries == "bt2020":
        light = [sum(a * b for a, b in zip(row, light, strict=True)) for row in BT2020_TO_BT709]
    red, green, blue = (255 * min(max(value, 0.0), 1.0) ** (1 / 2.4) for value in light)
    return red, green, blue


def hlg_scene(signal: float) -> float:
    """BT.2100-2, table 5: the inverse of the OETF."""
    if signal <= 0.5:
        return signal * signal / 3
    return (math.exp((signal - 0.55991073) / 0.17883277) + 0.28466892) / 12


def pq_light(signal: float) -> float:
    """BT.2100-2, table 4: the EOTF, in cd/m²."""
    power = signal ** (1 / 78.84375)
    inside = max(power - 0.8359375, 0.0) / (18.8515625 - 18.6875 * power)
    return float(10000 * inside ** (1 / 0.1593017578125))


def pq_signal(light: float) -> float:
    """BT.2100-2, table 4: the inverse of the EOTF."""
    power = (light / 10000) ** 0.1593017578125
    return float(((0.8359375 + 18.8515625 * power) / (1 + 18.6875 * power)) ** 78.84375)


def fitted(light: Sequence[float]) -> list[float]:
    """BT.2408-7, annex 5: 1,000 cd/m² into 203, maxRGB; 1 is 203 cd/m²."""
    most = max(light)
    if most <= 0:
        return [0.0, 0.0, 0.0]
    e1 = min(pq_signal(most) / pq_signal(1000), 1.0)
    limit = pq_signal(203) / pq_signal(1000)
    start = 1.5 * limit - 0.5
    if e1 >= start:
        t = (e1 - start) / (1 - start)
        e1 = (
            (2 * t**3 - 3 * t**2 + 1) * start
            + (t**3 - 2 * t**2 + t) * (1 - start)
            + (-2 * t**3 + 3 * t**2) * limit
        )
    return [value * pq_light(e1 * pq_signal(1000)) / most / 203 for value in light]


def patches(stored: Stored, signals: Sequence[Colour], *, least_width: int = 0) -> av.VideoFrame:
    """Return a picture of patches side by side, 4:2:0, colours as tagged."""
    width = max(SIDE * len(signals), least_width)
    bits = stored.bits
    picture = av.VideoFrame(width, SIDE, "yuv420p" if bits == 8 else f"yuv420p{bits}le")
    codes = np.array([stored.codes(signal) for signal in signals])
    codes = np.concatenate([codes, np.repeat(codes[-1:], width // SIDE - len(codes), axis=0)])
    for channel, plane in enumerate(picture.planes):
        kind = np.uint8 if bits == 8 else np.uint16
        row = np.repeat(codes[:, channel], SIDE if channel == 0 else SIDE // 2).astype(kind)
        rows = np.zeros((plane.height, plane.line_size // row.itemsize), kind)
        rows[:, : len(row)] = row
        plane.update(rows.tobytes())
    if stored.tagged:
        tag(picture, stored)
    picture.pts = 0
    return picture


def tag(target: av.VideoFrame | av.VideoCodecContext, stored: Stored) -> None:
    """Say in a picture or an encoder what the colours are."""
    target.colorspace = NUMBERS[stored.matrix]
    target.color_range = 2 if stored.full else 1
    target.color_trc = NUMBERS[stored.transfer]
    target.color_primaries = NUMBERS[stored.primaries]


def write_patches(
    path: Path, stored: Stored, signals: Sequence[Colour], *, codec: str, least_width: int = 0
) -> Path:
    """Write a clip of two equal pictures without loss."""
    picture = patches(stored, signals, least_width=least_width)
    lossless = {
        "libx264": {"qp": "0"},
        "libx265": {"x265-params": "lossless=1:bframes=0:log-level=none"},
    }
    with av.open(str(path), "w") as out:
        track = out.add_stream(codec, rate=25, options=lossless[codec])
        assert isinstance(track, av.VideoStream)
        track.width, track.height, track.pix_fmt = picture.width, SIDE, picture.format.name
        if stored.tagged:
            tag(track.codec_context, stored)
        for number in range(2):
            picture.pts, picture.time_base = number, 1 / track.codec_context.framerate
            out.mux(track.encode(picture))
        out.mux(track.encode(None))
    return path


def middles(pixels: np.ndarray, count: int) -> np.ndarray:
    """Return the colour in the middle of each patch, int (count, 3)."""
    return pixels[SIDE // 2, SIDE // 2 :: SIDE][:count].astype(int)
