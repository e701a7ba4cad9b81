"""Which lanes the timeline has, how they lie under each other, and which are folded or hidden."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from codefx_desktop.domain.events import Place

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

FOLDED_PX: Final = 12
GAP_PX: Final = 1


class LaneKind(StrEnum):
    """What a lane shows; in the order in which they lie under each other."""

    PROCESSED = "processed"
    SCENES = "scenes"
    CAR = "car"
    EVENTS = "events"
    CORNERS = "corners"
    MARKS = "marks"
    TRACKS = "tracks"
    WAVEFORM = "waveform"
    GUNS = "guns"
    MOTION = "motion"
    SPEED = "speed"
    ZONES = "zones"
    CONFIDENCE = "confidence"


@dataclass(frozen=True, slots=True)
class LaneLook:
    """How a kind of lane is called and how high it is.

    Attributes:
        label: At its left.
        menu: In the menu.
        height_px: Of each of its rows.
        tip: What it shows.
    """

    label: str
    menu: str
    height_px: int
    tip: str


LOOKS: Final = {
    LaneKind.PROCESSED: LaneLook("Analysed", "Analysed so far", 9, "How far the running job is"),
    LaneKind.SCENES: LaneLook("Scenes", "Scenes", 15, "Shots between cuts"),
    LaneKind.CAR: LaneLook("Car", "Car", 18, "When it arrives, stands and leaves; its events"),
    LaneKind.EVENTS: LaneLook("Events", "Events per corner", 16, "What was done where"),
    LaneKind.CORNERS: LaneLook(
        "Hubs", "Hub, gun and crew", 20, "At each corner: a wheel on the hub, a gun on it, crew"
    ),
    LaneKind.MARKS: LaneLook("Marks", "Marks", 16, "Your own marks"),
    LaneKind.TRACKS: LaneLook("Tracks", "Tracks", 46, "When each object is seen, by class"),
    LaneKind.WAVEFORM: LaneLook("Sound", "Waveform", 34, "The clip's sound"),
    LaneKind.GUNS: LaneLook("Guns dB", "Gun strength", 26, "Energy in the guns' band, decibels"),
    LaneKind.MOTION: LaneLook("Motion", "Motion energy", 26, "How far brightness changes, mean"),
    LaneKind.SPEED: LaneLook(
        "Car px/s", "Car speed", 26, "Speed of the largest car's box on the picture"
    ),
    LaneKind.ZONES: LaneLook(
        "Zones", "Zone occupancy", 14, "When somebody is in a zone, and how much moves"
    ),
    LaneKind.CONFIDENCE: LaneLook(
        "Confidence", "Confidence", 24, "Mean confidence of what is seen in a frame, 0 to 1"
    ),
}
CORNER_ROWS: Final = (
    *(Place.FRONT_LEFT, Place.FRONT_RIGHT, Place.REAR_LEFT, Place.REAR_RIGHT),
    *(Place.FRONT, Place.REAR, Place.LEFT, Place.RIGHT),
)


@dataclass(frozen=True, slots=True)
class LaneRow:
    """One row of the timeline.

    Attributes:
        kind: What it shows.
        label: What stands at its left.
        top: Where it begins below the first row, pixels.
        height: How high it is.
        places: Of events, those it shows.
        zone: Name of its zone; empty for none.
        is_head: Whether it is the first of its kind, where it is folded.
        is_folded: Whether it shows all of its kind in little room.
    """

    kind: LaneKind
    label: str
    top: int
    height: int
    places: tuple[Place, ...] = ()
    zone: str = ""
    is_head: bool = True
    is_folded: bool = False

    @property
    def bottom(self) -> int:
        """Where it ends."""
        return self.top + self.height


def lay_out(
    there: Collection[LaneKind],
    hidden: Collection[LaneKind],
    folded: Collection[LaneKind],
    places: Sequence[Place],
    zones: Sequence[str],
    hubs: Sequence[Place] = (),
) -> tuple[LaneRow, ...]:
    """Return the rows of what is there and not hidden.

    Args:
        there: Kinds of which there is something to show.
        hidden: Kinds that nobody wants to see.
        folded: Kinds that take little room.
        places: Places at which there are events.
        zones: Names of the zones.
        hubs: Corners at which something is seen.
    """
    rows: list[LaneRow] = []
    top = 0
    for kind in LaneKind:
        if kind not in there or kind in hidden:
            continue
        small = kind in folded
        parts = _parts(kind, hubs if kind is LaneKind.CORNERS else places, zones, small=small)
        for number, (label, of_places, zone) in enumerate(parts):
            height = FOLDED_PX if small else LOOKS[kind].height_px
            rows.append(LaneRow(kind, label, top, height, of_places, zone, number == 0, small))
            top += height + GAP_PX
    return tuple(rows)


def _parts(
    kind: LaneKind, places: Sequence[Place], zones: Sequence[str], *, small: bool
) -> list[tuple[str, tuple[Place, ...], str]]:
    label = LOOKS[kind].label
    if kind is LaneKind.CAR:
        return [(label, (Place.NONE,), "")]
    if kind is LaneKind.EVENTS:
        corners = tuple(one for one in CORNER_ROWS if one in places)
        return [(label, corners, "")] if small else [(one.value, (one,), "") for one in corners]
    if kind is LaneKind.CORNERS:
        corners = tuple(one for one in CORNER_ROWS if one in places)
        return [(label, corners, "")] if small else [(f"{one} hub", (one,), "") for one in corners]
    if kind is LaneKind.ZONES and not small:
        return [(zone, (), zone) for zone in zones]
    return [(label, (), "")]


def height_of(rows: Sequence[LaneRow]) -> int:
    """Return how much room all rows take."""
    return rows[-1].bottom if rows else 0


def row_at(rows: Sequence[LaneRow], y_px: float) -> LaneRow | None:
    """Return the row at a height below the first row's top."""
    return next((row for row in rows if row.top <= y_px < row.bottom + GAP_PX), None)
