"""How things move in a stop that is not Formula 1's: car, wheels, nozzle, the carried jack."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from codefx_desktop.synthetic.car import NOSE_M, TAIL_M, Pose
from codefx_desktop.synthetic.motion import Track, crossing
from codefx_desktop.synthetic.moves import CarMoves, CornerMoves
from codefx_desktop.synthetic.shapes import Colour, Shapes, moved, shaded
from codefx_desktop.synthetic.smooth import SmoothTrack
from codefx_desktop.synthetic.style import Style

if TYPE_CHECKING:
    from codefx_desktop.synthetic.plan import StopPlan
    from codefx_desktop.synthetic.service_plan import FuelPlan
    from codefx_desktop.synthetic.shapes import Floats

FLANK_M = 0.8
"""Half the car's width between its axles: what is farther out has left the car."""
NOZZLE_M = 0.34
_STEEL: Colour = (176, 180, 186)
_HOSE: Colour = (28, 28, 30)


class ServiceCar(CarMoves):
    """The filmed car, lifted as a whole by its air jacks, or side by side by one jack."""

    def __init__(self, plan: StopPlan, style: Style) -> None:
        self._by_side = style is Style.NASCAR
        super().__init__(plan)
        self.rest = self.pose(plan.stop_s if self._by_side else plan.jack_up[0] + 0.4)

    def pose(self, time_s: float) -> Pose:
        """Return where the car is."""
        pose = super().pose(time_s)
        if not self._by_side:
            return pose
        return Pose(
            pose.x_m, pose.y_m, pose.heading, side_lift_m=(pose.rear_lift_m, pose.front_lift_m)
        )


class ServiceCorner(CornerMoves):
    """A corner's wheels: the new one stands ready, the old one is laid down beside."""

    def _old_track(self) -> Track:
        begin, step = self.plan.pull
        s, hub_z = self.plan.off_side, float(self.origin[2])
        return Track(
            [
                (begin, (0.0, 0.0, hub_z, 0.0)),
                (begin + step, (0.02 * s, 0.45, hub_z + 0.04, 0.0)),
                (begin + 2.4 * step, (0.85 * s, 0.95, 0.5, 0.1)),
                (begin + 3.8 * step, (1.15 * s, 1.5, 0.35, 0.4)),
                (begin + 4.6 * step, (1.2 * s, 1.65, 0.2, math.pi / 2)),
            ]
        )

    def _new_track(self) -> Track:
        (begin, seated), s, hub_z = self.plan.fit, -self.plan.off_side, float(self.origin[2])
        span = seated - begin
        return Track(
            [
                (begin, (0.85 * s, 1.15, 0.36, 0.0)),
                (begin + 0.35 * span, (0.7 * s, 0.95, 0.48, 0.0)),
                (seated, (0.0, 0.0, hub_z, 0.0)),
            ]
        )


class Nozzle:
    """A fuel probe or the spout of a can: comes, is seated, is pulled, and its hose or can."""

    def __init__(self, plan: FuelPlan, car: CarMoves, style: Style) -> None:
        self.plan, self._is_can = plan, style is Style.NASCAR
        flat = Pose(car.rest.x_m, car.rest.y_m, car.rest.heading)
        self.port = flat.place(np.array([plan.port_m]))[0]
        angle = car.rest.heading + plan.bearing
        self.out = np.array([math.cos(angle), math.sin(angle), 0.0])
        begin, seated = plan.approach_s
        self._away = SmoothTrack(
            [
                (begin - 0.02, (1.5, 0.45)),
                (begin + 0.6 * (seated - begin), (0.32, 0.12)),
                (seated, (0.0, 0.0)),
                (plan.leave_s, (0.0, 0.0)),
                (plan.leave_s + 0.35, (0.4, 0.12)),
                (plan.leave_s + 1.3, (1.5, 0.4)),
            ]
        )

    def tip(self, time_s: float) -> Floats:
        """Return where the nozzle's end is, float64 (3,)."""
        away, up = self._away.at(time_s)
        return moved(self.port + away * self.out, z_m=up)

    def left_the_car_s(self) -> float | None:
        """Return when the nozzle's end is beyond the car's outline."""
        inside = self._inside_m()
        return crossing(
            lambda t: self._away.at(t)[0] - inside, self.plan.leave_s, self.plan.leave_s + 2.0
        )

    def _inside_m(self) -> float:
        """Return how much of its way out lies above the car."""
        x, y, _ = self.plan.port_m
        ways = []
        for reach, part, at in (
            (FLANK_M, abs(math.sin(self.plan.bearing)), abs(y)),
            (-TAIL_M, max(0.0, -math.cos(self.plan.bearing)), -x),
        ):
            if part > 1e-6:
                ways.append((reach - at) / part)
        return max(0.02, min(ways))

    def draw(self, shapes: Shapes, time_s: float, colour: Colour, rig_m: Floats) -> None:
        """Add the nozzle and the hose to its rig, or the can, as scenery."""
        tip = self.tip(time_s)
        back = tip + NOZZLE_M * self.out
        shapes.capsule((tip, back), (0.05, 0.07), _STEEL, level=0.93, solid=True)
        if self._is_can:
            body = moved(back + 0.28 * self.out, z_m=0.18)
            shapes.capsule((back, body), (0.14, 0.2), shaded(colour, 0.9), level=1.0, solid=True)
            return
        shapes.capsule((back, back + 0.22 * self.out), (0.09, 0.08), colour, level=0.94)
        ground = moved(back + 0.9 * self.out, z_m=0.03 - float(back[2]))
        for begin, end in ((back + 0.2 * self.out, ground), (ground, rig_m)):
            shapes.capsule((begin, end), (0.045, 0.045), _HOSE, level=0.25)


class CarriedJack:
    """The one jack of NASCAR: under the right side, then carried round the nose to the left."""

    def __init__(self, plan: StopPlan, car: CarMoves) -> None:
        self._rest = Pose(car.rest.x_m, car.rest.y_m, car.rest.heading)
        (up_r, up_l), (down_r, down_l) = plan.jack_up, plan.jack_down
        right, left = (-0.1, -0.95), (-0.1, 0.95)
        over = NOSE_M + 0.75
        # ahead, across, heading from pad to handle (in the car's frame), pressed
        self._place = SmoothTrack(
            [
                (plan.stop_s - 0.4, (over, 2.2, -math.pi / 2 + 0.6, 0.0)),
                (plan.stop_s + 0.15, (over, 0.0, -math.pi / 2, 0.0)),
                (up_r - 0.75, (over - 1.3, -2.0, -math.pi / 2, 0.0)),
                (up_r - 0.1, (*right, -math.pi / 2, 0.0)),
                (up_r + 0.22, (*right, -math.pi / 2, 1.0)),
                (down_r - 0.16, (*right, -math.pi / 2, 1.0)),
                (down_r, (*right, -math.pi / 2, 0.0)),
                (down_r + 0.6, (over - 1.4, -1.9, -0.9, 0.0)),
                (0.5 * (down_r + up_l), (over, 0.0, 0.3, 0.0)),
                (up_l - 0.75, (over - 1.3, 2.0, math.pi / 2, 0.0)),
                (up_l - 0.1, (*left, math.pi / 2, 0.0)),
                (up_l + 0.22, (*left, math.pi / 2, 1.0)),
                (down_l - 0.16, (*left, math.pi / 2, 1.0)),
                (down_l, (*left, math.pi / 2, 0.0)),
                (down_l + 0.8, (0.0, 2.3, math.pi / 2, 0.0)),
            ]
        )

    def at(self, time_s: float) -> tuple[Floats, float, float]:
        """Return the pad's place, float64 (3,), the direction to the handle, how far pressed."""
        along, across, angle, press = self._place.at(time_s)
        placed: Floats = self._rest.place(np.array([[along, across, 0.0]]))[0]
        return placed, self._rest.heading + angle, press
