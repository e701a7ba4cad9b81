"""How a car stands in its painted box: long or short, to a side, crooked; in metres.

The middle of a wheel's box is the middle of the wheel, which is half its height above the ground:
four clicks on the painted box tell where that is. Wheels are looked at in the moments in which the
car stands on them: after it stopped and before it is lifted or a wheel comes off, and after it was
let down and before it goes.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from codefx_desktop.analysis.above_ground import AboveGround
from codefx_desktop.analysis.ground import Ground
from codefx_desktop.analysis.hubs import WHEEL
from codefx_desktop.analysis.instants import found_events, time_of
from codefx_desktop.analysis.stop_frame import camera_path
from codefx_desktop.domain.breakdown import MarksHit
from codefx_desktop.domain.events import Place
from codefx_desktop.domain.template import CORNERS_OF

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from codefx_desktop.domain.camera_profile import CameraProfile
    from codefx_desktop.domain.events import Event
    from codefx_desktop.domain.observations import Observations
    from codefx_desktop.domain.stop import PitStop
    from codefx_desktop.domain.template import Slot

Floats = npt.NDArray[np.float64]

SURE: Final = 0.5
LEAST_FRAMES: Final = 3
MIDDLE_PX: Final = 2.0
"""How well the middle of a box tells where a wheel is, at best: what is left of a detector's error
after many frames, and of the clicks."""

RADIUS_M: Final = 0.345
RADIUS_OFF_M: Final = 0.02
"""Of a racing tyre, and how far series differ from it: 0.36 m in Formula 1, 0.33 m and 0.35 m in
IndyCar, 0.36 m in NASCAR, 0.34 m to 0.36 m on GT and prototype cars.

Source: Pirelli, Firestone, Goodyear and Michelin, sizes of racing tyres, 2022.
"""

NEAR_HUB: Final = 0.5
"""A wheel on the car has its middle within this part of its own height from the hub."""

AROUND_S: Final = 0.4
"""So long after the stop and before go are wheels looked at, where nothing else limits it."""

_RAISED: Final = ("jack_up", "wheel_off")
_LOWERED: Final = ("jack_down", "wheel_on")
_ENDS: Final = (
    (Place.FRONT_LEFT, Place.REAR_LEFT),
    (Place.FRONT_RIGHT, Place.REAR_RIGHT),
)
_SIDES: Final = (
    (Place.FRONT_LEFT, Place.FRONT_RIGHT),
    (Place.REAR_LEFT, Place.REAR_RIGHT),
)


@dataclass(frozen=True, slots=True)
class _Spot:
    """Where a wheel's middle is over the ground, metres, and how far off it may be each way."""

    xy: Floats
    off: Floats


def hit_marks(stop: PitStop, camera: CameraProfile, seen: Observations) -> MarksHit:
    """Return how a car stood in its box.

    Args:
        stop: The stop, with the places of the car's hubs.
        camera: With the painted box as it was clicked.
        seen: What was seen of the clip; the camera stands still.

    Returns:
        Each measure with its bounds, or why there is none. How long it stands and how it is
        turned need both wheels of a side, how far to a side both wheels of an end.
    """
    if camera.marks is None:
        return MarksHit(reason="The box of this camera is not calibrated.")
    if stop.car is None or not stop.car.hubs:
        return MarksHit(reason="It is not known where the car's wheels are.")
    try:
        ground = Ground(camera.marks, camera.lens, seen.width, seen.height)
        space = AboveGround(ground, camera.lens, seen.width, seen.height)
    except ValueError as error:
        return MarksHit(reason=f"The camera profile's box cannot be used: {error}.")
    spots = _spots(stop, space, seen)
    sides = [(spots[a], spots[b]) for a, b in _ENDS if a in spots and b in spots]
    ends = [(spots[a], spots[b]) for a, b in _SIDES if a in spots and b in spots]
    if not sides and not ends:
        return MarksHit(reason="No two wheels were seen on the ground while the car stood on them.")
    long_m = _mean([_middle(front, rear, 0) for front, rear in sides])
    lateral_m = _mean([_middle(left, right, 1) for left, right in ends])
    angle = _mean([_angle(front, rear) for front, rear in sides])
    missing = "" if ends else "Wheels of one side only were seen: how far to a side is not known."
    missing = missing if sides else "No side was seen whole: only how far to a side is known."
    return MarksHit(
        _value(long_m),
        _value(lateral_m),
        _value(angle),
        _bounds(long_m),
        _bounds(lateral_m),
        _bounds(angle),
        missing,
    )


def _value(measure: tuple[float, float] | None) -> float | None:
    return None if measure is None else measure[0]


def _bounds(measure: tuple[float, float] | None) -> tuple[float, float] | None:
    return None if measure is None else (measure[0] - measure[1], measure[0] + measure[1])


def _spots(stop: PitStop, space: AboveGround, seen: Observations) -> dict[Place, _Spot]:
    """Return where the wheels on the car are over the ground, those that could be measured."""
    found = found_events(stop)
    wheels = seen.objects.of(WHEEL)
    times = seen.times_s[wheels.frame]
    boxes = wheels.xyxy.astype(np.float64)
    sure = wheels.confidence >= SURE
    shake = _shake(stop, seen)
    spots = {}
    hubs = {} if stop.car is None else stop.car.hubs
    for place, (x, y) in hubs.items():
        stands = _stands(times, found, place) & sure
        here = boxes[stands & _at(boxes, x * seen.width, y * seen.height)]
        spot = _spot(here, space, shake)
        if spot is not None:
            spots[place] = spot
    return spots


def _stands(times: Floats, found: Mapping[Slot, Event], place: Place) -> npt.NDArray[np.bool_]:
    """Return at which times the car stands on a wheel; only where that is known."""
    stands = np.zeros(len(times), np.bool_)
    stop, go = found.get(("stop", Place.NONE)), found.get(("go", Place.NONE))
    if stop is not None:
        begin = time_of(stop)
        end = min([begin + AROUND_S, *_times(found, _RAISED, place)])
        stands |= (times >= begin) & (times < end)
    lowered = list(_times(found, _LOWERED, place))
    if go is not None and lowered:
        end = time_of(go)
        stands |= (times > max([end - AROUND_S, *lowered])) & (times < end)
    return stands


def _times(found: Mapping[Slot, Event], kinds: Iterable[str], place: Place) -> Iterable[float]:
    for (kind, where), event in found.items():
        if kind in kinds and place in CORNERS_OF[where]:
            yield time_of(event)


def _at(boxes: Floats, x: float, y: float) -> npt.NDArray[np.bool_]:
    """Return which boxes are of a wheel on a hub."""
    middle = (boxes[:, :2] + boxes[:, 2:]) / 2
    reach = NEAR_HUB * (boxes[:, 3] - boxes[:, 1])
    near: npt.NDArray[np.bool_] = np.hypot(middle[:, 0] - x, middle[:, 1] - y) < reach
    return near


def _shake(stop: PitStop, seen: Observations) -> Floats:
    """Return how far the picture was off its usual place during the stop, float64 (2,), pixels.

    The box was clicked on a picture that may have been as far off.
    """
    here = (seen.times_s >= stop.begins_s) & (seen.times_s <= stop.ends_s)
    if seen.motion is None or not here.any():
        return np.zeros(2)
    path = camera_path(seen.motion.camera, seen.cuts)[here, :2]
    return np.asarray(np.ptp(path, axis=0), np.float64)


def _spot(boxes: Floats, space: AboveGround, shake: Floats) -> _Spot | None:
    """Return where the middle of a wheel is; None unless enough frames tell."""
    if len(boxes) < LEAST_FRAMES:
        return None
    middles = (boxes[:, :2] + boxes[:, 2:]) / 2
    middle = np.median(middles, axis=0)
    scatter = np.median(np.abs(middles - middle), axis=0) * 1.4826  # of a normal distribution
    off = np.maximum(2.0 * scatter / math.sqrt(len(middles)), MIDDLE_PX) + shake
    steps = np.array([(0, 0), (off[0], 0), (-off[0], 0), (0, off[1]), (0, -off[1])])
    placed = space.to_metres(middle + steps, RADIUS_M)
    higher = space.to_metres(middle[None], RADIUS_M + RADIUS_OFF_M)
    apart = np.abs(placed[1:] - placed[0]).max(axis=0) + np.abs(higher[0] - placed[0])
    if not np.isfinite(placed).all() or not np.isfinite(apart).all():
        return None
    return _Spot(placed[0], apart)


def _middle(one: _Spot, other: _Spot, axis: int) -> tuple[float, float]:
    value = float(one.xy[axis] + other.xy[axis]) / 2
    return value, math.hypot(float(one.off[axis]), float(other.off[axis])) / 2


def _angle(front: _Spot, rear: _Spot) -> tuple[float, float]:
    """Return how far a side is turned to the left of the box, degrees."""
    along, across = (front.xy - rear.xy).tolist()
    off = math.hypot(float(front.off[1]), float(rear.off[1]))
    return math.degrees(math.atan2(across, along)), math.degrees(math.atan2(off, abs(along)))


def _mean(measures: list[tuple[float, float]]) -> tuple[float, float] | None:
    """Return the mean of measures of the same thing; they agree or its bounds hold them all."""
    if not measures:
        return None
    value = sum(one for one, _ in measures) / len(measures)
    apart = max(abs(one - value) for one, _ in measures)
    return value, max(apart, sum(off for _, off in measures) / len(measures))
