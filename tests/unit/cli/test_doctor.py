"""The doctor says how every encoder's trial went, and whether torchvision's operators work."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import typer

from codefx_desktop.cli import doctor
from codefx_desktop.domain.errors import DeviceError, SettingsError
from codefx_desktop.video.encoders import EncodePlan, TrialOutcome

if TYPE_CHECKING:
    from pathlib import Path

NO_CUDA = "it cannot be opened: Cannot load libcuda.so.1"
OUTCOMES = (
    TrialOutcome("libx264", passed=True, seconds=1.234),
    TrialOutcome(
        "h264_nvenc", passed=False, reason="it cannot be opened: Cannot load libcuda.so.1"
    ),
)


class Trials:
    outcomes = OUTCOMES

    def __init__(self, wanted: str, cache: Path) -> None:
        self.wanted = wanted

    def examine(self, plan: EncodePlan, cancel: object) -> tuple[TrialOutcome, ...]:
        assert (plan.width, plan.height) == (1920, 1080)
        return self.outcomes


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """No library of models is loaded and no child started."""
    monkeypatch.setattr("codefx_desktop.jobs.encoder_trials.EncoderTrials", Trials)
    monkeypatch.setattr(doctor, "_device", lambda *_given: {"name": "cpu"})
    monkeypatch.setattr(doctor, "check_operators", lambda _paths: "torchvision.ops.nms works")


def run(capsys: pytest.CaptureFixture[str], *, as_json: bool = True) -> tuple[int, str]:
    with pytest.raises(typer.Exit) as caught:
        doctor.doctor(as_json=as_json)
    return caught.value.exit_code, capsys.readouterr().out


def test_every_trial_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    code, told = run(capsys)
    report: dict[str, Any] = json.loads(told)
    assert (code, report["troubles"]) == (0, [])
    assert report["encoders"] == {
        "tried with": "1920 x 1080",
        "libx264": "passed its trial (1.2 s)",
        "h264_nvenc": "it cannot be opened: Cannot load libcuda.so.1",
        "setting": "auto",
    }
    assert report["operators"] == {"torchvision": "torchvision.ops.nms works"}


def test_in_words(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CODEFX_ENCODER", "h264_nvenc")
    _, told = run(capsys, as_json=False)
    lines = [" ".join(line.split()) for line in told.splitlines()]
    assert "h264_nvenc it cannot be opened: Cannot load libcuda.so.1" in lines
    assert "setting h264_nvenc" in lines
    assert lines[-1] == "Everything needed is here."


def test_a_libx264_that_fails_is_a_trouble(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = TrialOutcome("libx264", passed=False, reason="29 of 30 pictures came back")
    monkeypatch.setattr(Trials, "outcomes", (broken,))
    code, told = run(capsys, as_json=False)
    assert code == 1
    assert "TROUBLE: libx264 did not pass its trial: 29 of 30 pictures came back." in told
    assert "Everything needed" not in told


def test_missing_operators_are_a_trouble(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(_paths: object) -> str:
        raise DeviceError("torchvision's operators cannot be used: no nms.", hint="Install both.")

    monkeypatch.setattr(doctor, "check_operators", missing)
    code, told = run(capsys)
    report = json.loads(told)
    assert code == 1
    assert report["troubles"] == ["torchvision's operators cannot be used: no nms. Install both."]
    assert "error" in report["operators"]


def test_a_wrong_encoder_names_the_right_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CODEFX_ENCODER", "x265")
    with pytest.raises(SettingsError, match=r"CODEFX_ENCODER: .*'auto', 'libx264', 'h264_nvenc'"):
        doctor.doctor(as_json=True)
