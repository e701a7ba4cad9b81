"""What is seen at each corner of a standing car: wheel on the hub, gun on the nut, crew near it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from codefx_desktop.analysis.anatomy import frame_of
from codefx_desktop.analysis.crew import CREW, crew_counts
from codefx_desktop.analysis.gun_sight import GLIMPSE, guns_seen
from codefx_desktop.analysis.hubs import CORNERS, SURE, CarAxes, WheelsSeen, hub_px
from codefx_desktop.domain.camera_profile import CameraProfile
from codefx_desktop.domain.corner_signals import CornerSignals, Held

if TYPE_CHECKING:
    import numpy.typing as npt

    from codefx_desktop.analysis.stop_frame import CameraPlaces
    from codefx_desktop.domain.observations import Observations
    from codefx_desktop.domain.stop import PitStop

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.integer]

_ON_HUB: Final = 0.5
"""A wheel on its hub has its middle within this part of its diameter of it, as events have it."""
_BLINK_S: Final = 0.15
"""What is not seen for less goes on."""


def corner_signals(
    seen: Observations, stop: PitStop, places: CameraPlaces | None = None
) -> tuple[CornerSignals, ...]:
    """Return what is seen at the corners whose hubs are known; none where nothing can be told.

    Args:
        seen: All that was measured of the clip.
        stop: A stop that was found in it, with its car.
        places: The camera's places in the clip, where they are known already.
    """
    # What a person says of the camera is in the stop already: its car, its heading, its events.
    frame = frame_of(stop, CameraProfile(), seen, places)
    axes = None if frame is None else CarAxes.of(frame)
    if frame is None or axes is None or stop.car is None:
        return ()
    wheels = WheelsSeen.of(seen, frame, axes)
    wheels = wheels.where(wheels.confidence >= SURE)
    sights = guns_seen(seen, frame, stop.car)
    crews = crew_counts(seen, frame, stop.car) if CREW in seen.objects.class_names else {}
    found = []
    for place in CORNERS:
        hub = hub_px(seen, stop.car, place)
        if hub is None:
            continue
        on_hub = wheels.where(np.abs(wheels.place - hub) <= _ON_HUB * wheels.diameter)
        guns: tuple[Held, ...] = ()
        if (sight := sights.get(place)) is not None:
            on_nut = sight.frame[sight.on_nut > GLIMPSE]
            guns = _held(seen.times_s, seen.ends_s, on_nut, np.zeros(len(on_nut), np.int64))
        crew: tuple[Held, ...] = ()
        if (counts := crews.get(place)) is not None:
            near = np.flatnonzero(counts)
            crew = _held(seen.times_s, seen.ends_s, near, counts[near])
        held = _held(seen.times_s, seen.ends_s, *_nearest(on_hub, hub))
        if held or guns or crew:
            found.append(CornerSignals(place, held, guns, crew))
    return tuple(found)


def _nearest(wheels: WheelsSeen, hub: complex) -> tuple[Ints, Ints]:
    """Return in which frames a wheel is on a hub, and the track of the one nearest to it."""
    order = np.lexsort((np.abs(wheels.place - hub), wheels.frame))
    first = np.diff(wheels.frame[order], prepend=-1) != 0
    chosen = order[first]
    return wheels.frame[chosen], wheels.track_id[chosen]


def _held(times_s: Floats, ends_s: float, frames: Ints, numbers: Ints) -> tuple[Held, ...]:
    """Return stretches of frames with one number, each until the next frame is shown."""
    if not len(frames):
        return ()
    leaves = np.append(times_s[1:], ends_s)
    apart = times_s[frames[1:]] - leaves[frames[:-1]] > _BLINK_S
    edges = np.flatnonzero(apart | (np.diff(numbers) != 0)) + 1
    parts = np.split(np.arange(len(frames)), edges)
    return tuple(
        Held(
            float(times_s[frames[part[0]]]),
            float(leaves[frames[part[-1]]]),
            int(numbers[part[0]]),
        )
        for part in parts
    )
