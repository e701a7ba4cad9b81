"""The exact instants of a stop, taken from how things move, never decreed."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from codefx_desktop.synthetic.car import HALF_WIDTH_M, NOSE_M, TAIL_M
from codefx_desktop.synthetic.figure import joints_of
from codefx_desktop.synthetic.ground import BOX_HALF_LENGTH_M
from codefx_desktop.synthetic.motion import crossing
from codefx_desktop.synthetic.moves import wheel_clearance
from codefx_desktop.synthetic.service_instants import service_instants
from codefx_desktop.synthetic.style import Style

if TYPE_CHECKING:
    from collections.abc import Callable

    from codefx_desktop.synthetic.camera import View
    from codefx_desktop.synthetic.moves import CornerMoves
    from codefx_desktop.synthetic.scene import Scene

SWEPT_MARGIN_M = 0.5
"""The swept path is the car's width and this much on each side: a hand still on the gun at the
wheel is inside it, a crew member who has stepped back is not."""

Instant = tuple[str, str, float]
"""Kind, place ("FL", "front", "" for the car), seconds."""


def instants_of(scene: Scene, view_at: Callable[[float], View]) -> list[Instant]:
    """Return all instants of a stop in order of time, also those after the clip's end.

    Args:
        scene: The stop.
        view_at: The camera at an instant; decides when the car arrives in the picture.
    """
    plan = scene.plan
    found: list[tuple[str, str, float | None]] = [
        ("arrive", "", _arrive(scene, view_at)),
        ("stop", "", plan.stop_s),
        ("go", "", plan.go_s),
        ("depart", "", _depart(scene)),
    ]
    if scene.service is None or scene.service.style is not Style.NASCAR:
        found.append(("release", "", plan.release_s))
    if scene.service is not None and scene.nozzle is not None:
        found += service_instants(scene, scene.service, scene.nozzle, SWEPT_MARGIN_M)
    for end, up, down in zip(scene.jack_places, plan.jack_up, plan.jack_down, strict=True):
        found += [("jack_up", end, up), ("jack_down", end, down)]
    for corner in scene.corners:
        found += _corner_instants(scene, corner)
    known = [(kind, place, time) for kind, place, time in found if time is not None]
    return sorted(known, key=lambda instant: instant[2])


def _corner_instants(scene: Scene, corner: CornerMoves) -> list[tuple[str, str, float | None]]:
    plan, name = corner.plan, corner.name
    # A crew that goes on to another corner soon comes near the car again.
    away_s = plan.tighten[-1][1] + (3.0 if scene.service is None else 0.9)
    off = crossing(lambda t: wheel_clearance(corner, t, new=False), plan.pull[0], away_s)
    on = crossing(
        lambda t: -wheel_clearance(corner, t, new=True), plan.fit[0], plan.fit[1], last=True
    )
    clear = crossing(
        lambda t: crew_distance(scene, corner, t), plan.fit[1], away_s, last=True, step_s=0.02
    )
    return [
        ("loosen_start", name, plan.loosen[0][0]),
        ("loosen_end", name, plan.loosen[-1][1]),
        ("wheel_off", name, off),
        ("wheel_on", name, on),
        ("tighten_start", name, plan.tighten[0][0]),
        ("tighten_end", name, plan.tighten[-1][1]),
        ("clear", name, clear),
    ]


def crew_distance(scene: Scene, corner: CornerMoves, time_s: float) -> float:
    """Return how far the nearest part of a corner's crew is outside the swept path, metres.

    The path is that of the car leaving its place of rest straight ahead; below 0 is inside.
    """
    rest = scene.car.rest
    stances = [person.stance(time_s) for person in scene.crew_of(corner.name)]
    joints = joints_of(stances)[..., :2] - np.array((rest.x_m, rest.y_m))
    across = -math.sin(rest.heading) * joints[..., 0] + math.cos(rest.heading) * joints[..., 1]
    return float((across * corner.side).min()) - HALF_WIDTH_M - SWEPT_MARGIN_M


def _arrive(scene: Scene, view_at: Callable[[float], View]) -> float | None:
    """Return when the nose comes into the picture; None where it is in it from the start."""

    def inside(time_s: float) -> float:
        view = view_at(time_s)
        nose = scene.car.pose(time_s).place(np.array([[NOSE_M, 0.0, 0.3]]))
        if view.depth(nose)[0] < 1.0:
            return -1.0
        x, y = view.project(nose)[0]
        return float(min(x, view.width - x, y, view.height - y))

    return crossing(inside, 0.0, scene.plan.stop_s)


def _depart(scene: Scene) -> float | None:
    """Return when the whole car has left its box marks."""

    def beyond(time_s: float) -> float:
        tail = scene.car.pose(time_s).place(np.array([[TAIL_M, 0.0, 0.0]]))
        return float(tail[0, 0]) - BOX_HALF_LENGTH_M

    return crossing(beyond, scene.plan.go_s, scene.plan.go_s + 6.0)
