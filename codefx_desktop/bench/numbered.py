"""Clips whose pictures carry their own number, so that a wrong one is found out."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final

import numpy as np

from codefx_desktop.video.finalise import finalise
from codefx_desktop.video.writer import QualityPreset, VideoWriter

if TYPE_CHECKING:
    from pathlib import Path

    from codefx_desktop.domain.frame import Pixels

BITS: Final = 12
CELLS: Final = BITS + 3
"""White, black, the bits from the highest on, and their parity."""
BAND: Final = 8
"""The number's band has this part of the height."""
GRAIN: Final = 6
"""Standard deviation of the noise, so that an encoder has something to do."""


def write_numbered(
    path: Path, *, size: tuple[int, int], frames: int, rate: int, keyframe_distance: int
) -> Path:
    """Write a clip of moving texture with numbered pictures.

    Args:
        path: Where to; returned.
        size: Width and height in pixels.
        frames: How many pictures, at most 4096.
        rate: Pictures per second.
        keyframe_distance: Pictures from keyframe to keyframe.

    Raises:
        ValueError: If there are more pictures than numbers.
        OutputError: If it cannot be written.
    """
    if frames > 1 << BITS:
        raise ValueError(f"at most {1 << BITS} pictures can be numbered, not {frames}")
    texture = _texture(*size)
    part = path.with_suffix(".part")
    with VideoWriter(
        part,
        width=size[0],
        height=size[1],
        time_base=Fraction(1, rate),
        average_rate=Fraction(rate),
        preset=QualityPreset.SMALL,
        keyframe_distance=keyframe_distance,
    ) as writer:
        for number in range(frames):
            writer.write(_picture(texture, size, number), number)
        written = writer.finish()
    return finalise(part, path, expected_frames=written).path


def read_number(pixels: Pixels) -> int | None:
    """Return a picture's number, None if it shows none.

    Args:
        pixels: RGB or BGR, (H, W, 3), uint8.
    """
    height, width = pixels.shape[:2]
    row = pixels[height // (2 * BAND), :, 1]
    cells = [int(row[int((cell + 0.5) * width / CELLS)] > 127) for cell in range(CELLS)]
    number = int("".join(map(str, cells[2:-1])), 2)
    return number if cells == _cells(number) else None


def _cells(number: int) -> list[int]:
    bits = [number >> place & 1 for place in range(BITS - 1, -1, -1)]
    return [1, 0, *bits, sum(bits) & 1]


def _texture(width: int, height: int) -> Pixels:
    """Return blocks of colour with grain, twice as wide as a picture."""
    chance = np.random.default_rng(7)
    coarse = chance.integers(40, 200, (height // 24 + 1, width // 12 + 1, 3))
    blocks = np.repeat(np.repeat(coarse, 24, axis=0), 24, axis=1)[:height, : 2 * width]
    grain = chance.normal(0, GRAIN, (*blocks.shape[:2], 1))
    return np.clip(blocks + grain, 0, 255).astype(np.uint8)


def _picture(texture: Pixels, size: tuple[int, int], number: int) -> Pixels:
    width, height = size
    left = number * 4 % width
    pixels = texture[:, left : left + width].copy()
    edges = [int(cell * width / CELLS) for cell in range(CELLS + 1)]
    for cell, bit in enumerate(_cells(number)):
        pixels[: height // BAND, edges[cell] : edges[cell + 1]] = 235 if bit else 20
    return pixels
