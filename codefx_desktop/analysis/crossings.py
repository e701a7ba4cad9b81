"""Where two tracks of a class cross, and whether they seem to have changed places there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from codefx_desktop.analysis.track_paths import TrackPaths, overlap
from codefx_desktop.domain.corrected import Suspicion

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import numpy.typing as npt

    from codefx_desktop.domain.observations import Objects

CROSSING_IOU: Final = 0.3
"""From this overlap on a tracker that goes by overlap can take one for the other. Source, as of
all numbers here: chosen, not measured."""
APART_S: Final = 0.5
"""Overlaps less than this apart are one crossing; also over how long motion is measured."""
SWAPPED: Final = 0.55
"""Share of the disagreement with how both moved before that speaks for an exchange."""
MOST_CROSSINGS: Final = 3000
_BOXES: Final = 65_536
"""So many boxes are looked at a time: what is worked out of them stays in the processor's cache."""


@dataclass(frozen=True, slots=True)
class _Crossing:
    tracks: tuple[int, int]
    begin: int
    end: int
    iou: float


def swaps_at_crossings(
    objects: Objects,
    paths: TrackPaths,
    numbers: npt.NDArray[np.int32],
    check: Callable[[], None] = lambda: None,
) -> list[Suspicion]:
    """Return crossings after which each of two tracks goes on as the other did before.

    Args:
        objects: The detections.
        paths: Their tracks.
        numbers: int32 (F,), number of each analysed frame.
        check: Called now and then; may raise to end the search.
    """
    found = (_judged(one, paths, numbers) for one in _crossings(objects, paths, check))
    return [one for one in found if one is not None]


def _crossings(objects: Objects, paths: TrackPaths, check: Callable[[], None]) -> list[_Crossing]:
    """Return where two tracks of a class overlap, the most overlapping first."""
    pairs, frames, ious = _overlaps(objects, check)
    if not len(pairs):
        return []
    order = np.lexsort((frames, pairs))
    pairs, frames, ious = pairs[order], frames[order], ious[order]
    times_s = np.zeros(int(frames.max()) + 1)
    times_s[paths.frame[paths.frame < len(times_s)]] = paths.time_s[paths.frame < len(times_s)]
    is_new = np.append(True, np.diff(pairs) != 0)
    is_new[1:] |= np.diff(times_s[frames]) > APART_S
    first = np.flatnonzero(is_new)
    last = np.append(first[1:], len(pairs)) - 1
    most = np.maximum.reduceat(ious, first)
    best = np.argsort(-most, kind="stable")[:MOST_CROSSINGS]
    return [
        _Crossing(
            (int(pairs[first[n]] >> 32), int(pairs[first[n]] & 0xFFFFFFFF)),
            int(frames[first[n]]),
            int(frames[last[n]]),
            float(most[n]),
        )
        for n in best
    ]


Overlaps = tuple["npt.NDArray[np.int64]", "npt.NDArray[np.int32]", "npt.NDArray[np.float64]"]


def _overlaps(objects: Objects, check: Callable[[], None]) -> Overlaps:
    """Return every two tracked boxes of a class and frame that overlap: tracks, frame, IoU."""
    found: list[Overlaps] = [(np.zeros(0, np.int64), np.zeros(0, np.int32), np.zeros(0))]
    for part in _some_frames(objects):
        check()
        found += _overlaps_in(part)
    pairs, frames, ious = (np.concatenate(column) for column in zip(*found, strict=True))
    return pairs, frames, ious


def _some_frames(objects: Objects) -> Iterator[Objects]:
    """Yield the detections of a few frames after the other: of about ``_BOXES`` boxes each."""
    begin, count = 0, len(objects.frame)
    while begin < count:
        last = objects.frame[min(begin + _BOXES, count) - 1]
        after = int(np.searchsorted(objects.frame, last, side="right"))
        yield objects.rows(begin, after)
        begin = after


def _overlaps_in(objects: Objects) -> Iterator[Overlaps]:
    """Yield the overlaps of boxes in frames: of those one apart in order, two apart, and so on."""
    rows = np.flatnonzero(objects.track_id >= 0)
    frame, track = objects.frame[rows], objects.track_id[rows].astype(np.int64)
    kind, xyxy = objects.class_id[rows], objects.xyxy[rows]
    for apart in range(1, len(rows)):
        is_same = frame[apart:] == frame[:-apart]
        if not is_same.any():
            break
        a = np.flatnonzero(is_same & (kind[apart:] == kind[:-apart]))
        b = a + apart
        # Cheap first: most boxes of a frame are nowhere near each other.
        near = (xyxy[a, 0] < xyxy[b, 2]) & (xyxy[b, 0] < xyxy[a, 2])
        near &= (xyxy[a, 1] < xyxy[b, 3]) & (xyxy[b, 1] < xyxy[a, 3])
        a, b = a[near], b[near]
        iou = overlap(xyxy[a], xyxy[b])
        kept = iou >= CROSSING_IOU
        a, b = a[kept], b[kept]
        low, high = np.minimum(track[a], track[b]), np.maximum(track[a], track[b])
        yield low << 32 | high, frame[a], iou[kept]


def _judged(
    crossing: _Crossing, paths: TrackPaths, numbers: npt.NDArray[np.int32]
) -> Suspicion | None:
    """Return what speaks for an exchange: how both moved before, against where they are after."""
    one, other = crossing.tracks
    ends = [_ends(track, crossing, paths) for track in (one, other)]
    if ends[0] is None or ends[1] is None:
        return None
    kept = swapped = 0.0
    for mine, theirs in ((ends[0], ends[1]), (ends[1], ends[0])):
        expected, size = _expected(mine, paths)
        kept += _apart(expected, size, mine.after, paths)
        swapped += _apart(expected, size, theirs.after, paths)
    total = kept + swapped
    if total <= 0.0 or (share := kept / total) < SWAPPED:
        return None
    row = max(ends[0].after, ends[1].after)
    return Suspicion(
        one,
        other,
        int(numbers[paths.frame[row]]),
        float(paths.time_s[row]),
        f"Tracks {one} and {other} overlapped by {crossing.iou:.0%}; after that each is nearer to "
        f"where the other was going ({swapped / 2:.1f} against {kept / 2:.1f} sizes off).",
        round(min(1.0, share), 3),
    )


@dataclass(frozen=True, slots=True)
class _Ends:
    first: int
    before: int
    after: int


def _ends(track_id: int, crossing: _Crossing, paths: TrackPaths) -> _Ends | None:
    """Return a track's last box before a crossing and its first one after it."""
    track = int(np.searchsorted(paths.ids, track_id))
    rows = paths.rows_of(track)
    frames = paths.frame[rows]
    before = int(np.searchsorted(frames, crossing.begin)) - 1
    after = int(np.searchsorted(frames, crossing.end, side="right"))
    if before < 0 or after >= len(frames):
        return None
    if paths.time_s[rows.start + after] - paths.time_s[rows.start + before] > 4 * APART_S:
        return None  # too long ago to tell from motion
    return _Ends(rows.start, rows.start + before, rows.start + after)


def _expected(ends: _Ends, paths: TrackPaths) -> tuple[npt.NDArray[np.float64], float]:
    """Return where a track would be after a crossing, and its size before."""
    speed = paths.velocity(ends.before, ends.first, APART_S)
    passed_s = paths.time_s[ends.after] - paths.time_s[ends.before]
    box = paths.box(ends.before)
    size = _size(box)
    return (box[:2] + box[2:]) / 2 + speed * passed_s, size


def _apart(expected: npt.NDArray[np.float64], size: float, row: int, paths: TrackPaths) -> float:
    """Return how far a box is from what was expected, in sizes, with how its size differs."""
    box = paths.box(row)
    way = float(np.hypot(*((box[:2] + box[2:]) / 2 - expected))) / size
    its = _size(box)
    return way + abs(float(np.log(its / size)))


def _size(box: npt.NDArray[np.float64]) -> float:
    """Return the root of a box's area, pixels; at least one."""
    return float(np.sqrt(max(1.0, float(np.prod(np.maximum(box[2:] - box[:2], 0.0))))))
