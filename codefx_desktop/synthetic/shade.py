"""What things do to the ground's light: shadows and reflections."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from codefx_desktop.synthetic.flat import SHIFT, UNITS, fall_off
from codefx_desktop.synthetic.shapes import pieces

if TYPE_CHECKING:
    from codefx_desktop.synthetic.camera import View
    from codefx_desktop.synthetic.flat import Points
    from codefx_desktop.synthetic.ground import Pixels
    from codefx_desktop.synthetic.light import Light
    from codefx_desktop.synthetic.scene import Drawing
    from codefx_desktop.synthetic.shapes import Floats

_SMALLER = 3
"""Shadows and reflections are soft: a third of the picture's size is enough for them."""


def cast(picture: Pixels, drawing: Drawing, view: View, light: Light, lens: Pixels) -> None:
    """Darken the ground, in place, where a light does not reach it and towards the corners.

    Args:
        picture: RGB (H, W, 3), uint8.
        drawing: What stands on the ground.
        view: The camera.
        light: The lights.
        lens: What ``lens_mask`` returned for pictures of this size.
    """
    size = (lens.shape[1], lens.shape[0])
    solids = _solids(drawing)
    world = np.concatenate(solids)
    ends = np.cumsum([len(points) for points in solids]).tolist()
    total = np.zeros((size[1], size[0]), np.uint8)
    px_per_m = view.focal_px / view.centre_m[2] / _SMALLER
    for shade in light.shades:
        mask = np.zeros_like(total)
        for points in pieces(_on_ground(world, shade.reach, view), ends):
            cv2.fillConvexPoly(mask, cv2.convexHull(points), 255, cv2.LINE_8, SHIFT)
        cv2.GaussianBlur(mask, (0, 0), max(0.6, light.blur_m * px_per_m), dst=mask)
        cv2.addWeighted(total, 1.0, mask, shade.dark, 0.0, dst=total)
    cv2.max(total, _contact(world, ends, view, size), dst=total)
    keep = cv2.multiply(255 - total, lens, scale=1 / 255)
    full = cv2.resize(keep, (view.width, view.height), interpolation=cv2.INTER_LINEAR)
    cv2.multiply(picture, cv2.merge((full, full, full)), dst=picture, scale=1 / 255)


def _on_ground(world: Floats, reach: tuple[float, float], view: View) -> Points:
    """Return where points throw their shadows, in the small picture's units."""
    flat = world.copy()
    flat[:, :2] += np.outer(flat[:, 2], reach)
    flat[:, 2] = 0.0
    units: Points = np.round(view.project(flat) * (UNITS / _SMALLER)).astype(np.int32)
    return units


def _contact(world: Floats, ends: list[int], view: View, size: tuple[int, int]) -> Pixels:
    """Return the soft darkness right under things, whatever the light."""
    seen = _on_ground(world, (0.0, 0.0), view)
    highest = np.maximum.reduceat(world[:, 2], (0, *ends[:-1])).tolist()
    mask = np.zeros((size[1], size[0]), np.uint8)
    for points, height_m in zip(pieces(seen, ends), highest, strict=True):
        if height_m < 0.75:
            cv2.fillConvexPoly(mask, cv2.convexHull(points), 110, cv2.LINE_8, SHIFT)
    cv2.GaussianBlur(mask, (0, 0), 2.2 * view.width / 1280 + 0.3, dst=mask)
    return mask


def lens_mask(size: tuple[int, int], strength: float) -> Pixels:
    """Return what the lens leaves of the ground's light, uint8, at the size of shadows.

    Args:
        size: Width and height of the pictures.
        strength: Darkening of the corners, 0 to 1.
    """
    x, y = ((np.arange(count // _SMALLER) + 0.5) * _SMALLER for count in size)
    places = np.stack(np.meshgrid(x, y), axis=-1)
    kept = 255.0 * fall_off(places.reshape(-1, 2), size, strength)
    return np.asarray(kept.reshape(places.shape[:2]), np.uint8)


def reflect(picture: Pixels, drawing: Drawing, view: View, light: Light) -> None:
    """Mirror everything faintly, in place, in the wet ground."""
    size = (view.width // _SMALLER, view.height // _SMALLER)
    base = cv2.resize(picture, size, interpolation=cv2.INTER_LINEAR)
    mirror = base.copy()
    for shapes in (*(layer for layer, _ in drawing.fast), drawing.slow):
        pick = [index for index, solid in enumerate(shapes.solid) if solid]
        if not pick:
            continue
        world = np.concatenate([shapes.points[i] for i in pick]) * (1.0, 1.0, -1.0)
        ends = np.cumsum([len(shapes.points[i]) for i in pick]).tolist()
        seen = np.round(view.project(world) * (UNITS / _SMALLER)).astype(np.int32)
        for index, points in zip(pick, pieces(seen, ends), strict=True):
            colour = shapes.colour[index]
            cv2.fillConvexPoly(mirror, cv2.convexHull(points), colour, cv2.LINE_8, SHIFT)
    cv2.GaussianBlur(mirror, (0, 0), 2.0 * view.width / 1280 + 0.4, dst=mirror)
    change = cv2.addWeighted(mirror, light.wet, base, -light.wet, 128.0)
    full = cv2.resize(change, (view.width, view.height), interpolation=cv2.INTER_LINEAR)
    cv2.addWeighted(picture, 1.0, full, 1.0, -128.0, dst=picture)


def _solids(drawing: Drawing) -> list[Floats]:
    return [
        points
        for shapes in (*(layer for layer, _ in drawing.fast), drawing.slow)
        for points, solid in zip(shapes.points, shapes.solid, strict=True)
        if solid
    ]
