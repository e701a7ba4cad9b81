"""Words for parts of a stop that screen, terminal, pictures and reports all use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from codefx_desktop.domain.events import Place

if TYPE_CHECKING:
    from collections.abc import Mapping

NOT_FOUND: Final = "not found"
"""Stands where a figure would, had it been measured."""
PLACE_WORDS: Final[Mapping[Place, str]] = {
    Place.NONE: "car",
    Place.FRONT_LEFT: "front left",
    Place.FRONT_RIGHT: "front right",
    Place.REAR_LEFT: "rear left",
    Place.REAR_RIGHT: "rear right",
    Place.FRONT: "front",
    Place.REAR: "rear",
    Place.LEFT: "left side",
    Place.RIGHT: "right side",
}
SPLITS: Final = ("fuel", "driver_out", "driver_in", "driver_change")
"""Durations of the whole car that are told beside the corners', where the template has them."""
