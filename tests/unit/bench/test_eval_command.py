"""The terminal's ``eval`` commands, with an evaluation made by hand."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from codefx_desktop.bench import rate_agreement, stop_eval
from codefx_desktop.bench.stop_eval import STOP_SEEDS, StopPlan, evaluate_all
from codefx_desktop.bench.stop_scores import CaseScore, Judged
from codefx_desktop.bench.track_scores import Identities
from codefx_desktop.cli.app import app
from codefx_desktop.cli.output import EXIT_USAGE
from codefx_desktop.synthetic.dataset import EVALUATION_SEEDS, KEPT_SEEDS

if TYPE_CHECKING:
    from pathlib import Path


def made_up(seed: int, plan: StopPlan) -> CaseScore:
    row = Judged(seed, "stop", "", 0.04, 2.0, True, 2.02, 2.0, 2.04, "track")
    missed = Judged(seed, "go", "", 0.04, 4.0, True)
    tracks = {"car": Identities(9, 1, 0)} if plan.weights else {}
    return CaseScore(seed, (row, missed), 1, 1, None, True, {"light": "day"}, 0.1, tracks)


@pytest.fixture(autouse=True)
def evaluation(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stop_eval, "evaluate_seed", made_up)

    def here(wanted: Any, **given: Any) -> tuple[CaseScore, ...]:  # noqa: ANN401
        """Not in another process, which would not know of it."""
        return evaluate_all(wanted, **{**given, "processes": 1})

    for module in (stop_eval, rate_agreement):
        monkeypatch.setattr(module, "evaluate_all", here)


def run(*words: str) -> Any:  # noqa: ANN401 - click's result has no public name in typer
    return CliRunner().invoke(app, ["eval", *words])


def test_json_has_what_is_asked_for() -> None:
    done = run("stops", "--seeds", "800000-800002", "--json", "--worst", "1")
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    assert (found["stops"], found["invented"], found["uncertainty_coverage"]) == (3, 0, 1.0)
    assert found["stationary_within_1_frame"] == 0.0
    stop = found["kinds"]["stop"]
    assert stop["mean_error_frames"] == pytest.approx(0.5)
    assert stop["p95_error_frames"] == pytest.approx(0.5)
    assert (stop["recall"], stop["count"]) == (1.0, 3)
    assert found["worst"][0]["kind"] == "go"
    assert found["tracking"]["car"]["idf1"] == pytest.approx(18 / 19)


def test_a_person_gets_tables() -> None:
    done = run("stops", "--seeds", "800000-800001", "--details", "--worst", "4", "--no-weights")
    assert done.exit_code == 0, done.output
    for text in ("2 stops, 2 reported", "light day", "missed: visible, not reported", "800001"):
        assert text in done.stdout
    assert "IDF1" not in done.stdout


def test_rates_say_whether_times_agree() -> None:
    done = run("rates", "--seeds", "800000-800001")
    assert done.exit_code == 0, done.output
    assert "100.0% of 30 pairs" in done.stdout
    found = json.loads(run("rates", "--seeds", "800000", "--json").stdout)
    assert found["kinds"]["stop"] == {"pairs": 15, "agree": 1.0, "mean_apart_ms": 0.0}
    assert list(found["rates"]) == ["24", "25", "30", "50", "60", "variable 30"]


@pytest.mark.parametrize("seeds", ["", "x", "5-4", "1,2", "-3"])
def test_seeds_that_make_no_sense_are_told(seeds: str) -> None:
    done = run("stops", "--seeds", seeds)
    assert done.exit_code == EXIT_USAGE
    assert "800000-800011" in done.output


def test_the_folder_can_be_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plans: list[StopPlan] = []

    def remembered(seed: int, plan: StopPlan) -> CaseScore:
        plans.append(plan)
        return made_up(seed, plan)

    monkeypatch.setattr(stop_eval, "evaluate_seed", remembered)
    run("stops", "--seeds", "800000", "--cache", str(tmp_path), "--template", "imsa")
    assert (plans[0].folder, plans[0].template) == (tmp_path, "imsa")


def test_the_evaluation_has_50_stops_that_nobody_trains_or_tunes_on() -> None:
    assert len(STOP_SEEDS) == 50
    assert set(STOP_SEEDS) <= set(KEPT_SEEDS)
    assert not set(STOP_SEEDS) & set(EVALUATION_SEEDS)
    help_text = run("stops", "--help").stdout
    assert f"{STOP_SEEDS[0]}-{STOP_SEEDS[-1]}" in help_text
