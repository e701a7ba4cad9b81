"""A review desk without workers, and a job to review out of memory: 300 frames, two stops."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from gui.fake_stops import pit_stop, stops_read, template
from PySide6.QtCore import QObject, QTimer, Signal

from codefx_desktop.domain.corrected import CorrectedObjects, Suspicion
from codefx_desktop.domain.edit import EditStep, ThresholdOp
from codefx_desktop.domain.observations import Objects, Sound
from codefx_desktop.domain.outlines import Faces, Segments
from codefx_desktop.domain.run import Cancelled
from codefx_desktop.domain.scene import Scene
from codefx_desktop.domain.zone import Zone
from codefx_desktop.domain.zone_visit import Stay, ZoneVisit
from codefx_desktop.jobs.hand import Hand
from codefx_desktop.jobs.review_apply import as_told
from codefx_desktop.jobs.review_values import (
    EditDeed,
    EditKept,
    FrameLooks,
    PlacedZone,
    ReviewRead,
    ReviewState,
    StopsAgain,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from codefx_desktop.domain.edit import EditOp

FRAMES, RATE_HZ = 300, 30.0
CLASSES = ("car", "crew", "tyre")
TRACKS = 5
"""Of ``demo_objects``: track 1 is a car, 2 and 3 are crew, 4 and 5 tyres."""


def demo_objects(frames: int = FRAMES) -> Objects:
    """Return five tracks that move to the right, one box each in every frame."""
    frame = np.repeat(np.arange(frames, dtype=np.int32), TRACKS)
    track = np.tile(np.arange(1, TRACKS + 1, dtype=np.int32), frames)
    x1 = (100.0 * track + frame).astype(np.float32)
    y1 = (50.0 * track).astype(np.float32)
    return Objects(
        frame,
        np.stack([x1, y1, x1 + 80, y1 + 60], axis=1),
        np.tile(np.array([0.9, 0.8, 0.4, 0.7, 0.3], np.float32), frames),
        np.tile(np.array([0, 1, 1, 2, 2], np.int16), frames),
        track,
        CLASSES,
    )


def demo_review(job_id: str = "a", **fields: object) -> ReviewRead:
    """Return all that is known of a job; fields as given."""
    objects = demo_objects()
    read = stops_read(pit_stop(), job_id=job_id)
    values: dict[str, object] = {
        "job_id": job_id,
        "state": ReviewState.READY,
        "width": 1280,
        "height": 720,
        "numbers": np.arange(FRAMES, dtype=np.int32),
        "times_s": np.arange(FRAMES) / RATE_HZ,
        "stored": objects,
        "corrected": CorrectedObjects.measured(objects),
        "class_names": CLASSES,
        "job_confidence": 0.5,
        "scenes": (Scene(0, 0, 149, 0.0, 5.0), Scene(1, 150, 299, 5.0, 10.0)),
        "sound": Sound(
            100.0,
            np.abs(np.sin(np.arange(1000) / 20)).astype(np.float32) * 12,
            np.array([[2.2, 2.5], [3.4, 3.9]]),
        ),
        "found": tuple(one.stop for one in read.stops),
        "stops": read.stops,
        "suspicions": (Suspicion(2, 3, 120, 4.0, "Two crew crossed within 12 px.", 0.8),),
        "zone_visits": (
            ZoneVisit("Box", 2, "crew", (Stay(2.0, 4.0, (1.97, 2.0), (4.0, 4.03)),), 1),
        ),
        "zones": (PlacedZone(Zone("Box", ((200.0, 100.0), (900.0, 100.0), (900.0, 600.0)))),),
        "template": template(),
        "labels": read.labels,
        "processed_to": FRAMES - 1,
    }
    return ReviewRead(**{**values, **fields})


class FakeReviewDesk(QObject):
    """The same signals and calls as ``jobs.review_desk.ReviewDesk``; answers on the next turn."""

    read = Signal(object)
    edited = Signal(object)
    stops = Signal(object)
    looks_of_frame = Signal(object)
    changed = Signal(object)
    retracked = Signal(object)
    retracking = Signal(object)
    spreading = Signal(object)
    noticed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.calls: list[tuple[object, ...]] = []
        self.jobs: dict[str, ReviewRead] = {}
        self.looks: dict[int, FrameLooks] = {}
        self.refuses = ""
        """Why no change is kept; empty: all are."""
        self.stop = threading.Event()
        self.thinks: list[Callable[[], object]] | None = None
        """What is still worked out; None: all is at once."""
        self.job_id: str | None = None
        self.hand = Hand()
        self._revision = 0

    def of(self, name: str) -> list[tuple[object, ...]]:
        """Return the arguments of every call of a method."""
        return [call[1:] for call in self.calls if call[0] == name]

    # -- what the window calls ------------------------------------------------------------------

    def open(self, job_id: str) -> None:
        self.calls.append(("open", job_id))
        self.job_id = job_id
        self._soon(lambda: self._answer(job_id))

    def close(self) -> None:
        self.calls.append(("close",))
        self.job_id = None

    def edit(
        self, job_id: str, deed: EditDeed, text: str, ops: Sequence[EditOp], run: str = ""
    ) -> None:
        del run
        self.calls.append(("edit", job_id, deed, text, tuple(ops)))
        kept = self.jobs[job_id]
        if not self.refuses:
            kept = self.jobs[job_id] = _edited(kept, deed, text, tuple(ops))
        told = EditKept(job_id, deed, kept.steps, kept.redoable, why=self.refuses)
        self._soon(lambda: self.edited.emit(told))

    def find_stops(self, read: ReviewRead, ops: Sequence[EditOp], *, keeps: bool) -> int:
        self.calls.append(("find_stops", read.job_id, tuple(ops), keeps))
        self._revision += 1
        again = StopsAgain(
            read.job_id,
            self._revision,
            read.found,
            read.stops,
            read.differences,
            read.suspicions,
            read.zone_visits,
            read.zones,
            read.motion,
            read.sound,
        )
        self._soon(lambda: self.stops.emit(again))
        return self._revision

    def look_at(self, job_id: str, number: int) -> None:
        self.calls.append(("look_at", job_id, number))
        nothing = FrameLooks(job_id, number, Segments.empty(), Faces.empty())
        self._soon(lambda: self.looks_of_frame.emit(self.looks.get(number, nothing)))

    def retrack(self, read: ReviewRead) -> None:
        self.calls.append(("retrack", read.job_id))

    def work_out(
        self,
        kind: str,
        work: Callable[[], Any],
        receive: Callable[[Any], object],
        trouble: Callable[[str], object],
        /,
    ) -> None:
        del trouble
        self.calls.append(("work_out", kind))
        if self.thinks is None:
            receive(work())
        else:
            self.thinks.append(lambda: receive(work()))

    def spread(
        self,
        work: Callable[..., Any],
        receive: Callable[[Any], object],
        trouble: Callable[[str], object],
    ) -> None:
        self.calls.append(("spread",))
        stop = self.stop = threading.Event()

        def think() -> None:
            try:
                receive(work(self.spreading.emit, stop))
            except Cancelled:
                pass
            except LookupError as error:
                trouble(str(error))
            self.spreading.emit(None)

        self.spreading.emit(0.0)
        if self.thinks is None:
            think()
        else:
            self.thinks.append(think)

    def stop_spreading(self) -> None:
        self.stop.set()

    def shutdown(self) -> None:
        self.calls.append(("shutdown",))

    # -- what a test says -------------------------------------------------------------------------

    def put(self, read: ReviewRead) -> None:
        """Keep what a job has; tell it if the job is open."""
        self.jobs[read.job_id] = read
        if self.job_id == read.job_id:
            self.read.emit(read)

    def _answer(self, job_id: str) -> None:
        if job_id == self.job_id:
            none = ReviewRead(job_id, ReviewState.NONE, "Nothing is stored of this job.")
            self.read.emit(self.jobs.get(job_id, none))

    def _soon(self, act: object) -> None:
        QTimer.singleShot(0, self, act)


def _edited(read: ReviewRead, deed: EditDeed, text: str, ops: tuple[EditOp, ...]) -> ReviewRead:
    """Keep a deed as the log does."""
    steps, redoable = read.steps, read.redoable
    if deed is EditDeed.DO:
        step = EditStep(len(steps) + 1, "2025-11-21T14:03:22+00:00", "me", text, ops)
        steps, redoable = (*steps, step), ()
    elif deed is EditDeed.UNDO:
        last = max(one.number for one in steps if not one.is_undone)
        steps, redoable = _flagged(steps, last, is_undone=True), (last, *redoable)
    else:
        again, *later = redoable
        steps, redoable = _flagged(steps, again, is_undone=False), tuple(later)
    return as_told(read, steps, redoable)


def _flagged(steps: tuple[EditStep, ...], number: int, *, is_undone: bool) -> tuple[EditStep, ...]:
    return tuple(
        replace(one, is_undone=is_undone) if one.number == number else one for one in steps
    )


def threshold(class_id: int, confidence: float | None) -> ThresholdOp:
    """Return an op that is quick to tell from others."""
    return ThresholdOp(class_id, confidence)
