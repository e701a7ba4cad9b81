"""The jack under one end of the standing car, and how its edges move on the picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from codefx_desktop.analysis.hubs import CarAxes
    from codefx_desktop.analysis.stop_frame import StopFrame
    from codefx_desktop.domain.observations import Objects, Observations

    Floats = npt.NDArray[np.float64]

JACK: Final = "jack"
_SURE: Final = 0.25
_MARGIN_S: Final = 0.6
"""A jack is on its way before the car stands."""
_ASIDE: Final = 0.6
"""A jack that lifts has its middle within this part of half the car's width of its axis,"""
_OUTSIDE: Final = 1.6
"""and not farther out than so many halves of its length;"""
_UNDER: Final = 1.05
"""its pad is under the car."""
_STILL_PX: Final = 14.0
"""A jack under a car stays within this of its place, though its handle moves."""
STANDS_S: Final = 0.4
"""A jack that lifted stands at least so long, unless the shot begins or ends meanwhile."""
_EDGE_S: Final = 0.06
"""What is seen so near to a shot's edge goes on beyond it."""
USUAL_PX: Final = 1280.0
"""Pixels are told as if the picture's longer side had so many."""
_GAP_S: Final = 0.25
_NEXT: Final = 0.35
"""A jack whose identity changed is within this part of its length of where it was."""
_LENGTHS_PER_S: Final = 8.0
"""Nobody pulls a jack away faster, in its lengths: what jumps farther is another jack."""


@dataclass(frozen=True, slots=True, eq=False)
class JackPath:
    """One end's jack, moment by moment, in pixels of a picture whose longer side has 1280.

    Attributes:
        times_s: float64 (N,), rises.
        pad: float64 (N, 2), the edge under the car, along the car's axis and outwards, and the
            middle across it, on the reference picture; 0 where it stood.
        handle: float64 (N, 3), the outer edge and both edges across, likewise.
        arrived: Index of the first moment at which it stood in its place.
        left: Index of the last.
        cut_off: Whether the picture's edge cuts its handle off.
    """

    times_s: Floats
    pad: Floats
    handle: Floats
    arrived: int
    left: int
    cut_off: bool

    @property
    def away(self) -> Floats:
        """How far it is from its place, float64 (N,), pixels."""
        return np.asarray(np.hypot(self.pad[:, 0], self.pad[:, 1]))


def find_jack(seen: Observations, stop: StopFrame, axes: CarAxes, sign: float) -> JackPath | None:
    """Return the jack that stands longest under an end of the car, or None.

    Args:
        seen: All that was measured of the clip.
        stop: The stop.
        axes: The car's directions.
        sign: 1 for the front, -1 for the rear.
    """
    usual_s = float(np.median(np.diff(seen.times_s)))
    found = stop.objects(seen, JACK, margin=round(_MARGIN_S / usual_s))
    found = found.where(found.confidence >= _SURE)
    boxes = found.xyxy.astype(np.float64)
    middle = (boxes[:, 0] + boxes[:, 2]) / 2 + 1j * (boxes[:, 1] + boxes[:, 3]) / 2
    ahead, left = axes.local(middle)
    there = (
        (sign * ahead > 0.5 * axes.half_length)
        & (sign * ahead < _OUTSIDE * axes.half_length)
        & (np.abs(left) <= _ASIDE * axes.half_width)
    )
    if not there.any():
        return None
    ids, counts = np.unique(found.track_id[there], return_counts=True)
    jack = _same(seen, found, int(ids[counts.argmax()]))
    return _path(seen, stop, jack, axes, sign)


def _same(seen: Observations, found: Objects, track_id: int) -> Objects:
    """Return one jack's detections, one a frame at most, also where it lost its identity."""
    own = _without_jumps(seen, found, np.flatnonzero(found.track_id == track_id))
    chosen = dict(zip(found.frame[own].tolist(), own.tolist(), strict=True))
    boxes = found.xyxy.astype(np.float64)
    middle = (boxes[:, :2] + boxes[:, 2:]) / 2
    for frames in (np.unique(found.frame), np.unique(found.frame)[::-1]):
        last: int | None = None
        for frame in frames.tolist():
            if frame not in chosen and last is not None:
                here = np.flatnonzero(found.frame == frame)
                off = np.abs(middle[here] - middle[last]).max(axis=1)
                lapse = abs(seen.times_s[frame] - seen.times_s[found.frame[last]])
                reach = _NEXT * float((boxes[last, 2:] - boxes[last, :2]).max())
                if off.min() <= reach and lapse <= _GAP_S:
                    chosen[frame] = int(here[off.argmin()])
            last = chosen.get(frame, last)
    mask = np.zeros(len(found.frame), np.bool_)
    mask[list(chosen.values())] = True
    return found.where(mask)


def _without_jumps(
    seen: Observations, found: Objects, own: npt.NDArray[np.intp]
) -> npt.NDArray[np.intp]:
    """Return the longest part of a track in which it stays one thing.

    Args:
        seen: All that was measured of the clip.
        found: Jacks.
        own: The track's detections, by index, in order of frames.
    """
    boxes = found.xyxy[own].astype(np.float64)
    middle, length = (boxes[:, :2] + boxes[:, 2:]) / 2, (boxes[:, 2:] - boxes[:, :2]).max(axis=1)
    way = np.abs(np.diff(middle, axis=0)).max(axis=1, initial=0.0)
    lapse = np.diff(seen.times_s[found.frame[own]])
    jumps = np.flatnonzero(way > (_NEXT + _LENGTHS_PER_S * lapse) * length[1:])
    return max(np.split(own, jumps + 1), key=len)


def _path(
    seen: Observations, stop: StopFrame, jack: Objects, axes: CarAxes, sign: float
) -> JackPath | None:
    """Return how a jack moves about the place where it stands, if it stands under the car."""
    upright = abs(axes.ahead.imag) > abs(axes.ahead.real)
    outwards = sign * (axes.ahead.imag if upright else axes.ahead.real)
    along, across = ((1, 3), (0, 2)) if upright else ((0, 2), (1, 3))
    boxes, times = jack.xyxy.astype(np.float64), seen.times_s[jack.frame]
    edges = boxes[:, along] if outwards > 0 else -boxes[:, along[::-1]]
    sides = boxes[:, across]
    pad = np.column_stack((edges[:, 0], sides.mean(axis=1)))
    axis = axes.centre.imag if upright else axes.centre.real
    axis = axis if outwards > 0 else -axis
    stands = (jack.frame >= stop.first) & (jack.frame <= stop.last)
    middle = (boxes[:, 0] + boxes[:, 2]) / 2 + 1j * (boxes[:, 1] + boxes[:, 3]) / 2
    beside = axes.local(middle)[1]
    stands &= pad[:, 0] - axis <= _UNDER * axes.half_length
    stands &= np.abs(beside) <= _ASIDE * axes.half_width
    scale = USUAL_PX / max(seen.width, seen.height)
    place = _densest(pad[stands], _STILL_PX / scale)
    if place is None:
        return None
    handle = np.column_stack((edges[:, 1], sides))
    still = np.hypot(*(pad - place).T) <= _STILL_PX / scale
    run = _longest_run(still, times, (seen.times_s[stop.begin], seen.times_s[stop.end]))
    if run is None:
        return None
    limit = seen.height if upright else seen.width
    outer = boxes[run[0] : run[1] + 1, along[1] if outwards > 0 else along[0]]
    cut_off = float(np.median(outer if outwards < 0 else limit - outer)) < 4.0
    handle -= np.median(handle[still], axis=0)
    return JackPath(times, (pad - place) * scale, handle * scale, run[0], run[1], cut_off)


def _densest(places: Floats, reach: float) -> Floats | None:
    """Return the place, (2,), that most of the places, (N, 2), are near to, or None."""
    if len(places) < 3:
        return None
    off = np.abs(places[:, None] - places[None]).max(axis=2) <= reach / 2
    near = off[off.sum(axis=1).argmax()]
    return np.asarray(np.median(places[near], axis=0))


def _longest_run(
    still: npt.NDArray[np.bool_], times_s: Floats, shot_s: tuple[float, float]
) -> tuple[int, int] | None:
    """Return the first and last index of the longest stand, over short doubts, or None."""
    at = np.flatnonzero(still)
    if len(at) < 3:
        return None
    breaks = np.flatnonzero(np.diff(times_s[at]) > _GAP_S)
    firsts, lasts = at[np.append(0, breaks + 1)], at[np.append(breaks, len(at) - 1)]
    longest = int((times_s[lasts] - times_s[firsts]).argmax())
    first, last = int(firsts[longest]), int(lasts[longest])
    long = times_s[last] - times_s[first] >= STANDS_S
    cut = times_s[first] - shot_s[0] < _EDGE_S or shot_s[1] - times_s[last] < _EDGE_S
    return (first, last) if long or cut else None
