"""The one writer of the history: what it keeps, what it drops, and what it says about it."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from codefx_desktop.domain.errors import NoSpace, UnknownJob
from codefx_desktop.domain.job import JobStatus, LogLine, Stage
from codefx_desktop.domain.run import JobFinished, JobLogged, RunEvent, ScenesKnown, StageProgress
from codefx_desktop.jobs.pools import new_pool
from codefx_desktop.jobs.recorder import Recorder

if TYPE_CHECKING:
    from codefx_desktop.domain.classic import ClassicTimes
    from codefx_desktop.domain.errors import CodefxError
    from codefx_desktop.domain.job import OutputFile

LINE = LogLine(datetime.now(UTC), "INFO", "x", None, "job")


class FakeHistory:
    """A history that fails as it is told to."""

    def __init__(self) -> None:
        self.error: CodefxError | None = None
        self.written: list[str] = []

    def log(self, _job_id: str | None, lines: list[LogLine]) -> None:
        self._write(lines[0].text)

    def finish(
        self,
        _id: str,
        status: JobStatus,
        _text: str,
        _output: OutputFile | None,
        *,
        scene_count: int | None,
        artifact_frames: int | None,
        stop_count: int | None,
        classic: ClassicTimes | None,
    ) -> None:
        assert classic is None
        del stop_count
        known = (scene_count, artifact_frames)
        self._write(status.value if known == (None, None) else f"{status.value} {known}")

    def set_scene_count(self, _job_id: str, count: int) -> None:
        self._write(f"{count} scenes")

    def progress(self, _job_id: str, stage: Stage, _progress: float) -> None:
        self._write(stage.value)

    def _write(self, what: str) -> None:
        if self.error is not None:
            raise self.error
        self.written.append(what)


@pytest.fixture
def history() -> FakeHistory:
    return FakeHistory()


@pytest.fixture
def recorder(history: FakeHistory) -> Recorder:
    return Recorder(history, new_pool(1))


def drained(recorder: Recorder, *events: RunEvent) -> None:
    for event in events:
        recorder.record(event)
    recorder.drain()


def test_writes_keep_their_order(recorder: Recorder, history: FakeHistory) -> None:
    lines = [LogLine(LINE.time, "INFO", str(number), None, "job") for number in range(50)]
    finished = JobFinished("job", JobStatus.COMPLETE)
    drained(recorder, *(JobLogged("job", line) for line in lines), finished)
    assert history.written == [*map(str, range(50)), "COMPLETE"]


def test_the_writer_reads_no_files_of_a_job(recorder: Recorder, history: FakeHistory) -> None:
    drained(recorder, JobFinished("job", JobStatus.COMPLETE, stop_count=2), JobLogged("job", LINE))
    assert history.written == ["COMPLETE", "x"]  # its stops are copied by whoever ran it


def test_more_writers_than_one_are_refused(history: FakeHistory) -> None:
    with pytest.raises(ValueError, match="one worker"):
        Recorder(history, new_pool(2))


def test_an_end_that_found_no_room_is_written_when_there_is(
    recorder: Recorder, history: FakeHistory
) -> None:
    history.error = NoSpace("The disk is full.")
    drained(recorder, JobFinished("job", JobStatus.COMPLETE))
    assert recorder.trouble("job") is history.error
    recorder.catch_up()
    recorder.drain()
    assert recorder.trouble("job") is history.error
    history.error = None
    recorder.catch_up()
    recorder.drain()
    assert recorder.trouble("job") is None
    assert history.written == ["COMPLETE"]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time that the recorder sees, to be set."""
    now = [0.0]
    monkeypatch.setattr("codefx_desktop.jobs.recorder.time.monotonic", lambda: now[0])
    return now


def test_scenes_are_written_once_a_second_and_with_the_end(
    recorder: Recorder, history: FakeHistory, clock: list[float]
) -> None:
    drained(recorder, ScenesKnown("job", 1), ScenesKnown("job", 2), ScenesKnown("other", 7))
    assert history.written == ["1 scenes", "7 scenes"]
    clock[0] = 0.9
    drained(recorder, ScenesKnown("job", 3))
    assert history.written[2:] == []
    clock[0] = 1.1
    drained(recorder, ScenesKnown("job", 4), ScenesKnown("job", 5))
    assert history.written[2:] == ["4 scenes"]
    finished = JobFinished("job", JobStatus.COMPLETE, scene_count=6, artifact_frames=12)
    drained(recorder, finished)
    assert history.written[3:] == ["COMPLETE (6, 12)"]


def test_a_count_that_came_too_soon_goes_with_what_the_run_says_next(
    recorder: Recorder, history: FakeHistory, clock: list[float]
) -> None:
    progress = StageProgress("job", {}, 0.5, Stage.DETECTING)
    drained(recorder, ScenesKnown("job", 1), ScenesKnown("job", 2), progress)
    assert history.written == ["1 scenes", "DETECTING"]
    clock[0] = 1.5
    drained(recorder, progress, progress)
    assert history.written[2:] == ["DETECTING", "2 scenes"]
    clock[0] = 3.0
    drained(recorder, progress)
    assert history.written[4:] == ["DETECTING"]


def test_last_words_of_a_deleted_job_are_no_bug(
    recorder: Recorder, history: FakeHistory, caplog: pytest.LogCaptureFixture
) -> None:
    history.error = UnknownJob("There is no job.")
    recorder.log(LINE)
    drained(recorder, JobLogged("job", LINE), JobFinished("job", JobStatus.CANCELLED))
    assert recorder.trouble("job") is None
    assert {record.levelno for record in caplog.records} == {logging.WARNING}
    assert len(caplog.records) == 3
