"""A stop of an endurance race or of NASCAR as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from codefx_desktop.synthetic.car import CarBody
from codefx_desktop.synthetic.kit import draw_gun, draw_jack
from codefx_desktop.synthetic.plan import CORNER_NAMES
from codefx_desktop.synthetic.scene import Scene
from codefx_desktop.synthetic.service_crew import ServiceRoster
from codefx_desktop.synthetic.service_moves import CarriedJack, Nozzle, ServiceCar, ServiceCorner
from codefx_desktop.synthetic.service_plan import choose_service, seconds_needed
from codefx_desktop.synthetic.service_round import Round
from codefx_desktop.synthetic.style import Style

if TYPE_CHECKING:
    from codefx_desktop.synthetic.crew import Person
    from codefx_desktop.synthetic.service_plan import ServicePlan
    from codefx_desktop.synthetic.shapes import Shapes

F1_SECONDS = 10.0

_SHOWN_BY = {
    "probe_in": "fuel",
    "probe_out": "fuel",
    "driver_out": "driver leaving",
    "driver_in": "driver arriving",
    "helper_clear": "helper",
}


def make_scene(seed: int, seconds: float | None, style: Style) -> Scene:
    """Return a stop of a style.

    Args:
        seed: Another seed is another stop.
        seconds: Length of the clip; None is as long as the stop takes, in Formula 1 10 s.
        style: Formula 1's stop is made to fit the clip; others take as long as they take and go
            on where a clip ends before them.
    """
    if style is Style.F1:
        return Scene(seed, F1_SECONDS if seconds is None else seconds)
    if seconds is None:
        seconds = seconds_needed(choose_service(seed, style)[0])
    return ServiceScene(seed, seconds, style)


class ServiceScene(Scene):
    """A stop that is not Formula 1's."""

    service: ServicePlan
    nozzle: Nozzle

    def __init__(self, seed: int, seconds: float, style: Style) -> None:
        self._style = style
        if style is Style.NASCAR:
            self.jack_places = ("right", "left")
        super().__init__(seed, seconds)

    def _set_going(self) -> None:
        self.plan, self.service = choose_service(self.seed, self._style)
        self.car = ServiceCar(self.plan, self._style)
        self.corners = [
            ServiceCorner(name, self.plan.corners[name], self.car) for name in CORNER_NAMES
        ]
        self.nozzle = Nozzle(self.service.fuel, self.car, self._style)
        self._rounds = self._crews()
        self._jack = CarriedJack(self.plan, self.car) if self._style is Style.NASCAR else None
        garage = self.plan.garage
        flat = self.car.pose(self.plan.stop_s)
        self._rig_m = flat.place(np.array([[-1.3, 4.1 * garage, 0.1]]))[0]

    def _crews(self) -> list[Round]:
        by_name = {corner.name: corner for corner in self.corners}
        if self._style is Style.ENDURANCE:
            (order,) = self.service.rounds
            return [Round("tyres", [by_name[name] for name in order], self.car)]
        start = self.plan.stop_s - 0.3
        return [
            Round(name, [by_name[corner] for corner in order], self.car, (start, *home))
            for name, order, home in zip(
                ("front tyres", "rear tyres"), self.service.rounds,
                ((3.6, 2.4), (-3.5, 2.4)), strict=True,
            )
        ]  # fmt: skip

    def _own_people(self) -> list[Person]:
        roster = ServiceRoster(self.seed, self.plan, self.car, self.livery)
        for way in self._rounds:
            roster.go_round(way)
        roster.fueller(self.nozzle)
        if self._jack is None:
            roster.lance()
        else:
            roster.jackman(self._jack)
        if self.service.driver is not None:
            roster.drivers(self.service.driver, self.plan.garage)
        self._add_standers(roster)
        return roster.people

    def _kit_names(self) -> tuple[list[str], list[str]]:
        jacks = [] if self._jack is None else ["jack"]
        return [f"gun {way.name}" for way in self._rounds], jacks

    def crew_of(self, corner: str) -> list[Person]:
        """Return who serves a corner."""
        name = next(
            way.name
            for way, order in zip(self._rounds, self.service.rounds, strict=True)
            if corner in order
        )
        return [
            person for person in self.people if person.name in {f"{name} gun", f"{name} wheels"}
        ]

    def subject(self, kind: str, place: str) -> list[int]:
        """Return the numbers of the things that show an event of a kind at a place."""
        if kind.startswith("jack") and self._jack is None:
            return [self._car_number]
        if kind.startswith("jack"):
            return self._jack_numbers
        if kind.startswith(("loosen", "tighten")):
            served = [place in order for order in self.service.rounds]
            return [self._gun_numbers[served.index(True)]]
        if kind in _SHOWN_BY:
            return self._numbers_of([p for p in self.people if p.name == _SHOWN_BY[kind]])
        return super().subject(kind, place)

    def _body_at(self, time_s: float) -> CarBody:
        change = self.service.driver
        empty = change is not None and change.climb_s <= time_s < change.seated_s + 0.05
        return self._empty_body if empty else self._body

    def _number_things(self) -> None:
        super()._number_things()
        self._empty_body = CarBody(self.livery, driver=False)

    def _draw_kit(self, shapes: Shapes, time_s: float) -> None:
        for way, number in zip(self._rounds, self._gun_numbers, strict=True):
            draw_gun(shapes, *way.gun(time_s), self._colours.gun, number)
        if self._jack is not None:
            pad, heading, press = self._jack.at(time_s)
            draw_jack(shapes, pad, heading, press, self._colours.jack, self._jack_numbers[0])
        self.nozzle.draw(shapes, time_s, self._colours.gun[1], self._rig_m)

    def _draw_signal(self, shapes: Shapes, time_s: float) -> None:
        """Add the release light; in NASCAR the car that drops is the signal."""
        if self._style is not Style.NASCAR:
            super()._draw_signal(shapes, time_s)
