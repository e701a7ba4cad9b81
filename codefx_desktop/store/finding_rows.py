"""Between rows of a detections file and what was found in a frame."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from codefx_desktop.domain.clip import FrameTime
from codefx_desktop.domain.findings import FrameFindings
from codefx_desktop.store.finding_bytes import (
    pack_detections,
    pack_faces,
    pack_segments,
    unpack_detections,
    unpack_faces,
    unpack_segments,
)
from codefx_desktop.store.finding_sums import (
    ADD_CLASS,
    ADD_FACE_TRACK,
    ADD_TRACK,
    count_classes,
    count_faces,
    count_tracks,
)

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Sequence
    from fractions import Fraction

Found = TypeVar("Found")

BOXES_ONLY = "SELECT number, ticks, pts, count, data, NULL, NULL, NULL, NULL FROM frames"
EVERYTHING = (
    "SELECT number, ticks, pts, frames.count, frames.data,"
    " segments.count, segments.data, faces.count, faces.data"
    " FROM frames LEFT JOIN segments USING (number) LEFT JOIN faces USING (number)"
)
_RECOUNTED_AT_ONCE = 1000


def add_frames(connection: sqlite3.Connection, frames: Sequence[FrameFindings]) -> None:
    """Add frames with all that was found in them."""
    rows = ((frame.number, frame.time.ticks, frame.time.pts, *_boxes(frame)) for frame in frames)
    connection.executemany("INSERT INTO frames VALUES (?, ?, ?, ?, ?)", rows)
    found = [(f.number, f.detections) for f in frames if f.detections is not None]
    connection.executemany(ADD_CLASS, count_classes([item for _, item in found]))
    connection.executemany(ADD_TRACK, count_tracks(found))
    _add_looks(connection, frames)


def amend_frames(connection: sqlite3.Connection, frames: Sequence[FrameFindings]) -> None:
    """Add or replace segments and faces of frames.

    Raises:
        ValueError: If one of the frames is not there.
    """
    for frame in frames:
        if not _has(connection, "frames", frame.number):
            raise ValueError(f"frame {frame.number} is not there")
    # What is added can be summed up as it comes; what is taken away cannot.
    replaces = any(f.faces is not None and _has(connection, "faces", f.number) for f in frames)
    _add_looks(connection, frames)
    if replaces:
        _count_faces_anew(connection)


def to_findings(row: tuple[Any, ...], time_base: Fraction) -> FrameFindings:
    """Return what was found in a frame.

    Args:
        row: Of ``BOXES_ONLY`` or ``EVERYTHING``.
        time_base: Of the clip.

    Raises:
        ValueError: If the row is damaged, or TypeError.
    """
    number, ticks, pts, *found = row
    return FrameFindings(
        number,
        FrameTime(ticks, time_base, pts),
        _unpacked(unpack_detections, *found[0:2]),
        _unpacked(unpack_segments, *found[2:4]),
        _unpacked(unpack_faces, *found[4:6]),
    )


def _boxes(frame: FrameFindings) -> tuple[int | None, bytes | None]:
    found = frame.detections
    return (None, None) if found is None else (len(found), pack_detections(found))


def _unpacked(
    unpack: Callable[[bytes, int], Found], count: int | None, data: bytes | None
) -> Found | None:
    if count is None and data is None:
        return None
    if count is None or data is None:
        raise ValueError("half of what was found in a frame is missing")
    return unpack(data, count)


def _has(connection: sqlite3.Connection, table: str, number: int) -> bool:
    query = f"SELECT 1 FROM {table} WHERE number = ?"  # noqa: S608 - a name of ours
    return connection.execute(query, (number,)).fetchone() is not None


def _add_looks(connection: sqlite3.Connection, frames: Sequence[FrameFindings]) -> None:
    """Write segments and faces of frames, and add these faces to the sums."""
    segments = [(f.number, f.segments) for f in frames if f.segments is not None]
    faces = [(f.number, f.faces) for f in frames if f.faces is not None]
    connection.executemany(
        "INSERT OR REPLACE INTO segments VALUES (?, ?, ?)",
        ((number, len(found), pack_segments(found)) for number, found in segments),
    )
    connection.executemany(
        "INSERT OR REPLACE INTO faces VALUES (?, ?, ?)",
        ((number, len(found), pack_faces(found)) for number, found in faces),
    )
    connection.executemany(ADD_FACE_TRACK, count_faces(faces))


def _count_faces_anew(connection: sqlite3.Connection) -> None:
    connection.execute("DELETE FROM face_tracks")
    rows = connection.execute("SELECT number, data, count FROM faces ORDER BY number")
    while chunk := rows.fetchmany(_RECOUNTED_AT_ONCE):
        found = [(number, unpack_faces(data, count)) for number, data, count in chunk]
        connection.executemany(ADD_FACE_TRACK, count_faces(found))
