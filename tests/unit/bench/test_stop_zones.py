"""Zones of rendered stops lie where a person would have drawn them, whatever the stop does."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from codefx_desktop.analysis.zones import inside, place_zones
from codefx_desktop.bench.stop_zones import drawn_camera
from codefx_desktop.domain.camera_check import check_camera
from codefx_desktop.domain.camera_profile import CameraProfile
from codefx_desktop.domain.events import Place
from codefx_desktop.domain.zone import CarPlace, ZoneRole
from codefx_desktop.synthetic.camera import choose_camera
from codefx_desktop.synthetic.car import HALF_WIDTH_M, NOSE_M, TAIL_M
from codefx_desktop.synthetic.service_scene import ServiceScene, make_scene
from codefx_desktop.synthetic.style import Style

SIZE = (1280, 720)


def made(seed: int, style: Style) -> tuple[ServiceScene, dict[str, Any]]:
    scene = make_scene(seed, None, style)
    assert isinstance(scene, ServiceScene)
    view = choose_camera(seed, 0).view(0.0, *SIZE)
    truth = {
        "seed": seed, "style": style.value, "width": SIZE[0], "height": SIZE[1],
        "fuel_side": "left" if scene.service.fuel.side > 0 else "right",
        "pictures": [{"ground_to_image": view.ground_to_image().ravel().tolist()}],
    }  # fmt: skip
    return scene, truth


@pytest.mark.parametrize("style", [Style.ENDURANCE, Style.NASCAR])
@pytest.mark.parametrize("seed", range(5))
def test_who_fuels_stands_in_the_fuel_zone_of_the_car_that_came(seed: int, style: Style) -> None:
    scene, truth = made(seed, style)
    camera = drawn_camera(truth)
    check_camera(camera)
    view = choose_camera(seed, 0).view(10.0, *SIZE)
    hubs = {
        Place(name): tuple(view.project(scene.car.hub(name, 10.0)[None])[0] / SIZE)
        for name in ("FL", "FR", "RL", "RR")
    }
    corners = np.array([(x, y, 0.3) for x in (NOSE_M, TAIL_M) for y in (HALF_WIDTH_M, -1.0)])
    seen = view.project(scene.car.pose(10.0).place(corners)) / SIZE
    x1, y1, x2, y2 = (*seen.min(axis=0).tolist(), *seen.max(axis=0).tolist())
    placed = place_zones(camera.zones, CarPlace((x1, y1, x2, y2), hubs), *SIZE)
    zones = {zone.role: zone for zone in placed}
    assert (ZoneRole.DRIVER in zones) == (style is Style.ENDURANCE)
    where = scene.nozzle.port + 0.9 * scene.nozzle.out
    assert inside(zones[ZoneRole.FUEL], view.project(where[None])).all()
    if scene.service.driver is not None:
        door = scene.car.rest.place(np.array([[0.25, 1.3 * scene.service.driver.side, 0.5]]))
        assert inside(zones[ZoneRole.DRIVER], view.project(door)).all()


def test_in_formula_1_zones_are_drawn_only_where_no_model_looks() -> None:
    assert drawn_camera({"seed": 1}) == CameraProfile()
    view = choose_camera(1, 0).view(0.0, *SIZE)
    truth = {
        "seed": 1, "width": SIZE[0], "height": SIZE[1],
        "pictures": [{"ground_to_image": view.ground_to_image().ravel().tolist()}],
    }  # fmt: skip
    roles = [zone.role for zone in drawn_camera(truth, weights=False).zones.zones]
    assert (roles.count(ZoneRole.CORNER), roles.count(ZoneRole.JACK)) == (4, 2)
    assert ZoneRole.FUEL not in roles
