"""When each corner's old wheel is off its hub and its new wheel is on it.

The wheel that is on the hub first is followed until it is away, the wheel that is on it last is
followed backwards until it is away: two objects, two ways, and never a mixture of both.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.polynomial.polynomial import polyfit

from codefx_desktop.analysis.hubs import CORNERS, CarAxes, WheelsSeen, hub_px
from codefx_desktop.analysis.wheel_mixtures import bare_since, share_a_way, was_left_behind
from codefx_desktop.analysis.wheel_paths import Hub, WheelPath, follow
from codefx_desktop.domain.events import Event, EventSource, EventStatus, Place

if TYPE_CHECKING:
    import numpy.typing as npt

    from codefx_desktop.analysis.stop_frame import StopFrame
    from codefx_desktop.domain.observations import Observations
    from codefx_desktop.domain.zone import CarPlace

    Floats = npt.NDArray[np.float64]

_WIDTHS: Final = (0.43, 0.55)
"""Widths of front and rear wheels in diameters. Source: tyres 305 and 405 mm wide, 720 mm high."""
_FRONT: Final = (Place.FRONT_LEFT, Place.FRONT_RIGHT)
_SEEN: Final = 0.25
"""Fainter wheels are often bare hubs. Source: the tracker begins no track with less, either."""
_LEAVES: Final = 0.3
"""A wheel on its hub seems to be nearer to it than this, in radii."""
_AWAY: Final = 1.6
"""A wheel that was followed so many radii away was taken off; nearer, it may have been jostled."""
_CUT: Final = 0.75
"""Where the shot begins or ends while it is moved, so many are enough,"""
_EDGE_S: Final = 0.06
"""if it is seen until so shortly before the cut, and crosses not longer after it."""
_LONGEST_GAP_S: Final = 0.3
"""A wheel that was hidden longer than this while it crossed is not found,"""
_ONE_SIDED_S: Final = 0.25
"""nor one that may have crossed so much earlier or later: pulls are hardly longer, and what was
seen last was another wheel, or the hub without one."""
_FASTEST: Final = 18.0
"""Nobody carries a wheel at more than so many radii a second, 6.5 m/s. Source: in simulated sights
of endurance stops at 15 and 20 pictures a second true ones seemed to go at up to 17."""
_RESTED_S: Final = 0.1
"""A wheel that was not seen on its hub for so long was under way already."""
_LIKE: Final = 1.2
"""All wheels of a car are about as large as each other; a bare hub is not."""
_WINDOW_S: Final = 0.07
"""Pictures so near to the crossing tell its instant."""
_HIDDEN_S: Final = 0.06
"""Pictures farther apart than this hide how the wheel moved between them,"""
_HIDDEN: Final = 0.5
"""and a wheel found with less confidence than this is half hidden: its box is not all of it."""
_AROUND_S: Final = 0.1
_ERRORS: Final = (0.16, 0.13)
"""How many radii too near and too far a wheel may seem to be. Source: errors on rendered stops."""
_PULL_ERRORS: Final = (0.23, 0.13)
"""Likewise of a wheel that is pulled off by someone who leans over it: its box lags behind it."""
_HIDDEN_ERRORS: Final = (0.7, 0.3)
"""Likewise of a hidden wheel."""
_BACK: Final = 0.1
"""Nobody puts a wheel back that left its hub: a box that seems to return by more than this many
radii has lost a part of the wheel behind who pulls it, or is of the hub as well."""
_SPARE_S: Final = 0.004
_SPARE: Final = 0.2
"""No instant is known better than this, or than this part of the time between pictures."""
_FAST: Final = 0.55
_PULLED: Final = 0.85
_LONGEST_CREEP: Final = 1.2
"""A wheel comes off in one pull. From ``_PULLED`` to half a wheel it takes at most so many times as
long as from ``_FAST`` to there, also where it is then held and its box lags behind it."""
_KINDS: Final = ("wheel_off", "wheel_on")


def wheel_events(seen: Observations, stop: StopFrame, place: CarPlace) -> tuple[Event, ...]:
    """Return ``wheel_off`` and ``wheel_on`` of all corners; what was not measured is not found.

    Args:
        seen: All that was measured of the clip.
        stop: The stop.
        place: Where the car and its hubs are (``find_hubs``).
    """
    axes = CarAxes.of(stop)
    if axes is None:
        return ()
    wheels = WheelsSeen.of(seen, stop, axes)
    wheels = wheels.where(wheels.confidence >= _SEEN)
    paths: dict[tuple[str, Place], WheelPath | None] = {}
    for corner in CORNERS:
        at = hub_px(seen, place, corner)
        for kind in _KINDS:
            hub = Hub(at or 0j, axes.ahead, _WIDTHS[0 if corner in _FRONT else 1])
            backwards = kind == "wheel_on"
            found = None if at is None else follow(wheels, seen.times_s, hub, backwards=backwards)
            paths[kind, corner] = found
    usual_px = float(np.median([path.radius_px for path in paths.values() if path] or [1.0]))
    edges_s = float(seen.times_s[stop.last]), float(seen.times_s[stop.first])
    events = {
        slot: _event(seen, slot, path, usual_px, edges_s[_KINDS.index(slot[0])])
        for slot, path in paths.items()
    }
    for corner in CORNERS:
        off, on = (events[kind, corner] for kind in _KINDS)
        old, new = (paths[kind, corner] for kind in _KINDS)
        is_told = off.time_s is not None and on.time_s is not None
        if is_told and old is not None and new is not None and share_a_way(old, new):
            why = "the wheel that left this hub and the one that came were followed as one"
            events |= {(k, corner): Event(k, corner, evidence={"why": why}) for k in _KINDS}
            continue
        for told, path, other, when in ((off, old, on, "afterwards"), (on, new, off, "before")):
            if path is not None and was_left_behind(wheels, seen.times_s, path, told, other):
                why = f"{told.time_s:.2f} s was measured, but a wheel was on this hub {when}"
                events[told.kind, corner] = Event(told.kind, corner, evidence={"why": why})
    return tuple(events.values())


def _event(
    seen: Observations,
    slot: tuple[str, Place],
    path: WheelPath | None,
    usual_px: float,
    edge_s: float,
) -> Event:
    """Return the event at which a wheel's way leaves half a wheel around its hub.

    Args:
        seen: All that was measured of the clip.
        slot: Kind and place of the event.
        path: The way of the wheel that it is about.
        usual_px: Radius of the car's wheels.
        edge_s: Until when the wheel could be followed in this shot.
    """
    why = _doubt(path, usual_px, edge_s, "left" if slot[0] == "wheel_off" else "came to")
    if path is None or why:
        return Event(*slot, evidence={"why": why})
    crossing = _crossing(path)
    if crossing.hidden_s > _LONGEST_GAP_S:
        return Event(*slot, evidence={"why": f"the wheel was hidden for {crossing.hidden_s:.2f} s"})
    if crossing.hidden_s > _HIDDEN_S and crossing.radii_per_s > _FASTEST:
        return Event(*slot, evidence={"why": "what was seen farther away was another wheel"})
    if crossing.one_sided_s > _ONE_SIDED_S:
        why = (
            f"{crossing.time_s:.2f} s was measured, but it may be {crossing.one_sided_s:.2f} s off"
        )
        return Event(*slot, evidence={"why": why})
    return Event(
        *slot,
        crossing.time_s,
        crossing.earliest_s,
        crossing.latest_s,
        int(seen.numbers[np.abs(seen.times_s - crossing.time_s).argmin()]),
        EventSource.TRACK,
        EventStatus.PROPOSED,
        0.5 if crossing.hidden else 0.9,
        {
            "wheel": f"{2 * path.radius_px:.0f} px high, seen in {len(path.times_s)} pictures, "
            f"{path.tilt_deg:.0f} degrees askew" + (", half hidden" if crossing.hidden else ""),
        },
    )


def _doubt(path: WheelPath | None, usual_px: float, edge_s: float, did: str) -> str:
    """Return why a way does not show a wheel that left its hub, or came to it, or nothing."""
    if path is None:
        return "no wheel was seen on this hub"
    if not 1 / _LIKE < path.radius_px / usual_px < _LIKE:
        return f"what {did} this hub was not as large as the other wheels"
    leaves = int(np.argmax(path.distance > _LEAVES))
    if abs(float(path.times_s[leaves] - path.times_s[0])) < _RESTED_S and path.distance.max() > 1.0:
        return "the wheel was not seen at rest on this hub"
    if float(path.distance.max()) >= _AWAY:
        return ""
    at_edge = abs(float(path.times_s[-1]) - edge_s) < _EDGE_S
    if at_edge and float(path.distance[-1]) > _CUT and _beyond_s(path) < _EDGE_S:
        return ""
    return f"no wheel was seen that {did} this hub"


def _beyond_s(path: WheelPath) -> float:
    """Return how long after a way's end the wheel would cross; 0 where it did before."""
    left = 1.0 - float(path.distance.max())
    if left <= 0.0:
        return 0.0
    if len(path.times_s) < 4:
        return math.inf
    way, elapsed = path.distance[-1] - path.distance[-4], path.times_s[-1] - path.times_s[-4]
    return left / max(float(way / abs(elapsed)), 1e-3)


@dataclass(frozen=True, slots=True)
class _Crossing:
    """When a wheel passed half a wheel from its hub.

    Attributes:
        time_s: The likeliest instant.
        earliest_s: The earliest.
        latest_s: The latest.
        hidden: Whether crew hid the wheel around it.
        hidden_s: For how long nothing of it was seen.
        radii_per_s: How fast it went meanwhile.
    """

    time_s: float
    earliest_s: float
    latest_s: float
    hidden: bool
    hidden_s: float
    radii_per_s: float

    @property
    def one_sided_s(self) -> float:
        """How far off it may be to the side where less is known."""
        return max(self.time_s - self.earliest_s, self.latest_s - self.time_s)


def _crossing(path: WheelPath) -> _Crossing:
    """Return when the distance passes one radius."""
    passes = _passes(path, 1.0)
    forwards = path.times_s[-1] > path.times_s[0]
    if forwards:
        fast, pulled = _passes(path, _FAST), _passes(path, _PULLED)
        passes = min(passes, pulled + _LONGEST_CREEP * (pulled - fast))
    around = np.abs(path.times_s - passes) <= _AROUND_S
    after = _after(path, 1.0)
    gap_s = abs(float(path.times_s[after] - path.times_s[after - 1]))
    hidden = gap_s > _HIDDEN_S or float(path.confidence[around].min(initial=1.0)) < _HIDDEN
    hidden = hidden or (forwards and _falls_back(path.distance[around]))
    near, far = _HIDDEN_ERRORS if hidden else _PULL_ERRORS if forwards else _ERRORS
    ends = [passes, _passes(path, 1.0 - near), _passes(path, 1.0 + far)]
    if gap_s > _HIDDEN_S:  # it crossed at any time in between
        ends += [float(path.times_s[after - 1]), float(path.times_s[after])]
    ends += bare_since(path, passes)
    if forwards:
        ends += _last_before_back(path, passes)
    spare_s = _SPARE_S + _SPARE * gap_s
    speed = abs(float(path.distance[after] - path.distance[after - 1])) / max(gap_s, 1e-3)
    return _Crossing(passes, min(ends) - spare_s, max(ends) + spare_s, hidden, gap_s, speed)


def _last_before_back(path: WheelPath, passes: float) -> list[float]:
    """Return when a wheel was last seen under way that then seemed to return, if it did.

    Nobody puts it back: what was seen later may be the hub without it, or a mixture of both, and
    the wheel gone before.
    """
    before = (path.times_s < passes) & (path.times_s > passes - _LONGEST_GAP_S)
    times, distance = path.times_s[before], path.distance[before]
    farthest = np.maximum.accumulate(distance)
    back = np.flatnonzero((farthest > _LEAVES) & (farthest - distance > _BACK))
    return [float(times[int(distance[: back[0]].argmax())])] if len(back) else []


def _falls_back(distance: Floats) -> bool:
    """Return whether a wheel seems to come back on its way."""
    return bool((np.maximum.accumulate(distance) - distance).max(initial=0.0) > _BACK)


def _after(path: WheelPath, level: float) -> int:
    """Return the first picture after a wheel passes a level on its way across one radius.

    At least 1; where a way ends before it gets there, the last picture.
    """
    away = path.distance > 1.0
    across = int(np.argmax(away)) if away.any() else len(away) - 1
    if level > 1.0:
        beyond = np.flatnonzero(path.distance[across:] > level)
        return max(1, across + int(beyond[0]) if len(beyond) else len(away) - 1)
    within = np.flatnonzero(path.distance[:across] <= level)
    return int(within[-1]) + 1 if len(within) else 1


def _passes(path: WheelPath, level: float) -> float:
    """Return when the distance first passes a level, seconds; a parabola through a few pictures."""
    times, distance = path.times_s, path.distance
    after = _after(path, level)
    (t0, t1), (d0, d1) = times[after - 1 : after + 1], distance[after - 1 : after + 1]
    gap_s = abs(float(t1 - t0))
    part = float((level - d0) / max(d1 - d0, 1e-3))
    linear = float(t0 + min(max(part, 0.0), 1.0 + _EDGE_S / gap_s) * (t1 - t0))
    near = np.abs(times - linear) <= max(_WINDOW_S, 1.6 * gap_s)
    if near.sum() < 4 or part > 1.0:
        return linear
    c, b, a = polyfit(times[near] - linear, distance[near] - level, 2).tolist()
    # The root nearest to 0 of a t^2 + b t + c, without taking alike numbers from each other.
    inside = b * b - 4 * a * c
    divisor = b + math.copysign(math.sqrt(inside), b) if inside >= 0 else 0.0
    best = -2 * c / divisor if divisor else gap_s
    return linear + best if abs(best) <= 0.75 * gap_s else linear
