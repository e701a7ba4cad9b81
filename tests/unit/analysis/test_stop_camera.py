"""A stop's places followed on the pictures of a moving camera, and only in their own shot."""

from __future__ import annotations

import numpy as np

from codefx_desktop.analysis.stop_camera import stop_camera
from codefx_desktop.analysis.stop_frame import Steady
from codefx_desktop.domain.events import Event, EventStatus, Place
from codefx_desktop.domain.observations import Motion, Objects, Observations
from codefx_desktop.domain.stop import PitStop
from codefx_desktop.domain.zone import CarPlace

FRAMES, WIDTH, HEIGHT = 20, 200, 100


def stop(first_s: float = 0.2, last_s: float = 0.8) -> PitStop:
    events = tuple(
        Event(kind, Place.NONE, time_s, status=EventStatus.PROPOSED)
        for kind, time_s in (("stop", first_s), ("go", last_s))
    )
    return PitStop(1, "f1", events, 0.0, 2.0, car=CarPlace((0.25, 0.2, 0.75, 0.8), {}))


def seen(cuts: tuple[int, ...] = (), car_from: int | None = None, step: int = 1) -> Observations:
    random = np.random.default_rng(4)
    camera = random.normal(0.0, (2.0, 2.0, 0.01, 0.01), (FRAMES, 4)).astype(np.float32)
    shape = (FRAMES, 2, 2)
    motion = Motion(np.zeros((*shape, 2), np.float16), np.zeros(shape, np.uint8), camera)
    objects = Objects.none()
    if car_from is not None:
        frames = np.arange(car_from, FRAMES, dtype=np.int32)
        n = len(frames)
        steady = Steady(np.zeros((FRAMES, 4)), 0, WIDTH, HEIGHT)
        box = steady.boxes_to_stop(np.tile((50.0, 20.0, 150.0, 80.0), (n, 1)), frames)
        objects = Objects(
            frames, box.astype(np.float32), np.ones(n, np.float32), np.zeros(n, np.int16),
            np.full(n, -1, np.int32), ("car",),
        )  # fmt: skip
        motion = Motion(motion.flow, motion.energy, np.zeros_like(camera))
    times_s = np.arange(FRAMES) / 20
    numbers = np.arange(FRAMES, dtype=np.int32) * step
    return Observations(WIDTH, HEIGHT, times_s, numbers, objects, motion, None, cuts, 1.0)


def shown(matrices: np.ndarray) -> list[int]:
    return np.flatnonzero(np.isfinite(matrices).all(axis=(1, 2))).tolist()


def test_places_go_with_the_camera() -> None:
    observed = seen()
    matrices = stop_camera(stop(), observed)
    assert matrices.shape == (FRAMES, 2, 3)
    place = np.array((30.0, 70.0))
    steady = Steady.of(observed, 0)
    for frame, matrix in enumerate(matrices):
        here = matrix[:, :2] @ place + matrix[:, 2]
        assert np.allclose(steady.to_stop(here, frame), place)
    assert np.allclose(matrices[0], np.eye(2, 3))
    assert not np.allclose(matrices[10], np.eye(2, 3), atol=0.5)


def test_other_shots_show_nothing() -> None:
    assert shown(stop_camera(stop(), seen((17,)))) == list(range(17))
    assert shown(stop_camera(stop(), seen((2, 17)))) == list(range(2, 17))


def test_with_a_cut_through_the_stop_the_car_tells_which_shot_it_is() -> None:
    assert shown(stop_camera(stop(), seen((10,), car_from=10))) == list(range(10, FRAMES))
    assert shown(stop_camera(stop(), seen((10,)))) == []


def test_without_a_place_of_the_car_nothing_is_shown() -> None:
    nowhere = PitStop(1, "f1", (), 0.0, 2.0)
    assert shown(stop_camera(nowhere, seen())) == []


def test_frames_that_were_not_analysed_have_the_matrix_of_the_one_before() -> None:
    every, second = stop_camera(stop(), seen()), stop_camera(stop(), seen(step=2))
    assert len(second) == 2 * FRAMES - 1
    assert np.allclose(second[::2], every)
    assert np.allclose(second[1::2], every[:-1])
