"""Zones on the picture of one stop: placed where the car stands, and asked what lies in them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np
import numpy.typing as npt

from codefx_desktop.analysis.lens import bent, straightened
from codefx_desktop.domain.camera_profile import Lens, LensKind
from codefx_desktop.domain.zone import Zone, ZoneAnchor

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codefx_desktop.analysis.ground import Ground
    from codefx_desktop.domain.events import Place
    from codefx_desktop.domain.zone import CarPlace, Point, ZoneSet

Floats = npt.NDArray[np.float64]

PlacedZone: TypeAlias = Zone
"""A zone on one picture: its points are pixels of it, not parts, and it is anchored to it."""

_SCALE: Final = (0.5, 2.0)
"""A car's size changes less than this between two stops before one camera; hubs that say otherwise
are not the same car's."""
_PARTS: Final = 8
"""Pieces into which a side is cut before it is moved through a lens that bends it."""


def place_zones(
    zones: ZoneSet,
    car: CarPlace | None,
    width: int,
    height: int,
    *,
    lens: Lens | None = None,
    ground: Ground | None = None,
) -> tuple[PlacedZone, ...]:
    """Return zones where they belong on a picture, in the set's order.

    Those that are anchored to the car go with it: as the hubs that both places know have moved,
    turned and grown; with fewer than two such hubs as the car's box has. Where the ground is
    calibrated the car moves on it in metres, so that zones keep their true size over the whole
    picture. ``unplaced`` names the zones that are missing here.

    Args:
        zones: As they were drawn.
        car: Where the car stands now; None where that was not measured.
        width: Of the picture, pixels.
        height: Likewise.
        lens: How the picture is bent; None is not at all.
        ground: Its ground plane; brings the lens that it was made with.
    """
    plane = _Plane(width, height, lens or Lens(), ground)
    move = None if zones.car is None or car is None else plane.move(zones.car, car)
    placed = []
    for zone in zones.zones:
        points = plane.pixels(zone.points)
        if zone.anchor is ZoneAnchor.CAR:
            if move is None:
                continue
            points = plane.moved(points, move)
        if np.isfinite(points).all():
            placed.append(_with_points(zone, points))
    return tuple(placed)


def unplaced(zones: ZoneSet, placed: Sequence[PlacedZone]) -> tuple[str, ...]:
    """Return the names of the zones that ``place_zones`` could not place, for a person."""
    there = {zone.name for zone in placed}
    return tuple(zone.name for zone in zones.zones if zone.name not in there)


def inside(zone: PlacedZone, xy: npt.NDArray[np.floating]) -> npt.NDArray[np.bool_]:
    """Return which places lie in a zone, bool (N,).

    Args:
        zone: A placed zone.
        xy: (N, 2), pixels of the same picture.
    """
    begin = np.array(zone.points, np.float64)
    end = np.roll(begin, -1, axis=0)
    x, y = np.asarray(xy, np.float64).T[:, :, None]
    spans = (begin[:, 1] > y) != (end[:, 1] > y)
    rise = end[:, 1] - begin[:, 1]
    slope = (end[:, 0] - begin[:, 0]) / np.where(rise == 0.0, 1.0, rise)
    left_of = x < begin[:, 0] + (y - begin[:, 1]) * slope
    within: npt.NDArray[np.bool_] = np.count_nonzero(spans & left_of, axis=1) % 2 == 1
    return within


@dataclass(frozen=True, slots=True)
class _Move:
    """A similarity: places as complex numbers are multiplied and added to."""

    factor: complex
    shift: complex


class _Plane:
    """The plane on which a car moves: the ground in metres, or the straightened picture."""

    def __init__(self, width: int, height: int, lens: Lens, ground: Ground | None) -> None:
        self._size = np.array((width, height), np.float64)
        self._lens, self._ground = lens, ground

    def pixels(self, points: Sequence[Point]) -> Floats:
        scaled: Floats = np.array(points, np.float64) * self._size
        return scaled

    def move(self, drawn: CarPlace, now: CarPlace) -> _Move | None:
        """Return how a car got from one place to the other; None where that cannot be said."""
        common = [place for place in drawn.hubs if place in now.hubs]
        if len(common) >= 2:
            move = self._by_hubs(common, drawn, now)
            if move is not None:
                return move
        before, after = (self._flat(self._box(car)) for car in (drawn, now))
        spread = abs(before[1] - before[0])
        if not spread > 0.0:
            return None
        factor = abs(after[1] - after[0]) / spread if self._ground is None else 1.0
        shift = after.mean() - factor * before.mean()
        return _Move(factor, complex(shift)) if np.isfinite(shift) else None

    def _by_hubs(self, common: list[Place], drawn: CarPlace, now: CarPlace) -> _Move | None:
        before, after = (
            self._flat(self.pixels([car.hubs[place] for place in common])) for car in (drawn, now)
        )
        from_middle = before - before.mean()
        spread = (np.abs(from_middle) ** 2).sum()
        if not spread > 0.0:
            return None
        # The least-squares similarity, as complex numbers.
        factor = (np.conj(from_middle) * (after - after.mean())).sum() / spread
        if not _SCALE[0] <= abs(factor) <= _SCALE[1]:
            return None
        if self._ground is not None:
            factor /= abs(factor)  # a car has one size in metres
        return _Move(complex(factor), complex(after.mean() - factor * before.mean()))

    def moved(self, points_px: Floats, move: _Move) -> Floats:
        """Return an outline, float64 (N, 2), where the car took it."""
        curved = self._ground is None and self._lens.kind is LensKind.FISHEYE
        outline = _cut_up(points_px, _PARTS) if curved else points_px
        return self._from_flat(move.factor * self._flat(outline) + move.shift)

    def _box(self, car: CarPlace) -> Floats:
        x1, y1, x2, y2 = car.box
        return self.pixels([(x1, y1), (x2, y2)])

    def _flat(self, points_px: Floats) -> npt.NDArray[np.complex128]:
        flat = (
            straightened(points_px, self._lens, *self._whole())
            if self._ground is None
            else self._ground.to_metres(points_px)
        )
        return np.asarray(flat[:, 0] + 1j * flat[:, 1])

    def _from_flat(self, flat: npt.NDArray[np.complex128]) -> Floats:
        places = np.column_stack((flat.real, flat.imag))
        if self._ground is not None:
            return self._ground.to_pixels(places)
        return bent(places, self._lens, *self._whole())

    def _whole(self) -> tuple[int, int]:
        return int(self._size[0]), int(self._size[1])


def _cut_up(points: Floats, parts: int) -> Floats:
    """Return an outline with each side cut into equal parts."""
    end = np.roll(points, -1, axis=0)
    along = np.arange(parts)[None, :, None] / parts
    pieces: Floats = points[:, None] + (end - points)[:, None] * along
    return pieces.reshape(-1, 2)


def _with_points(zone: Zone, points: Floats) -> PlacedZone:
    pairs = tuple((float(x), float(y)) for x, y in points)
    return replace(zone, points=pairs, anchor=ZoneAnchor.PICTURE)
