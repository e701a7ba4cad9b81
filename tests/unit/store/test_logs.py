"""The log: only ever added to, read by level and from where one stopped."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest

from codefx_desktop.domain.job import JobRecord, LogLine, Stage

AddJob = Callable[..., JobRecord]

if TYPE_CHECKING:
    from codefx_desktop.store.history import History

NOW = datetime(2026, 5, 9, 12, 30, 15, 123456, tzinfo=UTC)


def line(text: str = "x", level: str = "INFO", stage: Stage | None = None) -> LogLine:
    return LogLine(NOW, level, text, stage)


def test_lines_come_back_as_they_were_said(add_job: AddJob, history: History) -> None:
    job = add_job().id
    said = [line("a\nb", "WARNING", stage=Stage.TRACKING), line("Ω", "error")]
    history.log(job, said)
    (_, first), (_, second) = history.logs(job)
    assert first == LogLine(NOW, "WARNING", "a\nb", Stage.TRACKING, job)
    assert (second.level, second.text, second.stage) == ("ERROR", "Ω", None)


def test_times_are_kept_in_utc(add_job: AddJob, history: History) -> None:
    job = add_job().id
    east = NOW.astimezone(timezone(timedelta(hours=9)))
    history.log(job, [LogLine(east, "INFO", "x")])
    found = history.logs(job)[0][1].time
    assert found == NOW
    assert found.utcoffset() == timedelta(0)


def test_a_reader_goes_on_where_it_stopped(add_job: AddJob, history: History) -> None:
    job, other = add_job().id, add_job().id
    history.log(job, [line("1"), line("2")])
    seen = history.logs(job)
    history.log(other, [line("not this")])
    history.log(job, [line("3")])
    assert [item.text for _, item in history.logs(job, after_id=seen[-1][0])] == ["3"]
    assert history.logs(job, after_id=10_000) == []


def test_a_long_log_is_read_from_either_end(add_job: AddJob, history: History) -> None:
    job = add_job().id
    history.log(job, [line(str(number)) for number in range(10)])
    assert [item.text for _, item in history.logs(job, limit=3)] == ["0", "1", "2"]
    assert [item.text for _, item in history.logs(job, limit=3, newest=True)] == ["7", "8", "9"]


def test_levels_are_filtered_upwards(add_job: AddJob, history: History) -> None:
    job = add_job().id
    history.log(job, [line(name, name) for name in ("DEBUG", "INFO", "WARNING", "ERROR", "odd")])
    texts = [item.text for _, item in history.logs(job, min_level="warning")]
    assert texts == ["WARNING", "ERROR"]
    assert len(history.logs(job)) == 5
    with pytest.raises(ValueError, match="LOUD"):
        history.logs(job, min_level="LOUD")


def test_the_program_has_a_log_of_its_own(add_job: AddJob, history: History) -> None:
    history.log(None, [line("started")])
    assert [item.text for _, item in history.logs(None)] == ["started"]
    assert history.logs(add_job().id) == []


def test_ids_are_never_used_again(add_job: AddJob, history: History) -> None:
    first = add_job().id
    history.log(first, [line()])
    last_id = history.logs(first)[-1][0]
    history.delete(first)
    second = add_job().id
    history.log(second, [line()])
    assert history.logs(second, after_id=last_id) != []
