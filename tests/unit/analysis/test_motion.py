"""What moves, frame by frame: flow, the camera's own motion, cuts, release lights."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest

from codefx_desktop.analysis.motion import MotionTaker
from codefx_desktop.analysis.stop_frame import Steady, camera_path
from codefx_desktop.domain.clip import FrameTime
from codefx_desktop.domain.frame import Frame

if TYPE_CHECKING:
    from codefx_desktop.domain.observations import Motion

WIDTH, HEIGHT = 640, 360


def ground(seed: int = 1) -> np.ndarray:
    rng = np.random.default_rng(seed)
    fine = cv2.GaussianBlur(rng.uniform(0, 255, (600, 900)).astype(np.float32), (0, 0), 2.5)
    return np.clip((fine - 127) * 6 + 110, 0, 255)


def picture(
    base: np.ndarray, shift: tuple[float, float] = (0.0, 0.0), turn_deg: float = 0.0
) -> np.ndarray:
    """Return a view of the ground, RGB, moved and turned about its middle."""
    matrix = cv2.getRotationMatrix2D((450, 300), turn_deg, 1.0)
    matrix[:, 2] += (shift[0] - 130, shift[1] - 120)
    grey = cv2.warpAffine(base, matrix, (WIDTH, HEIGHT), flags=cv2.INTER_CUBIC)
    return np.repeat(np.clip(grey, 0, 255).astype(np.uint8)[..., None], 3, axis=2)


def taken(pictures: list[np.ndarray]) -> Motion:
    taker = MotionTaker(pictures[0].shape[1], pictures[0].shape[0])
    for number, pixels in enumerate(pictures):
        taker.update(Frame(number, FrameTime(number, Fraction(1, 30)), pixels.copy()))
    return taker.finish()


def with_patch(under: np.ndarray, over: np.ndarray, x: float) -> np.ndarray:
    """Return a picture with a part of another ground pasted on it, at a fraction of a pixel."""
    matrix = np.array(((1.0, 0.0, x - 100.0), (0.0, 1.0, -150.0)))
    piece = cv2.warpAffine(over, matrix, (WIDTH, HEIGHT), flags=cv2.INTER_CUBIC)
    mask = np.zeros((HEIGHT, WIDTH), np.float32)
    mask[120:240, 200:440] = 1.0
    mask = cv2.warpAffine(mask, np.array(((1.0, 0.0, x - 100.0), (0.0, 1.0, 0.0))), (WIDTH, HEIGHT))
    mixed = under * (1 - mask[..., None]) + np.clip(piece, 0, 255)[..., None] * mask[..., None]
    return mixed.astype(np.uint8)


def test_the_grid_follows_the_picture_and_stays_small() -> None:
    wide = taken([picture(ground())] * 2)
    assert wide.flow.shape == (2, 18, 32, 2)
    assert wide.energy.shape == (2, 18, 32)
    assert sum(a.nbytes for a in (wide.flow, wide.energy, wide.camera)) / 2 < 3000
    tall = taken([np.zeros((720, 404, 3), np.uint8)] * 2)
    assert tall.flow.shape == (2, 32, 18, 2)
    assert taken([np.zeros((20, 30, 3), np.uint8)] * 2).camera.shape == (2, 4)


def test_no_frames_give_empty_motion() -> None:
    motion = MotionTaker(1280, 720).finish()
    assert motion.flow.shape == (0, 18, 32, 2)
    assert motion.lights.shape == (0, 4)


def test_a_picture_has_a_size() -> None:
    with pytest.raises(ValueError, match="width and a height"):
        MotionTaker(0, 720)


def test_what_moves_has_flow_and_what_stands_has_none() -> None:
    under, over = picture(ground()), ground(2)
    places = [100 + 2.5 * k for k in range(6)]
    motion = taken([with_patch(under, over, x) for x in places])
    inside, outside = motion.flow[5, 7:11, 13:19], motion.flow[5, :3]
    assert np.median(inside[..., 0]) == pytest.approx(2.5, abs=0.15)
    assert np.abs(np.median(inside[..., 1])) < 0.15
    assert np.abs(outside).max() < 0.3
    assert motion.energy[5, 7:11, 13:19].mean() > 10 * motion.energy[5, :3].mean()
    assert not motion.flow[0].any()


@pytest.mark.parametrize("size", [(640, 360), (1280, 720), (960, 720)])
def test_flow_is_that_of_the_whole_small_picture(size: tuple[int, int]) -> None:
    under, over = picture(ground()), ground(2)
    wide = [cv2.resize(with_patch(under, over, 100 + 3.3 * k), size) for k in range(4)]
    flow = taken(wide).flow.astype(np.float32)
    height = round(640 * size[1] / size[0])
    small = [cv2.resize(pixels, (640, height), interpolation=cv2.INTER_AREA) for pixels in wide]
    greys = [cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY) for pixels in small]
    whole = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_ULTRAFAST)
    for k in range(1, 4):
        back = whole.calc(greys[k], greys[k - 1], None)
        cells = cv2.resize(-back, flow.shape[2:0:-1], interpolation=cv2.INTER_AREA)
        # What is left is the camera's own motion, hardly any here, and rounding.
        assert flow[k] == pytest.approx(cells * size[0] / 640, rel=2e-3, abs=0.05)


def test_the_cameras_shake_is_told_and_taken_out() -> None:
    base = ground()
    sway = [
        (4 * np.sin(0.7 * k), 3 * np.cos(0.9 * k) - 3, 0.2 * np.sin(0.4 * k)) for k in range(20)
    ]
    motion = taken([picture(base, (x, y), turn) for x, y, turn in sway])
    path = camera_path(motion.camera, ())
    assert path[:, 0] == pytest.approx([x for x, _, _ in sway], abs=0.15)
    assert path[:, 1] == pytest.approx([y for _, y, _ in sway], abs=0.15)
    assert np.degrees(path[:, 3]) == pytest.approx([turn for *_, turn in sway], abs=0.03)
    assert np.abs(motion.flow).mean() < 0.15
    assert not motion.cuts


def test_a_place_on_the_ground_stays_where_it_was() -> None:
    base = ground()
    turns = [0.3 * k for k in range(8)]
    motion = taken([picture(base, (2.0 * k, -k), turns[k]) for k in range(8)])
    steady = Steady(camera_path(motion.camera, ()), 2, WIDTH, HEIGHT)
    matrices = []
    for k in (2, 7):
        matrix = cv2.getRotationMatrix2D((450, 300), turns[k], 1.0)
        matrix[:, 2] += (2.0 * k - 130, -k - 120)
        matrices.append(matrix)
    spot = np.array((520.0, 250.0, 1.0))
    then, now = (matrix @ spot for matrix in matrices)
    assert steady.to_stop(now, 7) == pytest.approx(then, abs=0.3)


def test_a_long_pan_is_followed() -> None:
    base = cv2.resize(ground(), (1800, 1200))
    views = [
        np.repeat(base[200:560, 8 * k : 8 * k + 640, None].astype(np.uint8), 3, axis=2)
        for k in range(60)
    ]
    path = camera_path(taken(views).camera, ())
    assert path[-1, 0] == pytest.approx(-8 * 59, abs=4)


def test_another_camera_is_a_cut_and_gives_no_motion() -> None:
    first, second = picture(ground(1)), picture(ground(7), (20, 10), 5)
    motion = taken([first] * 6 + [second] * 6)
    assert motion.cuts == (6,)
    assert not motion.flow[6].any()
    assert not motion.camera[6].any()


def test_a_flat_picture_says_nothing_of_the_camera() -> None:
    motion = taken([np.full((HEIGHT, WIDTH, 3), 90, np.uint8)] * 4)
    assert not motion.camera.any()
    assert not motion.cuts


def lamp(colour: tuple[int, int, int], other: tuple[int, int, int], x: int = 300) -> np.ndarray:
    pixels = picture(ground())
    cv2.circle(pixels, (x, 100), 6, colour, -1)
    cv2.circle(pixels, (x + 18, 100), 6, other, -1)
    return pixels


RED_ON = ((14, 60, 24), (255, 45, 35))
GREEN_ON = ((40, 255, 90), (70, 16, 16))


def test_a_light_that_changes_is_told_with_its_place() -> None:
    motion = taken([lamp(*RED_ON)] * 10 + [lamp(*GREEN_ON)] * 10)
    (light,) = motion.lights
    assert light[0] == 10
    assert light[1:3] == pytest.approx((300, 100), abs=2)
    assert light[3] == pytest.approx(12, abs=3)


@pytest.mark.parametrize(
    "pictures",
    [
        [lamp(*RED_ON)] * 3 + [lamp(*GREEN_ON)] * 10,
        [lamp(*RED_ON)] * 10 + [lamp(*GREEN_ON)] * 3 + [lamp(*RED_ON)] * 10,
        [lamp((90, 90, 90), (90, 90, 90))] * 10 + [lamp(GREEN_ON[0], (90, 90, 90))] * 10,
        [lamp(*GREEN_ON, x=40 + 12 * k) for k in range(20)],
    ],
    ids=["red was hardly on", "green goes out again", "no red lamp", "moves"],
)
def test_other_green_things_are_no_release(pictures: list[np.ndarray]) -> None:
    assert not len(taken(pictures).lights)
