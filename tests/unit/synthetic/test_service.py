"""Stops of endurance races and NASCAR go as such stops go, and Formula 1's stay what they were."""

from __future__ import annotations

import math
from functools import cache
from itertools import pairwise

import numpy as np
import pytest

from codefx_desktop.settings.paths import resource
from codefx_desktop.synthetic.camera import choose_camera
from codefx_desktop.synthetic.clip import Stop
from codefx_desktop.synthetic.instants import Instant, crew_distance, instants_of
from codefx_desktop.synthetic.light import choose_light
from codefx_desktop.synthetic.paint import Painter
from codefx_desktop.synthetic.plan import CORNER_NAMES
from codefx_desktop.synthetic.scene import CREW, GUN, JACK
from codefx_desktop.synthetic.service_plan import choose_service
from codefx_desktop.synthetic.service_scene import ServiceScene, make_scene
from codefx_desktop.synthetic.smooth import SmoothTrack
from codefx_desktop.synthetic.style import Style

SEEDS = (0, 1, 2)


@cache
def made(seed: int, style: Style) -> tuple[ServiceScene, list[Instant]]:
    scene = make_scene(seed, None, style)
    assert isinstance(scene, ServiceScene)
    camera = choose_camera(seed, 0)
    return scene, instants_of(scene, lambda t: camera.view(t, 1280, 720))


def at(found: list[Instant], kind: str, place: str = "") -> float:
    return next(time for k, p, time in found if (k, p) == (kind, place))


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("style", [Style.ENDURANCE, Style.NASCAR])
def test_every_corner_is_served_while_the_car_stands(seed: int, style: Style) -> None:
    scene, found = made(seed, style)
    for corner in CORNER_NAMES:
        order = ("loosen_start", "loosen_end", "wheel_off", "wheel_on")
        order += ("tighten_start", "tighten_end", "clear")
        times = [at(found, kind, corner) for kind in order]
        assert all(b > a for a, b in pairwise(times)), (corner, times)
        assert at(found, "stop") < times[0]
        assert times[-1] < at(found, "go")
    assert at(found, "stop") < at(found, "probe_in") < at(found, "probe_out") < at(found, "go")
    assert at(found, "depart") < scene.seconds <= 45.0


@pytest.mark.parametrize("seed", SEEDS)
def test_endurance_fuels_first_and_changes_one_wheel_after_the_other(seed: int) -> None:
    scene, found = made(seed, Style.ENDURANCE)
    assert at(found, "probe_out") < at(found, "jack_up", "front")
    assert at(found, "jack_up", "front") == at(found, "jack_up", "rear")
    assert at(found, "jack_down", "front") > max(at(found, "tighten_end", c) for c in CORNER_NAMES)
    spans = sorted(
        (at(found, "loosen_start", c), at(found, "tighten_end", c)) for c in CORNER_NAMES
    )
    assert all(after[0] - before[1] > 1.0 for before, after in pairwise(spans))
    kinds = {kind for kind, _, _ in found}
    drivers = {"driver_out", "driver_in", "helper_clear"}
    assert kinds & drivers == (drivers if scene.service.driver else set())
    if scene.service.driver:
        times = [at(found, k) for k in ("driver_out", "driver_in", "helper_clear", "release")]
        assert times == sorted(times)
    assert [thing.class_id for thing in scene.things if thing.own].count(GUN) == 1
    assert not [thing for thing in scene.things if thing.own and thing.class_id == JACK]


@pytest.mark.parametrize("seed", SEEDS)
def test_nascar_does_the_right_side_then_the_left(seed: int) -> None:
    scene, found = made(seed, Style.NASCAR)
    right_down, left_up = at(found, "jack_down", "right"), at(found, "jack_up", "left")
    assert max(at(found, "tighten_end", c) for c in ("FR", "RR")) < right_down < left_up
    assert right_down < min(at(found, "loosen_start", c) for c in ("FL", "RL"))
    assert at(found, "jack_down", "left") < at(found, "go")
    assert "release" not in {kind for kind, _, _ in found}
    assert [thing.class_id for thing in scene.things if thing.own].count(JACK) == 1
    right = scene.car.pose(0.5 * (at(found, "jack_up", "right") + right_down))
    assert right.side_lift_m == (0.0, pytest.approx(0.09))


def test_some_stops_change_drivers_and_some_do_not() -> None:
    changes = [choose_service(seed, Style.ENDURANCE)[1].driver is not None for seed in range(20)]
    assert 12 <= sum(changes) < 20


def test_the_probe_is_in_the_filler_from_probe_in_on() -> None:
    scene, found = made(1, Style.ENDURANCE)
    seated, out = at(found, "probe_in"), at(found, "probe_out")
    port = scene.nozzle.port
    assert np.linalg.norm(scene.nozzle.tip(seated - 0.05) - port) > 1e-4
    np.testing.assert_allclose(scene.nozzle.tip(seated), port)
    x, y = (scene.nozzle.tip(out) - np.array((scene.car.rest.x_m, scene.car.rest.y_m, 0)))[:2]
    heading = scene.car.rest.heading
    across = -math.sin(heading) * x + math.cos(heading) * y
    assert abs(across) == pytest.approx(0.8, abs=1e-3)


def test_a_driver_is_seen_only_outside_the_car() -> None:
    seed = next(s for s in range(9) if choose_service(s, Style.ENDURANCE)[1].driver)
    scene, found = made(seed, Style.ENDURANCE)
    change = scene.service.driver
    assert change is not None
    (leaving,) = scene.subject("driver_out", "")
    (arriving,) = scene.subject("driver_in", "")
    painter = Painter(scene, choose_camera(seed, 0), choose_light(seed, 0), (320, 180))

    def crew(time_s: float) -> set[int]:
        outlines = painter.paint(time_s, 0)[1]
        return set(outlines.number[outlines.class_id == CREW].tolist())

    assert leaving not in crew(change.climb_s - 0.1)
    assert leaving in crew(at(found, "driver_out"))
    assert arriving in crew(at(found, "driver_in"))
    assert arriving not in crew(change.seated_s + 0.1)


@pytest.mark.parametrize("style", [Style.ENDURANCE, Style.NASCAR])
def test_a_crew_that_is_clear_has_stepped_out_of_the_swept_path(style: Style) -> None:
    scene, found = made(2, style)
    for corner in scene.corners:
        clear = at(found, "clear", corner.name)
        assert crew_distance(scene, corner, clear - 0.05) < 0.0
        assert crew_distance(scene, corner, clear + 0.05) > 0.0


@pytest.mark.parametrize("style", [Style.ENDURANCE, Style.NASCAR])
def test_nobody_jumps(style: Style) -> None:
    scene, _ = made(3, style)
    for person in scene.people:
        places = np.array(
            [person.track.at(t)[:2] for t in np.arange(0.0, scene.seconds, 0.02).tolist()]
        )
        speed = np.hypot(*np.diff(places, axis=0).T) / 0.02
        assert speed.max() < 9.0, person.name


def test_a_clip_lasts_as_long_as_its_stop_unless_it_is_told() -> None:
    stop = Stop(4, None, style=Style.NASCAR)
    assert stop.scene.seconds > stop.scene.plan.go_s + 2.0
    assert len(stop.shots) == 1
    assert float(stop.clock.rate) <= 30.01
    short = Stop(4, 12.0, style=Style.NASCAR)
    assert short.scene.plan == stop.scene.plan
    assert short.clock.seconds(len(short.clock) - 1) < 12.0


def test_the_event_table_knows_all_kinds() -> None:
    table = resource("event_kinds.json").read_text(encoding="utf-8")
    for style in (Style.ENDURANCE, Style.NASCAR):
        for kind, _, _ in made(1, style)[1]:
            assert f'"{kind}"' in table


def test_a_smooth_track_goes_through_its_keys_and_never_beyond() -> None:
    track = SmoothTrack([(0.0, [0.0]), (1.0, [1.0]), (2.0, [3.0]), (3.0, [3.0]), (4.0, [1.0])])
    assert [track.at(t)[0] for t in (-1.0, 0.0, 1.0, 2.0, 3.0, 5.0)] == [0, 0, 1, 3, 3, 1]
    fine = np.array([track.at(t)[0] for t in np.linspace(0.0, 4.0, 4001).tolist()])
    assert fine.min() >= 0.0
    assert fine.max() <= 3.0 + 1e-12
    assert np.abs(np.diff(fine, 2)).max() < 2e-5  # no kink
    assert (np.diff(fine[:2001]) >= 0.0).all()
