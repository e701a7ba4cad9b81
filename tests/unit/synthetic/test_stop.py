"""A stop goes as stops go, and its instants agree with where things are."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from codefx_desktop.settings.paths import resource
from codefx_desktop.synthetic.camera import choose_camera
from codefx_desktop.synthetic.car import WHEEL_RADIUS_M
from codefx_desktop.synthetic.instants import Instant, crew_distance, instants_of
from codefx_desktop.synthetic.plan import CORNER_NAMES
from codefx_desktop.synthetic.scene import CLASSES, CREW, Scene

SEEDS = (0, 1, 2, 3, 7, 42)


def instants(seed: int) -> tuple[Scene, list[Instant]]:
    scene = Scene(seed, 10.0)
    camera = choose_camera(seed, 0)
    return scene, instants_of(scene, lambda t: camera.view(t, 1280, 720))


def at(found: list[Instant], kind: str, place: str = "") -> float:
    return next(time for k, p, time in found if (k, p) == (kind, place))


@pytest.mark.parametrize("seed", SEEDS)
def test_everything_happens_in_its_order(seed: int) -> None:
    _, found = instants(seed)
    chain = ["stop", "release", "go", "depart"]
    assert [kind for kind, place, _ in found if kind in chain] == chain
    for corner in CORNER_NAMES:
        order = ("loosen_start", "loosen_end", "wheel_off", "wheel_on")
        order += ("tighten_start", "tighten_end", "clear")
        times = [at(found, kind, corner) for kind in order]
        assert all(b > a for a, b in pairwise(times)), (corner, times)
        assert at(found, "stop") < times[0]
        assert times[-1] < at(found, "release")
    for end in ("front", "rear"):
        assert at(found, "stop") < at(found, "jack_up", end) < at(found, "jack_down", end)
        assert at(found, "jack_down", end) < at(found, "go")


@pytest.mark.parametrize("seed", SEEDS)
def test_the_car_stands_from_stop_to_go(seed: int) -> None:
    scene, found = instants(seed)
    stop, go = at(found, "stop"), at(found, "go")
    assert 1.5 < go - stop < 8.0
    rest = scene.car.pose(stop)
    for time_s in np.linspace(stop, go, 50):
        pose = scene.car.pose(float(time_s))
        assert (pose.x_m, pose.y_m, pose.heading) == (rest.x_m, rest.y_m, rest.heading)
    assert scene.car.pose(stop - 0.02).x_m < rest.x_m - 1e-4
    assert scene.car.pose(go + 0.02).x_m > rest.x_m + 1e-4


@pytest.mark.parametrize("seed", SEEDS)
def test_a_wheel_is_off_when_it_is_half_a_wheel_from_its_hub(seed: int) -> None:
    scene, found = instants(seed)
    for corner in scene.corners:
        off, on = at(found, "wheel_off", corner.name), at(found, "wheel_on", corner.name)
        for time_s, sign in ((off - 0.01, -1), (off + 0.01, 1)):
            away = corner.off_hub_m(corner.old_wheel(time_s), time_s)
            assert sign * (away - WHEEL_RADIUS_M) > 0
        for time_s, sign in ((on - 0.005, 1), (on + 0.005, -1)):
            away = corner.off_hub_m(corner.new_wheel(time_s), time_s)
            assert sign * (away - WHEEL_RADIUS_M) > 0


@pytest.mark.parametrize("seed", SEEDS)
def test_each_end_is_in_the_air_between_its_jack_instants(seed: int) -> None:
    scene, found = instants(seed)
    for index, end in enumerate(("front", "rear")):
        up, down = at(found, "jack_up", end), at(found, "jack_down", end)

        def lift(time_s: float, end: int = index) -> float:
            pose = scene.car.pose(time_s)
            return (pose.front_lift_m, pose.rear_lift_m)[end]

        assert lift(up) == 0.0
        assert lift(up + 0.05) > 0.0
        assert lift(down - 0.05) > 0.0
        assert lift(down) == 0.0


@pytest.mark.parametrize("seed", SEEDS)
def test_a_corner_is_clear_when_its_last_hand_is_out_of_the_path(seed: int) -> None:
    scene, found = instants(seed)
    for corner in scene.corners:
        clear = at(found, "clear", corner.name)
        assert (
            crew_distance(scene, corner, clear - 0.01)
            < 0
            < crew_distance(scene, corner, clear + 0.01)
        )
        assert crew_distance(scene, corner, at(found, "go")) > 0


def test_kinds_are_those_of_the_shared_table() -> None:
    text = resource("event_kinds.json").read_text(encoding="utf-8")
    _, found = instants(0)
    assert all(f'"{kind}"' in text for kind, _, _ in found)


def test_at_least_fourteen_crew_and_all_classes_take_part() -> None:
    scene = Scene(5, 10.0)
    assert sum(thing.own and thing.class_id == CREW for thing in scene.things) >= 14
    assert {thing.class_id for thing in scene.things} == set(range(len(CLASSES)))
    assert [thing.number for thing in scene.things] == list(range(len(scene.things)))


def test_seeds_differ_in_direction_side_light_and_fault() -> None:
    scenes = [Scene(seed, 10.0) for seed in range(40)]
    turned = {round(float(np.cos(choose_camera(seed, 0).yaw))) for seed in range(40)}
    assert turned == {-1, 1}
    assert {scene.plan.garage for scene in scenes} == {-1.0, 1.0}
    assert {"day", "night"} <= {scene.light.kind for scene in scenes}
    assert len({scene.plan.fault for scene in scenes}) >= 4
