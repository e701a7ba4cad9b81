"""Events that follow from zones with a role: fuel and drivers, which no model's classes tell.

Their times are those of people's bodies, not of probes and belts, so their bounds are wide. What
a zone does not tell clearly is not found.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from codefx_desktop.analysis.car_frame import CarFrame
from codefx_desktop.analysis.zone_driver import driver_events
from codefx_desktop.analysis.zone_fuel import fuel_events
from codefx_desktop.domain.events import EventStatus
from codefx_desktop.domain.zone import ZoneRole

if TYPE_CHECKING:
    from collections.abc import Iterable

    from codefx_desktop.analysis.stop_frame import StopFrame
    from codefx_desktop.domain.events import Event
    from codefx_desktop.domain.observations import Observations
    from codefx_desktop.domain.zone import CarPlace


def zone_events(seen: Observations, stop: StopFrame, place: CarPlace) -> tuple[Event, ...]:
    """Return what the stop's zones tell; only of roles whose zones are drawn.

    These are ``probe_in``, ``probe_out``, ``driver_out``, ``driver_in`` and ``helper_clear``. Of
    several zones of a role the first that tells an event counts.

    Args:
        seen: All that was measured of the clip.
        stop: The stop, with its zones.
        place: Where the car stands.
    """
    found: list[Event] = []
    frame = CarFrame(place, stop.heading, (seen.width, seen.height))
    for zone in stop.zones:
        if zone.role is ZoneRole.FUEL:
            found += fuel_events(seen, stop, zone, frame)
        elif zone.role is ZoneRole.DRIVER and stop.heading.front_deg is not None:
            found += driver_events(seen, stop, zone, frame)
    return tuple(_first_told(found))


def _first_told(events: Iterable[Event]) -> Iterable[Event]:
    best: dict[str, Event] = {}
    for event in events:
        if event.kind not in best or best[event.kind].status is EventStatus.NOT_FOUND:
            best[event.kind] = event
    return best.values()
