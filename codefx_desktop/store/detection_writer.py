"""Writes a detections file; the format is written down in ``detections``."""

from __future__ import annotations

import json
import sqlite3
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING, Self

from codefx_desktop.domain.detections import Detections
from codefx_desktop.domain.errors import CodefxError, NotWritable
from codefx_desktop.store.connection import BUSY_TIMEOUT_MS, is_damage, translated
from codefx_desktop.store.detection_format import (
    FORMAT_VERSION,
    RERUN_HINT,
    TABLES,
    count_classes,
    count_tracks,
    pack,
    transaction,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from types import TracebackType

    from codefx_desktop.domain.clip import FrameIndex
    from codefx_desktop.domain.findings import FrameFindings
    from codefx_desktop.domain.ports import ModelInfo

_ADD_CLASS = """
INSERT INTO class_counts VALUES (?, ?)
ON CONFLICT DO UPDATE SET detections = detections + excluded.detections
"""
_ADD_TRACK = """
INSERT INTO track_counts VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET
    detections = detections + excluded.detections,
    first_frame = min(first_frame, excluded.first_frame),
    last_frame = max(last_frame, excluded.last_frame),
    best_confidence = max(best_confidence, excluded.best_confidence)
"""


class DetectionWriter:
    """Writes one job's detections; a context manager that begins anew what is there already.

    Args:
        path: The file; its folder is made.
        model: The detector they come from.
        index: Times of all frames of the clip.

    Raises:
        NotWritable: On entering, if the file cannot be written.
        NoSpace: If the disk is full.
    """

    def __init__(self, path: Path, *, model: ModelInfo, index: FrameIndex) -> None:
        self._path = path
        self._model = model
        self._index = index
        self._last = -1
        self._connection: sqlite3.Connection | None = None

    def __enter__(self) -> Self:
        """Begin the file, empty; a reader of an earlier run's file now sees this one."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise NotWritable(
                f"{self._path.parent} cannot be written: {error.strerror or error}.",
                hint="Choose another output folder or change its permissions.",
                path=self._path,
            ) from error
        with translated(self._path, RERUN_HINT):
            try:
                self._connection = self._begin()
            except sqlite3.DatabaseError as error:
                if not is_damage(error):
                    raise
                for suffix in ("", "-wal", "-shm", "-journal"):
                    self._path.with_name(self._path.name + suffix).unlink(missing_ok=True)
                self._connection = self._begin()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Note whether the run came to its end, and close the file."""
        connection, self._connection = self._connection, None
        if connection is None:
            return
        with ExitStack() as stack:
            if kind is not None:
                stack.enter_context(suppress(CodefxError))  # the first error is the one to tell
            stack.enter_context(translated(self._path, RERUN_HINT))
            stack.callback(connection.close)
            state = "complete" if kind is None else "partial"
            connection.execute("UPDATE meta SET value = ? WHERE key = 'state'", (state,))
            # Refused at once while somebody reads: then the file keeps its log for now.
            with suppress(sqlite3.OperationalError):
                connection.execute("PRAGMA journal_mode = DELETE")

    def append(self, frames: Sequence[FrameFindings]) -> None:
        """Add frames, all or none; readers see them when this returns.

        Args:
            frames: What was found in each, in ascending order of numbers, after those of earlier
                calls.

        Raises:
            ValueError: If the order or a time base is wrong.
            NoSpace: If the disk is full.
        """
        numbers = [frame.number for frame in frames]
        if any(
            after <= before for before, after in zip([self._last, *numbers], numbers, strict=False)
        ):
            raise ValueError(f"frames {numbers} after {self._last} are out of order")
        if any(frame.time.time_base != self._index.time_base for frame in frames):
            raise ValueError("a frame's time base is not the clip's")
        if not frames:
            return
        found = [frame.detections or Detections.empty() for frame in frames]
        rows = [
            (frame.number, frame.time.ticks, frame.time.pts, len(item), pack(item))
            for frame, item in zip(frames, found, strict=True)
        ]
        with translated(self._path, RERUN_HINT), transaction(self._open()) as connection:
            connection.executemany("INSERT INTO frames VALUES (?, ?, ?, ?, ?)", rows)
            connection.executemany(_ADD_CLASS, count_classes(found))
            connection.executemany(_ADD_TRACK, count_tracks(numbers, found))
        self._last = numbers[-1]

    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            raise ValueError("the writer is not open")
        return self._connection

    def _begin(self) -> sqlite3.Connection:
        # The pipeline enters here and appends from a stage's worker: one at a time, not one thread.
        connection = sqlite3.connect(
            self._path,
            timeout=BUSY_TIMEOUT_MS / 1000,
            isolation_level=None,
            check_same_thread=False,
        )
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            with transaction(connection):
                for name, columns in TABLES.items():
                    connection.execute(f"DROP TABLE IF EXISTS {name}")
                    connection.execute(f"CREATE TABLE {name} {columns}")
                connection.executemany("INSERT INTO meta VALUES (?, ?)", self._meta().items())
                connection.execute(
                    "INSERT INTO frame_index VALUES (?, ?, ?)",
                    (
                        self._index.ticks.astype("<i8").tobytes(),
                        self._index.pts.astype("<i8").tobytes(),
                        self._index.keyframe.astype("u1").tobytes(),
                    ),
                )
        except BaseException:
            connection.close()
            raise
        return connection

    def _meta(self) -> dict[str, str]:
        model, base = self._model, self._index.time_base
        facts = {
            "name": model.path.name.encode(errors="backslashreplace").decode(),
            "sha256": model.sha256,
            "task": model.task,
            "class_names": list(model.class_names),
            "image_size_px": model.image_size_px,
            "device": model.device.name,
        }
        return {
            "version": str(FORMAT_VERSION),
            "state": "writing",
            "model": json.dumps(facts),
            "time_base": f"{base.numerator}/{base.denominator}",
        }
