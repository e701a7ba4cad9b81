"""Trials in child processes: what a driver may do to one, and how long its verdict is kept."""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from codefx_desktop.domain.job import QualityPreset
from codefx_desktop.domain.run import Cancelled
from codefx_desktop.jobs import encoder_trials
from codefx_desktop.jobs.encoder_trials import EncoderTrials
from codefx_desktop.video.encoders import ENCODERS, X264, EncodePlan, candidates, is_built_in

if TYPE_CHECKING:
    from pathlib import Path

PLAN = EncodePlan(640, 360, Fraction(1, 15_360), Fraction(30000, 1001))
NVENC = ENCODERS["h264_nvenc"]
NEVER = threading.Event()

PASSES = """print('{"passed": true, "reason": ""}')"""
REFUSES = """
sys.stderr.write("[h264_nvenc @ 0x55d] [err] Cannot load libcuda.so.1.\\n[x @ 1] Later trouble\\n")
print("a line of a library")
print('{"passed": false, "reason": "it cannot be opened"}')
"""


class Children:
    """Trials whose child runs a script, and counts that it did."""

    def __init__(self, folder: Path) -> None:
        self.cache, self._counter = folder / "cache", folder / "count"

    def trials(self, script: str, wanted: str = "h264_nvenc", limit_s: float = 20) -> EncoderTrials:
        count = f"import os, sys, time; open({str(self._counter)!r}, 'a').write('x')"
        command = (sys.executable, "-S", "-c", f"{count}\n{script}")
        return EncoderTrials(wanted, self.cache, command=command, limit_s=limit_s)

    def refusal(self, script: str, limit_s: float = 20) -> str:
        choice = self.trials(script, limit_s=limit_s).choose(PLAN, NEVER)
        assert (choice.encoder, choice.is_second_best) == (X264, True)
        return choice.trials[0].reason

    @property
    def started(self) -> int:
        return self._counter.stat().st_size if self._counter.exists() else 0

    def age(self, days: float) -> None:
        for file in (self.cache / "encoders").glob("*.json"):
            os.utime(file, (time.time() - days * 86_400,) * 2)


@pytest.fixture
def children(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Children:
    monkeypatch.setattr(encoder_trials, "hindrance", lambda _encoder: "")
    return Children(tmp_path)


def test_one_that_passes_is_taken_and_remembered(children: Children) -> None:
    for _ in range(2):
        choice = children.trials(PASSES).choose(PLAN, NEVER)
        assert (choice.encoder, choice.is_second_best) == (NVENC, False)
    assert children.started == 1
    assert not list((children.cache / "encoders").glob("trial-*"))


def test_a_refusal_says_what_ffmpeg_said_first(children: Children) -> None:
    assert children.refusal(REFUSES) == "it cannot be opened: Cannot load libcuda.so.1"
    assert children.refusal(REFUSES) == "it cannot be opened: Cannot load libcuda.so.1"
    assert children.started == 1


def test_a_child_that_hangs_is_ended_and_not_tried_again(children: Children) -> None:
    started = time.monotonic()
    assert children.refusal("time.sleep(600)", limit_s=0.5) == "no answer within 0 s"
    assert time.monotonic() - started < 100
    assert "no answer" in children.refusal("time.sleep(600)", limit_s=0.5)
    assert children.started == 1


@pytest.mark.skipif(os.name == "nt", reason="signals are POSIX")
def test_a_child_that_crashes_costs_a_trial_and_no_more(children: Children) -> None:
    crash = "import signal; os.kill(os.getpid(), signal.SIGSEGV)"
    assert children.refusal(crash) == "its trial crashed (signal 11)"
    assert "crashed" in children.refusal(crash)
    assert children.started == 1


def test_trouble_that_is_not_the_encoders_is_not_remembered(children: Children) -> None:
    full = "sys.stderr.write('There is no space left.'); sys.exit(1)"
    assert children.refusal(full) == "its trial failed: There is no space left."
    assert "its trial failed" in children.refusal("print('no JSON')")
    assert children.started == 2
    assert children.trials(PASSES).choose(PLAN, NEVER).encoder is NVENC


def test_a_cache_that_cannot_be_written_to_means_libx264(children: Children) -> None:
    children.cache.write_text("a file")
    assert "its trial could not be made" in children.refusal(PASSES)
    assert children.started == 0


def test_cancel_ends_the_child(children: Children) -> None:
    cancel = threading.Event()
    timer = threading.Timer(0.3, cancel.set)
    timer.start()
    started = time.monotonic()
    with pytest.raises(Cancelled):
        children.trials("time.sleep(600)").choose(PLAN, cancel)
    timer.join()
    assert time.monotonic() - started < 100
    assert children.trials(PASSES).choose(PLAN, NEVER).encoder is NVENC, "cancel is no verdict"


def test_verdicts_age(children: Children) -> None:
    def starts(script: str, days: float) -> int:
        before = children.started
        children.age(days)
        children.trials(script).choose(PLAN, NEVER)
        return children.started - before

    assert starts(PASSES, 0) == 1
    assert starts(PASSES, 20) == 0
    assert starts(REFUSES, 31) == 1
    assert starts(REFUSES, 0.9) == 0
    assert starts(REFUSES, 1.1) == 1
    assert starts(REFUSES, -1) == 1, "a clock that was set back"


def test_another_job_is_another_trial_unless_it_is_of_the_same_kind(children: Children) -> None:
    def starts(plan: EncodePlan) -> int:
        before = children.started
        children.trials(PASSES).choose(plan, NEVER)
        return children.started - before

    clock = Fraction(1, 90_000)
    assert starts(EncodePlan(640, 360, clock, Fraction(30))) == 1
    assert starts(EncodePlan(640, 360, clock, Fraction(30000, 1001))) == 0
    assert starts(EncodePlan(640, 360, clock, Fraction(50))) == 1
    assert starts(EncodePlan(640, 360, Fraction(1, 1000), Fraction(30))) == 1
    assert starts(EncodePlan(642, 360, clock, Fraction(30))) == 1
    assert starts(EncodePlan(640, 360, clock, Fraction(30), QualityPreset.HIGH)) == 1
    assert starts(EncodePlan(640, 360, clock, Fraction(30), keyframe_distance=1)) == 1
    assert starts(EncodePlan(640, 360, clock, Fraction(1000))) == 1, "faster than any rate"


def test_another_driver_is_another_trial(
    children: Children, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    driver = tmp_path / "version"
    monkeypatch.setattr(encoder_trials, "DRIVER_FILES", (str(driver),))
    for version in ("550.1", "550.2", "550.2"):
        driver.write_text(version)
        children.trials(PASSES).choose(PLAN, NEVER)
    assert children.started == 2


def test_a_damaged_verdict_is_no_verdict(children: Children) -> None:
    children.trials(PASSES).choose(PLAN, NEVER)
    (file,) = (children.cache / "encoders").glob("*.json")
    for damaged in ("", "[]", '{"passed": true}', "\x00"):
        file.write_text(damaged)
        assert children.trials(PASSES).choose(PLAN, NEVER).encoder is NVENC
    assert children.started == 5


def test_one_that_failed_a_job_is_not_used_again(children: Children) -> None:
    trials = children.trials(PASSES)
    assert trials.choose(PLAN, NEVER).encoder is NVENC
    trials.distrust(NVENC, PLAN, "it failed a job: device lost")
    assert trials.choose(PLAN, NEVER).encoder is X264
    assert children.trials(PASSES).choose(PLAN, NEVER).trials[0].reason == (
        "it failed a job: device lost"
    )
    assert children.started == 1


def test_what_hinders_starts_no_child(children: Children, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoder_trials, "hindrance", lambda _encoder: "no device")
    assert children.refusal(PASSES) == "no device"
    assert children.started == 0


def test_auto_tries_the_next(children: Children) -> None:
    script = 'print(\'{"passed": %s, "reason": ""}\' % str(sys.argv[1] == \'h264_qsv\').lower())'
    choice = children.trials(script.replace('"reason": ""', '"reason": "no"'), "auto").choose(
        PLAN, NEVER
    )
    wanted = ENCODERS["h264_qsv"] if ENCODERS["h264_qsv"] in candidates() else X264
    assert choice.encoder is wanted


def test_examine_asks_every_one_afresh(children: Children) -> None:
    names = [X264.name, *(one.name for one in candidates())]
    trials = children.trials(PASSES, "auto")
    for _ in range(2):
        assert [one.name for one in trials.examine(PLAN, NEVER)] == names
    assert children.started == 2 * len(names)
    other = children.trials(PASSES, "h264_videotoolbox").examine(PLAN, NEVER)
    assert "h264_videotoolbox" in [one.name for one in other]


def test_the_plan_reaches_the_child(children: Children, tmp_path: Path) -> None:
    seen = tmp_path / "seen.json"
    children.trials(f"open({str(seen)!r}, 'w').write(sys.argv[2])\n{PASSES}").choose(PLAN, NEVER)
    given = EncodePlan.from_dict(json.loads(seen.read_text()))
    assert given == EncodePlan(640, 360, Fraction(1, 15_360), Fraction(30))


def test_this_machines_own_encoders_in_the_real_child(tmp_path: Path) -> None:
    outcomes = EncoderTrials("auto", tmp_path).examine(PLAN, NEVER)
    assert outcomes[0].name == X264.name
    assert outcomes[0].reason == ""
    for outcome in outcomes[1:]:
        assert outcome.passed is (outcome.reason == "")
        assert outcome.passed or "trial failed" not in outcome.reason
        assert is_built_in(ENCODERS[outcome.name]) or "built without it" in outcome.reason
