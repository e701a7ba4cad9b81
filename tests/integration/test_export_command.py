"""``codefx export`` from the outside: what it writes, says and refuses."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from stop_jobs import make_stop_job
from typer.testing import CliRunner

from codefx_desktop.cli.app import app
from codefx_desktop.cli.output import EXIT_FAILED, EXIT_OK, EXIT_USAGE

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def job_id(tmp_path: Path) -> str:
    job = make_stop_job(tmp_path / "footage", seconds=3.0)
    job.engine.close()
    return job.record.id


def codefx(*words: object) -> tuple[int, str, str]:
    done = CliRunner().invoke(app, ["export", *map(str, words)])
    return done.exit_code, done.stdout, done.stderr


def test_several_things_at_once_and_one_line_each(job_id: str, tmp_path: Path) -> None:
    out = tmp_path / "out"
    asked = ("--format", "csv", "--format", "clip", "--format", "csv", "--pre", 0.1, "--post", 0.1)
    code, said, _ = codefx(job_id[:8], *asked, "--event", "stop", "--to", out)
    assert code == EXIT_OK, said
    lines = said.splitlines()
    assert lines[0] == str(out / "lap_events.csv")
    assert lines[1].startswith(f"{out / 'lap_durations.csv'} (2 files, ")
    assert lines[2].startswith(f"{out / 'lap_stop1_stop.mp4'} (")
    assert lines[2].endswith(" Frames 57 to 63.")
    code, _, said = codefx(job_id, "--format", "csv", "--to", out)
    assert code == EXIT_FAILED
    assert "add --replace" in said.replace("\n", " ")
    assert codefx(job_id, "--format", "csv", "--to", out, "--replace")[0] == EXIT_OK


def test_json_for_scripts(job_id: str, tmp_path: Path) -> None:
    out = tmp_path / "out"
    code, said, _ = codefx(job_id, "--format", "xlsx", "--to", out, "--json")
    assert code == EXIT_OK
    (one,) = json.loads(said)["written"]
    assert (one["format"], one["files"]) == ("xlsx", 1)
    assert one["paths"] == [str(out / "lap_stops.xlsx")]
    assert one["size_bytes"] == (out / "lap_stops.xlsx").stat().st_size


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--format", "csv", "--event", "stop"), "--event needs --format clip or still"),
        (("--format", "csv", "--frame", 3), "--frame needs --format still"),
        (("--format", "coco", "--pictures"), "--pictures needs --format yolo"),
        (("--format", "mot", "--only-corrected"), "--only-corrected needs"),
        (("--format", "clip", "--event", "stop:XX"), "names no event"),
    ],
)
def test_wrong_use_is_said_before_the_history_is_opened(
    words: tuple[object, ...], said: str
) -> None:
    code, _, error = codefx("0000", *words)
    assert code == EXIT_USAGE
    assert said in error


def test_a_format_is_needed_and_a_stop_must_be_there(job_id: str, tmp_path: Path) -> None:
    assert codefx(job_id)[0] == EXIT_USAGE
    done = CliRunner().invoke(
        app, ["export", job_id, "--format", "pdf", "--stop", "7", "--to", str(tmp_path)]
    )
    assert "has no stop 7" in str(done.exception)
