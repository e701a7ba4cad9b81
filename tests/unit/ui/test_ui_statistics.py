"""Scales and words of the statistics."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from codefx_desktop.domain.events import Place
from codefx_desktop.jobs.statistics_values import Peers, PlaceMedian
from codefx_desktop.ui.models.statistics_scale import (
    Range,
    count_ticks,
    day_ticks,
    position_range,
    round_step,
    value_range,
    value_ticks,
)
from codefx_desktop.ui.models.statistics_words import median_words, peers_text


def test_a_stop_that_went_wrong_does_not_squash_the_others() -> None:
    values = [2.0, 2.1, 2.2, 2.3, 2.4, 30.0]
    axis = value_range(values, 2.1, 2.3)
    assert axis.high < 3.5
    assert axis.low < 2.0
    assert value_range(values, 2.3, 2.3).high > 30.0  # no spread, no way to tell


def test_one_point_has_an_axis_too() -> None:
    assert value_range([2.5], 2.5, 2.5).span > 0
    assert position_range([738000.0]).span > 0


@pytest.mark.parametrize(("least", "step"), [(0.03, 0.05), (0.2, 0.2), (0.21, 0.5), (7.0, 10.0)])
def test_steps_are_round(least: float, step: float) -> None:
    assert round_step(least) == pytest.approx(step)


def test_ticks_are_round_and_no_more_than_have_room() -> None:
    assert [text for _, text in value_ticks(Range(1.93, 2.62), 4)] == ["2.0", "2.2", "2.4", "2.6"]
    year = Range(date(2026, 1, 10).toordinal(), date(2026, 12, 20).toordinal())
    months = day_ticks(year, 4)
    assert len(months) <= 4
    assert months[0] == (date(2026, 2, 1).toordinal(), "2026-02")
    week = Range(date(2026, 3, 1).toordinal() - 0.5, date(2026, 3, 4).toordinal() + 0.5)
    assert [text for _, text in day_ticks(week, 8)] == [f"2026-03-0{day}" for day in range(1, 5)]
    assert count_ticks(Range(-0.5, 29.5), 4) == [(9, "10"), (19, "20"), (29, "30")]


def test_peers_are_said_in_words() -> None:
    who = "Formula 1 stops of Blue"
    assert peers_text(None, 2.5) == ""
    assert peers_text(Peers("a", 1, ""), 2.5) == ""
    alone = peers_text(Peers("a", 1, who), 2.5)
    assert alone == "No other of the Formula 1 stops of Blue in the history has this time."
    known = Peers("a", 1, who, 3, 2.6, ("b", 1), 12.5)
    assert peers_text(known, None) == "Best of 3 other Formula 1 stops of Blue: 2.600 s"
    minus = "\N{MINUS SIGN}"
    assert peers_text(known, 2.5) == (
        f"{minus}0.100 s on the best of 3 other Formula 1 stops of Blue (2.600 s); faster than 88 %"
    )
    medians = (PlaceMedian(Place.NONE, 2.75, 3), PlaceMedian(Place.FRONT_LEFT, 1.9, 2))
    with_medians = replace(known, medians=medians)
    assert peers_text(with_medians, 2.5).endswith(f"faster than 88 %; {minus}0.250 s on the median")
    corner = median_words(with_medians, Place.FRONT_LEFT, 2.0)
    assert corner == (
        "+0.100",
        "0.100 s slower than the median of 2 other Formula 1 stops of Blue: 1.900 s",
    )
    assert median_words(with_medians, Place.REAR_LEFT, 2.0) is None
    assert median_words(with_medians, Place.FRONT_LEFT, None) is None
