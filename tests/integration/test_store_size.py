"""A history of many jobs stays quick to look through."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from codefx_desktop.domain.job import (
    JobFilter,
    JobMetadata,
    JobRecord,
    JobSpec,
    JobStatus,
    LogLine,
    OutputFile,
    SessionKind,
    Stage,
)
from codefx_desktop.store.history import History, open_history

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

QUESTIONS = {
    "newest": (JobFilter(), 0),
    "far down": (JobFilter(), 15_000),
    "series and race": (JobFilter(series="GT3", race="Race 7"), 0),
    "failed": (JobFilter(statuses=(JobStatus.FAILED,)), 0),
    "text": (JobFilter(text="race 7 stop_1"), 0),
    "text that is nowhere": (JobFilter(text="nowhere"), 0),
    "days": (JobFilter(since=datetime(2026, 1, 5, tzinfo=UTC).date()), 0),
}


def records(count: int, folder: Path) -> Iterator[JobRecord]:
    first = datetime(2026, 1, 1, tzinfo=UTC)
    for number in range(count):
        moment = first + timedelta(minutes=number)
        job_id = f"{number:08x}-0000-4000-8000-000000000000"
        failed = number % 50 == 0
        yield JobRecord(
            id=job_id,
            status=JobStatus.FAILED if failed else JobStatus.COMPLETE,
            stage=Stage.DETECTING if failed else Stage.COMPLETE,
            progress=0.3 if failed else 1.0,
            input_path=folder / f"stop_{number}.mp4",
            input_size_bytes=number,
            fingerprint="v1:" + "ab" * 32,
            spec=JobSpec(),
            metadata=JobMetadata(
                ("GT3", "Cup", "LMP2")[number % 3],
                f"Race {number % 40}",
                "A note of a usual length about what happened at this stop.",
                moment.date(),
                SessionKind.RACE,
                "boom",
            ),
            job_dir=folder / "jobs" / job_id,
            app_version="0.1.0",
            created_at=moment,
            updated_at=moment,
            started_at=moment,
            finished_at=moment,
            error_message="The clip is damaged." if failed else "",
            output=None if failed else OutputFile(folder / "a.mp4", 1, "ab" * 32),
        )


def slowest_page(path: Path, count: int) -> dict[str, float]:
    """Fill a history and return seconds per question, the best of three."""
    with open_history(path).history as history:
        assert history.restore(records(count, path.parent)) == count
        for name, (wanted, offset) in QUESTIONS.items():
            page, total = history.page(wanted, limit=100, offset=offset)
            assert bool(page) == ("nowhere" not in name)
            assert total >= len(page)
        spent = {name: best(history, *question) for name, question in QUESTIONS.items()}
        spent["series and races"] = timed(history.series_and_races)
        spent["queue"] = timed(history.queue)
    spent["open"] = timed(lambda: open_and_close(path))
    return spent


def best(history: History, wanted: JobFilter, offset: int) -> float:
    return timed(lambda: history.page(wanted, limit=100, offset=offset))


def open_and_close(path: Path) -> None:
    open_history(path).history.close()


def timed(call: Callable[[], object]) -> float:
    times = []
    for _ in range(3):
        started = time.perf_counter()
        call()
        times.append(time.perf_counter() - started)
    return min(times)


def shown(spent: dict[str, float]) -> str:
    return ", ".join(f"{name} {seconds * 1e3:.1f} ms" for name, seconds in spent.items())


def test_twenty_thousand_jobs_are_paged_fast(tmp_path: Path) -> None:
    spent = slowest_page(tmp_path / "history.sqlite", 20_000)
    print(f"\n20,000 jobs: {shown(spent)}")  # noqa: T201 - figures to be seen with -s
    assert max(spent.values()) < 0.25


@pytest.mark.slow
def test_a_hundred_thousand_jobs_and_a_million_lines(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite"
    spent = slowest_page(path, 100_000)
    with open_history(path).history as history:
        for number in range(1000):
            job_id = f"{number:08x}-0000-4000-8000-000000000000"
            line = LogLine(datetime.now(UTC), "INFO", "A line of a usual length, with figures: 12.")
            history.log(job_id, [line] * 1000)
        spent["log"] = timed(lambda: history.logs(job_id, limit=1000, newest=True))
    spent["open with log"] = timed(lambda: open_and_close(path))
    size = path.stat().st_size / 1e6
    print(f"\n100,000 jobs, {size:.0f} MB: {shown(spent)}")  # noqa: T201 - seen with -s
    assert max(value for name, value in spent.items() if "open" not in name) < 0.5
