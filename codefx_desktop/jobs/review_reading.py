"""The reviews of jobs: what is stored of a clip as columns, and the log of what people changed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from codefx_desktop.analysis.corrections import active, corrected, marks_of
from codefx_desktop.domain.detections import Detections
from codefx_desktop.domain.edit_log import redoable, steps_of
from codefx_desktop.domain.errors import HistoryError
from codefx_desktop.domain.job import JobStatus
from codefx_desktop.domain.observations import Objects
from codefx_desktop.domain.run import Cancelled
from codefx_desktop.jobs.review_log import ReviewLog, take_up
from codefx_desktop.jobs.review_run import held_back, laid_over
from codefx_desktop.jobs.review_stops import StopFinder
from codefx_desktop.jobs.review_values import (
    Edit,
    EditDeed,
    FrameLooks,
    Retracked,
    ReviewRead,
    ReviewState,
)
from codefx_desktop.jobs.stop_showing import shown_stop
from codefx_desktop.jobs.work import layout_of
from codefx_desktop.settings.templates import event_kinds
from codefx_desktop.store.detections import DetectionReader
from codefx_desktop.store.review_file import ReviewFile

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Sequence

    from codefx_desktop.artifacts.layout import JobLayout
    from codefx_desktop.domain.edit import EditOp, EditStep
    from codefx_desktop.domain.job import JobRecord
    from codefx_desktop.domain.ports import Tracker
    from codefx_desktop.domain.run import CancelSignal
    from codefx_desktop.jobs.review_log import Log
    from codefx_desktop.jobs.review_values import StopsAgain
    from codefx_desktop.store.history import History
    from codefx_desktop.store.observed import SeenObjects

USUAL_RATE_HZ: Final = 30.0
_TOLD_EVERY: Final = 100


class ReviewFiles:
    """Reads and changes the reviews of jobs; every call blocks and belongs on a worker.

    Args:
        history: Knows the jobs.
        new_tracker: Makes a tracker for footage of a rate, frames per second.
        changing: Held while a job's stops are read and written again.
    """

    def __init__(
        self, history: History, new_tracker: Callable[[float], Tracker], changing: threading.Lock
    ) -> None:
        self._history, self._new_tracker = history, new_tracker
        self._changing, self._finder = changing, StopFinder(history, changing)
        self._log = ReviewLog(history)

    def read(self, job_id: str, cancel: CancelSignal) -> ReviewRead:
        """Return all that is stored of a job, but what moved and was heard.

        Raises:
            UnknownJob: If there is none of this id.
            HistoryError: If what is stored of it cannot be read.
            Cancelled: If nobody waits for the answer any more.
        """
        record = self._history.get(job_id)
        layout = layout_of(record)
        if not layout.detections.is_file():
            return _nothing(record)
        take_up(layout)
        try:
            with DetectionReader(layout.detections) as reader:
                _check(cancel)
                found = _read(record, reader)
        except HistoryError:
            if record.status is JobStatus.PROCESSING:
                return _nothing(record)  # its file is being begun this moment
            raise
        _check(cancel)
        with ReviewFile(layout.review) as file:
            entries = file.entries()
            steps = steps_of(entries)
            conflicts = file.conflicts(steps)
        found = replace(found, conflicts=conflicts, held_back=held_back(steps, found.run))
        return _with_steps(found, steps, redoable(entries, steps))

    def grown(self, before: ReviewRead, cancel: CancelSignal) -> ReviewRead | None:
        """Return a running job with what it has stored since; None where that is nothing.

        Raises:
            CodefxError: As ``read`` does.
        """
        record = self._history.get(before.job_id)
        layout = layout_of(record)
        is_new = not len(before.numbers) or not layout.detections.is_file()
        if record.status is not JobStatus.PROCESSING or is_new:
            found = self.read(before.job_id, cancel)
            is_same = found.state is before.state and not len(found.numbers)
            return None if is_same else found
        try:
            with DetectionReader(layout.detections) as reader:
                if reader.run != before.run or reader.count() < len(before.numbers):
                    return self.read(before.job_id, cancel)  # it was begun anew
                more, scenes = reader.objects(before.processed_to), reader.scenes()
        except HistoryError:
            return None
        if not len(more.numbers):
            return None
        found = _joined(before, more)
        return _with_steps(replace(found, scenes=scenes or ()), before.steps, before.redoable)

    def edit(
        self,
        job_id: str,
        deed: EditDeed,
        text: str,
        ops: Sequence[EditOp],
        run: str = "",
        key: str = "",
    ) -> Log:
        """Add to a job's log; as ``review_log.ReviewLog.edit``."""
        return self._log.edit(Edit(job_id, deed, text, tuple(ops), run, key))

    def put_aside(self, edits: Sequence[Edit]) -> None:
        """Write down changes that there is no time to keep; as ``review_log.ReviewLog``."""
        self._log.put_aside(edits)

    def log_of(self, job_id: str) -> Log:
        """Return all steps of a job, and which redo brings back; as ``review_log.ReviewLog``."""
        return self._log.log_of(job_id)

    def stops_again(
        self, read: ReviewRead, ops: Sequence[EditOp], revision: int, cancel: CancelSignal
    ) -> StopsAgain:
        """Find a job's stops again; as ``review_stops.StopFinder.again``."""
        return self._finder.again(read, ops, revision, cancel)

    def suspected(
        self, read: ReviewRead, ops: Sequence[EditOp], again: StopsAgain, cancel: CancelSignal
    ) -> StopsAgain | None:
        """Look for tracks that were mixed up; as ``review_stops.StopFinder.suspected``."""
        return self._finder.suspected(read, ops, again, cancel)

    def keep_stops(self, again: StopsAgain) -> JobRecord | None:
        """Have everybody read these stops; as ``review_stops.StopFinder.keep``."""
        return self._finder.keep(again)

    def settle(self, job_id: str, cancel: CancelSignal) -> JobRecord | None:
        """Have everybody read the stops that follow from a job's log as it is on the disk.

        For a log that changed while nobody looked at the job. Return the job if it is another
        one then.

        Raises:
            MovedOn: If it changes this moment.
            Cancelled: If the signal was seen.
            CodefxError: If it cannot be read or written.
        """
        read = self.read(job_id, cancel)
        if read.state is not ReviewState.READY or not read.steps:
            return None
        finder = StopFinder(self._history, self._changing)  # the open job's stays in memory
        return finder.keep(finder.again(read, active(read.steps), 0, cancel))

    def looks_of(self, job_id: str, number: int) -> FrameLooks:
        """Return outlines and faces of one frame.

        Raises:
            CodefxError: If what is stored of the job cannot be read.
        """
        layout: JobLayout = layout_of(self._history.get(job_id))
        with DetectionReader(layout.detections) as reader:
            found = reader.frame(number)
            names = reader.segment_class_names
        if found is None:
            return FrameLooks(job_id, number)
        return FrameLooks(job_id, number, found.segments, found.faces, names)

    def retracked(
        self, read: ReviewRead, progress: Callable[[float], None], cancel: CancelSignal
    ) -> Retracked:
        """Join a job's detections into tracks again, as they are corrected; no picture is read.

        Args:
            read: The job.
            progress: Told 0 to 1, now and then.
            cancel: Ends it early.

        Raises:
            Cancelled: If the signal was seen.
            DeviceError: If the tracker's library cannot be used.
        """
        state = read.corrected
        if state is None:
            raise Cancelled
        objects, times_s = state.objects, read.times_s
        spans = np.diff(times_s)
        rate_hz = 1.0 / float(np.median(spans)) if len(spans) else USUAL_RATE_HZ
        tracker = self._new_tracker(rate_hz)
        tracks = np.full(len(objects.frame), -1, np.int32)
        edges = np.searchsorted(objects.frame, np.arange(len(times_s) + 1))
        for place, time_s in enumerate(times_s.tolist()):
            if not place % _TOLD_EVERY:
                _check(cancel)
                progress(place / len(times_s))
            rows = slice(int(edges[place]), int(edges[place + 1]))
            tracks[rows] = tracker.update(_detections(objects, rows), time_s).track_id
        return Retracked(read.job_id, state, tracks)


def _read(record: JobRecord, reader: DetectionReader) -> ReviewRead:
    """Return what a detections file tells, without any correction."""
    seen, size = reader.objects(), reader.size() or (0, 0)
    stops, basis = reader.stops() or (), reader.stop_basis()
    is_running = record.status is JobStatus.PROCESSING
    return ReviewRead(
        record.id,
        ReviewState.GROWING if is_running else ReviewState.READY,
        _why(record, reader, len(seen.numbers)),
        size[0],
        size[1],
        seen.numbers,
        seen.times_s,
        seen.objects,
        class_names=reader.class_names,
        job_confidence=record.spec.confidence,
        scenes=reader.scenes() or (),
        stops=() if basis is None else tuple(shown_stop(stop, basis, None) for stop in stops),
        template=None if basis is None else basis.template,
        labels={kind.kind: kind.label for kind in event_kinds()},
        processed_to=int(seen.numbers[-1]) if len(seen.numbers) else -1,
        has_outlines=reader.segmenter is not None,
        has_faces=reader.faces is not None,
        run=reader.run,
    )


def _with_steps(
    found: ReviewRead, steps: tuple[EditStep, ...], redo: tuple[int, ...]
) -> ReviewRead:
    steps = laid_over(steps, found.run)
    ops = active(steps)
    return replace(
        found,
        corrected=corrected(found.stored, found.numbers, ops),
        marks=marks_of(ops),
        steps=steps,
        redoable=redo,
    )


def _joined(before: ReviewRead, more: SeenObjects) -> ReviewRead:
    """Return a job with the frames that came since."""
    was, new = before.stored, more.objects
    frame = new.frame + np.int32(len(before.numbers))
    return replace(
        before,
        numbers=np.concatenate([before.numbers, more.numbers]),
        times_s=np.concatenate([before.times_s, more.times_s]),
        stored=Objects(
            np.concatenate([was.frame, frame]),
            np.concatenate([was.xyxy, new.xyxy]),
            np.concatenate([was.confidence, new.confidence]),
            np.concatenate([was.class_id, new.class_id]),
            np.concatenate([was.track_id, new.track_id]),
            was.class_names,
        ),
        processed_to=int(more.numbers[-1]),
    )


def _nothing(record: JobRecord) -> ReviewRead:
    """Return that nothing is stored of a job, and why."""
    if record.status is JobStatus.PROCESSING:
        why = "The job has just begun; what it finds appears here."
        return ReviewRead(record.id, ReviewState.GROWING, why)
    why = "The job waits in the queue; nothing was looked at yet."
    if record.status is not JobStatus.QUEUED:
        why = (
            f"The job ended ({record.status.value.lower()}) before anything was stored, or its "
            "files were removed. Run it again."
        )
    return ReviewRead(record.id, ReviewState.NONE, why)


def _why(record: JobRecord, reader: DetectionReader, frames: int) -> str:
    """Return what a person should know of what is stored."""
    said = []
    if not reader.class_names:
        said.append("Nobody looked for objects in this job: there are no boxes.")
    ended = record.status
    if ended.is_final and ended is not JobStatus.COMPLETE:
        said.append(f"The job ended early ({ended.value.lower()}) after {frames:,} frames.")
    return " ".join(said)


def _detections(objects: Objects, rows: slice) -> Detections:
    return Detections(
        objects.xyxy[rows],
        objects.confidence[rows],
        objects.class_id[rows],
        objects.track_id[rows],
    )


def _check(cancel: CancelSignal) -> None:
    if cancel.is_set():
        raise Cancelled
