"""The pictures of the nasty clips: each carries its own number as a barcode."""

from __future__ import annotations

import random
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDTH, HEIGHT = 320, 180
CELLS = 16  # barcode: 1 0 | 12 bits, MSB first | parity | 0 (unreadable if mirrored)
BAND = 6  # barcode height = picture height / BAND
DATA = slice(2, 14)


def barcode(number: int) -> list[int]:
    """Return the cells of a picture's barcode, left to right."""
    data = [(number >> bit) & 1 for bit in range(11, -1, -1)]
    return [1, 0, *data, sum(data) & 1, 0]


def read_index(gray: Sequence[Sequence[float]] | Any) -> int | None:  # noqa: ANN401 - or an array
    """Return the number drawn in an upright picture, None if it cannot be read.

    Args:
        gray: Rows of luma values, a list of rows or a 2-D array.
    """
    height, width = len(gray), len(gray[0])
    y = height // (2 * BAND)
    cells = [int(gray[y][int((cell + 0.5) * width / CELLS)] > 127) for cell in range(CELLS)]
    number = int("".join(map(str, cells[DATA])), 2)
    return number if cells == barcode(number) else None


@lru_cache(maxsize=8)
def _texture(width: int, height: int) -> tuple[bytes, ...]:
    """Return rows of a blocky random texture, wider than the picture so that it can scroll."""
    rnd = random.Random(7)  # noqa: S311 - a texture
    step, wide = 4, width * 2
    columns, lines = wide // step + 2, height // step + 2
    coarse = [[rnd.randrange(40, 200) for _ in range(columns)] for _ in range(lines)]
    return tuple(bytes(coarse[y // step][x // step] for x in range(wide)) for y in range(height))


@lru_cache(maxsize=16)
def pictures(width: int = WIDTH, height: int = HEIGHT, count: int = 60, first: int = 0) -> bytes:
    """Return ``count`` raw yuv420p pictures, numbered from ``first``.

    Barcode on top, a bright block in the top left corner, an orange tint (so that red and blue
    are not mistaken for each other), stripes that scroll against each other, a box that moves.
    """
    quarter = ((width + 1) // 2) * ((height + 1) // 2)
    chroma = bytes([90]) * quarter + bytes([175]) * quarter
    numbers = range(first, first + count)
    return b"".join(_luma(width, height, number) + chroma for number in numbers)


def _luma(width: int, height: int, number: int) -> bytes:
    texture = _texture(width, height)
    band, side = height // BAND, min(width, max(8, height // 8))
    edges = [int(cell * width / CELLS) for cell in range(CELLS + 1)]
    bar = b"".join(
        bytes([225 if bit else 28]) * (edges[cell + 1] - edges[cell])
        for cell, bit in enumerate(barcode(number))
    )
    box = (number * 5) % max(1, width - side)
    rows = [bar] * band
    for y in range(band, height):
        left = (number * 3 if y % 32 < 16 else width - 1 - number * 5) % width
        row = bytearray(texture[y][left : left + width])
        if y < band + side:
            row[:side] = bytes([235]) * side
        if height // 2 <= y < height // 2 + side:
            row[box : box + side] = bytes([20]) * side
        rows.append(bytes(row))
    return b"".join(rows)
