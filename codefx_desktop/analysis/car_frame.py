"""A stopped car's own measure on the picture: ahead in axles, to the left in hubs."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from codefx_desktop.domain.events import Place
from codefx_desktop.domain.zone_check import REACH

if TYPE_CHECKING:
    from codefx_desktop.domain.stop import Heading
    from codefx_desktop.domain.zone import CarPlace, Point

Floats = npt.NDArray[np.float64]

CORNERS: Final = {
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


class CarFrame:
    """The car's own measure on the picture: a middle and two directions, fitted to its hubs.

    1 ahead is the front axle, 1 to the left the left hubs. Hubs that nobody saw are guessed from
    the car's box.

    Args:
        car: Where the car stands.
        heading: Which way it points.
        size: Width and height of the picture, pixels.
    """

    def __init__(self, car: CarPlace, heading: Heading, size: tuple[int, int]) -> None:
        self._size = np.array(size, np.float64)
        guessed = self._guess(car, heading)
        rows, places, weights = [], [], []
        for corner, (ahead, left) in CORNERS.items():
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
        for corner, (ahead, side) in CORNERS.items():
            axle = _AXLES[0] if ahead > 0.0 else _AXLES[1]
            x, y = (middle + along * axle * long + left * side * _HUBS * wide) / self._size
            guessed[corner] = (float(x), float(y))
        return guessed

    def part(self, ahead: float, left: float) -> Point:
        """Return a place of the car's own measure as a part of the picture, not too far out."""
        spot = self._middle + ahead * self._ahead + left * self._left
        x, y = np.clip(spot / self._size, -REACH, 1.0 + REACH)
        return float(x), float(y)

    def local(self, points_px: Floats) -> Floats:
        """Return places, float64 (..., 2), pixels, in the car's own measure: ahead, left."""
        axes = np.column_stack((self._ahead, self._left))
        measured: Floats = (points_px - self._middle) @ np.linalg.inv(axes).T
        return measured
