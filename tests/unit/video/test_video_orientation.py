"""Display matrices and sizes."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from codefx_desktop.video.orientation import Orientation, from_matrix
from codefx_desktop.video.picture import upright_size

ONE = 1 << 16


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
@pytest.mark.parametrize("mirrored", [False, True])
def test_every_orientation_is_read_back_from_its_matrix(rotation: int, mirrored: bool) -> None:
    turns = {0: (1, 0, 0, 1), 90: (0, 1, -1, 0), 180: (-1, 0, 0, -1), 270: (0, -1, 1, 0)}
    a, b, c, d = (value * ONE for value in turns[rotation])
    if mirrored:  # x' is negated after the rotation
        a, c = -a, -c
    assert from_matrix(a, b, c, d) == Orientation(rotation, mirrored)


def test_a_hand_held_angle_counts_as_the_nearest_quarter_turn() -> None:
    cos, sin = round(np.cos(np.radians(80)) * ONE), round(np.sin(np.radians(80)) * ONE)
    assert from_matrix(cos, sin, -sin, cos) == Orientation(90)


@pytest.mark.parametrize(
    ("size", "aspect", "rotation", "expected"),
    [
        ((240, 180), Fraction(4, 3), 0, (320, 180)),
        ((720, 480), Fraction(8, 9), 0, (720, 540)),
        ((1440, 1080), Fraction(4, 3), 90, (1080, 1920)),
        ((1920, 1080), None, 270, (1080, 1920)),
        ((100, 100), Fraction(1, 1000), 0, (100, 100)),
    ],
)
def test_upright_size(
    size: tuple[int, int], aspect: Fraction | None, rotation: int, expected: tuple[int, int]
) -> None:
    assert upright_size(*size, aspect, Orientation(rotation)) == expected
