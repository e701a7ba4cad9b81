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

_WIDTHS: Final = {"F": 0.43, "R": 0.55}
"""Widths of front and rear wheels in diameters. Source: tyres 305 and 405 mm wide, 720 mm high."""
FRONT: Final = (Place.FRONT_LEFT, Place.FRONT_RIGHT)
_LEFT: Final = 1.6
"""A wheel that was followed so many radii away was taken off; nearer, it may have been jostled."""
_LONGEST_GAP_S: Final = 0.3
"""A wheel that was hidden longer than this while it crossed is not found."""
_WINDOW_S: Final = 0.07
"""Pictures so near to the crossing tell its instant."""
_FRAME_S: Final = 0.05
"""Pictures farther apart than this hide how the wheel moved between them."""
_ERROR: Final = 0.14
"""The distance is known to so many radii: the camera looks at the wheel askew, and its box is a
little off. Source: errors on rendered stops, 95 % of them are smaller."""
_SLOWEST: Final = 2.0
"""Radii per second; a wheel that seems slower at the crossing was badly seen."""
_SHORTEST: Final = 0.4
"""No crossing is known better than to this part of the time between two pictures."""


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
        width = _WIDTHS["F" if corner in FRONT else "R"]
        for kind, backwards in (("wheel_off", False), ("wheel_on", True)):
            path = None
            if at is not None:
                hub = Hub(at, axes.ahead, width)
                path = follow(wheels, seen.times_s, hub, backwards=backwards)
            events.append(_event(seen, kind, corner, path))
    return tuple(events)


def _event(seen: Observations, kind: str, corner: Place, path: WheelPath | None) -> Event:
    """Return the event at which a wheel's way leaves half a wheel around its hub."""
    if path is None:
        return Event(kind, corner, evidence={"why": "no wheel was seen on this hub"})
    distance = path.distance
    if float(distance.max()) < _LEFT:
        return Event(kind, corner, evidence={"why": "the wheel was not seen away from its hub"})
    after = int(np.argmax(distance > 1.0))
    gap_s = abs(float(path.times_s[after] - path.times_s[after - 1]))
    if after == 0 or gap_s > _LONGEST_GAP_S:
        return Event(kind, corner, evidence={"why": f"the wheel was hidden for {gap_s:.2f} s"})
    time_s, half_s = _crossing(path, after)
    return Event(
        kind,
        corner,
        time_s,
        time_s - half_s,
        time_s + half_s,
        int(seen.numbers[np.abs(seen.times_s - time_s).argmin()]),
        EventSource.TRACK,
        EventStatus.PROPOSED,
        round(max(0.1, 1.0 - gap_s / _LONGEST_GAP_S), 2),
        {
            "wheel": f"radius {path.radius_px:.1f} px, seen in {len(path.times_s)} frames, "
            f"{path.tilt_deg:.0f} degrees askew",
            "crossing": f"between {path.times_s[after - 1]:.3f} s and {path.times_s[after]:.3f} s",
        },
    )


def _crossing(path: WheelPath, after: int) -> tuple[float, float]:
    """Return when the distance passes one radius, and how far that may be wrong, seconds."""
    times, distance = path.times_s, path.distance
    (t0, t1), (d0, d1) = times[after - 1 : after + 1], distance[after - 1 : after + 1]
    slope = float((d1 - d0) / (t1 - t0))
    linear = float(t0 + (1.0 - d0) / slope)
    gap_s = abs(float(t1 - t0))
    near = np.abs(times - linear) <= max(_WINDOW_S, 1.6 * gap_s)
    time_s, slope = _smoothed(times[near] - linear, distance[near], gap_s, slope)
    half_s = _ERROR / max(abs(slope), _SLOWEST) + max(0.0, gap_s - _FRAME_S) / 4
    return linear + time_s, max(half_s, _SHORTEST * min(gap_s, _FRAME_S))


def _smoothed(times: Floats, distance: Floats, gap_s: float, slope: float) -> tuple[float, float]:
    """Return when a parabola through the distances passes one radius, and how steeply.

    Args:
        times: float64 (N,), seconds from where a line through the two nearest passes it.
        distance: float64 (N,), radii.
        gap_s: Time between those two.
        slope: Of that line, radii per second.
    """
    if len(times) < 4:
        return 0.0, slope
    curve = np.polynomial.Polynomial.fit(times, distance, 2).convert() - 1.0
    roots = [float(root.real) for root in curve.roots() if abs(root.imag) < 1e-9]
    best = min(roots, key=abs, default=gap_s)
    if abs(best) > 0.75 * gap_s:
        return 0.0, slope
    return best, float(curve.deriv()(best))
