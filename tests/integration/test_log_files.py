"""The log files: each program at work has its own, and what ends a program is in it."""

from __future__ import annotations

import logging
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from codefx_desktop import bootstrap
from codefx_desktop.domain.errors import ClipMissing
from codefx_desktop.settings.paths import app_paths
from codefx_desktop.settings.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LINES = 400
OTHER = f"""
import logging, sys
from codefx_desktop import bootstrap
from codefx_desktop.settings.paths import app_paths
from codefx_desktop.settings.settings import load_settings
bootstrap.LOG_BYTES = int(sys.argv[1])
with bootstrap.log_files(app_paths(), load_settings()):
    print("open", flush=True)
    sys.stdin.readline()
    for number in range({LINES}):
        logging.getLogger("other").info("line %d", number)
"""


@pytest.fixture(autouse=True)
def quiet_root() -> Iterator[None]:
    """Give the root logger its level back; the program sets it once and for all."""
    level = logging.getLogger().level
    yield
    logging.getLogger().setLevel(level)


def lines_of(folder: Path, name: str) -> list[str]:
    """Return the lines of a log, oldest first, with those that were rotated away."""
    files = sorted(folder.glob(f"{name}.log*"), reverse=True)
    return [line for file in files for line in file.read_text("utf-8").splitlines()]


def test_programs_at_the_same_time_lose_no_line_of_each_other(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit = 16 * 1024  # of some 28,000 bytes: each log is rotated once
    monkeypatch.setattr(bootstrap, "LOG_BYTES", limit)
    with subprocess.Popen(
        [sys.executable, "-c", OTHER, str(limit)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdin is not None
        assert other.stdout is not None
        assert other.stdout.readline() == "open\n"
        with bootstrap.log_files(app_paths(), load_settings()):
            other.stdin.write("\n")
            other.stdin.flush()
            for number in range(LINES):
                logging.getLogger("ours").info("line %d", number)
            assert other.wait(30) == 0
    first, second = (lines_of(home / "logs", name) for name in ("codefx", "codefx-2"))
    assert [line.partition(" other: ")[2] for line in first] == [f"line {n}" for n in range(LINES)]
    assert [line.partition(" ours: ")[2] for line in second] == [f"line {n}" for n in range(LINES)]


def test_a_log_is_taken_up_again_by_the_next_program(home: Path) -> None:
    for text in ("first", "second"):
        with bootstrap.log_files(app_paths(), load_settings()):
            logging.getLogger("ours").info(text)
    assert [line.split()[-1] for line in lines_of(home / "logs", "codefx")] == ["first", "second"]
    assert not list((home / "logs").glob("codefx-2*"))


def test_a_name_that_is_no_text_is_logged(home: Path) -> None:
    with bootstrap.log_files(app_paths(), load_settings()):
        logging.getLogger("ours").warning("%s is damaged", "caf\udce9.mp4")
    (line,) = lines_of(home / "logs", "codefx")
    assert line.endswith(r"caf\udce9.mp4 is damaged")


def test_what_ends_the_program_unexpectedly_is_in_the_log(home: Path) -> None:
    def fail(error: Exception) -> None:
        with bootstrap.log_files(app_paths(), load_settings()):
            raise error

    with pytest.raises(ClipMissing):
        fail(ClipMissing("The clip is gone."))
    assert lines_of(home / "logs", "codefx") == [], "a known trouble is told, not a bug"
    with pytest.raises(ZeroDivisionError):
        fail(ZeroDivisionError("by nothing"))
    said = lines_of(home / "logs", "codefx")
    assert "CRITICAL" in said[0]
    assert "ZeroDivisionError: by nothing" in said[-1]


def test_a_folder_that_cannot_be_written_sends_the_log_to_the_error_stream(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (home / "logs").write_text("not a folder")
    with bootstrap.log_files(app_paths(), load_settings()):
        logging.getLogger("ours").warning("still told")
    assert "still told" in capsys.readouterr().err
