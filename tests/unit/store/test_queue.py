"""The queue: order, claims, progress, what ends a job and what brings it back."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from codefx_desktop.domain.errors import JobStateError
from codefx_desktop.domain.job import JobRecord, JobStatus, OutputFile, Stage

AddJob = Callable[..., JobRecord]

if TYPE_CHECKING:
    from collections.abc import Iterable

    from codefx_desktop.store.history import History


def names(records: Iterable[JobRecord | None]) -> str:
    return "".join(record.input_filename[0] for record in records if record)


def test_jobs_are_taken_in_the_order_of_the_queue(add_job: AddJob, history: History) -> None:
    for name in "abc":
        add_job(f"{name}.mp4")
    assert names(history.queue()) == "abc"
    taken = [history.claim_next() for _ in range(3)]
    assert names(taken) == "abc"
    assert all(job.status is JobStatus.PROCESSING and job.started_at for job in taken)
    assert history.claim_next() is None
    assert names(history.queue()) == names(history.processing()) == "abc"


def test_a_job_is_claimed_once(add_job: AddJob, history: History) -> None:
    record = add_job()
    assert history.claim(record.id)
    assert not history.claim(record.id)


def test_a_job_worked_on_by_who_adds_it_is_never_in_the_queue(
    add_job: AddJob, history: History
) -> None:
    record = add_job(claimed=True, job_id="11111111-2222-4333-8444-555555555555")
    assert record.id == "11111111-2222-4333-8444-555555555555"
    assert record.status is JobStatus.PROCESSING
    assert record.started_at == record.created_at
    assert history.claim_next() is None


def test_a_waiting_job_can_be_moved(add_job: AddJob, history: History) -> None:
    ids = {name: add_job(f"{name}.mp4").id for name in "abcd"}
    history.claim(ids["a"])
    history.move(ids["d"], 0)
    assert names(history.queue()) == "adbc"
    history.move(ids["d"], 99)
    assert names(history.queue()) == "abcd"
    history.move(ids["b"], 1)
    assert names(history.queue()) == "acbd"
    history.move(ids["b"], -5)
    assert names(history.queue()) == "abcd"
    with pytest.raises(JobStateError, match="PROCESSING"):
        history.move(ids["a"], 0)


def test_progress_never_falls_within_a_run(add_job: AddJob, history: History) -> None:
    record = add_job()
    history.progress(record.id, Stage.DETECTING, 0.5)
    assert history.get(record.id).progress == 0.0
    history.claim(record.id)
    for stage, progress in ((Stage.TRACKING, 0.5), (Stage.IMPORT, 0.2)):
        history.progress(record.id, stage, progress)
    found = history.get(record.id)
    assert (found.stage, found.progress) == (Stage.TRACKING, 0.5)
    history.progress(record.id, Stage.TRACKING, 7.0)
    assert history.get(record.id).progress == 1.0
    history.finish(record.id, JobStatus.FAILED, "x")
    history.progress(record.id, Stage.RENDERING, 1.0)
    assert history.get(record.id).stage is Stage.TRACKING


def test_scenes_are_counted_while_a_job_runs(add_job: AddJob, history: History) -> None:
    record = add_job()
    history.set_scene_count(record.id, 1)
    assert history.get(record.id).scene_count is None
    history.claim(record.id)
    for count in (1, 3):
        history.set_scene_count(record.id, count)
        assert history.get(record.id).scene_count == count
    history.finish(record.id, JobStatus.COMPLETE, scene_count=4, artifact_frames=12)
    history.set_scene_count(record.id, 9)
    found = history.get(record.id)
    assert (found.scene_count, found.artifact_frames) == (4, 12)


def test_scenes_of_a_run_that_broke_off_are_not_the_clips(
    add_job: AddJob, history: History
) -> None:
    for end in (
        lambda job_id: history.finish(job_id, JobStatus.FAILED, "why"),
        lambda job_id: history.interrupt(job_id, "why"),
    ):
        record = add_job()
        history.claim(record.id)
        history.set_scene_count(record.id, 3)
        end(record.id)
        assert history.get(record.id).scene_count is None


def test_a_complete_job_has_its_output(add_job: AddJob, history: History) -> None:
    record = add_job()
    history.claim(record.id)
    output = OutputFile(record.job_dir / "output" / "a.mp4", 12345678901, "ab" * 32)
    history.finish(record.id, JobStatus.COMPLETE, "", output)
    found = history.get(record.id)
    assert (found.stage, found.progress, found.output) == (Stage.COMPLETE, 1.0, output)
    assert found.started_at is not None
    assert found.finished_at is not None
    assert found.finished_at >= found.started_at
    assert history.queue() == ()


@pytest.mark.parametrize("status", [JobStatus.FAILED, JobStatus.CANCELLED, JobStatus.INTERRUPTED])
def test_what_did_not_complete_can_be_run_again_at_the_end(
    add_job: AddJob, history: History, status: JobStatus
) -> None:
    first, second = add_job("a.mp4"), add_job("b.mp4")
    history.claim(first.id)
    history.progress(first.id, Stage.TRACKING, 0.7)
    history.finish(first.id, status, "why", scene_count=4, artifact_frames=2)
    history.requeue(first.id)
    assert names(history.queue()) == "ba"
    found = history.get(first.id)
    assert (found.stage, found.progress, found.error_message) == (Stage.IMPORT, 0.0, "")
    assert found.started_at is found.finished_at is None
    assert found.scene_count is found.artifact_frames is None
    assert history.claim_next().id == second.id


def test_what_waits_runs_or_is_complete_cannot_be_queued_again(
    add_job: AddJob, history: History
) -> None:
    record = add_job()
    for step in (
        lambda: None,
        lambda: history.claim(record.id),
        lambda: history.finish(record.id, JobStatus.COMPLETE),
    ):
        step()
        with pytest.raises(JobStateError, match=r"stop\.mp4"):
            history.requeue(record.id)


def test_only_a_waiting_job_is_cancelled_without_its_worker(
    add_job: AddJob, history: History
) -> None:
    waiting, running = add_job("a.mp4"), add_job("b.mp4")
    history.claim(running.id)
    assert history.cancel(waiting.id)
    assert not history.cancel(running.id)
    assert history.get(waiting.id).status is JobStatus.CANCELLED
    assert history.get(running.id).status is JobStatus.PROCESSING


def test_an_interrupted_job_says_so(add_job: AddJob, history: History) -> None:
    record = add_job(claimed=True)
    assert history.interrupt(record.id, "The program ended while this job was running.")
    found = history.get(record.id)
    assert found.status is JobStatus.INTERRUPTED
    assert "ended" in found.error_message
    assert found.finished_at is not None
    assert history.processing() == ()
