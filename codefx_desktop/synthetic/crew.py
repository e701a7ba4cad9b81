"""The crew: who stands where, what they do, and how they move through it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from codefx_desktop.synthetic.figure import Stance, Suit
from codefx_desktop.synthetic.motion import Track, keyed
from codefx_desktop.synthetic.seeds import stream
from codefx_desktop.synthetic.shapes import Floats, moved, shaded

if TYPE_CHECKING:
    from collections.abc import Callable

    from codefx_desktop.synthetic.car import Livery
    from codefx_desktop.synthetic.moves import CarMoves, CornerMoves, JackMoves
    from codefx_desktop.synthetic.plan import StopPlan

Hands = tuple[Floats, Floats]


@dataclass(frozen=True, slots=True)
class Person:
    """One crew member.

    Attributes:
        name: Role, unique in a scene ("FL gun").
        corner: The corner served, or empty.
        track: x, y, heading, crouch, lean, reach over time.
        hold: What the hands reach for at an instant, or None.
        suit: What is worn.
        own: Whether this person belongs to the filmed box.
        phase: Radians; no two people sway alike.
        there: From when until when this person is to be seen: not while inside a car.
    """

    name: str
    corner: str
    track: Track
    hold: Callable[[float], Hands] | None
    suit: Suit
    own: bool
    phase: float
    there: tuple[float, float] = (-math.inf, math.inf)

    def stance(self, time_s: float) -> Stance:
        """Return how this person stands at an instant."""
        x, y, heading, crouch, lean, reach = self.track.at(time_s)
        past = self.track.at(time_s - 0.06)
        speed = math.hypot(x - past[0], y - past[1]) / 0.06
        stride = min(0.34, 0.16 * speed) * math.sin(9.5 * time_s + self.phase)
        sway = 0.018 * (1.0 - 0.7 * crouch)
        idle = 1.0 - reach
        return Stance(
            x + sway * math.sin(1.3 * time_s + self.phase),
            y + sway * math.sin(1.7 * time_s + 2.0 * self.phase),
            heading + 0.10 * idle * math.sin(0.7 * time_s + 3.0 * self.phase),
            crouch,
            lean + 0.02 * math.sin(1.1 * time_s + self.phase),
            stride * (1.0 - crouch),
            self.hold(time_s) if self.hold is not None and reach > 0.0 else None,
            reach,
            self.suit.size,
        )


def make_suit(livery: Livery, rng: np.random.Generator) -> Suit:
    """Return one person's clothes in a team's colours."""
    swap = rng.random() < 0.15
    gain = float(rng.uniform(0.85, 1.1))
    return Suit(
        shaded(livery.second if swap else livery.main, gain),
        shaded(livery.trim if swap else livery.second, gain),
        livery.helmet if rng.random() < 0.8 else livery.trim,
        (225.0, 225.0, 225.0) if rng.random() < 0.4 else (35.0, 35.0, 40.0),
        float(rng.uniform(0.93, 1.05)),
    )


class Roster:
    """Puts people with their tasks into a stop."""

    def __init__(self, seed: int, plan: StopPlan, car: CarMoves, livery: Livery) -> None:
        self._seed, self._plan, self._car, self._livery = seed, plan, car, livery
        self.people: list[Person] = []

    def add(
        self, name: str, corner: str, track: Track, hold: Callable[[float], Hands] | None
    ) -> None:
        """Add one of the filmed team."""
        rng = stream(self._seed, "person", name)
        suit = make_suit(self._livery, rng)
        phase = float(rng.uniform(0, 2 * math.pi))
        self.people.append(Person(name, corner, track, hold, suit, own=True, phase=phase))

    def corner(self, moves: CornerMoves) -> None:
        """Add the three who serve a corner: gun, wheel off, wheel on."""
        self._gunner(moves)
        self._wheel_off(moves)
        self._wheel_on(moves)

    def _place(
        self, moves: CornerMoves, ahead: float, out: float, look: tuple[float, float]
    ) -> tuple[float, float, float]:
        at, aim = moves.world(ahead, out, 0.0), moves.world(*look, 0.0)
        heading = math.atan2(float(aim[1] - at[1]), float(aim[0] - at[0]))
        return float(at[0]), float(at[1]), heading

    def _gunner(self, moves: CornerMoves) -> None:
        plan = moves.plan
        nut = (0.0, 0.0)
        ready, work = self._place(moves, 0.0, 1.45, nut), self._place(moves, 0.0, 1.26, nut)
        apart = self._place(moves, -0.15 * plan.off_side, 1.5, nut)
        gone = self._place(moves, 0.1, 2.15, nut)
        first, last = plan.loosen[0][0], plan.loosen[-1][1]
        again, done = plan.tighten[0][0], plan.tighten[-1][1]
        track = keyed(
            (first - 0.5, (*ready, 1.0, 0.2, 1.0)),
            (first - 0.05, (*work, 1.0, 0.33, 1.0)),
            (last + 0.03, (*work, 1.0, 0.33, 1.0)),
            (last + 0.34, (*apart, 0.9, 0.2, 1.0)),
            (max(last + 0.4, again - 0.26), (*apart, 0.9, 0.2, 1.0)),
            (again - 0.03, (*work, 1.0, 0.33, 1.0)),
            (done + 0.03, (*work, 1.0, 0.33, 1.0)),
            (done + 0.45, (*self._place(moves, 0.0, 1.6, nut), 0.7, 0.15, 1.0)),
            (done + 1.1, (*gone, 0.1, 0.05, 1.0)),
        )

        def hold(time_s: float) -> Hands:
            tip = moves.gun_tip(time_s)
            side = moves.ahead * 0.05 * moves.side
            return tip + 0.44 * moves.out - side, tip + 0.26 * moves.out + side

        self.add(f"{moves.name} gun", moves.name, track, hold)

    def _wheel_off(self, moves: CornerMoves) -> None:
        plan, s = moves.plan, moves.plan.off_side
        pull, step = plan.pull
        ready = self._place(moves, 0.85 * s, 1.5, (0.0, 0.2))
        grab = self._place(moves, 0.6 * s, 0.72, (0.0, 0.1))
        carry = self._place(moves, 1.3 * s, 1.45, (0.85 * s, 0.95))
        lay = self._place(moves, 1.45 * s, 2.25, (1.2 * s, 1.75))
        gone = self._place(moves, 1.5 * s, 2.45, (0.0, 0.5))
        start = plan.loosen[0][0]
        track = keyed(
            (start - 0.35, (*ready, 0.35, 0.15, 0.0)),
            (min(start + 0.15, pull - 0.12), (*grab, 0.65, 0.42, 1.0)),
            (pull + 0.5 * step, (*grab, 0.65, 0.42, 1.0)),
            (pull + 2.4 * step, (*carry, 0.35, 0.35, 1.0)),
            (pull + 4.6 * step, (*lay, 0.4, 0.38, 1.0)),
            (pull + 6.2 * step, (*lay, 0.6, 0.45, 1.0)),
            (pull + 6.2 * step + 0.7, (*gone, 0.0, 0.05, 0.0)),
        )
        self.add(
            f"{moves.name} off",
            moves.name,
            track,
            lambda t: near_first(moves.old_wheel(t).grips(), moves, s),
        )

    def _wheel_on(self, moves: CornerMoves) -> None:
        plan, s = moves.plan, -moves.plan.off_side
        begin, seated = plan.fit
        done = plan.tighten[-1][1]
        ready = self._place(moves, 1.15 * s, 1.72, (0.85 * s, 1.15))
        push = self._place(moves, 0.5 * s, 0.82, (0.0, 0.05))
        back = self._place(moves, 0.85 * s, 1.6, (0.0, 0.3))
        gone = self._place(moves, 1.1 * s, 2.2, (0.0, 0.3))
        track = keyed(
            (begin, (*ready, 0.3, 0.3, 1.0)),
            (seated, (*push, 0.65, 0.4, 1.0)),
            (plan.tighten[0][0] + 0.12, (*push, 0.65, 0.4, 1.0)),
            (plan.tighten[0][0] + 0.5, (*back, 0.3, 0.15, 0.0)),
            (max(done, plan.tighten[0][0] + 0.55) + 0.6, (*gone, 0.0, 0.05, 0.0)),
        )
        self.add(
            f"{moves.name} on",
            moves.name,
            track,
            lambda t: near_first(moves.new_wheel(t).grips(), moves, s),
        )

    def jack(self, name: str, moves: JackMoves) -> None:
        """Add who works a jack."""
        keys = []
        for step in range(61):
            time_s = (
                self._plan.stop_s - 1.0 + step * (self._plan.go_s + 2.0 - self._plan.stop_s) / 60
            )
            pad, press = moves.at(time_s)
            along = np.array([math.cos(moves.heading), math.sin(moves.heading)])
            x, y = pad[:2] + (1.72 + 0.06 * press) * along
            keys.append(
                (
                    time_s,
                    (
                        float(x),
                        float(y),
                        moves.heading + math.pi,
                        0.25 * press,
                        0.22 + 0.2 * press,
                        1.0,
                    ),
                )
            )

        def hold(time_s: float) -> Hands:
            pad, press = moves.at(time_s)
            along = np.array([math.cos(moves.heading), math.sin(moves.heading), 0.0])
            across = np.array([-along[1], along[0], 0.0])
            bar = moved(pad + (1.3 + 0.12 * press) * along, z_m=1.0 - 0.45 * press)
            # Facing the car the left hand is on the other side of the handle's own left.
            return bar - 0.22 * across, bar + 0.22 * across

        self.add(name, "", Track(keys), hold)

    def steady(self, side: float) -> None:
        """Add who keeps the lifted car upright, one hand on each side of the cockpit."""
        plan, rest = self._plan, self._car.rest

        def at(along: float, across: float, up: float) -> Floats:
            placed: Floats = rest.place(np.array([[along, across * side, up]]))[0]
            return placed

        facing = rest.heading - side * math.pi / 2
        ready, hold_at = at(-0.25, 1.9, 0), at(-0.25, 1.08, 0)
        drop = max(plan.jack_down)
        track = keyed(
            (plan.stop_s - 0.1, (ready[0], ready[1], facing, 0.1, 0.1, 0.0)),
            (plan.stop_s + 0.3, (hold_at[0], hold_at[1], facing, 0.25, 0.36, 1.0)),
            (drop - 0.05, (hold_at[0], hold_at[1], facing, 0.25, 0.36, 1.0)),
            (drop + 0.55, (*at(-0.3, 2.1, 0)[:2], facing, 0.0, 0.05, 0.0)),
        )
        hands = (at(-0.25 - 0.28 * side, 0.7, 0.62), at(-0.25 + 0.28 * side, 0.7, 0.62))
        self.add(f"steady {'left' if side > 0 else 'right'}", "", track, lambda _t: hands)

    def stander(self, name: str, place: tuple[float, float, float], lean: float = 0.05) -> None:
        """Add someone who watches and is ready to help."""
        rng = stream(self._seed, "stander", name)
        shift = rng.normal(0.0, 0.12, 2)
        x, y, heading = place
        track = keyed(
            (self._plan.stop_s - 0.4, (x, y, heading, 0.0, lean, 0.0)),
            (self._plan.stop_s + 1.5, (x + shift[0], y + shift[1], heading + 0.2, 0.0, lean, 0.0)),
        )
        self.add(name, "", track, None)


def near_first(grips: Hands, moves: CornerMoves, side: float) -> Hands:
    """Return a wheel's grips as left and right hand of someone at its ``side``.

    The carrier stands at one side of the wheel and reaches over it: one hand on the near
    tread, one on the top of the far one.
    """
    ordered = sorted(grips, key=lambda grip: -side * float((grip - moves.origin) @ moves.ahead))
    near, far = ordered[0], ordered[1]
    middle = 0.5 * (far + near)
    upper = moved(middle + 0.35 * (far - middle), z_m=0.3)
    left_is_near = side * moves.side > 0
    return (near, upper) if left_is_near else (upper, near)
