"""Paints one instant: ground, shadows, reflections, everything that stands on it, the sensor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np
import numpy.typing as npt

from codefx_desktop.synthetic.ground import Pixels, paint_ground
from codefx_desktop.synthetic.outline import Outlines, measure
from codefx_desktop.synthetic.seeds import stream
from codefx_desktop.synthetic.shapes import pieces

if TYPE_CHECKING:
    from codefx_desktop.synthetic.camera import Camera, View
    from codefx_desktop.synthetic.light import Light
    from codefx_desktop.synthetic.scene import Drawing, Scene
    from codefx_desktop.synthetic.shapes import Floats, Shapes

Points = npt.NDArray[np.int32]
_SHIFT = 4
_UNITS = 1 << _SHIFT
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
    seen = np.round(view.project(world) * _UNITS - _UNITS / 2).astype(np.int32)
    near = np.minimum.reduceat(view.depth(world), ends - counts) < NEAREST_M
    centres = np.add.reduceat(world[:, :2], ends - counts, axis=0) / counts[:, None]
    lit = np.minimum(
        255.0, np.array(shapes.colour) * light.gain(centres)[:, None] * np.array(light.tint)
    )
    order = np.argsort(np.array(shapes.level), kind="stable")
    order = order[~near[order]].tolist()
    starts, stops = (ends - counts).tolist(), ends.tolist()
    polygons, colours, owners = [], [], []
    lit_list = lit.tolist()
    for index in order:
        points = seen[starts[index] : stops[index]]
        polygons.append(cv2.convexHull(points)[:, 0] if shapes.hull[index] else points)
        colours.append(tuple(lit_list[index]))
        owners.append(shapes.owner[index])
    return Flat(polygons, colours, owners)


class Painter:
    """Paints pictures of one shot of a scene, all of one size.

    Args:
        scene: What happens.
        camera: Who looks.
        light: How it is lit; its sensor part belongs to the shot.
        size: Width and height in pixels.
    """

    def __init__(self, scene: Scene, camera: Camera, light: Light, size: tuple[int, int]) -> None:
        self.scene, self.camera, self.light = scene, camera, light
        self.width, self.height = size
        px_per_m = min(72.0, 0.75 * self.width / camera.span_m)
        self._ground = paint_ground(scene.seed, scene.plan.garage, light, px_per_m)
        self._vignette = _vignette(size, light.vignette)
        self._noise = _noise_bank(scene.seed, size, light.noise)

    def paint(self, time_s: float, frame: int) -> tuple[Pixels, Outlines]:
        """Return the picture at an instant and where everything in it is.

        Args:
            time_s: Middle of the exposure, seconds of the clip.
            frame: Number of the frame: the sensor's noise differs from frame to frame.

        Returns:
            RGB (height, width, 3), uint8, and the outlines of all objects.
        """
        view = self.camera.view(time_s, self.width, self.height)
        drawing = self.scene.draw(time_s, view.centre_m)
        picture = self._ground.seen(view.ground_to_image(), self.width, self.height)
        if self.light.wet > 0.0:
            self._reflect(picture, drawing, view)
        self._cast(picture, drawing, view)
        layers = [flatten(shapes, view, self.light) for shapes, _ in drawing.fast]
        for flat, (shapes, velocity) in zip(layers, drawing.fast, strict=True):
            self._smear(picture, flat, self._trail(shapes, velocity, view))
        slow = flatten(drawing.slow, view, self.light)
        for polygon, colour in zip(slow.polygons, slow.colours, strict=True):
            cv2.fillConvexPoly(picture, polygon, colour, cv2.LINE_AA, _SHIFT)
        layers.append(slow)
        outlines = measure(layers, self.scene.things, (self.width, self.height), _UNITS)
        return self._sense(picture, frame), outlines

    def _trail(self, shapes: Shapes, velocity: Floats, view: View) -> Floats:
        """Return how far something moves in the picture while the shutter is open, pixels."""
        middle = np.concatenate(shapes.points).mean(axis=0)
        ends = np.stack((middle, middle + velocity * self.light.shutter_s))
        seen = view.project(ends)
        trail: Floats = seen[1] - seen[0]
        return trail

    def _smear(self, picture: Pixels, flat: Flat, trail: Floats) -> None:
        """Paint a layer blurred along its motion."""
        reach = int(np.abs(trail).max()) + 2
        stacked = np.concatenate(flat.polygons) // _UNITS
        low = np.maximum(stacked.min(axis=0) - reach, 0)
        high = np.minimum(stacked.max(axis=0) + reach + 1, (self.width, self.height))
        if (high <= low).any():
            return
        part = picture[low[1] : high[1], low[0] : high[0]]
        colour, alpha = part.copy(), np.zeros(part.shape[:2], np.uint8)
        offset = (low * _UNITS).astype(np.int32)
        for polygon, rgb in zip(flat.polygons, flat.colours, strict=True):
            cv2.fillConvexPoly(colour, polygon - offset, rgb, cv2.LINE_AA, _SHIFT)
            cv2.fillConvexPoly(alpha, polygon - offset, 255, cv2.LINE_8, _SHIFT)
        kernel = _line_kernel(trail)
        if kernel.size > 1:
            cv2.copyTo(colour, alpha, part)  # the ground shows through where the blur thins out
            cv2.filter2D(part, -1, kernel, dst=part, borderType=cv2.BORDER_REPLICATE)
        else:
            cv2.copyTo(colour, alpha, part)

    def _cast(self, picture: Pixels, drawing: Drawing, view: View) -> None:
        """Darken the ground where a light does not reach it."""
        small = (self.width // 3, self.height // 3)
        total = np.zeros((small[1], small[0]), np.uint8)
        solids = _solids(drawing)
        world = np.concatenate(solids)
        ends = np.cumsum([len(points) for points in solids]).tolist()
        px_per_m = view.focal_px / view.centre_m[2] / 3
        for shade in self.light.shades:
            flat = world.copy()
            flat[:, :2] += np.outer(flat[:, 2], shade.reach)
            flat[:, 2] = 0.0
            seen = np.round(view.project(flat) / 3 * _UNITS).astype(np.int32)
            mask = np.zeros_like(total)
            for points in pieces(seen, ends):
                cv2.fillConvexPoly(mask, cv2.convexHull(points), 255, cv2.LINE_8, _SHIFT)
            sigma = max(0.6, self.light.blur_m * px_per_m)
            cv2.GaussianBlur(mask, (0, 0), sigma, dst=mask)
            cv2.addWeighted(total, 1.0, mask, shade.dark, 0.0, dst=total)
        contact = self._contact(world, ends, view, small)
        cv2.max(total, contact, dst=total)
        keep = cv2.resize(255 - total, (self.width, self.height), interpolation=cv2.INTER_LINEAR)
        cv2.multiply(picture, cv2.merge((keep, keep, keep)), dst=picture, scale=1 / 255)

    def _contact(
        self, world: Floats, ends: list[int], view: View, small: tuple[int, int]
    ) -> Pixels:
        """Return the soft darkness right under things, whatever the light."""
        flat = world.copy()
        low = flat[:, 2] < 0.75
        flat[:, 2] = 0.0
        seen = np.round(view.project(flat) / 3 * _UNITS).astype(np.int32)
        mask = np.zeros((small[1], small[0]), np.uint8)
        for points, near in zip(pieces(seen, ends), pieces(low, ends), strict=True):
            if near.all():
                cv2.fillConvexPoly(mask, cv2.convexHull(points), 110, cv2.LINE_8, _SHIFT)
        cv2.GaussianBlur(mask, (0, 0), 2.2 * self.width / 1280 + 0.3, dst=mask)
        return mask

    def _reflect(self, picture: Pixels, drawing: Drawing, view: View) -> None:
        """Mirror everything faintly in the wet ground."""
        small = (self.width // 2, self.height // 2)
        base = cv2.resize(picture, small, interpolation=cv2.INTER_AREA)
        mirror = base.copy()
        for shapes in (*(layer for layer, _ in drawing.fast), drawing.slow):
            pick = [i for i, solid in enumerate(shapes.solid) if solid]
            if not pick:
                continue
            world = np.concatenate([shapes.points[i] for i in pick]) * (1.0, 1.0, -1.0)
            ends = np.cumsum([len(shapes.points[i]) for i in pick]).tolist()
            seen = np.round(view.project(world) / 2 * _UNITS).astype(np.int32)
            for index, points in zip(pick, pieces(seen, ends), strict=True):
                colour = shapes.colour[index]
                cv2.fillConvexPoly(mirror, cv2.convexHull(points), colour, cv2.LINE_8, _SHIFT)
        cv2.GaussianBlur(mirror, (0, 0), 3.0 * self.width / 1280 + 0.5, dst=mirror)
        change = cv2.subtract(mirror, base, dtype=cv2.CV_16S)
        full = cv2.resize(change, (self.width, self.height), interpolation=cv2.INTER_LINEAR)
        cv2.scaleAdd(full, self.light.wet, picture.astype(np.int16), dst=full)
        np.copyto(picture, cv2.convertScaleAbs(cv2.max(full, 0)))

    def _sense(self, picture: Pixels, frame: int) -> Pixels:
        """Return what lens and sensor make of the light."""
        if self.light.softness_px > 0.0:
            sigma = self.light.softness_px * self.width / 1280
            picture = np.asarray(cv2.GaussianBlur(picture, (3, 3), max(0.3, sigma)), np.uint8)
        cv2.multiply(picture, self._vignette, dst=picture, scale=1 / 255)
        y, x = (frame * 37) % 64, (frame * 53) % 64
        noise = self._noise[y : y + self.height, x : x + self.width]
        cv2.addWeighted(picture, 1.0, noise, 1.0, -128.0, dst=picture)
        return picture


def _solids(drawing: Drawing) -> list[Floats]:
    return [
        points
        for shapes in (*(layer for layer, _ in drawing.fast), drawing.slow)
        for points, solid in zip(shapes.points, shapes.solid, strict=True)
        if solid
    ]


def _line_kernel(trail: Floats) -> npt.NDArray[np.float32]:
    reach = float(np.hypot(trail[0], trail[1]))
    if reach < 1.5:
        return np.ones((1, 1), np.float32)
    size = 2 * int(np.ceil(reach / 2)) + 1
    kernel = np.zeros((size, size), np.uint8)
    middle, half = (size - 1) / 2, trail / 2
    begin, end = (tuple(np.round((middle + s * half) * 16).astype(int)) for s in (-1, 1))
    cv2.line(kernel, begin, end, 255, 1, cv2.LINE_AA, 4)
    normal: npt.NDArray[np.float32] = kernel.astype(np.float32) / float(kernel.sum())
    return normal


def _vignette(size: tuple[int, int], strength: float) -> Pixels:
    x = np.linspace(-1, 1, size[0])[None, :]
    y = np.linspace(-1, 1, size[1])[:, None]
    fall = 255.0 * (1.0 - strength * np.minimum(1.0, (x * x + y * y) / 2))
    flat = fall.astype(np.uint8)
    return np.asarray(cv2.merge((flat, flat, flat)), np.uint8)


def _noise_bank(seed: int, size: tuple[int, int], sigma: float) -> Pixels:
    rng = stream(seed, "noise")
    shape = (size[1] + 64, size[0] + 64)
    bright = rng.standard_normal(shape, dtype=np.float32) * sigma
    channels = [
        bright * 0.85 + rng.standard_normal(shape, dtype=np.float32) * (0.5 * sigma)
        for _ in range(3)
    ]
    return np.asarray(np.clip(cv2.merge(channels) + 128.5, 0, 255), np.uint8)
