"""Whether the same stop's times at two rates agree, on cases made by hand."""

from __future__ import annotations

from fractions import Fraction

import pytest

from codefx_desktop.bench.rate_agreement import RATES, RateReport
from codefx_desktop.bench.stop_scores import CaseScore, Judged


def case(seed: int, *said: tuple[str, float | None, float]) -> CaseScore:
    rows = tuple(
        Judged(seed, kind, "", 0.04, 2.0, True, at_s, at_s - half_s, at_s + half_s)
        if at_s is not None
        else Judged(seed, kind, "", 0.04, 2.0, True)
        for kind, at_s, half_s in said
    )
    return CaseScore(seed, rows, 1, 1, None, False, {}, 0.0, {})


def test_times_agree_where_their_uncertainties_overlap() -> None:
    report = RateReport(
        {
            "24": (case(1, ("stop", 2.0, 0.02), ("go", 4.0, 0.02)),),
            "60": (case(1, ("stop", 2.03, 0.02), ("go", 4.05, 0.02)),),
        }
    )
    assert report.agreement() == {
        "go": (1, 0.0, pytest.approx(50.0)),
        "stop": (1, 1.0, pytest.approx(30.0)),
    }
    assert (report.to_dict()["pairs"], report.to_dict()["agree"]) == (2, 0.5)


def test_each_two_rates_are_compared_and_each_stop_with_itself() -> None:
    report = RateReport(
        {
            rate: (case(1, ("stop", 2.0, 0.02)), case(2, ("stop", at_s, 0.02)))
            for rate, at_s in (("24", 2.5), ("30", 2.5), ("60", 2.5))
        }
    )
    assert report.agreement() == {"stop": (6, 1.0, 0.0)}
    assert {pair.rates for pair in report.pairs()} == {("24", "30"), ("24", "60"), ("30", "60")}


def test_an_event_that_one_rate_does_not_report_makes_no_pair() -> None:
    report = RateReport(
        {"24": (case(1, ("stop", None, 0.0)),), "60": (case(1, ("stop", 2.0, 0.02)),)}
    )
    assert report.pairs() == []
    assert report.to_dict()["agree"] is None
    assert report.by_rate()["24"].recall == 0.0
    assert report.by_rate()["60"].recall == 1.0


def test_the_rates_are_those_that_cameras_have() -> None:
    rates = [footage.rate for footage in RATES.values()]
    assert rates == [Fraction(rate) for rate in (24, 25, 30, 50, 60, 30)]
    assert [footage.variable for footage in RATES.values()] == [False] * 5 + [True]
    assert {footage.shots for footage in RATES.values()} == {1}
