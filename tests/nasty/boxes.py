"""Changing the boxes of an MP4 whose index comes last, so that no place in the file moves."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from nasty.surgery import boxes, find_box

if TYPE_CHECKING:
    from collections.abc import Callable

Edit = tuple[int, int]
"""Ticks of the film that an edit lasts (1000 a second), and the medium's tick it begins with."""

NOTHING = -1
"""An edit that begins here shows nothing."""
TABLE = "moov/trak/mdia/minf/stbl/"


def box(kind: bytes, payload: bytes) -> bytes:
    """Return a box."""
    return struct.pack(">I4s", len(payload) + 8, kind) + payload


def changed(data: bytes, path: str, change: Callable[[bytes], bytes | None]) -> bytes:
    """Return ``data`` with the payload of one box changed, or without the box.

    Args:
        data: The file.
        path: Names from the outside in; ``trak#1`` is the second of its kind.
        change: Takes the payload; None leaves the box out.

    Raises:
        ValueError: If there is no such box.
    """
    name, _, rest = path.partition("/")
    kind, _, ordinal = name.partition("#")
    places = [place for place in boxes(data) if place[0] == kind.encode()]
    if len(places) <= int(ordinal or 0):
        raise ValueError(f"no box {path}")
    _, start, payload_start, end = places[int(ordinal or 0)]
    payload = data[payload_start:end]
    new = changed(payload, rest, change) if rest else change(payload)
    return data[:start] + (b"" if new is None else box(kind.encode(), new)) + data[end:]


def with_edits(data: bytes, edits: list[Edit], track: str = "moov/trak") -> bytes:
    """Return ``data`` with these edits instead of those of a track."""
    entries = b"".join(struct.pack(">IiI", *edit, 1 << 16) for edit in edits)
    edit_box = box(b"edts", box(b"elst", struct.pack(">II", 0, len(edits)) + entries))

    def change(payload: bytes) -> bytes:
        others = b"".join(
            payload[start:end] for kind, start, _, end in boxes(payload) if kind != b"edts"
        )
        head = find_box(others, b"tkhd")[2]
        return others[:head] + edit_box + others[head:]

    return changed(data, track, change)


def as_data_track(data: bytes, ordinal: int, kind: bytes) -> bytes:
    """Return ``data`` with a track of text made one of a camera's own data."""
    track = f"moov/trak#{ordinal}/mdia/"
    data = changed(data, track + "hdlr", lambda old: old[:8] + b"meta" + old[12:])

    def rename(old: bytes) -> bytes:
        return old[:12] + kind + old[16:]  # the name of the first sample entry

    return changed(data, track + "minf/stbl/stsd", rename)
