"""The exact instants of fuel and drivers, taken from how people and the nozzle move."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from codefx_desktop.synthetic.car import HALF_WIDTH_M
from codefx_desktop.synthetic.figure import joints_of
from codefx_desktop.synthetic.motion import crossing
from codefx_desktop.synthetic.service_moves import FLANK_M

if TYPE_CHECKING:
    from codefx_desktop.synthetic.scene import Scene
    from codefx_desktop.synthetic.service_moves import Nozzle
    from codefx_desktop.synthetic.service_plan import ServicePlan
    from codefx_desktop.synthetic.shapes import Floats

ROOF_M = 0.95
"""Who is wholly below this has sat down: the car's own driver is 0.84 m high."""

Found = list[tuple[str, str, float | None]]


def service_instants(
    scene: Scene, service: ServicePlan, nozzle: Nozzle, swept_margin_m: float
) -> Found:
    """Return kind, place and seconds of fuel's and drivers' instants."""
    found: Found = [
        ("probe_in", "", service.fuel.approach_s[1]),
        ("probe_out", "", nozzle.left_the_car_s()),
    ]
    change = service.driver
    if change is None:
        return found
    side = change.side

    def out(time_s: float) -> float:
        return float((_joints(scene, "driver leaving", time_s)[:, 1] * side).min()) - FLANK_M

    def inside(time_s: float) -> float:
        joints = _joints(scene, "driver arriving", time_s)
        beside = FLANK_M - float(np.abs(joints[:, 1]).max())
        return min(beside, ROOF_M - float(joints[:, 2].max()))

    def clear(time_s: float) -> float:
        nearest = float((_joints(scene, "helper", time_s)[:, 1] * side).min())
        return nearest - HALF_WIDTH_M - swept_margin_m

    return [
        *found,
        ("driver_out", "", crossing(out, change.climb_s, change.climb_s + 4.0)),
        ("driver_in", "", crossing(inside, change.enter_s, change.seated_s + 0.05, last=True)),
        (
            "helper_clear",
            "",
            crossing(clear, change.seated_s, change.helped_s + 3.0, last=True, step_s=0.02),
        ),
    ]


def _joints(scene: Scene, name: str, time_s: float) -> Floats:
    """Return a person's joints, float64 (joints, 3), in the car's own frame of when it stands."""
    rest = scene.car.rest
    stance = next(person for person in scene.people if person.name == name).stance(time_s)
    x, y, z = (joints_of([stance])[0] - (rest.x_m, rest.y_m, 0.0)).T
    cos, sin = np.cos(rest.heading), np.sin(rest.heading)
    return np.column_stack((cos * x + sin * y, -sin * x + cos * y, z))
