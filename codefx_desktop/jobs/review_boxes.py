"""Boxes and tracks that a person changes in a review, as ops; the analysis works them out.

Runs where it is called; what a range of frames needs belongs on a worker.
"""

from __future__ import annotations

import itertools
from functools import partial
from typing import TYPE_CHECKING, Final

import numpy as np

from codefx_desktop.analysis.propagate import carried_on, free_box, interpolated
from codefx_desktop.domain.detections import NO_TRACK
from codefx_desktop.domain.edit import BoxOp, BoxValue, TrackDeed, TrackOp
from codefx_desktop.domain.run import Cancelled
from codefx_desktop.jobs.until import NEVER

if TYPE_CHECKING:
    from collections.abc import Callable

    from codefx_desktop.domain.run import CancelSignal
    from codefx_desktop.jobs.review_values import ReviewRead

MOST_TRACK: Final = 2**31 - 1
"""The highest number that a track can have."""
NEAR_S: Final = 1.0
"""Tracks that a box may be mistaken for are seen so shortly before or after it."""


def new_box(read: ReviewRead, number: int, value: BoxValue) -> BoxOp:
    """Return the op that draws a box on a frame."""
    return BoxOp(number, free_box(read.steps), value)


def new_track(read: ReviewRead) -> int:
    """Return a track that no box of the job has, also none that was changed."""
    given = [op.other_id for step in read.steps for op in step.ops if isinstance(op, TrackOp)]
    drawn = [
        op.after.track_id
        for step in read.steps
        for op in step.ops
        if isinstance(op, BoxOp) and op.after is not None
    ]
    stored = int(read.stored.track_id.max(initial=NO_TRACK))
    now = NO_TRACK
    if read.corrected is not None:
        now = int(read.corrected.objects.track_id.max(initial=NO_TRACK))
    most = max(0, stored, now, *(one for one in given if one is not None), *drawn)
    if most < MOST_TRACK:
        return most + 1
    taken = {*given, *drawn, *read.stored.track_id.tolist()}
    if read.corrected is not None:
        taken.update(read.corrected.objects.track_id.tolist())
    return next(one for one in itertools.count(1) if one not in taken)


def box_value(read: ReviewRead, number: int, box: int) -> BoxValue | None:
    """Return a box as it is now; None where the frame has none such."""
    place = read.place_of(number)
    if place is None or read.corrected is None:
        return None
    rows = read.corrected.rows_of(place)
    hits = np.flatnonzero(read.corrected.box[rows] == box)
    if not len(hits):
        return None
    objects, row = read.corrected.objects, rows.start + int(hits[0])
    x1, y1, x2, y2 = objects.xyxy[row].tolist()
    return BoxValue((x1, y1, x2, y2), int(objects.class_id[row]), int(objects.track_id[row]))


def tracks_near(read: ReviewRead, number: int) -> tuple[tuple[int, int], ...]:
    """Return tracks seen about a frame, each with its class, in order of ids."""
    place = read.place_of(number)
    if place is None or read.corrected is None:
        return ()
    at = float(read.times_s[place])
    first, after = np.searchsorted(read.times_s, (at - NEAR_S, at + NEAR_S)).tolist()
    objects = read.corrected.objects
    begin, end = np.searchsorted(objects.frame, (first, after)).tolist()
    found = dict(
        zip(objects.track_id[begin:end].tolist(), objects.class_id[begin:end].tolist(), strict=True)
    )
    return tuple(sorted((track, of) for track, of in found.items() if track != NO_TRACK))


def corrected_before(read: ReviewRead, number: int, track_id: int) -> tuple[int, int] | None:
    """Return the nearest frame before on which a person put a box of a track, and that box."""
    best: tuple[int, int] | None = None
    for step in read.steps:
        for op in () if step.is_undone else step.ops:
            if not isinstance(op, BoxOp) or op.frame_number >= number:
                continue
            if best is None or op.frame_number >= best[0]:
                value = box_value(read, op.frame_number, op.box)
                if value is not None and value.track_id == track_id != NO_TRACK:
                    best = (op.frame_number, op.box)
    return best


def between(
    read: ReviewRead,
    first: tuple[int, int],
    last: tuple[int, int],
    progress: Callable[[float], None] = lambda _: None,
    cancel: CancelSignal = NEVER,
) -> tuple[BoxOp, ...]:
    """Return the ops that move a box evenly from one frame to another.

    Args:
        read: The review.
        first: Number of a frame and one of its boxes.
        last: Of a later frame, likewise; what lies between is changed.
        progress: Told how far it is, 0 to 1, now and then.
        cancel: Ends it early.

    Raises:
        LookupError: If one of the boxes is not there.
        Cancelled: If the signal was seen.
    """
    if read.corrected is None:
        return ()
    free, watch = free_box(read.steps), partial(_watch, progress, cancel)
    return interpolated(read.corrected, read.numbers, read.times_s, first, last, free, watch)


def over_range(
    read: ReviewRead,
    source: tuple[int, int],
    frames: tuple[int, int],
    progress: Callable[[float], None] = lambda _: None,
    cancel: CancelSignal = NEVER,
) -> tuple[BoxOp, ...]:
    """Return the ops that put a box on every frame of a range, its first and last included.

    Raises:
        LookupError: If the box is not there.
        Cancelled: If the signal was seen.
    """
    if read.corrected is None:
        return ()
    free, watch = free_box(read.steps), partial(_watch, progress, cancel)
    return carried_on(read.corrected, read.numbers, source, frames, free, watch)


def _watch(progress: Callable[[float], None], cancel: CancelSignal, fraction: float) -> None:
    if cancel.is_set():
        raise Cancelled
    progress(fraction)


def split(read: ReviewRead, track_id: int, number: int) -> TrackOp:
    """Return the op that makes a track another one from a frame on."""
    return TrackOp(TrackDeed.RELABEL, track_id, number, other_id=new_track(read))
