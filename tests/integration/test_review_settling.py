"""Stops that follow from a review that changed unseen: steps that came in, and before a crash."""

from __future__ import annotations

import json
import sqlite3
import threading
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from stop_jobs import make_stop_job
from typer.testing import CliRunner, Result

from codefx_desktop.cli import run
from codefx_desktop.cli.app import app
from codefx_desktop.cli.progress import display_for
from codefx_desktop.domain.edit import EventDeed, EventOp
from codefx_desktop.domain.errors import HistoryError
from codefx_desktop.domain.events import EventSource, EventStatus
from codefx_desktop.domain.job import JobMetadata, JobSpec, JobStatus
from codefx_desktop.domain.run import Cancelled, JobFinished
from codefx_desktop.domain.statistics import StatFilter
from codefx_desktop.domain.target import Target, TargetKind
from codefx_desktop.jobs import review_settling, review_stops, work
from codefx_desktop.jobs.review_aside import put_aside
from codefx_desktop.jobs.review_settled import SETTLED_NAME, is_settled
from codefx_desktop.jobs.review_settling import settle_all, settle_job, settle_waiting
from codefx_desktop.jobs.review_values import Edit, EditDeed
from codefx_desktop.jobs.work import layout_of
from codefx_desktop.settings.paths import app_paths
from codefx_desktop.settings.targets import save_target
from codefx_desktop.store.detections import DetectionReader
from codefx_desktop.store.review_file import ReviewFile

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from stop_jobs import StopJob

    from codefx_desktop.artifacts.layout import JobLayout
    from codefx_desktop.domain.observations import Observations
    from codefx_desktop.domain.stop import PitStop

NEVER = threading.Event()
FOLLOWED = "The stops of lap.mp4 follow its review now.\n"


@pytest.fixture
def job(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[StopJob]:
    """Return a job whose stops are always found as they are stored."""
    del home
    made = make_stop_job(tmp_path)
    stops = stops_of(made)

    def find(_seen: Observations, *_more: object) -> tuple[PitStop, ...]:
        return stops

    monkeypatch.setattr(review_stops, "find_stops", find)
    with closing(made.shop.history):
        yield made


def stops_of(job: StopJob) -> tuple[PitStop, ...]:
    with DetectionReader(layout_of(job.record).detections) as reader:
        return reader.stops() or ()


def go_later(job: StopJob, by_s: float = 0.4) -> EventOp:
    (stop, *_) = stops_of(job)
    before = stop.event("go")
    assert before is not None
    assert before.time_s is not None
    at = before.time_s + by_s
    after = replace(
        before,
        time_s=at,
        earliest_s=at - 0.02,
        latest_s=at + 0.02,
        status=EventStatus.EDITED,
        source=EventSource.MANUAL,
    )
    return EventOp(EventDeed.MOVE, 1, stop.begins_s, before, after, "", stop.heading)


def said(job: StopJob, op: EventOp) -> None:
    """Have a step in the log that nothing has followed yet: as a crash or a fetch leaves it."""
    with ReviewFile(layout_of(job.record).review) as file:
        file.append((op,), "Move Go", "somebody")


def test_what_a_crash_left_is_made_up_for_once(
    job: StopJob, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert list(settle_all(job.shop, NEVER)) == []
    op = go_later(job)
    said(job, op)
    (changed,) = settle_all(job.shop, NEVER)
    assert changed.id == job.record.id
    (stop,) = stops_of(job)
    assert stop.event("go") == op.after
    assert op.after is not None
    (row,) = job.shop.history.stop_sample(StatFilter("stationary")).rows
    began = stop.event("stop")
    assert began is not None
    assert row.value_s == pytest.approx((op.after.time_s or 0.0) - (began.time_s or 0.0))
    monkeypatch.setattr(review_settling, "ReviewFiles", None)  # nothing is found again any more
    assert list(settle_all(job.shop, NEVER)) == []
    layout_of(job.record).detections.touch()  # a fact of the stop was changed
    assert list(settle_all(job.shop, NEVER)) == []


def test_steps_that_came_in_before_ones_own_are_seen(job: StopJob) -> None:
    said(job, go_later(job))
    assert settle_job(job.shop, job.record.id, NEVER) is not None
    layout = layout_of(job.record)
    noted = layout.review.with_name(SETTLED_NAME)
    count, *rest = noted.read_text().split()
    # As it was before a merge put a step before it.
    noted.write_text(" ".join([str(int(count) - 1), *rest]))
    layout.review.touch()
    assert not is_settled(layout)


def test_jobs_that_others_steps_came_into_are_settled_and_then_forgotten(job: StopJob) -> None:
    said(job, go_later(job))
    assert list(settle_waiting(job.shop, NEVER)) == []
    job.shop.unsettled_reviews.put(job.record.id)
    assert [one.id for one in settle_waiting(job.shop, NEVER)] == [job.record.id]
    said(job, go_later(job, 0.2))
    assert list(settle_waiting(job.shop, NEVER)) == []


def test_a_run_has_its_stops_counted_and_its_review_wait(
    job: StopJob, monkeypatch: pytest.MonkeyPatch
) -> None:
    said(job, go_later(job))
    finished = JobFinished(job.record.id, JobStatus.COMPLETE, stop_count=1)
    monkeypatch.setattr(work, "run_job", lambda *_: finished)
    work.work_on(job.record, job.shop, lambda _: None, NEVER)
    assert job.shop.history.count_stops() == 1
    assert [one.id for one in settle_waiting(job.shop, NEVER)] == [job.record.id]


def test_a_review_that_changed_while_its_job_ran_in_the_terminal_is_settled(
    job: StopJob, monkeypatch: pytest.MonkeyPatch
) -> None:
    op = go_later(job)
    said(job, op)  # in the window
    finished = JobFinished(job.record.id, JobStatus.COMPLETE, stop_count=1)
    monkeypatch.setattr(work, "begin", lambda *_: job.record)
    monkeypatch.setattr(work, "run_job", lambda *_: finished)
    clip = job.record.input_path
    with display_for(clip, as_json=True) as display:
        run._run_one(clip, JobSpec(), JobMetadata(), job.shop, display, as_json=True)
    (stop,) = stops_of(job)
    assert stop.event("go") == op.after


def test_statistics_in_the_terminal_follow_reviews(job: StopJob) -> None:
    told: list[Result] = []

    def median_s() -> float:
        told.append(CliRunner().invoke(app, ["stats", "--json"]))
        (group,) = json.loads(told[-1].stdout)["groups"]
        return float(group["median_s"])

    before_s = median_s()
    said(job, go_later(job))
    assert median_s() == pytest.approx(before_s + 0.4)
    assert median_s() == pytest.approx(before_s + 0.4)
    assert [one.stderr for one in told] == ["", FOLLOWED, ""]


def test_events_in_the_terminal_follow_what_was_put_aside(job: StopJob) -> None:
    op = go_later(job)
    put_aside(layout_of(job.record), [Edit(job.record.id, EditDeed.DO, "Move Go", (op,))])
    told = [CliRunner().invoke(app, ["events", job.record.id, "--json"]) for _ in range(2)]
    for one in told:
        (stop,) = json.loads(one.stdout)["stops"]
        (go,) = [event for event in stop["events"] if event["kind"] == "go"]
        assert op.after is not None
        assert go["time_s"] == pytest.approx(op.after.time_s)
    assert [one.stderr for one in told] == [FOLLOWED, ""]


def test_what_was_put_aside_is_pushed(job: StopJob, tmp_path: Path) -> None:
    op = go_later(job)
    save_target(app_paths(), Target("disk", TargetKind.FOLDER, folder=tmp_path))
    put_aside(job.layout, [Edit(job.record.id, EditDeed.DO, "Move Go", (op,))])
    told = CliRunner().invoke(app, ["push", job.record.id])
    assert (told.exit_code, told.stderr) == (0, FOLLOWED)
    (stop,) = stops_of(job)
    assert stop.event("go") == op.after
    with ReviewFile(job.layout.review) as file:
        assert [step.text for step in file.steps()] == ["Move Go"]


@pytest.mark.parametrize(
    "error", [ValueError("a bug"), PermissionError(), sqlite3.OperationalError()]
)
def test_whatever_resists_in_one_job_stops_no_other(
    job: StopJob,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    error: Exception,
) -> None:
    said(job, go_later(job))
    real = job.shop.history.get

    def get(job_id: str) -> object:
        if job_id == "bad":
            raise error
        return real(job_id)

    monkeypatch.setattr(job.shop.history, "get", get)
    for job_id in ("bad", job.record.id):
        job.shop.unsettled_reviews.put(job_id)
    assert [one.id for one in settle_waiting(job.shop, NEVER)] == [job.record.id]
    assert "The stops of job bad do not follow its review" in caplog.text


def test_a_folder_that_nobody_may_look_into_stops_no_other(
    job: StopJob, monkeypatch: pytest.MonkeyPatch
) -> None:
    said(job, go_later(job))
    other = job.shop.history.add(
        input_path=job.record.input_path,
        input_size_bytes=1,
        spec=JobSpec(),
        metadata=JobMetadata(),
        job_root=job.shop.paths.data,
    )
    job.shop.history.claim(other.id)
    job.shop.history.finish(other.id, JobStatus.COMPLETE)

    def refuse(_layout: JobLayout) -> bool:
        raise PermissionError

    monkeypatch.setattr(review_settling, "has_aside", refuse)
    assert [one.id for one in settle_all(job.shop, NEVER)] == [job.record.id]


def test_what_resists_is_tried_again_and_the_end_of_the_program_ends_it(
    job: StopJob, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    said(job, go_later(job))

    def refused(*_args: object) -> None:
        raise HistoryError("The disk is away.")

    with monkeypatch.context() as patch:
        patch.setattr(review_stops, "replace_stops", refused)
        assert list(settle_all(job.shop, NEVER)) == []
    # The terminal shows it to the person as it is.
    assert "do not follow its review yet: The disk is away.\n" in caplog.text
    assert "Traceback" not in caplog.text
    ended = threading.Event()
    ended.set()
    with pytest.raises(Cancelled):
        list(settle_all(job.shop, ended))
    assert len(list(settle_all(job.shop, NEVER))) == 1
