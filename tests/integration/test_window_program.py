"""The window's program as a process: how it ends, and how it says that it cannot begin."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

PROGRAM = [sys.executable, "-m", "codefx_desktop"]


def start(**environment: str) -> subprocess.Popen[str]:
    env = {**os.environ, "QT_QPA_PLATFORM": "offscreen", **environment}
    return subprocess.Popen(PROGRAM, stderr=subprocess.PIPE, text=True, env=env)


def wait_for(path: Path) -> None:
    end = time.monotonic() + 60
    while not path.exists() and time.monotonic() < end:
        time.sleep(0.1)
    assert path.exists(), path


@pytest.mark.skipif(os.name == "nt", reason="signals of the POSIX kind")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_and_the_system_end_it_tidily(home: Path, number: signal.Signals) -> None:
    with start() as program:
        wait_for(home / "history.sqlite")
        time.sleep(0.5)
        program.send_signal(number)
        _, errors = program.communicate(timeout=60)
    assert program.returncode == 0, errors
    assert "Traceback" not in errors


def test_a_setting_that_cannot_be_used_is_told_in_a_box_and_in_the_terminal() -> None:
    with start(DATABASE_URL="postgresql://localhost/pit") as program:
        assert program.stderr is not None
        assert "sqlite:///" in program.stderr.readline()
        with pytest.raises(subprocess.TimeoutExpired):
            program.wait(timeout=2)  # the box waits for the person
        program.kill()
