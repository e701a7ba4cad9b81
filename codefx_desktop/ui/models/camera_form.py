"""What a person says about a camera, in words and steps; no widgets."""

from __future__ import annotations

import itertools
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable


class Front(StrEnum):
    """Where the stopped car's front points on the picture."""

    ARRIVAL = "arrival"
    LEFT = "left"
    RIGHT = "right"
    UP = "up"
    DOWN = "down"
    ANGLE = "angle"


FRONTS: Final = {
    Front.ARRIVAL: "The end that leads on arrival",
    Front.LEFT: "Left on the picture",
    Front.RIGHT: "Right on the picture",
    Front.UP: "Up: away from the camera",
    Front.DOWN: "Down: to the camera",
    Front.ANGLE: "At an angle",
}
_DEGREES: Final = {0.0: Front.RIGHT, 90.0: Front.UP, 180.0: Front.LEFT, 270.0: Front.DOWN}


def front_of(front_deg: float | None) -> Front:
    """Return what an angle is called."""
    if front_deg is None:
        return Front.ARRIVAL
    return _DEGREES.get(front_deg % 360.0, Front.ANGLE)


def free_name(taken: Iterable[str], wanted: str = "Camera") -> str:
    """Return a name that no other camera has: ``Camera 2``."""
    names = {name.casefold() for name in taken}
    numbered = (f"{wanted} {number}" for number in itertools.count(1))
    return next(name for name in numbered if name.casefold() not in names)
