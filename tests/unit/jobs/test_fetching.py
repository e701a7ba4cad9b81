"""Fetching a pushed job: what comes, where it goes, what is gone on with."""

from __future__ import annotations

import itertools
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from fake_store import FakeStore
from fakes import FakeVision
from fetched_jobs import bring, here, source_of
from pushed_samples import (
    FILES,
    JOB,
    R2,
    S3,
    SOURCE,
    VIDEO,
    job_json,
    push_by_hand,
)
from runs import shop_with

from codefx_desktop.artifacts.layout import JobLayout
from codefx_desktop.domain.errors import (
    AccessRefused,
    JobStateError,
    Offline,
    Throttled,
    UnknownJob,
)
from codefx_desktop.domain.job import JobStatus
from codefx_desktop.domain.push import PushPart
from codefx_desktop.domain.run import Cancelled
from codefx_desktop.jobs import fetch_files, work
from codefx_desktop.jobs.engine import Engine
from codefx_desktop.jobs.fetch_plan import FetchChoice, parse_frames
from codefx_desktop.jobs.fetching import look_at
from codefx_desktop.jobs.pushed_jobs import find_pushed

if TYPE_CHECKING:
    from codefx_desktop.jobs.fetch_files import FetchProgress
    from codefx_desktop.jobs.work import Workshop

ALL = FetchChoice(frozenset(PushPart))


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch_files, "FIRST_WAIT_S", 0.001)
    monkeypatch.setattr(fetch_files, "LONGEST_WAIT_S", 0.002)


@pytest.fixture
def shop() -> Workshop:
    return shop_with(FakeVision())


@pytest.fixture
def store(tmp_path: Path) -> FakeStore:
    made = FakeStore()
    push_by_hand(made, R2, {"job.json": job_json(tmp_path / "far"), **FILES, **SOURCE})
    return made


def test_a_pushed_job_is_here_and_in_the_history(shop: Workshop, store: FakeStore) -> None:
    fetched = bring(shop, store)
    files = here(shop)
    assert files.pop("job.json") == store.content(f"jobs/{JOB}/job.json")
    assert files == FILES
    record = Engine(shop).resolve(JOB[:8])
    assert record == fetched.record
    assert (record.status, record.metadata.series) == (JobStatus.COMPLETE, "GT3")
    assert record.job_dir == JobLayout(shop.paths.data, JOB).dir
    assert Engine(shop).output(JOB).path.read_bytes() == VIDEO
    assert record.input_path == Path("/media/usb/lap12.mp4")
    assert (fetched.files, fetched.files_here, fetched.is_new) == (len(FILES) + 1, 0, True)
    assert fetched.source is None
    assert not source_of(shop).exists()
    said = " ".join(line.text for line in Engine(shop).logs(JOB))
    assert "Fetched from the fake place" in said
    assert "Its clip was /media/usb/lap12.mp4 on the machine that analysed it." in said


def test_a_source_goes_where_copies_of_sources_are(shop: Workshop, store: FakeStore) -> None:
    fetched = bring(shop, store, ALL)
    assert fetched.source == source_of(shop)
    assert fetched.source.read_bytes() == SOURCE["input/source.mp4"]
    assert "input" not in {name.split("/")[0] for name in here(shop)}


def test_only_chosen_parts_and_frames_come(shop: Workshop, store: FakeStore) -> None:
    parts = frozenset({PushPart.FRAMES, PushPart.ANALYSIS})
    bring(shop, store, FetchChoice(parts, parse_frames("20-29,30")))
    assert set(here(shop)) == {
        "job.json",
        "frames/det/frame_30.jpg",
        "frames/original/frame_30.jpg",
        "analysis/json/frame_30.json",
        "analysis/job.json",
        "analysis/empty.bin",
    }
    bring(shop, store)
    assert set(here(shop)) == {"job.json", *FILES}


@pytest.mark.parametrize("text", ["", "a", "5-3", "-3", "1,,2", "1-", "3--5"])
def test_what_are_no_frames_is_said(text: str) -> None:
    with pytest.raises(ValueError, match="no frame number"):
        parse_frames(text)


def test_what_was_not_pushed_cannot_be_asked_for(shop: Workshop, tmp_path: Path) -> None:
    store = FakeStore()
    small = {"job.json": job_json(tmp_path), "report/mot.txt": b"1"}
    push_by_hand(store, R2, small)
    with pytest.raises(JobStateError, match="has no source") as told:
        look_at(shop, store, R2, JOB, ALL)
    assert "It has: report" in told.value.hint
    with pytest.raises(JobStateError, match="has no frames"):
        look_at(shop, store, R2, JOB, FetchChoice(frozenset({PushPart.FRAMES})))
    assert bring(shop, store).files == 2


def test_a_targets_prefixes_are_looked_under(shop: Workshop, tmp_path: Path) -> None:
    store = FakeStore()
    push_by_hand(store, S3, {"job.json": job_json(tmp_path), **FILES, **SOURCE})
    assert bring(shop, store, ALL, S3).files == len(FILES) + 2
    assert find_pushed(store, S3, JOB[:4]) == JOB


def test_nothing_is_written_by_looking(shop: Workshop, store: FakeStore) -> None:
    plan = look_at(shop, store, R2, JOB, FetchChoice())
    assert plan.record.input_filename == "lap12.mp4"
    assert plan.size_bytes > len(VIDEO)
    assert here(shop) == {}
    assert not plan.layout.dir.exists()


def test_small_results_are_in_the_history_before_the_video_comes(
    shop: Workshop, store: FakeStore
) -> None:
    store.fail("download", AccessRefused("Not allowed."))
    with pytest.raises(AccessRefused):
        bring(shop, store)
    assert set(here(shop)) == {"job.json", *FILES} - {"output/lap12_annotated.mp4"}
    assert Engine(shop).get(JOB).status is JobStatus.COMPLETE
    assert bring(shop, store).files == 1


def test_what_came_is_not_brought_again(shop: Workshop, store: FakeStore) -> None:
    bring(shop, store)
    calls = len(store.calls)
    again = bring(shop, store)
    assert (again.files, again.files_here, again.is_new) == (0, len(FILES) + 1, False)
    assert {call.key for call in store.calls[calls:]} == {
        f"jobs/{JOB}/manifest.json",
        f"jobs/{JOB}/job.json",
    }


def test_a_large_file_is_gone_on_with(
    shop: Workshop, store: FakeStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    cancel = threading.Event()
    told: list[FetchProgress] = []

    def stop(progress: FetchProgress) -> None:
        told.append(progress)
        if progress.done_bytes > len(VIDEO) // 2:
            cancel.set()

    with pytest.raises(Cancelled):
        bring(shop, store, tell=stop, cancel=cancel)
    part = JobLayout(shop.paths.data, JOB).output_dir / "lap12_annotated.mp4.part"
    assert len(VIDEO) // 2 <= part.stat().st_size < len(VIDEO)
    there = part.stat().st_size
    told.clear()
    assert bring(shop, store, tell=told.append).files == 1
    assert told[0].done_bytes == there  # goes on from there
    assert here(shop)["output/lap12_annotated.mp4"] == VIDEO
    assert not list(part.parent.glob("*.part*"))


def test_progress_ends_at_all_of_it(shop: Workshop, store: FakeStore) -> None:
    told: list[FetchProgress] = []
    bring(shop, store, tell=told.append)
    last = told[-1]
    assert (last.files_done, last.done_bytes) == (last.files, last.size_bytes)
    assert last.files == len(FILES) + 1
    assert all(b.done_bytes >= a.done_bytes for a, b in itertools.pairwise(told))


def test_a_network_that_is_away_for_moments_is_waited_for(shop: Workshop, store: FakeStore) -> None:
    told: list[FetchProgress] = []
    store.fail("read", Offline("No network."), times=3, key="frames/")
    store.fail("download", Throttled("Slow down."), times=2)
    bring(shop, store, tell=told.append)
    assert set(here(shop)) == {"job.json", *FILES}
    assert {one.waiting for one in told} == {"", "No network.", "Slow down."}


def test_a_network_that_stays_away_ends_it_and_what_came_stays(
    shop: Workshop, store: FakeStore
) -> None:
    store.fail("read", Offline("No network."), times=1000, key="frames/det/frame_30")
    with pytest.raises(Offline):
        bring(shop, store)
    assert shop.history.page(limit=1)[1] == 0
    store._faults.clear()
    bring(shop, store)
    assert set(here(shop)) == {"job.json", *FILES}


def test_a_fetched_job_can_be_deleted_and_fetched_again(shop: Workshop, store: FakeStore) -> None:
    bring(shop, store)
    Engine(shop).delete(JOB)
    assert here(shop) == {}
    assert bring(shop, store).is_new


def test_recovery_leaves_a_fetched_job_alone(shop: Workshop, store: FakeStore) -> None:
    bring(shop, store)
    assert work.recover(shop) == ()
    assert Engine(shop).queue() == ()


def test_a_job_is_found_by_the_beginning_of_its_id(tmp_path: Path) -> None:
    store, other = FakeStore(), f"4f1c{JOB[4:-1]}2"
    push_by_hand(store, R2, {"job.json": b"1", "report/a.csv": b"1"})
    assert find_pushed(store, R2, "4f1c") == JOB
    assert find_pushed(store, R2, JOB) == JOB
    push_by_hand(store, R2, {"job.json": b"1"}, other)
    with pytest.raises(UnknownJob, match="2 jobs"):
        find_pushed(store, R2, "4f1c")
    push_by_hand(store, R2, {"job.json": b"1"}, "7777-begun", manifest=False)
    for unknown in ("7777", "9999", "abc", "../x", "4f1c/..", ""):
        with pytest.raises(UnknownJob):
            find_pushed(store, R2, unknown)
