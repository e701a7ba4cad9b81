"""``codefx bench signals``: what is measured beside what, and the share that follows."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Self

import pytest
from typer.testing import CliRunner

from codefx_desktop.bench import signals
from codefx_desktop.bench.signal_alone import SIGNALS
from codefx_desktop.bench.signals import JOB, ROUNDS
from codefx_desktop.bench.stage_alone import STAGES
from codefx_desktop.cli.app import app
from codefx_desktop.domain.plan import PIT_STOP

CORE_S = {"detect": 0.05, "motion": 0.003, "cuts": 0.001, "sound": 0.001, "events": 0.002}
ELSE_S = 0.01


class NoSet:
    def __init__(self, *_given: object) -> None: ...

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None: ...

    def load(self, _seed: int) -> SimpleNamespace:
        return SimpleNamespace(
            clip=Path("clip.mp4"), observations=SimpleNamespace(times_s=[0.0] * 30)
        )


@pytest.fixture(autouse=True)
def sides(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    asked: list[tuple[str, str]] = []

    def side(module: str, what: str, *_given: object, home: Path) -> dict[str, Any]:
        assert "codefx-bench-" in str(home)
        asked.append((module, what))
        # One round is disturbed: the middle one is asked for, not the mean.
        disturbed = 5.0 if sum(part == what for _, part in asked) % ROUNDS == 0 else 1.0
        return {"frames": 30, "cpu_s": 30 * disturbed * CORE_S.get(what, ELSE_S), "wall_s": 9.0}

    monkeypatch.setattr(signals, "run_side", side)
    monkeypatch.setattr(signals, "StopSet", NoSet)
    return asked


def test_signals_are_set_beside_the_stages_of_a_job(sides: list[tuple[str, str]]) -> None:
    done = CliRunner().invoke(app, ["bench", "signals", "--json"])
    assert done.exit_code == 0, done.output
    slow, fast = json.loads(done.stdout)["rates"]
    assert (slow["rate"], fast["rate"]) == (25, 60)
    assert slow["job_s"]["decode"] == pytest.approx(2 * ELSE_S)
    assert slow["added"] == pytest.approx(0.007 / 0.1)
    assert slow["share"] == pytest.approx(0.007 / 0.107, abs=1e-4)
    modules = {"stage_alone": STAGES, "signal_alone": SIGNALS}
    assert all(what in modules[module] for module, what in sides)
    assert len(sides) == 2 * ROUNDS * (5 + 4)


def test_cuts_that_are_looked_for_because_of_stops_are_a_signal() -> None:
    assert PIT_STOP.plan.events
    assert not PIT_STOP.plan.scenes
    assert "cuts" in SIGNALS
    assert PIT_STOP.plan.draws_stops
    assert JOB["decode"] == 2


def test_a_person_reads_each_part_and_the_share() -> None:
    done = CliRunner().invoke(app, ["bench", "signals"])
    assert "motion      3.00 core-ms a frame (signal)" in done.stdout
    assert "signals are 6.5% of the job, goal at most 10%; they add 7.0% to it" in done.stdout
