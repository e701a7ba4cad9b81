"""All that follows from a stop: what its events tell, and what needs a look at the footage too."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from codefx_desktop.analysis.breakdown import breakdown
from codefx_desktop.analysis.crew import CREW, near_corners
from codefx_desktop.analysis.crew_idle import crew_idle
from codefx_desktop.analysis.marks import hit_marks
from codefx_desktop.analysis.stop_frame import Steady, StopFrame
from codefx_desktop.domain.breakdown import CrewIdle, MarksHit

if TYPE_CHECKING:
    from codefx_desktop.analysis.stop_frame import CameraPlaces
    from codefx_desktop.domain.breakdown import Breakdown
    from codefx_desktop.domain.camera_profile import CameraProfile
    from codefx_desktop.domain.observations import Observations
    from codefx_desktop.domain.stop import PitStop
    from codefx_desktop.domain.template import StopTemplate


def anatomy(
    stop: PitStop,
    template: StopTemplate,
    camera: CameraProfile,
    seen: Observations | None,
    places: CameraPlaces | None = None,
) -> Breakdown:
    """Return all that follows from a stop.

    Args:
        stop: The stop; what a person corrected counts as what was measured does.
        template: How stops of its series go.
        camera: What is known of the camera.
        seen: All that was measured of the clip; None where that cannot be had (any more).
        places: The camera's places in the clip, where they are known already.
    """
    found = breakdown(stop, template)
    if seen is None:
        marks = MarksHit(reason="What was measured of the clip is not there.")
        return replace(found, marks=marks)
    return replace(
        found,
        marks=hit_marks(stop, camera, seen),
        idle=_idle(stop, template, camera, seen, places),
    )


def _idle(
    stop: PitStop,
    template: StopTemplate,
    camera: CameraProfile,
    seen: Observations,
    places: CameraPlaces | None,
) -> tuple[CrewIdle, ...]:
    frame = frame_of(stop, camera, seen, places)
    if frame is None or stop.car is None or CREW not in seen.objects.class_names:
        return ()
    return crew_idle(stop, template, seen.times_s, near_corners(seen, frame, stop.car))


def frame_of(
    stop: PitStop, camera: CameraProfile, seen: Observations, places: CameraPlaces | None = None
) -> StopFrame | None:
    """Return a stop as its parts are looked at, without zones.

    None where it was not found when and where the car stood, or a cut goes through the stop: the
    places of the car and its hubs are then those of one of its shots only.
    """
    began, went = stop.event("stop"), stop.event("go")
    if stop.car is None or began is None or went is None:
        return None
    if began.time_s is None or went.time_s is None:
        return None
    times = seen.times_s
    first, after = np.searchsorted(times, (began.time_s, went.time_s)).tolist()
    edges = np.array((0, *seen.cuts, len(times)))
    shot = int(np.searchsorted(edges, first, side="right")) - 1
    begin, end = int(edges[shot]), int(edges[min(shot + 1, len(edges) - 1)]) - 1
    if not begin <= first < after <= end + 1:
        return None
    x1, y1, x2, y2 = stop.car.box
    return StopFrame(
        first=first,
        last=after - 1,
        begin=begin,
        end=end,
        stop=began,
        go=went,
        box=(x1 * seen.width, y1 * seen.height, x2 * seen.width, y2 * seen.height),
        heading=stop.heading,
        steady=Steady.of(seen, begin, places),
        camera=camera,
    )
