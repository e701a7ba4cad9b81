"""Detections as a person corrected them: what was measured with the ops applied in order.

Nothing is changed in place: arrays that no op touches are those that were given.
"""

from __future__ import annotations

import zlib
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING, Final, TypeVar

import numpy as np

from codefx_desktop.domain.corrected import CorrectedObjects
from codefx_desktop.domain.edit import (
    BoxOp,
    ChooseOp,
    MarkOp,
    RetrackOp,
    ThresholdOp,
    TrackDeed,
    TrackOp,
)
from codefx_desktop.domain.edit_log import holding
from codefx_desktop.domain.observations import Objects

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import numpy.typing as npt

    from codefx_desktop.domain.edit import EditOp, EditStep, Mark

__all__ = [
    "CorrectedObjects",
    "active",
    "corrected",
    "further",
    "is_quick",
    "marks_of",
    "retrack_op",
    "retracked",
    "thresholds_of",
    "walked",
]

BY_HAND: Final = 1.0
"""Confidence of a box that a person drew or changed: it counts, whatever the threshold."""

MOST_PIECES: Final = 2000
"""From more stretches on, copying row by row is faster."""
MOST_QUICK: Final = 64
"""So many boxes, or an eighth as many tracks, are changed among 1,000,000 within 20 ms."""
Number = TypeVar("Number", bound=np.generic)
Rows = np.ndarray[tuple[int], np.dtype[np.intp]]
Key = tuple[int, int]
"""A box: its frame, and its number there."""
_OF_BOXES: Final = frozenset({BoxOp, TrackOp, RetrackOp, ChooseOp})
"""What changes detections: by itself, or since an earlier step no longer holds."""


def active(steps: Iterable[EditStep]) -> tuple[EditOp, ...]:
    """Return the ops of all steps that hold, in order."""
    return tuple(op for step in holding(steps) for op in step.ops)


def thresholds_of(ops: Iterable[EditOp]) -> dict[int, float]:
    """Return from which confidence on detections count, of each class that a person set it for."""
    found: dict[int, float] = {}
    for op in ops:
        if isinstance(op, ThresholdOp):
            found.pop(op.class_id, None)
            if op.confidence is not None:
                found[op.class_id] = op.confidence
    return found


def marks_of(ops: Iterable[EditOp]) -> dict[int, Mark]:
    """Return the marks that are there, by number."""
    found: dict[int, Mark] = {}
    for op in ops:
        if isinstance(op, MarkOp):
            found.pop(op.mark, None)
            if op.after is not None:
                found[op.mark] = op.after
    return found


def corrected(
    objects: Objects, numbers: npt.NDArray[np.int32], ops: Iterable[EditOp]
) -> CorrectedObjects:
    """Return the detections of a clip with ops applied one after the other.

    Ops about frames that were not analysed change nothing.

    Args:
        objects: As they were measured.
        numbers: int32 (F,), number of each analysed frame, rising.
        ops: Of any kind; those about events, marks and thresholds are passed over.

    Raises:
        ValueError: If an op about a track lacks what its deed needs.
    """
    return further(CorrectedObjects.measured(objects), numbers, ops)


def further(
    before: CorrectedObjects, numbers: npt.NDArray[np.int32], ops: Iterable[EditOp]
) -> CorrectedObjects:
    """Return corrected detections with more ops applied: the same as with all at once.

    Args:
        before: What earlier ops led to.
        numbers: int32 (F,), number of each analysed frame, rising.
        ops: As for ``corrected``.

    Raises:
        ValueError: If an op about a track lacks what its deed needs.
    """
    state = before
    wanted = [op for op in ops if isinstance(op, BoxOp | TrackOp | RetrackOp)]
    for is_retrack, same in groupby(wanted, lambda op: isinstance(op, RetrackOp)):
        if not is_retrack:
            one_by_one = [op for op in same if isinstance(op, BoxOp | TrackOp)]
            state = _changed(state, numbers, one_by_one)
            continue
        for op in same:
            if isinstance(op, RetrackOp):
                state = retracked(state, op)
    return state


def is_quick(ops: Sequence[EditOp]) -> bool:
    """Return whether a step can be applied to what is before it at once, among any number of boxes.

    A choice cannot: a step further back no longer holds.
    """
    if len(ops) > MOST_QUICK:
        return _OF_BOXES.isdisjoint(map(type, ops))
    tracks = sum(isinstance(op, TrackOp) for op in ops)
    return 8 * tracks <= MOST_QUICK and not any(isinstance(op, RetrackOp | ChooseOp) for op in ops)


def walked(
    known: Mapping[int, CorrectedObjects],
    numbers: npt.NDArray[np.int32],
    steps: Sequence[EditStep],
    most: int,
) -> dict[int, CorrectedObjects]:
    """Return what the first steps of a log lead to, for the last few numbers of steps.

    Undo and redo go through these without any of them being worked out again.

    Args:
        known: What a number of first steps leads to; at least of 0: what was measured.
        numbers: int32 (F,), number of each analysed frame, rising.
        steps: Those that are not undone, in order.
        most: Before so many of the last steps that change any detections.

    Raises:
        ValueError: As ``further`` does.
    """
    changing = [at for at, step in enumerate(steps) if step.kinds & _OF_BOXES]
    first = changing[-most] if len(changing) >= most else 0
    begin = max(at for at in known if at <= first)
    state = known[begin]
    choices = [at for at in changing if ChooseOp in steps[at].kinds]
    if any(begin <= at < first for at in choices):
        state = further(known[0], numbers, active(steps[:first]))
    else:
        state = further(state, numbers, [op for step in steps[begin:first] for op in step.ops])
    found = {first: state}
    for at in range(first, len(steps)):
        if at in choices:  # an earlier step no longer holds
            state = further(known[0], numbers, active(steps[: at + 1]))
        else:
            state = known.get(at + 1) or further(state, numbers, steps[at].ops)
        found[at + 1] = state
    return found


def retracked(before: CorrectedObjects, op: RetrackOp) -> CorrectedObjects:
    """Return detections in the tracks that an op gives them; unchanged if it is about others.

    Raises:
        ValueError: If its tracks are damaged.
    """
    if op.count != len(before.box):
        return before  # the job was run again since
    try:
        tracks = np.frombuffer(zlib.decompress(op.tracks), "<i4").astype(np.int32)
    except zlib.error as error:
        raise ValueError(f"tracks that were found again are damaged: {error}") from error
    if len(tracks) != op.count:
        raise ValueError(f"tracks of {len(tracks)} boxes for {op.count}")
    return replace(before, objects=replace(before.objects, track_id=tracks))


def retrack_op(tracks: npt.NDArray[np.int32]) -> RetrackOp:
    """Return the op that gives all detections, in their order, these tracks, int32 (N,)."""
    return RetrackOp(len(tracks), zlib.compress(tracks.astype("<i4").tobytes(), 6))


def _changed(
    before: CorrectedObjects, numbers: npt.NDArray[np.int32], wanted: Sequence[BoxOp | TrackOp]
) -> CorrectedObjects:
    bench = _Bench(before, numbers, wanted)
    for is_box, same in groupby(wanted, lambda op: isinstance(op, BoxOp)):
        if is_box:
            bench.set_boxes([op for op in same if isinstance(op, BoxOp)])
        else:
            for op in same:
                if isinstance(op, TrackOp):
                    bench.change_track(op)
    return bench.result()


class _Bench:
    """Arrays being changed; rows of boxes that are not there yet lie at their end.

    Args:
        before: What is there.
        numbers: Numbers of the analysed frames.
        ops: All that will come: boxes they name get their rows here.
    """

    def __init__(
        self,
        before: CorrectedObjects,
        numbers: npt.NDArray[np.int32],
        ops: Sequence[BoxOp | TrackOp],
    ) -> None:
        self._before, self._numbers = before, numbers
        self._count = len(before.box)
        boxes = [op for op in ops if isinstance(op, BoxOp)]
        self._row_of, extra = self._find(boxes)
        was, more = before.objects, len(extra)
        # Copied only where something can change: 1,000,000 boxes are 26 MB.
        self._frame = _longer(was.frame, [index for index, _, _ in extra])
        self._box = _longer(before.box, [box for _, box, _ in extra])
        self._places = [place for _, _, place in extra]
        self._xyxy = _grown(was.xyxy, more) if boxes else was.xyxy
        self._confidence = _grown(was.confidence, more) if boxes else was.confidence
        self._class = _grown(was.class_id, more)
        self._track = _grown(was.track_id, more)
        self._is_there = np.ones(self._count + more, np.bool_)
        self._is_there[self._count :] = False

    def _find(self, ops: Sequence[BoxOp]) -> tuple[dict[Key, int], list[tuple[int, int, int]]]:
        """Return the row of each box that ops name, and those that have to be made.

        A box that was deleted earlier is made again: what it is to be stands in the op.

        Returns:
            Rows by frame number and box; and of each to be made its frame's place, its box, and
            the row before which it belongs.
        """
        keys = sorted({(op.frame_number, op.box) for op in ops}, key=_in_order)
        wanted = np.array(keys, np.int64).reshape(-1, 2)
        places = np.searchsorted(self._numbers, wanted[:, 0])
        is_known = places < len(self._numbers)
        is_known[is_known] = self._numbers[places[is_known]] == wanted[is_known, 0]
        edges = np.stack([places, places + 1]).astype(np.int32)
        starts, stops = np.searchsorted(self._before.objects.frame, edges)
        row_of: dict[Key, int] = {}
        extra: list[tuple[int, int, int]] = []
        every = zip(keys, places.tolist(), starts.tolist(), stops.tolist(), strict=True)
        for (key, index, start, stop), known in zip(every, is_known.tolist(), strict=True):
            if not known:
                continue
            row, place = self._row(key[1], start, stop)
            if row is None:
                row = self._count + len(extra)
                extra.append((index, key[1], place))
            row_of[key] = row
        return row_of, extra

    def _row(self, box: int, start: int, stop: int) -> tuple[int | None, int]:
        """Return the row of a box of a frame, or None; and the row before which it belongs."""
        boxes = self._before.box
        if box >= 0 and start + box < stop and boxes[start + box] == box:
            return start + box, start + box  # nothing of the frame was deleted before it
        if box < 0 and (start == stop or boxes[stop - 1] >= 0):
            return None, stop  # nobody has drawn in the frame yet
        mine = _in_order((0, box))
        there = boxes[start:stop].tolist()
        if box in there:
            return start + there.index(box), stop
        return None, start + sum(_in_order((0, one)) < mine for one in there)

    def set_boxes(self, ops: Sequence[BoxOp]) -> None:
        """Add, change and delete boxes; of several ops about one the last counts."""
        last: dict[int, BoxOp] = {}
        for op in ops:
            row = self._row_of.get((op.frame_number, op.box))
            if row is not None:
                last[row] = op
        gone = [row for row, op in last.items() if op.after is None]
        self._is_there[gone] = False
        kept = [(row, op.after) for row, op in last.items() if op.after is not None]
        if not kept:
            return
        rows = [row for row, _ in kept]
        self._is_there[rows] = True
        self._xyxy[rows] = [value.xyxy for _, value in kept]
        self._confidence[rows] = BY_HAND
        self._class[rows] = [value.class_id for _, value in kept]
        self._track[rows] = [value.track_id for _, value in kept]

    def change_track(self, op: TrackOp) -> None:
        """Do what is to be done to a track, in its range of frames."""
        mine = self._rows_of(op.track_id, op)
        match op.deed:
            case TrackDeed.DELETE:
                self._is_there[mine] = False
            case TrackDeed.RECLASS:
                self._class[mine] = _given(op.class_id, op)
            case TrackDeed.RELABEL:
                self._track[mine] = _given(op.other_id, op)
            case TrackDeed.SWAP:
                other_id = _given(op.other_id, op)
                theirs = self._rows_of(other_id, op)
                self._track[mine] = other_id
                self._track[theirs] = op.track_id

    def _rows_of(self, track_id: int, op: TrackOp) -> Rows:
        """Return the rows of a track in an op's range of frames, also of boxes that are gone."""
        end = len(self._numbers)
        first = int(np.searchsorted(self._numbers, op.first_frame))
        if op.last_frame is not None:
            end = int(np.searchsorted(self._numbers, op.last_frame, side="right"))
        stored = self._frame[: self._count]
        begin, stop = np.searchsorted(stored, np.array([first, end], stored.dtype))
        rows = begin + np.flatnonzero(self._track[begin:stop] == track_id)
        extra = self._frame[self._count :]
        is_its = (extra >= first) & (extra < end) & (self._track[self._count :] == track_id)
        found: Rows = np.append(rows, self._count + np.flatnonzero(is_its))
        return found

    def result(self) -> CorrectedObjects:
        """Return what has become of the detections."""
        arrays = (self._frame, self._xyxy, self._confidence, self._class, self._track, self._box)
        gone = np.flatnonzero(~self._is_there[: self._count])
        extra = self._count + np.flatnonzero(self._is_there[self._count :])
        if len(gone) or len(self._is_there) > self._count:
            places = [self._places[row - self._count] for row in extra]
            if len(gone) + len(extra) <= MOST_PIECES:
                pieces = _pieces(gone.tolist(), places, extra.tolist(), self._count)
                arrays = tuple(  # type: ignore[assignment]
                    np.concatenate([array[piece] for piece in pieces]) for array in arrays
                )
            else:
                kept = np.flatnonzero(self._is_there[: self._count])
                order = np.insert(kept, np.searchsorted(kept, places), extra)
                arrays = tuple(array[order] for array in arrays)  # type: ignore[assignment]
        frame, xyxy, confidence, class_id, track_id, box = arrays
        names = self._before.objects.class_names
        return CorrectedObjects(Objects(frame, xyxy, confidence, class_id, track_id, names), box)


def _pieces(gone: list[int], places: list[int], extra: list[int], count: int) -> list[slice]:
    """Return the rows that are there, in order, as stretches: copied six times as fast as rows."""
    cuts = [(row, True, row) for row in gone]
    cuts += [(place, False, row) for place, row in zip(places, extra, strict=True)]
    pieces, done = [], 0
    for place, is_gone, row in sorted(cuts):
        pieces.append(slice(done, place))
        if not is_gone:
            pieces.append(slice(row, row + 1))
        done = place + is_gone
    return [*pieces, slice(done, count)]


def _in_order(key: Key) -> tuple[int, bool, int]:
    index, box = key
    return index, box < 0, abs(box)


def _longer(array: npt.NDArray[np.int32], more: list[int]) -> npt.NDArray[np.int32]:
    return np.concatenate([array, np.array(more, np.int32)]) if more else array


def _grown(array: npt.NDArray[Number], more: int) -> npt.NDArray[Number]:
    grown = np.zeros((len(array) + more, *array.shape[1:]), array.dtype)
    grown[: len(array)] = array
    return grown


def _given(value: int | None, op: TrackOp) -> int:
    if value is None:
        raise ValueError(f"{op.deed} of track {op.track_id} does not say into what")
    return value
