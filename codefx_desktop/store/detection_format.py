"""The tables of a detections file, its detections as bytes, and the sums over a chunk of them.

The format is written down in ``detections``.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from codefx_desktop.domain.detections import NO_TRACK, Detections
from codefx_desktop.domain.errors import HistoryError

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Sequence

FORMAT_VERSION = 1
RERUN_HINT = "Run the job again."
TABLES = {
    "meta": "(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    "frame_index": "(ticks BLOB NOT NULL, pts BLOB NOT NULL, keyframe BLOB NOT NULL)",
    "frames": "(number INTEGER PRIMARY KEY, ticks INTEGER NOT NULL, pts INTEGER,"
    " count INTEGER NOT NULL, data BLOB NOT NULL)",
    "class_counts": "(class_id INTEGER PRIMARY KEY, detections INTEGER NOT NULL)",
    "track_counts": "(track_id INTEGER NOT NULL, class_id INTEGER NOT NULL,"
    " detections INTEGER NOT NULL, first_frame INTEGER NOT NULL, last_frame INTEGER NOT NULL,"
    " best_confidence REAL NOT NULL, PRIMARY KEY (track_id, class_id)) WITHOUT ROWID",
}
DETECTION_BYTES = 26
_CLASSES = 1 << 16


def pack(detections: Detections) -> bytes:
    """Return the arrays of one frame, little-endian, one after the other."""
    return b"".join(
        (
            detections.xyxy.astype("<f4", copy=False).tobytes(),
            detections.confidence.astype("<f4", copy=False).tobytes(),
            detections.track_id.astype("<i4", copy=False).tobytes(),
            detections.class_id.astype("<i2", copy=False).tobytes(),
        )
    )


def unpack(data: bytes, count: int) -> Detections:
    """Return the detections that ``pack`` wrote; the arrays are read-only views of ``data``.

    Raises:
        HistoryError: If there are not ``count`` detections in it.
    """
    if len(data) != count * DETECTION_BYTES:
        raise HistoryError(
            f"The detections of a frame are damaged: {len(data)} bytes for {count} detections.",
            hint="Run the job again.",
        )
    return Detections(
        xyxy=_array(data, "<f4", 0, 4 * count).reshape(count, 4).astype(np.float32, copy=False),
        confidence=_array(data, "<f4", 16 * count, count).astype(np.float32, copy=False),
        track_id=_array(data, "<i4", 20 * count, count).astype(np.int32, copy=False),
        class_id=_array(data, "<i2", 24 * count, count).astype(np.int16, copy=False),
    )


def count_classes(chunk: Sequence[Detections]) -> list[tuple[int, int]]:
    """Return (class id, detections) for each class in a chunk."""
    if not chunk:
        return []
    ids, counts = np.unique(np.concatenate([item.class_id for item in chunk]), return_counts=True)
    return list(zip(ids.tolist(), counts.tolist(), strict=True))


def count_tracks(
    numbers: Sequence[int], chunk: Sequence[Detections]
) -> list[tuple[int, int, int, int, int, float]]:
    """Return the sums for each track and class in a chunk.

    Args:
        numbers: Frame number of each frame.
        chunk: Its detections.

    Returns:
        Track id, class id, detections, first frame, last frame, best confidence.
    """
    if not chunk:
        return []
    track = np.concatenate([item.track_id for item in chunk]).astype(np.int64)
    klass = np.concatenate([item.class_id for item in chunk]).astype(np.int64)
    confidence = np.concatenate([item.confidence for item in chunk]).astype(np.float64)
    frame = np.repeat(np.asarray(numbers, np.int64), [len(item) for item in chunk])
    tracked = track != NO_TRACK
    keys, where, counts = np.unique(
        (track * _CLASSES + klass)[tracked], return_inverse=True, return_counts=True
    )
    first = np.full(len(keys), np.iinfo(np.int64).max)
    last = np.full(len(keys), -1)
    best = np.zeros(len(keys))
    np.minimum.at(first, where, frame[tracked])
    np.maximum.at(last, where, frame[tracked])
    np.maximum.at(best, where, confidence[tracked])
    columns = (keys // _CLASSES, keys % _CLASSES, counts, first, last, best)
    return list(zip(*(column.tolist() for column in columns), strict=True))


def _array(data: bytes, dtype: str, offset: int, count: int) -> npt.NDArray[np.generic]:
    return np.frombuffer(data, dtype=dtype, count=count, offset=offset)


@contextmanager
def transaction(
    connection: sqlite3.Connection, kind: str = "IMMEDIATE"
) -> Iterator[sqlite3.Connection]:
    """Run a block as one transaction of an autocommit connection."""
    connection.execute(f"BEGIN {kind}")
    try:
        yield connection
        connection.execute("COMMIT")
    except BaseException:
        # A full disk ends the transaction by itself.
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
