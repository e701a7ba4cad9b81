"""Zones proposed from where the car stands: what a person would draw, to begin with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from codefx_desktop.analysis.car_frame import CORNERS, CarFrame
from codefx_desktop.domain.events import Place
from codefx_desktop.domain.zone import Zone, ZoneAnchor, ZoneRole, ZoneSet

if TYPE_CHECKING:
    from codefx_desktop.domain.stop import Heading
    from codefx_desktop.domain.zone import CarPlace

Span = tuple[float, float]


def propose_zones(
    car: CarPlace,
    heading: Heading,
    width: int,
    height: int,
    *,
    fuel_side: Place | None = None,
    driver_side: Place | None = None,
) -> ZoneSet:
    """Return zones around a stopped car, anchored to it, for a person to correct.

    One for each corner, each end's jack, and the box. Which corner is which follows from the
    heading; where that is not known only the box is proposed.

    Args:
        car: Where it stands.
        heading: Which way it points.
        width: Of the picture, pixels.
        height: Likewise.
        fuel_side: ``left`` or ``right`` adds a zone at the filler behind the cockpit, ``RL`` or
            ``RR`` at the quarter panel behind the rear wheel.
        driver_side: ``left`` or ``right`` adds a zone at the door.
    """
    frame = CarFrame(car, heading, (width, height))
    zones = [_zone(frame, "Box", ZoneRole.BOX, Place.NONE, (-1.9, 1.9), (-1.6, 1.6))]
    if heading.front_deg is not None:
        for place, (ahead, left) in CORNERS.items():
            along, across = (ahead - 0.55, ahead + 0.55), (0.6 * left, 2.9 * left)
            zones.append(_zone(frame, _name(place), ZoneRole.CORNER, place, along, across))
        for place, along in ((Place.FRONT, (1.5, 2.9)), (Place.REAR, (-2.9, -1.3))):
            name = f"{place.value.capitalize()} jack"
            zones.append(_zone(frame, name, ZoneRole.JACK, place, along, (-0.9, 0.9)))
        zones += _at_the_flank(frame, fuel_side, driver_side)
    return ZoneSet(tuple(zones), car)


def _at_the_flank(
    frame: CarFrame, fuel_side: Place | None, driver_side: Place | None
) -> list[Zone]:
    """Return the zones of filler and door, between the corners of a side."""
    spans = {
        ("Fuel", False): (FUEL_ALONG, FLANK_ACROSS),
        ("Fuel", True): (QUARTER_ALONG, QUARTER_ACROSS),
        ("Driver", False): (DRIVER_ALONG, FLANK_ACROSS),
    }
    found = []
    asked = (("Fuel", ZoneRole.FUEL, fuel_side), ("Driver", ZoneRole.DRIVER, driver_side))
    for name, role, side in asked:
        key = (name, side in (Place.REAR_LEFT, Place.REAR_RIGHT))
        if side is not None and key in spans:
            sign = 1.0 if side in (Place.LEFT, Place.REAR_LEFT) else -1.0
            along, (near, far) = spans[key]
            found.append(_zone(frame, name, role, side, along, (near * sign, far * sign)))
    return found


FUEL_ALONG: Final = (-0.72, -0.12)
DRIVER_ALONG: Final = (-0.1, 0.55)
FLANK_ACROSS: Final = (0.35, 2.6)
"""From inside the car's flank to where the one who hands over stands."""
QUARTER_ALONG: Final = (-2.1, -1.2)
QUARTER_ACROSS: Final = (0.3, 2.3)


def _name(place: Place) -> str:
    end = "Front" if place.value[0] == "F" else "Rear"
    return f"{end} {'left' if place.value[1] == 'L' else 'right'}"


def _zone(
    frame: CarFrame, name: str, role: ZoneRole, place: Place, along: Span, across: Span
) -> Zone:
    """Return a zone from a rectangle in the car's own measure."""
    around = ((0, 0), (1, 0), (1, 1), (0, 1))
    points = tuple(frame.part(along[a], across[b]) for a, b in around)
    return Zone(name, points, role, place, ZoneAnchor.CAR)
