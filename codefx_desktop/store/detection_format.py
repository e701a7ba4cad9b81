"""The tables of a detections file and how they are changed.

The format is written down in ``detections``.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

FORMAT_VERSION = 3
FIRST_WITH_LOOKS = 2
"""From this version on there are tables for what is not a detection."""
FIRST_WITH_STOPS = 3
"""From this version on there are tables for signals and stops."""
RERUN_HINT = "Run the job again."
_FOUND = "(number INTEGER PRIMARY KEY, count INTEGER NOT NULL, data BLOB NOT NULL)"
TABLES = {
    "meta": "(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    "frame_index": "(ticks BLOB NOT NULL, pts BLOB NOT NULL, keyframe BLOB NOT NULL)",
    "frames": "(number INTEGER PRIMARY KEY, ticks INTEGER NOT NULL, pts INTEGER,"
    " count INTEGER, data BLOB)",
    "segments": _FOUND,
    "faces": _FOUND,
    "scenes": "(number INTEGER PRIMARY KEY, first INTEGER NOT NULL, last INTEGER NOT NULL,"
    " start_s REAL NOT NULL, end_s REAL NOT NULL)",
    "class_counts": "(class_id INTEGER PRIMARY KEY, detections INTEGER NOT NULL)",
    "track_counts": "(track_id INTEGER NOT NULL, class_id INTEGER NOT NULL,"
    " detections INTEGER NOT NULL, first_frame INTEGER NOT NULL, last_frame INTEGER NOT NULL,"
    " best_confidence REAL NOT NULL, PRIMARY KEY (track_id, class_id)) WITHOUT ROWID",
    "face_tracks": "(track_id INTEGER PRIMARY KEY, faces INTEGER NOT NULL,"
    " first_frame INTEGER NOT NULL, last_frame INTEGER NOT NULL, best_confidence REAL NOT NULL)",
    "motion": "(first INTEGER PRIMARY KEY, data BLOB NOT NULL)",
    "sound": "(data BLOB NOT NULL)",
    "stops": "(number INTEGER PRIMARY KEY, version INTEGER NOT NULL, data TEXT NOT NULL)",
}


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
