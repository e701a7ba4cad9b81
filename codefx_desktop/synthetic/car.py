"""The car: its livery, its shapes, its hubs."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass

import numpy as np

from codefx_desktop.synthetic.seeds import stream
from codefx_desktop.synthetic.shapes import (
    SCENERY,
    Colour,
    Floats,
    Shapes,
    disc,
    moved,
    pieces,
    shaded,
)

FRONT_AXLE_M = 1.75
REAR_AXLE_M = -1.75
NOSE_M = 2.95
TAIL_M = -2.55
HALF_WIDTH_M = 1.0
WHEEL_RADIUS_M = 0.36
HUB_Y_M = {"F": 0.83, "R": 0.80}
WHEEL_WIDTH_M = {"F": 0.31, "R": 0.40}

CARBON: Colour = (30, 31, 34)
PAINTS: tuple[Colour, ...] = (
    (196, 22, 30), (12, 60, 150), (240, 120, 12), (0, 130, 115), (232, 232, 236),
    (22, 100, 66), (245, 205, 20), (70, 20, 120), (20, 160, 220), (40, 42, 50), (225, 60, 130),
)  # fmt: skip

_SEGMENTS = {  # the seven segments of a digit: a top, then clockwise, g middle
    "0": "abcdef", "1": "bc", "2": "abged", "3": "abgcd", "4": "fgbc",
    "5": "afgcd", "6": "afgedc", "7": "abc", "8": "abcdefg", "9": "abcdfg",
}  # fmt: skip
_STROKES = {
    "a": ((0, 2), (1, 2)), "b": ((1, 2), (1, 1)), "c": ((1, 1), (1, 0)), "d": ((0, 0), (1, 0)),
    "e": ((0, 0), (0, 1)), "f": ((0, 1), (0, 2)), "g": ((0, 1), (1, 1)),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Livery:
    """Colours and number of a team."""

    main: Colour
    second: Colour
    trim: Colour
    helmet: Colour
    number: int


def choose_livery(seed: int, team: int) -> Livery:
    """Return the livery of a team; team 0 owns the box that is filmed."""
    order = stream(seed, "paints").permutation(len(PAINTS))
    rng = stream(seed, "livery", team)
    main, second = PAINTS[order[(2 * team) % len(PAINTS)]], PAINTS[order[(2 * team + 1) % 11]]
    trim = (240.0, 240.0, 240.0) if sum(main) < 420 else CARBON
    helmet = PAINTS[int(rng.integers(len(PAINTS)))]
    return Livery(main, second, trim, helmet, int(rng.integers(1, 99)))


@dataclass(frozen=True, slots=True)
class Pose:
    """Where a car is: its origin between the axles, its heading, how far each end is lifted."""

    x_m: float
    y_m: float
    heading: float
    front_lift_m: float = 0.0
    rear_lift_m: float = 0.0
    side_lift_m: tuple[float, float] | None = None
    """Left and right, for a jack under the middle of a side."""

    def place(self, local: Floats) -> Floats:
        """Return world positions, float64 (N, 3), of points in the car's own frame."""
        cos, sin = math.cos(self.heading), math.sin(self.heading)
        slope = (self.front_lift_m - self.rear_lift_m) / (FRONT_AXLE_M - REAR_AXLE_M)
        lift = self.rear_lift_m + slope * (local[:, 0] - REAR_AXLE_M)
        if self.side_lift_m is not None:
            left, right = self.side_lift_m
            part = np.clip(0.5 + local[:, 1] / (2.0 * HUB_Y_M["F"]), 0.0, 1.0)
            lift = lift + right + (left - right) * part
        return np.column_stack(
            (
                self.x_m + cos * local[:, 0] - sin * local[:, 1],
                self.y_m + sin * local[:, 0] + cos * local[:, 1],
                local[:, 2] + lift,
            )
        )


def hub(corner: str) -> Floats:
    """Return a hub in the car's own frame, float64 (1, 3); ``corner`` is FL, FR, RL or RR."""
    side = 1.0 if corner[1] == "L" else -1.0
    axle = FRONT_AXLE_M if corner[0] == "F" else REAR_AXLE_M
    return np.array([[axle, side * HUB_Y_M[corner[0]], WHEEL_RADIUS_M]])


class CarBody:
    """The shapes of a car without its wheels, made once for a livery.

    Args:
        livery: Its colours.
        driver: Whether somebody sits in it.
    """

    __slots__ = ("_ends", "_local", "_shapes")

    def __init__(self, livery: Livery, *, driver: bool = True) -> None:
        shapes = Shapes()
        _floor_and_wings(shapes, livery)
        _suspension(shapes)
        _tub(shapes, livery)
        _cockpit(shapes, livery, driver=driver)
        _decals(shapes, livery)
        self._shapes = shapes
        self._local = np.concatenate(shapes.points)
        self._ends = np.cumsum([len(points) for points in shapes.points]).tolist()

    def draw(self, shapes: Shapes, pose: Pose, owner: int) -> None:
        """Add the car at a pose."""
        own = self._shapes
        lift = (pose.front_lift_m + pose.rear_lift_m) / 2
        shapes.points.extend(pieces(pose.place(self._local), self._ends))
        shapes.colour.extend(own.colour)
        shapes.owner.extend([owner] * len(own.owner))
        shapes.level.extend([level + lift for level in own.level])
        shapes.hull.extend(own.hull)
        shapes.solid.extend(own.solid)


def _outline(*half: tuple[float, float]) -> Floats:
    """Return a polygon, symmetric to the car's axis, from its left half."""
    left = np.array(half)
    return np.concatenate((left, left[::-1] * (1.0, -1.0)))


def _floor_and_wings(shapes: Shapes, livery: Livery) -> None:
    floor = _outline((1.25, 0.3), (0.9, 0.76), (-1.2, 0.78), (-1.5, 0.5), (-2.35, 0.42))
    shapes.block(floor, (0.05, 0.1), CARBON, level=0.1)
    wing = _outline((2.88, 0.12), (2.72, 0.95), (2.38, 0.95), (2.5, 0.12))
    shapes.add(
        np.column_stack((wing, np.full(len(wing), 0.12))), livery.second, level=0.12, hull=False
    )
    shapes.block(
        _outline((2.95, 0.02), (2.8, 0.95), (2.35, 0.95), (2.45, 0.02)), (0.08, 0.11),
        shaded(livery.second, 0.9), level=0.11,
    )  # fmt: skip
    for x_m, gain in ((2.62, 0.35), (2.5, 0.35), (2.78, 1.2)):
        flap = _outline((x_m, 0.14), (x_m - 0.1, 0.92), (x_m - 0.13, 0.92), (x_m - 0.03, 0.14))
        shapes.add(_at(flap, 0.14), shaded(livery.second, gain), level=0.14, hull=False)
    for side in (1.0, -1.0):
        plate = np.array([(2.82, 0.93), (2.82, 0.97), (2.28, 0.97), (2.28, 0.93)]) * (1, side)
        shapes.block(plate, (0.06, 0.28), livery.main)
        end = np.array([(-1.98, 0.5), (-1.98, 0.54), (-2.55, 0.54), (-2.55, 0.5)]) * (1, side)
        shapes.block(end, (0.35, 0.92), livery.main)
    rear = _outline((-2.08, 0.5), (-2.5, 0.5))
    shapes.block(rear, (0.78, 0.88), livery.second)
    shapes.add(_at(_outline((-2.3, 0.5), (-2.33, 0.5)), 0.89), CARBON, level=0.89)
    shapes.add(
        _at(_outline((-2.42, 0.5), (-2.5, 0.5)), 0.9), shaded(livery.second, 1.25), level=0.9
    )
    shapes.block(_outline((-2.05, 0.06), (-2.6, 0.05)), (0.2, 0.35), CARBON)


def _at(outline: Floats, height: float) -> Floats:
    return np.column_stack((outline, np.full(len(outline), height)))


def _suspension(shapes: Shapes) -> None:
    for axle, hub_y in ((FRONT_AXLE_M, 0.72), (REAR_AXLE_M, 0.66)):
        for side in (1.0, -1.0):
            for root in (-0.28, 0.0, 0.24):
                inner = np.array([axle + root, side * 0.16, 0.42])
                outer = np.array([axle + 0.2 * root, side * hub_y, 0.36])
                shapes.capsule((inner, outer), (0.028, 0.022), CARBON, level=0.3)
            duct = np.array([axle, side * (hub_y - 0.03), 0.36])
            shapes.add(disc(duct, 0.13), (52, 53, 56), level=0.31)


def _tub(shapes: Shapes, livery: Livery) -> None:
    nose = _outline((2.95, 0.07), (2.8, 0.12), (1.6, 0.2), (1.2, 0.24))
    shapes.block(nose, (0.16, 0.4), livery.main)
    tip = _outline((2.95, 0.07), (2.8, 0.12), (2.5, 0.14), (2.5, 0.02))
    shapes.add(_at(tip, 0.41), livery.trim, level=0.41)
    shapes.block(_outline((1.6, 0.2), (0.4, 0.36), (-0.2, 0.36)), (0.1, 0.58), livery.main)
    for side in (1.0, -1.0):
        pod = np.array(
            [(0.6, 0.36), (0.55, 0.72), (-0.1, 0.76), (-0.9, 0.58), (-1.5, 0.28), (-1.3, 0.1)]
        ) * (1, side)
        shapes.block(pod, (0.12, 0.46), livery.main)
        flank = np.array([(0.45, 0.62), (0.4, 0.72), (-0.1, 0.75), (-0.9, 0.57), (-0.5, 0.6)])
        shapes.add(_at(flank * (1, side), 0.47), shaded(livery.second, 1.0), level=0.47)
        mouth = np.array([(0.62, 0.4), (0.56, 0.68), (0.44, 0.68), (0.5, 0.4)]) * (1, side)
        shapes.add(_at(mouth, 0.47), CARBON, level=0.471)
        mirror = np.array([(0.78, 0.5), (0.78, 0.66), (0.68, 0.66), (0.68, 0.5)]) * (1, side)
        shapes.block(mirror, (0.58, 0.66), livery.trim)
    cover = _outline((0.0, 0.25), (-0.5, 0.22), (-1.3, 0.13), (-2.2, 0.05))
    shapes.block(cover, (0.3, 0.66), shaded(livery.main, 0.92))
    spine = _outline((-0.02, 0.15), (-0.5, 0.12), (-1.4, 0.05), (-2.1, 0.015))
    shapes.block(spine, (0.66, 0.84), shaded(livery.main, 1.15))
    shapes.block(_outline((-0.8, 0.02), (-2.0, 0.015)), (0.8, 0.93), livery.second)


def _cockpit(shapes: Shapes, livery: Livery, *, driver: bool) -> None:
    opening = disc(np.array([0.36, 0.0, 0.59]), 1.0)
    opening = (opening - (0.36, 0, 0)) * (0.44, 0.24, 1.0) + (0.36, 0, 0)
    shapes.add(opening, (14, 14, 16), level=0.6)
    shapes.add(disc(np.array([0.52, 0.0, 0.6]), 0.1), (60, 60, 64), level=0.61)
    if driver:
        _driver(shapes, livery)
    ring = [(0.98, 0.02), (0.78, 0.16), (0.45, 0.27), (0.05, 0.29)]
    for (ax, ay), (bx, by) in itertools.pairwise(ring):
        for side in (1.0, -1.0):
            ends = (np.array([ax, side * ay, 0.86]), np.array([bx, side * by, 0.86]))
            shapes.capsule(ends, (0.035, 0.035), shaded(livery.trim, 0.55), level=0.88)
    shapes.capsule(
        (np.array([1.05, 0.0, 0.6]), np.array([0.95, 0.0, 0.86])), (0.03, 0.03), CARBON, level=0.87
    )
    intake = np.array([(0.02, 0.12), (0.02, -0.12), (-0.08, -0.11), (-0.08, 0.11)])
    shapes.add(_at(intake, 0.85), (12, 12, 14), level=0.86)


def _driver(shapes: Shapes, livery: Livery) -> None:
    head = np.array([0.2, 0.0, 0.7])
    shapes.capsule(
        (head, moved(head, z_m=0.14)), (0.14, 0.13), shaded(livery.helmet, 0.8), level=0.84
    )
    shapes.add(disc(moved(head, -0.02, z_m=0.15), 0.09), shaded(livery.helmet, 1.2), level=0.85)
    visor = np.array([(0.33, 0.1), (0.35, 0.0), (0.33, -0.1), (0.27, -0.1), (0.27, 0.1)])
    shapes.add(_at(visor, 0.8), (18, 20, 28), level=0.851)


def _decals(shapes: Shapes, livery: Livery) -> None:
    stripe = _outline((2.4, 0.03), (1.3, 0.045))
    shapes.add(_at(stripe, 0.42), livery.second, level=0.415)
    for x_m, y_m, long, wide in ((-0.3, 0.5, 0.5, 0.12), (-2.29, 0.0, 0.12, 0.5)):
        for side in (1.0, -1.0) if y_m else (1.0,):
            at = np.array([(0, -0.5), (0, 0.5), (-1, 0.5), (-1, -0.5)]) * (long, wide)
            level = 0.48 if y_m else 0.895
            shapes.add(
                _at((at + np.array((x_m, y_m))) * (1, side), level), livery.trim, level=level
            )
    digits = str(livery.number)
    for place, digit in enumerate(digits):
        across = 0.13 * ((len(digits) - 1) / 2 - place)
        number(shapes, digit, (1.62, across), 0.09, livery.trim)


def number(
    shapes: Shapes, digit: str, at: tuple[float, float], size: float, colour: Colour
) -> None:
    """Add a digit on the nose, read by someone who stands behind the car."""
    for segment in _SEGMENTS[digit]:
        (ax, ay), (bx, by) = _STROKES[segment]
        ends = tuple(
            np.array([at[0] + size * y, at[1] + size * (0.5 - x), 0.6])
            for x, y in ((ax, ay), (bx, by))
        )
        shapes.capsule((ends[0], ends[1]), (0.014, 0.014), colour, owner=SCENERY, level=0.602)
