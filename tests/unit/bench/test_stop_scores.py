"""Reported events beside true ones, on cases made by hand."""

from __future__ import annotations

from typing import Any

import pytest

from codefx_desktop.bench.stop_report import StopReport, kind_score
from codefx_desktop.bench.stop_scores import CaseScore, Judged, score_case
from codefx_desktop.bench.track_scores import Identities
from codefx_desktop.domain.events import Event, EventSource, EventStatus, Place
from codefx_desktop.domain.stop import PitStop

FRAME_S = 0.04


def truth(*events: tuple[str, str, float, bool]) -> dict[str, Any]:
    return {
        "rate": [25, 1],
        "variable_rate": False,
        "light": "day",
        "fault": "",
        "cuts": [],
        "events": [
            {"kind": kind, "place": place, "time_s": time_s, "visible": visible}
            for kind, place, time_s, visible in events
        ],
    }


def said(kind: str, time_s: float, half_s: float = 0.02, place: Place = Place.NONE) -> Event:
    return Event(
        kind,
        place,
        time_s,
        time_s - half_s,
        time_s + half_s,
        source=EventSource.TRACK,
        status=EventStatus.PROPOSED,
    )


def scored(known: dict[str, Any], *events: Event) -> CaseScore:
    return score_case(7, known, [PitStop(1, "f1", events, 0.0, 9.0)])


def only(case: CaseScore) -> Judged:
    (row,) = case.judged
    return row


def test_an_event_is_as_far_off_as_frames_lie_between() -> None:
    row = only(scored(truth(("stop", "", 2.0, True)), said("stop", 2.06, half_s=0.1)))
    assert row.error_frames == pytest.approx(1.5)
    assert row.half_width_frames == pytest.approx(2.5)
    assert row.contained
    assert not row.invented
    assert row.reason == ""


def test_a_visible_event_that_nobody_reported_is_missed() -> None:
    case = scored(truth(("stop", "", 2.0, True)), Event("stop"))
    assert only(case).missed
    assert "missed" in only(case).reason
    assert kind_score(case.judged).recall == 0.0


def test_a_hidden_event_that_nobody_reported_is_right() -> None:
    case = scored(truth(("stop", "", 2.0, False)))
    assert only(case).reason == ""
    score = kind_score(case.judged)
    assert (score.count, score.recall, score.hidden, score.hidden_reported) == (0, None, 1, 0)


@pytest.mark.parametrize(
    ("event", "invented"),
    [
        (said("stop", 2.1, half_s=0.15), False),
        (said("stop", 2.1, half_s=0.05), True),
        (said("stop", 2.3, half_s=0.5), True),  # contains it, and is yet too far away
    ],
)
def test_a_hidden_event_must_lie_within_its_uncertainty(event: Event, invented: bool) -> None:
    assert only(scored(truth(("stop", "", 2.0, False)), event)).invented is invented


def test_a_visible_event_outside_its_uncertainty_is_not_invented_but_not_covered() -> None:
    case = scored(truth(("stop", "", 2.0, True)), said("stop", 2.1, half_s=0.01))
    assert not only(case).invented
    assert only(case).reason == "not within its uncertainty"
    assert kind_score(case.judged).coverage == 0.0


def test_more_than_a_fifth_of_a_second_away_is_invented_and_not_found() -> None:
    case = scored(truth(("stop", "", 2.0, True)), said("stop", 2.21))
    assert only(case).invented
    score = kind_score(case.judged)
    assert (score.recall, score.invented) == (0.0, 1)
    assert score.mean_error_frames == pytest.approx(5.25)  # it is not kept out of the errors


def test_the_wrong_corner_is_invented_and_the_right_one_missed() -> None:
    known = truth(("wheel_off", "FL", 3.0, True))
    case = scored(known, said("wheel_off", 3.0, place=Place.FRONT_RIGHT))
    assert sorted((row.place, row.invented, row.missed) for row in case.judged) == [
        ("FL", False, True),
        ("FR", True, False),
    ]


def test_the_same_event_told_twice_is_invented_once() -> None:
    known = truth(("stop", "", 2.0, True))
    stops = [PitStop(n, "f1", (said("stop", time_s),), 0, 9) for n, time_s in ((1, 2.1), (2, 2.0))]
    case = score_case(7, known, stops)
    first, second = case.judged
    assert (first.error_s, first.invented) == (pytest.approx(0.0), False)
    assert (second.true_s, second.invented) == (None, True)
    assert (case.stops, case.found) == (1, 2)
    assert kind_score(case.judged).coverage == 0.5


def test_an_event_without_any_in_the_truth_is_invented() -> None:
    assert only(scored(truth(), said("probe_in", 1.0))).invented


def test_what_is_not_found_is_not_reported_even_with_a_time() -> None:
    event = Event("stop", time_s=5.0, status=EventStatus.NOT_FOUND)
    assert scored(truth(), event).judged == ()


@pytest.mark.parametrize(
    ("stop_s", "go_s", "within"), [(2.0, 4.5, 1.0), (2.02, 4.52, 1.0), (1.98, 4.53, 0.0)]
)
def test_the_time_of_standing_within_a_frame(stop_s: float, go_s: float, within: float) -> None:
    known = truth(("stop", "", 2.0, True), ("go", "", 4.5, True))
    report = StopReport((scored(known, said("stop", stop_s), said("go", go_s)),))
    assert report.stationary_within_1_frame == within


def test_a_stop_whose_end_was_not_found_is_not_within_a_frame() -> None:
    known = truth(("stop", "", 2.0, True), ("go", "", 4.5, True))
    assert StopReport((scored(known, said("stop", 2.0)),)).stationary_within_1_frame == 0.0


def test_a_stop_whose_end_is_hidden_does_not_count_for_standing() -> None:
    known = truth(("stop", "", 2.0, True), ("go", "", 4.5, False))
    assert StopReport((scored(known, said("stop", 2.0)),)).stationary_within_1_frame is None


def test_the_report_has_what_is_asked_for_by_kind_place_and_condition() -> None:
    known = truth(
        ("wheel_off", "FL", 3.0, True),
        ("wheel_off", "FR", 3.2, True),
        ("clear", "FL", 5.0, False),
    )
    case = scored(
        known,
        said("wheel_off", 3.04, place=Place.FRONT_LEFT),
        said("wheel_off", 3.12, place=Place.FRONT_RIGHT, half_s=0.1),
    )
    found = StopReport((case, case)).to_dict(worst=3)
    assert (found["stops"], found["invented"]) == (0, 0)
    assert found["uncertainty_coverage"] == 0.5
    wheel = found["kinds"]["wheel_off"]
    assert (wheel["count"], wheel["recall"]) == (4, 1.0)
    assert wheel["mean_error_frames"] == pytest.approx(1.5)
    assert wheel["p95_error_frames"] == pytest.approx(2.0)
    assert wheel["bias_frames"] == pytest.approx(-0.5)
    assert found["places"]["wheel_off FL"]["mean_error_frames"] == pytest.approx(1.0)
    assert found["conditions"]["rate 25"]["count"] == 4
    assert found["worst"][0]["reason"] == "not within its uncertainty"
    assert found["worst"][0]["place"] == "FL"
    assert found["worst"][2]["place"] == "FR"


def test_the_worst_are_the_invented_the_uncovered_the_missed_then_the_far() -> None:
    kinds = ("arrive", "stop", "go", "depart", "release", "clear")
    known = truth(*((kind, "", 2.0, kind != "release") for kind in kinds))
    case = scored(
        known,
        said("arrive", 2.0),
        said("stop", 2.1, half_s=0.2),
        said("go", 2.1, half_s=0.01),
        said("depart", 6.0),
    )
    order = ["depart", "go", "clear", "stop", "arrive"]
    assert [row.kind for row in StopReport((case,)).worst(9)] == order
    assert [row.kind for row in StopReport((case,)).worst(2)] == order[:2]


def test_tracking_is_summed_over_clips() -> None:
    case = score_case(1, truth(), [], tracks={"car": Identities(3, 1, 0)})
    other = score_case(2, truth(), [], tracks={"car": Identities(1, 1, 2)})
    found = StopReport((case, other)).to_dict()["tracking"]["car"]
    assert found == {"idf1": pytest.approx(2 * 4 / (2 * 4 + 2 + 2)), "right": 4, "missing": 2,
                     "wrong": 2}  # fmt: skip
