"""Whether polygons can be used as zones, and what is wrong where they cannot."""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from codefx_desktop.domain.zone import MAX_NAME_CHARS, MAX_POINTS, ZoneAnchor

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codefx_desktop.domain.zone import Point, ZoneSet

MAX_ZONES: Final = 100
REACH: Final = 1.0
"""How far a point may lie outside the picture, in pictures. Zones that are anchored to the car
reach over the edge when it stops long; a point farther off was drawn on another size."""

_SAME: Final = 1e-6
"""Points closer than this part of the picture are one point; a pixel of an 8K picture is 1e-4."""

Floats = npt.NDArray[np.float64]


def check_zones(zones: ZoneSet) -> None:
    """Check that zones can be used together.

    Raises:
        ValueError: If one has no usable name or outline, two have the same name, or zones are
            anchored to a car that has no place; the message says which and why.
    """
    if len(zones.zones) > MAX_ZONES:
        raise ValueError(f"there are {len(zones.zones)} zones; at most {MAX_ZONES} can be used")
    names: set[str] = set()
    for zone in zones.zones:
        check_zone_name(zone.name)
        if zone.name.casefold() in names:
            raise ValueError(f"two zones are called {zone.name!r}: give each a name of its own")
        names.add(zone.name.casefold())
        faults = outline_faults(zone.points)
        if faults:
            raise ValueError(f"zone {zone.name!r}: {'; '.join(faults)}")
    if zones.car is None and any(zone.anchor is ZoneAnchor.CAR for zone in zones.zones):
        raise ValueError("zones are anchored to the car, but it is not said where it stood")


def check_zone_name(name: str) -> None:
    """Check that a name can be a zone's.

    Raises:
        ValueError: If it is empty, too long, or begins or ends with space.
    """
    if not name or name != name.strip() or len(name) > MAX_NAME_CHARS or not name.isprintable():
        raise ValueError(f"a zone's name has 1 to {MAX_NAME_CHARS} visible characters")


def outline_faults(points: Sequence[Point]) -> tuple[str, ...]:
    """Return what keeps points from being a zone's outline, in sentences without a full stop.

    Sides are counted from 1: side 1 runs from point 1 to point 2, the last one back to point 1.

    Args:
        points: Corners in order, as parts of the picture.
    """
    if len(points) < 3:
        return (f"it has {len(points)} of the at least 3 points that an outline needs",)
    if len(points) > MAX_POINTS:
        return (f"it has {len(points)} points; at most {MAX_POINTS} can be used",)
    return _faults(tuple((x, y) for x, y in points))


@lru_cache(maxsize=4 * MAX_ZONES)
def _faults(points: tuple[Point, ...]) -> tuple[str, ...]:
    """Return the faults of an outline; kept, for while one zone is dragged all are asked again."""
    corners = np.array(points, np.float64)
    misplaced = _misplaced(corners)
    if misplaced:
        return (misplaced,)
    return tuple(f"sides {one} and {other} cross" for one, other in crossing_sides(points))


def _misplaced(corners: Floats) -> str:
    """Return what is wrong with single points, or nothing."""
    if not np.isfinite(corners).all():
        return "a point is not a number"
    far = np.flatnonzero((np.abs(corners - 0.5) > 0.5 + REACH).any(axis=1))
    if len(far):
        x, y = corners[far[0]]
        return (
            f"point {far[0] + 1} lies far outside the picture ({x:.2f}, {y:.2f} pictures from its "
            "top left corner): was it drawn on a clip of another size?"
        )
    doubled = _doubled(corners)
    if doubled is not None:
        return f"points {doubled[0]} and {doubled[1]} are in the same place"
    return ""


def crossing_sides(points: Sequence[Point]) -> tuple[tuple[int, int], ...]:
    """Return which sides of a closed outline cross or touch, counted from 1, lower first.

    Neighbours, which share a point, count where they run back over each other.

    Args:
        points: Corners in order, at least three.
    """
    begin = np.array(points, np.float64)
    end = np.roll(begin, -1, axis=0)
    count = len(begin)
    one, other = np.triu_indices(count, 1)
    near = (other - one == 1) | ((one == 0) & (other == count - 1))
    met = _meet(begin[one], end[one], begin[other], end[other])
    met[near] = _fold(begin, end, one[near], other[near])
    return tuple((int(a) + 1, int(b) + 1) for a, b in zip(one[met], other[met], strict=True))


def _doubled(corners: Floats) -> tuple[int, int] | None:
    """Return the first two neighbours that are one point, counted from 1."""
    order = [*range(len(corners)), 0]
    for a, b in pairwise(order):
        if np.abs(corners[a] - corners[b]).max() < _SAME:
            return min(a, b) + 1, max(a, b) + 1
    return None


def _cross(a: Floats, b: Floats) -> Floats:
    turned: Floats = a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0]
    return turned


def _meet(a: Floats, b: Floats, c: Floats, d: Floats) -> npt.NDArray[np.bool_]:
    """Return where segments a-b and c-d, float64 (N, 2) each, have a point in common."""
    turns = [_cross(b - a, c - a), _cross(b - a, d - a), _cross(d - c, a - c), _cross(d - c, b - c)]
    # Less than a millionth of the picture beside a line is on it.
    side = [np.where(np.abs(turn) < _SAME * _SAME, 0.0, np.sign(turn)) for turn in turns]
    across = (side[0] * side[1] < 0) & (side[2] * side[3] < 0)
    touching = np.zeros(len(a), np.bool_)
    for turn, point, (p, q) in zip(
        side, (c, d, a, b), ((a, b), (a, b), (c, d), (c, d)), strict=True
    ):
        low, high = np.minimum(p, q) - _SAME, np.maximum(p, q) + _SAME
        touching |= (turn == 0) & ((point >= low) & (point <= high)).all(axis=1)
    met: npt.NDArray[np.bool_] = across | touching
    return met


def _fold(
    begin: Floats,
    end: Floats,
    one: npt.NDArray[np.intp],
    other: npt.NDArray[np.intp],
) -> npt.NDArray[np.bool_]:
    """Return where neighbours run back over each other: on one line, in opposite directions."""
    a, b = end[one] - begin[one], end[other] - begin[other]
    on_line = np.abs(_cross(a, b)) < _SAME * _SAME
    back = (a * b).sum(axis=1) < 0
    folded: npt.NDArray[np.bool_] = on_line & back
    return folded
