"""What the contract leaves open: fast heads, crossings, irregular pauses."""

from __future__ import annotations

import numpy as np
import pytest
from fakes import faces

from codefx_desktop.vision.face_tracker import FootageFaceTracker


def ids(tracker: FootageFaceTracker, boxes: list[list[float]], time_s: float) -> list[int]:
    return tracker.update(faces(boxes), time_s).track_id.tolist()


def test_a_head_that_leaves_its_own_box_between_two_looks_is_followed() -> None:
    """40 px wide, 50 px a look: the boxes never overlap, the widened ones do."""
    tracker = FootageFaceTracker()
    rows = [ids(tracker, [[50 * n, 100, 50 * n + 40, 150]], n / 4) for n in range(8)]
    assert rows == [[1]] * 8


def test_two_that_pass_each_other_keep_their_own_ids() -> None:
    tracker = FootageFaceTracker()
    for n in range(40):
        right, left = 100.0 + 10 * n, 500.0 - 10 * n
        boxes = [[right, 100, right + 50, 160], [left, 120, left + 50, 180]]
        assert ids(tracker, boxes, n / 30) == [1, 2]


def test_a_track_is_where_its_speed_took_it_after_a_pause_of_any_length_under_a_second() -> None:
    tracker = FootageFaceTracker()
    for n in range(10):
        ids(tracker, [[20.0 * n, 100, 20.0 * n + 40, 150]], n / 10)
    assert ids(tracker, [[320.0, 100, 360, 150]], 1.6) == [1]


def test_a_face_beside_another_takes_no_id_from_it() -> None:
    tracker = FootageFaceTracker()
    assert ids(tracker, [[100, 100, 160, 170]], 0.0) == [1]
    assert ids(tracker, [[150, 100, 210, 170], [101, 100, 161, 170]], 0.1) == [2, 1]


@pytest.mark.parametrize("box", [[10, 10, 10, 10], [10, 10, 10, 40]])
def test_boxes_without_area_are_let_through(box: list[float]) -> None:
    tracker = FootageFaceTracker()
    assert ids(tracker, [box], 0.0) == [1]
    assert ids(tracker, [box], 0.1) == [2]


def test_ids_depend_on_nothing_but_what_was_given() -> None:
    random = np.random.default_rng(0)
    shows = [random.uniform(0, 300, (4, 2)) for _ in range(30)]
    runs = []
    for _ in range(2):
        tracker = FootageFaceTracker()
        boxes = [np.hstack([low, low + 50]).tolist() for low in shows]
        runs.append([ids(tracker, box, n / 10) for n, box in enumerate(boxes)])
    assert runs[0] == runs[1]
