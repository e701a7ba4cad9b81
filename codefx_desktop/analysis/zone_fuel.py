"""When the fuel probe goes in and comes out, from who stands in the fuel zone or what moves there.

Nobody sees the probe's own seat: who fuels comes to the car, stands still while fuel flows, and
steps back. Coming to rest is the probe going in, setting off it coming out.
"""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING, Final

import numpy as np

from codefx_desktop.analysis.crew import CREW
from codefx_desktop.analysis.dwelling import People, came, left, longest_dwells
from codefx_desktop.analysis.zone_activity import activity, share, standing
from codefx_desktop.analysis.zones import inside
from codefx_desktop.domain.events import Event, EventSource, EventStatus, Place

if TYPE_CHECKING:
    import numpy.typing as npt

    from codefx_desktop.analysis.car_frame import CarFrame
    from codefx_desktop.analysis.dwelling import Dwell, Edge
    from codefx_desktop.analysis.stop_frame import StopFrame
    from codefx_desktop.analysis.zones import PlacedZone
    from codefx_desktop.domain.observations import Observations

    Floats = npt.NDArray[np.float64]

CONFIDENCE: Final = 0.3
SHORTEST_S: Final = 1.5
"""Filling takes longer than this; who stays for less only passes."""
DRAWN_S: Final = 0.12
"""From the first motion to the probe's end being out of the car, which it reaches 0.2 m into."""
SETTLED_S: Final = 0.16
SET_OFF_S: Final = 0.08
"""From the last step of a body beyond its box's jitter to the probe's seat, and from the first
to the probe's end being out. Source: rendered endurance stops, as ``DRAWN_S``."""
_FILLED: Final = 0.5
_DOUBT_S: Final = 0.15
"""What no fit knows: whether a hand or the body brings the probe the last way."""
_MOTION_DOUBT_S: Final = 0.35
_BETWEEN_WHEELS: Final = 0.8
"""Half the way between the axles: beside and behind wheels those who change them move too, and
motion alone does not tell who is who."""
_STRAIGHT: Final = 0.6
"""Part of a burst's motion that goes to the car or away from it, and not past it."""


def fuel_events(
    seen: Observations, stop: StopFrame, zone: PlacedZone, frame: CarFrame
) -> tuple[Event, Event]:
    """Return ``probe_in`` and ``probe_out``; not found where the zone does not tell them clearly.

    Args:
        seen: All that was measured of the clip.
        stop: The stop.
        zone: Its zone with the fuel role.
        frame: The car's own measure.
    """
    if CREW in seen.objects.class_names:
        return _by_people(seen, stop, zone)
    middle = frame.local(np.array(zone.points)).mean(axis=0)
    if abs(float(middle[0])) > _BETWEEN_WHEELS:
        return Event("probe_in"), Event("probe_out")
    return _by_motion(seen, stop, zone)


def _by_people(seen: Observations, stop: StopFrame, zone: PlacedZone) -> tuple[Event, Event]:
    people = crew_of(seen, stop)
    there = people.where(inside(zone, people.xy))
    times = seen.times_s
    stays = [
        stay
        for stay in longest_dwells(there, times, SHORTEST_S)
        if stay.filled > _FILLED and stay.first > stop.first + 1 and stay.last < stop.last
    ]
    if not stays:
        return Event("probe_in"), Event("probe_out")
    stay = min(stays, key=lambda one: _from_car(stop, one))
    begin = came(people, times, stay, stop.begin)
    end = left(people, times, stay, stop.end)
    told = f"somebody of the crew stands in zone {zone.name!r} for "
    told += f"{times[stay.last] - times[stay.first]:.1f} s"
    return (
        _edge_event(seen, "probe_in", begin, SETTLED_S, told),
        _edge_event(seen, "probe_out", end, SET_OFF_S, told),
    )


def crew_of(seen: Observations, stop: StopFrame) -> People:
    """Return the crew over a whole stop, on its reference picture."""
    found = stop.objects(seen, CREW, margin=len(seen.times_s))
    found = found.where(found.confidence >= np.float32(CONFIDENCE))
    return People.of(found.frame, found.xyxy)


def _from_car(stop: StopFrame, stay: Dwell) -> float:
    """Return how far a stay is from the middle of the car's box, pixels."""
    x1, y1, x2, y2 = stop.box
    return float(np.hypot(stay.xy[0] - (x1 + x2) / 2, stay.xy[1] - (y1 + y2) / 2))


def _edge_event(
    seen: Observations, kind: str, edge: Edge | None, later_s: float, told: str
) -> Event:
    if edge is None:
        return Event(kind)
    time_s = edge.time_s + later_s
    half = edge.spread_s + _DOUBT_S
    return zone_event(
        seen, kind, (time_s - half, time_s, time_s + half), EventSource.ZONE, 0.8,
        {"seen": told, "edge": f"within {edge.spread_s:.2f} s"},
    )  # fmt: skip


def _by_motion(seen: Observations, stop: StopFrame, zone: PlacedZone) -> tuple[Event, Event]:
    """Find the first thing that comes to the car, and what leaves it after a quiet time."""
    nothing = (Event("probe_in"), Event("probe_out"))
    if seen.motion is None:
        return nothing
    bursts = activity(seen, seen.motion, standing(stop), zone).bursts()
    inward = _inward(stop, zone)
    if not bursts or share(bursts[0], inward) < _STRAIGHT:
        return nothing
    comes = bursts[0]
    if len(bursts) > 1 and bursts[1].begin_s - comes.end_s < SHORTEST_S:
        return nothing
    told = {"seen": f"something comes to the car in zone {zone.name!r} and stays"}
    came_in = _motion_event(seen, "probe_in", comes.end_s, told)
    # Who leaves before the next one comes is the one who came; of two nobody knows which.
    later = list(takewhile(lambda burst: share(burst, inward) < _STRAIGHT, bursts[1:]))
    away = [burst for burst in later if share(burst, inward) < -_STRAIGHT]
    if len(away) != 1 or later[0] is not away[0]:
        return came_in, nothing[1]
    told = {"seen": f"something leaves the car in zone {zone.name!r} after a quiet time"}
    return came_in, _motion_event(seen, "probe_out", away[0].begin_s + DRAWN_S, told)


def _inward(stop: StopFrame, zone: PlacedZone) -> Floats:
    """Return the direction from a zone to the car's axis, float64 (2,)."""
    x1, y1, x2, y2 = stop.box
    way = np.array(((x1 + x2) / 2, (y1 + y2) / 2)) - np.array(zone.points).mean(axis=0)
    if stop.heading.front_deg is not None:
        angle = np.radians(stop.heading.front_deg)
        ahead = np.array((np.cos(angle), -np.sin(angle)))
        way = way - ahead * (way @ ahead)
    unit: Floats = way / max(1e-9, float(np.hypot(*way)))
    return unit


def _motion_event(seen: Observations, kind: str, time_s: float, told: dict[str, str]) -> Event:
    span = (time_s - _MOTION_DOUBT_S, time_s, time_s + _MOTION_DOUBT_S)
    return zone_event(seen, kind, span, EventSource.MOTION, 0.5, told)


def zone_event(
    seen: Observations,
    kind: str,
    span: tuple[float, float, float],
    source: EventSource,
    confidence: float,
    evidence: dict[str, str],
    place: Place = Place.NONE,
) -> Event:
    """Return a proposed event.

    Args:
        seen: All that was measured of the clip.
        kind: Of the event.
        span: Earliest, best and latest instant, seconds.
        source: What it was measured from.
        confidence: 0 to 1.
        evidence: In words and figures.
        place: Where at the car.
    """
    frame = int(np.abs(seen.times_s - span[1]).argmin())
    return Event(
        kind,
        place,
        time_s=span[1],
        earliest_s=span[0],
        latest_s=span[2],
        frame_number=int(seen.numbers[frame]),
        source=source,
        status=EventStatus.PROPOSED,
        confidence=confidence,
        evidence=evidence,
    )
