"""Detections and edits of a review drawn by a seed, and the plain way to apply them."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np

from codefx_desktop.analysis.corrections import marks_of, thresholds_of
from codefx_desktop.domain.edit import (
    BoxOp,
    BoxValue,
    EditOp,
    EventDeed,
    EventOp,
    Mark,
    MarkOp,
    ThresholdOp,
    TrackDeed,
    TrackOp,
)
from codefx_desktop.domain.events import Event, EventSource, EventStatus, Place
from codefx_desktop.domain.observations import Objects
from codefx_desktop.domain.stop import Heading

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy.typing as npt

    from codefx_desktop.domain.corrected import CorrectedObjects

TRACKS, CLASSES = 8, 3


def some_objects(rng: np.random.Generator, frames: int, most: int = 6) -> Objects:
    """Return detections of so many frames, 0 to ``most`` in each."""
    frame = np.repeat(np.arange(frames, dtype=np.int32), rng.integers(0, most + 1, frames))
    count = len(frame)
    corner = rng.uniform(0, 1000, (count, 2))
    return Objects(
        frame=frame,
        xyxy=np.hstack([corner, corner + rng.uniform(5, 200, (count, 2))]).astype(np.float32),
        confidence=rng.uniform(0.05, 1.0, count).astype(np.float32),
        class_id=rng.integers(0, CLASSES, count).astype(np.int16),
        track_id=rng.integers(-1, TRACKS, count).astype(np.int32),
        class_names=("car", "person", "wheel"),
    )


def some_op(rng: np.random.Generator, numbers: npt.NDArray[np.int32], step: int) -> EditOp:
    """Return an op of any kind; boxes drawn by hand are numbered by step, and met again later."""
    kind = rng.choice(["box", "box", "track", "track", "event", "mark", "threshold"])
    if kind == "box":
        box = int(rng.integers(0, 7)) if rng.random() < 0.6 else -1 - int(rng.integers(0, step + 1))
        # A box drawn by hand has one frame: its number tells which.
        place = int(rng.integers(len(numbers))) if box >= 0 else -box * 7 % len(numbers)
        return BoxOp(int(numbers[place]), box, None if rng.random() < 0.3 else some_box(rng))
    if kind == "track":
        first, last = sorted(int(one) for one in rng.choice(numbers, 2))
        deed = TrackDeed(rng.choice(list(TrackDeed)))
        return TrackOp(
            deed,
            int(rng.integers(TRACKS)),
            first,
            None if rng.random() < 0.5 else last,
            other_id=int(rng.integers(TRACKS + 4)),
            class_id=int(rng.integers(CLASSES)),
        )
    if kind == "event":
        return some_event_op(rng)
    if kind == "mark":
        at = float(rng.uniform(0, 10))
        mark = Mark(f"m{step}", int(at * 30), at, place=Place.FRONT, note="seen")
        return MarkOp(int(rng.integers(5)), None if rng.random() < 0.3 else mark)
    confidence = None if rng.random() < 0.3 else round(float(rng.random()), 3)
    return ThresholdOp(int(rng.integers(CLASSES)), confidence)


def some_box(rng: np.random.Generator) -> BoxValue:
    """Return a box as a person wants it."""
    x, y, w, h = (float(one) for one in rng.integers(1, 500, 4))
    return BoxValue((x, y, x + w, y + h), int(rng.integers(CLASSES)), int(rng.integers(-1, TRACKS)))


def some_event_op(rng: np.random.Generator) -> EventOp:
    """Return what a person says of an event."""
    at = float(rng.uniform(2, 6))
    before = Event("wheel_off", Place.FRONT_LEFT, at, at - 0.1, at + 0.1, int(at * 30),
                   EventSource.TRACK, EventStatus.PROPOSED, 0.8, {"seen": "yes"})  # fmt: skip
    after = Event("wheel_off", Place.FRONT_LEFT, at + 0.5, at + 0.5, at + 0.5, int(at * 30) + 15,
                  EventSource.MANUAL, EventStatus.EDITED)  # fmt: skip
    return EventOp(EventDeed.MOVE, 1, 1.5, before, after, "late", Heading(180.0, "arrival"))


Key = tuple[int, int]
Values = tuple[tuple[float, ...], float, int, int]
Plain = dict[Key, Values]


def plainly(objects: Objects, numbers: npt.NDArray[np.int32], ops: Iterable[EditOp]) -> Plain:
    """Return what ops make of detections, box by box: frame and box to xyxy, class, track."""
    boxes: Plain = {}
    for row in range(len(objects.frame)):
        frame = int(objects.frame[row])
        place = sum(1 for known in boxes if known[0] == int(numbers[frame]))
        boxes[int(numbers[frame]), place] = (
            tuple(map(float, objects.xyxy[row])),
            float(objects.confidence[row]),
            int(objects.class_id[row]),
            int(objects.track_id[row]),
        )
    for op in ops:
        if isinstance(op, BoxOp) and op.frame_number in numbers:
            boxes.pop((op.frame_number, op.box), None)
            if op.after is not None:
                value = op.after
                boxes[op.frame_number, op.box] = (value.xyxy, 1.0, value.class_id, value.track_id)
        elif isinstance(op, TrackOp):
            boxes = dict(filter(None, (_tracked(*item, op) for item in boxes.items())))
    return boxes


def _tracked(key: Key, value: Values, op: TrackOp) -> tuple[Key, Values] | None:
    last = 10**9 if op.last_frame is None else op.last_frame
    xyxy, confidence, class_id, track = value
    if op.first_frame <= key[0] <= last:
        if track == op.track_id:
            if op.deed is TrackDeed.DELETE:
                return None
            if op.deed is TrackDeed.RECLASS:
                class_id = op.class_id or 0
            else:
                track = op.other_id or 0
        elif track == op.other_id and op.deed is TrackDeed.SWAP:
            track = op.track_id
    return key, (xyxy, confidence, class_id, track)


def as_plain(state: CorrectedObjects, numbers: npt.NDArray[np.int32]) -> Plain:
    """Return corrected detections box by box."""
    one = state.objects
    return {
        (int(numbers[one.frame[row]]), int(state.box[row])): (
            tuple(map(float, one.xyxy[row])),
            float(one.confidence[row]),
            int(one.class_id[row]),
            int(one.track_id[row]),
        )
        for row in range(len(state.box))
    }


def state_hash(state: CorrectedObjects, ops: Iterable[EditOp]) -> str:
    """Return a hash of all that is shown: two states with the same hash look the same.

    Args:
        state: The detections.
        ops: The active ones, for marks and thresholds.
    """
    objects, digest = state.objects, hashlib.sha256()
    for array in (
        objects.frame,
        objects.xyxy,
        objects.confidence,
        objects.class_id,
        objects.track_id,
        state.box,
    ):
        digest.update(np.ascontiguousarray(array).data)
    kept = tuple(ops)
    told = (sorted(thresholds_of(kept).items()), sorted(marks_of(kept).items()))
    digest.update(repr(told).encode())
    return digest.hexdigest()
