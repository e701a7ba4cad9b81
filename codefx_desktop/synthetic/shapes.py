"""The drawing list of one instant: convex things in metres, with colours and owners."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
_T = TypeVar("_T", bound=np.generic)
Colour = tuple[float, float, float]

CORNERS = 12
"""Points of a drawn circle: rounder costs time and is not seen at this size."""

_ANGLES = np.arange(CORNERS) * (2 * math.pi / CORNERS)
CIRCLE: Floats = np.stack((np.cos(_ANGLES), np.sin(_ANGLES), np.zeros(CORNERS)), axis=1)

SCENERY = -1


def disc(centre: Floats, radius: float) -> Floats:
    """Return a level circle, float64 (12, 3), around a centre, float64 (3,), in metres."""
    points: Floats = centre + radius * CIRCLE
    return points


def pieces(array: npt.NDArray[_T], ends: list[int]) -> list[npt.NDArray[_T]]:
    """Return the rows of an array cut after each of ``ends``.

    ``numpy.split`` does the same and took a quarter of a picture's time.
    """
    return [array[begin:end] for begin, end in zip((0, *ends), ends, strict=False)]


def moved(point: Floats, x_m: float = 0.0, y_m: float = 0.0, z_m: float = 0.0) -> Floats:
    """Return a point, float64 (3,), moved by metres."""
    away: Floats = point + np.array((x_m, y_m, z_m))
    return away


def shaded(colour: Colour, gain: float) -> Colour:
    """Return a colour made brighter or darker."""
    return (
        min(255.0, colour[0] * gain),
        min(255.0, colour[1] * gain),
        min(255.0, colour[2] * gain),
    )


@dataclass(slots=True)
class Shapes:
    """Everything that is drawn at one instant, each shape the filled outline of its points.

    Attributes:
        points: One float64 (N, 3) array per shape, world metres.
        colour: RGB, 0 to 255, per shape, as lit by plain daylight.
        owner: Number of the object it belongs to, or ``SCENERY``.
        level: Height that decides what covers what (the camera hangs above), metres.
        hull: Whether to fill the hull of the points instead of the polygon as it stands.
        solid: Whether it throws a shadow.
    """

    points: list[Floats] = field(default_factory=list)
    colour: list[Colour] = field(default_factory=list)
    owner: list[int] = field(default_factory=list)
    level: list[float] = field(default_factory=list)
    hull: list[bool] = field(default_factory=list)
    solid: list[bool] = field(default_factory=list)

    def add(
        self,
        points: Floats,
        colour: Colour,
        *,
        owner: int = SCENERY,
        level: float,
        hull: bool = True,
        solid: bool = False,
    ) -> None:
        """Add one shape."""
        self.points.append(points)
        self.colour.append(colour)
        self.owner.append(owner)
        self.level.append(level)
        self.hull.append(hull)
        self.solid.append(solid)

    def capsule(
        self,
        ends: tuple[Floats, Floats],
        radii: tuple[float, float],
        colour: Colour,
        *,
        owner: int = SCENERY,
        level: float | None = None,
        solid: bool = False,
    ) -> None:
        """Add a round rod between two points, float64 (3,) each."""
        top = max(float(ends[0][2]), float(ends[1][2])) if level is None else level
        points = np.concatenate((disc(ends[0], radii[0]), disc(ends[1], radii[1])))
        self.add(points, colour, owner=owner, level=top, solid=solid)

    def block(
        self,
        outline: Floats,
        heights: tuple[float, float],
        colour: Colour,
        *,
        owner: int = SCENERY,
        level: float | None = None,
        solid: bool = True,
    ) -> None:
        """Add a prism over a convex outline, float64 (N, 2): dark sides, bright top."""
        n = len(outline)
        low = np.column_stack((outline, np.full(n, heights[0])))
        high = np.column_stack((outline, np.full(n, heights[1])))
        top = heights[1] if level is None else level
        self.add(
            np.concatenate((low, high)), shaded(colour, 0.6), owner=owner, level=top, solid=solid
        )
        self.add(high, colour, owner=owner, level=top)
