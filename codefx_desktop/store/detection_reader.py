"""Reads a detections file; the format is written down in ``detections``."""

from __future__ import annotations

import json
import sqlite3
from contextlib import contextmanager
from fractions import Fraction
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from codefx_desktop.domain.clip import FrameIndex
from codefx_desktop.domain.errors import HistoryError
from codefx_desktop.domain.scene import Scene
from codefx_desktop.store.connection import BUSY_TIMEOUT_MS, translated
from codefx_desktop.store.detection_format import (
    FIRST_WITH_LOOKS,
    FIRST_WITH_STOPS,
    FORMAT_VERSION,
    RERUN_HINT,
    transaction,
)
from codefx_desktop.store.detection_summary import DetectionSummary, FaceTrackCount, TrackCount
from codefx_desktop.store.finding_rows import BOXES_ONLY, EVERYTHING, to_findings
from codefx_desktop.store.observed import (
    SeenObjects,
    picture_size,
    read_objects,
    read_observations,
)
from codefx_desktop.store.signal_rows import get_flow
from codefx_desktop.store.stop_rows import StopBasis, get_basis, get_stops
from codefx_desktop.store.stored_flow import KEPT_BYTES, StoredFlow, flow_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import numpy.typing as npt

    from codefx_desktop.domain.findings import FrameFindings
    from codefx_desktop.domain.observations import Observations
    from codefx_desktop.domain.stop import PitStop

_BATCH_FRAMES = 256
_BATCH_LOOKS = 32  # outlines of a full pit box take 25 kB a frame


class DetectionReader:
    """Reads what was found in one job's clip, also while another connection writes them.

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
                    self._understand()
            except BaseException:
                self._connection.close()
                raise

    def _understand(self) -> None:
        # A run that died at its very beginning leaves a file without tables.
        query = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'meta'"
        if self._connection.execute(query).fetchone() is None:
            raise self._none()
        meta = dict(self._connection.execute("SELECT key, value FROM meta"))
        version = int(meta["version"])
        if not 1 <= version <= FORMAT_VERSION:
            raise HistoryError(
                f"The detections at {self._path} were written by a newer version of this program.",
                hint="Update the program, or run the job again.",
                path=self._path,
            )
        self._time_base = Fraction(meta["time_base"])
        self._has_looks = version >= FIRST_WITH_LOOKS
        self._has_stops = version >= FIRST_WITH_STOPS
        self._run = str(meta.get("run", ""))
        names = ("model", "segmenter", "faces") if self._has_looks else ("model",)
        self._facts = {name: _facts(meta[name]) for name in names}

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
    def run(self) -> str:
        """What tells the run that found all this from every other; empty in older files."""
        return self._run

    @property
    def model(self) -> dict[str, Any] | None:
        """The detector: name, sha256, task, class_names, image_size_px, device.

        None where nobody looked for objects.
        """
        return self._copied("model")

    @property
    def segmenter(self) -> dict[str, Any] | None:
        """The segmenter, told as the detector; None where nobody looked for outlines."""
        return self._copied("segmenter")

    @property
    def faces(self) -> dict[str, Any] | None:
        """The face finder: name, sha256, device; None where nobody looked for faces."""
        return self._copied("faces")

    @property
    def class_names(self) -> tuple[str, ...]:
        """Name of each class id of the detector; none where nobody looked."""
        return self._names("model")

    @property
    def segment_class_names(self) -> tuple[str, ...]:
        """Name of each class id of the segmenter; none where nobody looked."""
        return self._names("segmenter")

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

    def frame(self, number: int) -> FrameFindings | None:
        """Return what was found in one frame; None where it is not analysed (yet)."""
        with translated(self._path, RERUN_HINT):
            row = self._connection.execute(
                f"{self._query(with_outlines=True)} WHERE number = ?", (number,)
            ).fetchone()
        return None if row is None else self._findings(row)

    def frames(
        self, start: int = 0, stop: int | None = None, *, with_outlines: bool = True
    ) -> Iterator[FrameFindings]:
        """Yield what was found in the analysed frames, in order.

        Args:
            start: Number of the first frame that is wanted.
            stop: Number of the first one after it that is not; None: up to the last.
            with_outlines: Without, segments and faces are not read and always None: for who only
                wants boxes, which are much the smaller part.
        """
        query = self._query(with_outlines=with_outlines)
        size = _BATCH_LOOKS if with_outlines and self._has_looks else _BATCH_FRAMES
        while True:
            with translated(self._path, RERUN_HINT):
                rows = self._connection.execute(
                    f"{query} WHERE number >= ? AND (? IS NULL OR number < ?)"
                    " ORDER BY number LIMIT ?",
                    (start, stop, stop, size),
                ).fetchall()
            for row in rows:
                yield self._findings(row)
            if len(rows) < size:
                return
            start = rows[-1][0] + 1

    def looked(self) -> tuple[int, ...]:
        """Return the numbers of the frames that have segments or faces, be there none in them."""
        if not self._has_looks:
            return ()
        query = "SELECT number FROM segments UNION SELECT number FROM faces ORDER BY number"
        with translated(self._path, RERUN_HINT):
            return tuple(number for (number,) in self._connection.execute(query))

    def scenes(self) -> tuple[Scene, ...] | None:
        """Return the clip's scenes; None where nobody looked for them to the end (yet)."""
        if not self._has_looks:
            return None
        with (
            translated(self._path, RERUN_HINT),
            self._making_sense(),
            transaction(self._connection, "DEFERRED") as connection,
        ):
            known = connection.execute("SELECT value FROM meta WHERE key = 'scenes'").fetchone()
            if known is None:
                return None
            rows = connection.execute(
                "SELECT number, first, last, start_s, end_s FROM scenes ORDER BY number"
            ).fetchall()
            if len(rows) != int(known[0]):
                raise ValueError(f"{len(rows)} of {known[0]} scenes")
            return tuple(Scene(*row) for row in rows)

    def objects(self, after: int = -1) -> SeenObjects:
        """Return the detections of all analysed frames behind one, as arrays.

        Args:
            after: Number of that frame.

        Raises:
            HistoryError: If the file is damaged.
        """
        with self._at_one_instant() as connection:
            return read_objects(connection, self._time_base, self.class_names, after)

    def size(self) -> tuple[int, int] | None:
        """Return width and height of the upright frame; None where the file does not tell (yet).

        Raises:
            HistoryError: If the file is damaged.
        """
        with self._at_one_instant() as connection:
            return picture_size(connection)

    def observations(
        self,
        size: tuple[int, int] | None = None,
        ends_s: float | None = None,
        known: SeenObjects | None = None,
        *,
        flow_later: bool = False,
    ) -> Observations:
        """Return all that was measured of the clip, over all frames analysed so far.

        Args:
            size: Width and height of the upright frame, for a file that does not tell.
            ends_s: When the last frame leaves the screen, likewise; without either it stays as
                long as frames usually do.
            known: What ``objects`` returned of the same file: it need not be read again.
            flow_later: Read the flow of a long clip where somebody looks at it, each time anew.

        Raises:
            HistoryError: If the file is damaged, or the size is not known.
        """
        with self._at_one_instant() as connection:
            return read_observations(
                connection,
                self._time_base,
                self.class_names,
                size=size,
                ends_s=ends_s,
                known=known,
                flow_of=self._stored_flow if flow_later else lambda _: None,
            )

    def _stored_flow(self, shape: tuple[int, ...]) -> StoredFlow | None:
        """Return what reads the flow of a long clip later; None where it can as well be read."""
        if not self._run or flow_bytes(shape) <= KEPT_BYTES:
            return None  # an older file does not tell whether it is still the same one then
        path, run = self._path, self._run

        def read(first: int) -> npt.NDArray[np.float16]:
            with DetectionReader(path) as reader:
                return reader.flow(run, first)

        return StoredFlow(shape, read)

    def flow(self, run: str, first: int) -> npt.NDArray[np.float16]:
        """Return the flow of one row of frames, float16 (N, rows, columns, 2); read-only.

        Args:
            run: Which run's.
            first: The first of the frames, by its place.

        Raises:
            HistoryError: If the file is of another run, or damaged.
        """
        if run != self._run:
            text = f"The detections at {self._path} are of another run by now."
            raise HistoryError(text, hint="Open the job again.", path=self._path)
        with self._at_one_instant() as connection:
            return get_flow(connection, first)

    def stops(self) -> tuple[PitStop, ...] | None:
        """Return the clip's stops; None where nobody looked for them to the end (yet)."""
        if not self._has_stops:
            return None
        with self._at_one_instant() as connection:
            return get_stops(connection)

    def stop_basis(self) -> StopBasis | None:
        """Return what the stops were found by; None where nobody looked for them (yet)."""
        if not self._has_stops:
            return None
        with self._at_one_instant() as connection:
            return get_basis(connection)

    @contextmanager
    def _at_one_instant(self) -> Iterator[sqlite3.Connection]:
        with (
            translated(self._path, RERUN_HINT),
            self._making_sense(),
            transaction(self._connection, "DEFERRED") as connection,
        ):
            yield connection

    def face_tracks(self) -> tuple[FaceTrackCount, ...]:
        """Return the sums over each track of faces, in the order of ids."""
        if not self._has_looks:
            return ()
        query = (
            "SELECT track_id, faces, first_frame, last_frame, best_confidence"
            " FROM face_tracks ORDER BY track_id"
        )
        with translated(self._path, RERUN_HINT):
            return tuple(FaceTrackCount(*row) for row in self._connection.execute(query))

    def count(self) -> int:
        """Return how many frames are analysed."""
        with translated(self._path, RERUN_HINT):
            return int(self._connection.execute("SELECT count(*) FROM frames").fetchone()[0])

    def summary(self) -> DetectionSummary:
        """Return the sums over everything that is stored."""
        with (
            translated(self._path, RERUN_HINT),
            self._making_sense(),
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
            tuple(TrackCount.joined(list(rows)) for _, rows in groupby(tracks, itemgetter(0))),
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

    def _copied(self, name: str) -> dict[str, Any] | None:
        facts = self._facts.get(name)
        return None if facts is None else dict(facts)

    def _names(self, name: str) -> tuple[str, ...]:
        facts = self._facts.get(name)
        with self._making_sense():
            return () if facts is None else tuple(facts["class_names"])

    def _query(self, *, with_outlines: bool) -> str:
        return EVERYTHING if with_outlines and self._has_looks else BOXES_ONLY

    def _findings(self, row: tuple[Any, ...]) -> FrameFindings:
        with self._making_sense():
            return to_findings(row, self._time_base)


def _facts(text: str) -> dict[str, Any] | None:
    facts = json.loads(text)
    return None if facts is None else dict(facts)
