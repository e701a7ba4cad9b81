"""The way of a crew of two from wheel to wheel."""

from __future__ import annotations

import math
from bisect import bisect_right
from typing import TYPE_CHECKING

import numpy as np

from codefx_desktop.synthetic.car import NOSE_M, TAIL_M, Pose
from codefx_desktop.synthetic.smooth import SmoothTrack

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codefx_desktop.synthetic.moves import CarMoves, CornerMoves
    from codefx_desktop.synthetic.shapes import Floats

Spot = tuple[float, float, float]
"""x, y in metres of the lane, and a direction in it."""
Body = tuple[float, float, float, float, float, float]
Key = tuple[float, Body]
_Timed = tuple[float, tuple[float, ...]]

_ROUND_M = 1.25
"""How far beside the car's axis someone goes round its ends."""
_CARRY_M = 0.85
"""How far ahead of the body a gun is carried."""


class Round:
    """One crew's stop: two people and one gun, corner after corner.

    Args:
        name: Of the crew.
        corners: What it serves, in order.
        car: The car, to go round it.
        start: When and where it starts from (ahead and left in the car's own frame); None where
            it waits beside its first corner.
    """

    def __init__(
        self,
        name: str,
        corners: Sequence[CornerMoves],
        car: CarMoves,
        start: tuple[float, float, float] | None = None,
    ) -> None:
        self.name, self._corners = name, list(corners)
        self._flat = Pose(car.rest.x_m, car.rest.y_m, car.rest.heading)
        self._gun_keys: list[tuple[float, tuple[float, ...]]] = []
        self.gunner: list[Key] = []
        self.carrier: list[Key] = []
        if start is not None:
            self._begin(start)
        for index, moves in enumerate(self._corners):
            if index > 0:
                self._walk(self._corners[index - 1], moves)
            self._serve(moves)
        self._leave(self._corners[-1])
        self.gunner, self.carrier = _in_order(self.gunner), _in_order(self.carrier)
        self._gun = SmoothTrack(_apart(self._gun_keys))
        self._starts = [moves.plan.loosen[0][0] - 1.0 for moves in self._corners]

    def corner_at(self, time_s: float) -> CornerMoves:
        """Return the corner that is served, or the next to be."""
        return self._corners[max(0, bisect_right(self._starts, time_s) - 1)]

    def gun(self, time_s: float) -> tuple[Floats, Floats]:
        """Return the socket's end and the direction from it to the gun's back, float64 (3,)."""
        x, y, z, ox, oy = self._gun.at(time_s)
        out = np.array([ox, oy, 0.0])
        return np.array([x, y, z]), out / max(1e-6, float(np.linalg.norm(out)))

    def _begin(self, start: tuple[float, float, float]) -> None:
        time_s, ahead, left = start
        first = self._corners[0]
        way = [(ahead, left), *_round_the_end(first.name, -first.side)]
        self._along(way, first, time_s, first.plan.loosen[0][0] - 0.5, carrier_late_s=0.15)

    def _walk(self, before: CornerMoves, after: CornerMoves) -> None:
        way = [] if before.side == after.side else _round_the_end(after.name, before.side)
        begin = before.plan.tighten[-1][1] + 0.45
        self._along(way, after, begin, after.plan.loosen[0][0] - 0.5, at=before)

    def _along(
        self,
        way: Sequence[tuple[float, float]],
        after: CornerMoves,
        begin: float,
        end: float,
        *,
        at: CornerMoves | None = None,
        carrier_late_s: float = 0.0,
    ) -> None:
        """Add the keys of a walk; the last one belongs to the corner that is served next."""
        places = [self._flat.place(np.array([[x, y, 0.0]]))[0, :2] for x, y in way]
        if at is not None:
            places.insert(0, at.world(0.0, 1.6, 0.0)[:2])
        goal = after.world(0.0, 1.45, 0.0)[:2]
        steps = np.diff(np.array([*places, goal]), axis=0)
        done = np.concatenate(([0.0], np.cumsum(np.hypot(steps[:, 0], steps[:, 1]))))
        for index, place in enumerate(places):
            time_s = begin + (end - begin) * float(done[index] / done[-1])
            ahead = (places[index + 1] if index + 1 < len(places) else goal) - place
            heading = math.atan2(float(ahead[1]), float(ahead[0]))
            self.gunner.append(
                (time_s, (float(place[0]), float(place[1]), heading, 0.05, 0.15, 1.0))
            )
            self._carried(time_s, place, heading)
            if index > 0 or at is None:
                # Who changes the wheels walks a step beside the gun.
                x, y = place + 0.55 * np.array((math.sin(heading), -math.cos(heading)))
                late = time_s + carrier_late_s
                self.carrier.append((late, (float(x), float(y), heading, 0.0, 0.12, 0.0)))

    def _carried(self, time_s: float, place: Floats, heading: float) -> None:
        way = np.array((math.cos(heading), math.sin(heading)))
        x, y = place + _CARRY_M * way
        self._gun_keys.append((time_s, (float(x), float(y), 0.85, -way[0], -way[1])))

    def _serve(self, moves: CornerMoves) -> None:
        self._serve_with_gun(moves)
        self._hold_gun(moves)
        self._serve_wheels(moves)

    def _serve_with_gun(self, moves: CornerMoves) -> None:
        plan = moves.plan
        ready, work = _place(moves, 0.0, 1.45), _place(moves, 0.0, 1.26)
        apart = _place(moves, 0.15, 1.5)
        first, last = plan.loosen[0][0], plan.loosen[-1][1]
        again, done = plan.tighten[0][0], plan.tighten[-1][1]
        self.gunner += [
            (first - 0.5, (*ready, 0.8, 0.2, 1.0)),
            (first - 0.05, (*work, 1.0, 0.33, 1.0)),
            (last + 0.03, (*work, 1.0, 0.33, 1.0)),
            (last + 0.34, (*apart, 0.9, 0.2, 1.0)),
            (again - 0.26, (*apart, 0.9, 0.2, 1.0)),
            (again - 0.03, (*work, 1.0, 0.33, 1.0)),
            (done + 0.03, (*work, 1.0, 0.33, 1.0)),
        ]

    def _hold_gun(self, moves: CornerMoves) -> None:
        plan, hub_z, nut = moves.plan, float(moves.origin[2]), moves.face_m + 0.01
        first, last = plan.loosen[0][0], plan.loosen[-1][1]
        again, done = plan.tighten[0][0], plan.tighten[-1][1]
        for time_s, (ahead, out, up) in (
            (first - 0.5, (0.0, 0.75, hub_z + 0.05)),
            (first - 0.03, (0.0, nut, hub_z)),
            (last + 0.02, (0.0, nut, hub_z)),
            (last + 0.32, (0.12, 1.0, hub_z + 0.1)),
            (again - 0.22, (0.12, 1.0, hub_z + 0.1)),
            (again - 0.02, (0.0, nut, hub_z)),
            (done + 0.02, (0.0, nut, hub_z)),
            (done + 0.3, (0.0, 0.9, 0.7)),
        ):
            x, y, z = moves.world(ahead, out, up)
            key = (float(x), float(y), float(z), float(moves.out[0]), float(moves.out[1]))
            self._gun_keys.append((time_s, key))

    def _serve_wheels(self, moves: CornerMoves) -> None:
        plan, s = moves.plan, moves.plan.off_side
        pull, step = plan.pull
        leave, seated = plan.fit
        start, again = plan.loosen[0][0], plan.tighten[0][0]
        self.carrier += [
            (start - 0.35, (*_place(moves, 0.85 * s, 1.5, (0.0, 0.2)), 0.35, 0.15, 0.0)),
            (pull - 0.1, (*_place(moves, 0.6 * s, 0.72, (0.0, 0.1)), 0.65, 0.42, 1.0)),
            (pull + 0.5 * step, (*_place(moves, 0.6 * s, 0.72, (0.0, 0.1)), 0.65, 0.42, 1.0)),
            (pull + 2.4 * step,
             (*_place(moves, 1.3 * s, 1.45, (0.85 * s, 0.95)), 0.35, 0.35, 1.0)),
            (pull + 4.0 * step,
             (*_place(moves, 1.5 * s, 2.1, (1.2 * s, 1.65)), 0.6, 0.42, 1.0)),
            (pull + 4.6 * step,
             (*_place(moves, 1.5 * s, 2.1, (1.2 * s, 1.65)), 0.6, 0.42, 0.4)),
            (leave - 0.15, (*_place(moves, -1.15 * s, 1.6, (-0.85 * s, 1.15)), 0.5, 0.35, 0.7)),
            (leave, (*_place(moves, -1.15 * s, 1.6, (-0.85 * s, 1.15)), 0.5, 0.35, 1.0)),
            (seated, (*_place(moves, -0.5 * s, 0.82, (0.0, 0.05)), 0.65, 0.4, 1.0)),
            (again + 0.12, (*_place(moves, -0.5 * s, 0.82, (0.0, 0.05)), 0.65, 0.4, 1.0)),
            (again + 0.5, (*_place(moves, -0.7 * s, 1.7, (0.0, 0.3)), 0.2, 0.15, 0.0)),
        ]  # fmt: skip

    def _leave(self, moves: CornerMoves) -> None:
        done = moves.plan.tighten[-1][1]
        gone = moves.world(0.1, 2.15, 0.0)[:2]
        heading = math.atan2(-float(moves.out[1]), -float(moves.out[0]))
        self.gunner += [
            (done + 0.45, (*_place(moves, 0.0, 1.6), 0.5, 0.15, 1.0)),
            (done + 1.1, (float(gone[0]), float(gone[1]), heading, 0.1, 0.05, 1.0)),
        ]
        self._carried(done + 1.1, gone, heading)
        self.carrier.append((done + 1.1, (*_place(moves, 0.9, 2.2), 0.0, 0.05, 0.0)))


def _round_the_end(corner: str, side: float) -> list[tuple[float, float]]:
    """Return the way round the end of the car that a corner belongs to, from a side of it."""
    x = NOSE_M + 1.0 if corner[0] == "F" else TAIL_M - 1.0
    return [(x, _ROUND_M * side), (x, -_ROUND_M * side)]


def _place(
    moves: CornerMoves, ahead: float, out: float, look: tuple[float, float] = (0.0, 0.0)
) -> Spot:
    at, aim = moves.world(ahead, out, 0.0), moves.world(*look, 0.0)
    return float(at[0]), float(at[1]), math.atan2(float(aim[1] - at[1]), float(aim[0] - at[0]))


def _in_order(keys: list[Key]) -> list[Key]:
    """Return keys that increase, each turned to by the shorter way."""
    found: list[Key] = []
    for time_s, (x, y, heading, *rest) in _apart(keys):
        turned = heading
        if found:
            before = found[-1][1][2]
            turned = before + math.remainder(heading - before, 2.0 * math.pi)
        found.append((time_s, (x, y, turned, rest[0], rest[1], rest[2])))
    return found


def _apart(
    keys: Sequence[tuple[float, tuple[float, ...]]],
) -> list[tuple[float, tuple[float, ...]]]:
    """Return keys in order; those that come too close to the one before are moved apart."""
    found: list[_Timed] = []
    for time_s, value in sorted(keys, key=lambda key: key[0]):
        soonest = found[-1][0] + 0.02 if found else time_s
        found.append((max(time_s, soonest), value))
    return found
