"""The seven classic times and the number of stops in the history."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing

import pytest

from codefx_desktop.domain.classic import CLASSIC_NAMES, ClassicTimes
from codefx_desktop.domain.errors import UnknownJob
from codefx_desktop.domain.job import JobRecord, JobStatus
from codefx_desktop.store.history import History, open_history

AddJob = Callable[..., JobRecord]
CLASSIC = ClassicTimes(fuel_time_s=7.5, back_right_tyre_time_s=1.84)


def finished(history: History, add_job: AddJob) -> str:
    record = add_job()
    history.claim(record.id)
    history.finish(record.id, JobStatus.COMPLETE, stop_count=2, classic=CLASSIC)
    return record.id


def test_a_run_brings_them_and_a_row_has_seven_columns(history: History, add_job: AddJob) -> None:
    assert history.get(add_job("other.mp4").id).classic is None
    job_id = finished(history, add_job)
    found = history.get(job_id)
    assert (found.stop_count, found.classic) == (2, CLASSIC)
    with closing(sqlite3.connect(history.path)) as database:
        row = database.execute(
            f"SELECT {', '.join(CLASSIC_NAMES)} FROM jobs WHERE id = ?",  # noqa: S608 - our names
            (job_id,),
        ).fetchone()
    assert row == (7.5, None, None, None, 1.84, None, None)


def test_a_clip_without_a_stop_is_not_one_that_nobody_looked_at(
    history: History, add_job: AddJob
) -> None:
    record = add_job()
    history.claim(record.id)
    history.finish(record.id, JobStatus.COMPLETE, stop_count=0)
    found = history.get(record.id)
    assert (found.stop_count, found.classic) == (0, ClassicTimes())


def test_one_can_be_edited_and_taken_away(history: History, add_job: AddJob) -> None:
    job_id = finished(history, add_job)
    changed = history.set_classic(job_id, "driver_in_time_s", 12.25)
    assert changed.classic == CLASSIC.with_value("driver_in_time_s", 12.25)
    history.set_classic(job_id, "fuel_time_s", None)
    found = history.get(job_id)
    assert found.classic == ClassicTimes(back_right_tyre_time_s=1.84, driver_in_time_s=12.25)
    assert found.stop_count == 2
    for name, value in (("fuel", 1.0), ("status", 1.0), ("fuel_time_s", -0.1)):
        with pytest.raises(ValueError, match=r"fuel|status"):
            history.set_classic(job_id, name, value)
    assert history.get(job_id) == found
    with pytest.raises(UnknownJob):
        history.set_classic("none", "fuel_time_s", 1.0)


def test_a_job_that_nobody_took_apart_can_be_given_one(history: History, add_job: AddJob) -> None:
    record = add_job()
    found = history.set_classic(record.id, "fuel_time_s", 6.0)
    assert (found.stop_count, found.classic) == (None, ClassicTimes(fuel_time_s=6.0))


def test_stops_that_are_found_anew_take_their_place(history: History, add_job: AddJob) -> None:
    job_id = finished(history, add_job)
    history.set_stops(job_id, 1, ClassicTimes(fuel_time_s=9.0))
    found = history.get(job_id)
    assert (found.stop_count, found.classic) == (1, ClassicTimes(fuel_time_s=9.0))
    with pytest.raises(UnknownJob):
        history.set_stops("none", 1, None)


def test_a_new_run_begins_without_them(history: History, add_job: AddJob) -> None:
    record = add_job()
    history.claim(record.id)
    history.finish(record.id, JobStatus.FAILED, "why", stop_count=1, classic=CLASSIC)
    history.requeue(record.id)
    found = history.get(record.id)
    assert found.stop_count is found.classic is None


def test_records_can_be_put_back_with_them(history: History, add_job: AddJob) -> None:
    record = history.get(finished(history, add_job))
    with open_history(history.path.with_name("other.sqlite")).history as other:
        other.restore([record])
        assert other.get(record.id) == record


def test_a_value_that_is_none_hides_no_job(history: History, add_job: AddJob) -> None:
    job_id = finished(history, add_job)
    with closing(sqlite3.connect(history.path, isolation_level=None)) as database:
        database.execute("UPDATE jobs SET fuel_time_s = -4")
    assert history.get(job_id).classic == ClassicTimes()
