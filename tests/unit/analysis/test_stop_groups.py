"""Stops told apart: by what is said of them, in an order that people expect."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from codefx_desktop.analysis.stop_groups import group_names, grouped
from codefx_desktop.domain.events import Place
from codefx_desktop.domain.statistics import GroupBy, StopOrigin, TimedStop
from codefx_desktop.domain.stop import StopFacts


def timed(place: Place = Place.NONE, **facts: Any) -> TimedStop:  # noqa: ANN401 - of StopFacts
    origin = StopOrigin(
        "job",
        1,
        "a.mp4",
        date(2026, 5, 2),
        datetime(2026, 5, 3, tzinfo=UTC),
        series="F1",
        session="race",
        template="f1",
        template_label="Formula 1",
        facts=StopFacts(**facts),
    )
    return TimedStop(origin, place, 2.5)


def test_cars_stand_in_the_order_of_their_numbers_and_the_unknown_last() -> None:
    rows = [timed(car_number=number) for number in ("10", "4", "", "7B", "4")]
    assert grouped(rows, GroupBy.CAR) == {"4": [1, 4], "10": [0], "7B": [3], "not said": [2]}
    teams = [timed(team=team) for team in ("", "Zoe's", "anton")]
    assert list(grouped(teams, GroupBy.TEAM)) == ["anton", "Zoe's", "not said"]


@pytest.mark.parametrize(
    ("by", "names"),
    [
        (GroupBy.NONE, ("All stops",)),
        (GroupBy.SERIES, ("F1",)),
        (GroupBy.RACE, ("not said",)),
        (GroupBy.SESSION, ("race",)),
        (GroupBy.MONTH, ("2026-05",)),
        (GroupBy.CORNER, ("FL",)),
        (GroupBy.TEMPLATE, ("Formula 1",)),
        (GroupBy.DRIVER_IN, ("Ann",)),
        (GroupBy.DRIVER_OUT, ("Ann",)),
        (GroupBy.POSITION, ("Gun FL: Tim", "Jack: Tim")),
        (GroupBy.MEMBER, ("Tim",)),
        (GroupBy.TYRES, ("soft",)),
    ],
)
def test_what_a_stop_is_counted_with(by: GroupBy, names: tuple[str, ...]) -> None:
    crew = {"Gun FL": "Tim", "Jack": "Tim", "Lollipop": ""}
    one = timed(Place.FRONT_LEFT, driver_in="Ann", tyre_set="soft", crew=crew)
    assert group_names(one, by) == names


def test_who_leaves_is_who_arrived_unless_another_took_over() -> None:
    assert group_names(timed(driver_in="Ann", driver_out="Bo"), GroupBy.DRIVER_OUT) == ("Bo",)
