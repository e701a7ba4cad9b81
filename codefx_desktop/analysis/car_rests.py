"""Where and when a car in the middle of attention stands, from the detector's boxes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from codefx_desktop.analysis.stop_frame import Steady
    from codefx_desktop.domain.observations import Objects, Observations

    Floats = npt.NDArray[np.float64]
    Box = tuple[float, float, float, float]

CAR: Final = "car"
CONFIDENCE: Final = 0.3
_MIDDLE: Final = (0.2, 0.8)
"""The middle of a car that the camera is pointed at lies within these parts of each side."""
_AREA: Final = 0.06
"""A car that the camera is pointed at covers this much of the picture."""
_LEAST_S: Final = 0.35
_LEAST_BOXES: Final = 4
_GAP_S: Final = 0.7
"""A standing car may be hidden from the detector for so long."""
_STILL: Final = 0.03
"""A standing car's box wanders by this part of its longer side while the crew covers its edges."""


@dataclass(frozen=True, slots=True)
class Rest:
    """A car that stands, or nearly, as far as boxes tell.

    Attributes:
        box: ``x1, y1, x2, y2`` while it stands, pixels of the reference picture.
        first: Index of the first frame in which it stands, or nearly.
        last: Of the last.
        detected: Seen by the detector, not only by its motion.
    """

    box: Box
    first: int
    last: int
    detected: bool = True


def find_rests(seen: Observations, steady: Steady, shot: tuple[int, int]) -> tuple[Rest, ...]:
    """Return where a car stands in one shot, in order of time.

    Args:
        seen: All that was measured of the clip.
        steady: Holds the shot's pictures still.
        shot: First frame of the shot, and the first of the next.
    """
    cars = seen.objects.between(*shot).of(CAR)
    cars = cars.where(cars.confidence >= CONFIDENCE)
    boxes = steady.boxes_to_stop(cars.xyxy, cars.frame)
    found: list[Rest] = []
    left = is_central(boxes, seen)
    while np.count_nonzero(left) >= _LEAST_BOXES:
        rest, taken = _largest(cars, boxes, left, seen)
        if np.count_nonzero(taken) < _LEAST_BOXES:
            break  # where most boxes are there are few: nothing stands any more
        left &= ~taken
        if rest is not None:
            found.append(rest)
    return tuple(sorted(_joined(found, seen), key=lambda rest: rest.first))


def is_central(boxes: Floats, seen: Observations) -> npt.NDArray[np.bool_]:
    """Return which boxes are those of a car that the camera is pointed at, bool (N,)."""
    size = np.array((seen.width, seen.height))
    middle = (boxes[:, :2] + boxes[:, 2:]) / 2 / size
    area = (boxes[:, 2:] - boxes[:, :2]).prod(axis=1) / size.prod()
    inside = (middle > _MIDDLE[0]) & (middle < _MIDDLE[1])
    central: npt.NDArray[np.bool_] = inside.all(axis=1) & (area > _AREA)
    return central


def _largest(
    cars: Objects, boxes: Floats, left: npt.NDArray[np.bool_], seen: Observations
) -> tuple[Rest | None, npt.NDArray[np.bool_]]:
    """Return the longest rest at the place where most boxes are, and all boxes at that place."""
    middle = (boxes[:, :2] + boxes[:, 2:]) / 2
    side = (boxes[:, 2:] - boxes[:, :2]).max(axis=1)
    seed = _busiest(middle[left], float(np.median(side[left])) * _STILL)
    reach = _STILL * np.median(side[left])
    taken = left & (np.hypot(*(middle - seed).T) < reach)
    centre = np.median(middle[taken], axis=0)
    taken = left & (np.hypot(*(middle - centre).T) < reach)
    run = _longest_run(np.unique(cars.frame[taken]), seen.times_s)
    if seen.times_s[run[1]] - seen.times_s[run[0]] < _LEAST_S:
        return None, taken
    inside = taken & (cars.frame >= run[0]) & (cars.frame <= run[1])
    taken = inside  # what stands there at another time is another rest
    x1, y1, x2, y2 = (float(edge) for edge in np.median(boxes[inside], axis=0))
    return Rest((x1, y1, x2, y2), run[0], run[1]), taken


def _busiest(places: Floats, reach: float) -> Floats:
    """Return the place, float64 (2,), near which most places lie; linear in their number."""
    field = np.floor(places / max(reach, 1.0)).astype(np.int64)
    _, which, counts = np.unique(field, axis=0, return_inverse=True, return_counts=True)
    busiest: Floats = np.median(places[which.ravel() == int(counts.argmax())], axis=0)
    return busiest


def _longest_run(frames: npt.NDArray[np.int32], times_s: Floats) -> tuple[int, int]:
    """Return first and last of the longest stretch of frames without a long gap."""
    times = times_s[frames]
    breaks = np.flatnonzero(np.diff(times) > _GAP_S) + 1
    starts = np.concatenate(([0], breaks))
    ends = np.concatenate((breaks, [len(frames)])) - 1
    longest = int((times[ends] - times[starts]).argmax())
    return int(frames[starts[longest]]), int(frames[ends[longest]])


def _joined(rests: list[Rest], seen: Observations) -> list[Rest]:
    """Return rests of which none stands where and when a longer one does."""
    kept: list[Rest] = []
    for rest in sorted(rests, key=lambda one: seen.times_s[one.first] - seen.times_s[one.last]):
        if not any(rest.first <= other.last and other.first <= rest.last for other in kept):
            kept.append(rest)
    return kept
