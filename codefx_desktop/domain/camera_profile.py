"""A camera profile: what is known of one camera at one venue, saved under a name."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from codefx_desktop.domain.zone import ZoneSet

if TYPE_CHECKING:
    from codefx_desktop.domain.zone import Point


class LensKind(StrEnum):
    """How a lens bends straight lines."""

    STRAIGHT = "straight"
    FISHEYE = "fisheye"


@dataclass(frozen=True, slots=True)
class Lens:
    """A camera's lens.

    Attributes:
        kind: ``straight`` changes nothing; ``fisheye`` is equidistant: the distance from the
            centre grows with the angle.
        centre: Where its axis meets the picture.
        field_of_view_deg: Angle across the picture's width; used by ``fisheye`` only.
    """

    kind: LensKind = LensKind.STRAIGHT
    centre: Point = (0.5, 0.5)
    field_of_view_deg: float = 120.0


@dataclass(frozen=True, slots=True)
class BoxMarks:
    """The painted box, by four clicks: calibrates metres on the ground.

    Attributes:
        corners: Front left, front right, rear right, rear left, as the car's driver sees them.
        length_m: From the front line to the rear line.
        width_m: From the left line to the right line.
    """

    corners: tuple[Point, Point, Point, Point]
    length_m: float
    width_m: float


@dataclass(frozen=True, slots=True)
class CameraProfile:
    """What is known of a camera at a venue.

    Attributes:
        name: As the person calls it; empty where nothing was chosen.
        front_deg: Where the stopped car's front points on the picture: 0 right, 90 up, 180 left,
            270 down. None: found from the way the car arrives.
        mirrored: The picture shows left and right exchanged.
        lens: How the lens bends lines.
        marks: Calibrates metres; None where nobody clicked.
        zones: What is drawn on this camera's picture.
        capture_rate_hz: Pictures a second that the camera took, for slow motion that is played
            at fewer; None where the clip plays at true speed.
    """

    name: str = ""
    front_deg: float | None = None
    mirrored: bool = False
    lens: Lens = field(default_factory=Lens)
    marks: BoxMarks | None = None
    zones: ZoneSet = field(default_factory=ZoneSet)
    capture_rate_hz: float | None = None
