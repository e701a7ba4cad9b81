"""Pictures and outlines: exact, inside the picture, the same for the same seed."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np
import pytest

from codefx_desktop.synthetic.camera import choose_camera
from codefx_desktop.synthetic.light import choose_light
from codefx_desktop.synthetic.paint import Painter
from codefx_desktop.synthetic.scene import CAR, Scene

if TYPE_CHECKING:
    from codefx_desktop.synthetic.outline import Outlines

SIZE = (640, 360)


def painter(seed: int) -> Painter:
    return Painter(Scene(seed, 10.0), choose_camera(seed, 0), choose_light(seed, 0), SIZE)


def digest(seed: int, time_s: float) -> tuple[str, str]:
    pixels, outlines = painter(seed).paint(time_s, 3)
    truth = outlines.xyxy.tobytes() + outlines.visible.tobytes() + outlines.number.tobytes()
    return hashlib.sha256(pixels.tobytes()).hexdigest(), hashlib.sha256(truth).hexdigest()


def test_the_same_seed_is_the_same_picture_and_truth_to_the_byte() -> None:
    assert digest(3, 4.0) == digest(3, 4.0)
    assert digest(3, 4.0)[0] != digest(4, 4.0)[0]


@pytest.mark.parametrize("time_s", [0.0, 1.5, 3.5, 5.0, 9.9])
@pytest.mark.parametrize("seed", [2, 11, 100_302, 100_307])
def test_boxes_lie_inside_the_picture_and_fractions_are_fractions(seed: int, time_s: float) -> None:
    pixels, outlines = painter(seed).paint(time_s, 0)
    assert pixels.shape == (SIZE[1], SIZE[0], 3)
    assert pixels.dtype == np.uint8
    assert pixels.std() > 8
    low, high = outlines.xyxy[:, :2], outlines.xyxy[:, 2:]
    assert (low >= 0).all()
    assert (high <= SIZE).all()
    assert (high - low >= 1).all()
    assert ((outlines.visible >= 0) & (outlines.visible <= 1)).all()
    assert len(set(outlines.number.tolist())) == len(outlines)
    for lines in outlines.polygons:
        for line in lines:
            assert (line >= 0).all()
            assert (line <= SIZE).all()


def test_polygons_fill_their_boxes() -> None:
    _, outlines = painter(12).paint(4.0, 0)
    assert len(outlines) > 20
    for box, lines in zip(outlines.xyxy, outlines.polygons, strict=True):
        points = np.concatenate(lines)
        around = np.concatenate((points.min(axis=0), points.max(axis=0)))
        assert np.abs(around - box).max() <= 3.0


def one(outlines: Outlines, number: int) -> int:
    return int(np.flatnonzero(outlines.number == number)[0])


def test_mounted_wheels_are_at_their_hubs_in_the_picture() -> None:
    scene, camera = Scene(12, 10.0), choose_camera(12, 0)
    time_s = scene.plan.stop_s
    made = Painter(scene, camera, choose_light(12, 0), SIZE)
    _, outlines = made.paint(time_s, 0)
    view = camera.view(time_s, *SIZE)
    for corner in scene.corners:
        number = scene.subject("wheel_off", corner.name)[0]
        box = outlines.xyxy[one(outlines, number)]
        hub = view.project(scene.car.hub(corner.name, time_s)[None])[0]
        assert np.abs((box[:2] + box[2:]) / 2 - hub).max() < 4.0


def test_a_covered_thing_is_less_visible_and_a_free_one_wholly() -> None:
    made = painter(12)
    _, outlines = made.paint(made.scene.plan.stop_s, 0)
    for corner in made.scene.corners:
        mounted = made.scene.subject("wheel_off", corner.name)[0]
        carried = made.scene.subject("wheel_on", corner.name)[0]
        assert outlines.visible[one(outlines, mounted)] > 0.97
        assert outlines.visible[one(outlines, carried)] < 0.95
    assert outlines.visible[outlines.class_id == CAR].max() > 0.9


def test_a_car_far_along_the_lane_is_not_drawn() -> None:
    scene = Scene(100_307, 10.0)
    assert scene.car.pose(9.9).x_m > 17.0
    drawing = scene.draw(9.9, np.array([0.0, 0.0, 10.0]))
    assert 0 not in drawing.slow.owner
    assert all(0 not in shapes.owner for shapes, _ in drawing.fast)
