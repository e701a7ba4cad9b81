"""A job's review with changes applied at once, before the desk has kept them.

Pure and quick enough for the main thread: a handful of events. What needs to look at the whole
clip again (detections, stops, suspicions) stays as it was until that has been done.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np

from codefx_desktop.analysis.correction_walk import is_quick, walked
from codefx_desktop.analysis.corrections import (
    active,
    corrected,
    further,
    marks_of,
    retrack_op,
    thresholds_of,
)
from codefx_desktop.domain.corrected import CorrectedObjects
from codefx_desktop.domain.edit import ChooseOp, EditStep, EventOp, MarkOp, ThresholdOp
from codefx_desktop.domain.edit_log import said
from codefx_desktop.jobs.review_run import names_places
from codefx_desktop.jobs.review_values import EditDeed, ReviewState

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import numpy.typing as npt

    from codefx_desktop.domain.edit import EditOp, RetrackOp
    from codefx_desktop.domain.events import Event
    from codefx_desktop.jobs.review_values import Retracked, ReviewRead, StopsAgain
    from codefx_desktop.jobs.stop_values import StopShown


def gone_on(read: ReviewRead, deed: EditDeed, text: str, ops: tuple[EditOp, ...]) -> ReviewRead:
    """Return a review after a new step, or after the next one to be redone; its boxes as before.

    Args:
        read: The review.
        deed: ``DO`` or ``REDO``.
        text: What is done.
        ops: What it does.
    """
    if deed is EditDeed.REDO:
        again, *later = read.redoable
        steps, redo = _flagged(read.steps, again, is_undone=False), tuple(later)
    else:
        number = 1 + max((step.number for step in read.steps), default=0)
        at = datetime.now(UTC).isoformat(timespec="seconds")
        steps, redo = (*read.steps, EditStep(number, at, "", text, ops)), ()
    events = [(op.stop, op.after) for op in ops if isinstance(op, EventOp)]
    return replace(_with(read, steps, ops, events), redoable=redo)


def taken_back(read: ReviewRead, ops: Sequence[EditOp]) -> ReviewRead:
    """Return a review after its last step was taken back; its boxes as before.

    Args:
        read: The review.
        ops: What the step did.
    """
    last = max(step.number for step in read.steps if not step.is_undone)
    steps = _flagged(read.steps, last, is_undone=True)
    events = [(op.stop, op.before) for op in reversed(ops) if isinstance(op, EventOp)]
    return replace(_with(read, steps, ops, events), redoable=(last, *read.redoable))


def as_told(
    read: ReviewRead, steps: tuple[EditStep, ...], redo: tuple[int, ...] = ()
) -> ReviewRead:
    """Return a review in which these steps are what was done; its stops stay as they are shown.

    Works all its detections out again, which may take seconds: for workers.
    """
    ops = active(steps)
    state = corrected(read.stored, read.numbers, ops)
    return replace(read, corrected=state, steps=steps, redoable=redo, marks=marks_of(ops))


def with_log(
    read: ReviewRead, steps: tuple[EditStep, ...], redo: tuple[int, ...] = ()
) -> ReviewRead:
    """Return the same with its detections as before: they are worked out afterwards."""
    return replace(read, steps=steps, redoable=redo, marks=marks_of(said(steps, MarkOp)))


def done_steps(read: ReviewRead) -> tuple[EditStep, ...]:
    """Return the steps that are not undone, in order: undo takes the last of them back."""
    return tuple(step for step in read.steps if not step.is_undone)


def stepped(
    read: ReviewRead, before: CorrectedObjects, ops: Sequence[EditOp]
) -> CorrectedObjects | None:
    """Return detections with a step more, if that takes no longer than a person notices."""
    return further(before, read.numbers, ops) if is_quick(ops) else None


def walk(
    read: ReviewRead,
    steps: Sequence[EditStep],
    nearest: Mapping[int, CorrectedObjects],
    most: int,
) -> dict[int, CorrectedObjects]:
    """Return what the first of some steps lead to, for the last few numbers; for workers.

    Args:
        read: The review.
        steps: Its steps that are not undone.
        nearest: What is known of that.
        most: As ``analysis.corrections.walked`` has it.

    Raises:
        ValueError: As ``analysis.corrections.further`` does.
    """
    known = {0: CorrectedObjects.measured(read.stored), **nearest}
    return walked(known, read.numbers, steps, most)


def boxes_said(steps: Iterable[EditStep]) -> tuple[tuple[int, str, bool], ...]:
    """Return what tells the steps that are about boxes and tracks from others."""
    return tuple((one.number, one.text, one.is_undone) for one in steps if names_places(one.ops))


def with_what_was_known(found: ReviewRead, before: ReviewRead) -> ReviewRead:
    """Return a job as it is read again with what takes longer to find, until that is found."""
    if before.state is not ReviewState.READY or found.state is not ReviewState.READY:
        return found
    return replace(
        found,
        found=before.found,
        differences=before.differences,
        suspicions=before.suspicions,
        zone_visits=before.zone_visits,
        zones=before.zones,
        motion=before.motion,
        sound=before.sound,
    )


def with_stops(read: ReviewRead, again: StopsAgain) -> ReviewRead:
    """Return a review with the stops that were found again."""
    return replace(
        read,
        found=again.found,
        stops=again.stops,
        differences=again.differences,
        suspicions=again.suspicions,
        zone_visits=again.zone_visits,
        zones=again.zones,
        motion=again.motion,
        sound=again.sound,
    )


def retrack_of(read: ReviewRead, found: Retracked) -> RetrackOp | None:
    """Return the op that gives a review's detections the tracks that were found again.

    What was drawn or deleted since the tracks were begun to be found keeps its track, or has
    none any more. None where nothing is to be changed.
    """
    state = read.corrected
    if state is None:
        return None
    tracks = found.tracks
    if state is not found.state:
        tracks = state.objects.track_id.copy()
        now = box_keys(state.objects.frame, state.box)
        then = box_keys(found.state.objects.frame, found.state.box)
        _, here, there = np.intersect1d(now, then, assume_unique=True, return_indices=True)
        tracks[here] = found.tracks[there]
    return None if np.array_equal(tracks, state.objects.track_id) else retrack_op(tracks)


def box_keys(frame: npt.NDArray[np.int32], box: npt.NDArray[np.int32]) -> npt.NDArray[np.int64]:
    """Return one number for each box, rising with frames and boxes; int64 (N,).

    Args:
        frame: int32 (N,), the places of their frames.
        box: int32 (N,), as ``CorrectedObjects`` has it.
    """
    keys: npt.NDArray[np.int64] = (frame.astype(np.int64) << 32) + box
    return keys


def kept_thresholds(steps: Iterable[EditStep]) -> dict[int, float]:
    """Return from which confidence on detections count, of each class a person set it for."""
    return thresholds_of(said(steps, ThresholdOp))


def active_ops(steps: Iterable[EditStep]) -> tuple[EditOp, ...]:
    """Return the ops of all steps that are not undone, in order."""
    return active(steps)


def _with(
    read: ReviewRead,
    steps: tuple[EditStep, ...],
    ops: Sequence[EditOp],
    events: Iterable[tuple[int, Event]],
) -> ReviewRead:
    stops = read.stops
    for number, event in events:
        stops = tuple(
            _with_event(one, event) if one.stop.number == number else one for one in stops
        )
    if any(isinstance(op, MarkOp | ChooseOp) for op in ops):
        return replace(read, steps=steps, stops=stops, marks=marks_of(said(steps, MarkOp)))
    return replace(read, steps=steps, stops=stops)


def _flagged(steps: tuple[EditStep, ...], number: int, *, is_undone: bool) -> tuple[EditStep, ...]:
    return tuple(
        replace(step, is_undone=is_undone) if step.number == number else step for step in steps
    )


def _with_event(shown: StopShown, event: Event) -> StopShown:
    """Return a stop with another event in its place; what follows from it follows later."""
    events = tuple(
        event if (one.kind, one.place) == (event.kind, event.place) else one
        for one in shown.stop.events
    )
    return replace(shown, stop=replace(shown.stop, events=events))
