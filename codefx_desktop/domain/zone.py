"""Zones: named polygons on the picture, what they stand for, and what they are anchored to."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from codefx_desktop.domain.events import Place

if TYPE_CHECKING:
    from collections.abc import Mapping

Point = tuple[float, float]
"""x and y as parts of the picture's width and height, origin top left; may lie outside 0 to 1."""

MAX_NAME_CHARS: Final = 60
MAX_POINTS: Final = 200


class ZoneRole(StrEnum):
    """What a zone stands for; one without a role only tells how long objects were in it."""

    NONE = ""
    BOX = "box"
    CORNER = "corner"
    JACK = "jack"
    FUEL = "fuel"
    DRIVER = "driver"
    CREW_LINE = "crew line"
    FAST_LANE = "fast lane"


class ZoneAnchor(StrEnum):
    """What a zone keeps its place on."""

    PICTURE = "picture"
    CAR = "car"


@dataclass(frozen=True, slots=True)
class CarPlace:
    """Where a stopped car is on the picture.

    Attributes:
        box: ``x1, y1, x2, y2`` of the car, as parts of the picture's width and height.
        hubs: Where its hubs are, by corner; those that were never seen are missing.
    """

    box: tuple[float, float, float, float]
    hubs: Mapping[Place, Point]


@dataclass(frozen=True, slots=True)
class Zone:
    """A named polygon.

    Attributes:
        name: As the person calls it; unique in its set.
        points: Its corners in order, at least three, not crossing itself; where the zone is
            anchored to the car, as they were drawn around ``ZoneSet.car``.
        role: What it stands for.
        place: Which corner, end or side of the car it belongs to, where its role has one.
        anchor: What it keeps its place on.
    """

    name: str
    points: tuple[Point, ...]
    role: ZoneRole = ZoneRole.NONE
    place: Place = Place.NONE
    anchor: ZoneAnchor = ZoneAnchor.PICTURE


@dataclass(frozen=True, slots=True)
class ZoneSet:
    """The zones of a camera's view.

    Attributes:
        zones: In order of drawing.
        car: Where the car stood when zones that are anchored to it were drawn; None without such.
    """

    zones: tuple[Zone, ...] = ()
    car: CarPlace | None = None
