"""The stops of a job under review: found again from corrected detections, and kept for everybody.

What the analysis finds is found from the detections as people corrected them, at the thresholds
they set; what they said of events is laid over it. The result takes the place of the stops in the
job's own file, so that whoever reads a job's stops reads the same.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from codefx_desktop.analysis.corrected_stops import corrected_stops
from codefx_desktop.analysis.corrections import corrected, thresholds_of
from codefx_desktop.analysis.stop_memory import StopMemory
from codefx_desktop.analysis.stops import find_stops
from codefx_desktop.analysis.suspicions import suspicions
from codefx_desktop.analysis.zone_visits import placed_zones, zone_visits
from codefx_desktop.artifacts.job_json import write_job_json
from codefx_desktop.artifacts.stop_report import StopTold, write_stop_report
from codefx_desktop.artifacts.zone_report import write_zone_report
from codefx_desktop.domain.edit import ChooseOp, DismissOp, EventOp, MarkOp
from codefx_desktop.domain.edit_log import steps_of
from codefx_desktop.domain.errors import HistoryError
from codefx_desktop.domain.observations import Observations
from codefx_desktop.domain.run import Cancelled
from codefx_desktop.domain.zone import ZoneAnchor
from codefx_desktop.jobs.give_back import give_back_memory
from codefx_desktop.jobs.review_settled import note_settled
from codefx_desktop.jobs.review_values import MovedOn, PlacedZone, StopsAgain, log_state
from codefx_desktop.jobs.stop_carry import carried_classic, with_facts
from codefx_desktop.jobs.stop_noting import note_job
from codefx_desktop.jobs.stop_showing import shown_stop
from codefx_desktop.jobs.work import layout_of
from codefx_desktop.store.detections import DetectionReader
from codefx_desktop.store.observed import SeenObjects
from codefx_desktop.store.review_file import ReviewFile
from codefx_desktop.store.stop_file import replace_stops

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from codefx_desktop.artifacts.layout import JobLayout
    from codefx_desktop.domain.corrected import CorrectedObjects, Suspicion
    from codefx_desktop.domain.edit import EditOp
    from codefx_desktop.domain.edit_log import LogEntry
    from codefx_desktop.domain.job import JobRecord
    from codefx_desktop.domain.observations import Objects
    from codefx_desktop.domain.run import CancelSignal
    from codefx_desktop.domain.stop import PitStop
    from codefx_desktop.domain.zone_visit import ZoneVisit
    from codefx_desktop.jobs.review_values import ReviewRead
    from codefx_desktop.store.history import History
    from codefx_desktop.store.stop_rows import StopBasis

CLASSES: Final = 2**15
"""So many class ids there are at most, from 0 on."""


@dataclass(frozen=True, slots=True, eq=False)
class _Found:
    """What was found from one state of the detections.

    Attributes:
        of: The detections as the job stored them.
        ops: What was done to them.
        basis: What stops were found by; None where nobody looked for any.
        stops: As the analysis finds them.
        visits: Who was in which zone; None where nobody looked.
        zones: Where zones are.
    """

    of: Objects
    ops: tuple[EditOp, ...]
    basis: StopBasis | None
    stops: tuple[PitStop, ...]
    visits: tuple[ZoneVisit, ...] | None
    zones: tuple[PlacedZone, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Seen:
    """What was measured of a job, as it is kept in memory.

    Attributes:
        of: The detections as they were read.
        run: The job, and which of its runs measured it; empty where its file does not tell.
        seen: All that was measured.
    """

    of: Objects
    run: tuple[str, str]
    seen: Observations

    def is_of(self, run: tuple[str, str], read: ReviewRead) -> bool:
        """Return whether what a job is read as now was measured by the same run."""
        return (
            run == self.run
            and run[1] != ""
            and np.array_equal(self.seen.numbers, read.numbers)
            and np.array_equal(self.seen.times_s, read.times_s)
        )


class StopFinder:
    """Finds and keeps the stops of jobs under review; every call blocks and belongs on a worker.

    What was measured of the job that was asked about last stays in memory: a threshold that is
    dragged must not read 100,000 frames again.

    Args:
        history: Knows the jobs; keeps how many stops they have and their classic times.
        changing: Held while a job's stops are read and written again.
    """

    def __init__(self, history: History, changing: threading.Lock) -> None:
        self._history, self._changing = history, changing
        self._lock = threading.Lock()
        self._seen: _Seen | None = None
        self._found: _Found | None = None
        self._memory = StopMemory()
        self._doubts: tuple[Objects, tuple[EditOp, ...], tuple[Suspicion, ...]] | None = None

    def again(
        self, read: ReviewRead, ops: Sequence[EditOp], revision: int, cancel: CancelSignal
    ) -> StopsAgain:
        """Find a job's stops again.

        Args:
            read: The job, with its corrected detections.
            ops: What people did, and thresholds that are only tried.
            revision: Is told with the answer.
            cancel: Ends it between its parts.

        Raises:
            Cancelled: If the signal was seen.
            HistoryError: If what is stored of the job cannot be read.
        """
        record = self._history.get(read.job_id)
        with DetectionReader(layout_of(record).detections) as reader:
            basis, stored = reader.stop_basis(), reader.stops() or ()
            seen = self._observed(read, reader)
        _check(cancel)
        if read.corrected is None:
            raise Cancelled
        objects = counted(read.corrected, thresholds_of(ops))
        seen = replace(seen, objects=objects)
        is_touched = bool(read.steps) or bool(ops)
        found = self._of(read, tuple(ops), basis, None if is_touched else stored, seen, cancel)
        stops = tuple(with_facts(stop, stored) for stop in found.stops)
        told, differences = corrected_stops(stops, ops)
        shown = []
        places = self._memory.places(seen)
        for stop in told if basis is not None else ():
            _check(cancel)
            shown.append(shown_stop(stop, basis, seen, places))  # type: ignore[arg-type]
        return StopsAgain(
            read.job_id,
            revision,
            stops,
            tuple(shown),
            differences,
            self._doubted(read),
            found.visits,
            found.zones,
            seen.motion,
            seen.sound,
            basis=basis,
            log=log_state(read.steps),
            run=read.run,
            is_corrected=is_touched,
        )

    def suspected(
        self, read: ReviewRead, ops: Sequence[EditOp], again: StopsAgain, cancel: CancelSignal
    ) -> StopsAgain | None:
        """Look for tracks that may have been mixed up, which takes longer than finding stops.

        Returns:
            The same stops with the suspicions; None where those that it has are these.

        Raises:
            Cancelled: If the signal was seen.
            HistoryError: If what is stored of the job cannot be read.
        """
        relevant = _of_detections(ops)
        with self._lock:
            kept = self._doubts
        if kept is not None and kept[0] is read.stored and kept[1] == relevant:
            return None if again.suspicions == kept[2] else replace(again, suspicions=kept[2])
        with DetectionReader(layout_of(self._history.get(read.job_id)).detections) as reader:
            seen = self._observed(read, reader)
        if read.corrected is None:
            return None
        objects = counted(read.corrected, thresholds_of(ops))
        try:
            found = suspicions(
                objects, seen.numbers, seen.times_s, seen.cuts, lambda: _check(cancel)
            )
        finally:
            give_back_memory()
        with self._lock:
            self._doubts = read.stored, relevant, found
        return replace(again, suspicions=found)

    def keep(self, again: StopsAgain) -> JobRecord | None:
        """Have everybody read these stops; return the job if it is another one then.

        The job's file, its reports, its row in the history and its ``job.json`` tell the same.
        Where the stops are as they were, the reports may not be: who was in a zone, and what the
        crew did, follows from the corrected detections too.

        Raises:
            MovedOn: If the stops were found of another run, by another basis or from other steps
                than there are now; nothing was changed.
            CodefxError: If it cannot be written.
        """
        record = self._history.get(again.job_id)
        if not record.status.is_final:
            return None  # it is run again: what it finds takes the place of these
        layout = layout_of(record)
        with self._changing, DetectionReader(layout.detections) as reader:
            before, basis = reader.stops(), reader.stop_basis()
            if before is None or basis is None:
                return None
            entries = _entries(layout)
            if again.run != reader.run or again.basis != basis:
                raise MovedOn
            if again.log != log_state(steps_of(entries)):
                raise MovedOn
            shown = [replace(one, stop=with_facts(one.stop, before)) for one in again.stops]
            stops = tuple(one.stop for one in shown)
            if stops != before:
                # The history first: a program that dies between the two does all of it again.
                classic = carried_classic(record.classic, before, stops)
                self._history.set_stops(again.job_id, len(stops), classic)
                replace_stops(layout.detections, stops, basis)
            if stops != before or again.is_corrected:
                write_stop_report(layout, [StopTold(one.stop, one.breakdown) for one in shown])
                write_zone_report(layout, again.zone_visits)
            run = reader.run
        changed = self._told(again.job_id) if stops != before else None
        note_settled(layout, entries, run)
        return changed

    # -- inside -------------------------------------------------------------------------------

    def _told(self, job_id: str) -> JobRecord:
        """Return a job whose stops are others, the history and its own file telling them."""
        note_job(self._history, job_id)
        record = self._history.get(job_id)
        write_job_json(record, layout_of(record))
        return record

    def _observed(self, read: ReviewRead, reader: DetectionReader) -> Observations:
        """Return all that was measured of the job; what was read before is not read again."""
        with self._lock:
            kept = self._seen
        if kept is not None and kept.of is read.stored:
            return kept.seen
        run = read.job_id, reader.run
        if kept is not None and kept.is_of(run, read):
            # Opened again: what moved in 100,000 frames takes a second to read.
            seen = replace(kept.seen, objects=read.stored)
            with self._lock:
                self._seen = _Seen(read.stored, run, seen)
            return seen
        with self._lock:
            self._seen, self._memory = None, StopMemory()  # there is no room for two of them
        del kept
        known = SeenObjects(read.numbers, read.times_s, read.stored)
        try:
            seen = reader.observations(known=known, flow_later=True)
        except HistoryError:
            if reader.stop_basis() is not None:
                raise
            seen = _boxes_only(read)  # stored before anybody looked for what moved
        with self._lock:
            self._seen = _Seen(read.stored, run, seen)
        give_back_memory()
        return seen

    def _doubted(self, read: ReviewRead) -> tuple[Suspicion, ...]:
        """Return the suspicions of a job that are known, be they of an older state."""
        with self._lock:
            kept = self._doubts
        return kept[2] if kept is not None and kept[0] is read.stored else read.suspicions

    def _of(
        self,
        read: ReviewRead,
        ops: tuple[EditOp, ...],
        basis: StopBasis | None,
        stored: tuple[PitStop, ...] | None,
        seen: Observations,
        cancel: CancelSignal,
    ) -> _Found:
        """Return what is found of the detections; what events are said to be changes nothing."""
        relevant = _of_detections(ops)
        with self._lock:
            kept = self._found
        is_same = kept is not None and (kept.of is read.stored and kept.ops == relevant)
        if kept is not None and is_same and kept.basis == basis:
            return kept
        stops = stored
        if stops is None:
            stops = () if basis is None else self._search(seen, basis, cancel)
        _check(cancel)
        visits: tuple[ZoneVisit, ...] | None = None
        zones: tuple[PlacedZone, ...] = ()
        if basis is not None and basis.camera.zones.zones:
            zones = _zones(stops, basis, seen)
            visits = zone_visits(seen, basis.camera, stops, read.job_confidence)
        found = _Found(read.stored, relevant, basis, stops, visits, zones)
        with self._lock:
            self._found = found
        give_back_memory()
        return found

    def _search(
        self, seen: Observations, basis: StopBasis, cancel: CancelSignal
    ) -> tuple[PitStop, ...]:
        """Find stops; what a change does not touch stays as it was found before it."""
        return find_stops(seen, basis.template, basis.camera, self._memory, lambda: _check(cancel))


def _of_detections(ops: Sequence[EditOp]) -> tuple[EditOp, ...]:
    """Return the ops that change detections or which of them count."""
    return tuple(op for op in ops if not isinstance(op, EventOp | MarkOp | DismissOp | ChooseOp))


def counted(state: CorrectedObjects, thresholds: Mapping[int, float]) -> Objects:
    """Return the detections that count: a class with a threshold of its own from there on.

    Args:
        state: All detections, as corrected.
        thresholds: Confidence by class id, of the classes a person set it for.
    """
    objects = state.objects
    if not thresholds:
        return objects
    known = max(len(objects.class_names), max(thresholds) + 1)
    least = np.zeros(min(known + 1, CLASSES), np.float32)
    for class_id, confidence in thresholds.items():
        if 0 <= class_id < len(least):
            least[class_id] = confidence
    # The last one is for classes without a name and a threshold.
    return objects.where(objects.confidence >= least[np.minimum(objects.class_id, len(least) - 1)])


def corrected_observations(seen: Observations, ops: Sequence[EditOp]) -> Observations:
    """Return what was measured of a clip with what people corrected in it."""
    state = corrected(seen.objects, seen.numbers, ops)
    return replace(seen, objects=counted(state, thresholds_of(ops)))


def _entries(layout: JobLayout) -> tuple[LogEntry, ...]:
    with ReviewFile(layout.review) as file:
        return file.entries()


def _boxes_only(read: ReviewRead) -> Observations:
    ends_s = float(read.times_s[-1]) if len(read.times_s) else 0.0
    places = np.searchsorted(read.numbers, [scene.first for scene in read.scenes[1:]])
    cuts = tuple(sorted({int(one) for one in places if 0 < one < len(read.numbers)}))
    size = (max(read.width, 1), max(read.height, 1))
    return Observations(*size, read.times_s, read.numbers, read.stored, None, None, cuts, ends_s)


def _zones(
    stops: Sequence[PitStop], basis: StopBasis, seen: Observations
) -> tuple[PlacedZone, ...]:
    zones = [PlacedZone(zone) for zone in placed_zones(None, basis.camera, seen)]
    on_car = {one.name for one in basis.camera.zones.zones if one.anchor is ZoneAnchor.CAR}
    for stop in stops:
        zones += [
            PlacedZone(zone, stop.number, stop.begins_s, stop.ends_s)
            for zone in placed_zones(stop.car, basis.camera, seen)
            if zone.name in on_car
        ]
    return tuple(zones)


def _check(cancel: CancelSignal) -> None:
    if cancel.is_set():
        raise Cancelled
