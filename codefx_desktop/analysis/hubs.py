"""Where a standing car's hubs are on the picture, and which corner each of them is.

A wheel on the car stays at one place while the car stands, and that place lies within the car's
own outline; wheels that are carried, held ready or lying about do neither or lie beside it. So the
place of a hub is where, in its quarter of the car, wheels stay longest.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from codefx_desktop.domain.events import Place
from codefx_desktop.domain.zone import CarPlace

if TYPE_CHECKING:
    from codefx_desktop.analysis.stop_frame import StopFrame
    from codefx_desktop.domain.observations import Observations

Floats = npt.NDArray[np.float64]

CORNERS: Final = (Place.FRONT_LEFT, Place.FRONT_RIGHT, Place.REAR_LEFT, Place.REAR_RIGHT)
WHEEL: Final = "wheel"
SURE: Final = 0.3
"""Wheels below this confidence say nothing about where a hub is."""
_BESIDE: Final = 0.12
"""Part of the car's box by which a hub's centre may lie beside it."""
_STAYS: Final = 0.15
"""Wheels at one hub lie within this part of a wheel of each other."""
_LEAST_S: Final = 0.12
"""A wheel has to stay so long to show a hub; one that is carried past does not."""
_WIDTH_OF_DIAMETER: Final = 0.5
"""Usual width of a racing wheel; only matters where the car stands askew on the picture."""


@dataclass(frozen=True, slots=True)
class CarAxes:
    """The car's own directions on the stop's reference picture.

    Attributes:
        centre: Of the car's box, pixels, as x + iy.
        ahead: Unit vector to its front.
        left: Unit vector to its driver's left.
        half_length: Half of the box along ``ahead``, pixels.
        half_width: Half of the box along ``left``, pixels.
    """

    centre: complex
    ahead: complex
    left: complex
    half_length: float
    half_width: float

    @classmethod
    def of(cls, stop: StopFrame) -> CarAxes | None:
        """Return a stop's axes, or None where it is not known which way the car points."""
        if stop.heading.front_deg is None:
            return None
        turn = math.radians(stop.heading.front_deg)
        ahead = complex(math.cos(turn), -math.sin(turn))
        # Seen from above, left is a quarter turn anticlockwise; y points down.
        left = ahead * (1j if stop.heading.mirrored else -1j)
        x1, y1, x2, y2 = stop.box
        half = complex(x2 - x1, y2 - y1) / 2
        cos, sin = abs(ahead.real), abs(ahead.imag)
        along, across = (half.real, half.imag) if cos >= sin else (half.imag, half.real)
        return cls(complex(x1 + x2, y1 + y2) / 2, ahead, left, along, across)

    def local(self, places: npt.NDArray[np.complex128]) -> tuple[Floats, Floats]:
        """Return how far ahead and how far left of the centre places are, pixels."""
        off = places - self.centre
        return (off * self.ahead.conjugate()).real, (off * self.left.conjugate()).real

    def sizes(self, boxes: Floats) -> tuple[Floats, Floats]:
        """Return diameters and extents across the car, float64 (N,) each, of wheels, pixels.

        Args:
            boxes: (N, 4), xyxy on the reference picture, of wheels that stand along the car.
        """
        width, height = boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]
        cos, sin = abs(self.ahead.real), abs(self.ahead.imag)
        if cos < sin:
            width, height, cos, sin = height, width, sin, cos
        diameter = width / (cos + _WIDTH_OF_DIAMETER * sin)
        return diameter, np.maximum(height - diameter * sin, 0.0) / cos


@dataclass(frozen=True, slots=True, eq=False)
class WheelsSeen:
    """The wheels that were found while a car stood, on the reference picture.

    Attributes:
        frame: int32 (N,), index into ``Observations.times_s``; never falls.
        place: complex128 (N,), centres as x + iy, pixels.
        diameter: float64 (N,), pixels.
        across: float64 (N,), extent across the car, pixels.
        track_id: int32 (N,).
        confidence: float32 (N,).
    """

    frame: npt.NDArray[np.int32]
    place: npt.NDArray[np.complex128]
    diameter: Floats
    across: Floats
    track_id: npt.NDArray[np.int32]
    confidence: npt.NDArray[np.float32]

    @classmethod
    def of(cls, seen: Observations, stop: StopFrame, axes: CarAxes) -> WheelsSeen:
        """Return all wheels of a stop."""
        found = stop.objects(seen, WHEEL)
        boxes = found.xyxy.astype(np.float64)
        place = (boxes[:, 0] + boxes[:, 2]) / 2 + 1j * (boxes[:, 1] + boxes[:, 3]) / 2
        diameter, across = axes.sizes(boxes)
        return cls(found.frame, place, diameter, across, found.track_id, found.confidence)

    def where(self, mask: npt.NDArray[np.bool_]) -> WheelsSeen:
        """Return the wheels for which ``mask``, bool (N,), is True."""
        return WheelsSeen(
            self.frame[mask],
            self.place[mask],
            self.diameter[mask],
            self.across[mask],
            self.track_id[mask],
            self.confidence[mask],
        )


def find_hubs(seen: Observations, stop: StopFrame) -> tuple[CarPlace, tuple[str, ...]]:
    """Return where the standing car and its hubs are, and what could not be told.

    Args:
        seen: All that was measured of the clip.
        stop: The stop.

    Returns:
        The place, as parts of the reference picture's width and height, and sentences for a
        person about hubs that are missing.
    """
    x1, y1, x2, y2 = stop.box
    box = (x1 / seen.width, y1 / seen.height, x2 / seen.width, y2 / seen.height)
    axes = CarAxes.of(stop)
    if axes is None:
        note = "Which way the car points is not known: its corners have no names."
        return CarPlace(box, {}), (note,)
    if WHEEL not in seen.objects.class_names:
        return CarPlace(box, {}), ("Nobody looked for wheels: what they would tell is not found.",)
    wheels = WheelsSeen.of(seen, stop, axes)
    wheels = wheels.where(wheels.confidence >= SURE)
    corners = _corners(wheels, axes)
    hubs, notes = {}, []
    for number, corner in enumerate(CORNERS):
        hub = _where_wheels_stay(seen, wheels.where(corners == number))
        if hub is None:
            notes.append(f"The {corner} hub was not seen: no wheel stood there.")
        else:
            hubs[corner] = (hub.real / seen.width, hub.imag / seen.height)
    return CarPlace(box, hubs), tuple(notes)


def hub_px(seen: Observations, place: CarPlace, corner: Place) -> complex | None:
    """Return a corner's hub on the reference picture, pixels as x + iy, or None."""
    hub = place.hubs.get(corner)
    return None if hub is None else complex(hub[0] * seen.width, hub[1] * seen.height)


def _corners(wheels: WheelsSeen, axes: CarAxes) -> npt.NDArray[np.int64]:
    """Return for each wheel which corner of the car it is at, int64 (N,), or -1."""
    ahead, left = axes.local(wheels.place)
    inside = (np.abs(ahead) <= axes.half_length * (1 + _BESIDE)) & (
        np.abs(left) <= axes.half_width * (1 + _BESIDE)
    )
    return np.where(inside, 2 * (ahead < 0) + (left < 0), -1)


def _where_wheels_stay(seen: Observations, wheels: WheelsSeen) -> complex | None:
    """Return the place at which wheels of a corner stay longest, or None."""
    if not len(wheels.frame):
        return None
    reach = _STAYS * float(np.median(wheels.diameter))
    # A grid of half a reach, then the median around its fullest cell: no all-pairs distances.
    cells = np.round(wheels.place.real / reach) + 1j * np.round(wheels.place.imag / reach)
    kinds, counts = np.unique(cells, return_counts=True)
    middle = complex(kinds[counts.argmax()]) * reach
    for _ in range(3):
        near = np.abs(wheels.place - middle) <= reach
        if not near.any():
            return None
        places = wheels.place[near]
        middle = complex(float(np.median(places.real)), float(np.median(places.imag)))
    frames = np.unique(wheels.frame[near])
    usual_s = float(np.median(np.diff(seen.times_s))) if len(seen.times_s) > 1 else 0.0
    return middle if len(frames) * usual_s >= _LEAST_S else None
