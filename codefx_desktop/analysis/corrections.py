"""Detections as a person corrected them: what was measured with the ops applied in order.

Nothing is changed in place: arrays that no op touches are those that were given.
"""

from __future__ import annotations

import zlib
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from codefx_desktop.domain.corrected import CorrectedObjects
from codefx_desktop.domain.edit import (
    BoxOp,
    MarkOp,
    RetrackOp,
    ThresholdOp,
    TrackDeed,
    TrackOp,
)
from codefx_desktop.domain.edit_log import holding
from codefx_desktop.domain.observations import Objects

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy.typing as npt

    from codefx_desktop.domain.edit import EditOp, EditStep, Mark

__all__ = [
    "CorrectedObjects",
    "active",
    "corrected",
    "further",
    "marks_of",
    "retrack_op",
    "retracked",
    "thresholds_of",
]

BY_HAND: Final = 1.0
"""Confidence of a box that a person drew or changed: it counts, whatever the threshold."""

MOST_PIECES: Final = 2000
"""From more stretches on, copying row by row is faster."""
Array = np.ndarray[tuple[int, ...], np.dtype[Any]]
Rows = np.ndarray[tuple[int], np.dtype[np.intp]]
Key = tuple[int, int]
"""A box: its frame, and its number there."""


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


class _Column:
    """One array being changed; copied when it is first written: of 1,000,000 boxes all are 38 MB.

    Args:
        there: As it is.
        more: How many rows may come.

    Attributes:
        there: Its rows.
        extra: Those that may come.
    """

    def __init__(self, there: Array, more: int) -> None:
        self.there, self._is_own = there, False
        self.extra: Array = np.zeros((more, *there.shape[1:]), there.dtype)

    def put(self, rows: Rows, values: npt.ArrayLike) -> None:
        """Write rows; those from N on are of what may come."""
        new = np.broadcast_to(
            np.asarray(values, self.there.dtype), (len(rows), *self.there.shape[1:])
        )
        is_there = rows < len(self.there)
        mine, wanted = rows[is_there], new[is_there]
        # Bit by bit: -0.0 is not 0.0.
        if self.there[mine].tobytes() != wanted.tobytes():
            if not self._is_own:
                self.there, self._is_own = self.there.copy(), True
            self.there[mine] = wanted
        self.extra[rows[~is_there] - len(self.there)] = new[~is_there]

    def joined(self, pieces: Sequence[slice]) -> Array:
        """Return stretches of rows, one after the other."""
        count = len(self.there)
        return np.concatenate(
            [
                self.there[one] if one.start < count
                else self.extra[one.start - count : one.stop - count]
                for one in pieces
            ]
        )  # fmt: skip


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
        self._frame, self._box = _Column(was.frame, more), _Column(before.box, more)
        self._frame.extra[:] = [index for index, _, _ in extra]
        self._box.extra[:] = [box for _, box, _ in extra]
        self._places = [place for _, _, place in extra]
        self._xyxy, self._confidence = _Column(was.xyxy, more), _Column(was.confidence, more)
        self._class, self._track = _Column(was.class_id, more), _Column(was.track_id, more)
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
        rows = np.array([row for row, _ in kept], np.intp)
        self._is_there[rows] = True
        self._xyxy.put(rows, [value.xyxy for _, value in kept])
        self._confidence.put(rows, BY_HAND)
        self._class.put(rows, [value.class_id for _, value in kept])
        self._track.put(rows, [value.track_id for _, value in kept])

    def change_track(self, op: TrackOp) -> None:
        """Do what is to be done to a track, in its range of frames."""
        mine = self._rows_of(op.track_id, op)
        match op.deed:
            case TrackDeed.DELETE:
                self._is_there[mine] = False
            case TrackDeed.RECLASS:
                self._class.put(mine, _given(op.class_id, op))
            case TrackDeed.RELABEL:
                self._track.put(mine, _given(op.other_id, op))
            case TrackDeed.SWAP:
                other_id = _given(op.other_id, op)
                theirs = self._rows_of(other_id, op)
                self._track.put(mine, other_id)
                self._track.put(theirs, op.track_id)

    def _rows_of(self, track_id: int, op: TrackOp) -> Rows:
        """Return the rows of a track in an op's range of frames, also of boxes that are gone."""
        end = len(self._numbers)
        first = int(np.searchsorted(self._numbers, op.first_frame))
        if op.last_frame is not None:
            end = int(np.searchsorted(self._numbers, op.last_frame, side="right"))
        begin, stop = np.searchsorted(self._frame.there, np.array([first, end], np.int32))
        rows = begin + np.flatnonzero(self._track.there[begin:stop] == track_id)
        extra = self._frame.extra
        is_its = (extra >= first) & (extra < end) & (self._track.extra == track_id)
        found: Rows = np.append(rows, self._count + np.flatnonzero(is_its))
        return found

    def result(self) -> CorrectedObjects:
        """Return what has become of the detections."""
        columns = (self._frame, self._xyxy, self._confidence, self._class, self._track, self._box)
        gone = np.flatnonzero(~self._is_there[: self._count])
        extra = self._count + np.flatnonzero(self._is_there[self._count :])
        places = [self._places[row - self._count] for row in extra]
        if len(gone) + len(extra) == 0:
            arrays = [column.there for column in columns]
        elif len(gone) + len(extra) <= MOST_PIECES:
            pieces = _pieces(gone.tolist(), places, extra.tolist(), self._count)
            arrays = [column.joined(pieces) for column in columns]
        else:
            kept = np.flatnonzero(self._is_there[: self._count])
            order = np.insert(kept, np.searchsorted(kept, places), extra)
            arrays = [np.concatenate([column.there, column.extra])[order] for column in columns]
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


def _given(value: int | None, op: TrackOp) -> int:
    if value is None:
        raise ValueError(f"{op.deed} of track {op.track_id} does not say into what")
    return value
