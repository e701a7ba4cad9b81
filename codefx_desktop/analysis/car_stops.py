"""Which stretches of a clip are a stop of the car that the camera is pointed at."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from codefx_desktop.analysis.car_motion import event_of, find_arrival, find_departure
from codefx_desktop.analysis.car_rests import CAR, CONFIDENCE, Rest, find_rests
from codefx_desktop.analysis.following import Follower
from codefx_desktop.analysis.moving_rests import find_moving_rests, paired
from codefx_desktop.analysis.stop_frame import Steady, StopFrame
from codefx_desktop.analysis.stop_memory import StopMemory
from codefx_desktop.domain.stop import Heading

if TYPE_CHECKING:
    from codefx_desktop.analysis.car_motion import Edge
    from codefx_desktop.analysis.stop_frame import CameraPlaces
    from codefx_desktop.domain.camera_profile import CameraProfile
    from codefx_desktop.domain.observations import Motion, Observations

_ACROSS_S: Final = 1.0
"""A car that stands so soon before and after a cut is one car, seen by two cameras."""


@dataclass(frozen=True, slots=True, eq=False)
class CarView:
    """A standing car in one shot.

    Attributes:
        frame: What the stop's parts are measured with.
        arrival: How it came; None where this shot does not show it.
        departure: How it left; likewise.
        rest: Where it stands.
    """

    frame: StopFrame
    arrival: Edge | None
    departure: Edge | None
    rest: Rest


@dataclass(frozen=True, slots=True, eq=False)
class CarStop:
    """One stop, in as many shots as show it.

    Attributes:
        views: In order of time.
        notes: What could not be measured, in sentences for a person.
    """

    views: tuple[CarView, ...]
    notes: tuple[str, ...]


def find_car_stops(
    seen: Observations, camera: CameraProfile, memory: StopMemory | None = None
) -> tuple[CarStop, ...]:
    """Return the stops of a clip in order of time.

    Args:
        seen: All that was measured of the clip.
        camera: What is known of the camera.
        memory: What was found of the clip before; it changes what this takes, not what is found.
    """
    memory = memory or StopMemory()
    memory.begin(seen)
    edges = [0, *seen.cuts, len(seen.times_s)]
    views: list[CarView] = []
    if seen.motion is not None:
        motion, places = seen.motion, memory.places(seen)
        for shot in itertools.pairwise(edges):
            # Fainter cars are looked at by nobody here, so that they make no difference.
            cars = seen.objects.between(*shot).of(CAR)
            cars = cars.where(cars.confidence >= CONFIDENCE)
            views += memory.shot(
                seen,
                cars,
                shot,
                (camera,),
                lambda it, shot=shot: _views(it, motion, places, camera, shot),  # type: ignore[misc]
            )
    groups: list[list[CarView]] = []
    for view in views:
        if groups and _goes_on(seen, groups[-1][-1], view):
            groups[-1].append(view)
        else:
            groups.append([view])
    return tuple(_stop(seen, group) for group in groups)


def _views(
    seen: Observations,
    motion: Motion,
    places: CameraPlaces,
    camera: CameraProfile,
    shot: tuple[int, int],
) -> list[CarView]:
    """Return what one shot shows of stops; ``places`` are the camera's over the whole clip."""
    if shot[1] - shot[0] < 2:
        return []
    still = Steady(places, shot[0], seen.width, seen.height)
    follower = Follower(motion, places.path, shot[0], (seen.width, seen.height))
    if CAR in seen.objects.class_names:
        found = [
            (
                rest,
                find_arrival(seen, follower, rest, shot),
                find_departure(seen, follower, rest, shot),
            )
            for rest in find_rests(seen, still, shot)
        ]
    else:
        found = _moving(seen, follower, shot)
    views = []
    for rest, arrival, departure in found:
        first = rest.first if arrival is None else _frame_after(seen, arrival.onset.time_s)
        last = rest.last if departure is None else _frame_after(seen, departure.onset.time_s) - 1
        if first >= last:
            continue
        frame = StopFrame(
            first, last, shot[0], shot[1] - 1,
            event_of(seen, "stop", arrival, detected=rest.detected),
            event_of(seen, "go", departure, detected=rest.detected),
            rest.box, _heading(camera, arrival, departure, rest), still, camera,
        )  # fmt: skip
        views.append(CarView(frame, arrival, departure, rest))
    return _parted(_one_at_a_time(views))


def _one_at_a_time(views: list[CarView]) -> list[CarView]:
    """Return a shot's views without those in which a car stands where and when another one does.

    Boxes that wander show one car as two rests; followed from each, both have the same arrival.
    """
    kept: list[CarView] = []
    for view in sorted(views, key=lambda it: it.frame.first - it.frame.last):
        here = view.frame
        if all(here.last < it.frame.first or it.frame.last < here.first for it in kept):
            kept.append(view)
    return sorted(kept, key=lambda it: it.frame.first)


def _moving(
    seen: Observations, follower: Follower, shot: tuple[int, int]
) -> list[tuple[Rest, Edge | None, Edge | None]]:
    """Return what came and left as a car does, where nobody says what is a car."""
    moving = find_moving_rests(seen, shot)
    arrivals = {one: find_arrival(seen, follower, one, shot) for one in moving.came}
    departures = {one: find_departure(seen, follower, one, shot) for one in moving.left}
    pairs = paired(
        [one for one in moving.came if arrivals[one]],
        [one for one in moving.left if departures[one]],
    )
    found = []
    for rest, one, other in pairs:
        arrival = arrivals[one] if one else None
        departure = departures[other] if other else None
        starts = [frame for frame in moving.starts if rest.first < frame < rest.last]
        # The crew around a car can cover how it begins to move: it is followed from its rest.
        for start in starts if departure is None else ():
            gone = find_departure(seen, follower, replace(rest, last=start), shot)
            if gone is not None:
                departure = gone
                break
        found.append((rest, arrival, departure))
    return found


def _parted(views: list[CarView]) -> list[CarView]:
    """Return a shot's views, of which each ends where the next one's begins."""
    parted = list(views)
    for index in range(len(views) - 1):
        here, later = parted[index].frame, parted[index + 1].frame
        middle = (here.last + later.first) // 2
        parted[index] = replace(parted[index], frame=replace(here, end=middle))
        parted[index + 1] = replace(parted[index + 1], frame=replace(later, begin=middle + 1))
    return parted


def _goes_on(seen: Observations, before: CarView, after: CarView) -> bool:
    """Return whether the car that stands after a cut is the one that stood before it."""
    if before.departure is not None or after.arrival is not None:
        return False
    cuts = [cut for cut in seen.cuts if before.frame.last < cut <= after.frame.first]
    # Without a detector a shot in which the car only stands shows nothing that moves.
    if not cuts or (len(cuts) > 1 and before.rest.detected):
        return False
    gaps = (
        seen.times_s[cuts[0] - 1] - seen.times_s[before.frame.last],
        seen.times_s[after.frame.first] - seen.times_s[cuts[-1]],
    )
    return bool(max(gaps) < _ACROSS_S)


def _stop(seen: Observations, group: list[CarView]) -> CarStop:
    """Return a stop; a view without a heading of its own takes that of the others."""
    notes: list[str] = []
    known = next((v.frame.heading for v in group if v.frame.heading.front_deg is not None), None)
    views = []
    for view in group:
        if view.frame.heading.front_deg is not None or known is None:
            views.append(view)
            continue
        views.append(replace(view, frame=replace(view.frame, heading=known)))
        notes.append(
            "A shot shows the car only standing: which way it points is taken from the shot "
            "before or after it. Please check."
        )
    if known is None:
        notes.append(
            "The clip does not show the car come or leave: which way does it point? Its corners "
            "have no names until you say."
        )
    first, last = group[0], group[-1]
    if first.arrival is None:
        notes.append(_unseen(seen, "come to stand", first.rest.first))
    if last.departure is None:
        notes.append(_unseen(seen, "move off", last.rest.last))
    return CarStop(tuple(views), tuple(dict.fromkeys(notes)))


def _unseen(seen: Observations, what: str, frame: int) -> str:
    when = f"{seen.times_s[frame]:.2f} s"
    return f"The car was not seen to {what}: it is seen standing at {when}."


def _heading(
    camera: CameraProfile, arrival: Edge | None, departure: Edge | None, rest: Rest
) -> Heading:
    if camera.front_deg is not None:
        return Heading(camera.front_deg % 360.0, "camera", camera.mirrored)
    length = max(rest.box[2] - rest.box[0], rest.box[3] - rest.box[1])
    for edge, source in ((arrival, "arrival"), (departure, "departure")):
        if edge is not None:
            x, y = edge.direction_near(0.25 * length)
            return Heading(math.degrees(math.atan2(-y, x)) % 360.0, source, camera.mirrored)
    return Heading(mirrored=camera.mirrored)


def _frame_after(seen: Observations, time_s: float) -> int:
    """Return the first frame at or after an instant."""
    return min(int(np.searchsorted(seen.times_s, time_s)), len(seen.times_s) - 1)
