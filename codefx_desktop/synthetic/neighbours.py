"""What else is in the pit lane: the next boxes' crews, cars and kit, a car driving past."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from codefx_desktop.synthetic.car import Livery, Pose, choose_livery
from codefx_desktop.synthetic.crew import Person, make_suit
from codefx_desktop.synthetic.kit import WheelPose
from codefx_desktop.synthetic.motion import keyed
from codefx_desktop.synthetic.moves import LANE_M
from codefx_desktop.synthetic.seeds import stream

if TYPE_CHECKING:
    import numpy as np


@dataclass(frozen=True, slots=True)
class ParkedCar:
    """A neighbour's car; ``speed`` is not 0 for one that drives past in the fast lane."""

    livery: Livery
    pose: Pose
    speed: float
    meets_s: float

    def at(self, time_s: float) -> Pose:
        """Return where it is at an instant."""
        along = self.speed * (time_s - self.meets_s)
        return Pose(self.pose.x_m + along, self.pose.y_m, self.pose.heading)


@dataclass(frozen=True, slots=True)
class LyingGun:
    """A gun that lies on the ground."""

    tip_m: tuple[float, float, float]
    bearing: float


@dataclass(frozen=True, slots=True)
class ParkedJack:
    """A jack that stands aside."""

    pad_m: tuple[float, float]
    heading: float


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Everything that does not belong to the filmed stop."""

    cars: tuple[ParkedCar, ...]
    people: tuple[Person, ...]
    carried: tuple[tuple[Person, float], ...]
    wheels: tuple[WheelPose, ...]
    guns: tuple[LyingGun, ...]
    jacks: tuple[ParkedJack, ...]


class _Places:
    """Free places on the ground: nothing is put where something stands already."""

    def __init__(self, garage: float) -> None:
        self._garage = garage
        self._taken = [
            *((3.85, 2.45 * garage, 0.5), (4.5, 2.75 * garage, 0.5), (4.3, 0.0, 0.9)),
            *((-4.2, 1.9 * garage, 0.8), (-5.1, 1.9 * garage, 0.5)),
        ]

    def find(
        self, rng: np.random.Generator, y_m: tuple[float, float], radius_m: float
    ) -> tuple[float, float] | None:
        """Return a free place beside the filmed crew's own ground, or None."""
        for _ in range(10):
            side = 1.0 if rng.random() < 0.5 else -1.0
            x, y = side * rng.uniform(3.7, 7.0), self._garage * rng.uniform(*y_m)
            if all(math.hypot(x - a, y - b) > radius_m + r for a, b, r in self._taken):
                self._taken.append((x, y, radius_m))
                return float(x), float(y)
        return None


def choose_neighbours(seed: int, garage: float, seconds: float) -> Neighbours:
    """Return the surroundings of a clip."""
    rng = stream(seed, "neighbours")
    places = _Places(garage)
    people = [_bystander(seed, index, places, seconds) for index in range(int(rng.integers(3, 9)))]
    walkers = [_walker(seed, index, garage, seconds) for index in range(int(rng.integers(0, 3)))]
    return Neighbours(
        cars=tuple(_cars(seed, garage, seconds)),
        people=(*(person for person in people if person is not None), *walkers),
        carried=tuple(
            (walker, float(rng.uniform(0, 1.2))) for walker in walkers if rng.random() < 0.6
        ),
        wheels=tuple(_wheels(rng, places)),
        guns=tuple(_guns(rng, places)),
        jacks=tuple(_jacks(rng, places)),
    )


def _cars(seed: int, garage: float, seconds: float) -> list[ParkedCar]:
    rng = stream(seed, "other cars")
    cars = []
    for team, side in ((1, -1.0), (2, 1.0)):
        if rng.random() < 0.4:
            pose = Pose(side * float(rng.uniform(8.0, 9.2)), float(rng.normal(0, 0.15)), 0.0)
            cars.append(ParkedCar(choose_livery(seed, team), pose, 0.0, 0.0))
    if rng.random() < 0.4:
        pose = Pose(0.0, -garage * (LANE_M + float(rng.uniform(0.0, 0.6))), 0.0)
        meets = float(rng.uniform(0.32, 0.62) * seconds)
        cars.append(ParkedCar(choose_livery(seed, 3), pose, float(rng.uniform(14, 22)), meets))
    return cars


def _bystander(seed: int, index: int, places: _Places, seconds: float) -> Person | None:
    rng = stream(seed, "bystander", index)
    place = places.find(rng, (0.9, 3.4), 0.38)
    if place is None:
        return None
    x, y = place
    heading = math.atan2(-y, -0.6 * x) + rng.normal(0, 0.6)
    shift = rng.normal(0, 0.12, 2)
    kneels = rng.random() < 0.25
    begin = float(rng.uniform(0, seconds))
    track = keyed(
        (begin, (x, y, heading, 0.9 if kneels else 0.0, rng.uniform(0, 0.25), 0.0)),
        (begin + 1.6, (x + shift[0], y + shift[1], heading + 3 * shift[0], 0.0, 0.05, 0.0)),
    )
    suit = make_suit(choose_livery(seed, 1 if x < 0 else 2), rng)
    phase = float(rng.uniform(0, 2 * math.pi))
    return Person(f"neighbour {index + 1}", "", track, None, suit, own=False, phase=phase)


def _walker(seed: int, index: int, garage: float, seconds: float) -> Person:
    rng = stream(seed, "walker", index)
    side = 1.0 if rng.random() < 0.5 else -1.0
    y = garage * rng.uniform(2.5, 3.5)
    begin = float(rng.uniform(-2.0, 0.6 * seconds))
    heading = 0.0 if side < 0 else math.pi
    track = keyed(
        (begin, (7.5 * side, y, heading, 0.0, 0.12, 1.0)),
        (begin + 15.0 / rng.uniform(1.4, 2.4), (-7.5 * side, y + 0.3, heading, 0.0, 0.12, 1.0)),
    )
    suit = make_suit(choose_livery(seed, int(rng.integers(0, 3))), rng)
    phase = float(rng.uniform(0, 2 * math.pi))
    return Person(f"walker {index + 1}", "", track, None, suit, own=False, phase=phase)


def _wheels(rng: np.random.Generator, places: _Places) -> list[WheelPose]:
    poses = []
    for _ in range(int(rng.integers(0, 4))):
        place = places.find(rng, (1.6, 3.4), 0.42)
        turn = float(rng.uniform(0, 2 * math.pi))
        for layer in range(int(rng.integers(1, 4)) if place else 0):
            height = 0.2 + 0.36 * layer
            poses.append(WheelPose((*(place or (0.0, 0.0)), height), turn, math.pi / 2))
        upright = places.find(rng, (1.6, 3.4), 0.4) if rng.random() < 0.4 else None
        if upright:
            poses.append(WheelPose((*upright, 0.36), turn))
    return poses


def _guns(rng: np.random.Generator, places: _Places) -> list[LyingGun]:
    found = [places.find(rng, (1.2, 3.4), 0.3) for _ in range(int(rng.integers(0, 4)))]
    return [LyingGun((*at, 0.1), float(rng.uniform(0, 2 * math.pi))) for at in found if at]


def _jacks(rng: np.random.Generator, places: _Places) -> list[ParkedJack]:
    found = [places.find(rng, (1.4, 3.2), 0.7) for _ in range(int(rng.integers(0, 3)))]
    return [ParkedJack(at, float(rng.uniform(0, 2 * math.pi))) for at in found if at]
