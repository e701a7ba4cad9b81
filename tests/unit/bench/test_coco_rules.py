"""COCO's rules, against COCO's own program and against cases that can be counted by hand."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from codefx_desktop.bench.coco_rules import (
    MOST_FOUND,
    THRESHOLDS,
    ClassTally,
    average_precision,
    match,
)

Picture = tuple[npt.NDArray[np.float32], npt.NDArray[np.float64], npt.NDArray[np.bool_]]


def random_pictures(seed: int) -> list[Picture]:
    """Return confidences with ties, overlaps and what is ignored, of a few pictures."""
    rng = np.random.default_rng(seed)
    pictures = []
    for _ in range(int(rng.integers(1, 7))):
        there = int(rng.integers(0, 8))
        found = int(rng.integers(0, 12))
        confidence = np.round(rng.random(found), 1).astype(np.float32)
        overlap = np.round(rng.random((found, there)) ** 0.5, 2)
        pictures.append((confidence, overlap, rng.random(there) < 0.25))
    return pictures


# By pycocotools 2.0.11, COCOeval("segm"), the overlaps above in the place of its own.
BY_COCO = {
    1: (0.989439, 0.858031, 0.806239),
    2: (0.785337, 0.678639, 0.621015),
    3: (0.290683, 0.241940, 0.202838),
    4: (0.416432, 0.401542, 0.369274),
    5: (0.094509, 0.065347, 0.079280),
    6: (0.973597, 0.973597, 0.840328),
    7: (0.629703, 0.333333, 0.428548),
    8: (0.855611, 0.409571, 0.479797),
}


@pytest.mark.parametrize("seed", BY_COCO)
def test_precision_is_that_of_cocos_own_program(seed: int) -> None:
    tally = ClassTally()
    for confidence, overlap, ignored in random_pictures(seed):
        tally.add(confidence, overlap, ignored)
    each = tally.precisions()
    assert (each[0], each[5], np.mean(each)) == pytest.approx(BY_COCO[seed], abs=1e-6)


def test_thresholds_are_cocos() -> None:
    assert pytest.approx([0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95]) == THRESHOLDS


def test_each_takes_the_best_that_is_still_free() -> None:
    overlap = np.array([[0.6, 0.9], [0.7, 0.95], [0.55, 0.2]])
    asked = np.zeros(2, bool)
    assert match(overlap, asked, 0.5).tolist() == [1, 1, 0]
    assert match(overlap, asked, 0.75).tolist() == [1, 0, 0]


def test_ignored_truth_is_taken_only_where_there_is_no_other() -> None:
    overlap = np.array([[0.6, 0.9], [0.0, 0.8], [0.0, 0.8]])
    ignored = np.array([False, True])
    # The second finds the ignored one and is not counted; the third finds it taken.
    assert match(overlap, ignored, 0.5).tolist() == [1, -1, 0]


def test_precision_is_read_at_101_recalls() -> None:
    sure = np.array([0.9, 0.8, 0.7], np.float32)
    verdicts = np.array([1, 0, 1], np.int8)
    # Precision 1 at recalls 0 to 0.5, which are 51, then 2/3 at the other 50.
    assert average_precision(sure, verdicts, 2) == pytest.approx((51 + 50 * 2 / 3) / 101)
    assert average_precision(sure, verdicts, 3) == pytest.approx((34 + 33 * 2 / 3) / 101)
    assert average_precision(sure[:0], verdicts[:0], 2) == 0.0
    assert np.isnan(average_precision(sure, verdicts, 0))


def test_only_the_most_confident_of_a_picture_count() -> None:
    tally = ClassTally()
    confidence = np.linspace(0.9, 0.1, MOST_FOUND + 1).astype(np.float32)
    overlap = np.zeros((MOST_FOUND + 1, 1))
    overlap[-1] = 1.0
    tally.add(confidence, overlap, np.zeros(1, bool))
    assert tally.precisions()[0] == 0.0
    assert tally.found_at(0.0) == 0.0


def test_what_was_found_at_a_confidence() -> None:
    tally = ClassTally()
    overlap = np.array([[0.6, 0.0], [0.0, 0.9]])
    tally.add(np.array([0.4, 0.7], np.float32), overlap, np.zeros(2, bool))
    assert (tally.found_at(0.5), tally.found_at(0.3), tally.wanted) == (0.5, 1.0, 2)


def test_nothing_to_be_found_has_no_precision() -> None:
    assert np.isnan(ClassTally().precisions()).all()
    tally = ClassTally()
    tally.add(np.zeros(0, np.float32), np.zeros((0, 2)), np.zeros(2, bool))
    assert tally.precisions() == (0.0,) * len(THRESHOLDS)
