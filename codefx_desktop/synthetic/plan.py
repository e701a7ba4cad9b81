"""When everything happens in one stop: chosen by the seed, before anything moves."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from codefx_desktop.synthetic.seeds import stream

CORNER_NAMES = ("FL", "FR", "RL", "RR")


@dataclass(frozen=True, slots=True)
class CornerPlan:
    """The times of one corner, seconds of the clip.

    Attributes:
        loosen: Bursts of the gun on the old wheel's nut, (begin, end) each.
        pull: From when the old wheel is pulled, and how long each third of its way takes.
        fit: From when the new wheel moves, and when it is seated.
        fumble: Whether the new wheel misses the hub once.
        tighten: Bursts of the gun on the new wheel's nut.
        pace: Duration of a movement relative to a quick crew's.
        off_side: Where the old wheel's carrier stands: 1 ahead of the wheel, -1 behind it.
    """

    loosen: tuple[tuple[float, float], ...]
    pull: tuple[float, float]
    fit: tuple[float, float]
    fumble: bool
    tighten: tuple[tuple[float, float], ...]
    pace: float
    off_side: float


@dataclass(frozen=True, slots=True)
class StopPlan:
    """The times and places of one stop, seconds of the clip and metres from the box centre.

    Attributes:
        stop_s: The car stands from here.
        go_s: It moves again from here.
        braking: Deceleration on arrival, m/s^2.
        launch: Acceleration on leaving, m/s^2.
        speed: Pit lane speed, m/s.
        offset_m: How far the car stops beyond (+) or short of (-) its marks, and to its left.
        crooked: Heading at rest, radians.
        jack_up: (front, rear), the lift begins.
        jack_down: (front, rear), the wheels touch the ground.
        release_s: The signal turns green.
        corners: By name: FL, FR, RL, RR.
        fault: What goes wrong, or empty.
        garage: Side of the garages: 1 on the car's left, -1 on its right.
    """

    stop_s: float
    go_s: float
    braking: float
    launch: float
    speed: float
    offset_m: tuple[float, float]
    crooked: float
    jack_up: tuple[float, float]
    jack_down: tuple[float, float]
    release_s: float
    corners: dict[str, CornerPlan]
    fault: str
    garage: float


FAULTS = ("stuck_nut", "cross_thread", "fumble", "held", "slow_jack")


def choose_plan(seed: int, seconds: float) -> StopPlan:
    """Return the plan of a clip that lasts about ``seconds``."""
    rng = stream(seed, "plan")
    fault = str(rng.choice(FAULTS)) if rng.random() < 0.4 else ""
    room = max(2.2, 0.62 * seconds)
    stop_s = float(np.clip(0.27 * seconds, 0.6, 6.0) + rng.uniform(-0.25, 0.25))
    jack_up = (stop_s + float(rng.uniform(0.15, 0.3)), stop_s + float(rng.uniform(0.28, 0.45)))
    pace = float(rng.uniform(0.9, 1.35))
    bad = int(rng.integers(4))
    corners = {
        name: _corner(
            stream(seed, "corner", name), jack_up[0 if name[0] == "F" else 1], stop_s,
            pace, fault if index == bad else "", room,
        )
        for index, name in enumerate(CORNER_NAMES)
    }  # fmt: skip
    tight = max(plan.tighten[-1][1] for plan in corners.values())
    slow = float(rng.uniform(0.5, 1.2)) if fault == "slow_jack" else 0.0
    drop = tight + float(rng.uniform(0.1, 0.25))
    jack_down = (drop + slow, drop + float(rng.uniform(-0.06, 0.12)))
    hold = float(rng.uniform(0.6, 1.8)) if fault == "held" else float(rng.uniform(0.0, 0.15))
    release_s = max(*jack_down, tight + 0.35) + hold
    reaction = float(rng.uniform(0.12, 0.32))
    garage = 1.0 if stream(seed, "garage").random() < 0.5 else -1.0
    return StopPlan(
        stop_s=stop_s,
        go_s=max(release_s + reaction, jack_down[0] + 0.5),
        braking=float(rng.uniform(8.0, 13.0)),
        launch=float(rng.uniform(6.0, 9.0)),
        speed=float(rng.uniform(15.0, 22.0)),
        offset_m=(float(rng.normal(0.0, 0.22)), float(rng.normal(0.0, 0.1))),
        crooked=float(rng.normal(0.0, 0.012)) * (3.0 if rng.random() < 0.2 else 1.0),
        jack_up=jack_up,
        jack_down=jack_down,
        release_s=release_s,
        corners=corners,
        fault=fault,
        garage=garage,
    )


def _corner(
    rng: np.random.Generator, lifted_s: float, stop_s: float, pace: float, fault: str, room: float
) -> CornerPlan:
    pace *= float(rng.uniform(0.93, 1.1))
    begin = stop_s + float(rng.uniform(0.08, 0.25))
    burst = float(rng.uniform(0.22, 0.38)) * pace
    loosen = [(begin, begin + burst)]
    if fault == "stuck_nut":
        again = loosen[-1][1] + float(rng.uniform(0.2, 0.5))
        loosen.append((again, again + float(rng.uniform(0.5, min(1.6, 0.35 * room)))))
    pull = max(loosen[-1][1] + float(rng.uniform(0.05, 0.14)), lifted_s + 0.15)
    step = float(rng.uniform(0.24, 0.32)) * pace
    leave = pull + step * float(rng.uniform(0.8, 1.1))
    fumble = fault == "fumble"
    seated = leave + float(rng.uniform(0.42, 0.62)) * pace * (2.4 if fumble else 1.0)
    begin = seated + float(rng.uniform(0.03, 0.14))
    tighten = [(begin, begin + float(rng.uniform(0.26, 0.45)) * pace)]
    if fault == "cross_thread":
        for _ in range(2):
            again = tighten[-1][1] + float(rng.uniform(0.15, 0.35))
            tighten.append((again, again + float(rng.uniform(0.3, 0.6))))
    return CornerPlan(
        loosen=tuple(loosen),
        pull=(pull, step),
        fit=(leave, seated),
        fumble=fumble,
        tighten=tuple(tighten),
        pace=pace,
        off_side=1.0 if rng.random() < 0.5 else -1.0,
    )
