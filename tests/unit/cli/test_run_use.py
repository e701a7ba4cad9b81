"""``codefx run`` before anything runs: its help, profiles, switches that do not fit, weights."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from codefx_desktop.bootstrap import open_workshop
from codefx_desktop.cli import main
from codefx_desktop.cli.app import app
from codefx_desktop.domain.job import JobFilter
from codefx_desktop.domain.plan import Profile, StagePlan
from codefx_desktop.jobs.engine import Engine
from codefx_desktop.settings.paths import app_paths
from codefx_desktop.settings.profiles import save_profile
from codefx_desktop.settings.settings import load_settings
from tests.fakes import FakeVision

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from codefx_desktop.domain.job import JobRecord


@pytest.fixture
def codefx(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str, str]]:
    """Run the program in this process; weights of this checkout's own are out of sight."""
    monkeypatch.setattr("codefx_desktop.settings.weights.program_dir", lambda: tmp_path)

    def call(*words: str | Path) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["codefx", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        return int(ended.value.code or 0), said.out, said.err

    return call


def jobs() -> tuple[JobRecord, ...]:
    shop, _ = open_workshop(app_paths(), load_settings(), FakeVision())
    engine = Engine(shop)
    records = engine.page(JobFilter(), 10, 0)[0]
    engine.close()
    return records


def test_the_help_is_in_panels(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    said = CliRunner().invoke(app, ["run", "--help"], color=False).output
    panels = [
        "What is looked for",
        "Artifacts",
        "Details of the stages",
        "Detector and device",
        "Results",
        "About the clip",
    ]
    places = [said.index(f"─ {panel} ─") for panel in panels]
    assert places == sorted(places)
    for switch in ("--scenes", "--no-detect", "--every-frame", "--blur-faces", "--profile"):
        assert places[0] < said.index(switch) < places[1]
    for switch in ("--seg-classes", "--scene-detector", "--smallest-face"):
        assert places[2] < said.index(switch) < places[3]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--segment",), "--artifacts every:15"),
        (("--artifacts", "scenes"), "add --scenes"),
        (("--profile", "video", "--scene-threshold", "0"), "above 0"),
        (("--profile", "video", "--scene-detector", "sharp"), "--scene-detector"),
        (("--profile", "video", "--face-confidence", "7"), "face_confidence"),
        (("--scenes", "--no-detect", "--weights", "x.pt"), "nothing is to be detected"),
        (("--profile", "tyres"), "pitstop, video, everything"),
    ],
)
def test_what_does_not_fit_is_wrong_use(
    codefx: Callable[..., tuple[int, str, str]], words: tuple[str, ...], said: str
) -> None:
    code, out, err = codefx("run", "x.mp4", *words)
    assert code == 2
    assert said in err
    assert "Traceback" not in err
    assert out == ""
    assert jobs() == ()


def test_segmentation_needs_weights_of_its_own(
    codefx: Callable[..., tuple[int, str, str]], weights: Path
) -> None:
    code, _, err = codefx("run", "x.mp4", "--weights", weights, "--profile", "video")
    assert code == 2
    assert "There are no segmentation weights." in err
    assert "--seg-weights FILE" in err
    assert jobs() == ()


def test_detector_weights_are_not_asked_for_where_nothing_is_detected(
    codefx: Callable[..., tuple[int, str, str]], tmp_path: Path
) -> None:
    code, _, err = codefx("run", tmp_path / "gone.mp4", "--scenes", "--no-detect")
    assert code == 1  # the clip is not there: it got as far as that
    assert "gone.mp4" in err
    (job,) = jobs()
    assert not job.spec.plan.detect


def test_a_profile_of_ones_own(
    codefx: Callable[..., tuple[int, str, str]], tmp_path: Path, weights: Path
) -> None:
    own = StagePlan(faces=True, blur_faces=True, smallest_face_px=30)
    save_profile(app_paths(), Profile("Faces away", "Faces away", own, is_own=True))
    run = ("run", tmp_path / "gone.mp4", "--weights", weights, "--profile", "faces AWAY")
    assert codefx(*run)[0] == 1
    assert codefx(*run, "--smallest-face", "40")[0] == 1
    later, first = jobs()
    assert (first.spec.profile, first.spec.plan) == ("Faces away", own)
    assert later.spec.plan.smallest_face_px == 40


@pytest.mark.parametrize(
    "words",
    [
        ("--output", "there"),
        ("--frame", "3"),
        ("--format", "coco", "--frame", "3"),
        ("--format", "json", "--frame", "3", "--output", "there"),
        ("--format", "json", "--pictures"),
        ("--format", "pdf"),
    ],
)
def test_options_of_artifacts_that_do_not_fit(
    codefx: Callable[..., tuple[int, str, str]], words: tuple[str, ...]
) -> None:
    code, _, err = codefx("artifacts", "deadbeef", *words)
    assert code == 2
    assert "deadbeef" not in err


def test_artifacts_of_an_unknown_job(codefx: Callable[..., tuple[int, str, str]]) -> None:
    code, _, err = codefx("artifacts", "deadbeef")
    assert code == 2
    assert "deadbeef" in err
