"""A program killed between edits of a review: every step that was acknowledged is there."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from codefx_desktop.store.review_file import ReviewFile

if TYPE_CHECKING:
    from pathlib import Path

EDITING = """
import sys
from pathlib import Path
from codefx_desktop.domain.edit import BoxOp, BoxValue, ThresholdOp
from codefx_desktop.store.review_file import ReviewFile
with ReviewFile(Path(sys.argv[1])) as file:
    print("ready", flush=True)
    number = 0
    while True:
        number += 1
        if number % 5 == 0 and (step := file.undo("me")) is not None:
            print("undo", step.key, flush=True)
        elif number % 7 == 0 and (step := file.redo("me")) is not None:
            print("redo", step.key, flush=True)
        else:
            ops = [BoxOp(n, -n, BoxValue((1, 2, 3, 4), 0, 1)) for n in range(1, number % 40 + 1)]
            print("do", file.append([*ops, ThresholdOp(1, 0.5)], "Edit", "me").key, flush=True)
"""


def kill_often(path: Path, kills: int) -> int:
    """Kill an editing program so often; return how many acknowledged edits were all there."""
    chance = random.Random(3)  # noqa: S311 - when to kill
    told: list[tuple[str, str]] = []
    for _ in range(kills):
        with subprocess.Popen(
            [sys.executable, "-c", EDITING, str(path)], stdout=subprocess.PIPE, text=True
        ) as program:
            assert program.stdout is not None
            assert program.stdout.readline() == "ready\n"
            time.sleep(chance.uniform(0.01, 0.15))
            program.send_signal(signal.SIGKILL)
            lines = program.stdout.read().splitlines(keepends=True)
        told += [tuple(line.split()) for line in lines if line.endswith("\n")]  # type: ignore[misc]
        with ReviewFile(path) as file:
            there = [(entry.deed.value, entry.step) for entry in file.entries()]
        # What was committed and not yet told when the program died is there, too.
        missing, place = [], 0
        for one in told:
            while place < len(there) and there[place] != one:
                place += 1
            if place == len(there):
                missing.append(one)
            place += 1
        assert missing == []
        assert len(there) <= len(told) + kills
    return len(told)


def test_5_kills_between_edits_lose_none(tmp_path: Path) -> None:
    assert kill_often(tmp_path / "review.sqlite", 5) > 5


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_50_kills_between_edits_lose_none(tmp_path: Path) -> None:
    assert kill_often(tmp_path / "review.sqlite", 50) > 200
