"""What the terminal says about jobs: dead ones, odd names, weights and devices that were named."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from codefx_desktop.bootstrap import open_workshop
from codefx_desktop.cli import main
from codefx_desktop.domain.job import JobFilter, JobMetadata, JobRecord, JobSpec, JobStatus
from codefx_desktop.jobs.engine import Engine
from codefx_desktop.jobs.work import begin
from codefx_desktop.settings.paths import app_paths
from codefx_desktop.settings.settings import load_settings
from tests.fakes import FakeVision

if TYPE_CHECKING:
    from pathlib import Path


def codefx(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from codefx_desktop.cli import main; main()", *words],
        capture_output=True,
        text=True,
        env={**os.environ, **environment},
        timeout=60,
        check=False,
    )


def code_of(monkeypatch: pytest.MonkeyPatch, *words: str) -> int | str | None:
    monkeypatch.setattr(sys, "argv", ["codefx", *words])
    with pytest.raises(SystemExit) as ended:
        main()
    return ended.value.code


def engine_and_jobs() -> tuple[Engine, tuple[JobRecord, ...]]:
    shop, _ = open_workshop(app_paths(), load_settings(), FakeVision())
    engine = Engine(shop)
    return engine, engine.page(JobFilter(), 10, 0)[0]


def test_a_job_whose_program_died_is_interrupted_in_the_terminal_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("codefx_desktop.jobs.work.CLAIM_GRACE", timedelta(0))
    shop, _ = open_workshop(app_paths(), load_settings(), FakeVision())
    record = begin(shop, tmp_path / "dead.mp4", JobSpec(), JobMetadata())
    assert code_of(monkeypatch, "jobs", "list", "--json") == 0
    said = capsys.readouterr()
    (listed,) = json.loads(said.out)["jobs"]
    assert listed["id"] == record.id
    assert listed["status"] == "INTERRUPTED"
    assert "dead.mp4" in said.err


def test_names_with_brackets_and_bytes_that_are_no_text_are_listed(tmp_path: Path) -> None:
    engine, _ = engine_and_jobs()
    names = ("stop_[red].mp4", os.fsdecode(b"caf\xe9.mp4"), "ピット.mp4")
    engine.add([tmp_path / name for name in names], JobSpec(), JobMetadata(series="F1 [/x]"))
    lines = codefx("jobs", "list", PYTHONIOENCODING="ascii")
    assert lines.returncode == 0, lines.stderr
    values = codefx("jobs", "list", "--json", PYTHONIOENCODING="utf-8")
    assert {job["input"]["filename"] for job in json.loads(values.stdout)["jobs"]} == set(names)
    table = codefx("jobs", "list", FORCE_COLOR="1", COLUMNS="200", PYTHONIOENCODING="utf-8")
    assert table.returncode == 0, table.stderr
    assert "stop_[red].mp4" in table.stdout
    assert "F1 [/x]" in table.stdout


def test_missing_weights_that_the_environment_names_fail_the_job(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from tests.clips import make_clip

    monkeypatch.setenv("PITSTOP_YOLO_WEIGHTS_PATH", str(tmp_path / "nowhere.pt"))
    clip = make_clip(tmp_path / "clip.mp4", seconds=0.2)
    assert code_of(monkeypatch, "run", str(clip), "--json") == 1
    finished = json.loads(capsys.readouterr().out)
    assert finished["status"] == "FAILED"
    assert "nowhere.pt" in finished["error_message"]
    _, (record,) = engine_and_jobs()
    assert record.status is JobStatus.FAILED


def test_a_device_on_the_command_line_wins_over_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CODEFX_DEVICE", "mps")
    run = ("run", str(tmp_path / "no.mp4"), "--weights", str(tmp_path / "no.pt"))
    assert code_of(monkeypatch, *run, "--device", "auto") == 1
    assert code_of(monkeypatch, *run) == 1
    _, (later, first) = engine_and_jobs()
    assert (first.spec.device, later.spec.device) == ("auto", "mps")


@pytest.mark.parametrize("command", [("demo",), ("run", "x.mp4", "--demo-model")])
def test_a_device_of_no_kind_is_wrong_use(
    command: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert code_of(monkeypatch, *command, "--device", "gpu") == 2
    assert "device" in capsys.readouterr().err
    assert engine_and_jobs()[1] == ()


def test_a_home_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    done = codefx("jobs", "list", CODEFX_HOME=str(tmp_path / "file" / "home"))
    assert done.returncode == 1
    assert "CODEFX_HOME" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_job_that_a_newer_program_queued_can_be_deleted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    engine, _ = engine_and_jobs()
    (record,) = engine.add([tmp_path / "newer.mp4"], JobSpec(), JobMetadata())
    record.job_dir.mkdir(parents=True)
    with closing(sqlite3.connect(app_paths().history)) as database, database:
        database.execute("UPDATE jobs SET spec = ?", ('{"version": 99}',))
    assert code_of(monkeypatch, "jobs", "show", record.id) == 0
    assert "version 99" in capsys.readouterr().out
    assert code_of(monkeypatch, "jobs", "delete", record.id, "--yes") == 0
    assert engine_and_jobs()[1] == ()
    assert not record.job_dir.exists()
