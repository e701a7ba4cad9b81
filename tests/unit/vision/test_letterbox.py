from __future__ import annotations

import models
import numpy as np
import pytest

from codefx_desktop.vision.letterbox import Letterbox

SIZES = [
    (720, 1280),
    (1080, 1920),
    (500, 1020),
    (1920, 1080),
    (480, 640),
    (360, 640),
    (384, 640),
    (101, 97),
    (33, 640),
    (1, 3000),
    (2160, 3841),
    (20, 20),
]


def drawn(pixels: np.ndarray, longest_px: int = 640) -> tuple[Letterbox, np.ndarray]:
    box = Letterbox.fit(pixels.shape[:2], longest_px, 32)
    out = np.full((*box.shape, 3), 7, np.uint8)
    box.draw(pixels, out)
    return box, out


@pytest.mark.parametrize("longest_px", [320, 640, 1280])
@pytest.mark.parametrize("size", SIZES)
def test_the_picture_is_bit_for_bit_that_of_ultralytics(
    size: tuple[int, int], longest_px: int
) -> None:
    from ultralytics.data.augment import LetterBox

    pixels = models.blobs(*size)
    theirs = LetterBox((longest_px, longest_px), auto=True, stride=32)(image=pixels[..., ::-1])
    _, ours = drawn(pixels, longest_px)
    np.testing.assert_array_equal(ours, theirs[..., ::-1])


@pytest.mark.parametrize("size", SIZES)
def test_boxes_come_back_to_where_they_were(size: tuple[int, int]) -> None:
    box = Letterbox.fit(size, 640, 32)
    height, width = size
    there = np.array([[0, 0, width, height], [width / 4, height / 3, width / 2, height / 2]])
    scale = np.array([box.size[1] / width, box.size[0] / height] * 2)
    inside = there * scale + np.array([box.left, box.top] * 2)
    np.testing.assert_allclose(box.undo(inside.astype(np.float32)), there, atol=1e-3, rtol=1e-5)


def test_boxes_are_clipped_to_the_picture() -> None:
    box = Letterbox.fit((720, 1280), 640, 32)
    back = box.undo(np.array([[-50, -50, 9000, 9000]], np.float32))
    np.testing.assert_array_equal(back, [[0, 0, 1280, 720]])
    assert back.dtype == np.float32
    assert box.undo(np.zeros((0, 4), np.float32)).shape == (0, 4)


@pytest.mark.parametrize("size", [(720, 1280), (1080, 1920), (500, 1020), (1920, 1080)])
def test_boxes_of_usual_sizes_come_back_as_with_ultralytics(size: tuple[int, int]) -> None:
    from ultralytics.utils.ops import scale_boxes

    box = Letterbox.fit(size, 640, 32)
    corners = np.random.default_rng(0).uniform(0, 640, (50, 4)).astype(np.float32)
    theirs = scale_boxes(box.shape, corners.copy(), size)
    np.testing.assert_allclose(box.undo(corners), theirs, atol=0.01)


def test_where_ultralytics_guesses_the_scale_wrong_ours_is_right() -> None:
    """1056 * 640/1918 = 352.37 rounds down onto a stride: its guess is then one pixel short."""
    from ultralytics.utils.ops import scale_boxes

    size = (1056, 1918)
    box = Letterbox.fit(size, 640, 32)
    whole = np.array([[0, 0, 640, 352]], np.float32)
    np.testing.assert_allclose(box.undo(whole), [[0, 0, 1918, 1056]])
    quarter = np.array([[0, 0, 480, 264]], np.float32)
    np.testing.assert_allclose(box.undo(quarter), [[0, 0, 1918 * 0.75, 1056 * 0.75]])
    assert abs(scale_boxes(box.shape, quarter.copy(), size)[0, 2] - 1918 * 0.75) > 1


def test_a_picture_of_the_right_size_is_only_copied() -> None:
    pixels = models.blobs(384, 640)
    pixels.setflags(write=False)
    _, out = drawn(pixels)
    np.testing.assert_array_equal(out, pixels)


def test_it_does_not_matter_how_far_apart_rows_lie() -> None:
    pixels = models.blobs(500, 1020)
    apart = np.zeros((500, 3072), np.uint8)
    apart[:, :3060] = pixels.reshape(500, 3060)
    _, expected = drawn(pixels)
    _, found = drawn(apart[:, :3060].reshape(500, 1020, 3))
    assert np.array_equal(found, expected)
