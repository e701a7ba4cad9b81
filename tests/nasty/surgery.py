"""Cutting, patching and spoiling files byte by byte."""

from __future__ import annotations

import random
import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TS_PACKET = 188
NESTED = (b"moov", b"trak", b"mdia", b"minf", b"stbl")


def boxes(
    data: bytes | bytearray, start: int = 0, end: int | None = None
) -> Iterator[tuple[bytes, int, int, int]]:
    """Yield (type, start, payload start, end) of the MP4 boxes in a range."""
    end = len(data) if end is None else end
    while start + 8 <= end:
        size, kind = struct.unpack(">I4s", data[start : start + 8])
        head = 8
        if size == 1:
            size, head = struct.unpack(">Q", data[start + 8 : start + 16])[0], 16
        if size < head:
            return
        yield kind, start, start + head, min(start + size, end)
        start += size


def find_box(data: bytes | bytearray, *path: bytes) -> tuple[int, int, int]:
    """Return (start, payload start, end) of the first box at a path such as moov/trak/tkhd.

    Raises:
        ValueError: If there is none.
    """
    low, high, found = 0, len(data), (0, 0, 0)
    for want in path:
        for kind, start, payload, end in boxes(data, low, high):
            if kind == want:
                found, low, high = (start, payload, end), payload, end
                break
        else:
            raise ValueError(f"no box {want!r}")
    return found


def set_matrix(path: Path, matrix: tuple[int, int, int, int, int, int]) -> None:
    """Write the track's display matrix: a, b, c, d and the shift in x and y."""
    a, b, c, d, x, y = (value * 65536 for value in matrix)
    data = bytearray(path.read_bytes())
    _, payload, _ = find_box(data, b"moov", b"trak", b"tkhd")
    struct.pack_into(">9i", data, payload + 40, a, b, 0, c, d, 0, x, y, 1 << 30)
    path.write_bytes(data)


def to_5gb(source: Path, out: Path, hole: int = 5 << 30) -> None:
    """Write a sparse copy of a moov-at-end MP4 with a hole before its media (64-bit offsets)."""
    data = source.read_bytes()
    start, _, end = find_box(data, b"moov")
    ftyp_end = find_box(data, b"ftyp")[2]
    with out.open("wb") as file:
        file.write(data[:ftyp_end])
        file.write(struct.pack(">I4sQ", 1, b"free", hole))
        file.seek(ftyp_end + hole)
        file.write(data[ftyp_end:start] + _widened(data, start, end, hole))


def _widened(data: bytes, low: int, high: int, hole: int) -> bytes:
    """Return boxes with their 32-bit chunk offsets made 64-bit and moved by the hole."""
    made = b""
    for kind, _, payload, end in boxes(data, low, high):
        name, body = kind, data[payload:end]
        if kind in NESTED:
            body = _widened(data, payload, end, hole)
        elif kind == b"stco":
            count = struct.unpack(">I", data[payload + 4 : payload + 8])[0]
            offsets = struct.unpack(f">{count}I", data[payload + 8 : payload + 8 + 4 * count])
            name = b"co64"
            moved = struct.pack(f">{count}Q", *(offset + hole for offset in offsets))
            body = data[payload : payload + 8] + moved
        made += struct.pack(">I4s", len(body) + 8, name) + body
    return made


def flip_bytes(data: bytes, low: int, high: int, every: int, seed: int = 1) -> bytes:
    """Return ``data`` with about one spoilt byte in ``every`` between two places."""
    out, rnd = bytearray(data), random.Random(seed)  # noqa: S311 - noise
    for pos in range(low, high, every):
        out[min(high - 1, pos + rnd.randrange(every))] ^= rnd.randrange(1, 256)
    return bytes(out)


def zeroed(data: bytes, low: int, high: int) -> bytes:
    """Return ``data`` with zeros between two places."""
    return data[:low] + bytes(high - low) + data[high:]


def ts_keyframes(data: bytes) -> list[int]:
    """Return where transport stream packets begin a keyframe (random access flag)."""
    return [
        at
        for at in range(0, len(data) - TS_PACKET + 1, TS_PACKET)
        if data[at + 3] & 0x20 and data[at + 4] and data[at + 5] & 0x40 and data[at + 1] & 0x40
    ]
