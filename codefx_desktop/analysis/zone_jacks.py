"""When a jack lifts and lowers, from what moves in its zone: for models that know no jacks.

Who brings a jack comes towards the car as it stops and takes it away as it leaves. Nobody sees
the car rise: it does soon after the jack has come, and drops as the jack begins to leave.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from codefx_desktop.analysis.jack_paths import JACK
from codefx_desktop.analysis.zone_activity import activity, share, standing
from codefx_desktop.analysis.zone_fuel import zone_event
from codefx_desktop.domain.events import EventSource, Place

if TYPE_CHECKING:
    import numpy.typing as npt

    from codefx_desktop.analysis.stop_frame import StopFrame
    from codefx_desktop.analysis.zone_activity import Burst
    from codefx_desktop.analysis.zones import PlacedZone
    from codefx_desktop.domain.events import Event
    from codefx_desktop.domain.observations import Observations

    Floats = npt.NDArray[np.float64]

LIFTS_S: Final = 0.22
"""From the first motion towards the car to its being up. Source, as of all numbers here: 40
rendered stops of Formula 1 at 30 to 60 frames a second, in which it took 0.08 to 0.35 s, and the
drop came from 0.12 s before to 0.10 s after the first motion away. Real jacks may differ."""
_LIFT_DOUBT_S: Final = 0.22
_DROP_DOUBT_S: Final = 0.25
_COMES_WITHIN_S: Final = 0.6
"""A jack that comes later was not waiting for the car, and something else may be what comes."""
_STRAIGHT: Final = 0.1
"""Part of a burst's motion that goes to the car, or away from it."""
_BEHIND: Final = 0.5
"""Cosine between the ways of what comes to the car and of the car, from which on they are alike."""
_DROPS_BEFORE_S: Final = (0.3, 6.0)
"""A car that drops rolls off no sooner: what leaves later began to before it was seen. Source: the
same stops, 0.49 s and more, 1.3 s where the release was held. What leaves far earlier is no jack;
chosen, not measured."""
_WORK_S: Final = 0.5
"""Between coming and leaving nothing moves in the zone for at least so long."""


def jack_zone_events(seen: Observations, stop: StopFrame, zone: PlacedZone) -> tuple[Event, ...]:
    """Return ``jack_up`` and ``jack_down`` of a zone, if it tells them.

    Nothing is told where the model knows jacks: what is seen of them tells more.

    Args:
        seen: All that was measured of the clip.
        stop: The stop.
        zone: One of its zones with the jack role.
    """
    if seen.motion is None or JACK in seen.objects.class_names or zone.place is Place.NONE:
        return ()
    bursts = activity(seen, seen.motion, standing(stop), zone).bursts()
    inward = _inward(stop, zone)
    up = _came(seen, stop, zone, bursts, inward)
    down = _left(seen, stop, zone, bursts, inward)
    return tuple(event for event in (up, down) if event is not None)


def _came(
    seen: Observations,
    stop: StopFrame,
    zone: PlacedZone,
    bursts: tuple[Burst, ...],
    inward: Floats,
) -> Event | None:
    if stop.stop.time_s is None or not bursts:
        return None
    first = bursts[0]
    alone = len(bursts) == 1 or bursts[1].begin_s - first.end_s >= _WORK_S
    soon = first.begin_s - stop.stop.time_s <= _COMES_WITHIN_S
    if not (alone and soon and share(first, inward) > _STRAIGHT):
        return None
    if first.begin_s <= float(seen.times_s[standing(stop).start]) and _as_the_car(stop, inward):
        return None  # what moves there as the car comes to rest may be the car
    time_s = first.begin_s + LIFTS_S
    latest_s = max(time_s + _LIFT_DOUBT_S, first.end_s + _LIFT_DOUBT_S / 2)
    words = f"something comes to the car in zone {zone.name!r} as it stops"
    return zone_event(
        seen, "jack_up", (first.begin_s, time_s, latest_s), EventSource.MOTION, 0.5,
        {"seen": words}, zone.place,
    )  # fmt: skip


def _left(
    seen: Observations,
    stop: StopFrame,
    zone: PlacedZone,
    bursts: tuple[Burst, ...],
    inward: Floats,
) -> Event | None:
    if stop.go.time_s is None or not bursts:
        return None
    last = len(bursts) - 1
    while last and bursts[last].begin_s - bursts[last - 1].end_s < _WORK_S:
        last -= 1
    leaves = bursts[last:]
    began_s = stop.stop.time_s if stop.stop.time_s is not None else float(seen.times_s[stop.begin])
    quiet_s = leaves[0].begin_s - (bursts[last - 1].end_s if last else began_s)
    if quiet_s < _WORK_S or any(share(burst, inward) > -_STRAIGHT for burst in leaves):
        return None
    time_s = leaves[0].begin_s
    if not _DROPS_BEFORE_S[0] <= stop.go.time_s - time_s <= _DROPS_BEFORE_S[1]:
        return None
    span = (time_s - _DROP_DOUBT_S, time_s, time_s + _DROP_DOUBT_S)
    words = f"something leaves the car in zone {zone.name!r} after a quiet time"
    return zone_event(
        seen, "jack_down", span, EventSource.MOTION, 0.5, {"seen": words}, zone.place
    )  # fmt: skip


def _as_the_car(stop: StopFrame, inward: Floats) -> bool:
    """Return whether what comes to the car goes the way that the car came, or may do so."""
    if stop.heading.front_deg is None:
        return True
    angle = np.radians(stop.heading.front_deg)
    along = float(inward @ (np.cos(angle), -np.sin(angle)))
    return along > _BEHIND * float(np.hypot(*inward))


def _inward(stop: StopFrame, zone: PlacedZone) -> Floats:
    """Return the way from a zone to the middle of the car, float64 (2,)."""
    x1, y1, x2, y2 = stop.box
    way: Floats = np.array(((x1 + x2) / 2, (y1 + y2) / 2)) - np.array(zone.points).mean(axis=0)
    return way
