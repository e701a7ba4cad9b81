"""When everything happens in a stop of an endurance race or of NASCAR."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from codefx_desktop.synthetic.car import TAIL_M
from codefx_desktop.synthetic.plan import CornerPlan, StopPlan
from codefx_desktop.synthetic.seeds import stream
from codefx_desktop.synthetic.style import Style

if TYPE_CHECKING:
    import numpy as np

AFTER_GO_S = 2.6
"""How long a clip goes on when the car has left."""
WALK_S = 1.7
"""From one wheel to the next of the same side; round an end of the car it takes longer."""
ROUND_S = 2.7


@dataclass(frozen=True, slots=True)
class FuelPlan:
    """One filling.

    Attributes:
        side: 1 at the car's left, -1 at its right.
        port_m: Where the filler is in the car's own frame: ahead, to the left, up.
        bearing: Direction from the filler to the one who fuels, in the car's own frame, radians.
        approach_s: From when the nozzle comes, and when it is seated.
        leave_s: From when it is pulled.
    """

    side: float
    port_m: tuple[float, float, float]
    bearing: float
    approach_s: tuple[float, float]
    leave_s: float


@dataclass(frozen=True, slots=True)
class DriverPlan:
    """One change of drivers.

    Attributes:
        side: Of the door: 1 at the car's left.
        climb_s: From when the leaving driver rises.
        enter_s: From when the arriving one steps up to the door.
        seated_s: When he sits.
        helped_s: When the helper leaves the door.
    """

    side: float
    climb_s: float
    enter_s: float
    seated_s: float
    helped_s: float


@dataclass(frozen=True, slots=True)
class ServicePlan:
    """What is done beside the wheels, and who goes where.

    Attributes:
        style: Kind of stop.
        fuel: The filling.
        driver: The change of drivers, if there is one.
        rounds: For each crew of two the corners that it serves, in order.
    """

    style: Style
    fuel: FuelPlan
    driver: DriverPlan | None
    rounds: tuple[tuple[str, ...], ...]


def choose_service(seed: int, style: Style) -> tuple[StopPlan, ServicePlan]:
    """Return the plan of a stop that is not Formula 1's, as long as it takes.

    ``jack_up`` and ``jack_down`` of the stop's plan are the front's and the rear's, which air
    jacks lift together; in NASCAR the right side's and the left side's.
    """
    return _endurance(seed) if style is Style.ENDURANCE else _nascar(seed)


def seconds_needed(plan: StopPlan) -> float:
    """Return how long a clip must be to show a stop until the car has left."""
    return math.ceil(10.0 * (plan.go_s + AFTER_GO_S)) / 10.0


def _endurance(seed: int) -> tuple[StopPlan, ServicePlan]:
    rng = stream(seed, "endurance")
    garage = 1.0 if stream(seed, "garage").random() < 0.5 else -1.0
    stop_s = float(rng.uniform(2.2, 3.0))
    seated = stop_s + float(rng.uniform(1.7, 2.6))
    begin = seated - float(rng.uniform(0.8, 1.2))
    fuel = FuelPlan(
        garage, (-0.45, 0.6 * garage, 0.52), garage * math.pi / 2,
        (begin, seated), seated + float(rng.uniform(3.8, 6.2)),
    )  # fmt: skip
    driver = _driver(rng, stop_s) if rng.random() < 0.8 else None
    jack_up = fuel.leave_s + float(rng.uniform(0.5, 0.9))
    near, far = ("L", "R") if garage > 0 else ("R", "L")
    ends = ("F", "R") if rng.random() < 0.5 else ("R", "F")
    order = (ends[0] + near, ends[1] + near, ends[1] + far, ends[0] + far)
    pace = float(rng.uniform(0.85, 1.05))
    corners, done = _one_after_the_other(seed, order, jack_up + float(rng.uniform(0.2, 0.5)), pace)
    jack_down = done + float(rng.uniform(0.1, 0.3))
    ready = max(jack_down, done + 0.9, driver.helped_s + 1.0 if driver else 0.0)
    release = ready + float(rng.uniform(0.1, 0.5))
    plan = _plan(
        rng, stop_s, release + float(rng.uniform(0.2, 0.45)), garage,
        ((jack_up, jack_up), (jack_down, jack_down)), release, corners,
    )  # fmt: skip
    return plan, ServicePlan(Style.ENDURANCE, fuel, driver, (order,))


def _nascar(seed: int) -> tuple[StopPlan, ServicePlan]:
    rng = stream(seed, "nascar")
    stop_s = float(rng.uniform(2.2, 3.0))
    port = (TAIL_M + 0.25, 0.5, 0.6)
    seated = stop_s + float(rng.uniform(1.5, 2.3))
    begin = seated - float(rng.uniform(0.8, 1.1))
    pace = float(rng.uniform(0.85, 1.05))
    corners: dict[str, CornerPlan] = {}
    ups, downs = [], []
    start = stop_s + float(rng.uniform(1.5, 2.0))
    for side in ("R", "L"):
        done = 0.0
        for end in ("F", "R"):
            late = start + float(rng.uniform(0.0, 0.35))
            corner, ended = _corner(stream(seed, "corner", end + side), late, pace)
            corners[end + side] = corner
            done = max(done, ended)
        ups.append(start + float(rng.uniform(0.1, 0.3)))
        downs.append(done + float(rng.uniform(0.1, 0.25)))
        start = downs[-1] + ROUND_S + float(rng.uniform(0.0, 0.4))
    pulled = min(float(rng.uniform(0.55, 0.95)) * (downs[1] - seated) + seated, downs[1] - 0.6)
    fuel = FuelPlan(1.0, port, math.radians(120.0), (begin, seated), pulled)
    release = downs[1]
    plan = _plan(
        rng, stop_s, release + float(rng.uniform(0.15, 0.35)), 1.0,
        ((ups[0], ups[1]), (downs[0], downs[1])), release,
        {name: corners[name] for name in ("FL", "FR", "RL", "RR")},
    )  # fmt: skip
    return plan, ServicePlan(Style.NASCAR, fuel, None, (("FR", "FL"), ("RR", "RL")))


def _driver(rng: np.random.Generator, stop_s: float) -> DriverPlan:
    climb = stop_s + float(rng.uniform(1.2, 2.2))
    enter = climb + float(rng.uniform(2.7, 3.6))
    seated = enter + float(rng.uniform(2.1, 2.6))
    return DriverPlan(1.0, climb, enter, seated, seated + float(rng.uniform(2.2, 4.0)))


def _one_after_the_other(
    seed: int, order: tuple[str, ...], begin: float, pace: float
) -> tuple[dict[str, CornerPlan], float]:
    """Return the corners' plans by name, in their usual order, and when the last is done."""
    found: dict[str, CornerPlan] = {}
    done = 0.0
    for index, name in enumerate(order):
        rng = stream(seed, "corner", name)
        found[name], done = _corner(rng, begin, pace)
        same_side = index + 1 < len(order) and order[index + 1][1] == name[1]
        begin = done + (WALK_S if same_side else ROUND_S) * float(rng.uniform(0.9, 1.2))
    return {name: found[name] for name in ("FL", "FR", "RL", "RR")}, done


def _corner(rng: np.random.Generator, begin: float, pace: float) -> tuple[CornerPlan, float]:
    """Return the plan of a corner that two serve, and when its nut is tight."""
    pace *= float(rng.uniform(0.95, 1.08))
    loose = begin + float(rng.uniform(0.3, 0.45)) * pace
    pull = loose + float(rng.uniform(0.08, 0.16))
    step = float(rng.uniform(0.24, 0.3)) * pace
    leave = pull + 4.6 * step + float(rng.uniform(0.75, 1.0)) * pace
    seated = leave + float(rng.uniform(0.5, 0.65)) * pace
    again = seated + float(rng.uniform(0.05, 0.15))
    done = again + float(rng.uniform(0.3, 0.5)) * pace
    plan = CornerPlan(
        loosen=((begin, loose),),
        pull=(pull, step),
        fit=(leave, seated),
        fumble=False,
        tighten=((again, done),),
        pace=pace,
        # The new wheel stands ahead of the corner: behind it the arriving car would hit it.
        off_side=-1.0,
    )
    return plan, done


def _plan(
    rng: np.random.Generator,
    stop_s: float,
    go_s: float,
    garage: float,
    jacks: tuple[tuple[float, float], tuple[float, float]],
    release_s: float,
    corners: dict[str, CornerPlan],
) -> StopPlan:
    return StopPlan(
        stop_s=stop_s,
        go_s=go_s,
        braking=float(rng.uniform(6.0, 10.0)),
        launch=float(rng.uniform(5.0, 8.0)),
        speed=float(rng.uniform(14.0, 18.0)),
        offset_m=(float(rng.normal(0.0, 0.2)), float(rng.normal(0.0, 0.1))),
        crooked=float(rng.normal(0.0, 0.012)),
        jack_up=jacks[0],
        jack_down=jacks[1],
        release_s=release_s,
        corners=corners,
        fault="",
        garage=garage,
    )
