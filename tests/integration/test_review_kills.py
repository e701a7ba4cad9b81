"""Programs killed while they keep a review: all that was acknowledged is there, each once."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from codefx_desktop.artifacts.layout import JobLayout
from codefx_desktop.jobs.review_aside import has_aside
from codefx_desktop.jobs.review_log import take_up
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

ASIDE = """
import itertools, sys
from pathlib import Path
from codefx_desktop.artifacts.layout import JobLayout
from codefx_desktop.domain.edit import ThresholdOp
from codefx_desktop.jobs.review_aside import put_aside
from codefx_desktop.jobs.review_log import take_up
from codefx_desktop.jobs.review_values import Edit, EditDeed
layout = JobLayout(Path(sys.argv[1]), "job")
print("ready", flush=True)
for number in itertools.count():
    name = f"{sys.argv[2]}.{number}"
    ops = (ThresholdOp(1, 0.5),)
    edits = [Edit("job", EditDeed.DO, f"{name} {n}", ops) for n in range(4)]
    put_aside(layout, [*edits, Edit("job", EditDeed.UNDO, f"{name} 3")])
    print(name, flush=True)
    take_up(layout)
"""


def killed(chance: random.Random, program: str, *words: str, most: int) -> list[str]:
    """Kill a program that tells what it has kept; return what it told.

    However slow the machine is, so many lines at most are waited for; the kill comes anywhere in
    what is done after them.
    """
    with subprocess.Popen(
        [sys.executable, "-c", program, *words], stdout=subprocess.PIPE, text=True
    ) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == "ready\n"
        lines = [running.stdout.readline() for _ in range(chance.randint(1, most))]
        time.sleep(chance.uniform(0.0, 0.04))
        running.send_signal(signal.SIGKILL)
        lines += running.stdout.read().splitlines(keepends=True)
    return [line.strip() for line in lines if line.endswith("\n")]


def kill_often(path: Path, kills: int) -> int:
    """Kill an editing program so often; return how many acknowledged edits were all there."""
    chance = random.Random(3)  # noqa: S311 - when to kill
    told: list[tuple[str, str]] = []
    for _ in range(kills):
        lines = killed(chance, EDITING, str(path), most=12)
        told += [tuple(line.split()) for line in lines]  # type: ignore[misc]
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


def kill_while_taken_up(root: Path, kills: int) -> int:
    """Kill a program that keeps what was put aside; return how often it was, each once."""
    chance = random.Random(5)  # noqa: S311 - when to kill
    layout, told = JobLayout(root, "job"), list[str]()
    for run in range(kills):
        told += killed(chance, ASIDE, str(root), str(run), most=4)
        take_up(layout)
        assert not has_aside(layout)
        with ReviewFile(layout.review) as file:
            steps = [(*step.text.split(), step.is_undone) for step in file.steps()]
        names = list(dict.fromkeys(str(name) for name, *_ in steps))
        assert set(told) <= set(names)
        assert steps == [(name, str(n), n == 3) for name in names for n in range(4)]
    return len(told)


def test_3_kills_while_changes_are_taken_up_keep_each_once(tmp_path: Path) -> None:
    assert kill_while_taken_up(tmp_path, 3) >= 3


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_20_kills_while_changes_are_taken_up_keep_each_once(tmp_path: Path) -> None:
    assert kill_while_taken_up(tmp_path, 20) >= 40


def test_5_kills_between_edits_lose_none(tmp_path: Path) -> None:
    assert kill_often(tmp_path / "review.sqlite", 5) > 5


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_50_kills_between_edits_lose_none(tmp_path: Path) -> None:
    assert kill_often(tmp_path / "review.sqlite", 50) > 200
