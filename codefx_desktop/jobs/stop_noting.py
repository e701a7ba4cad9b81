"""Copies the stops of jobs from their own files to the history, where statistics ask for them.

Which files a job's stops were copied from is kept as their sizes and times of change: whoever
changes them - a run, a person, a fetch, another program - has them copied again, and what was
there before the history knew stops is copied once.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from codefx_desktop.analysis.breakdown import CORNER_DONE, breakdown, classic_durations
from codefx_desktop.analysis.instants import between, found_events
from codefx_desktop.artifacts.layout import JobLayout
from codefx_desktop.domain.errors import CodefxError
from codefx_desktop.domain.events import EventSource, EventStatus, Place
from codefx_desktop.domain.statistics import NotedDuration, NotedJob, NotedStop
from codefx_desktop.store.connection import tells_damage
from codefx_desktop.store.detections import DetectionReader

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from codefx_desktop.domain.breakdown import Breakdown, CornerDone
    from codefx_desktop.domain.events import Event
    from codefx_desktop.domain.run import CancelSignal
    from codefx_desktop.domain.stop import Duration, PitStop
    from codefx_desktop.domain.template import StopTemplate
    from codefx_desktop.store.history import History
    from codefx_desktop.store.history_stops import StopsNoted

log = logging.getLogger(__name__)

VERSION: Final = 1
"""Raised when other durations are kept: everything is copied again."""
AT_ONCE: Final = 50
"""So many jobs are written in one transaction: each costs a wait for the disk."""
CLASSIC_LABELS: Final = {
    "fuel_time_s": "Fuel (classic)",
    "front_left_tyre_time_s": "Tyre front left (classic)",
    "front_right_tyre_time_s": "Tyre front right (classic)",
    "back_left_tyre_time_s": "Tyre back left (classic)",
    "back_right_tyre_time_s": "Tyre back right (classic)",
    "driver_out_time_s": "Driver out (classic)",
    "driver_in_time_s": "Driver in (classic)",
}
_MAY_BE_NEGATIVE: Final = ("reaction",)
"""Who goes before the signal has a reaction below 0."""
_BY_HAND: Final = (EventStatus.CONFIRMED, EventStatus.EDITED)


def note_job(history: History, job_id: str) -> bool:
    """Copy a job's stops if its files are others than they were; return whether they are.

    Whoever changed a job's stops calls this. That the copy could not be made is no failure of
    theirs: it is made when statistics are next looked at.
    """
    try:
        changed = [one for one in map(_read_anew, history.stops_noted(job_id)) if one is not None]
        return bool(_note(history, changed))
    except CodefxError:
        log.warning("The stops of job %s were not counted yet", job_id, exc_info=True)
        return False


def note_all(
    history: History, cancel: CancelSignal, progress: Callable[[int, int], None] | None = None
) -> int:
    """Copy the stops of all jobs whose files are others than they were; return of how many.

    Args:
        history: Where the jobs are, and where the stops go.
        cancel: Ends it early; what was copied stays.
        progress: Is told how many jobs were looked at, of how many.

    Raises:
        HistoryError: If the history cannot be used.
    """
    jobs = history.stops_noted()
    done, waiting = 0, []
    for place, job in enumerate(jobs, start=1):
        if cancel.is_set():
            break
        if (noted := _read_anew(job)) is not None:
            waiting.append(noted)
        if len(waiting) == AT_ONCE:
            done += _note(history, waiting)
            waiting = []
        if progress is not None and place % AT_ONCE == 0:
            progress(place, len(jobs))
    return done + _note(history, waiting)


def signature_of(layout: JobLayout) -> str | None:
    """Return what tells the files that hold a job's stops; None where there is none."""
    found = _mark(layout.detections)
    if found is None:
        return None
    # What is written while somebody reads stays beside the file for a while.
    beside = _mark(layout.detections.with_name(f"{layout.detections.name}-wal"))
    return f"{VERSION} {found} {beside or '-'}"


def noted_stop(stop: PitStop, template: StopTemplate) -> NotedStop:
    """Return what the history keeps of a stop.

    Args:
        stop: The stop, with what a person said of it.
        template: How stops of its series go.
    """
    found = breakdown(stop, template)
    spans = (*_spans(stop, template, found), *_classic(stop))
    unique = {(one.name, one.place): one for one in reversed(spans)}
    durations = tuple(reversed(unique.values()))
    return NotedStop(
        stop.number, stop.template, template.label, _frame_of(stop), stop.facts, durations
    )


def _note(history: History, jobs: list[NotedJob]) -> int:
    if jobs:
        history.note_stops(jobs)
    return len(jobs)


def _read_anew(job: StopsNoted) -> NotedJob | None:
    """Return a job's stops as its files have them now; None where they are known, or not to be had.

    A damaged file has no stops. One that is busy or out of reach may have some: what is known
    stays, and the next look tries again.
    """
    layout = JobLayout(job.job_dir.parent.parent, job.job_id)
    signature = signature_of(layout)
    if signature is None or signature == job.signature:
        return None  # where the files are gone, what is known of the stops stays
    try:
        return NotedJob(job.job_id, signature, tuple(_stops_in(layout)))
    except CodefxError as error:
        log.warning("The stops of job %s cannot be counted", job.job_id, exc_info=True)
        return NotedJob(job.job_id, signature, ()) if tells_damage(error) else None


def _stops_in(layout: JobLayout) -> Iterator[NotedStop]:
    with DetectionReader(layout.detections) as reader:
        stops, basis = reader.stops(), reader.stop_basis()
    if not stops or basis is None:
        return
    for stop in stops:
        yield noted_stop(stop, basis.template)


def _spans(stop: PitStop, template: StopTemplate, found: Breakdown) -> Iterator[NotedDuration]:
    for one in (found.stationary, found.reaction, *found.durations, *found.synchrony):
        yield _noted(one)
    if any(kind == CORNER_DONE for kind, _ in template.slots):
        yield _until(stop, "first_corner", "Stop to first corner done", found.first_corner)
        yield _until(stop, "last_corner", "Stop to last corner done", found.last_corner)


def _until(stop: PitStop, name: str, label: str, corner: CornerDone | None) -> NotedDuration:
    """Return from when the car stood to when a corner was done, at that corner."""
    if corner is None:
        return NotedDuration(name, label, Place.NONE)
    ends = (("stop", Place.NONE), (CORNER_DONE, corner.place))
    return _noted(between(name, label, corner.place, ends, found_events(stop), stop.time_scale))


def _classic(stop: PitStop) -> Iterator[NotedDuration]:
    for one in classic_durations(stop):
        yield _noted(replace(one, label=CLASSIC_LABELS[one.name]))


def _noted(one: Duration) -> NotedDuration:
    if one.value_s is not None and one.value_s < 0.0 and one.name not in _MAY_BE_NEGATIVE:
        # An end before its begin is a contradiction for a person to solve, not a time.
        return NotedDuration(one.name, one.label, one.place)
    return NotedDuration(
        one.name, one.label, one.place, one.value_s, one.low_s, one.high_s, _is_confirmed(one)
    )


def _is_confirmed(one: Duration) -> bool:
    ends = (one.begins, one.ends)
    return one.value_s is not None and all(end is not None and _by_hand(end) for end in ends)


def _by_hand(event: Event) -> bool:
    return event.status in _BY_HAND or event.source is EventSource.MANUAL


def _frame_of(stop: PitStop) -> int | None:
    """Return the frame where the car comes to rest; otherwise that of the first event found."""
    rest = stop.event("stop")
    if rest is not None and rest.frame_number is not None:
        return rest.frame_number
    known = [
        (event.time_s, event.frame_number)
        for event in stop.events
        if event.time_s is not None and event.frame_number is not None
    ]
    return min(known)[1] if known else None


def _mark(path: Path) -> str | None:
    """Return size and time of change of a file; None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return f"{found.st_size}.{found.st_mtime_ns}"
