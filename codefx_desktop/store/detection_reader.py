"""Reads a detections file; the format is written down in ``detections``."""

from __future__ import annotations

import json
import sqlite3
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from codefx_desktop.domain.clip import FrameIndex, FrameTime
from codefx_desktop.domain.errors import HistoryError
from codefx_desktop.store.connection import BUSY_TIMEOUT_MS, translated
from codefx_desktop.store.detection_format import FORMAT_VERSION, RERUN_HINT, transaction, unpack

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from codefx_desktop.domain.detections import Detections

_BATCH_FRAMES = 256


@dataclass(frozen=True, slots=True, eq=False)
class StoredFrame:
    """What was found in one frame; the arrays are read-only."""

    number: int
    time: FrameTime
    detections: Detections


@dataclass(frozen=True, slots=True)
class TrackCount:
    """Sums over one track; its class is the one most of its detections have."""

    track_id: int
    class_id: int
    detections: int
    first_frame: int
    last_frame: int
    best_confidence: float


@dataclass(frozen=True, slots=True)
class DetectionSummary:
    """Sums over everything that is stored, at all confidences.

    Attributes:
        frames: Frames analysed so far.
        detections: Detections in them.
        complete: Whether the run that wrote them came to its end.
        classes: Detections of each class id.
        tracks: Each track, in the order of ids.
    """

    frames: int
    detections: int
    complete: bool
    classes: dict[int, int]
    tracks: tuple[TrackCount, ...]


class DetectionReader:
    """Reads one job's detections, also while another connection writes them.

    A context manager. It does not follow a run that begins the file anew: open another.

    Args:
        path: The file.

    Raises:
        HistoryError: If it is not there, damaged, or of a newer version.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        if not path.is_file():
            raise self._none()
        with translated(path, RERUN_HINT):
            self._connection = sqlite3.connect(
                path,
                timeout=BUSY_TIMEOUT_MS / 1000,
                isolation_level=None,
                check_same_thread=False,
            )
            try:
                self._connection.execute("PRAGMA query_only = ON")
                with self._making_sense():
                    self._model = self._understand()
            except BaseException:
                self._connection.close()
                raise

    def _understand(self) -> dict[str, Any]:
        # A run that died at its very beginning leaves a file without tables.
        query = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'meta'"
        if self._connection.execute(query).fetchone() is None:
            raise self._none()
        meta = dict(self._connection.execute("SELECT key, value FROM meta"))
        if not 1 <= int(meta["version"]) <= FORMAT_VERSION:
            raise HistoryError(
                f"The detections at {self._path} were written by a newer version of this program.",
                hint="Update the program, or run the job again.",
                path=self._path,
            )
        self._time_base = Fraction(meta["time_base"])
        return dict(json.loads(meta["model"]))

    def _none(self) -> HistoryError:
        return HistoryError(
            f"There are no detections at {self._path}.", hint=RERUN_HINT, path=self._path
        )

    @contextmanager
    def _making_sense(self) -> Iterator[None]:
        """Tell of values that this program would not have written as of any other damage."""
        try:
            yield
        except (LookupError, TypeError, ValueError, ArithmeticError) as error:
            raise HistoryError(
                f"The detections at {self._path} are damaged: {error}.",
                hint=RERUN_HINT,
                path=self._path,
            ) from error

    @property
    def model(self) -> dict[str, Any]:
        """The detector they come from: name, sha256, task, class_names, image_size_px, device."""
        return dict(self._model)

    @property
    def class_names(self) -> tuple[str, ...]:
        """Name of each class id."""
        return tuple(self._model["class_names"])

    def index(self) -> FrameIndex:
        """Return the times of all frames of the clip, analysed or not."""
        with translated(self._path, RERUN_HINT), self._making_sense():
            ticks, pts, keyframe = self._connection.execute(
                "SELECT ticks, pts, keyframe FROM frame_index"
            ).fetchone()
            return FrameIndex(
                np.frombuffer(ticks, "<i8").astype(np.int64),
                np.frombuffer(pts, "<i8").astype(np.int64),
                np.frombuffer(keyframe, "u1").astype(np.bool_),
                self._time_base,
            )

    def frame(self, number: int) -> StoredFrame | None:
        """Return one frame; None where it is not analysed (yet)."""
        with translated(self._path, RERUN_HINT):
            row = self._connection.execute(
                "SELECT number, ticks, pts, count, data FROM frames WHERE number = ?", (number,)
            ).fetchone()
        return None if row is None else self._stored(row)

    def frames(self, start: int = 0, stop: int | None = None) -> Iterator[StoredFrame]:
        """Yield the analysed frames from ``start`` up to, without, ``stop``, in order."""
        while True:
            with translated(self._path, RERUN_HINT):
                rows = self._connection.execute(
                    "SELECT number, ticks, pts, count, data FROM frames"
                    " WHERE number >= ? AND (? IS NULL OR number < ?) ORDER BY number LIMIT ?",
                    (start, stop, stop, _BATCH_FRAMES),
                ).fetchall()
            for row in rows:
                yield self._stored(row)
            if len(rows) < _BATCH_FRAMES:
                return
            start = rows[-1][0] + 1

    def count(self) -> int:
        """Return how many frames are analysed."""
        with translated(self._path, RERUN_HINT):
            return int(self._connection.execute("SELECT count(*) FROM frames").fetchone()[0])

    def summary(self) -> DetectionSummary:
        """Return the sums over everything that is stored."""
        with (
            translated(self._path, RERUN_HINT),
            transaction(self._connection, "DEFERRED") as connection,
        ):
            classes = dict(connection.execute("SELECT class_id, detections FROM class_counts"))
            state = connection.execute("SELECT value FROM meta WHERE key = 'state'").fetchone()[0]
            tracks = connection.execute(
                "SELECT track_id, class_id, detections, first_frame, last_frame, best_confidence"
                " FROM track_counts ORDER BY track_id, detections DESC, class_id"
            ).fetchall()
            frames = int(connection.execute("SELECT count(*) FROM frames").fetchone()[0])
        return DetectionSummary(
            frames,
            sum(classes.values()),
            state == "complete",
            classes,
            tuple(_joined(list(rows)) for _, rows in groupby(tracks, itemgetter(0))),
        )

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_error: object) -> None:
        """Close the file."""
        self.close()

    def _stored(self, row: tuple[int, int, int | None, int, bytes]) -> StoredFrame:
        number, ticks, pts, count, data = row
        return StoredFrame(number, FrameTime(ticks, self._time_base, pts), unpack(data, count))


def _joined(rows: list[tuple[int, int, int, int, int, float]]) -> TrackCount:
    """Join the sums of one track's classes, the most frequent class first."""
    track_id, class_id = rows[0][:2]
    _, _, detections, first, last, best = zip(*rows, strict=True)
    return TrackCount(track_id, class_id, sum(detections), min(first), max(last), max(best))
