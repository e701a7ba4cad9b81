"""A job's review with changes applied at once, before the desk has kept them.

Pure and quick enough for the main thread: arrays and a handful of events. What needs to look at
the whole clip again (stops, suspicions) stays as it was until the desk has done so.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeGuard

from codefx_desktop.analysis.corrections import (
    active,
    corrected,
    further,
    marks_of,
    thresholds_of,
)
from codefx_desktop.domain.edit import EventOp

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from codefx_desktop.domain.corrected import CorrectedObjects
    from codefx_desktop.domain.edit import EditOp, EditStep
    from codefx_desktop.domain.events import Event
    from codefx_desktop.jobs.review_values import ReviewRead
    from codefx_desktop.jobs.stop_values import StopShown


def done(read: ReviewRead, steps: tuple[EditStep, ...], ops: Sequence[EditOp]) -> ReviewRead:
    """Return a review in which these steps are what was done, the last of them with ``ops``."""
    state = None if read.corrected is None else further(read.corrected, read.numbers, ops)
    return _with(read, steps, state, [(op.stop, op.after) for op in ops if _is_event(op)])


def undone(
    read: ReviewRead,
    steps: tuple[EditStep, ...],
    ops: Sequence[EditOp],
    state: CorrectedObjects | None,
) -> ReviewRead:
    """Return a review in which these steps are what was done, and ``ops`` no longer.

    Args:
        read: The review.
        steps: As they are now.
        ops: What was taken back.
        state: The detections that follow, where they are known; None: they are made anew.
    """
    if state is None:
        state = corrected(read.stored, read.numbers, active(steps))
    events = [(op.stop, op.before) for op in reversed(ops) if _is_event(op)]
    return _with(read, steps, state, events)


def as_told(read: ReviewRead, steps: tuple[EditStep, ...]) -> ReviewRead:
    """Return a review in which these steps are what was done; its stops stay as they are shown."""
    return _with(read, steps, corrected(read.stored, read.numbers, active(steps)), ())


def kept_thresholds(steps: Iterable[EditStep]) -> dict[int, float]:
    """Return from which confidence on detections count, of each class a person set it for."""
    return thresholds_of(active(steps))


def active_ops(steps: Iterable[EditStep]) -> tuple[EditOp, ...]:
    """Return the ops of all steps that are not undone, in order."""
    return active(steps)


def _with(
    read: ReviewRead,
    steps: tuple[EditStep, ...],
    state: CorrectedObjects | None,
    events: Iterable[tuple[int, Event]],
) -> ReviewRead:
    stops = read.stops
    for number, event in events:
        stops = tuple(
            _with_event(one, event) if one.stop.number == number else one for one in stops
        )
    marks = marks_of(active(steps))
    return replace(read, steps=steps, corrected=state, stops=stops, marks=marks)


def _is_event(op: EditOp) -> TypeGuard[EventOp]:
    return isinstance(op, EventOp)


def _with_event(shown: StopShown, event: Event) -> StopShown:
    """Return a stop with another event in its place; what follows from it follows later."""
    events = tuple(
        event if (one.kind, one.place) == (event.kind, event.place) else one
        for one in shown.stop.events
    )
    return replace(shown, stop=replace(shown.stop, events=events))
