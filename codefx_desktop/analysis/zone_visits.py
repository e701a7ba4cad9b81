"""Who was in a camera's zones over a clip, wherever these stand: on the picture or on a car.

Where nobody looked for objects, when something moved there while a car stood.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from codefx_desktop.analysis.ground import Ground
from codefx_desktop.analysis.stop_camera import shot_of
from codefx_desktop.analysis.stop_frame import Steady
from codefx_desktop.analysis.time_scale import time_scale
from codefx_desktop.analysis.zone_activity import WINDOW_S, activity
from codefx_desktop.analysis.zone_time import time_in_zones
from codefx_desktop.analysis.zones import place_zones
from codefx_desktop.domain.zone import ZoneAnchor
from codefx_desktop.domain.zone_visit import Stay, ZoneVisit

if TYPE_CHECKING:
    from collections.abc import Iterable

    from codefx_desktop.analysis.zone_activity import Activity, Burst
    from codefx_desktop.analysis.zones import PlacedZone
    from codefx_desktop.domain.camera_profile import CameraProfile
    from codefx_desktop.domain.observations import Motion, Observations
    from codefx_desktop.domain.stop import PitStop
    from codefx_desktop.domain.zone import CarPlace

MOTION: Final = "motion"
"""What is in a zone where nobody knows more than that something moves."""


def zone_visits(
    seen: Observations, camera: CameraProfile, stops: Iterable[PitStop], confidence: float
) -> tuple[ZoneVisit, ...] | None:
    """Return who was in which zone and when: first zones on the picture, then stop by stop.

    None where nobody looked, neither for objects nor for what moves.

    Where nobody looked for objects, motion in the time in which a car stands takes their place: as
    it comes and leaves it is the car that moves.

    A zone on the picture counts over the whole clip; it keeps to what lay under it in the first
    frame of each shot, as the events and the video have it. A zone on the car counts from the
    beginning of a stop to its end, where the car stood then; a stop whose car has no known place
    has none.

    Args:
        seen: All that was measured of the clip.
        camera: What is known of the camera, with its zones.
        stops: The clip's stops.
        confidence: Fainter detections do not count.
    """
    if not seen.objects.class_names:
        if seen.motion is None:
            return None
        return tuple(one for stop in stops for one in _moves(seen, seen.motion, camera, stop))
    # At the first frame of a shot the camera's place is zero: this one holds every shot to its own.
    steady, scale = Steady.of(seen, 0) if len(seen.times_s) else None, time_scale(seen, camera)
    on_car = {zone.name for zone in camera.zones.zones if zone.anchor is ZoneAnchor.CAR}
    zones = placed_zones(None, camera, seen)
    visits = list(time_in_zones(seen, zones, confidence, steady=steady))
    for stop in stops:
        zones = tuple(one for one in placed_zones(stop.car, camera, seen) if one.name in on_car)
        there = _in_view(stop, seen)
        found = time_in_zones(there, zones, confidence, steady=steady)
        visits += [replace(visit, stop=stop.number) for visit in found]
    return tuple(replace(visit, time_scale=scale) for visit in visits)


def _moves(
    seen: Observations, motion: Motion, camera: CameraProfile, stop: PitStop
) -> Iterable[ZoneVisit]:
    """Yield when something moved in each zone while the car of a stop stood."""
    first, after = shot_of(stop, seen) or (0, 0)
    from_s = _time_of(stop, "stop", stop.begins_s)
    until_s = _time_of(stop, "go", stop.ends_s)
    standing = np.flatnonzero((seen.times_s >= from_s) & (seen.times_s <= until_s))
    standing = standing[(standing > first) & (standing < after)]
    if not len(standing):
        return
    for zone in placed_zones(stop.car, camera, seen):
        lively = activity(seen, motion, range(standing[0], standing[-1] + 1), zone)
        stays = tuple(
            Stay(burst.begin_s, burst.end_s, *_bounds(burst, lively)) for burst in lively.bursts()
        )
        if stays:
            yield ZoneVisit(zone.name, None, MOTION, stays, stop.number, stop.time_scale)


def _time_of(stop: PitStop, kind: str, otherwise_s: float) -> float:
    event = stop.event(kind)
    return otherwise_s if event is None or event.time_s is None else event.time_s


def _bounds(
    burst: Burst, lively: Activity
) -> tuple[tuple[float | None, float], tuple[float, float | None]]:
    """Return between which instants motion began and ended; None where it went on beyond."""
    half, first, last = WINDOW_S / 2, float(lively.times_s[0]), float(lively.times_s[-1])
    began = None if burst.begin_s <= first else burst.begin_s - half
    ended = None if burst.end_s >= last else burst.end_s + half
    return (began, burst.begin_s + half), (burst.end_s - half, ended)


def placed_zones(
    car: CarPlace | None, camera: CameraProfile, seen: Observations
) -> tuple[PlacedZone, ...]:
    """Return a camera's zones on its picture; those on the car only where its place is known.

    Args:
        car: Where it stands.
        camera: What is known of the camera, with its zones.
        seen: Tells the picture's size.
    """
    try:
        ground = Ground.of(camera, seen.width, seen.height)
    except ValueError:
        ground = None  # the stop's notes say so
    return place_zones(camera.zones, car, seen.width, seen.height, lens=camera.lens, ground=ground)


def _in_view(stop: PitStop, seen: Observations) -> Observations:
    """Return what was seen in a stop's time, in the shot on whose picture its car's place lies."""
    first, after = shot_of(stop, seen) or (0, 0)
    frame = seen.objects.frame
    times_s = seen.times_s[frame]
    during = (times_s >= stop.begins_s) & (times_s <= stop.ends_s)
    return replace(seen, objects=seen.objects.where((frame >= first) & (frame < after) & during))
