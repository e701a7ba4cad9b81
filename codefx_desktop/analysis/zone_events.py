"""Events that follow from zones with a role: fuel and drivers, which no model's classes tell.

Guns and jacks, too, where no model knows wheels and jacks. Times are those of people's bodies, not
of probes and belts, so their bounds are wide. What a zone does not tell clearly is not found.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from codefx_desktop.analysis.car_frame import CarFrame
from codefx_desktop.analysis.zone_corners import corner_events
from codefx_desktop.analysis.zone_driver import driver_events
from codefx_desktop.analysis.zone_fuel import fuel_events
from codefx_desktop.analysis.zone_jacks import jack_zone_events
from codefx_desktop.domain.events import EventStatus
from codefx_desktop.domain.zone import ZoneRole

if TYPE_CHECKING:
    from collections.abc import Iterable

    from codefx_desktop.analysis.stop_frame import StopFrame
    from codefx_desktop.domain.events import Event, Place
    from codefx_desktop.domain.observations import Observations
    from codefx_desktop.domain.zone import CarPlace


def zone_events(seen: Observations, stop: StopFrame, place: CarPlace) -> tuple[Event, ...]:
    """Return what the stop's zones tell; only of roles whose zones are drawn.

    These are ``probe_in``, ``probe_out``, ``driver_out``, ``driver_in`` and ``helper_clear``, and
    where no model tells them ``jack_up``, ``jack_down`` and what guns do. Of several zones of a
    role the first that tells an event counts.

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
        elif zone.role is ZoneRole.JACK:
            found += jack_zone_events(seen, stop, zone)
    return (*_first_told(found), *corner_events(seen, stop))


def _first_told(events: Iterable[Event]) -> Iterable[Event]:
    best: dict[tuple[str, Place], Event] = {}
    for event in events:
        slot = (event.kind, event.place)
        if slot not in best or best[slot].status is EventStatus.NOT_FOUND:
            best[slot] = event
    return best.values()
