"""Who works in a stop that is not Formula 1's: crews of two that go round, fuel, drivers."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from codefx_desktop.synthetic.car import NOSE_M, TAIL_M, Pose
from codefx_desktop.synthetic.crew import Hands, Roster, near_first
from codefx_desktop.synthetic.shapes import moved
from codefx_desktop.synthetic.smooth import SmoothTrack

if TYPE_CHECKING:
    from codefx_desktop.synthetic.car import Livery
    from codefx_desktop.synthetic.moves import CarMoves
    from codefx_desktop.synthetic.plan import StopPlan
    from codefx_desktop.synthetic.service_moves import CarriedJack, Nozzle
    from codefx_desktop.synthetic.service_plan import DriverPlan
    from codefx_desktop.synthetic.service_round import Round
    from codefx_desktop.synthetic.shapes import Floats

SEAT = (0.13, 0.0)
"""Where a driver's hips are, ahead and to the left, metres in the car's own frame."""
SEATED = 2.1
"""How far a driver is sunk: 1 kneels. The head is then where the car's own driver has it."""

Key = tuple[float, tuple[float, float, float, float, float, float]]


class ServiceRoster(Roster):
    """Puts people with their tasks into such a stop."""

    def __init__(self, seed: int, plan: StopPlan, car: CarMoves, livery: Livery) -> None:
        super().__init__(seed, plan, car, livery)
        self._flat = Pose(car.rest.x_m, car.rest.y_m, car.rest.heading)

    def _at(self, ahead: float, left: float, facing: float) -> tuple[float, float, float]:
        """Return a place in the car's own frame, and a direction in it, as the world's."""
        x, y = self._flat.place(np.array([[ahead, left, 0.0]]))[0, :2]
        return float(x), float(y), self._flat.heading + facing

    def _point(self, ahead: float, left: float, up: float) -> Floats:
        placed: Floats = self._flat.place(np.array([[ahead, left, up]]))[0]
        return placed

    def go_round(self, way: Round) -> None:
        """Add the two of a crew: one with the gun, one who changes the wheels."""

        def gun_hands(time_s: float) -> Hands:
            tip, out = way.gun(time_s)
            side = 0.05 * np.array([-out[1], out[0], 0.0])
            return tip + 0.44 * out + side, tip + 0.26 * out - side

        def wheel_hands(time_s: float) -> Hands:
            moves = way.corner_at(time_s)
            s = moves.plan.off_side
            if time_s < moves.plan.pull[0] + 5.2 * moves.plan.pull[1]:
                return near_first(moves.old_wheel(time_s).grips(), moves, s)
            return near_first(moves.new_wheel(time_s).grips(), moves, -s)

        self.add(f"{way.name} gun", "", SmoothTrack(way.gunner), gun_hands)
        self.add(f"{way.name} wheels", "", SmoothTrack(way.carrier), wheel_hands)

    def fueller(self, nozzle: Nozzle) -> None:
        """Add who fuels: stands ready, brings the nozzle, holds it, takes it away."""
        plan = nozzle.plan
        begin, seated = plan.approach_s
        heading = math.atan2(-float(nozzle.out[1]), -float(nozzle.out[0]))

        def place(away: float, lean: float) -> tuple[float, float, float, float, float, float]:
            x, y = (nozzle.port + away * nozzle.out)[:2]
            return float(x), float(y), heading, 0.12, lean, 1.0

        track = SmoothTrack(
            [
                (begin - 0.1, place(2.45, 0.12)),
                (seated, place(1.0, 0.34)),
                (plan.leave_s, place(1.0, 0.34)),
                (plan.leave_s + 0.4, place(1.35, 0.2)),
                (plan.leave_s + 1.4, place(2.5, 0.12)),
            ]
        )

        def hold(time_s: float) -> Hands:
            tip = nozzle.tip(time_s)
            side = 0.06 * np.array([-nozzle.out[1], nozzle.out[0], 0.0])
            return tip + 0.5 * nozzle.out - side, tip + 0.36 * nozzle.out + side

        self.add("fuel", "", track, hold)

    def lance(self) -> None:
        """Add who puts the air lance in at the tail while the car is up."""
        plan = self._plan
        plan = self._plan
        garage = plan.garage  # the car comes from the other side
        away = self._at(TAIL_M - 1.3, 1.9 * garage, -0.7 * garage)
        near = self._at(TAIL_M - 0.75, 0.25 * garage, -0.3 * garage)
        up, down = plan.jack_up[0], plan.jack_down[0]
        track = SmoothTrack(
            [
                (up - 1.4, (*away, 0.1, 0.1, 0.0)),
                (up - 0.4, (*near, 0.5, 0.4, 1.0)),
                (down, (*near, 0.5, 0.4, 1.0)),
                (down + 0.9, (*away, 0.1, 0.1, 0.0)),
            ]
        )
        socket = self._point(TAIL_M, 0.2 * garage, 0.45)
        self.add("air lance", "", track, lambda _t: (socket, moved(socket, z_m=0.08)))

    def jackman(self, jack: CarriedJack) -> None:
        """Add who carries the jack round."""

        def bar(time_s: float) -> tuple[Floats, Floats]:
            pad, angle, press = jack.at(time_s)
            along = np.array([math.cos(angle), math.sin(angle), 0.0])
            return moved(pad + (1.3 + 0.12 * press) * along, z_m=1.0 - 0.45 * press), along

        keys: list[Key] = []
        plan = self._plan
        begin, end = plan.stop_s - 1.0, plan.go_s + 1.5
        for step in range(121):
            time_s = begin + step * (end - begin) / 120
            pad, angle, press = jack.at(time_s)
            x = float(pad[0]) + (1.72 + 0.06 * press) * math.cos(angle)
            y = float(pad[1]) + (1.72 + 0.06 * press) * math.sin(angle)
            pose = (x, y, angle + math.pi, 0.25 * press, 0.22 + 0.2 * press, 1.0)
            keys.append((time_s, pose))

        def hold(time_s: float) -> Hands:
            handle, along = bar(time_s)
            across = np.array([-along[1], along[0], 0.0])
            return handle - 0.22 * across, handle + 0.22 * across

        self.add("jackman", "", SmoothTrack(keys), hold)

    def drivers(self, change: DriverPlan, garage: float) -> None:
        """Add the one who leaves, the one who takes over, and who helps both at the door."""
        self._leaving(change, garage)
        self._arriving(change, garage)
        self._helper(change)

    def _leaving(self, change: DriverPlan, garage: float) -> None:
        s, t = change.side, change.climb_s
        sideways = s * math.pi / 2
        keys: list[Key] = [
            (t, (*self._at(*SEAT, 0.0), SEATED, 0.0, 0.0)),
            (t + 0.85, (*self._at(0.25, 0.08 * s, sideways), 0.2, 0.15, 0.0)),
            (t + 1.9, (*self._at(0.3, 1.25 * s, sideways), 0.15, 0.1, 0.0)),
        ]
        turn = s * (math.pi if s == garage else math.pi / 6)
        keys += self._home((-0.2, 2.3 * s), s, garage, turn, t + 3.4)
        self.add("driver leaving", "", SmoothTrack(keys), None)
        self._dress_driver((t, math.inf))

    def _dress_driver(self, there: tuple[float, float]) -> None:
        """Give the last one added the team's helmet, and say when it is outside the car."""
        driver = self.people[-1]
        suit = replace(driver.suit, helmet=self._livery.helmet, size=1.0)
        self.people[-1] = replace(driver, suit=suit, there=there)

    def _home(
        self,
        beside: tuple[float, float],
        side: float,
        garage: float,
        turn: float,
        aside_s: float,
    ) -> list[Key]:
        """Return the way from the door to the garage, round the nose where it is beyond the car."""
        keys: list[Key] = [(aside_s, (*self._at(*beside, turn), 0.0, 0.06, 0.0))]
        rest = [(-0.6, 3.3 * side)]
        if side != garage:
            rest = [(2.4, 2.3 * side), (NOSE_M + 1.1, 0.9 * side), (NOSE_M + 1.0, 2.2 * garage)]
        here, time_s = beside, aside_s
        for spot in rest:
            time_s += math.dist(here, spot) / 1.9 + 0.05
            keys.append((time_s, (*self._at(*spot, turn), 0.0, 0.06, 0.0)))
            here = spot
        return keys

    def _arriving(self, change: DriverPlan, garage: float) -> None:
        s, enter = change.side, change.enter_s
        inward = -s * math.pi / 2
        wait = (0.75, 2.35 * s)
        keys: list[Key] = []
        if s != garage:
            starts = [(NOSE_M + 0.9, 2.3 * garage), (NOSE_M + 0.9, 0.6 * s), (2.3, 2.2 * s)]
            time_s = self._plan.stop_s + 0.1
            here = starts[0]
            for spot in starts:
                time_s += math.dist(here, spot) / 2.6
                keys.append((time_s, (*self._at(*spot, inward), 0.0, 0.08, 0.0)))
                here = spot
            keys.append((time_s + 0.8, (*self._at(*wait, inward), 0.0, 0.06, 0.0)))
        keys += [
            (max(enter - 0.9, keys[-1][0] + 0.1 if keys else 0.0),
             (*self._at(*wait, inward), 0.0, 0.06, 0.0)),
            (enter, (*self._at(0.3, 1.3 * s, inward), 0.0, 0.1, 0.0)),
            (change.seated_s - 1.75, (*self._at(0.3, 1.15 * s, inward), 0.1, 0.15, 0.0)),
            (change.seated_s - 0.75, (*self._at(0.25, 0.02 * s, 0.4 * inward), 0.3, 0.1, 0.0)),
            (change.seated_s, (*self._at(*SEAT, 0.0), SEATED, 0.0, 0.0)),
        ]  # fmt: skip
        self.add("driver arriving", "", SmoothTrack(keys), None)
        self._dress_driver((-math.inf, change.seated_s + 0.05))

    def _helper(self, change: DriverPlan) -> None:
        s = change.side
        door = self._at(0.95, 1.3 * s, -s * (math.pi / 2 + 0.35))
        belts = self._at(0.5, 1.08 * s, -s * (math.pi / 2 + 0.15))
        gone = self._at(1.3, 2.6 * s, -s * math.pi / 2)
        first = change.climb_s - 0.5
        track = SmoothTrack(
            [
                (first - 0.9, (*gone, 0.0, 0.05, 0.0)),
                (first, (*door, 0.15, 0.3, 1.0)),
                (change.climb_s + 0.7, (*door, 0.15, 0.3, 0.3)),
                (change.seated_s + 0.2, (*door, 0.1, 0.2, 0.2)),
                (change.seated_s + 0.9, (*belts, 0.2, 0.42, 1.0)),
                (change.helped_s, (*belts, 0.2, 0.42, 1.0)),
                (change.helped_s + 1.1, (*gone, 0.0, 0.05, 0.0)),
            ]
        )
        inside = (self._point(0.45, 0.35 * s, 0.72), self._point(0.25, 0.35 * s, 0.72))

        def hold(time_s: float) -> Hands:
            stir = 0.06 * math.sin(7.0 * time_s)
            return moved(inside[0], stir), moved(inside[1], -stir)

        self.add("helper", "", track, hold)
