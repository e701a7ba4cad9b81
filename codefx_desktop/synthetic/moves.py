"""How car, wheels, guns and jacks move through a planned stop."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from codefx_desktop.synthetic.car import WHEEL_RADIUS_M, WHEEL_WIDTH_M, Pose, hub
from codefx_desktop.synthetic.kit import WheelPose
from codefx_desktop.synthetic.motion import Track, ease, keyed

if TYPE_CHECKING:
    from codefx_desktop.synthetic.plan import CornerPlan, StopPlan
    from codefx_desktop.synthetic.shapes import Floats

LIFT_M = 0.09
MERGE_M = 13.0
"""Length over which the car crosses between the fast lane and its box."""
LANE_M = 3.4
"""Distance of the fast lane's middle from the box's."""
FRONT_PAD_M = 2.72
REAR_PAD_M = -2.45


class CarMoves:
    """The filmed car: drives in, stands, is lifted, drives off."""

    def __init__(self, plan: StopPlan) -> None:
        self._plan = plan
        up, down = plan.jack_up, plan.jack_down
        self._lift = tuple(
            Track(
                [(up[i], [0]), (up[i] + 0.22, [LIFT_M]), (down[i] - 0.16, [LIFT_M]), (down[i], [0])]
            )
            for i in (0, 1)
        )
        self.rest = self.pose((plan.stop_s + plan.go_s) / 2)

    def travel(self, time_s: float) -> float:
        """Return metres from the place of rest along the lane, below 0 before the stop."""
        plan = self._plan
        if time_s < plan.stop_s:
            return -_distance(plan.stop_s - time_s, plan.braking, plan.speed)
        return _distance(max(0.0, time_s - plan.go_s), plan.launch, plan.speed)

    def pose(self, time_s: float) -> Pose:
        """Return where the car is."""
        plan = self._plan
        along = self.travel(time_s)
        u = min(1.0, abs(along) / MERGE_M)
        across = -plan.garage * LANE_M * ease(u)
        slope = -plan.garage * LANE_M * 30.0 * (u * (1.0 - u)) ** 2 / MERGE_M
        steer = math.atan(slope if along > 0 else -slope)
        lift = [track.at(time_s)[0] for track in self._lift]
        return Pose(
            plan.offset_m[0] + along,
            plan.offset_m[1] + across,
            plan.crooked * (1.0 - ease(u)) + steer,
            lift[0],
            lift[1],
        )

    def hub(self, corner: str, time_s: float) -> Floats:
        """Return a hub's world position, float64 (3,), in metres."""
        placed: Floats = self.pose(time_s).place(hub(corner))[0]
        return placed


def _distance(elapsed_s: float, rate: float, speed: float) -> float:
    """Return the way from standstill under constant acceleration up to a top speed."""
    reach = speed / rate
    if elapsed_s <= reach:
        return 0.5 * rate * elapsed_s * elapsed_s
    return 0.5 * rate * reach * reach + speed * (elapsed_s - reach)


class CornerMoves:
    """One corner's wheels and gun, in a frame of the stopped car: ahead, outward, up."""

    def __init__(self, name: str, plan: CornerPlan, car: CarMoves) -> None:
        self.name, self.plan, self._car = name, plan, car
        self.side = 1.0 if name[1] == "L" else -1.0
        self.origin = car.rest.place(hub(name))[0]
        cos, sin = math.cos(car.rest.heading), math.sin(car.rest.heading)
        self.ahead = np.array([cos, sin, 0.0])
        self.out = np.array([-sin, cos, 0.0]) * self.side
        self.face_m = WHEEL_WIDTH_M[name[0]] / 2
        self._old = self._old_track()
        self._new = self._new_track()
        self._gun = self._gun_track()

    def world(self, ahead: float, out: float, up: float) -> Floats:
        """Return the world position, float64 (3,), of a place in the corner's frame."""
        place: Floats = self.origin + ahead * self.ahead + out * self.out
        place[2] = up
        return place

    def _old_track(self) -> Track:
        begin, step = self.plan.pull
        s, hub_z = self.plan.off_side, float(self.origin[2])
        return Track(
            [
                (begin, (0.0, 0.0, hub_z, 0.0)),
                (begin + step, (0.02 * s, 0.45, hub_z + 0.04, 0.0)),
                (begin + 2.4 * step, (0.85 * s, 0.95, 0.52, 0.1)),
                (begin + 4.6 * step, (1.15 * s, 1.55, 0.4, 0.2)),
                (begin + 6.2 * step, (1.2 * s, 1.75, 0.2, math.pi / 2)),
            ]
        )

    def _new_track(self) -> Track:
        (begin, seated), s, hub_z = self.plan.fit, -self.plan.off_side, float(self.origin[2])
        keys: list[tuple[float, tuple[float, ...]]] = [
            (begin, (0.85 * s, 1.15, 0.5, 0.0)),
            (seated, (0.0, 0.0, hub_z, 0.0)),
        ]
        span = seated - begin
        if self.plan.fumble:
            keys[1:1] = [
                (begin + 0.4 * span, (0.04 * s, 0.3, hub_z - 0.05, 0.05)),
                (begin + 0.65 * span, (0.12 * s, 0.55, hub_z + 0.05, 0.08)),
            ]
        return Track(keys)

    def _gun_track(self) -> Track:
        plan, nut = self.plan, self.face_m + 0.01
        at_nut, hub_z = (0.0, nut, float(self.origin[2])), float(self.origin[2])
        first, last = plan.loosen[0][0], plan.loosen[-1][1]
        again, done = plan.tighten[0][0], plan.tighten[-1][1]
        back = (-0.12 * plan.off_side, 1.0, hub_z + 0.1)
        return keyed(
            (first - 0.5, (0.0, 0.75, hub_z + 0.05)),
            (first - 0.03, at_nut),
            (last + 0.02, at_nut),
            (last + 0.02 + 0.3, back),
            (max(last + 0.35, again - 0.22), back),
            (again - 0.02, at_nut),
            (done + 0.02, at_nut),
            (done + 0.4, (0.0, 1.15, 0.75)),
            (done + 1.1, (0.1, 1.7, 0.8)),
        )

    def _wheel(self, track: Track, time_s: float, mounted: bool) -> WheelPose:
        azimuth = math.atan2(float(self.out[1]), float(self.out[0]))
        if mounted:
            pose = self._car.pose(time_s)
            centre = pose.place(hub(self.name))[0]
            azimuth += pose.heading - self._car.rest.heading
            return WheelPose((float(centre[0]), float(centre[1]), float(centre[2])), azimuth)
        ahead, out, up, tip = track.at(time_s)
        centre = self.world(ahead, out, up)
        turn = 0.35 * ahead * -self.side
        return WheelPose(
            (float(centre[0]), float(centre[1]), float(centre[2])), azimuth + turn, tip
        )

    def old_wheel(self, time_s: float) -> WheelPose:
        """Return where the wheel is that came with the car."""
        return self._wheel(self._old, time_s, time_s <= self.plan.pull[0])

    def new_wheel(self, time_s: float) -> WheelPose:
        """Return where the wheel is that leaves with the car."""
        return self._wheel(self._new, time_s, time_s >= self.plan.fit[1])

    def off_hub_m(self, wheel: WheelPose, time_s: float) -> float:
        """Return how far a wheel's centre is from the hub."""
        return float(np.linalg.norm(np.array(wheel.centre_m) - self._car.hub(self.name, time_s)))

    def gun_tip(self, time_s: float) -> Floats:
        """Return the socket's end, float64 (3,)."""
        return self.world(*self._gun.at(time_s))


class JackMoves:
    """A jack at one end: waits, goes under, lifts, drops, is pulled away."""

    def __init__(self, end: int, plan: StopPlan, car: CarMoves) -> None:
        self._end, self._rest = end, car.rest
        up, down = plan.jack_up[end], plan.jack_down[end]
        sign, pad = (1.0, FRONT_PAD_M) if end == 0 else (-1.0, REAR_PAD_M)
        aside = plan.garage
        wait = (pad + 0.65, 0.0) if end == 0 else (pad - 0.9, 1.9 * aside)
        gone = (pad + 0.7 * sign, 2.1 * aside) if end == 0 else (pad - 1.0, 1.2 * aside)
        begin = plan.stop_s - 0.15 if end == 0 else plan.stop_s - 0.12
        self._place = keyed(
            (begin, (*wait, 0.0)),
            (up - 0.05, (pad, 0.0, 0.0)),
            (up + 0.22, (pad, 0.0, 1.0)),
            (down - 0.16, (pad, 0.0, 1.0)),
            (down, (pad, 0.0, 0.0)),
            (down + 0.2, (pad + 0.45 * sign, 0.25 * aside, 0.0)),
            (down + 0.75, (*gone, 0.0)),
        )
        self.heading = self._rest.heading + (0.0 if end == 0 else math.pi)

    def at(self, time_s: float) -> tuple[Floats, float]:
        """Return the pad's place on the ground, float64 (3,), and how far it is pressed."""
        along, across, press = self._place.at(time_s)
        pose = self._rest
        flat = Pose(pose.x_m, pose.y_m, pose.heading)
        placed: Floats = flat.place(np.array([[along, across, 0.0]]))[0]
        return placed, press


def wheel_clearance(corner: CornerMoves, time_s: float, *, new: bool) -> float:
    """Return how far a wheel's centre is beyond half a wheel from its hub, metres."""
    wheel = corner.new_wheel(time_s) if new else corner.old_wheel(time_s)
    return corner.off_hub_m(wheel, time_s) - WHEEL_RADIUS_M
