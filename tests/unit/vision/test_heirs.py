"""Who inherits the identity of a lost track: only what can be nothing else."""

from __future__ import annotations

import numpy as np
import pytest

from codefx_desktop.domain.detections import NO_TRACK, Detections
from codefx_desktop.vision.heirs import MOST_BORN, SURE, Heirs

SIDE, STEP_S, LOST_S = 40.0, 0.04, 1.0

Box = tuple[int, float, float]
"""A track's id and its middle."""


def see(
    heirs: Heirs, time_s: float, *boxes: Box, side: float = SIDE, kind: int = 1, sure: float = 0.9
) -> list[int]:
    """Return the identities of boxes of one size and class in a frame."""
    middles = np.array([(x, y) for _, x, y in boxes], np.float32).reshape(-1, 2)
    count = len(boxes)
    ids = np.array([track for track, _, _ in boxes], np.int32)
    found = Detections(
        np.hstack((middles - side / 2, middles + side / 2)),
        np.full(count, sure, np.float32),
        np.full(count, kind, np.int16),
        np.full(count, NO_TRACK, np.int32),
    )
    named: list[int] = heirs.update(ids, found, time_s)[0].tolist()
    return named


@pytest.fixture
def carried() -> Heirs:
    """Return what has seen track 7 come along at 250 pixels a second, until 0.4 s at x = 100."""
    heirs = Heirs(LOST_S)
    for n in range(11):
        assert see(heirs, n * STEP_S, (7, 10.0 * n, 0.0)) == [7]
    return heirs


def test_what_comes_back_where_it_was_going_is_the_same(carried: Heirs) -> None:
    # Hidden for 0.24 s it went on by 60 pixels: too far for boxes of 40 to overlap.
    assert see(carried, 0.64, (9, 160.0, 0.0)) == [7]
    assert see(carried, 0.68, (9, 170.0, 0.0), (11, 600.0, 0.0)) == [7, 11]


def test_what_inherits_is_said_once(carried: Heirs) -> None:
    box = np.array([[140.0, -20.0, 180.0, 20.0]], np.float32)
    one, kind = np.ones(1, np.float32), np.ones(1, np.int16)
    found = Detections(box, one, kind, np.full(1, NO_TRACK, np.int32))
    ids = np.array([9], np.int32)
    assert carried.update(ids, found, 0.64)[1] == {7}
    assert carried.update(ids, found, 0.68)[1] == frozenset()
    assert carried.name(9) == 7


def test_what_is_still_seen_has_no_heir(carried: Heirs) -> None:
    assert see(carried, 0.44, (7, 110.0, 0.0), (9, 130.0, 0.0)) == [7, 9]


def test_what_is_too_far_too_late_of_another_size_or_class_is_another(carried: Heirs) -> None:
    assert see(carried, 0.64, (9, 260.0, 0.0)) == [9]
    assert see(carried, 0.64, (10, 160.0, 0.0), side=2 * SIDE) == [10]
    assert see(carried, 0.64, (11, 160.0, 0.0), kind=2) == [11]
    assert see(carried, 0.4 + LOST_S + 0.1, (12, 100.0, 0.0)) == [12]


def test_of_two_that_it_may_be_it_is_neither() -> None:
    heirs = Heirs(LOST_S)
    see(heirs, 0.0, (1, 0.0, 0.0), (2, 44.0, 0.0))
    assert see(heirs, STEP_S, (3, 21.0, 0.0)) == [3]
    # Clearly nearer to one of them it is that one.
    heirs = Heirs(LOST_S)
    see(heirs, 0.0, (1, 0.0, 0.0), (2, 44.0, 0.0))
    assert see(heirs, STEP_S, (3, 4.0, 0.0)) == [1]


def test_of_two_that_begin_only_one_inherits(carried: Heirs) -> None:
    assert see(carried, 0.64, (9, 160.0, 0.0), (10, 165.0, 0.0)) == [7, 10]


def test_nothing_goes_on_across_a_cut() -> None:
    heirs = Heirs(LOST_S)
    before = [(n, 200.0 * n, 0.0) for n in range(1, MOST_BORN + 2)]
    see(heirs, 0.0, *before)
    after = [(n + 50, x, y) for n, x, y in before]
    assert see(heirs, STEP_S, *after) == [n for n, _, _ in after]


def test_what_has_no_track_stays_without() -> None:
    heirs = Heirs(LOST_S)
    assert see(heirs, 0.0, (NO_TRACK, 0.0, 0.0), (1, 200.0, 0.0)) == [NO_TRACK, 1]
    assert see(heirs, STEP_S) == []


def test_a_sure_box_that_no_track_has_taken_up_yet_goes_on_with_the_lost_one(
    carried: Heirs,
) -> None:
    # Thrown, it is too quick to be joined from frame to frame: each box alone is out of reach of
    # where it was lost by the time that it has a track of its own.
    places = [(0.44, 128.0), (0.48, 156.0), (0.52, 184.0), (0.56, 212.0)]
    for time_s, x in places:
        assert see(carried, time_s, (NO_TRACK, x, 0.0)) == [7]
    assert see(carried, 0.6, (9, 240.0, 0.0)) == [7]


def test_a_faint_box_without_a_track_stays_without(carried: Heirs) -> None:
    assert see(carried, 0.44, (NO_TRACK, 115.0, 0.0), sure=SURE - 0.1) == [NO_TRACK]


def test_a_box_that_was_half_hidden_last_does_not_tell_how_large_it_is(carried: Heirs) -> None:
    see(carried, 0.44, (7, 110.0, 0.0), side=0.7 * SIDE)
    assert see(carried, 0.64, (9, 160.0, 0.0)) == [7]


def test_after_a_cut_nothing_goes_on_before_boxes_have_tracks_either() -> None:
    heirs, count = Heirs(LOST_S), MOST_BORN + 1
    places = [100.0 * number for number in range(count)]
    before = [see(heirs, n * STEP_S, *((i, x, 0.0) for i, x in enumerate(places))) for n in (0, 1)]
    assert before == [list(range(count))] * 2
    # Everything is elsewhere in the next picture, by half a box.
    after = ((NO_TRACK, x + 0.6 * SIDE, 0.0) for x in places)
    assert see(heirs, 2 * STEP_S, *after) == [NO_TRACK] * count
    # A box or two that were lost go on.
    assert see(heirs, 3 * STEP_S, (NO_TRACK, places[0] + 0.6 * SIDE, 0.0)) == [0]
