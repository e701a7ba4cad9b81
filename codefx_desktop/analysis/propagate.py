"""Boxes carried from frames that a person corrected to those between or beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from codefx_desktop.domain.edit import BoxOp, BoxValue

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import numpy.typing as npt

    from codefx_desktop.domain.corrected import CorrectedObjects
    from codefx_desktop.domain.edit import EditStep

    Watch = Callable[[float], None]

Key = tuple[int, int]
"""A box: number of its frame, and its number there."""
TOLD_EVERY: Final = 1_000


def free_box(steps: Iterable[EditStep]) -> int:
    """Return a number for the next box that is drawn by hand; those below it are free, too.

    Args:
        steps: All of the job, those that were taken back too: they may be done again.
    """
    numbers = [op.box for step in steps for op in step.ops if isinstance(op, BoxOp)]
    return min([0, *numbers]) - 1


def interpolated(
    state: CorrectedObjects,
    numbers: npt.NDArray[np.int32],
    times_s: npt.NDArray[np.float64],
    first: Key,
    last: Key,
    free: int,
    watch: Watch | None = None,
) -> tuple[BoxOp, ...]:
    """Return a box on every analysed frame between two, moved evenly in time from one to the other.

    On a frame that has a box of the track that box is changed; on others one is drawn.

    Args:
        state: The detections as they are now.
        numbers: int32 (F,), number of each analysed frame, rising.
        times_s: float64 (F,), when each is, seconds from the first picture.
        first: The box at one end; its class and track are those of all.
        last: The box at the other end.
        free: What ``free_box`` says.
        watch: Told how far it is, 0 to 1, now and then; what it raises ends it.

    Raises:
        LookupError: If one of the boxes is not there.
    """
    if last[0] < first[0]:
        begin, end = last, first
    else:
        begin, end = first, last
    a, b = _value(state, numbers, begin), _value(state, numbers, end)
    begin_s, end_s = (float(times_s[_index(numbers, key[0])]) for key in (begin, end))
    given = _value(state, numbers, first)
    span_s = max(end_s - begin_s, 1e-9)

    def at(index: int) -> tuple[float, float, float, float]:
        share = (float(times_s[index]) - begin_s) / span_s
        return _mixed(a.xyxy, b.xyxy, share)

    return _placed(state, numbers, given, at, (begin[0] + 1, end[0] - 1), free, watch)


def carried_on(
    state: CorrectedObjects,
    numbers: npt.NDArray[np.int32],
    source: Key,
    frames: tuple[int, int],
    free: int,
    watch: Watch | None = None,
) -> tuple[BoxOp, ...]:
    """Return a box on every analysed frame of a range, where it is on its own frame.

    Args:
        state: The detections as they are now.
        numbers: int32 (F,), number of each analysed frame, rising.
        source: The box; its frame is left as it is.
        frames: First and last number of the range.
        free: What ``free_box`` says.
        watch: As for ``interpolated``.

    Raises:
        LookupError: If the box is not there.
    """
    given = _value(state, numbers, source)
    ops = _placed(state, numbers, given, lambda _: given.xyxy, frames, free, watch)
    return tuple(op for op in ops if op.frame_number != source[0])


def _placed(
    state: CorrectedObjects,
    numbers: npt.NDArray[np.int32],
    given: BoxValue,
    at: Callable[[int], tuple[float, float, float, float]],
    frames: tuple[int, int],
    free: int,
    watch: Watch | None,
) -> tuple[BoxOp, ...]:
    """Return ops that put a box on each frame of a range."""
    ops = []
    begin = int(np.searchsorted(numbers, frames[0]))
    end = int(np.searchsorted(numbers, frames[1], side="right"))
    box_of = _boxes_of(state, begin, end, given.track_id)
    for done, number in enumerate(numbers[begin:end].tolist()):
        if watch is not None and not done % TOLD_EVERY:
            watch(done / (end - begin))
        box = box_of.get(begin + done)
        if box is None:
            box, free = free, free - 1
        ops.append(BoxOp(number, box, BoxValue(at(begin + done), given.class_id, given.track_id)))
    return tuple(ops)


def _boxes_of(state: CorrectedObjects, begin: int, end: int, track_id: int) -> dict[int, int]:
    """Return which box is a track's on each of the frames of a range that have one of it."""
    if track_id < 0:
        return {}
    frame = state.objects.frame
    first, after = np.searchsorted(frame, np.array([begin, end], np.int32)).tolist()
    rows = first + np.flatnonzero(state.objects.track_id[first:after] == track_id)
    rows = rows[::-1]  # of two on a frame the first counts
    return dict(zip(frame[rows].tolist(), state.box[rows].tolist(), strict=True))


def _value(state: CorrectedObjects, numbers: npt.NDArray[np.int32], key: Key) -> BoxValue:
    rows = state.rows_of(_index(numbers, key[0]))
    found = np.flatnonzero(state.box[rows] == key[1])
    if not len(found):
        raise LookupError(f"frame {key[0]} has no box {key[1]}")
    row, objects = rows.start + int(found[0]), state.objects
    x1, y1, x2, y2 = (float(one) for one in objects.xyxy[row])
    return BoxValue((x1, y1, x2, y2), int(objects.class_id[row]), int(objects.track_id[row]))


def _index(numbers: npt.NDArray[np.int32], number: int) -> int:
    index = int(np.searchsorted(numbers, number))
    if index == len(numbers) or numbers[index] != number:
        raise LookupError(f"frame {number} was not analysed")
    return index


def _mixed(
    a: tuple[float, float, float, float], b: tuple[float, float, float, float], share: float
) -> tuple[float, float, float, float]:
    x1, y1, x2, y2 = (p + (q - p) * share for p, q in zip(a, b, strict=True))
    return x1, y1, x2, y2
