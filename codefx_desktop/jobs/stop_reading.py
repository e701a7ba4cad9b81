"""The stops of jobs that are done: read, found again from what is kept, and told anew."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING

from codefx_desktop.analysis.anatomy import anatomy
from codefx_desktop.analysis.corrected_stops import corrected_stops
from codefx_desktop.analysis.corrections import active
from codefx_desktop.analysis.no_stop import why_no_stop
from codefx_desktop.analysis.stops import find_stops
from codefx_desktop.artifacts.job_json import write_job_json
from codefx_desktop.artifacts.stop_report import StopTold, write_stop_report
from codefx_desktop.domain.errors import CodefxError, HistoryError, JobStateError
from codefx_desktop.domain.run import Cancelled
from codefx_desktop.jobs.corrected_seen import corrected_seen
from codefx_desktop.jobs.review_run import laid_over
from codefx_desktop.jobs.review_stops import corrected_observations
from codefx_desktop.jobs.stop_carry import carried_classic, carry_over
from codefx_desktop.jobs.stop_noting import note_job
from codefx_desktop.jobs.stop_showing import shown_stop
from codefx_desktop.jobs.stop_values import (
    FactsShared,
    StopsRead,
    StopState,
    joined_facts,
)
from codefx_desktop.jobs.work import layout_of
from codefx_desktop.jobs.zone_stage import tell_zones
from codefx_desktop.settings.templates import event_kinds
from codefx_desktop.store.detections import DetectionReader
from codefx_desktop.store.review_file import ReviewFile
from codefx_desktop.store.stop_file import replace_stops
from codefx_desktop.store.stop_rows import StopBasis

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from codefx_desktop.artifacts.layout import JobLayout
    from codefx_desktop.domain.camera_profile import CameraProfile
    from codefx_desktop.domain.job import JobRecord
    from codefx_desktop.domain.observations import Observations
    from codefx_desktop.domain.run import CancelSignal
    from codefx_desktop.domain.stop import PitStop, StopFacts
    from codefx_desktop.store.history import History

RUN_AGAIN = "Run the clip again with the pit stop profile."


def reanalyse(
    layout: JobLayout, camera: CameraProfile, confidence: float, *, by_hand: bool = False
) -> tuple[StopTold, ...]:
    """Find a job's stops again from what is kept of its clip; no picture is looked at.

    What a person said about the stops, and events that a person confirmed or edited, stay; the
    stops' report and that of the time in zones are written anew.

    Args:
        layout: The job's folder.
        camera: What is known of the camera now.
        confidence: Fainter detections do not count for the time in zones.
        by_hand: A person said for this clip which end is the front.

    Returns:
        The stops as they are stored then, each with what follows from it.

    Raises:
        JobStateError: If nobody looked for stops in that job.
        HistoryError: If what is stored of the job cannot be read.
        NotWritable: If it cannot be written.
        NoSpace: If the disk is full.
    """
    with DetectionReader(layout.detections) as reader:
        before, basis = reader.stops(), reader.stop_basis()
        if before is None or basis is None:
            raise JobStateError("Pit stops were not taken apart in this job.", hint=RUN_AGAIN)
        seen, run = reader.observations(flow_later=True), reader.run
    with ReviewFile(layout.review) as file:
        steps = laid_over(file.steps(), run)
    ops = active(steps)
    seen = corrected_observations(seen, ops)
    template = basis.template
    found = find_stops(seen, template, camera)
    stops = tuple(carry_over(stop, before) for stop in found)
    if steps:  # what was said of events stands in the log, not in the stops as they were
        stops = tuple(
            replace(stop, events=new.events) for stop, new in zip(stops, found, strict=True)
        )
    if by_hand:
        stops = tuple(map(_said_by_hand, stops))
    stops, _ = corrected_stops(stops, ops)
    told = _store(layout, stops, StopBasis(template, camera), seen)
    tell_zones(layout, seen, camera, stops, confidence)
    return told


def _store(
    layout: JobLayout, stops: Sequence[PitStop], basis: StopBasis, seen: Observations | None
) -> tuple[StopTold, ...]:
    """Put stops in the place of those that are stored, and write their report anew."""
    replace_stops(layout.detections, stops, basis)
    told = tuple(
        StopTold(stop, anatomy(stop, basis.template, basis.camera, seen)) for stop in stops
    )
    write_stop_report(layout, told)
    return told


class StopFiles:
    """Reads and changes the stops of jobs; every call blocks and belongs on a worker.

    Args:
        history: Knows the jobs; keeps their classic times.
        changing: Held while a job's stops are read and written again.
    """

    def __init__(self, history: History, changing: threading.Lock | None = None) -> None:
        self._history = history
        self._changing = changing or threading.Lock()

    def read(self, job_id: str, cancel: CancelSignal) -> StopsRead:
        """Return the stops of a job.

        Raises:
            UnknownJob: If there is none of this id.
            HistoryError: If what is stored of it cannot be read.
            Cancelled: If nobody waits for the answer any more.
        """
        record = self._history.get(job_id)
        if not record.status.is_final:
            return StopsRead(job_id, StopState.WAITING, "Stops are known when the job is done.")
        layout = layout_of(record)
        if not layout.detections.is_file():
            return _nothing(record)
        with DetectionReader(layout.detections) as reader:
            stops, basis = reader.stops(), reader.stop_basis()
            if stops is None or basis is None:
                return _nothing(record)
            try:
                seen: Observations | None = corrected_seen(layout, reader)
            except HistoryError:  # what needs no footage can be told all the same
                seen = None
        _check(cancel)
        if not stops:
            why = "" if seen is None else why_no_stop(seen)
            return StopsRead(job_id, StopState.NONE, why, template=basis.template.label)
        shown = []
        for stop in stops:
            _check(cancel)
            shown.append(shown_stop(stop, basis, seen))
        labels = {kind.kind: kind.label for kind in event_kinds()}
        return StopsRead(
            job_id,
            StopState.FOUND,
            stops=tuple(shown),
            template=basis.template.label,
            labels=labels,
            classic=record.classic,
        )

    def set_front(self, job_id: str, front_deg: float, mirrored: bool) -> JobRecord:
        """Find a job's stops again for a car that points another way; return the job then.

        Args:
            job_id: The job.
            front_deg: Where the car's front points on the picture: 0 right, 90 up.
            mirrored: Whether the picture shows left and right exchanged.

        Raises:
            CodefxError: As ``reanalyse`` does; or if the job has not ended.
        """
        record = self._ended(job_id)
        layout = layout_of(record)
        with DetectionReader(layout.detections) as reader:
            before, basis = reader.stops(), reader.stop_basis()
        if before is None or basis is None:
            raise _not_taken_apart(record)
        camera = replace(basis.camera, front_deg=front_deg % 360.0, mirrored=mirrored)
        with self._changing:
            told = reanalyse(layout, camera, record.spec.confidence, by_hand=True)
        classic = carried_classic(record.classic, before, [one.stop for one in told])
        self._history.set_stops(job_id, len(told), classic)
        note_job(self._history, job_id)
        return self._told(job_id)

    def set_facts(self, job_id: str, number: int, facts: StopFacts) -> JobRecord:
        """Put what a person says about a stop in the place of what was said.

        Raises:
            CodefxError: If the job has no such stop, or it cannot be written.
        """
        record = self._ended(job_id)
        self._change_facts(record, lambda stop: facts if stop.number == number else stop.facts)
        return record

    def share_facts(self, job_ids: Sequence[str], facts: StopFacts) -> FactsShared:
        """Say the same about all stops of several jobs; what is not filled in stays there."""
        done, left_out = [], []
        for job_id in job_ids:
            try:
                record = self._ended(job_id)
                self._change_facts(record, lambda stop: joined_facts(stop.facts, facts))
                done.append(record)
            except CodefxError as error:
                left_out.append(str(error))
        return FactsShared(tuple(done), tuple(left_out))

    def set_classic(self, job_id: str, name: str, value_s: float | None) -> JobRecord:
        """Correct one of the seven classic times in the history; return the job then.

        Raises:
            CodefxError: If there is no such job, or it cannot be written.
            ValueError: If there is no such time, or it cannot be that long.
        """
        self._ended(job_id)
        self._history.set_classic(job_id, name, value_s)
        return self._told(job_id)

    def _told(self, job_id: str) -> JobRecord:
        """Return a job, its own file telling the same as the history."""
        record = self._history.get(job_id)
        write_job_json(record, layout_of(record))
        return record

    def _ended(self, job_id: str) -> JobRecord:
        record = self._history.get(job_id)
        if not record.status.is_final:
            raise JobStateError(
                f"The job of {record.input_filename} has not ended.",
                hint="Wait until it is done.",
                job_id=job_id,
            )
        return record

    def _change_facts(self, record: JobRecord, facts_of: Callable[[PitStop], StopFacts]) -> None:
        layout = layout_of(record)
        with self._changing:
            with DetectionReader(layout.detections) as reader:
                stops, basis = reader.stops(), reader.stop_basis()
                if not stops or basis is None:
                    raise _not_taken_apart(record)
                try:
                    seen: Observations | None = corrected_seen(layout, reader)
                except HistoryError:
                    seen = None
            _store(layout, [replace(stop, facts=facts_of(stop)) for stop in stops], basis, seen)
        note_job(self._history, record.id)


def _nothing(record: JobRecord) -> StopsRead:
    """Return that there is nothing, and why."""
    if not record.spec.plan.events:
        why = "This job was not asked to take pit stops apart."
        return StopsRead(record.id, StopState.NOT_ASKED, f"{why} {RUN_AGAIN}")
    why = f"The job ended ({record.status.value.lower()}) before stops were looked for."
    return StopsRead(record.id, StopState.WAITING, why)


def _not_taken_apart(record: JobRecord) -> JobStateError:
    return JobStateError(
        f"There are no pit stops in the job of {record.input_filename}.",
        hint=RUN_AGAIN,
        job_id=record.id,
    )


def _said_by_hand(stop: PitStop) -> PitStop:
    return replace(stop, heading=replace(stop.heading, source="manual"))


def _check(cancel: CancelSignal) -> None:
    if cancel.is_set():
        raise Cancelled
