"""Pictures as Qt sees them."""

from __future__ import annotations

import numpy as np
import pytest

from codefx_desktop.ui.models.pictures import image_of


@pytest.mark.parametrize("padding", [0, 5, 64])
def test_an_image_is_the_array_however_far_apart_its_rows_lie(padding: int) -> None:
    rows = np.random.default_rng(1).integers(0, 256, (7, 3 * 10 + padding), np.uint8)
    pixels = rows[:, :30].reshape(7, 10, 3)
    pixels.setflags(write=False)
    image = image_of(pixels)
    for y, x in ((0, 0), (3, 9), (6, 0), (6, 9)):
        colour = image.pixelColor(x, y)
        assert [colour.red(), colour.green(), colour.blue()] == pixels[y, x].tolist()
