"""Where the front or the rear of a moving car is, from the cells that move with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from codefx_desktop.analysis.car_motion import Edge
    from codefx_desktop.domain.observations import Observations

    Floats = npt.NDArray[np.float64]

_SPEEDS: Final = (0.5, 1.6)
"""A car's cells move at its speed times this; perspective and blur lie between."""
_ASKEW: Final = 0.5
"""They move aside by less than this part of it."""
_LEAST_PX: Final = 3.0
"""Slower frames do not tell an edge, pixels a frame of 1280."""
_LEAST_CELLS: Final = 2
_GAP: Final = 2
_EDGE_CELLS: Final = 1.4
"""How far an edge may lie from the middle of its outermost cell, in cells, with what a car's shape
adds. Source: rendered stops."""


@dataclass(frozen=True, slots=True, eq=False)
class EdgeTrack:
    """One end of a car while it moves.

    Attributes:
        times_s: float64 (N,), ascending.
        places: float64 (N,), along the picture's side in the car's direction, pixels.
        cell: Size of a cell along that side, pixels.
    """

    times_s: Floats
    places: Floats
    cell: float


def track_edge(
    seen: Observations, edge: Edge, frames: range, axis: int, sign: float, *, front: bool
) -> EdgeTrack:
    """Follow one end of a car away from its rest, frame by frame, until it cannot be seen.

    Args:
        seen: All that was measured of the clip.
        edge: How the car came or left.
        frames: Which to look at, in the order of looking: away from the rest.
        axis: 0 for a car that moves along the picture's width, 1 along its height.
        sign: 1 where it moves right or down, -1 left or up: places are multiplied by it.
        front: The front, otherwise the rear.
    """
    assert seen.motion is not None
    flow = seen.motion.flow
    count = flow.shape[2 - axis]
    cell = (seen.width, seen.height)[axis] / count
    centres = sign * (np.arange(count) + 0.5) * cell
    least = _LEAST_PX * max(seen.width, seen.height) / 1280
    times: list[float] = []
    places: list[float] = []
    missed = 0
    for frame in frames:
        speed = _expected(seen, edge, frame)
        if speed < least:
            continue
        moving = _moving(flow[frame].astype(np.float64), edge.towards, speed)
        lines = np.flatnonzero(moving.sum(axis=axis) >= _LEAST_CELLS)
        if not len(lines):
            missed += 1
            if places and missed > _GAP:
                break
            continue
        missed = 0
        times.append(float(seen.times_s[frame]))
        places.append(float(centres[lines].max() if front else centres[lines].min()))
    order = np.argsort(times)
    return EdgeTrack(np.array(times)[order], np.array(places)[order], cell)


def _expected(seen: Observations, edge: Edge, frame: int) -> float:
    """Return how far the car comes from the frame before to this one, pixels."""
    since = abs(float(seen.times_s[frame]) - edge.onset.time_s)
    return edge.onset.acceleration * since * float(seen.times_s[frame] - seen.times_s[frame - 1])


def _moving(flow: Floats, towards: Floats, speed: float) -> npt.NDArray[np.bool_]:
    along = flow @ towards
    aside = np.abs(flow @ np.array((-towards[1], towards[0])))
    moving: npt.NDArray[np.bool_] = (
        (along > _SPEEDS[0] * speed) & (along < _SPEEDS[1] * speed) & (aside < _ASKEW * speed)
    )
    return moving


def crossing(
    track: EdgeTrack, line: float, acceleration: float, *, within: float
) -> tuple[float, float] | None:
    """Return when an end crossed a line, and how far that is off at most, seconds.

    Args:
        track: The end's way.
        line: Where the line is, along the same side.
        acceleration: Of the car along it, pixels per second squared; speed and place are fitted.
        within: Places farther from the line are left out, pixels.

    Returns:
        None with fewer than four places near the line, or where the end does not move.
    """
    near = np.abs(track.places - line) < within
    if np.count_nonzero(near) < 4:
        return None
    times, places = track.times_s[near], track.places[near]
    middle = float(times[np.abs(places - line).argmin()])
    since = times - middle
    straight = places - 0.5 * acceleration * since**2
    kept = np.ones(len(times), np.bool_)
    speed = place = 0.0
    off = np.zeros(len(times))
    for _ in range(3):
        speed, place = (float(v) for v in np.polyfit(since[kept], straight[kept], 1))
        off = straight - (place + speed * since)
        kept = np.abs(off) <= max(0.75 * track.cell, 2.0 * float(np.median(np.abs(off))))
        if np.count_nonzero(kept) < 4:
            return None
    if speed <= 0:
        return None
    back = (line - place) / speed
    back = (line - place - 0.5 * acceleration * back**2) / speed
    half = (_EDGE_CELLS * track.cell + float(np.std(off[kept]))) / speed
    return middle + back, half
