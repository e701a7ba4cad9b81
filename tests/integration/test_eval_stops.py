"""Three rendered stops from pixels to events, beside the truth: what `codefx eval stops` does.

Smaller, slower and shorter than the evaluation's own clips (640x360, 24 frames/s, 6 s), so that
it takes seconds; every stage is the product's own, with the bundled demo model. The limits are
wider than the evaluation's goals: three stops are no statistics, they show that nothing broke.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from codefx_desktop.bench import stop_set
from codefx_desktop.bench.stop_eval import StopPlan, evaluate_stops
from codefx_desktop.synthetic.clip import Footage

if TYPE_CHECKING:
    from pathlib import Path

    from codefx_desktop.bench.stop_report import KindScore, StopReport

pytestmark = pytest.mark.timeout(600)
SEEDS = (800_900, 800_901, 800_902)
SMALL = Footage(width=640, height=360, rate=Fraction(24), variable=False)


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> StopPlan:
    return StopPlan(folder=tmp_path_factory.mktemp("stops"), seconds=6.0, footage=SMALL)


@pytest.fixture(scope="module")
def report(plan: StopPlan) -> StopReport:
    return evaluate_stops(SEEDS, plan, processes=1)


def kinds(report: StopReport) -> dict[str, KindScore]:
    return report.by(lambda row: row.kind)


def test_each_stop_is_found_once(report: StopReport) -> None:
    assert [(case.stops, case.found) for case in report.cases] == [(1, 1)] * 3


@pytest.mark.parametrize("kind", ["stop", "go", "wheel_off", "wheel_on", "jack_up", "jack_down"])
def test_what_is_seen_is_right_to_a_frame_and_nothing_of_it_is_invented(
    report: StopReport, kind: str
) -> None:
    score = kinds(report)[kind]
    assert score.invented == 0
    assert score.recall is not None
    assert score.recall >= 0.6
    assert score.mean_error_frames is not None
    assert score.mean_error_frames <= 1.0


@pytest.mark.parametrize("kind", ["loosen_start", "loosen_end", "tighten_start", "tighten_end"])
def test_guns_are_right_to_a_frame(report: StopReport, kind: str) -> None:
    score = kinds(report)[kind]
    assert score.recall is not None
    assert score.recall >= 0.5  # who of two guns it was cannot always be told at this size
    assert score.mean_error_frames is not None
    assert score.mean_error_frames <= 1.0


def test_hardly_anything_is_invented(report: StopReport) -> None:
    # On pictures of a quarter of the area one light is taken for the release light.
    assert report.to_dict()["invented"] <= 1


def test_uncertainties_hold_and_are_tight(report: StopReport) -> None:
    found = report.to_dict()
    assert found["uncertainty_coverage"] >= 0.9
    assert found["half_width_frames"] <= 1.5


def test_cars_and_wheels_keep_their_numbers(report: StopReport) -> None:
    scores = report.tracking()
    assert set(scores) == {"car", "wheel"}
    for score in scores.values():
        assert score.idf1 is not None
        assert score.idf1 >= 0.9


def test_a_repeat_makes_nothing_again(
    report: StopReport, plan: StopPlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stop_set, "synth", None)
    monkeypatch.setattr(stop_set, "pass_over", None)
    again = evaluate_stops(SEEDS, plan, processes=1)
    assert [case.judged for case in again.cases] == [case.judged for case in report.cases]


def test_two_processes_say_the_same_without_weights_and_invent_nothing(
    report: StopReport, plan: StopPlan
) -> None:
    told: list[int] = []
    blind = StopPlan(weights=False, folder=plan.folder, seconds=6.0, footage=SMALL)
    found = evaluate_stops(SEEDS, blind, processes=2, tell=lambda case: told.append(case.seed))
    assert sorted(told) == list(SEEDS)
    assert [case.seed for case in found.cases] == list(SEEDS)
    scores = kinds(found)
    for kind in ("stop", "go"):
        score = scores[kind]
        assert score.invented == 0
        assert score.mean_error_frames is not None
        assert score.mean_error_frames <= 2.0
    assert scores["wheel_off"].recall == 0.0  # wheels are told by weights alone
    assert found.tracking() == {}


def test_the_folder_holds_clips_and_what_was_seen(report: StopReport, plan: StopPlan) -> None:
    assert report.cases
    folders: list[Path] = [path for path in plan.folder.iterdir() if path.name != "names"]
    assert len(folders) == 3
    for folder in folders:
        names = {path.name.partition("_")[0] for path in folder.iterdir()}
        assert {"clip.mp4", "truth.json", "detections", "tracks", "cuts", "motion"} <= names
