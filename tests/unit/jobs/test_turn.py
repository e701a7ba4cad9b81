from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from codefx_desktop.domain.job import JobMetadata, JobRecord, JobSpec, JobStatus, Stage
from codefx_desktop.jobs.turn import Turn

NOW = datetime(2026, 11, 1, tzinfo=UTC)
FIRST = JobRecord(
    "first",
    JobStatus.PROCESSING,
    Stage.IMPORT,
    0.0,
    Path("clip.mp4"),
    1,
    "",
    JobSpec(),
    JobMetadata(),
    Path("jobs/first"),
    "1",
    NOW,
    NOW,
)


def test_only_the_job_that_runs_is_cancelled() -> None:
    turn = Turn()
    signal = turn.take()
    turn.begin(FIRST)
    assert not turn.cancel("second")
    assert not signal.is_set()
    assert turn.cancel("first")
    assert signal.is_set()


def test_each_run_has_a_signal_of_its_own() -> None:
    turn = Turn()
    turn.take()
    turn.begin(FIRST)
    turn.cancel("first")
    assert turn.end() is FIRST
    assert not turn.take().is_set()


def test_what_is_asked_between_claim_and_answer_is_decided_by_the_answer() -> None:
    turn, said = Turn(), list[str]()

    def cancel(job_id: str) -> None:
        if turn.cancel(job_id):
            said.append(f"{job_id} cancelled")
        elif not turn.postpone(lambda: cancel(job_id)):
            said.append(f"{job_id} is another program's")

    signal = turn.take()
    cancel("first")
    cancel("second")
    assert said == []
    turn.begin(FIRST)
    assert said == ["first cancelled", "second is another program's"]
    assert signal.is_set()


def test_what_was_postponed_is_decided_when_nothing_was_there_to_run() -> None:
    turn, said = Turn(), list[str]()
    turn.take()
    assert turn.postpone(lambda: said.append("decided"))
    assert turn.end() is None
    assert said == ["decided"]
    assert not turn.is_taken
    assert not turn.postpone(lambda: None)


def test_stop_is_heard_by_a_run_that_has_not_begun() -> None:
    turn = Turn()
    signal = turn.take()
    turn.stop()
    assert signal.is_set()
    turn.begin(replace(FIRST, id="late"))
    assert signal.is_set()
