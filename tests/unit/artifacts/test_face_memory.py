"""Where faces are hidden while they are missed, and before they are found."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from fake_values import faces

from codefx_desktop.artifacts.blur_faces import (
    HOLD_S,
    FaceMemory,
    coming_boxes,
    hidden_boxes,
    hide,
    together,
)

if TYPE_CHECKING:
    import numpy.typing as npt

ONE, NEAR, FAR = (100, 100, 140, 160), (106, 102, 146, 162), (300, 100, 340, 160)
NOBODY = faces([])


def holds(boxes: npt.NDArray[np.float64], wanted: tuple[int, int, int, int]) -> bool:
    """Whether one of the boxes holds all of another."""
    x1, y1, x2, y2 = wanted
    inside = (boxes[:, :2] <= (x1, y1)).all(axis=1) & (boxes[:, 2:] >= (x2, y2)).all(axis=1)
    return bool(inside.any())


def test_a_face_that_is_missed_stays_hidden_for_a_while() -> None:
    memory = FaceMemory()
    assert memory.update(faces([ONE]), 1.0).tolist() == [list(ONE)]
    for missed_s in (0.04, 0.2, HOLD_S):
        assert holds(memory.update(NOBODY, 1.0 + missed_s), ONE)
    assert not len(memory.update(NOBODY, 1.0 + HOLD_S + 0.01))


def test_what_is_hidden_grows_while_it_is_missed() -> None:
    memory = FaceMemory()
    memory.update(faces([ONE]), 0.0)
    (early,), (late,) = memory.update(NOBODY, 0.1), memory.update(NOBODY, 0.3)
    assert early.tolist() == [96, 94, 144, 166]
    assert late.tolist() == [88, 82, 152, 178]


def test_a_face_found_again_takes_the_place_of_its_last_one() -> None:
    memory = FaceMemory()
    memory.update(faces([ONE]), 0.0)
    assert memory.update(faces([NEAR]), 0.04).tolist() == [list(NEAR)]


def test_a_neighbour_does_not_take_the_place_of_a_face_that_is_missed() -> None:
    memory = FaceMemory()
    beside = (130, 100, 170, 160)
    memory.update(faces([ONE, beside]), 0.0)
    hidden = memory.update(faces([beside]), 0.04)
    assert holds(hidden, ONE)
    assert holds(hidden, beside)


def test_a_face_somewhere_else_is_another_one() -> None:
    memory = FaceMemory()
    memory.update(faces([ONE]), 0.0)
    hidden = memory.update(faces([FAR]), 0.04)
    assert holds(hidden, ONE)
    assert holds(hidden, FAR)


def test_a_face_is_hidden_before_it_is_first_found() -> None:
    seen = [(0.0, NOBODY), (0.1, NOBODY), (0.2, faces([ONE])), (0.3, faces([NEAR]))]
    assert holds(coming_boxes(seen), ONE)
    assert not len(coming_boxes([*seen[:1], (HOLD_S + 0.1, faces([ONE]))]))


def test_what_is_hidden_in_one_frame_comes_from_both_sides_each_box_once() -> None:
    seen = [(0.0, faces([ONE])), (0.1, NOBODY), (0.2, faces([FAR]))]
    boxes = hidden_boxes(seen, 1)
    assert len(boxes) == 2
    assert holds(boxes, ONE)
    assert holds(boxes, FAR)
    assert len(hidden_boxes(seen, 0)) == 2, "found here, and coming"


def test_nothing_found_nothing_hidden() -> None:
    picture = np.random.default_rng(1).integers(0, 255, (60, 80, 3)).astype(np.uint8)
    boxes = hidden_boxes([(0.0, NOBODY), (0.1, NOBODY)], 0)
    assert boxes.shape == (0, 4)
    assert (hide(picture, boxes) == picture).all()


def test_a_face_that_is_nowhere_cannot_be_hidden() -> None:
    with pytest.raises(ValueError, match="no place"):
        hide(np.zeros((9, 9, 3), np.uint8), np.full((1, 4), np.nan))


def test_places_of_one_face_are_hidden_as_one() -> None:
    boxes = together(np.array([ONE, FAR], np.float64), np.array([NEAR], np.float64))
    assert sorted(boxes.tolist()) == [[100, 100, 146, 162], [300, 100, 340, 160]]
    chain = [[0, 0, 10, 10], [4, 0, 14, 10], [8, 0, 18, 10]]
    assert len(together(np.array(chain, np.float64), np.zeros((0, 4)))) == 1
    beside = [[0, 0, 10, 10], [8, 0, 18, 10]]
    assert len(together(np.array(beside, np.float64), np.zeros((0, 4)))) == 2
