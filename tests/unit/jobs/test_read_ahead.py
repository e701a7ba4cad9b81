"""Which clip is read next, and when a reading stops: without workers, call by call."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from gui.fake_hub import record

from codefx_desktop.domain.errors import ClipError, ClipMissing, ClipUnreadable, UnknownJob
from codefx_desktop.domain.job import JobRecord, JobStatus
from codefx_desktop.domain.run import Cancelled, CancelSignal, ClipKnown
from codefx_desktop.jobs.messages import ClipReading
from codefx_desktop.jobs.read_ahead import ReadAhead

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from codefx_desktop.jobs.messages import EngineCalls

A, B, C = (record(f"{name}.mp4", id=name) for name in "abc")


class Desk:
    """A worker that works when it is told to, and an engine that reads nothing."""

    def __init__(self) -> None:
        self.works: list[Callable[[EngineCalls], None]] = []
        self.read: list[str] = []
        self.told: list[ClipReading | ClipKnown] = []
        self.errors: dict[str, Exception] = {}
        self.during: Callable[[], object] = lambda: None
        self.ahead = ReadAhead(self.works.append, self.told.append, self.post)

    def post(self, receiver: Callable[..., object], *payload: object) -> None:
        receiver(*payload)

    def open_clip(
        self, path: Path, job_id: str, progress: Callable[[float], None], cancel: CancelSignal
    ) -> object:
        self.read.append(job_id)
        progress(0.4)
        self.during()
        if cancel.is_set():
            raise Cancelled
        if error := self.errors.get(job_id):
            raise error
        return SimpleNamespace(info=path)

    def work(self) -> None:
        """Do one work; more may follow from it."""
        self.works.pop(0)(self)  # type: ignore[arg-type]

    def work_all(self) -> list[str]:
        """Do everything and return which clips were read."""
        del self.read[:]
        while self.works:
            self.work()
        return self.read


@pytest.fixture
def desk() -> Desk:
    return Desk()


def as_(job: JobRecord, status: JobStatus) -> JobRecord:
    return replace(job, status=status)


def test_clips_are_read_one_at_a_time_in_queue_order(desk: Desk) -> None:
    desk.ahead.follow([B, A, C])
    assert len(desk.works) == 1
    assert desk.work_all() == ["b", "a", "c"]
    known = [event for event in desk.told if isinstance(event, ClipKnown)]
    assert [event.job_id for event in known] == ["b", "a", "c"]
    assert desk.told[0] == ClipReading("b", 0.4)
    desk.ahead.follow([B, A, C])
    assert desk.work_all() == [], "once is enough"


def test_the_order_is_the_one_of_the_moment(desk: Desk) -> None:
    desk.ahead.follow([A, B, C])
    desk.ahead.follow([A, C, B])
    assert desk.work_all() == ["a", "c", "b"]


def test_a_job_that_left_the_queue_is_not_read_any_further(desk: Desk) -> None:
    desk.ahead.follow([A, B])
    desk.during = lambda: desk.ahead.follow([B])
    assert desk.work_all() == ["a", "b"]
    assert [event.job_id for event in desk.told if isinstance(event, ClipKnown)] == ["b"]


def test_a_job_that_begins_keeps_its_reading(desk: Desk) -> None:
    desk.ahead.follow([A, B])
    desk.during = lambda: desk.ahead.follow([as_(A, JobStatus.PROCESSING), B])
    assert desk.work_all() == ["a", "b"]
    assert [event.job_id for event in desk.told if isinstance(event, ClipKnown)] == ["a", "b"]


def test_a_job_that_runs_reads_its_own_clip(desk: Desk) -> None:
    desk.ahead.follow([as_(A, JobStatus.PROCESSING), B])
    assert desk.work_all() == ["b"]


def test_a_job_that_comes_back_is_looked_at_again(desk: Desk) -> None:
    desk.ahead.follow([A])
    desk.work_all()
    desk.ahead.follow([as_(A, JobStatus.PROCESSING)])
    desk.ahead.follow([])
    desk.ahead.follow([A])
    assert desk.work_all() == ["a"]


def test_what_cannot_be_read_is_told_once(desk: Desk) -> None:
    desk.errors["a"] = ClipUnreadable("a.mp4 has no picture.", hint="Copy it again.")
    desk.ahead.follow([A, B])
    assert desk.work_all() == ["a", "b"]
    assert ClipReading("a", 0.0, "a.mp4 has no picture. Copy it again.") in desk.told
    desk.ahead.follow([A, B])
    assert desk.work_all() == []


def test_a_drive_that_is_away_is_looked_for_again(desk: Desk) -> None:
    desk.errors["a"] = ClipMissing("a.mp4 is not there.")
    desk.ahead.follow([A, B])
    assert desk.work_all() == ["a", "b"], "it keeps nobody waiting"
    desk.ahead.follow([A, B])
    assert desk.work_all() == ["a"]
    del desk.errors["a"]
    desk.ahead.follow([A, B])
    assert desk.work_all() == ["a"]
    assert desk.told[-1] == ClipKnown("a", A.input_path)  # type: ignore[arg-type]
    desk.ahead.follow([A, B])
    assert desk.work_all() == []


def test_a_job_that_is_looked_at_comes_first(desk: Desk) -> None:
    desk.ahead.follow([A, B])
    desk.ahead.want(as_(C, JobStatus.COMPLETE))
    assert desk.work_all() == ["a", "c", "b"]


def test_only_an_ended_job_is_read_because_it_is_looked_at(desk: Desk) -> None:
    for status in (JobStatus.QUEUED, JobStatus.PROCESSING):
        desk.ahead.want(as_(A, status))
    assert desk.work_all() == []


def test_an_ended_job_that_is_looked_at_is_read_though_the_queue_changes(desk: Desk) -> None:
    desk.during = lambda: desk.ahead.follow([])
    desk.ahead.want(as_(A, JobStatus.FAILED))
    assert desk.work_all() == ["a"]
    assert isinstance(desk.told[-1], ClipKnown)


@pytest.mark.parametrize("how", ["drop", "stop"])
def test_a_deleted_job_and_a_closed_program_read_nothing_more(desk: Desk, how: str) -> None:
    desk.ahead.follow([A])
    desk.ahead.want(as_(C, JobStatus.COMPLETE))

    def end() -> None:
        if how == "stop":
            desk.ahead.stop()
        else:
            desk.ahead.drop("a")
            desk.ahead.drop("c")

    desk.during = end
    assert desk.work_all() == ["a"]
    assert not [event for event in desk.told if isinstance(event, ClipKnown)]


def test_a_job_deleted_meanwhile_is_passed_over(desk: Desk) -> None:
    desk.errors["a"] = UnknownJob("No job has the id a.")
    desk.ahead.follow([A, B])
    assert desk.work_all() == ["a", "b"]
    assert not [e for e in desk.told if isinstance(e, ClipReading) and e.trouble]


def test_a_bug_does_not_stop_the_next(desk: Desk) -> None:
    desk.errors["a"] = ZeroDivisionError()
    desk.ahead.follow([A, B])
    with pytest.raises(ZeroDivisionError):
        desk.work()
    assert desk.work_all() == ["b"]


def test_what_a_person_can_do_is_told(desk: Desk) -> None:
    desk.errors["a"] = ClipError("What.", hint="Do.")
    desk.ahead.follow([A])
    desk.work_all()
    assert desk.told[-1] == ClipReading("a", 0.0, "What. Do.")
