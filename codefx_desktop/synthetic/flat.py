"""From metres to the picture: shapes become polygons in painter's order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from codefx_desktop.synthetic.camera import View
    from codefx_desktop.synthetic.light import Light
    from codefx_desktop.synthetic.shapes import Floats, Shapes

Points = npt.NDArray[np.int32]
SHIFT = 4
UNITS = 1 << SHIFT
"""Polygons count in sixteenths of a pixel."""
NEAREST_M = 1.0
"""Nothing comes so close to the camera; what does is beside or behind it and cannot be drawn."""


@dataclass(frozen=True, slots=True)
class Flat:
    """The shapes of one layer as polygons in the picture, in painter's order.

    Attributes:
        polygons: int32 (N, 2) each, in sixteenths of a pixel.
        colours: RGB as lit.
        owners: Number of the object of each, or -1.
    """

    polygons: list[Points]
    colours: list[tuple[float, float, float]]
    owners: list[int]


def flatten(shapes: Shapes, view: View, light: Light) -> Flat:
    """Return the polygons of shapes as the camera sees them."""
    if not shapes.points:
        return Flat([], [], [])
    counts = np.array([len(points) for points in shapes.points])
    world = np.concatenate(shapes.points)
    ends = np.cumsum(counts)
    seen = np.round(view.project(world) * UNITS - UNITS / 2).astype(np.int32)
    drawn = np.minimum.reduceat(view.depth(world), ends - counts) >= NEAREST_M
    drawn &= _concerns(seen, ends - counts, np.array(shapes.owner), view)
    centres = np.add.reduceat(world[:, :2], ends - counts, axis=0) / counts[:, None]
    middles = np.add.reduceat(seen, ends - counts, axis=0) / counts[:, None] / UNITS
    gain = light.gain(centres) * fall_off(middles, (view.width, view.height), light.vignette)
    lit = np.minimum(255.0, np.array(shapes.colour) * gain[:, None] * np.array(light.tint))
    order = np.argsort(np.array(shapes.level), kind="stable")
    order = order[drawn[order]].tolist()
    starts, stops = (ends - counts).tolist(), ends.tolist()
    polygons, colours, owners = [], [], []
    lit_list = lit.tolist()
    for index in order:
        points = seen[starts[index] : stops[index]]
        polygons.append(cv2.convexHull(points)[:, 0] if shapes.hull[index] else points)
        colours.append(tuple(lit_list[index]))
        owners.append(shapes.owner[index])
    return Flat(polygons, colours, owners)


def _concerns(
    seen: Points, starts: npt.NDArray[np.int64], owners: npt.NDArray[np.int64], view: View
) -> npt.NDArray[np.bool_]:
    """Return which shapes can matter, bool (N,): inside the picture, or part of what is.

    A thing's parts outside the picture count for how much of it can be seen.
    """
    limits = np.array((view.width, view.height)) * UNITS
    low = np.minimum.reduceat(seen, starts, axis=0)
    high = np.maximum.reduceat(seen, starts, axis=0)
    inside = np.logical_and(high >= 0, low <= limits).all(axis=1)
    return inside | ((owners >= 0) & np.isin(owners, owners[inside]))


def fall_off(places_px: Floats, size: tuple[int, int], strength: float) -> Floats:
    """Return what the lens leaves of the light, float64 (N,), at places in the picture."""
    half = np.array(size) / 2
    square = ((places_px / half - 1.0) ** 2).sum(axis=1)
    kept: Floats = 1.0 - strength * np.minimum(1.0, square / 2)
    return kept
