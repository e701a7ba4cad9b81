"""What the crew handles: wheels, wheel guns, jacks."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from codefx_desktop.synthetic.car import WHEEL_RADIUS_M
from codefx_desktop.synthetic.shapes import CIRCLE, Colour, Floats, Shapes, disc, moved, shaded

TYRE: Colour = (34, 34, 37)
COMPOUNDS: tuple[Colour, ...] = (
    (225, 40, 40), (240, 205, 40), (235, 235, 235), (60, 170, 80), (50, 110, 220),
)  # fmt: skip
STEEL: Colour = (176, 180, 186)


@dataclass(frozen=True, slots=True)
class WheelPose:
    """A wheel's centre and the direction of its axle, out of its outer face."""

    centre_m: tuple[float, float, float]
    azimuth: float
    tip: float = 0.0
    """0 stands upright, pi/2 lies flat with the outer face up."""

    def axis(self) -> Floats:
        """Return the axle's direction, float64 (3,), a unit vector."""
        level = math.cos(self.tip)
        return np.array(
            [level * math.cos(self.azimuth), level * math.sin(self.azimuth), math.sin(self.tip)]
        )

    def grips(self) -> tuple[Floats, Floats]:
        """Return where two hands hold the tread, float64 (3,) each."""
        side = np.array([-math.sin(self.azimuth), math.cos(self.azimuth), 0.0])
        centre = np.array(self.centre_m)
        lift = np.array([0.0, 0.0, 0.12 * math.cos(self.tip)])
        return (
            centre + side * WHEEL_RADIUS_M * 0.95 + lift,
            centre - side * WHEEL_RADIUS_M * 0.95 + lift,
        )


def draw_wheel(
    shapes: Shapes,
    pose: WheelPose,
    width_m: float,
    look: tuple[Colour, Colour],
    owner: int,
    camera_m: Floats,
) -> None:
    """Add a wheel.

    Args:
        shapes: The drawing list.
        pose: Where it is.
        width_m: Width of the tread.
        look: Colours of the tyre's ring and of the rim.
        owner: Number of the object.
        camera_m: float64 (3,), where the camera is: decides which face is seen.
    """
    axis, centre = pose.axis(), np.array(pose.centre_m)
    first = np.array([-math.sin(pose.azimuth), math.cos(pose.azimuth), 0.0])
    second = np.cross(axis, first)
    circle = CIRCLE[:, :1] * first + CIRCLE[:, 1:2] * second
    half = axis * (width_m / 2)
    level = pose.centre_m[2] + 0.14 * math.cos(pose.tip)
    rings = np.concatenate(
        (
            centre - half + 0.94 * WHEEL_RADIUS_M * circle,
            centre - 0.7 * half + WHEEL_RADIUS_M * circle,
            centre + 0.7 * half + WHEEL_RADIUS_M * circle,
            centre + half + 0.94 * WHEEL_RADIUS_M * circle,
        )
    )
    shapes.add(rings, TYRE, owner=owner, level=level, solid=True)
    if pose.tip < 0.9:
        up = second if second[2] > 0 else -second
        arc = [first * math.sin(a) + up * math.cos(a) for a in (-0.45, 0.0, 0.45)]
        for reach, gain in ((0.62, 1.55), (0.28, 2.0)):
            band = [centre + s * reach * half + WHEEL_RADIUS_M * v for s in (1, -1) for v in arc]
            shapes.add(np.array(band), shaded(TYRE, gain), owner=owner, level=level)
    outer = float(axis @ (camera_m - centre)) > 0.0
    face = centre + (half if outer else -half)
    ring, rim = look if outer else (shaded(TYRE, 1.3), shaded(look[1], 0.5))
    layers = (
        (0.93, shaded(TYRE, 1.35)), (0.8, ring), (0.71, shaded(TYRE, 1.2)),
        (0.6, rim), (0.5, shaded(rim, 0.45)), (0.2, rim), (0.1, STEEL),
    )  # fmt: skip
    for radius, colour in layers:
        shapes.add(
            face + radius * WHEEL_RADIUS_M * circle, colour, owner=owner, level=level, hull=False
        )


def draw_gun(
    shapes: Shapes, tip: Floats, out: Floats, colours: tuple[Colour, Colour], owner: int
) -> None:
    """Add a wheel gun.

    Args:
        shapes: The drawing list.
        tip: float64 (3,), the socket's end.
        out: float64 (3,), unit vector from the socket to the back.
        colours: Body and hose.
        owner: Number of the object; the hose is scenery.
    """
    level = float(tip[2]) + 0.3
    body, hose = colours

    def rod(begin: float, end: float, radius: float, colour: Colour, rise: float) -> None:
        shapes.capsule(
            (tip + begin * out, tip + end * out), (radius, radius), colour,
            owner=owner, level=level + rise, solid=rise == 0,
        )  # fmt: skip

    rod(0.03, 0.2, 0.05, STEEL, 0.0)
    rod(0.16, 0.46, 0.09, shaded(body, 0.8), 0.001)
    rod(0.2, 0.42, 0.045, shaded(body, 1.25), 0.002)
    rod(0.44, 0.5, 0.095, shaded(hose, 0.9), 0.003)
    back = tip + 0.52 * out
    across = np.array([-out[1], out[0], 0.0])
    ground = back + 0.55 * out + 0.35 * across
    ground[2] = 0.03
    far = ground + 1.6 * out - 0.5 * across
    far[2] = 0.02
    for begin, end in ((back, ground), (ground, far)):
        shapes.capsule((begin, end), (0.025, 0.025), hose, level=min(level, 0.2))


def draw_jack(
    shapes: Shapes,
    pad: Floats,
    heading: float,
    press: float,
    colours: tuple[Colour, Colour],
    owner: int,
) -> None:
    """Add a jack.

    Args:
        shapes: The drawing list.
        pad: float64 (3,), ground under the lifting pad.
        heading: Direction from the pad to the handle, radians.
        press: 0 handle up, 1 pressed down (the car is lifted).
        colours: Frame and handle.
        owner: Number of the object.
    """
    along = np.array([math.cos(heading), math.sin(heading), 0.0])
    across = np.array([-along[1], along[0], 0.0])
    frame, bar = colours
    base = [
        (pad + a * along + b * across)[:2]
        for a, b in (
            (-0.12, 0.1),
            (0.1, 0.2),
            (0.55, 0.22),
            (0.55, -0.22),
            (0.1, -0.2),
            (-0.12, -0.1),
        )
    ]
    shapes.block(np.array(base), (0.04, 0.14), frame, owner=owner, level=0.16)
    for side in (0.22, -0.22):
        wheel = moved(pad + 0.5 * along + side * across, z_m=0.08)
        shapes.capsule(
            (wheel - 0.08 * along, wheel + 0.08 * along),
            (0.05, 0.05),
            TYRE,
            owner=owner,
            level=0.17,
        )
    shapes.add(disc(moved(pad, z_m=0.2 + 0.1 * press), 0.09), TYRE, owner=owner, level=0.18)
    foot = moved(pad + 0.35 * along, z_m=0.16)
    rise = 1.0 - 0.45 * press
    head = moved(pad + (1.3 + 0.12 * press) * along, z_m=rise)
    shapes.capsule((foot, head), (0.05, 0.045), bar, owner=owner, level=0.55, solid=True)
    ends = (head + 0.27 * across, head - 0.27 * across)
    shapes.capsule(ends, (0.042, 0.042), bar, owner=owner, level=0.56, solid=True)
