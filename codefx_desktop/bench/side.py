"""Runs one of our own modules in a process of its own and reads what it measured."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

from codefx_desktop.domain.errors import CodefxError

if TYPE_CHECKING:
    from pathlib import Path

TIMEOUT_S = 1800


def refuse_frozen(what: str) -> None:
    """Say that sides are Python programs where there is no Python to run them.

    Args:
        what: What cannot be measured.

    Raises:
        CodefxError: If this is the frozen program.
    """
    if getattr(sys, "frozen", False):
        raise CodefxError(
            f"The frozen program cannot measure {what}: each side is a Python program.",
            hint="Run it in a checkout that packaging/start.py set up.",
        )


def run_side(module: str, *arguments: object, home: Path) -> dict[str, Any]:
    """Run ``codefx_desktop.bench.<module>`` and return the JSON object of its last line.

    Args:
        module: The side's module.
        arguments: Its arguments.
        home: The app's folder for it: no side may touch the person's history or settings.

    Raises:
        CodefxError: If it fails, with its last words, or does not end.
    """
    command = [sys.executable, "-m", f"codefx_desktop.bench.{module}", *map(str, arguments)]
    env = {**os.environ, "CODEFX_HOME": str(home)}
    try:
        done = subprocess.run(  # noqa: S603 - our own modules
            command, capture_output=True, text=True, timeout=TIMEOUT_S, env=env, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise CodefxError(
            f"The side {module} did not end within {TIMEOUT_S // 60} minutes.",
            hint="Measure a shorter clip.",
        ) from error
    if done.returncode != 0:
        raise CodefxError(f"The side {module} failed: {done.stderr.strip()[-800:]}")
    result: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return result
