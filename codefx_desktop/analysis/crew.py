"""Who is near each corner of a standing car, and when the last of them is out of its way.

The last to leave a corner is the gunner, whose hands are on the gun: while the gun is on its nut
they are inside the path that the car will sweep, and when it is seen well off the nut they are
outside. So a corner is clear when, after its last burst, its gun has left, and nobody else of the
crew is still at the wheel.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from codefx_desktop.analysis.gun_choice import LEAVES_S
from codefx_desktop.analysis.gun_sight import Sight, guns_seen, wheel_diameter
from codefx_desktop.analysis.hubs import CORNERS, CarAxes, WheelsSeen, hub_px
from codefx_desktop.domain.events import Event, EventSource, EventStatus, Place

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from codefx_desktop.analysis.stop_frame import StopFrame
    from codefx_desktop.domain.observations import Objects, Observations
    from codefx_desktop.domain.zone import CarPlace

    Floats = npt.NDArray[np.float64]
    Flags = npt.NDArray[np.bool_]

CREW: Final = "crew"
SURE: Final = 0.3
"""Crew below this confidence are not counted. Source, as of all numbers here: chosen while looking
at rendered stops, not measured on real crews."""
AFTER_S: Final = 1.0
"""Corners are watched until so long after the car went."""
REACH: Final = (1.8, 3.2)
"""Who stands no farther along the car and out of it than this, in wheel diameters, is near."""
AT_WHEEL: Final = 0.8
"""Who stays so near to the hub, by the middle of the box, is in the car's way."""
STANDS_ON_S: Final = 2.0
"""Where the car stands on for so long, other corners may still wait for a corner's crew."""
RUNS_S: Final = 0.8
"""Who worked at a corner and within this time"""
ALONG: Final = 1.0
NEARER: Final = 0.3
"""has gone so far along the car, and so much nearer to it, in wheel diameters, goes round it."""
STAYS_S: Final = 0.25
LATEST_S: Final = 0.5
"""A gun that is seen to leave so long after its last burst was not seen to leave at once."""
HIDDEN_S: Final = 0.15
"""A gun that is hidden for longer than this as it leaves was not seen to leave."""
HALF_FRAMES: Final = 0.8
HALF_S: Final = 0.01
"""The gun's leaving is known to a frame; that the gunner's hands are out with it, to this."""


def clear_events(
    seen: Observations, stop: StopFrame, place: CarPlace, events: tuple[Event, ...] = ()
) -> tuple[Event, ...]:
    """Return ``clear`` of all corners; what was not measured is not found.

    Args:
        seen: All that was measured of the clip.
        stop: The stop.
        place: Where the car and its hubs are.
        events: What was found before: ``tighten_end`` of each corner is needed.
    """
    ends = {event.place: event.time_s for event in events if event.kind == "tighten_end"}
    sights = guns_seen(seen, stop, place)
    at_wheel = _counts(seen, stop, place, _at_wheel)
    found = [
        _clear(seen, corner, ends.get(corner), sights.get(corner), at_wheel.get(corner))
        for corner in CORNERS
    ]
    crew, local = _beside(seen, stop, place)
    for i, event in enumerate(found):
        if event.time_s is None or seen.times_s[stop.last] - event.time_s < STANDS_ON_S:
            continue
        if _goes_round(seen, event, crew, *local[event.place]):
            why = "one of its crew runs on round the car"
            found[i] = Event("clear", event.place, evidence={"why": why})
    return tuple(found)


def _goes_round(
    seen: Observations, event: Event, crew: Objects, ahead: Floats, out: Floats
) -> bool:
    """Return whether one of a corner's crew runs round the car after its gun left.

    Where a crew changes one side after the other they do, and cross the car's path as they go: the
    gun's leaving does not tell when they are out of it.

    Args:
        seen: All that was measured of the clip.
        event: The corner's ``clear``.
        crew: The crew.
        ahead: float64 (N,), how far ahead of the hub each is, wheel diameters.
        out: float64 (N,), how far out of it.
    """
    times = seen.times_s[crew.frame]
    now = np.abs(times - (event.time_s or 0.0)) <= STAYS_S / 4
    here = now & (np.abs(ahead) <= ALONG) & (out <= REACH[1]) & (crew.track_id >= 0)
    later = (times > (event.time_s or 0.0)) & (times < (event.time_s or 0.0) + RUNS_S)
    for track in np.unique(crew.track_id[here]):
        own = crew.track_id == track
        first = int(np.flatnonzero(here & own)[0])
        gone = later & own & (np.abs(ahead - ahead[first]) > ALONG)
        if (gone & (out < out[first] - NEARER)).any():
            return True
    return False


def near_corners(seen: Observations, stop: StopFrame, place: CarPlace) -> dict[Place, Flags]:
    """Return whether anyone of the crew is near a corner, bool (F,) over all frames, by corner.

    Frames of other shots and other stops are False; corners whose hub is not known are missing.
    """
    return {corner: count > 0 for corner, count in crew_counts(seen, stop, place).items()}


def crew_counts(
    seen: Observations, stop: StopFrame, place: CarPlace
) -> dict[Place, npt.NDArray[np.int64]]:
    """Return how many of the crew are near each corner, int64 (F,) over all frames, by corner."""
    return _counts(seen, stop, place, _near)


def _near(ahead: Floats, out: Floats) -> Flags:
    return (np.abs(ahead) <= REACH[0]) & (out >= -AT_WHEEL) & (out <= REACH[1])


def _at_wheel(ahead: Floats, out: Floats) -> Flags:
    return np.hypot(ahead, out) <= AT_WHEEL


def _counts(
    seen: Observations,
    stop: StopFrame,
    place: CarPlace,
    within: Callable[[Floats, Floats], Flags],
) -> dict[Place, npt.NDArray[np.int64]]:
    """Return how many of the crew are at places around each hub, int64 (F,), by corner.

    Args:
        seen: All that was measured of the clip.
        stop: The stop.
        place: Where the car and its hubs are.
        within: Told how far ahead of the hub and out of it people are, float64 (N,) each, in
            wheel diameters; says who counts.
    """
    crew, local = _beside(seen, stop, place)
    return {
        corner: np.bincount(crew.frame[within(ahead, out)], minlength=len(seen.times_s)).astype(
            np.int64
        )
        for corner, (ahead, out) in local.items()
    }


def _beside(
    seen: Observations, stop: StopFrame, place: CarPlace
) -> tuple[Objects, dict[Place, tuple[Floats, Floats]]]:
    """Return the crew, and how far ahead of each known hub and out of it each is, float64 (N,)."""
    if len(seen.times_s) < 2:
        return seen.objects.of(CREW), {}
    margin = round(AFTER_S / max(float(np.median(np.diff(seen.times_s))), 1e-3))
    crew = stop.objects(seen, CREW, margin=margin)
    crew = crew.where(crew.confidence >= SURE)
    axes = CarAxes.of(stop)
    if axes is None:
        return crew, {}
    wheels = WheelsSeen.of(seen, stop, axes)
    boxes = crew.xyxy.astype(np.float64)
    middle = (boxes[:, 0] + boxes[:, 2]) / 2 + 1j * (boxes[:, 1] + boxes[:, 3]) / 2
    found = {}
    for corner in CORNERS:
        hub = hub_px(seen, place, corner)
        diameter = None if hub is None else wheel_diameter(wheels, hub)
        if hub is None or diameter is None:
            continue
        local = (middle - hub) / diameter
        outward = axes.left if corner.value.endswith("L") else -axes.left
        found[corner] = (local * np.conj(axes.ahead)).real, (local * np.conj(outward)).real
    return crew, found


def _clear(
    seen: Observations,
    corner: Place,
    tightened_s: float | None,
    sight: Sight | None,
    at_wheel: npt.NDArray[np.int64] | None,
) -> Event:
    """Return when a corner is clear."""
    if tightened_s is None or sight is None or at_wheel is None:
        return Event("clear", corner, evidence={"why": "when tightening ended is not known"})
    leaves = sight.leaves_s[
        (sight.leaves_s > tightened_s - 2 * LEAVES_S[1]) & (sight.leaves_s < tightened_s + LATEST_S)
    ]
    if not len(leaves):
        return Event("clear", corner, evidence={"why": "the gun was not seen to leave"})
    time_s = float(leaves[np.abs(leaves - tightened_s - LEAVES_S[0]).argmin()])
    frame = int(np.abs(seen.times_s - time_s).argmin())
    near = seen.times_s[max(0, frame - 2) : frame + 3]
    interval_s = float(np.median(np.diff(near)))
    before, later = sight.glimpses(time_s)
    if later - before > max(HIDDEN_S, 3.0 * interval_s):
        return Event("clear", corner, evidence={"why": "the gun was hidden as it left"})
    after = (seen.times_s > time_s) & (seen.times_s < time_s + STAYS_S)
    if after.any() and float((at_wheel[after] > 0).mean()) > 0.5:
        return Event("clear", corner, evidence={"why": "somebody stays at the wheel"})
    half = HALF_FRAMES * interval_s + HALF_S
    gone = f"the gun left its nut {time_s - tightened_s:.2f} s after it stopped"
    return Event(
        "clear", corner, time_s, time_s - half, time_s + half, int(seen.numbers[frame]),
        EventSource.TRACK, EventStatus.PROPOSED, 0.8, {"seen": gone},
    )  # fmt: skip
