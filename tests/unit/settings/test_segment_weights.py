"""Which segmentation weights a job uses."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from codefx_desktop.domain.errors import WeightsMissing, WeightsNotChosen
from codefx_desktop.domain.job import JobSpec
from codefx_desktop.domain.plan import StagePlan
from codefx_desktop.settings import weights
from codefx_desktop.settings.paths import app_paths
from codefx_desktop.settings.settings import load_settings
from codefx_desktop.settings.weights import FoundWeights, find_segment_weights

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the program a folder of its own: a checkout may hold weights."""
    folder = tmp_path / "program"
    monkeypatch.setattr(weights, "program_dir", lambda: folder)
    return folder


def put(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"weights")
    return path


def found(chosen: Path | None = None) -> FoundWeights:
    spec = JobSpec(plan=StagePlan(segment=True, every_frame=True, segment_weights=chosen))
    return find_segment_weights(spec, load_settings(), app_paths())


def test_each_place_wins_over_those_after_it(
    tmp_path: Path, program: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(WeightsNotChosen) as caught:
        found()
    assert "segmentation" in str(caught.value)
    assert "model manager" in str(caught.value)

    beside = put(program / "model_weights" / "x-seg.pt")
    assert found().path == beside
    ours = app_paths().weights
    put(ours / "z-seg.pt")
    put(ours / "best.pt")
    assert found().path == ours / "z-seg.pt"
    put(ours / "b-seg.pt")
    assert found().path == ours / "b-seg.pt", "the first by name"
    put(ours / "best-seg.pt")
    put(ours / "a-seg.pt")
    assert found() == FoundWeights(ours / "best-seg.pt", f"found in {ours}")
    named = put(tmp_path / "named.pt")
    monkeypatch.setenv("CODEFX_SEG_WEIGHTS_PATH", str(named))
    assert found() == FoundWeights(named, "CODEFX_SEG_WEIGHTS_PATH")
    chosen = put(tmp_path / "chosen.pt")
    assert found(chosen) == FoundWeights(chosen, "chosen for this job")


def test_named_weights_that_are_not_there_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(app_paths().weights / "best-seg.pt")
    with pytest.raises(WeightsMissing, match=r"gone\.pt \(chosen for this job\)"):
        found(tmp_path / "gone.pt")
    monkeypatch.setenv("CODEFX_SEG_WEIGHTS_PATH", str(tmp_path / "gone.pt"))
    with pytest.raises(WeightsMissing, match="CODEFX_SEG_WEIGHTS_PATH"):
        found()


def test_the_demo_segmenter_only_where_the_demo_model_is_asked_for(home: Path) -> None:
    own = home / "model_weights" / "best-seg.pt"
    own.parent.mkdir(parents=True, exist_ok=True)
    own.write_bytes(b"own")
    plan = StagePlan(segment=True, every_frame=True)
    spec = JobSpec(plan=plan, demo_model=True)
    found = find_segment_weights(spec, load_settings(), app_paths())
    assert (found.path.name, found.is_demo) == ("demo_segmenter.pt", True)
    plain = find_segment_weights(JobSpec(plan=plan), load_settings(), app_paths())
    assert (plain.path, plain.is_demo) == (own, False)
    chosen = JobSpec(plan=replace(plan, segment_weights=own), demo_model=True)
    assert find_segment_weights(chosen, load_settings(), app_paths()).path == own
