"""Writes a detections file; the format is written down in ``detections``."""

from __future__ import annotations

import json
import sqlite3
import uuid
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING, Any, Self

from codefx_desktop.domain.errors import CodefxError, NotWritable
from codefx_desktop.store.connection import BUSY_TIMEOUT_MS, is_damage, translated
from codefx_desktop.store.detection_format import (
    FORMAT_VERSION,
    RERUN_HINT,
    TABLES,
    transaction,
)
from codefx_desktop.store.finding_rows import add_frames, amend_frames
from codefx_desktop.store.signal_rows import put_motion, put_sound
from codefx_desktop.store.stop_rows import StopBasis, put_stops

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from types import TracebackType

    from codefx_desktop.domain.camera_profile import CameraProfile
    from codefx_desktop.domain.clip import FrameIndex
    from codefx_desktop.domain.findings import FrameFindings
    from codefx_desktop.domain.observations import Motion, Sound
    from codefx_desktop.domain.ports import FaceModelInfo, ModelInfo
    from codefx_desktop.domain.scene import Scene
    from codefx_desktop.domain.stop import PitStop
    from codefx_desktop.domain.template import StopTemplate


class DetectionWriter:
    """Writes what is found in one clip; a context manager that begins anew what is there already.

    Used by one worker at a time.

    Args:
        path: The file; its folder is made.
        index: Times of all frames of the clip.
        model: The detector; None where nobody looks for objects.
        segmenter: The segmenter; None where nobody looks for outlines.
        faces: The face finder; None where nobody looks for faces.

    Raises:
        NotWritable: On entering, if the file cannot be written.
        NoSpace: If the disk is full.
    """

    def __init__(
        self,
        path: Path,
        *,
        index: FrameIndex,
        model: ModelInfo | None,
        segmenter: ModelInfo | None = None,
        faces: FaceModelInfo | None = None,
    ) -> None:
        self._path = path
        self._index = index
        self._facts = {
            "model": model and _model_facts(model),
            "segmenter": segmenter and _model_facts(segmenter),
            "faces": faces
            and {"name": faces.name, "sha256": faces.sha256, "device": faces.device.name},
        }
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
        with translated(self._path, RERUN_HINT), transaction(self._open()) as connection:
            add_frames(connection, frames)
        self._last = numbers[-1]

    def amend(self, frames: Sequence[FrameFindings]) -> None:
        """Add or replace segments and faces of frames that are there, all or none.

        Args:
            frames: What was found, in any order; None leaves what is there, and detections are
                not looked at.

        Raises:
            ValueError: If a frame is not there or comes twice.
            NoSpace: If the disk is full.
        """
        numbers = [frame.number for frame in frames]
        if len(set(numbers)) < len(numbers):
            raise ValueError(f"frames {numbers} are not one each")
        with translated(self._path, RERUN_HINT), transaction(self._open()) as connection:
            amend_frames(connection, frames)

    def set_scenes(self, scenes: Sequence[Scene]) -> None:
        """Note the clip's scenes, in place of those that were noted before.

        Raises:
            ValueError: If they are not numbered 0, 1, 2, ...
            NoSpace: If the disk is full.
        """
        if [scene.number for scene in scenes] != list(range(len(scenes))):
            raise ValueError("the scenes are not numbered in order")
        rows = [(one.number, one.first, one.last, one.start_s, one.end_s) for one in scenes]
        with translated(self._path, RERUN_HINT), transaction(self._open()) as connection:
            connection.execute("DELETE FROM scenes")
            connection.executemany("INSERT INTO scenes VALUES (?, ?, ?, ?, ?)", rows)
            connection.execute(
                "INSERT OR REPLACE INTO meta VALUES ('scenes', ?)", (str(len(rows)),)
            )

    def set_picture(self, width: int, height: int, ends_s: float) -> None:
        """Note how large the clip's pictures are, and when the last one leaves the screen.

        Args:
            width: Of the upright full-size frame, pixels.
            height: Likewise.
            ends_s: Seconds from the first picture.

        Raises:
            NoSpace: If the disk is full.
        """
        facts = json.dumps({"width": width, "height": height, "ends_s": ends_s})
        with translated(self._path, RERUN_HINT), transaction(self._open()) as connection:
            connection.execute("INSERT OR REPLACE INTO meta VALUES ('picture', ?)", (facts,))

    def set_motion(self, motion: Motion) -> None:
        """Note what moved in the analysed frames, in place of what was noted before.

        Raises:
            NoSpace: If the disk is full.
        """
        with translated(self._path, RERUN_HINT), transaction(self._open()) as connection:
            put_motion(connection, motion)

    def set_sound(self, sound: Sound | None) -> None:
        """Note what was heard, in place of what was noted before; None: the clip has no sound.

        Raises:
            NoSpace: If the disk is full.
        """
        with translated(self._path, RERUN_HINT), transaction(self._open()) as connection:
            put_sound(connection, sound)

    def set_stops(
        self, stops: Sequence[PitStop], template: StopTemplate, camera: CameraProfile
    ) -> None:
        """Note the clip's stops, in place of those that were noted before.

        Args:
            stops: Numbered 1, 2, 3, ...
            template: By which they were found.
            camera: What was known of the camera, with the zones that were used.

        Raises:
            ValueError: If they are numbered otherwise.
            NoSpace: If the disk is full.
        """
        with translated(self._path, RERUN_HINT), transaction(self._open()) as connection:
            put_stops(connection, stops, StopBasis(template, camera))

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
        base = self._index.time_base
        return {
            "version": str(FORMAT_VERSION),
            "run": uuid.uuid4().hex,
            "state": "writing",
            "time_base": f"{base.numerator}/{base.denominator}",
            **{key: json.dumps(facts) for key, facts in self._facts.items()},
        }


def _model_facts(model: ModelInfo) -> dict[str, Any]:
    return {
        "name": model.path.name.encode(errors="backslashreplace").decode(),
        "sha256": model.sha256,
        "task": model.task,
        "class_names": list(model.class_names),
        "image_size_px": model.image_size_px,
        "device": model.device.name,
    }
