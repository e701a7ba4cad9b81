"""Changes the stops in a detections file that is finished: what a person corrected."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from codefx_desktop.domain.errors import HistoryError
from codefx_desktop.store.connection import BUSY_TIMEOUT_MS, translated
from codefx_desktop.store.detection_format import FIRST_WITH_STOPS, RERUN_HINT, transaction
from codefx_desktop.store.stop_rows import put_stops

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from codefx_desktop.domain.stop import PitStop
    from codefx_desktop.store.stop_rows import StopBasis


def replace_stops(path: Path, stops: Sequence[PitStop], basis: StopBasis | None = None) -> None:
    """Write stops in place of those that a detections file holds, all or none.

    Args:
        path: The file.
        stops: Numbered 1, 2, 3, ...
        basis: What they were found by; None: still the same.

    Raises:
        ValueError: If they are numbered otherwise.
        HistoryError: If the file is not there, damaged, or older than stops.
        NotWritable: If it cannot be written.
        NoSpace: If the disk is full.
    """
    if not path.is_file():
        raise HistoryError(f"There are no detections at {path}.", hint=RERUN_HINT, path=path)
    timeout = BUSY_TIMEOUT_MS / 1000
    with (
        translated(path, RERUN_HINT),
        closing(sqlite3.connect(path, timeout=timeout, isolation_level=None)) as connection,
    ):
        connection.execute("PRAGMA synchronous = FULL")
        with transaction(connection):
            version = connection.execute("SELECT value FROM meta WHERE key = 'version'").fetchone()
            if version is None or int(version[0]) < FIRST_WITH_STOPS:
                raise HistoryError(
                    f"The detections at {path} were written before stops were taken apart.",
                    hint=RERUN_HINT,
                    path=path,
                )
            put_stops(connection, stops, basis)
