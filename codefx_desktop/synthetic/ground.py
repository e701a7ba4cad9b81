"""The ground of the pit lane: painted once per clip, seen through the camera every frame."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np
import numpy.typing as npt

from codefx_desktop.synthetic.car import FRONT_AXLE_M, Livery, choose_livery
from codefx_desktop.synthetic.seeds import stream

if TYPE_CHECKING:
    from codefx_desktop.synthetic.light import Light
    from codefx_desktop.synthetic.shapes import Colour, Floats

Pixels = npt.NDArray[np.uint8]

EXTENT_M = (-13.0, -8.5, 13.0, 8.5)
BOX_HALF_LENGTH_M = 3.1
BOX_HALF_WIDTH_M = 1.45


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """A painted piece of the world's ground plane.

    Attributes:
        texture: RGB, (H, W, 3), uint8.
        to_texture: float64 (3, 3), homography from ground metres to texture pixels.
    """

    texture: Pixels
    to_texture: Floats

    def seen(self, ground_to_image: Floats, width: int, height: int) -> Pixels:
        """Return the ground as the camera sees it, RGB (height, width, 3)."""
        matrix = ground_to_image @ np.linalg.inv(self.to_texture)
        picture = cv2.warpPerspective(
            self.texture, matrix, (width, height),
            flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE,
        )  # fmt: skip
        return np.asarray(picture, np.uint8)


def box_marks() -> list[tuple[str, Floats]]:
    """Return the painted marks of the filmed box: name and polyline, float64 (N, 2), metres."""
    long, wide = BOX_HALF_LENGTH_M, BOX_HALF_WIDTH_M
    outline = np.array([(-long, -wide), (long, -wide), (long, wide), (-long, wide), (-long, -wide)])
    axle = FRONT_AXLE_M
    return [
        ("box", outline),
        ("front axle left", np.array([(axle, 0.75), (axle, 1.35)])),
        ("front axle right", np.array([(axle, -1.35), (axle, -0.75)])),
        ("front axle", np.array([(axle, -0.75), (axle, 0.75)])),
        ("centre", np.array([(axle + 0.5, 0.0), (axle + 1.6, 0.0)])),
    ]


class _Brush:
    """Draws in metres on the texture."""

    def __init__(self, picture: Pixels, px_per_m: float) -> None:
        self.picture, self.scale = picture, px_per_m

    def px(self, points_m: Floats) -> npt.NDArray[np.int32]:
        flat = (np.asarray(points_m, float) - EXTENT_M[:2]) * self.scale * 16
        units: npt.NDArray[np.int32] = np.round(flat).astype(np.int32)
        return units

    def fill(self, points_m: Floats, colour: Colour, alpha: float = 1.0) -> None:
        points = self.px(points_m)
        if alpha >= 1.0:
            cv2.fillPoly(self.picture, [points], colour, cv2.LINE_AA, 4)
            return
        low = np.maximum(points.min(0) // 16 - 1, 0)
        high = points.max(0) // 16 + 2
        part = self.picture[low[1] : high[1], low[0] : high[0]]
        if part.size:
            over = part.copy()
            cv2.fillPoly(over, [points - low * 16], colour, cv2.LINE_AA, 4)
            cv2.addWeighted(over, alpha, part, 1.0 - alpha, 0.0, dst=part)

    def line(self, points_m: Floats, colour: Colour, width_m: float) -> None:
        thick = max(1, round(width_m * self.scale))
        cv2.polylines(self.picture, [self.px(points_m)], False, colour, thick, cv2.LINE_AA, 4)

    def rect(self, x: tuple[float, float], y: tuple[float, float], colour: Colour) -> None:
        self.fill(np.array([(x[0], y[0]), (x[1], y[0]), (x[1], y[1]), (x[0], y[1])]), colour)


def paint_ground(seed: int, garage: float, light: Light, px_per_m: float) -> Ground:
    """Return the ground of a clip.

    Args:
        seed: The clip's seed.
        garage: Side of the garages, 1 or -1.
        light: What light falls on it.
        px_per_m: Detail of the texture.
    """
    rng = stream(seed, "ground")
    width = round((EXTENT_M[2] - EXTENT_M[0]) * px_per_m)
    height = round((EXTENT_M[3] - EXTENT_M[1]) * px_per_m)
    base = float(rng.uniform(78, 128)) * (0.8 if light.wet > 0.1 else 1.0)
    picture = np.empty((height, width, 3), np.uint8)
    picture[:] = tuple(int(v) for v in base * rng.uniform(0.96, 1.04, 3))
    brush = _Brush(picture, px_per_m)
    _slabs(brush, rng, garage, base)
    _box(brush, rng, choose_livery(seed, 0), garage)
    for team, centre in ((1, -8.6), (2, 8.6)):
        _next_box(brush, choose_livery(seed, team), garage, centre)
    _rubber(brush, rng, garage)
    picture = _grain(picture, rng)
    picture = _lit(picture, light, px_per_m)
    matrix = np.array(
        [
            [px_per_m, 0, -EXTENT_M[0] * px_per_m],
            [0, px_per_m, -EXTENT_M[1] * px_per_m],
            [0, 0, 1.0],
        ]
    )
    return Ground(picture, matrix)


def _slabs(brush: _Brush, rng: np.random.Generator, garage: float, base: float) -> None:
    """Concrete under the boxes, asphalt in the lanes, the apron before the garages."""
    concrete = (base * 1.25, base * 1.24, base * 1.2)
    brush.rect(
        (-13, 13), (min(-2.1 * garage, 9 * garage), max(-2.1 * garage, 9 * garage)), concrete
    )
    for x in np.arange(-12.0, 13.0, float(rng.uniform(2.5, 5.0))):
        brush.line(np.array([(x, -2.1 * garage), (x, 4.4 * garage)]), shade(concrete, 0.8), 0.025)
    lane = np.array([(-13, -2.1 * garage), (13, -2.1 * garage)])
    white = (222.0, 222.0, 218.0)
    brush.line(lane, white, 0.12)
    brush.line(lane - np.array((0, 0.28 * garage)), white, 0.07)
    brush.line(lane - np.array((0, 4.4 * garage)), white, 0.12)
    apron = (base * 0.5, base * 0.52, base * 0.56)
    far = sorted((4.3 * garage, 9.0 * garage))
    brush.rect((-13, 13), (far[0], far[1]), apron)
    brush.line(np.array([(-13, 4.3 * garage), (13, 4.3 * garage)]), (235, 200, 40), 0.1)


def shade(colour: Colour, gain: float) -> Colour:
    """Return a colour made darker or brighter."""
    return (colour[0] * gain, colour[1] * gain, colour[2] * gain)


def _box(brush: _Brush, rng: np.random.Generator, livery: Livery, garage: float) -> None:
    tone = shade(livery.main, 0.55)
    if rng.random() < 0.55:
        band = sorted((1.75 * garage, 3.9 * garage))
        brush.fill(
            np.array([(-3.4, band[0]), (3.6, band[0]), (3.6, band[1]), (-3.4, band[1])]), tone, 0.75
        )
    if rng.random() < 0.4:
        inside = np.array([(-3.1, -1.45), (3.1, -1.45), (3.1, 1.45), (-3.1, 1.45)])
        brush.fill(inside, (58, 60, 66), 0.7)
    colour: Colour = (228, 228, 224) if rng.random() < 0.6 else (236, 206, 50)
    for _, line in box_marks():
        brush.line(line, colour, 0.09)
    for x, y in ((1.75, 0.83), (1.75, -0.83), (-1.75, 0.8), (-1.75, -0.8)):
        pad = np.array(
            [(x - 0.3, y - 0.2), (x + 0.3, y - 0.2), (x + 0.3, y + 0.2), (x - 0.3, y + 0.2)]
        )
        brush.fill(pad, livery.second, 0.5)
        where = np.array(
            [(x - 0.1, y + math.copysign(0.85, y)), (x + 0.1, y + math.copysign(0.85, y))]
        )
        brush.line(where, livery.second, 0.2)


def _next_box(brush: _Brush, livery: Livery, garage: float, centre: float) -> None:
    outline = np.array([(-3.1, -1.45), (3.1, -1.45), (3.1, 1.45), (-3.1, 1.45), (-3.1, -1.45)])
    brush.line(outline + np.array((centre, 0)), (226, 226, 222), 0.09)
    band = sorted((1.75 * garage, 3.9 * garage))
    x = (centre - 3.2, centre + 3.2)
    brush.fill(
        np.array([(x[0], band[0]), (x[1], band[0]), (x[1], band[1]), (x[0], band[1])]),
        shade(livery.main, 0.55), 0.6,
    )  # fmt: skip


def _rubber(brush: _Brush, rng: np.random.Generator, garage: float) -> None:
    """Tyre marks into and out of the box, stains."""
    for _ in range(int(rng.integers(8, 22))):
        out = rng.random() < 0.6
        x = np.linspace(0.0, 11.0, 24)
        y = -garage * 3.2 * (x / 11.0) ** 2 * (3 - 2 * x / 11.0) + rng.normal(0, 0.12)
        y = y + (0.82 if rng.random() < 0.5 else -0.82)
        x = (x + rng.uniform(-2.5, 1.5)) if out else -(x - rng.uniform(-1.5, 2.5))
        width, alpha = rng.uniform(0.16, 0.34), rng.uniform(0.08, 0.4)
        left = np.column_stack((x, y + width / 2))
        right = np.column_stack((x, y - width / 2))
        brush.fill(np.concatenate((left, right[::-1])), (26, 26, 28), float(alpha))
    for _ in range(int(rng.integers(4, 14))):
        at, size = rng.uniform((-7, -4), (7, 4)), rng.uniform(0.06, 0.4, 2)
        angle = np.linspace(0, 2 * math.pi, 14)
        wobble = 1 + 0.25 * rng.normal(size=14)
        blob = np.column_stack((np.cos(angle) * wobble, np.sin(angle) * wobble)) * size + at
        brush.fill(blob, (40, 40, 42), float(rng.uniform(0.1, 0.35)))


def _grain(picture: Pixels, rng: np.random.Generator) -> Pixels:
    height, width = picture.shape[:2]
    total = np.zeros((height, width), np.float32)
    for cells, size in ((6, 9.0), (24, 5.0), (110, 4.0)):
        coarse = rng.normal(0, size, (cells * height // width + 2, cells)).astype(np.float32)
        total += cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)
    total += rng.normal(0, 5.0, (height, width)).astype(np.float32)
    grain = cv2.merge((total, total, total))
    return np.asarray(cv2.add(picture, grain, dtype=cv2.CV_8U), np.uint8)


def _lit(picture: Pixels, light: Light, px_per_m: float) -> Pixels:
    height, width = picture.shape[:2]
    small_w, small_h = width // 16, height // 16
    x = EXTENT_M[0] + (np.arange(small_w) + 0.5) * 16 / px_per_m
    y = EXTENT_M[1] + (np.arange(small_h) + 0.5) * 16 / px_per_m
    places = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
    gain = light.gain(places).reshape(small_h, small_w).astype(np.float32)
    full = cv2.resize(gain, (width, height), interpolation=cv2.INTER_LINEAR)
    tinted = cv2.merge([full * tint for tint in light.tint])
    return np.asarray(cv2.multiply(picture, tinted, dtype=cv2.CV_8U), np.uint8)
