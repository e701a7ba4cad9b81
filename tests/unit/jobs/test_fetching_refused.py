"""Fetching a pushed job: what is refused, and that nothing is written then."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from fake_store import FakeStore
from fakes import FakeVision
from fetched_jobs import bring, here
from pushed_samples import (
    FILES,
    JOB,
    R2,
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
    ForeignObject,
    JobStateError,
    NoSpace,
    ObjectMissing,
    OtherFilesHere,
    RemoteError,
)
from codefx_desktop.domain.job import JobMetadata, JobSpec, JobStatus
from codefx_desktop.domain.push import DEFAULT_PARTS, PushPart
from codefx_desktop.jobs import fetch_files, fetching
from codefx_desktop.jobs.engine import Engine
from codefx_desktop.jobs.fetch_plan import FetchChoice
from codefx_desktop.jobs.fetching import look_at
from codefx_desktop.jobs.lock import job_lock

if TYPE_CHECKING:
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
    # What may be without end is looked at before it fills the disk.
    assert how == "changed" or not store.count("download", name)
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


def test_a_description_without_end_is_not_read(shop: Workshop, store: FakeStore) -> None:
    keys = (f"jobs/{JOB}/job.json", f"jobs/{JOB}/report/mot.txt")
    plant_manifest(store, R2, naming(JOB, *keys, size=10**12))
    before = store.count("read")
    with pytest.raises(RemoteError, match=r"job\.json"):
        look_at(shop, store, R2, JOB, FetchChoice())
    assert store.count("read") == before + 1  # the manifest alone


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
    with pytest.raises(OtherFilesHere, match=r"report/mot\.txt") as told:
        bring(shop, store)
    assert told.value.files == ("report/mot.txt",)
    assert "1 file of it is not as pushed on" in told.value.message
    assert "codefx fetch --update" in told.value.hint
    assert here(shop) == before


def test_a_change_in_a_part_that_is_not_wanted_is_seen_too(
    shop: Workshop, store: FakeStore
) -> None:
    bring(shop, store)
    (JobLayout(shop.paths.data, JOB).output_dir / "lap12_annotated.mp4").write_bytes(b"new run")
    with pytest.raises(OtherFilesHere):
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


def test_a_newer_push_takes_the_place_of_what_is_here_if_a_person_says_so(
    shop: Workshop, store: FakeStore, tmp_path: Path
) -> None:
    bring(shop, store)
    layout = JobLayout(shop.paths.data, JOB)
    kept_index = layout.clip_index
    kept_index.write_bytes(b"read here")
    newer = {
        "job.json": job_json(tmp_path / "far", status=JobStatus.FAILED),
        **FILES,
        "report/mot.txt": b"1,2,3\n" * 9,
        "analysis/detections.sqlite": b"other detections",
        "report/new.csv": b"a,b\n",
    }
    push_by_hand(store, R2, newer)
    wal = layout.detections.with_name("detections.sqlite-wal")
    wal.write_bytes(b"pages of the old one")
    before = here(shop)
    choice = FetchChoice(frozenset({PushPart.REPORT}))
    with pytest.raises(OtherFilesHere) as told:
        bring(shop, store, choice)
    assert set(told.value.files) == {"job.json", "report/mot.txt"}
    assert here(shop) == before
    done = bring(shop, store, update=True)
    now = here(shop)
    assert {rest: now[rest] for rest in newer} == newer
    assert now["analysis/clip.index"] == b"read here"
    assert not wal.exists()
    assert done.record.status is JobStatus.FAILED
    assert shop.history.get(JOB).status is JobStatus.FAILED
    assert done.files == 4
    assert bring(shop, store, update=True).files == 0


def test_an_update_leaves_no_job_half_of_two_pushes(
    shop: Workshop, store: FakeStore, tmp_path: Path
) -> None:
    bring(shop, store)
    newer = {
        "job.json": job_json(tmp_path / "far"),
        **FILES,
        "report/mot.txt": b"a longer one",
    }
    newer["output/lap12_annotated.mp4"] = VIDEO + b"more"
    push_by_hand(store, R2, newer)
    bring(shop, store, FetchChoice(frozenset({PushPart.REPORT})), update=True)
    now = here(shop)
    assert {rest: now[rest] for rest in newer} == newer


def test_an_update_that_broke_off_goes_on(shop: Workshop, store: FakeStore, tmp_path: Path) -> None:
    bring(shop, store)
    newer = {"job.json": job_json(tmp_path / "far"), **FILES, "report/mot.txt": b"other"}
    newer["output/lap12_annotated.mp4"] = b"another video"
    push_by_hand(store, R2, newer)
    store.fail("read", RemoteError("Out of order."), key=f"jobs/{JOB}/report/mot.txt")
    with pytest.raises(RemoteError):
        bring(shop, store, update=True)
    bring(shop, store, update=True)
    now = here(shop)
    assert {rest: now[rest] for rest in newer} == newer
