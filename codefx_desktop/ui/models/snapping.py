"""What a mouse on a picture with polygons is near to; all in one unit, such as view pixels."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from codefx_desktop.domain.zone import Point

    Outline = Sequence[Point]


@dataclass(frozen=True, slots=True)
class Near:
    """A place on an outline.

    Attributes:
        outline: Number of the outline.
        side: Number of the side; of a corner, the corner's own.
        at: The place.
        away: How far off it is.
    """

    outline: int
    side: int
    at: Point
    away: float


def nearest_corner(point: Point, outlines: Iterable[Outline], reach: float) -> Near | None:
    """Return the nearest corner within reach; of two in one place the later, which lies on top."""
    best: Near | None = None
    for number, outline in enumerate(outlines):
        for corner, at in enumerate(outline):
            away = math.dist(point, at)
            if away <= reach and (best is None or away <= best.away):
                best = Near(number, corner, at, away)
    return best


def nearest_side(point: Point, outlines: Iterable[Outline], reach: float) -> Near | None:
    """Return the nearest place on a side within reach; side 0 is from corner 0 to corner 1."""
    best: Near | None = None
    for number, outline in enumerate(outlines):
        for side, begin in enumerate(outline):
            at = _foot(point, begin, outline[(side + 1) % len(outline)])
            away = math.dist(point, at)
            if away <= reach and (best is None or away <= best.away):
                best = Near(number, side, at, away)
    return best


def snapped(point: Point, outlines: Sequence[Outline], reach: float) -> Point:
    """Return the nearest corner of others within reach, else the nearest place on a side."""
    near = nearest_corner(point, outlines, reach) or nearest_side(point, outlines, reach)
    return point if near is None else near.at


def contains(outline: Outline, point: Point) -> bool:
    """Return whether a place lies in an outline, by the even-odd rule."""
    x, y = point
    within = False
    for number, (x1, y1) in enumerate(outline):
        x2, y2 = outline[(number + 1) % len(outline)]
        if (y1 > y) != (y2 > y) and x < x1 + (y - y1) * (x2 - x1) / (y2 - y1):
            within = not within
    return within


def _foot(point: Point, begin: Point, end: Point) -> Point:
    """Return the place of a side that is nearest to a point."""
    dx, dy = end[0] - begin[0], end[1] - begin[1]
    length = dx * dx + dy * dy
    if length == 0.0:
        return begin
    part = ((point[0] - begin[0]) * dx + (point[1] - begin[1]) * dy) / length
    part = min(max(part, 0.0), 1.0)
    return begin[0] + part * dx, begin[1] + part * dy
