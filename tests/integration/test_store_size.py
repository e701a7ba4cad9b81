"""A history of many jobs stays quick to look through."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlite_work import SqliteWork

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
    from collections.abc import Iterator
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


def questioned(path: Path, count: int, work: SqliteWork) -> dict[str, int]:
    """Fill a history and return how many steps SQLite takes for each question."""
    with open_history(path).history as history:
        assert history.restore(records(count, path.parent)) == count
        for name, (wanted, offset) in QUESTIONS.items():
            page, total = history.page(wanted, limit=100, offset=offset)
            assert bool(page) == ("nowhere" not in name)
            assert total >= len(page)
        steps = {name: paged(history, *question, work) for name, question in QUESTIONS.items()}
        steps["series and races"] = work.of(history.series_and_races)
        steps["queue"] = work.of(history.queue)
    steps["open"] = work.of(lambda: open_and_close(path))
    return steps


def paged(history: History, wanted: JobFilter, offset: int, work: SqliteWork) -> int:
    return work.of(lambda: history.page(wanted, limit=100, offset=offset))


def open_and_close(path: Path) -> None:
    open_history(path).history.close()


def shown(steps: dict[str, int]) -> str:
    return ", ".join(f"{name} {count:,} steps" for name, count in steps.items())


def check(steps: dict[str, int], count: int) -> None:
    """Check that no question takes more than a look at each job; the newest do without that."""
    assert max(steps[name] for name in ("newest", "failed", "series and race", "queue")) < 50_000
    assert max(value for name, value in steps.items() if "open" not in name) < 40 * count
    assert steps["open"] < 200 * count


def test_twenty_thousand_jobs_are_paged_fast(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = questioned(tmp_path / "history.sqlite", 20_000, SqliteWork(monkeypatch))
    print(f"\n20,000 jobs: {shown(steps)}")  # noqa: T201 - figures to be seen with -s
    check(steps, 20_000)


@pytest.mark.slow
def test_a_hundred_thousand_jobs_and_a_million_lines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, work = tmp_path / "history.sqlite", SqliteWork(monkeypatch)
    steps = questioned(path, 100_000, work)
    with open_history(path).history as history:
        for number in range(1000):
            job_id = f"{number:08x}-0000-4000-8000-000000000000"
            line = LogLine(datetime.now(UTC), "INFO", "A line of a usual length, with figures: 12.")
            history.log(job_id, [line] * 1000)
        steps["log"] = work.of(lambda: history.logs(job_id, limit=1000, newest=True))
    steps["open with log"] = work.of(lambda: open_and_close(path))
    size = path.stat().st_size / 1e6
    print(f"\n100,000 jobs, {size:.0f} MB: {shown(steps)}")  # noqa: T201 - seen with -s
    check(steps, 100_000)
    assert steps["log"] < 200_000
    assert steps["open with log"] < 300 * 100_000 + 100 * 1_000_000
