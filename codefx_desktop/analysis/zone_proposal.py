"""Zones proposed from where the car stands: what a person would draw, to begin with."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from codefx_desktop.domain.events import Place
from codefx_desktop.domain.zone import CarPlace, Zone, ZoneAnchor, ZoneRole, ZoneSet
from codefx_desktop.domain.zone_check import REACH

if TYPE_CHECKING:
    from codefx_desktop.domain.stop import Heading
    from codefx_desktop.domain.zone import Point

Floats = npt.NDArray[np.float64]
Span = tuple[float, float]

_CORNERS: Final = {
    Place.FRONT_LEFT: (1.0, 1.0),
    Place.FRONT_RIGHT: (1.0, -1.0),
    Place.REAR_LEFT: (-1.0, 1.0),
    Place.REAR_RIGHT: (-1.0, -1.0),
}
"""Where the hubs are in the car's own measure: 1 ahead is the front axle, 1 to the left the left
hubs. An axle is about 1.7 m from the middle, a hub 0.8 m from the car's axis."""

_AXLES: Final = (0.30, -0.34)
_HUBS: Final = 0.41
"""Axles and hubs as parts of the length and width of a car's box, ahead and left of its middle.

Source: a formula car of 5.6 m with an overhang of 1.1 m in front and 0.9 m behind its 3.6 m of
wheelbase, 2.0 m wide over wheels of 0.36 m."""

_BOX_WEIGHT: Final = 0.05
"""What a hub guessed from the box counts beside one that was seen."""


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
        fuel_side: ``left`` or ``right`` adds a zone at the filler behind the cockpit.
        driver_side: Likewise one at the door.
    """
    frame = _CarFrame(car, heading, (width, height))
    zones = [frame.zone("Box", ZoneRole.BOX, Place.NONE, (-1.9, 1.9), (-1.6, 1.6))]
    if heading.front_deg is not None:
        for place, (ahead, left) in _CORNERS.items():
            along, across = (ahead - 0.55, ahead + 0.55), (0.6 * left, 2.9 * left)
            zones.append(frame.zone(_name(place), ZoneRole.CORNER, place, along, across))
        for place, along in ((Place.FRONT, (1.5, 2.9)), (Place.REAR, (-2.9, -1.3))):
            name = f"{place.value.capitalize()} jack"
            zones.append(frame.zone(name, ZoneRole.JACK, place, along, (-0.9, 0.9)))
        zones += _at_the_flank(frame, fuel_side, driver_side)
    return ZoneSet(tuple(zones), car)


def _at_the_flank(
    frame: _CarFrame, fuel_side: Place | None, driver_side: Place | None
) -> list[Zone]:
    """Return the zones of filler and door, between the corners of a side."""
    asked = (
        ("Fuel", ZoneRole.FUEL, fuel_side, FUEL_ALONG),
        ("Driver", ZoneRole.DRIVER, driver_side, DRIVER_ALONG),
    )
    found = []
    for name, role, side, along in asked:
        if side in (Place.LEFT, Place.RIGHT):
            sign = 1.0 if side is Place.LEFT else -1.0
            across = (FLANK_ACROSS[0] * sign, FLANK_ACROSS[1] * sign)
            found.append(frame.zone(name, role, side, along, across))
    return found


FUEL_ALONG: Final = (-0.72, -0.12)
DRIVER_ALONG: Final = (-0.1, 0.55)
FLANK_ACROSS: Final = (0.35, 2.6)
"""From inside the car's flank to where the one who hands over stands."""


def _name(place: Place) -> str:
    end = "Front" if place.value[0] == "F" else "Rear"
    return f"{end} {'left' if place.value[1] == 'L' else 'right'}"


class _CarFrame:
    """The car's own measure on the picture: a middle and two directions, fitted to its hubs."""

    def __init__(self, car: CarPlace, heading: Heading, size: tuple[int, int]) -> None:
        self._size = np.array(size, np.float64)
        guessed = self._guess(car, heading)
        rows, places, weights = [], [], []
        for corner, (ahead, left) in _CORNERS.items():
            for place, weight in ((guessed[corner], _BOX_WEIGHT), (car.hubs.get(corner), 1.0)):
                if place is not None:
                    rows.append((1.0, ahead, left))
                    places.append(np.array(place) * self._size)
                    weights.append(weight)
        by = np.array(weights)[:, None]
        solved = np.linalg.lstsq(np.array(rows) * by, np.array(places) * by, rcond=None)[0]
        self._middle, self._ahead, self._left = solved

    def _guess(self, car: CarPlace, heading: Heading) -> dict[Place, Point]:
        """Return where the hubs of a car of usual build would be, by its box."""
        x1, y1, x2, y2 = np.array(car.box) * (*self._size, *self._size)
        angle = math.radians(0.0 if heading.front_deg is None else heading.front_deg)
        along = np.array((math.cos(angle), -math.sin(angle)))
        left = np.array((along[1], -along[0])) * (-1.0 if heading.mirrored else 1.0)
        long, wide = x2 - x1, y2 - y1
        if abs(along[1]) > abs(along[0]):
            long, wide = wide, long
        middle = np.array(((x1 + x2) / 2, (y1 + y2) / 2))
        guessed = {}
        for corner, (ahead, side) in _CORNERS.items():
            axle = _AXLES[0] if ahead > 0.0 else _AXLES[1]
            x, y = (middle + along * axle * long + left * side * _HUBS * wide) / self._size
            guessed[corner] = (float(x), float(y))
        return guessed

    def zone(self, name: str, role: ZoneRole, place: Place, along: Span, across: Span) -> Zone:
        """Return a zone from a rectangle in the car's own measure."""
        points = []
        for a, b in ((0, 0), (1, 0), (1, 1), (0, 1)):
            spot = self._middle + along[a] * self._ahead + across[b] * self._left
            x, y = np.clip(spot / self._size, -REACH, 1.0 + REACH)
            points.append((float(x), float(y)))
        return Zone(name, tuple(points), role, place, ZoneAnchor.CAR)
