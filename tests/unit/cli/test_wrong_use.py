"""The terminal's answers to wrong use: a sentence and exit code 2, and nothing queued."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from codefx_desktop.cli import main, output


def codefx(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from codefx_desktop.cli import main; main()", *words],
        capture_output=True,
        text=True,
        env={**os.environ, **environment},
        timeout=120,
        check=False,
    )


def test_help_names_the_commands() -> None:
    done = codefx("--help")
    assert done.returncode == 0
    for command in ("demo", "run", "jobs", "doctor", "bench", "synth", "train-demo"):
        assert command in done.stdout


def test_help_loads_no_heavy_library() -> None:
    code = (
        "import sys; import codefx_desktop.cli.app; "
        "print([m for m in ('torch', 'ultralytics', 'cv2', 'av', 'sqlalchemy', 'boto3')"
        " if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=True
    )
    assert done.stdout.strip() == "[]"


def test_what_a_command_works_with_loads_no_library_of_a_few_deeds() -> None:
    code = (
        "import sys; import codefx_desktop.bootstrap, codefx_desktop.jobs.engine; "
        "print([m for m in ('torch', 'ultralytics', 'boto3', 'fpdf', 'openpyxl')"
        " if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=True
    )
    assert done.stdout.strip() == "[]"


def test_an_unknown_job_is_exit_code_2() -> None:
    for command in ("show", "logs", "output"):
        done = codefx("jobs", command, "deadbeef")
        assert done.returncode == 2, done.stderr
        assert done.stderr == "There is no job deadbeef. codefx jobs list tells their ids.\n"


def test_an_empty_history_lists_nothing() -> None:
    done = codefx("jobs", "list", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {"jobs": [], "total": 0}


def test_no_weights_is_wrong_use_and_queues_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    # In this process, so that weights of this checkout's own are out of sight.
    monkeypatch.setattr("codefx_desktop.settings.weights.program_dir", lambda: tmp_path)
    monkeypatch.setattr(sys, "argv", ["codefx", "run", str(tmp_path / "clip.mp4")])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    said = capsys.readouterr().err
    assert "best.pt" in said
    assert "--demo-model" in said
    assert json.loads(codefx("jobs", "list", "--json").stdout)["total"] == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("run", "x.mp4", "--confidence", "2"), "confidence"),
        (("run", "x.mp4", "--demo-model", "--profile", "magic"), "profile"),
        (("run", "x.mp4", "--demo-model", "--series", "x" * 101), "series"),
        (("bench", "pipeline", "--peer", "nobody"), "nobody"),
        (("run",), "clips"),
    ],
)
def test_wrong_values_are_named(words: tuple[str, ...], said: str) -> None:
    done = codefx(*words)
    assert done.returncode == 2
    assert said in done.stderr


def test_another_database_is_refused_with_a_sentence() -> None:
    done = codefx("jobs", "list", DATABASE_URL="postgresql://localhost/pit")
    assert done.returncode == 2
    assert "sqlite:///" in done.stderr
    assert "Traceback" not in done.stderr


def test_json_values_are_plain() -> None:
    assert output._plain(Path("a") / "b") == str(Path("a") / "b")
    with pytest.raises(TypeError):
        output._plain(object())
