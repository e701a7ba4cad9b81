"""Paints one instant: ground, shadows, reflections, everything that stands on it, the sensor."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np
import numpy.typing as npt

from codefx_desktop.synthetic.flat import SHIFT, UNITS, Flat, flatten
from codefx_desktop.synthetic.ground import Pixels, paint_ground
from codefx_desktop.synthetic.outline import Outlines, measure
from codefx_desktop.synthetic.seeds import stream
from codefx_desktop.synthetic.shade import cast, lens_mask, reflect

if TYPE_CHECKING:
    from codefx_desktop.synthetic.camera import Camera, View
    from codefx_desktop.synthetic.light import Light
    from codefx_desktop.synthetic.scene import Scene
    from codefx_desktop.synthetic.shapes import Floats, Shapes


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
        self._lens = lens_mask(size, light.vignette)
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
            reflect(picture, drawing, view, self.light)
        cast(picture, drawing, view, self.light, self._lens)
        layers = [flatten(shapes, view, self.light) for shapes, _ in drawing.fast]
        for flat, (shapes, velocity) in zip(layers, drawing.fast, strict=True):
            self._smear(picture, flat, self._trail(shapes, velocity, view))
        slow = flatten(drawing.slow, view, self.light)
        for polygon, colour in zip(slow.polygons, slow.colours, strict=True):
            cv2.fillConvexPoly(picture, polygon, colour, cv2.LINE_AA, SHIFT)
        layers.append(slow)
        outlines = measure(layers, self.scene.things, (self.width, self.height), UNITS)
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
        if not flat.polygons:
            return
        reach = int(np.abs(trail).max()) + 2
        stacked = np.concatenate(flat.polygons) // UNITS
        low = np.maximum(stacked.min(axis=0) - reach, 0)
        high = np.minimum(stacked.max(axis=0) + reach + 1, (self.width, self.height))
        if (high <= low).any():
            return
        part = picture[low[1] : high[1], low[0] : high[0]]
        colour, alpha = part.copy(), np.zeros(part.shape[:2], np.uint8)
        offset = (low * UNITS).astype(np.int32)
        for polygon, rgb in zip(flat.polygons, flat.colours, strict=True):
            cv2.fillConvexPoly(colour, polygon - offset, rgb, cv2.LINE_AA, SHIFT)
            cv2.fillConvexPoly(alpha, polygon - offset, 255, cv2.LINE_8, SHIFT)
        kernel = _line_kernel(trail)
        if kernel.size > 1:
            cv2.copyTo(colour, alpha, part)  # the ground shows through where the blur thins out
            cv2.filter2D(part, -1, kernel, dst=part, borderType=cv2.BORDER_REPLICATE)
        else:
            cv2.copyTo(colour, alpha, part)

    def _sense(self, picture: Pixels, frame: int) -> Pixels:
        """Return what lens and sensor make of the light."""
        if self.light.softness_px > 0.0:
            sigma = self.light.softness_px * self.width / 1280
            picture = np.asarray(cv2.GaussianBlur(picture, (3, 3), max(0.3, sigma)), np.uint8)
        y, x = (frame * 37) % 64, (frame * 53) % 64
        noise = self._noise[y : y + self.height, x : x + self.width]
        cv2.addWeighted(picture, 1.0, noise, 1.0, -128.0, dst=picture)
        return picture


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


def _noise_bank(seed: int, size: tuple[int, int], sigma: float) -> Pixels:
    rng = stream(seed, "noise")
    shape = (size[1] + 64, size[0] + 64)
    bright = rng.standard_normal(shape, dtype=np.float32) * sigma
    channels = [
        bright * 0.85 + rng.standard_normal(shape, dtype=np.float32) * (0.5 * sigma)
        for _ in range(3)
    ]
    return np.asarray(np.clip(cv2.merge(channels) + 128.5, 0, 255), np.uint8)
