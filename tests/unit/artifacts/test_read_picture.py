"""Pictures read back: their size, their colours, and what is no whole picture."""

from __future__ import annotations

import numpy as np
import pytest

from codefx_desktop.artifacts.files import jpeg
from codefx_desktop.artifacts.read_picture import jpeg_size, read_jpeg


def halves(width: int, height: int) -> np.ndarray:
    """Return a picture that is red at the left and blue at the right."""
    pixels = np.zeros((height, width, 3), np.uint8)
    pixels[:, : width // 2] = (220, 30, 20)
    pixels[:, width // 2 :] = (10, 40, 230)
    return pixels


@pytest.mark.parametrize(
    ("at_most", "size"),
    [
        (None, (1280, 720)),
        ((4000, 4000), (1280, 720)),
        ((640, 640), (640, 360)),
        ((640, 200), (356, 200)),
        ((100, 720), (100, 56)),
        ((3, 3), (3, 2)),
        ((1, 1), (1, 1)),
    ],
)
def test_it_fits_and_is_never_enlarged(
    at_most: tuple[int, int] | None, size: tuple[int, int]
) -> None:
    pixels = read_jpeg(jpeg(halves(1280, 720)), at_most)
    assert (pixels.shape[1], pixels.shape[0]) == size
    assert pixels.flags.c_contiguous
    assert not pixels.flags.writeable


@pytest.mark.parametrize("at_most", [None, (500, 500), (90, 90)])
def test_colours_are_rgb_at_every_size(at_most: tuple[int, int] | None) -> None:
    pixels = read_jpeg(jpeg(halves(1280, 720)), at_most).astype(int)
    height, width, _ = pixels.shape
    assert abs(pixels[height // 2, width // 4] - (220, 30, 20)).max() < 12
    assert abs(pixels[height // 2, 3 * width // 4] - (10, 40, 230)).max() < 12


def test_the_size_is_read_from_the_head() -> None:
    assert jpeg_size(jpeg(halves(1917, 31))) == (1917, 31)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"not a picture",
        jpeg(halves(64, 48))[:-200],
        b"\xff\xd8\xff\xd9",
        b"\xff\xd8\xff\xe0\x00\x04ab\xff\xd9",
        b"\xff\xd8\xff\xe0\x00\x00" + b"\xff\xd9" * 40,
        jpeg(halves(64, 48))[:24] + b"\xff\xd9",
    ],
)
def test_what_is_no_whole_picture_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="JPEG picture"):
        read_jpeg(data)
