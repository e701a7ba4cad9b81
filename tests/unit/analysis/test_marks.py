"""How a car stands in its box, from wheels that a camera of known place sees."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from stop_samples import f1_times, stop_of

from codefx_desktop.analysis.above_ground import AboveGround
from codefx_desktop.analysis.anatomy import anatomy
from codefx_desktop.analysis.ground import Ground
from codefx_desktop.analysis.marks import RADIUS_M, hit_marks
from codefx_desktop.domain.camera_profile import BoxMarks, CameraProfile
from codefx_desktop.domain.events import Place
from codefx_desktop.domain.observations import Objects, Observations
from codefx_desktop.domain.zone import CarPlace
from codefx_desktop.settings.templates import built_in_templates

if TYPE_CHECKING:
    from codefx_desktop.domain.stop import PitStop

WIDTH, HEIGHT = 1280, 720
LENGTH_M, WIDTH_M = 6.2, 2.9
HUBS = {
    Place.FRONT_LEFT: (1.75, 0.8),
    Place.FRONT_RIGHT: (1.75, -0.8),
    Place.REAR_LEFT: (-1.75, 0.8),
    Place.REAR_RIGHT: (-1.75, -0.8),
}
TIMES = np.arange(0.0, 6.0, 0.02)


def project(points: np.ndarray) -> np.ndarray:
    """Return pixels of places in metres, seen from 7 m beside and 5 m above the box."""
    eye = np.array([1.5, -7.0, 5.0])
    ahead = -eye / np.linalg.norm(eye)
    right = np.cross(ahead, (0.0, 0.0, 1.0))
    right /= np.linalg.norm(right)
    off = (points - eye) @ np.stack((right, np.cross(ahead, right), ahead)).T
    return 1100.0 * off[:, :2] / off[:, 2:] + (WIDTH / 2, HEIGHT / 2)


def camera() -> CameraProfile:
    x, y = LENGTH_M / 2, WIDTH_M / 2
    corners = project(np.array([(x, y, 0), (x, -y, 0), (-x, -y, 0), (-x, y, 0)]))
    a, b, c, d = ((u / WIDTH, v / HEIGHT) for u, v in corners.tolist())
    return CameraProfile(marks=BoxMarks((a, b, c, d), LENGTH_M, WIDTH_M))


def seen(
    long_m: float, lateral_m: float, turn_deg: float, places: tuple[Place, ...] = tuple(HUBS)
) -> tuple[PitStop, Observations]:
    """Return a stop, and the wheels of a car that stands so in its box."""
    turn = math.radians(turn_deg)
    across = np.array([[math.cos(turn), -math.sin(turn)], [math.sin(turn), math.cos(turn)]])
    spots = np.array([HUBS[place] for place in places]) @ across.T + (long_m, lateral_m)
    middle = project(np.column_stack((spots, np.full(len(spots), RADIUS_M))))
    rng = np.random.default_rng(3)
    frame = np.repeat(np.arange(len(TIMES), dtype=np.int32), len(places))
    boxes = np.tile(np.column_stack((middle - 30.0, middle + 30.0)), (len(TIMES), 1))
    boxes += np.tile(rng.normal(0.0, 0.8, (len(boxes), 2)), 2)
    # Until it stops the car is elsewhere; once it is raised so are its wheels.
    boxes[TIMES[frame] < 2.0] += 90.0
    boxes[(TIMES[frame] > 2.45) & (TIMES[frame] < 4.05)] -= 9.0
    count = len(frame)
    objects = Objects(
        frame,
        boxes.astype(np.float32),
        np.full(count, 0.9, np.float32),
        np.ones(count, np.int16),
        np.arange(count, dtype=np.int32),
        ("car", "wheel"),
    )
    hubs = {
        place: (u / WIDTH, v / HEIGHT)
        for place, (u, v) in zip(places, middle.tolist(), strict=True)
    }
    stop = replace(stop_of(f1_times()), car=CarPlace((0.2, 0.2, 0.8, 0.8), hubs))
    numbers = np.arange(len(TIMES), dtype=np.int32)
    return stop, Observations(
        WIDTH, HEIGHT, TIMES, numbers, objects, None, None, (), float(TIMES[-1])
    )


@pytest.mark.parametrize(
    ("long_m", "lateral_m", "turn_deg"), [(0.0, 0.0, 0.0), (0.31, -0.12, 2.0), (-0.45, 0.2, -1.5)]
)
def test_long_lateral_and_angle(long_m: float, lateral_m: float, turn_deg: float) -> None:
    stop, footage = seen(long_m, lateral_m, turn_deg)
    hit = hit_marks(stop, camera(), footage)
    assert hit.reason == ""
    assert hit.long_m == pytest.approx(long_m, abs=0.02)
    assert hit.lateral_m == pytest.approx(lateral_m, abs=0.02)
    assert hit.angle_deg == pytest.approx(turn_deg, abs=0.5)
    for bounds, truth in (
        (hit.low_high_long_m, long_m),
        (hit.low_high_lateral_m, lateral_m),
        (hit.low_high_angle_deg, turn_deg),
    ):
        assert bounds is not None
        assert bounds[0] < truth < bounds[1]


def test_one_side_does_not_tell_how_far_to_a_side() -> None:
    stop, footage = seen(0.2, 0.1, 1.0, (Place.FRONT_RIGHT, Place.REAR_RIGHT))
    hit = hit_marks(stop, camera(), footage)
    assert hit.long_m == pytest.approx(0.2, abs=0.03)
    assert hit.lateral_m is hit.low_high_lateral_m is None
    assert "one side only" in hit.reason


def test_one_wheel_tells_nothing() -> None:
    stop, footage = seen(0.2, 0.1, 1.0, (Place.FRONT_RIGHT,))
    hit = hit_marks(stop, camera(), footage)
    assert hit.long_m is hit.lateral_m is hit.angle_deg is None
    assert hit.reason


def test_without_clicks_nothing_is_in_metres() -> None:
    stop, footage = seen(0.2, 0.1, 1.0)
    assert "not calibrated" in hit_marks(stop, CameraProfile(), footage).reason
    template = built_in_templates()[0]
    assert anatomy(stop, template, camera(), footage).marks.long_m is not None
    assert anatomy(stop, template, camera(), None).marks.long_m is None


def test_a_box_that_is_none_is_told() -> None:
    stop, footage = seen(0.0, 0.0, 0.0)
    crossed = BoxMarks(((0.1, 0.1), (0.9, 0.9), (0.9, 0.1), (0.1, 0.9)), 6.0, 3.0)
    assert "cannot be used" in hit_marks(stop, CameraProfile(marks=crossed), footage).reason


def test_wheels_are_not_looked_at_while_the_car_is_raised_or_rolls() -> None:
    stop, footage = seen(0.0, 0.0, 0.0)
    without = replace(
        stop,
        events=tuple(e for e in stop.events if e.kind not in ("stop", "jack_down", "wheel_on")),
    )
    assert "No two wheels" in hit_marks(without, camera(), footage).reason


def test_places_above_the_ground_are_exact() -> None:
    marks = camera().marks
    assert marks is not None
    ground = Ground(marks, camera().lens, WIDTH, HEIGHT)
    space = AboveGround(ground, camera().lens, WIDTH, HEIGHT)
    points = np.array([(1.0, 0.5, 0.0), (-2.0, -1.0, 0.36), (0.3, 0.9, 1.2)])
    for point in points:
        assert space.to_metres(project(point[None]), point[2]) == pytest.approx(
            point[None, :2], abs=1e-6
        )


def test_a_box_seen_straight_from_above_does_not_tell_the_lens() -> None:
    square = BoxMarks(((0.7, 0.3), (0.7, 0.7), (0.3, 0.7), (0.3, 0.3)), 4.0, 4.0 * 720 / 1280)
    ground = Ground(square, camera().lens, WIDTH, HEIGHT)
    with pytest.raises(ValueError, match="how long the lens is"):
        AboveGround(ground, camera().lens, WIDTH, HEIGHT)
