"""Reads all that was measured of a clip out of a detections file at once, as arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from codefx_desktop.domain.observations import Objects, Observations
from codefx_desktop.store.signal_rows import get_motion, get_sound, noted

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Sequence
    from fractions import Fraction

    import numpy.typing as npt

    from codefx_desktop.domain.observations import Flow

Number = TypeVar("Number", bound=np.generic)


@dataclass(frozen=True, slots=True, eq=False)
class SeenObjects:
    """The detections of analysed frames, all of them or those after one.

    Attributes:
        numbers: int32 (F,), number of each of these frames, rising.
        times_s: float64 (F,), when each is, seconds from the first picture.
        objects: Their detections; ``frame`` counts these frames.
    """

    numbers: npt.NDArray[np.int32]
    times_s: npt.NDArray[np.float64]
    objects: Objects


_BYTES_EACH = 16 + 4 + 4 + 2
"""A detection: xyxy, confidence, track_id, class_id, as ``finding_bytes`` packs them."""
_FRAMES = 256
"""So many are read at a time: all at once would take as much again as what is made of them."""


def read_objects(
    connection: sqlite3.Connection,
    time_base: Fraction,
    class_names: Sequence[str],
    after: int = -1,
) -> SeenObjects:
    """Return the detections of all stored frames behind one, without what moved and was heard.

    Args:
        connection: Reads one state of the file.
        time_base: Of the clip, seconds per tick.
        class_names: Name of each class id.
        after: Number of that frame.

    Raises:
        ValueError: If the file is damaged.
    """
    cursor = connection.execute(
        "SELECT number, ticks, count, data FROM frames WHERE number > ? ORDER BY number", (after,)
    )
    columns = _Columns()
    while rows := cursor.fetchmany(_FRAMES):
        columns.add(rows)
    ticks = np.array(columns.ticks, np.int64)
    times_s = np.asarray(ticks * time_base.numerator / time_base.denominator, np.float64)
    numbers = np.array(columns.numbers, np.int32)
    return SeenObjects(numbers, times_s, columns.objects(tuple(class_names)))


def picture_size(connection: sqlite3.Connection) -> tuple[int, int] | None:
    """Return width and height of the upright frame; None where the file does not tell (yet).

    Raises:
        ValueError: If the file is damaged, or LookupError, or TypeError.
    """
    picture = noted(connection, "picture")
    return None if picture is None else (int(picture["width"]), int(picture["height"]))


def read_observations(
    connection: sqlite3.Connection,
    time_base: Fraction,
    class_names: Sequence[str],
    *,
    size: tuple[int, int] | None,
    ends_s: float | None,
    known: SeenObjects | None = None,
    flow_of: Callable[[tuple[int, ...]], Flow | None] = lambda _: None,
) -> Observations:
    """Return all that was measured of a clip, over all frames that are stored.

    Args:
        connection: Reads one state of the file.
        time_base: Of the clip, seconds per tick.
        class_names: Name of each class id.
        size: Width and height, where the file does not tell.
        ends_s: When the last frame leaves the screen, where the file does not tell.
        known: All detections, where they have been read before.
        flow_of: As for ``signal_rows.get_motion``.

    Raises:
        ValueError: If the file is damaged or the size is not known, or LookupError, or TypeError.
    """
    picture = noted(connection, "picture")
    if picture is not None:
        size, ends_s = (int(picture["width"]), int(picture["height"])), float(picture["ends_s"])
    if size is None:
        raise ValueError("they do not tell the size of the picture")
    seen = known or read_objects(connection, time_base, class_names)
    numbers, times_s = seen.numbers, seen.times_s
    motion = get_motion(connection, flow_of) if _has(connection, "motion") else None
    if motion is not None and len(motion.camera) != len(numbers):
        raise ValueError(f"motion of {len(motion.camera)} frames, but {len(numbers)} frames")
    cuts = _cuts(connection, numbers)
    return Observations(
        width=size[0],
        height=size[1],
        times_s=times_s,
        numbers=numbers,
        objects=seen.objects,
        motion=motion,
        sound=get_sound(connection) if _has(connection, "sound") else None,
        cuts=cuts if cuts is not None else motion.cuts if motion is not None else (),
        ends_s=_end(times_s) if ends_s is None else ends_s,
    )


def _has(connection: sqlite3.Connection, table: str) -> bool:
    query = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?"
    return connection.execute(query, (table,)).fetchone() is not None


class _Columns:
    """The rows of frames, column by column."""

    def __init__(self) -> None:
        self.numbers: list[int] = []
        self.ticks: list[int] = []
        self._counts: list[int] = []
        self._xyxy, self._confidence = bytearray(), bytearray()
        self._track_id, self._class_id = bytearray(), bytearray()

    def add(self, rows: Sequence[tuple[int, int, int | None, bytes | None]]) -> None:
        """Take the next rows.

        Bytes are cut and joined before they become arrays: an array per frame takes twice as long.

        Raises:
            ValueError: If one is damaged.
        """
        numbers, ticks, found, data = zip(*rows, strict=True)
        counts = [count or 0 for count in found]
        frames = [one or b"" for one in data]
        if [len(one) for one in frames] != [count * _BYTES_EACH for count in counts]:
            raise ValueError("a frame has not as many bytes as detections")
        self.numbers += numbers
        self.ticks += ticks
        self._counts += counts
        each = [*zip(counts, frames, strict=True)]
        self._xyxy += b"".join([one[: 16 * count] for count, one in each])
        self._confidence += b"".join([one[16 * count : 20 * count] for count, one in each])
        self._track_id += b"".join([one[20 * count : 24 * count] for count, one in each])
        self._class_id += b"".join([one[24 * count :] for count, one in each])

    def objects(self, names: tuple[str, ...]) -> Objects:
        """Return the detections of all of them, one after the other."""
        places = np.arange(len(self._counts), dtype=np.int32)
        return Objects(
            frame=np.repeat(places, self._counts),
            xyxy=_array(self._xyxy, np.float32).reshape(-1, 4),
            confidence=_array(self._confidence, np.float32),
            class_id=_array(self._class_id, np.int16),
            track_id=_array(self._track_id, np.int32),
            class_names=names,
        )


def _array(data: bytearray, kind: type[Number]) -> npt.NDArray[Number]:
    """Return bytes as numbers, which nobody is to change; they are not copied."""
    wanted = np.dtype(kind)
    found = np.frombuffer(data, wanted.newbyteorder("<")).astype(wanted, copy=False)
    found.flags.writeable = False
    return found


def _cuts(connection: sqlite3.Connection, numbers: npt.NDArray[np.int32]) -> tuple[int, ...] | None:
    """Return where shots begin, but the first; None where nobody looked for scenes to the end."""
    if not _has(connection, "scenes"):
        return None
    if connection.execute("SELECT 1 FROM meta WHERE key = 'scenes'").fetchone() is None:
        return None
    firsts = [row[0] for row in connection.execute("SELECT first FROM scenes ORDER BY first")]
    places = np.searchsorted(numbers, firsts[1:])
    return tuple(sorted({int(place) for place in places if 0 < place < len(numbers)}))


def _end(times_s: npt.NDArray[np.float64]) -> float:
    if not len(times_s):
        return 0.0
    usual = float(np.median(np.diff(times_s))) if len(times_s) > 1 else 0.0
    return float(times_s[-1]) + usual
