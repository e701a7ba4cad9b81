"""Where places of a stop's reference picture lie on each frame of its clip, for drawing."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from codefx_desktop.analysis.car_rests import CAR
from codefx_desktop.analysis.stop_frame import Steady

if TYPE_CHECKING:
    from codefx_desktop.domain.observations import Observations
    from codefx_desktop.domain.stop import PitStop

Floats = npt.NDArray[np.float64]

_LEAST_OVERLAP: Final = 0.5
"""A car that covers its place less, as intersection over union, is not on that shot's picture."""


def stop_camera(stop: PitStop, seen: Observations) -> Floats:
    """Return how each frame shows the picture on which a stop's places lie.

    That picture is the first frame of one shot (``Steady``); on other shots there is no such
    place. Where cuts go through the stop it is the shot in which the detected car covers the
    stop's; without such a car it cannot be told, and no frame has a matrix.

    Args:
        stop: The stop.
        seen: All that was measured of the clip.

    Returns:
        float64 (F, 2, 3), by frame number in the clip: the matrix that takes pixels of the
        reference picture to those of the frame; NaN where the frame does not show it. A frame that
        was not analysed has the matrix of the one before.
    """
    index = np.arange(len(seen.times_s))
    matrices = np.full((len(index), 2, 3), np.nan)
    shot = shot_of(stop, seen)
    if shot is not None:
        here = (index >= shot[0]) & (index < shot[1])
        matrices[here] = _from_reference(Steady.of(seen, shot[0]), index[here])
    if len(index) == 0:
        return matrices
    numbers = np.arange(int(seen.numbers[-1]) + 1)
    last = np.searchsorted(seen.numbers, numbers, side="right") - 1
    by_number = matrices[np.maximum(last, 0)]
    by_number[last < 0] = np.nan
    return by_number


def shot_of(stop: PitStop, seen: Observations) -> tuple[int, int] | None:
    """Return the shot on whose picture the car's place lies: its first frame and that after it.

    None where it cannot be told.

    Args:
        stop: The stop.
        seen: All that was measured of the clip.
    """
    if stop.car is None:
        return None
    begin, end = (stop.event(kind) for kind in ("stop", "go"))
    first_s = stop.begins_s if begin is None or begin.time_s is None else begin.time_s
    last_s = stop.ends_s if end is None or end.time_s is None else end.time_s
    edges = sorted({0, *seen.cuts, len(seen.times_s)})
    standing = np.flatnonzero((seen.times_s >= first_s) & (seen.times_s <= last_s))
    shots = [
        (first, after)
        for first, after in itertools.pairwise(edges)
        if np.any((standing >= first) & (standing < after))
    ]
    if len(shots) <= 1:
        return shots[0] if shots else None
    overlaps = [_overlap(stop, seen, shot, standing) for shot in shots]
    best = int(np.argmax(overlaps))
    return shots[best] if overlaps[best] >= _LEAST_OVERLAP else None


def _overlap(
    stop: PitStop, seen: Observations, shot: tuple[int, int], standing: npt.NDArray[np.integer]
) -> float:
    """Return how well the cars that a shot shows cover the stop's, over its standing frames."""
    frames = standing[(standing >= shot[0]) & (standing < shot[1])]
    cars = seen.objects.of(CAR)
    cars = cars.where(np.isin(cars.frame, frames))
    if stop.car is None or len(cars.frame) == 0:
        return 0.0
    boxes = Steady.of(seen, shot[0]).boxes_to_stop(cars.xyxy, cars.frame)
    place = np.array(stop.car.box) * (seen.width, seen.height, seen.width, seen.height)
    both = np.minimum(boxes[:, 2:], place[2:]) - np.maximum(boxes[:, :2], place[:2])
    shared = np.maximum(both, 0.0).prod(axis=1)
    either = (boxes[:, 2:] - boxes[:, :2]).prod(axis=1) + (place[2:] - place[:2]).prod() - shared
    best = np.zeros(len(frames))
    np.maximum.at(best, np.searchsorted(frames, cars.frame), shared / np.maximum(either, 1e-9))
    return float(np.median(best))


def _from_reference(steady: Steady, frames: npt.NDArray[np.integer]) -> Floats:
    """Return the inverses of ``Steady.to_stop``, float64 (N, 2, 3)."""
    origin = steady.to_stop(np.zeros((len(frames), 2)), frames)
    unit = steady.to_stop(np.tile((1.0, 0.0), (len(frames), 1)), frames) - origin
    # As complex numbers: there = factor * here + shift.
    factor = 1.0 / (unit[:, 0] + 1j * unit[:, 1])
    shift = -factor * (origin[:, 0] + 1j * origin[:, 1])
    rows = np.stack((factor.real, -factor.imag, shift.real, factor.imag, factor.real, shift.imag))
    return np.ascontiguousarray(rows.T).reshape(-1, 2, 3)
