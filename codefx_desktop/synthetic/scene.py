"""One stop as a whole: objects with identities, and what is drawn at an instant."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from codefx_desktop.synthetic.car import (
    NOSE_M,
    PAINTS,
    WHEEL_WIDTH_M,
    CarBody,
    choose_livery,
    hub,
)  # fmt: skip
from codefx_desktop.synthetic.crew import Person, Roster
from codefx_desktop.synthetic.figure import draw_people
from codefx_desktop.synthetic.kit import COMPOUNDS, WheelPose, draw_gun, draw_jack, draw_wheel
from codefx_desktop.synthetic.light import choose_light
from codefx_desktop.synthetic.moves import CarMoves, CornerMoves, JackMoves
from codefx_desktop.synthetic.neighbours import ParkedCar, choose_neighbours
from codefx_desktop.synthetic.plan import CORNER_NAMES, choose_plan
from codefx_desktop.synthetic.seeds import stream
from codefx_desktop.synthetic.shapes import Colour, Floats, Shapes, disc, moved

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codefx_desktop.synthetic.plan import StopPlan
    from codefx_desktop.synthetic.service_moves import Nozzle
    from codefx_desktop.synthetic.service_plan import ServicePlan

CLASSES = ("car", "wheel", "crew", "wheel_gun", "jack")
CAR, WHEEL, CREW, GUN, JACK = range(5)
FAR_M = 17.0
"""No camera here sees a car that is farther along the lane."""


@dataclass(frozen=True, slots=True)
class Thing:
    """One object with an identity.

    Attributes:
        number: Its identity, the same over the whole clip, from 0.
        class_id: Index into ``CLASSES``.
        name: For a person ("wheel FL old").
        own: Whether it belongs to the filmed stop and not to a neighbour.
    """

    number: int
    class_id: int
    name: str
    own: bool


@dataclass(slots=True)
class Drawing:
    """What is drawn at one instant: blurred layers first, then everything that is slow."""

    slow: Shapes = field(default_factory=Shapes)
    fast: list[tuple[Shapes, Floats]] = field(default_factory=list)
    """(shapes, velocity), float64 (3,), metres per second."""


class Scene:
    """A pit stop of a seed: everything that can be known about it without a camera.

    Attributes:
        plan: When everything happens.
        service: What is done beside the wheels; None in Formula 1.
        nozzle: What fuels the car; None likewise.
        car: How the filmed car moves.
        corners: How wheels move, in the order of ``CORNER_NAMES``.
        people: The filmed team.
        others: Everything that does not belong to it.
        things: All objects, by number.
    """

    service: ServicePlan | None = None
    nozzle: Nozzle | None = None
    jack_places: tuple[str, str] = ("front", "rear")
    """What the two of a plan's ``jack_up`` and ``jack_down`` are."""

    plan: StopPlan
    car: CarMoves
    corners: Sequence[CornerMoves]

    def __init__(self, seed: int, seconds: float) -> None:
        self.seed, self.seconds = seed, seconds
        self.light = choose_light(seed)
        self.livery = choose_livery(seed, 0)
        self._set_going()
        self.people = self._own_people()
        self.others = choose_neighbours(seed, self.plan.garage, seconds)
        self.things: list[Thing] = []
        self._colours = _KitColours(seed)
        self._number_things()

    def _set_going(self) -> None:
        """Plan the stop and everything that moves in it but the people."""
        self.plan = choose_plan(self.seed, self.seconds)
        self.car = CarMoves(self.plan)
        self.corners = [
            CornerMoves(name, self.plan.corners[name], self.car) for name in CORNER_NAMES
        ]
        self._jacks = [JackMoves(end, self.plan, self.car) for end in (0, 1)]

    def _own_people(self) -> list[Person]:
        roster = Roster(self.seed, self.plan, self.car, self.livery)
        for corner in self.corners:
            roster.corner(corner)
        roster.jack("front jack", self._jacks[0])
        roster.jack("rear jack", self._jacks[1])
        for side in (1.0, -1.0):
            roster.steady(side)
        self._add_standers(roster)
        return roster.people

    def _add_standers(self, roster: Roster) -> None:
        g = self.plan.garage
        roster.stander("controller", (NOSE_M + 1.55, 2.75 * g, -g * math.pi / 2 + g * 0.5))
        rng = stream(self.seed, "standers")
        for index in range(int(rng.integers(1, 5))):
            place = (float(rng.uniform(-4.5, 4.5)), g * float(rng.uniform(3.5, 3.9)))
            facing = math.atan2(-place[1], -0.3 * place[0])
            roster.stander(f"helper {index + 1}", (*place, facing), lean=0.1)

    def crew_of(self, corner: str) -> list[Person]:
        """Return who serves a corner."""
        return [person for person in self.people if person.corner == corner]

    def _thing(self, class_id: int, name: str, *, own: bool) -> int:
        self.things.append(Thing(len(self.things), class_id, name, own))
        return len(self.things) - 1

    def _number_things(self) -> None:
        self._car_number = self._thing(CAR, "car", own=True)
        self._wheel_numbers = {
            (name, age): self._thing(WHEEL, f"wheel {name} {age}", own=True)
            for name in CORNER_NAMES
            for age in ("old", "new")
        }
        guns, jacks = self._kit_names()
        self._gun_numbers = [self._thing(GUN, name, own=True) for name in guns]
        self._jack_numbers = [self._thing(JACK, name, own=True) for name in jacks]
        self._crew_numbers = [
            self._thing(CREW, person.name, own=person.own)
            for person in (*self.people, *self.others.people)
        ]
        self._other_cars = [
            (
                self._thing(CAR, f"other car {index + 1}", own=False),
                [
                    self._thing(WHEEL, f"other car {index + 1} wheel {c}", own=False)
                    for c in CORNER_NAMES
                ],
                CarBody(car.livery),
            )
            for index, car in enumerate(self.others.cars)
        ]
        self._spare = [
            self._thing(WHEEL, f"spare wheel {index + 1}", own=False)
            for index in range(len(self.others.wheels) + len(self.others.carried))
        ]
        self._lying = [
            self._thing(GUN, f"spare gun {i + 1}", own=False) for i in range(len(self.others.guns))
        ]
        self._parked = [
            self._thing(JACK, f"spare jack {i + 1}", own=False)
            for i in range(len(self.others.jacks))
        ]
        self._body = CarBody(self.livery)
        self._suits = [person.suit.colours() for person in (*self.people, *self.others.people)]

    def _kit_names(self) -> tuple[list[str], list[str]]:
        """Return the names of the team's guns and jacks."""
        return [f"gun {name}" for name in CORNER_NAMES], ["jack front", "jack rear"]

    def _body_at(self, time_s: float) -> CarBody:  # noqa: ARG002 - always the same here
        return self._body

    def subject(self, kind: str, place: str) -> list[int]:
        """Return the numbers of the things that show an event of a kind at a place."""
        if kind.startswith("jack"):
            return [self._jack_numbers[0 if place == "front" else 1]]
        if kind in {"wheel_off", "wheel_on"}:
            return [self._wheel_numbers[place, "old" if kind == "wheel_off" else "new"]]
        if kind.startswith(("loosen", "tighten")):
            return [self._gun_numbers[CORNER_NAMES.index(place)]]
        if kind == "clear":
            return self._numbers_of(self.crew_of(place))
        return [self._car_number]

    def _numbers_of(self, people: list[Person]) -> list[int]:
        names = {person.name for person in people}
        return [
            number
            for person, number in zip(self.people, self._crew_numbers, strict=False)
            if person.name in names
        ]

    def signal_m(self) -> Floats:
        """Return where the release light is, float64 (3,), metres."""
        return np.array([NOSE_M + 0.9, 2.45 * self.plan.garage, 1.67])

    def draw(self, time_s: float, camera_m: Floats) -> Drawing:
        """Return everything that is drawn at an instant, seen from a camera at ``camera_m``."""
        drawing = Drawing()
        self._draw_cars(drawing, time_s, camera_m)
        self._draw_wheels(drawing, time_s, camera_m)
        slow = drawing.slow
        self._draw_kit(slow, time_s)
        self._draw_others(slow, time_s, camera_m)
        people = [
            (person.stance(time_s), suit, number)
            for person, suit, number in zip(
                (*self.people, *self.others.people), self._suits, self._crew_numbers, strict=True
            )
            if person.there[0] <= time_s < person.there[1]
        ]
        stances, suits, numbers = zip(*people, strict=True)
        draw_people(slow, list(stances), list(suits), list(numbers))
        self._draw_signal(slow, time_s)
        return drawing

    def _draw_kit(self, shapes: Shapes, time_s: float) -> None:
        for corner, number in zip(self.corners, self._gun_numbers, strict=True):
            draw_gun(shapes, corner.gun_tip(time_s), corner.out, self._colours.gun, number)
        for jack, number in zip(self._jacks, self._jack_numbers, strict=True):
            pad, press = jack.at(time_s)
            draw_jack(shapes, pad, jack.heading, press, self._colours.jack, number)

    def _draw_cars(self, drawing: Drawing, time_s: float, camera_m: Floats) -> None:
        for car, (number, wheels, body) in zip(self.others.cars, self._other_cars, strict=True):
            self._draw_other_car(drawing, car, (number, wheels, body), time_s, camera_m)
        pose = self.car.pose(time_s)
        if abs(pose.x_m) > FAR_M:
            return
        step = 1e-3
        late = self.car.pose(time_s + step)
        velocity = np.array([late.x_m - pose.x_m, late.y_m - pose.y_m, 0.0]) / step
        shapes = drawing.slow
        if float(np.linalg.norm(velocity)) > 0.4:
            shapes = Shapes()
            drawing.fast.append((shapes, velocity))
        self._body_at(time_s).draw(shapes, pose, self._car_number)
        for corner in self.corners:
            for age, mounted in (
                ("old", time_s <= corner.plan.pull[0]), ("new", time_s >= corner.plan.fit[1]),
            ):  # fmt: skip
                if mounted:
                    self._draw_corner_wheel(shapes, corner, age, time_s, camera_m)

    def _draw_other_car(
        self,
        drawing: Drawing,
        car: ParkedCar,
        numbers: tuple[int, list[int], CarBody],
        time_s: float,
        camera_m: Floats,
    ) -> None:
        shapes, pose = drawing.slow, car.at(time_s)
        if abs(pose.x_m) > FAR_M:
            return
        if car.speed:
            shapes = Shapes()
            drawing.fast.append((shapes, np.array([car.speed, 0.0, 0.0])))
        numbers[2].draw(shapes, pose, numbers[0])
        for corner, number in zip(CORNER_NAMES, numbers[1], strict=True):
            centre = pose.place(hub(corner))[0]
            azimuth = pose.heading + math.copysign(math.pi / 2, 1.0 if corner[1] == "L" else -1.0)
            wheel = WheelPose((float(centre[0]), float(centre[1]), float(centre[2])), azimuth)
            look = (COMPOUNDS[car.livery.number % 5], self._colours.rim)
            draw_wheel(shapes, wheel, WHEEL_WIDTH_M[corner[0]], look, number, camera_m)

    def _draw_wheels(self, drawing: Drawing, time_s: float, camera_m: Floats) -> None:
        for corner in self.corners:
            if time_s > corner.plan.pull[0]:
                self._draw_corner_wheel(drawing.slow, corner, "old", time_s, camera_m)
            if time_s < corner.plan.fit[1]:
                self._draw_corner_wheel(drawing.slow, corner, "new", time_s, camera_m)

    def _draw_corner_wheel(
        self, shapes: Shapes, corner: CornerMoves, age: str, time_s: float, camera_m: Floats
    ) -> None:
        wheel = corner.old_wheel(time_s) if age == "old" else corner.new_wheel(time_s)
        ring = self._colours.old_ring if age == "old" else self._colours.new_ring
        width = WHEEL_WIDTH_M[corner.name[0]]
        number = self._wheel_numbers[corner.name, age]
        draw_wheel(shapes, wheel, width, (ring, self._colours.rim), number, camera_m)

    def _draw_others(self, shapes: Shapes, time_s: float, camera_m: Floats) -> None:
        look = (self._colours.old_ring, self._colours.rim)
        carried = [_carried(walker, tip, time_s) for walker, tip in self.others.carried]
        for wheel, number in zip((*self.others.wheels, *carried), self._spare, strict=True):
            draw_wheel(shapes, wheel, 0.36, look, number, camera_m)
        for gun, number in zip(self.others.guns, self._lying, strict=True):
            out = np.array([math.cos(gun.bearing), math.sin(gun.bearing), 0.0])
            draw_gun(shapes, np.array(gun.tip_m), out, self._colours.gun, number)
        for jack, number in zip(self.others.jacks, self._parked, strict=True):
            pad = np.array([*jack.pad_m, 0.0])
            draw_jack(shapes, pad, jack.heading, 0.0, self._colours.jack, number)

    def _draw_signal(self, shapes: Shapes, time_s: float) -> None:
        """Add the release light beside the nose: red, green from the release on."""
        at = self.signal_m() * np.array((1.0, 1.0, 0.0))
        foot = np.array([at[0], at[1] + 0.3 * self.plan.garage, 0.0])
        shapes.capsule((foot, moved(foot, z_m=1.5)), (0.09, 0.04), (70, 72, 78), solid=True)
        box = np.array([(0.14, 0.32), (0.14, -0.32), (-0.14, -0.32), (-0.14, 0.32)])
        shapes.block(box + at[:2], (1.5, 1.66), (24, 25, 28))
        green = time_s >= self.plan.release_s
        lamps: tuple[tuple[float, Colour], ...] = (
            (0.15, (70, 16, 16) if green else (255, 45, 35)),
            (-0.15, (40, 255, 90) if green else (14, 60, 24)),
        )
        for across, colour in lamps:
            shapes.add(disc(moved(at, 0.0, across, 1.67), 0.11), colour, level=1.67)


class _KitColours:
    """Colours of wheels, guns and jacks of a clip."""

    def __init__(self, seed: int) -> None:
        rng = stream(seed, "kit")
        rings = rng.permutation(len(COMPOUNDS))
        self.old_ring: Colour = COMPOUNDS[rings[0]]
        self.new_ring: Colour = COMPOUNDS[rings[1]]
        grey = float(rng.uniform(70, 190))
        self.rim: Colour = (grey, grey, grey * 1.03)
        bright: tuple[Colour, ...] = (
            (250, 200, 20), (250, 110, 20), (60, 220, 90), (40, 170, 250), (235, 60, 60),
        )  # fmt: skip
        pick = rng.integers(0, len(bright), 2)
        self.gun: tuple[Colour, Colour] = (bright[pick[0]], bright[(pick[1])])
        frame: Colour = PAINTS[int(rng.integers(len(PAINTS)))]
        self.jack: tuple[Colour, Colour] = (frame, (215, 218, 224) if rng.random() < 0.5 else frame)


def _carried(walker: Person, tip: float, time_s: float) -> WheelPose:
    x, y, heading = walker.track.at(time_s)[:3]
    ahead = (x + 0.42 * math.cos(heading), y + 0.42 * math.sin(heading), 0.95)
    return WheelPose(ahead, heading, tip)
