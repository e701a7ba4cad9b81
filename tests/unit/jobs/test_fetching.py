"""Fetching a pushed job: what comes, where it goes, what is refused, what is gone on with."""

from __future__ import annotations

import itertools
import threading
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from fake_store import FakeStore
from fakes import FakeVision
from pushed_samples import (
    FILES,
    JOB,
    R2,
    S3,
    SOURCE,
    VIDEO,
    job_json,
    naming,
    plant_manifest,
    push_by_hand,
)
from runs import shop_with

from codefx_desktop.artifacts.layout import JobLayout
from codefx_desktop.domain.errors import (
    AccessRefused,
    AlreadyThere,
    ForeignObject,
    JobStateError,
    NoSpace,
    ObjectMissing,
    Offline,
    RemoteError,
    Throttled,
    UnknownJob,
)
from codefx_desktop.domain.job import JobMetadata, JobSpec, JobStatus
from codefx_desktop.domain.push import DEFAULT_PARTS, PushPart
from codefx_desktop.domain.run import Cancelled
from codefx_desktop.jobs import fetch_files, fetching, work
from codefx_desktop.jobs.engine import Engine
from codefx_desktop.jobs.fetch_plan import FetchChoice, parse_frames
from codefx_desktop.jobs.fetching import Fetched, fetch, look_at
from codefx_desktop.jobs.lock import job_lock
from codefx_desktop.jobs.pushed_jobs import find_pushed

if TYPE_CHECKING:
    from collections.abc import Callable

    from codefx_desktop.domain.target import Target
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


def bring(
    shop: Workshop,
    store: FakeStore,
    choice: FetchChoice | None = None,
    target: Target = R2,
    tell: Callable[[FetchProgress], None] = lambda _: None,
    cancel: threading.Event | None = None,
) -> Fetched:
    plan = look_at(shop, store, target, JOB, choice or FetchChoice())
    return fetch(shop, store, target, plan, tell, cancel or threading.Event())


def here(shop: Workshop) -> dict[str, bytes]:
    """Return the files of the job's folder, without its lock."""
    folder = JobLayout(shop.paths.data, JOB).dir
    found = (path for path in folder.rglob("*") if path.is_file() and path.name != "job.lock")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def source_of(shop: Workshop) -> Path:
    return shop.settings.temp_media(shop.paths) / JOB / "input" / "source.mp4"


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


@pytest.mark.parametrize("name", ["frames/det/frame_15.jpg", "output/lap12_annotated.mp4"])
@pytest.mark.parametrize("how", ["changed", "longer", "shorter", "gone"])
def test_what_is_not_what_was_pushed_is_not_taken(
    shop: Workshop, store: FakeStore, name: str, how: str
) -> None:
    key, data = f"jobs/{JOB}/{name}", FILES[name]
    if how == "gone":
        store.delete([key])
    else:
        other = {"changed": data[:-1] + b"?", "longer": data + b"!", "shorter": data[:-1]}
        store.plant(key, other[how])
    with pytest.raises(ObjectMissing if how == "gone" else ForeignObject) as told:
        bring(shop, store)
    assert name in str(told.value)
    assert name not in here(shop)
    assert not any("part" in one for one in here(shop))


HOSTILE = [
    f"jobs/{JOB}/../../evil.txt",
    f"jobs/{JOB}/report/../../../evil.txt",
    f"jobs/{JOB}/report/..\\evil.txt",
    f"jobs/{JOB}/job.lock",
    f"jobs/{JOB}/bin/evil.sh",
    "jobs/other/report/a.csv",
    "/etc/passwd",
    f"jobs/{JOB}/report/C:/evil.txt",
]


@pytest.mark.parametrize("key", HOSTILE)
def test_a_key_that_leads_elsewhere_refuses_all_of_it(
    shop: Workshop, store: FakeStore, key: str
) -> None:
    store.plant(key, b"x")
    plant_manifest(store, R2, naming(JOB, f"jobs/{JOB}/report/a.csv", key))
    with pytest.raises(RemoteError):
        look_at(shop, store, R2, JOB, FetchChoice())
    assert here(shop) == {}


def test_names_that_some_systems_take_for_one_are_refused(shop: Workshop, store: FakeStore) -> None:
    plant_manifest(store, R2, naming(JOB, f"jobs/{JOB}/report/a.csv", f"jobs/{JOB}/report/A.csv"))
    with pytest.raises(RemoteError, match="twice"):
        look_at(shop, store, R2, JOB, FetchChoice())


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"{}", naming("other-job"), b"\xff\xfe"])
def test_a_manifest_that_is_none_is_said(shop: Workshop, store: FakeStore, data: bytes) -> None:
    plant_manifest(store, R2, data)
    with pytest.raises(RemoteError):
        look_at(shop, store, R2, JOB, FetchChoice())


def test_what_the_manifest_does_not_name_stays_there(shop: Workshop, store: FakeStore) -> None:
    store.plant(f"jobs/{JOB}/report/planted.csv", b"x")
    bring(shop, store)
    assert "report/planted.csv" not in here(shop)


def test_a_local_job_whose_file_changed_is_left_alone(shop: Workshop, store: FakeStore) -> None:
    bring(shop, store, FetchChoice(DEFAULT_PARTS - {PushPart.OUTPUT}))
    changed = JobLayout(shop.paths.data, JOB).report_dir / "mot.txt"
    changed.write_bytes(b"9,9,9\n")
    before = here(shop)
    with pytest.raises(AlreadyThere, match=r"mot\.txt") as told:
        bring(shop, store)
    assert "codefx jobs delete" in told.value.hint
    assert here(shop) == before


def test_a_change_in_a_part_that_is_not_wanted_is_seen_too(
    shop: Workshop, store: FakeStore
) -> None:
    bring(shop, store)
    (JobLayout(shop.paths.data, JOB).output_dir / "lap12_annotated.mp4").write_bytes(b"new run")
    with pytest.raises(AlreadyThere):
        bring(shop, store, FetchChoice(frozenset({PushPart.REPORT})))


def test_files_that_the_program_makes_anew_are_no_change(shop: Workshop, tmp_path: Path) -> None:
    store = FakeStore()
    files = {"job.json": job_json(tmp_path), "analysis/clip.index": b"index", **FILES}
    push_by_hand(store, R2, files)
    bring(shop, store)
    JobLayout(shop.paths.data, JOB).clip_index.write_bytes(b"read anew")
    assert bring(shop, store).files == 0


def test_a_job_that_works_here_is_left_alone(shop: Workshop, store: FakeStore) -> None:
    bring(shop, store)
    with job_lock(JobLayout(shop.paths.data, JOB).lock, JOB), pytest.raises(JobStateError):
        bring(shop, store)


def test_a_job_that_waits_here_is_left_alone(shop: Workshop, store: FakeStore) -> None:
    shop.history.add(
        input_path=Path("/clips/lap12.mp4"),
        input_size_bytes=1,
        spec=JobSpec(),
        metadata=JobMetadata(),
        job_root=shop.paths.data,
        job_id=JOB,
    )
    with pytest.raises(JobStateError, match="QUEUED"):
        look_at(shop, store, R2, JOB, FetchChoice())


def test_a_job_in_another_folder_is_compared_there(
    shop: Workshop, store: FakeStore, tmp_path: Path
) -> None:
    bring(shop, store)
    elsewhere = tmp_path / "drive"
    (elsewhere / "jobs").mkdir(parents=True)
    record = Engine(shop).get(JOB)
    record.job_dir.rename(elsewhere / "jobs" / JOB)
    shop.history.delete(JOB)
    shop.history.restore([replace(record, job_dir=elsewhere / "jobs" / JOB)])
    assert bring(shop, store).files == 0
    assert not JobLayout(shop.paths.data, JOB).dir.exists()


@pytest.mark.parametrize("status", [JobStatus.QUEUED, JobStatus.PROCESSING])
def test_a_job_that_was_not_finished_never_enters_a_queue(
    shop: Workshop, tmp_path: Path, status: JobStatus
) -> None:
    store = FakeStore()
    push_by_hand(store, R2, {"job.json": job_json(tmp_path, status=status), "report/a.csv": b"1"})
    with pytest.raises(JobStateError, match=status.value):
        look_at(shop, store, R2, JOB, FetchChoice())
    assert shop.history.claim_next() is None


def test_a_failed_job_comes_as_it_is(shop: Workshop, tmp_path: Path) -> None:
    store = FakeStore()
    data = job_json(tmp_path, status=JobStatus.FAILED)
    push_by_hand(store, R2, {"job.json": data, "report/a.csv": b"1"})
    assert bring(shop, store).record.status is JobStatus.FAILED


def test_a_path_of_another_system_leaves_the_clips_name(shop: Workshop, tmp_path: Path) -> None:
    store = FakeStore()
    told = job_json(tmp_path, clip=Path("/media/usb/lap12.mp4"))
    told = told.replace(b"/media/usb/lap12.mp4", rb"D:\\Footage\\lap 31.mp4")
    push_by_hand(store, R2, {"job.json": told, "report/a.csv": b"1"})
    record = bring(shop, store).record
    assert record.input_filename == "lap 31.mp4"
    assert record.input_path.is_absolute()
    assert not record.input_path.exists()


def test_a_disk_that_is_too_full_is_said_before_anything_comes(
    shop: Workshop, store: FakeStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = type("Usage", (), {"free": fetching.SPARE_BYTES + len(VIDEO) // 2})
    monkeypatch.setattr(fetching.shutil, "disk_usage", lambda _: usage)
    with pytest.raises(NoSpace, match=r"GB free"):
        bring(shop, store)
    assert not JobLayout(shop.paths.data, JOB).dir.exists()


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
