"""Statistics of durations: worked out by hand, and where there is little to tell of."""

from __future__ import annotations

import numpy as np
import pytest

from codefx_desktop.analysis.statistics import (
    ALL_PAIRS_UP_TO,
    FEWEST_FOR_TREND,
    percentile,
    summary,
    trend,
)


def test_what_was_not_found_is_counted_apart_and_nothing_else() -> None:
    values = [2.0, None, 4.0, 3.0, None, 9.0, 5.0]
    told = summary(values)
    assert (told.count, told.not_found) == (5, 2)
    assert (told.median, told.lower, told.upper, told.spread) == (4.0, 3.0, 5.0, 2.0)
    assert (told.best, told.best_index, told.longest) == (2.0, 0, 9.0)
    assert told.deviation == pytest.approx(1.4826)
    assert summary([value for value in values if value is not None]).median == told.median


def test_the_best_is_found_again_among_all_of_them() -> None:
    assert summary([None, 3.0, None, 2.5, 2.5]).best_index == 3


def test_of_nothing_nothing_is_told() -> None:
    told = summary([None, None])
    assert (told.count, told.not_found, told.median, told.spread) == (0, 2, None, None)
    assert told.best is None
    assert told.best_index is None


@pytest.mark.parametrize(
    ("value", "peers", "expected"),
    [
        (1.0, [1.0, 2.0, 3.0, 4.0], 0.0),
        (3.0, [1.0, 2.0, 3.0, 4.0, 5.0], 50.0),
        (4.0, [1.0, 2.0, 3.0, 4.0], 100.0),
        (2.0, [1.0, 2.0, None, 2.0, 3.0], 50.0),
        (2.0, [2.0, 2.0], 50.0),
    ],
)
def test_a_mid_rank(value: float, peers: list[float | None], expected: float) -> None:
    assert percentile(value, peers) == expected


def test_alone_there_is_no_rank() -> None:
    assert percentile(2.0, [2.0, None]) is None


def test_a_line_is_its_own_trend() -> None:
    x = np.arange(20.0)
    found = trend(x, 5.0 - 0.25 * x)
    assert found is not None
    assert (found.slope, found.low, found.high) == pytest.approx((-0.25, -0.25, -0.25))
    assert found.middle + found.slope * (0.0 - found.at) == pytest.approx(5.0)


def test_stops_that_went_wrong_do_not_bend_it() -> None:
    x = np.arange(40.0)
    y = 3.0 + 0.01 * x
    y[[3, 17, 30, 38]] += (8.0, 5.0, 11.0, 20.0)
    found = trend(x, y)
    assert found is not None
    assert found.slope == pytest.approx(0.01, abs=0.001)


def test_the_interval_is_that_of_sen() -> None:
    x = np.array([1, 2, 3, 4, 10, 12, 18], np.float64)
    y = np.array([9, 15, 19, 20, 45, 55, 78], np.float64)
    assert trend(x, y) is None  # seven are too few
    x, y = np.append(x, 20.0), np.append(y, 86.0)
    found = trend(x, y)
    assert found is not None
    slopes = sorted((y[j] - y[i]) / (x[j] - x[i]) for i in range(8) for j in range(i + 1, 8))
    assert found.slope == pytest.approx(np.median(slopes))
    # 28 pairs, a standard deviation of 8.083: ranks (28 - 15.84) / 2 = 6.08 and 21.92 of 28.
    assert found.low == pytest.approx(slopes[5])
    assert found.high == pytest.approx(slopes[22])


def test_the_truth_lies_in_the_interval_as_often_as_is_said() -> None:
    rng = np.random.default_rng(11)
    hits, runs = 0, 300
    for _ in range(runs):
        x = rng.integers(0, 12, 30).astype(np.float64)  # many on one day
        found = trend(x, 2.0 + 0.05 * x + rng.normal(0.0, 0.2, 30))
        assert found is not None
        hits += found.low <= 0.05 <= found.high
    assert 0.92 <= hits / runs <= 0.99


def test_many_points_are_told_by_some_of_their_pairs_and_always_the_same() -> None:
    rng = np.random.default_rng(5)
    x = rng.uniform(0.0, 300.0, 4 * ALL_PAIRS_UP_TO)
    y = 2.5 - 0.002 * x + rng.normal(0.0, 0.3, len(x))
    found = trend(x, y)
    assert found is not None
    assert found.slope == pytest.approx(-0.002, abs=0.0003)
    assert found.low < -0.002 < found.high < 0.0
    assert trend(x, y) == found


def test_where_there_is_no_trend_none_is_told() -> None:
    few = np.arange(FEWEST_FOR_TREND - 1.0)
    assert trend(few, few) is None
    assert trend(np.full(20, 3.0), np.arange(20.0)) is None
