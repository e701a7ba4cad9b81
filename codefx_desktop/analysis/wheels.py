"""When each corner's old wheel is off its hub and its new wheel is on it.

The wheel that is on the hub first is followed until it is away, the wheel that is on it last is
followed backwards until it is away: two objects, two ways, and never a mixture of both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from codefx_desktop.analysis.hubs import CORNERS, CarAxes, WheelsSeen, hub_px
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
_AWAY: Final = 1.6
"""A wheel that was followed so many radii away was taken off; nearer, it may have been jostled."""
_HELD: Final = 1.1
"""Where the shot begins or ends while it is pulled, so many are enough."""
_EDGE_S: Final = 0.1
"""A wheel that was seen so shortly before a shot's end was seen to its end."""
_LONGEST_GAP_S: Final = 0.3
"""A wheel that was hidden longer than this while it crossed is not found."""
_LIKE: Final = 1.25
"""A wheel and the one that replaces it look alike in size; a bare hub looks smaller."""
_WINDOW_S: Final = 0.07
"""Pictures so near to the crossing tell its instant."""
_FRAME_S: Final = 0.05
"""Pictures farther apart than this hide how the wheel moved between them."""
_ERROR: Final = 0.22
"""The distance is known to so many radii: a wheel that is half hidden is seen where it is not.
Source: errors on rendered stops, 95 % of them are smaller."""
_SPARE_S: Final = 0.004
_FAST: Final = 0.55
_PULLED: Final = 0.85
_LONGEST_CREEP: Final = 1.2
"""A wheel comes off in one pull. From ``_PULLED`` to half a wheel it takes at most so many times as
long as from ``_FAST`` to there, also where it is then held and its box lags behind it."""


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
    events: list[Event] = []
    for corner in CORNERS:
        at = hub_px(seen, place, corner)
        if at is None:
            why = {"why": "this hub was not seen"}
            events += [Event(kind, corner, evidence=why) for kind in ("wheel_off", "wheel_on")]
            continue
        hub = Hub(at, axes.ahead, _WIDTHS[0 if corner in _FRONT else 1])
        old = follow(wheels, seen.times_s, hub, backwards=False)
        new = follow(wheels, seen.times_s, hub, backwards=True)
        events.append(_event(seen, stop, "wheel_off", corner, (old, new)))
        events.append(_event(seen, stop, "wheel_on", corner, (new, old)))
    return tuple(events)


def _event(
    seen: Observations,
    stop: StopFrame,
    kind: str,
    corner: Place,
    paths: tuple[WheelPath | None, WheelPath | None],
) -> Event:
    """Return the event at which a wheel's way leaves half a wheel around its hub.

    Args:
        seen: All that was measured of the clip.
        stop: The stop.
        kind: Of the event.
        corner: Of the car.
        paths: The way of the wheel that it is about, and of the other one.
    """
    path, other = paths
    edge_s = float(seen.times_s[stop.last if kind == "wheel_off" else stop.first])
    why = _doubt(path, other, edge_s)
    if path is None or why:
        return Event(kind, corner, evidence={"why": why})
    after = _after(path, 1.0)
    gap_s = abs(float(path.times_s[after] - path.times_s[after - 1]))
    time_s, *ends = _crossing(path)
    spare = _SPARE_S + max(0.0, gap_s - _FRAME_S) / 4
    return Event(
        kind,
        corner,
        time_s,
        min(time_s, *ends) - spare,
        max(time_s, *ends) + spare,
        int(seen.numbers[np.abs(seen.times_s - time_s).argmin()]),
        EventSource.TRACK,
        EventStatus.PROPOSED,
        round(max(0.1, 1.0 - gap_s / _LONGEST_GAP_S), 2),
        {
            "wheel": f"{2 * path.radius_px:.0f} px high, seen in {len(path.times_s)} pictures, "
            f"{path.tilt_deg:.0f} degrees askew",
            "crossing": f"between the pictures at {path.times_s[after - 1]:.3f} s and "
            f"{path.times_s[after]:.3f} s",
        },
    )


def _doubt(path: WheelPath | None, other: WheelPath | None, edge_s: float) -> str:
    """Return why a way does not show a wheel that leaves its hub, or nothing."""
    if path is None:
        return "no wheel was seen on this hub"
    farthest = float(path.distance.max())
    held = float(path.distance[-1]) > _HELD and abs(float(path.times_s[-1]) - edge_s) < _EDGE_S
    if farthest < _AWAY and not held:
        return "no wheel was seen to leave this hub"
    after = _after(path, 1.0)
    gap_s = abs(float(path.times_s[after] - path.times_s[after - 1]))
    if gap_s > _LONGEST_GAP_S:
        return f"the wheel was hidden for {gap_s:.2f} s"
    if other is not None and not 1 / _LIKE < path.radius_px / other.radius_px < _LIKE:
        return "what left this hub was not as large as the other wheel"
    return ""


def _after(path: WheelPath, level: float) -> int:
    """Return the first picture in which a wheel is farther away than a level, at least 1."""
    return max(1, int(np.argmax(path.distance > level)))


def _crossing(path: WheelPath) -> tuple[float, float, float]:
    """Return when the distance passes one radius, the soonest and the latest, seconds."""
    levels = (_FAST, _PULLED, 1.0 - _ERROR, 1.0, 1.0 + _ERROR)
    fast, pulled, soonest, passes, latest = (_passes(path, level) for level in levels)
    if path.times_s[-1] > path.times_s[0]:
        passes = min(passes, pulled + _LONGEST_CREEP * (pulled - fast))
    return passes, soonest, latest


def _passes(path: WheelPath, level: float) -> float:
    """Return when the distance first passes a level, seconds; a parabola through a few pictures."""
    times, distance = path.times_s, path.distance
    after = _after(path, level)
    (t0, t1), (d0, d1) = times[after - 1 : after + 1], distance[after - 1 : after + 1]
    linear = float(t0 + (level - d0) / max(d1 - d0, 1e-3) * (t1 - t0))
    gap_s = abs(float(t1 - t0))
    near = np.abs(times - linear) <= max(_WINDOW_S, 1.6 * gap_s)
    if near.sum() < 4:
        return linear
    curve = np.polynomial.Polynomial.fit(times[near] - linear, distance[near] - level, 2).convert()
    roots = [float(root.real) for root in curve.roots() if abs(root.imag) < 1e-9]
    best = min(roots, key=abs, default=gap_s)
    return linear + best if abs(best) <= 0.75 * gap_s else linear
