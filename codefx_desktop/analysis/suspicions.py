"""Where tracks may have become those of other objects: a list for a person to walk through."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from codefx_desktop.analysis.crossings import swaps_at_crossings
from codefx_desktop.analysis.track_paths import TrackPaths, overlap
from codefx_desktop.domain.corrected import Suspicion

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy.typing as npt

    from codefx_desktop.domain.observations import Objects

__all__ = ["Suspicion", "suspicions"]

MOST: Final = 500
"""Nobody walks through more. Source, as of all numbers here that name no other: chosen, not
measured."""
GAP_S: Final = 1.0
"""Source: as long as the tracker keeps a lost track."""
SAME_IOU: Final = 0.3
"""A track that begins this close to where another would be may be it."""
MOTION_S: Final = 0.5
"""Over how long a track's motion is measured."""
REACH_SIZES: Final = 1.0
"""What a box may jitter from frame to frame, in sizes of it."""
REACH_SPEEDS: Final = 3.0
"""How much faster than it usually is at its fastest a track may be."""
LASTS: Final = 3
"""Boxes in a row that make a class more than a flicker."""
_BOXES: Final = 65_536
"""So many boxes are looked at a time: what is worked out of them stays in the processor's cache."""


def suspicions(
    objects: Objects,
    numbers: npt.NDArray[np.int32],
    times_s: npt.NDArray[np.float64],
    cuts: Sequence[int] = (),
    check: Callable[[], None] = lambda: None,
) -> tuple[Suspicion, ...]:
    """Return where a track may not be one object, in order of frames; the likeliest, if many.

    Args:
        objects: The detections, as corrected so far.
        numbers: int32 (F,), number of each analysed frame, rising.
        times_s: float64 (F,), when each is, seconds from the first picture.
        cuts: Index of the first frame of every shot but the first: what happens there is no
            suspicion.
        check: Called now and then; may raise to end the search.
    """
    paths = TrackPaths.of(objects, times_s)
    if not len(paths.ids):
        return ()
    places = np.arange(len(numbers), dtype=np.int32)
    shots = np.searchsorted(np.sort(np.asarray(cuts, np.int32)), places, side="right")
    shot = shots.astype(np.int32)[paths.frame]
    found = [
        *swaps_at_crossings(objects, paths, numbers, check),
        *_goes_on(paths, numbers, len(numbers) - 1, shot),
        *_jumps(paths, numbers, shot, check),
        *_class_changes(paths, numbers, objects.class_names),
    ]
    at_cuts = {int(numbers[cut]) for cut in cuts if 0 <= cut < len(numbers)}
    kept = [one for one in found if one.frame_number not in at_cuts]
    kept = sorted(kept, key=lambda one: -one.score)[:MOST]
    return tuple(sorted(kept, key=lambda one: (one.frame_number, -one.score, one.track_id)))


def _goes_on(
    paths: TrackPaths,
    numbers: npt.NDArray[np.int32],
    last_frame: int,
    shot: npt.NDArray[np.int32],
) -> list[Suspicion]:
    """Return tracks that begin where another of their shot, that just ended, would be by now."""
    first, last = paths.begins[:-1], paths.begins[1:] - 1
    by_begin = np.argsort(paths.time_s[first], kind="stable")
    begins_s = paths.time_s[first][by_begin]
    found = []
    for track in np.flatnonzero(paths.frame[last] < last_frame):
        row = int(last[track])
        end_s = paths.time_s[row]
        low, high = np.searchsorted(begins_s, [end_s, end_s + GAP_S], side="right")
        later = by_begin[low:high]
        later = later[paths.class_id[first[later]] == paths.class_id[row]]
        later = later[shot[first[later]] == shot[row]]
        if len(later):
            found.append(_best_next(paths, numbers, int(track), later))
    return [one for one in found if one is not None]


def _best_next(
    paths: TrackPaths, numbers: npt.NDArray[np.int32], track: int, later: npt.NDArray[np.intp]
) -> Suspicion | None:
    """Return which of several tracks that begin later goes on with one that ended."""
    row, starts = int(paths.begins[track + 1]) - 1, paths.begins[later]
    speed = paths.velocity(row, int(paths.begins[track]), MOTION_S)
    gaps_s = paths.time_s[starts] - paths.time_s[row]
    expected = paths.xyxy[row] + np.tile(speed * gaps_s[:, None], 2)
    ious = overlap(expected, paths.xyxy[starts].astype(np.float64))
    best = int(np.argmax(ious))
    iou, gap_s, start = float(ious[best]), float(gaps_s[best]), int(starts[best])
    if iou < SAME_IOU:
        return None
    one, other = int(paths.ids[track]), int(paths.ids[later[best]])
    return Suspicion(
        one,
        other,
        int(numbers[paths.frame[start]]),
        float(paths.time_s[start]),
        f"Track {one} ended {gap_s:.2f} s before track {other} begins, {iou:.0%} where it would "
        "be by then: they may be the same.",
        round(iou * (1.0 - 0.5 * gap_s / GAP_S), 3),
    )


def _jumps(
    paths: TrackPaths,
    numbers: npt.NDArray[np.int32],
    shot: npt.NDArray[np.int32],
    check: Callable[[], None],
) -> list[Suspicion]:
    """Return where a track is farther from its last box than its speed allows."""
    found = []
    for begin, part in paths.parts(_BOXES):
        check()
        way, reach = _ways(part, shot[begin : begin + len(part.frame)])
        for row in np.flatnonzero(way > reach):
            track = int(np.searchsorted(part.begins, row, side="right")) - 1
            one, gone, allowed = int(part.ids[track]), float(way[row]), float(reach[row])
            found.append(
                Suspicion(
                    one,
                    None,
                    int(numbers[part.frame[row + 1]]),
                    float(part.time_s[row + 1]),
                    f"Track {one} jumps {gone:.0f} px; its size and speed allow {allowed:.0f} px.",
                    round(1.0 - allowed / gone, 3),
                )
            )
    return found


def _ways(
    paths: TrackPaths, shot: npt.NDArray[np.int32]
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return from box to box how far each track goes, and how far its size and speed allow.

    Both float64 (M - 1,), pixels; between two tracks, and across cuts, it goes nowhere.
    """
    count = len(paths.frame)
    if count < 2:
        return np.zeros(0), np.zeros(0)
    way = np.hypot(*np.diff(paths.center, axis=0).T)
    passed_s = np.maximum(np.diff(paths.time_s), 1e-6)
    inner = np.ones(count - 1, np.bool_)
    inner[paths.begins[1:-1] - 1] = False
    inner &= shot[1:] == shot[:-1]
    way, passed_s = np.where(inner, way, 0.0), np.where(inner, passed_s, 1.0)
    usual = _fastest(paths, way / passed_s, inner)
    reach = REACH_SIZES * paths.size[:-1] + REACH_SPEEDS * usual * passed_s
    return way, np.where(inner, reach, np.inf)


def _fastest(
    paths: TrackPaths, speed: npt.NDArray[np.float64], inner: npt.NDArray[np.bool_]
) -> npt.NDArray[np.float64]:
    """Return for each step how fast its track usually is at its fastest: its 90th percentile."""
    sizes = np.diff(paths.begins)
    track = np.repeat(np.arange(len(sizes)), sizes)[:-1]
    order = np.lexsort((speed, ~inner, track))
    steps = np.maximum(sizes - 1, 0)
    begins = np.minimum(paths.begins[:-1], len(order) - 1)
    # Not the fastest one: of a jump that would say that it is usual.
    places = begins + np.floor(0.9 * np.maximum(steps - 1, 0)).astype(np.intp)
    fastest: npt.NDArray[np.float64] = speed[order][np.minimum(places, len(order) - 1)]
    return fastest[track]


def _class_changes(
    paths: TrackPaths, numbers: npt.NDArray[np.int32], names: Sequence[str]
) -> list[Suspicion]:
    """Return where a track becomes one of another class, for more than a flicker."""
    kind, _count = paths.class_id, len(paths.class_id)
    change = np.flatnonzero(kind[1:] != kind[:-1]) + 1
    track = np.searchsorted(paths.begins, change, side="right") - 1
    found = []
    for row, place in zip(change, track, strict=True):
        begin, end = int(paths.begins[place]), int(paths.begins[place + 1])
        if row == begin or min(row - begin, end - row) < LASTS:
            continue
        if len(set(kind[row - LASTS : row])) > 1 or len(set(kind[row : row + LASTS])) > 1:
            continue
        was, now = int(kind[row - 1]), int(kind[row])
        before = float(np.mean(kind[begin:row] == was))
        after = float(np.mean(kind[row:end] == now))
        one = int(paths.ids[place])
        found.append(
            Suspicion(
                one,
                None,
                int(numbers[paths.frame[row]]),
                float(paths.time_s[row]),
                f"Track {one} is {_name(was, names)} in {before:.0%} of what was before and "
                f"{_name(now, names)} in {after:.0%} of what follows.",
                round(before * after, 3),
            )
        )
    return found


def _name(class_id: int, names: Sequence[str]) -> str:
    return names[class_id] if 0 <= class_id < len(names) else f"class {class_id}"
