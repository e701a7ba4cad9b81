"""Boxes carried to other frames: between two corrected ones, and on over a range."""

from __future__ import annotations

import numpy as np
import pytest

from codefx_desktop.analysis.corrections import corrected
from codefx_desktop.analysis.propagate import carried_on, free_box, interpolated
from codefx_desktop.domain.corrected import CorrectedObjects
from codefx_desktop.domain.edit import BoxOp, BoxValue, EditStep, ThresholdOp
from codefx_desktop.domain.observations import Objects

NUMBERS = np.arange(10, 22, 2, dtype=np.int32)
TIMES_S = np.array([0.0, 0.1, 0.2, 0.4, 0.5, 0.6])
"""A frame is missing between the third and the fourth."""


def state(without: int | None = None) -> CorrectedObjects:
    """Return a clip in which track 4 has a box on each frame but one, beside another track's."""
    rows = [(n, track) for n in range(6) for track in (9, 4) if (n, track) != (without, 4)]
    return CorrectedObjects.measured(
        Objects(
            np.array([n for n, _ in rows], np.int32),
            np.array([[n, 0, n + 5, 5] for n, _ in rows], np.float32),
            np.full(len(rows), 0.5, np.float32),
            np.zeros(len(rows), np.int16),
            np.array([track for _, track in rows], np.int32),
            ("car",),
        )
    )


def boxes(ops: tuple[BoxOp, ...]) -> list[tuple[int, int, float]]:
    return [(op.frame_number, op.box, op.after.xyxy[0]) for op in ops if op.after is not None]


def test_a_box_moves_evenly_in_time_between_two_frames() -> None:
    begin, end = (
        BoxOp(10, 1, BoxValue((0, 0, 10, 10), 2, 4)),
        BoxOp(20, 1, BoxValue((60, 0, 90, 40), 2, 4)),
    )
    now = corrected(state().objects, NUMBERS, [begin, end])
    ops = interpolated(now, NUMBERS, TIMES_S, (10, 1), (20, 1), -1)
    assert boxes(ops) == [
        (12, 1, pytest.approx(10)), (14, 1, pytest.approx(20)),
        (16, 1, pytest.approx(40)), (18, 1, pytest.approx(50)),
    ]  # fmt: skip
    assert all(op.after is not None and op.after.class_id == 2 for op in ops)
    assert ops[2].after is not None
    assert ops[2].after.xyxy == pytest.approx((40, 0, 10 + 80 * 4 / 6, 10 + 30 * 4 / 6))
    assert set(interpolated(now, NUMBERS, TIMES_S, (20, 1), (10, 1), -1)) == set(ops)


def test_where_the_track_has_no_box_one_is_drawn() -> None:
    now = state(without=2)
    ops = interpolated(now, NUMBERS, TIMES_S, (10, 1), (20, 1), -7)
    assert [(frame, box) for frame, box, _ in boxes(ops)] == [(12, 1), (14, -7), (16, 1), (18, 1)]
    after = corrected(now.objects, NUMBERS, ops)
    assert np.count_nonzero(after.objects.track_id == 4) == 6


def test_neighbours_have_nothing_between_them() -> None:
    assert interpolated(state(), NUMBERS, TIMES_S, (10, 1), (12, 1), -1) == ()


def test_a_box_is_carried_on_over_a_range() -> None:
    ops = carried_on(state(without=4), NUMBERS, (14, 1), (12, 19), -3)
    assert boxes(ops) == [(12, 1, 2.0), (16, 1, 2.0), (18, -3, 2.0)]


def test_a_box_of_no_track_is_drawn_on_every_frame() -> None:
    lone = corrected(state().objects, NUMBERS, [BoxOp(10, -1, BoxValue((1, 1, 2, 2), 0, -1))])
    ops = carried_on(lone, NUMBERS, (10, -1), (12, 14), -2)
    assert boxes(ops) == [(12, -2, 1.0), (14, -3, 1.0)]


def test_a_box_that_is_not_there_cannot_be_carried() -> None:
    with pytest.raises(LookupError, match="frame 10 has no box 5"):
        carried_on(state(), NUMBERS, (10, 5), (12, 14), -1)
    with pytest.raises(LookupError, match="frame 11 was not analysed"):
        interpolated(state(), NUMBERS, TIMES_S, (11, 1), (20, 1), -1)


def test_numbers_of_drawn_boxes_are_never_used_twice() -> None:
    value = BoxValue((1, 1, 2, 2), 0, 0)
    steps = [
        EditStep(1, "", "", "", (BoxOp(1, -4, value), ThresholdOp(0, 0.5))),
        EditStep(2, "", "", "", (BoxOp(1, -9, value), BoxOp(2, 3, None)), is_undone=True),
    ]
    assert free_box(steps) == -10
    assert free_box([]) == -1
