"""What the places of a car are called when it turns out to point another way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from codefx_desktop.domain.events import Place

if TYPE_CHECKING:
    from collections.abc import Mapping

    from codefx_desktop.domain.stop import Heading

SAME_DEG: Final = 45.0
"""A heading that is measured anew differs a little; one that is turned, by much more."""
_ROUND: Final[Mapping[Place, Place]] = {
    Place.NONE: Place.NONE,
    Place.FRONT_LEFT: Place.REAR_RIGHT,
    Place.REAR_RIGHT: Place.FRONT_LEFT,
    Place.FRONT_RIGHT: Place.REAR_LEFT,
    Place.REAR_LEFT: Place.FRONT_RIGHT,
    Place.FRONT: Place.REAR,
    Place.REAR: Place.FRONT,
    Place.LEFT: Place.RIGHT,
    Place.RIGHT: Place.LEFT,
}
_MIRRORED: Final[Mapping[Place, Place]] = {
    Place.NONE: Place.NONE,
    Place.FRONT_LEFT: Place.FRONT_RIGHT,
    Place.FRONT_RIGHT: Place.FRONT_LEFT,
    Place.REAR_LEFT: Place.REAR_RIGHT,
    Place.REAR_RIGHT: Place.REAR_LEFT,
    Place.FRONT: Place.FRONT,
    Place.REAR: Place.REAR,
    Place.LEFT: Place.RIGHT,
    Place.RIGHT: Place.LEFT,
}


def turned_places(before: Heading, now: Heading) -> Mapping[Place, Place]:
    """Return what places of a car are called now, by what they were called before.

    The same place of the picture is meant. Where the car points neither the same way nor the
    other, only events without a place are still known.
    """
    only_car = {Place.NONE: Place.NONE}
    if before.front_deg is None or now.front_deg is None:
        return only_car
    turn = abs((now.front_deg - before.front_deg + 180.0) % 360.0 - 180.0)
    if SAME_DEG < turn < 180.0 - SAME_DEG:
        return only_car
    is_mirrored = before.mirrored != now.mirrored
    called = {place: _ROUND[place] if turn > SAME_DEG else place for place in Place}
    return {was: _MIRRORED[now] if is_mirrored else now for was, now in called.items()}
