"""People seen from above: a body of rods whose hands reach for what they hold."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from codefx_desktop.synthetic.shapes import CIRCLE, Colour, Floats, Shapes

STANDING_HIP_M = 0.93
KNEELING_HIP_M = 0.48

_JOINTS = (
    "hip_l", "hip_r", "knee_l", "knee_r", "foot_l", "foot_r", "toe_l", "toe_r", "waist",
    "neck_l", "neck_r", "elbow_l", "elbow_r", "hand_l", "hand_r", "chin", "crown", "brow",
    "back_a", "back_b",
)  # fmt: skip
_AT = {name: index for index, name in enumerate(_JOINTS)}

# joint, joint, radii, colour (0 suit, 1 second, 2 helmet, 3 dark, 4 gloves), gain, solid
_RODS: tuple[tuple[str, str, float, float, int, float, bool], ...] = (
    ("foot_l", "toe_l", 0.055, 0.05, 3, 1.0, False),
    ("foot_r", "toe_r", 0.055, 0.05, 3, 1.0, False),
    ("foot_l", "knee_l", 0.065, 0.085, 0, 0.62, True),
    ("foot_r", "knee_r", 0.065, 0.085, 0, 0.62, True),
    ("knee_l", "hip_l", 0.085, 0.11, 0, 0.75, True),
    ("knee_r", "hip_r", 0.085, 0.11, 0, 0.75, True),
    ("elbow_l", "hand_l", 0.055, 0.045, 1, 0.85, True),
    ("elbow_r", "hand_r", 0.055, 0.045, 1, 0.85, True),
    ("hand_l", "hand_l", 0.055, 0.055, 4, 1.0, False),
    ("hand_r", "hand_r", 0.055, 0.055, 4, 1.0, False),
    ("neck_l", "elbow_l", 0.085, 0.06, 0, 0.85, True),
    ("neck_r", "elbow_r", 0.085, 0.06, 0, 0.85, True),
    ("waist", "neck_l", 0.16, 0.11, 0, 0.7, True),
    ("waist", "neck_r", 0.16, 0.11, 0, 0.7, True),
    ("neck_l", "neck_r", 0.105, 0.105, 0, 0.95, False),
    ("neck_l", "neck_r", 0.05, 0.05, 0, 1.2, False),
    ("back_a", "back_b", 0.055, 0.055, 1, 1.1, False),
    ("chin", "crown", 0.13, 0.145, 2, 0.72, True),
    ("brow", "brow", 0.085, 0.085, 3, 0.8, False),
    ("crown", "crown", 0.135, 0.135, 2, 1.0, False),
    ("crown", "crown", 0.07, 0.07, 2, 1.3, False),
)
_FROM = np.array([_AT[rod[0]] for rod in _RODS])
_TO = np.array([_AT[rod[1]] for rod in _RODS])
_RADII = np.array([[rod[2], rod[3]] for rod in _RODS])
_SOLID = [rod[6] for rod in _RODS]
_RISE = np.arange(len(_RODS)) * 1e-4
"""Keeps a body's own parts in their order where they are equally high."""


@dataclass(frozen=True, slots=True)
class Suit:
    """What a person wears."""

    main: Colour
    second: Colour
    helmet: Colour
    gloves: Colour
    size: float

    def colours(self) -> Floats:
        """Return the colours of all parts, float64 (parts, 3)."""
        dark = (26, 27, 31)
        table = np.array((self.main, self.second, self.helmet, dark, self.gloves), dtype=float)
        which = np.array([rod[4] for rod in _RODS])
        gains = np.array([[rod[5]] for rod in _RODS])
        lit: Floats = np.minimum(255.0, table[which] * gains)
        return lit


@dataclass(frozen=True, slots=True)
class Stance:
    """How a person stands at one instant.

    Attributes:
        x_m: Position of the hips on the ground.
        y_m: The same across the lane.
        heading: Facing direction, radians.
        crouch: 0 stands, 1 kneels.
        lean_m: How far the shoulders are ahead of the hips.
        stride: Signed reach of the left foot ahead of the hips, metres.
        hands_m: World positions of the left and the right hand, or None for hanging arms.
        reach: How far the hands have gone from hanging (0) to ``hands_m`` (1).
        size: Body size, 1.0 is 1.78 m with the helmet.
    """

    x_m: float
    y_m: float
    heading: float
    crouch: float = 0.0
    lean_m: float = 0.0
    stride: float = 0.0
    hands_m: tuple[Floats, Floats] | None = None
    reach: float = 0.0
    size: float = 1.0


def draw_people(
    shapes: Shapes, stances: list[Stance], colours: list[Floats], owners: list[int]
) -> None:
    """Add people, all at once (one array operation for everybody's joints)."""
    if not stances:
        return
    joints = joints_of(stances)
    begin, end = joints[:, _FROM], joints[:, _TO]
    size = np.array([stance.size for stance in stances])[:, None, None, None]
    radii = _RADII[None, :, :, None] * size
    rods = np.concatenate(
        (
            begin[:, :, None, :] + radii[:, :, :1] * CIRCLE,
            end[:, :, None, :] + radii[:, :, 1:] * CIRCLE,
        ),
        axis=2,
    )
    levels = np.maximum(begin[..., 2], end[..., 2]) + _RISE
    for person, owner in enumerate(owners):
        shapes.points.extend(rods[person])
        shapes.colour.extend(map(tuple, colours[person].tolist()))
        shapes.owner.extend([owner] * len(_RODS))
        shapes.level.extend(levels[person].tolist())
        shapes.hull.extend([True] * len(_RODS))
        shapes.solid.extend(_SOLID)


def joints_of(stances: list[Stance]) -> Floats:
    """Return all joints, float64 (people, joints, 3), world metres."""
    table = np.array(
        [(s.x_m, s.y_m, s.heading, s.crouch, s.lean_m, s.stride, s.size) for s in stances]
    )
    x, y, heading, crouch, lean, stride, size = table.T
    joints = np.zeros((len(stances), len(_JOINTS), 3))
    cos, sin = np.cos(heading), np.sin(heading)

    def put(name: str, ahead: Floats | float, left: float, up: Floats | float) -> None:
        a, b = ahead * size, left * size
        joints[:, _AT[name], 0] = x + a * cos - b * sin
        joints[:, _AT[name], 1] = y + a * sin + b * cos
        joints[:, _AT[name], 2] = up * size

    hip = STANDING_HIP_M + (KNEELING_HIP_M - STANDING_HIP_M) * crouch
    trunk = np.sqrt(np.maximum(0.1, 0.27 - lean * lean))
    neck = hip + trunk
    for side, sign, sense in (("l", 1.0, 1.0), ("r", -1.0, -1.0)):
        step = sense * stride
        kneel = crouch * (0.3 if sense > 0 else -0.18)
        put(f"hip_{side}", 0.0, 0.1 * sign, hip)
        put(f"knee_{side}", 0.5 * step + kneel + 0.08 * crouch, 0.14 * sign, 0.5 * hip + 0.06)
        put(f"foot_{side}", step + crouch * (0.22 if sense > 0 else -0.5), 0.13 * sign, 0.05)
        put(f"toe_{side}", step + crouch * (0.22 if sense > 0 else -0.5) + 0.16, 0.15 * sign, 0.04)
        put(f"neck_{side}", lean, 0.19 * sign, neck)
        put(f"hand_{side}", lean + 0.12 - 0.5 * step, 0.3 * sign, hip - 0.02)
    put("waist", -0.02, 0.0, hip + 0.05)
    put("back_a", 0.35 * lean - 0.1, 0.0, neck - 0.12)
    put("back_b", 0.75 * lean - 0.08, 0.0, neck + 0.02)
    put("chin", lean + 0.05, 0.0, neck + 0.16)
    put("crown", lean + 0.07, 0.0, neck + 0.32)
    put("brow", lean + 0.16, 0.0, neck + 0.25)
    _reach(joints, stances, sin, cos)
    return joints


def _reach(joints: Floats, stances: list[Stance], sin: Floats, cos: Floats) -> None:
    """Move the hands to what they hold and bend the elbows outward."""
    for person, stance in enumerate(stances):
        if stance.hands_m is None or stance.reach <= 0.0:
            continue
        for name, target in zip(("hand_l", "hand_r"), stance.hands_m, strict=True):
            hand = joints[person, _AT[name]]
            hand += (target - hand) * stance.reach
    for side, sign in (("l", 1.0), ("r", -1.0)):
        neck, hand = joints[:, _AT[f"neck_{side}"]], joints[:, _AT[f"hand_{side}"]]
        elbow = 0.5 * (neck + hand)
        slack = np.maximum(0.0, 0.62 - np.linalg.norm(hand - neck, axis=1)) * 0.5 + 0.03
        elbow[:, 0] += -sin * sign * slack
        elbow[:, 1] += cos * sign * slack
        elbow[:, 2] -= 0.3 * slack
        joints[:, _AT[f"elbow_{side}"]] = elbow
