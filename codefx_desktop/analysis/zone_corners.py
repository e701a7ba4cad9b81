"""Guns by sound and by what moves in corner zones: for clips that nobody looked for objects in.

Sound tells when guns run, not at which corner. Where corners are worked at one after the other,
what moves in their zones tells that; where all four are worked at together, nothing does, and a
time is told only if it holds whichever corner the burst belongs to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from codefx_desktop.analysis.gun_choice import Corner
from codefx_desktop.analysis.guns import shared_gun_events
from codefx_desktop.analysis.hubs import CORNERS, WHEEL
from codefx_desktop.analysis.zone_activity import activity, standing
from codefx_desktop.domain.events import EventStatus
from codefx_desktop.domain.zone import ZoneRole

if TYPE_CHECKING:
    from codefx_desktop.analysis.stop_frame import StopFrame
    from codefx_desktop.domain.events import Event
    from codefx_desktop.domain.observations import Observations


def corner_events(seen: Observations, stop: StopFrame) -> tuple[Event, ...]:
    """Return what is known of loosening and tightening; nothing unless all corners have zones.

    Nothing is told where the model knows wheels: what is seen of them tells more.

    Args:
        seen: All that was measured of the clip.
        stop: The stop, with its zones.
    """
    motion = seen.motion
    zones = {zone.place: zone for zone in stop.zones if zone.role is ZoneRole.CORNER}
    # The guns of a corner without a zone would be given to the others.
    if motion is None or not zones.keys() >= set(CORNERS) or WHEEL in seen.objects.class_names:
        return ()
    corners = [
        Corner(place, None, None, None, activity(seen, motion, standing(stop), zones[place]))
        for place in CORNERS
    ]
    found = shared_gun_events(seen, stop, corners)
    return tuple(event for event in found if event.status is not EventStatus.NOT_FOUND)
