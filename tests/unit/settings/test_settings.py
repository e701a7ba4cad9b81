from __future__ import annotations

from pathlib import Path

import pytest

from codefx_desktop.domain.errors import SettingsError, WeightsMissing, WeightsNotChosen
from codefx_desktop.domain.job import JobSpec
from codefx_desktop.settings.paths import app_paths
from codefx_desktop.settings.settings import load_settings, locked_fields
from codefx_desktop.settings.weights import find_weights


def test_command_line_over_environment_over_file_over_default(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert load_settings().yolo_threshold == 0.5
    (home / "settings.toml").write_text("yolo_threshold = 0.2\niou_threshold = 0.3\n")
    assert load_settings().yolo_threshold == 0.2
    monkeypatch.setenv("PITSTOP_YOLO_THRESHOLD", "0.4")
    assert load_settings().yolo_threshold == 0.4
    assert load_settings(yolo_threshold=0.6).yolo_threshold == 0.6
    assert load_settings().iou_threshold == 0.3
    assert locked_fields() == {"yolo_threshold"}


@pytest.mark.parametrize(
    ("name", "value", "word"),
    [
        ("PITSTOP_YOLO_THRESHOLD", "1.5", "PITSTOP_YOLO_THRESHOLD"),
        ("MAX_FILE_SIZE_MB", "many", "MAX_FILE_SIZE_MB"),
        ("DATABASE_URL", "postgresql://x/y", "sqlite:///"),
        ("DATABASE_URL", "sqlite:///", "sqlite:///"),
        ("DATABASE_URL", "sqlite:///:memory:", "sqlite:///"),
        ("CODEFX_DEVICE", "tpu", "CODEFX_DEVICE"),
    ],
)
def test_a_wrong_value_is_a_sentence_with_its_name(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, word: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=word):
        load_settings()


def test_a_broken_settings_file_is_told(home: Path) -> None:
    (home / "settings.toml").write_text("yolo_threshold = = 3")
    with pytest.raises(SettingsError, match="settings file"):
        load_settings()


def test_history_path(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert load_settings().history_path(app_paths()) == home / "history.sqlite"
    monkeypatch.setenv("DATABASE_URL", "sqlite:////srv/data/h.sqlite")
    assert load_settings().history_path(app_paths()) == Path("/srv/data/h.sqlite")


def test_weights_order(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("codefx_desktop.settings.weights.program_dir", lambda: tmp_path / "program")
    paths = app_paths()
    with pytest.raises(WeightsNotChosen, match=r"best\.pt"):
        find_weights(JobSpec(), load_settings(), paths)
    beside = tmp_path / "program" / "model_weights" / "best.pt"
    own = home / "model_weights" / "best.pt"
    named, chosen = tmp_path / "named.pt", tmp_path / "chosen.pt"
    for path in (beside, own, named, chosen):
        path.parent.mkdir(parents=True, exist_ok=True)
    beside.touch()
    assert find_weights(JobSpec(), load_settings(), paths).path == beside
    own.touch()
    assert find_weights(JobSpec(), load_settings(), paths).path == own
    monkeypatch.setenv("PITSTOP_YOLO_WEIGHTS_PATH", str(named))
    with pytest.raises(WeightsMissing, match="PITSTOP_YOLO_WEIGHTS_PATH"):
        find_weights(JobSpec(), load_settings(), paths)
    named.touch()
    assert find_weights(JobSpec(), load_settings(), paths).path == named
    chosen.touch()
    assert find_weights(JobSpec(weights=chosen), load_settings(), paths).path == chosen


def test_weights_that_cannot_be_looked_at_are_missing(tmp_path: Path) -> None:
    spec = JobSpec(weights=tmp_path / ("x" * 300) / "best.pt")
    with pytest.raises(WeightsMissing, match="is not there"):
        find_weights(spec, load_settings(), app_paths())
