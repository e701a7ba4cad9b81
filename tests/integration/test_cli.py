"""The terminal end to end with a fake detector: what it prints, its exit codes, its history."""

from __future__ import annotations

import errno
import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from clips import make_clip
from fakes import FakeScript, FakeVision, brightest_block

from codefx_desktop.cli import main

if TYPE_CHECKING:
    from codefx_desktop.domain.detections import Detections
    from codefx_desktop.domain.frame import Frame

Codefx = Callable[..., tuple[int, str, str]]


@pytest.fixture
def vision(monkeypatch: pytest.MonkeyPatch) -> FakeVision:
    fake = FakeVision()
    monkeypatch.setattr("codefx_desktop.bootstrap.new_vision", lambda _paths: fake)
    return fake


@pytest.fixture
def codefx(
    vision: FakeVision, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Codefx:
    def call(*words: str | Path) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["codefx", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        return int(ended.value.code or 0), said.out, said.err

    return call


def objects(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_json_is_one_object_per_clip_and_a_bad_clip_does_not_stop_the_next(
    codefx: Codefx, tmp_path: Path, weights: Path
) -> None:
    bad = tmp_path / "bad.mp4"
    bad.write_text("no video")
    good = make_clip(tmp_path / "good.mp4", seconds=0.5, audio=True)
    code, out, _ = codefx("run", bad, good, "--weights", weights, "--json", "--series", "F1")
    assert code == 1
    first, second = objects(out)
    assert set(first) >= {
        "job_id",
        "status",
        "frames_in",
        "frames_out",
        "fps",
        "stage_seconds",
        "output",
    }
    assert (first["status"], first["output"]) == ("FAILED", None)
    assert "bad.mp4" in first["error_message"]
    assert (second["status"], second["frames_in"], second["frames_out"]) == ("COMPLETE", 15, 15)
    assert set(second["output"]) == {"path", "size_bytes", "sha256"}
    assert Path(second["output"]["path"]).stat().st_size == second["output"]["size_bytes"]
    assert set(second["stage_seconds"]) == {
        "IMPORT",
        "DETECTING",
        "TRACKING",
        "RENDERING",
        "EVENTS",
        "TRANSCODING",
    }


def test_the_history_has_what_was_run(
    codefx: Codefx, tmp_path: Path, weights: Path, home: Path
) -> None:
    clip = make_clip(tmp_path / "clip.mp4", seconds=0.3)
    code, out, _ = codefx(
        "run", clip, "--weights", weights, "--race", "Spa", "--event-date", "2026-11-21", "--json"
    )
    assert code == 0
    job_id = objects(out)[0]["job_id"]
    _, out, _ = codefx("jobs", "list", "--json")
    (listed,) = objects(out)
    assert listed["total"] == 1
    assert listed["jobs"][0]["id"] == job_id
    _, out, _ = codefx("jobs", "show", job_id[:8], "--json")
    shown = objects(out)[0]
    assert (shown["race"], shown["event_date"], shown["status"]) == (
        "Spa",
        "2026-11-21",
        "COMPLETE",
    )
    _, out, _ = codefx("jobs", "logs", job_id[:8])
    assert "Complete: 9 frames" in out
    code, out, _ = codefx("jobs", "output", job_id[:8], "--to", tmp_path / "copy.mp4")
    assert code == 0
    assert (tmp_path / "copy.mp4").is_file()
    code, _, _ = codefx("jobs", "delete", job_id[:8], "--yes")
    assert code == 0
    assert not (home / "jobs" / job_id).exists()
    assert clip.is_file()
    code, _, err = codefx("jobs", "show", job_id)
    assert code == 2
    assert job_id in err


def test_output_folder_holds_the_jobs_tree(codefx: Codefx, tmp_path: Path, weights: Path) -> None:
    clip = make_clip(tmp_path / "clip.mp4", seconds=0.3)
    code, out, _ = codefx("run", clip, "--weights", weights, "--output", tmp_path / "o", "--json")
    assert code == 0
    path = Path(objects(out)[0]["output"]["path"])
    job_id = objects(out)[0]["job_id"]
    assert path == tmp_path / "o" / "jobs" / job_id / "output" / "clip_annotated.mp4"


def test_output_of_a_job_that_is_not_complete_says_so(
    codefx: Codefx, vision: FakeVision, tmp_path: Path, weights: Path
) -> None:
    vision.script = FakeScript(fail_at=3)
    clip = make_clip(tmp_path / "clip.mp4", seconds=0.3)
    code, out, _ = codefx("run", clip, "--weights", weights, "--json")
    assert code == 1
    code, _, err = codefx("jobs", "output", objects(out)[0]["job_id"])
    assert code == 1
    assert "Job is not complete. Current status FAILED, stage" in err


def test_a_pipe_gets_plain_lines(codefx: Codefx, tmp_path: Path, weights: Path) -> None:
    clip = make_clip(tmp_path / "clip.mp4", seconds=0.5)
    code, out, _ = codefx("run", clip, "--weights", weights)
    assert code == 0
    assert "\x1b[" not in out
    assert "INFO: 15 frames, 320x180" in out
    assert "100% COMPLETE" in out
    assert "Annotated clip: " in out


def test_the_demo_model_is_named_for_what_it_is(codefx: Codefx, tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "race.mp4", seconds=0.3)
    _, out, _ = codefx("run", clip, "--demo-model")
    assert "WARNING: The demo model knows only rendered scenes." in out


def test_ctrl_c_ends_the_clip_in_work_and_begins_no_other(
    codefx: Codefx, vision: FakeVision, tmp_path: Path, weights: Path
) -> None:
    def press(frame: Frame) -> Detections:
        if frame.number == 4:
            os.kill(os.getpid(), signal.SIGINT)
        return brightest_block(frame)

    vision.script = FakeScript(boxes=press, delay_s=0.02)
    clips = [make_clip(tmp_path / f"{name}.mp4", seconds=1) for name in "ab"]
    code, out, _ = codefx("run", *clips, "--weights", weights, "--json")
    assert code == 1
    assert [item["status"] for item in objects(out)] == ["CANCELLED"]


def test_a_job_is_not_stopped_by_who_no_longer_reads_what_it_prints(
    codefx: Codefx, tmp_path: Path, weights: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As ``codefx run clip.mp4 | head -3`` does, or a full disk under the file it prints to."""

    def gone(_text: str) -> None:
        raise BrokenPipeError(errno.EPIPE, "Broken pipe")

    clip = make_clip(tmp_path / "clip.mp4", seconds=0.3)
    with monkeypatch.context() as patch:
        patch.setattr("codefx_desktop.cli.progress.say", gone)
        codefx("run", clip, "--weights", weights)
    _, out, _ = codefx("jobs", "list", "--json")
    assert [job["status"] for job in objects(out)[0]["jobs"]] == ["COMPLETE"]
