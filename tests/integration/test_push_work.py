"""The window's way of pushing, over real files: transfer, links, room, deleting, fetching."""

from __future__ import annotations

import json
import os
import threading
from typing import TYPE_CHECKING

import pytest
from fake_store import FakeStore
from fakes import FakeVision
from pushed_samples import FILES, JOB, R2, record_of
from runs import shop_with

from codefx_desktop import bootstrap
from codefx_desktop.artifacts.job_json import write_job_json
from codefx_desktop.artifacts.layout import JobLayout
from codefx_desktop.domain.errors import NotOffered, Offline, SettingsError, UnknownJob
from codefx_desktop.domain.push import DEFAULT_PARTS, PushOptions, PushPart, PushState
from codefx_desktop.domain.target import Target, TargetKind
from codefx_desktop.jobs.push_values import FetchWanted
from codefx_desktop.jobs.push_work import PushWork
from codefx_desktop.settings.paths import HOME_VARIABLE, app_paths
from codefx_desktop.settings.targets import save_target

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from codefx_desktop.domain.object_store import ObjectStore
    from codefx_desktop.domain.push import Push, PushProgress
    from codefx_desktop.jobs.push_values import FetchStep
    from codefx_desktop.jobs.work import Workshop
    from codefx_desktop.settings.secrets import Access

NEVER = threading.Event()
LARGE = [rest for rest in FILES if rest.startswith(("output/", "frames/", "analysis/json/"))]


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> FakeStore:
    """Return the place of every bucket; folders are real ones."""
    made, real = FakeStore(), bootstrap.open_store_with

    def opened(target: Target, access: Access | None) -> ObjectStore:
        return real(target, access) if target.kind is TargetKind.FOLDER else made

    monkeypatch.setattr(bootstrap, "open_store_with", opened)
    return made


@pytest.fixture
def shop(home: Path, store: FakeStore) -> Iterator[Workshop]:
    shop = shop_with(FakeVision())
    save_target(shop.paths, R2)
    yield shop
    shop.outbox.close()
    shop.history.close()


@pytest.fixture
def layout(shop: Workshop, tmp_path: Path) -> JobLayout:
    """A finished job in the history, with its files."""
    layout = JobLayout(shop.paths.data, JOB)
    clip = tmp_path / "lap12.mp4"
    clip.write_bytes(b"clip" * 1000)
    record = record_of(layout, clip=clip)
    for rest, data in FILES.items():
        path = layout.dir / rest
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    write_job_json(record, layout)
    shop.history.restore([record])
    return layout


@pytest.fixture
def work(shop: Workshop, layout: JobLayout) -> PushWork:
    return PushWork(shop)


def transfer(work: PushWork) -> list[PushProgress]:
    told: list[PushProgress] = []
    work.transfer(threading.Event(), told.append, lambda: False)
    return told


def push_all(work: PushWork, target: str = R2.name, **options: object) -> Push:
    work.push(JOB, target, PushOptions(**options))
    transfer(work)
    (push,) = work.pushes()
    assert push.state is PushState.PUSHED, push.reason
    return push


def free(work: PushWork, *job_ids: str) -> tuple[int | None, str]:
    space = work.free_space(job_ids, NEVER)
    return space.freed_bytes, space.message


# -- pushing --------------------------------------------------------------------------------------


def test_what_is_estimated_is_what_goes(work: PushWork, layout: JobLayout) -> None:
    estimate = work.estimate([JOB])
    assert estimate.files[PushPart.FRAMES] == 3
    assert estimate.files[PushPart.SOURCE] == 1
    assert estimate.size_bytes[PushPart.OUTPUT] == len(FILES["output/lap12_annotated.mp4"])
    push = push_all(work, parts=frozenset(PushPart))
    assert push.files == sum(estimate.files.values()) + 2  # job.json and the manifest
    with pytest.raises(UnknownJob):
        work.estimate(["nobody"])


def test_a_push_waits_for_a_network_and_goes_on(
    work: PushWork, store: FakeStore, shop: Workshop
) -> None:
    store.offline = Offline("Nobody answers.")
    work.push(JOB, "RACES", PushOptions())  # a target's name in any case of letters
    stop = threading.Event()
    told: list[PushProgress] = []

    def watch(progress: PushProgress) -> None:
        told.append(progress)
        if progress.push.next_try_at is not None:
            stop.set()

    work.transfer(stop, watch, lambda: False)
    (push,) = work.pushes()
    assert (push.state, push.target) == (PushState.WAITING, R2.name)
    assert "Nobody answers" in push.reason
    store.offline = None
    work.retry(push.id)
    transfer(work)
    assert work.pushes()[0].state is PushState.PUSHED


def test_a_paused_push_does_not_go(work: PushWork, store: FakeStore) -> None:
    push = work.push(JOB, R2.name, PushOptions())
    work.pause(push.id)
    transfer(work)
    assert store.keys() == []
    work.resume(push.id)
    transfer(work)
    assert work.pushes()[0].state is PushState.PUSHED
    work.forget(push.id)
    assert work.pushes() == ()


def test_an_unknown_target_is_told(work: PushWork) -> None:
    with pytest.raises(SettingsError, match="no target nowhere"):
        work.push(JOB, "nowhere", PushOptions())


# -- links ----------------------------------------------------------------------------------------


def test_links_say_the_same_three_times(work: PushWork) -> None:
    push_all(work)
    answer = work.links(7, JOB, R2.name, 86_400)
    assert answer.links is not None
    assert (answer.request_id, answer.links.ttl_s) == (7, 86_400)
    names = {one.name for one in answer.links.files}
    assert names == {*FILES, "job.json", "manifest.json"}
    content = json.loads(answer.json)
    assert {one["url"] for one in content["files"]} == {one.url for one in answer.links.files}
    assert "codefx-links" in answer.toon


# -- room on the disk -----------------------------------------------------------------------------


def test_only_what_was_pushed_can_go(work: PushWork, layout: JobLayout) -> None:
    assert work.free_space(None, NEVER).jobs == ()
    push_all(work, parts=frozenset({PushPart.FRAMES}))
    (one,) = work.free_space(None, NEVER).jobs
    assert (one.job_id, one.target, one.files) == (JOB, R2.name, 3)
    assert free(work, JOB) == (one.size_bytes, "")
    left = {path.relative_to(layout.dir).as_posix() for path in layout.dir.rglob("*.*")}
    assert "output/lap12_annotated.mp4" in left
    assert not any(name.startswith("frames/") for name in left)


def test_what_is_small_and_the_footage_stay(
    work: PushWork, layout: JobLayout, shop: Workshop
) -> None:
    push_all(work, parts=frozenset(PushPart))
    freed, message = free(work, JOB)
    assert freed == sum(len(FILES[rest]) for rest in LARGE)
    assert message == ""
    for rest in FILES:
        assert (layout.dir / rest).exists() is (rest not in LARGE), rest
    assert layout.job_json.exists()
    assert not (layout.dir / "frames").exists()  # no empty folders are left
    assert shop.history.get(JOB).input_path.exists()
    assert work.free_space(None, NEVER).jobs == ()


def test_what_the_target_lost_stays(work: PushWork, layout: JobLayout, store: FakeStore) -> None:
    push_all(work)
    store.delete([f"jobs/{JOB}/output/lap12_annotated.mp4"])
    freed, message = free(work, JOB)
    assert (layout.dir / "output/lap12_annotated.mp4").exists()
    assert freed == sum(len(FILES[rest]) for rest in LARGE if not rest.startswith("output/"))
    assert message == (
        "lap12.mp4: 1 file stays, because races does not have them as they are here. "
        "Push the job again first."
    )


def test_what_changed_here_stays(work: PushWork, layout: JobLayout) -> None:
    push_all(work)
    changed = layout.dir / "frames/det/frame_15.jpg"
    changed.write_bytes(b"\xff\xd8 16")  # of the same size
    free(work, JOB)
    assert changed.exists()
    assert not (layout.dir / "frames/det/frame_30.jpg").exists()


def test_without_its_manifest_nothing_goes(
    work: PushWork, layout: JobLayout, store: FakeStore
) -> None:
    push_all(work)
    store.delete([f"jobs/{JOB}/manifest.json"])
    freed, message = free(work, JOB)
    assert freed == 0
    assert "manifest is not in" in message
    assert all((layout.dir / rest).exists() for rest in FILES)


def test_without_a_network_nothing_goes(
    work: PushWork, layout: JobLayout, store: FakeStore
) -> None:
    push_all(work)
    store.offline = Offline("Nobody answers.")
    assert free(work, JOB) == (0, "lap12.mp4: Nobody answers.")
    assert all((layout.dir / rest).exists() for rest in FILES)


def test_what_was_freed_is_no_reason_to_push_it_less(
    work: PushWork, layout: JobLayout, store: FakeStore
) -> None:
    push_all(work)
    before = store.keys()
    free(work, JOB)
    push_all(work)
    assert store.keys() == before


# -- deleting -------------------------------------------------------------------------------------


def test_a_job_is_deleted_from_all_its_targets(
    work: PushWork, shop: Workshop, store: FakeStore
) -> None:
    push_all(work)
    work.delete_remote(JOB, NEVER)
    assert store.keys() == []
    assert work.pushes() == ()
    assert shop.history.get(JOB).id == JOB


# -- a folder, and another laptop -----------------------------------------------------------------


def test_a_job_goes_by_a_drive_to_another_laptop(
    work: PushWork,
    shop: Workshop,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    drive = tmp_path / "drive"
    drive.mkdir()
    usb = Target("Drive", TargetKind.FOLDER, folder=drive)
    save_target(shop.paths, usb)
    push_all(work, usb.name)
    assert (drive / "jobs" / JOB / "manifest.json").is_file()
    with pytest.raises(NotOffered):
        work.links(1, JOB, usb.name, 3600)
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path / "other"))
    other = shop_with(FakeVision())
    save_target(app_paths(), usb)
    steps: list[FetchStep] = []
    wanted = FetchWanted(3, JOB[:6], usb.name, DEFAULT_PARTS)
    end = PushWork(other).fetch(wanted, steps.append, NEVER)
    other.history.close()
    assert end.is_final
    assert end.record is not None
    assert end.record.output is not None
    assert end.record.output.path.read_bytes() == FILES["output/lap12_annotated.mp4"]
    assert end.name == "lap12.mp4"
    assert {step.request_id for step in steps} == {3}
    last = steps[-1].progress
    assert last is not None
    assert last.files_done == last.files


def test_footage_is_copied_on_request_and_the_copy_is_pushed(
    work: PushWork, shop: Workshop, store: FakeStore, layout: JobLayout, tmp_path: Path
) -> None:
    clip, told = tmp_path / "lap12.mp4", []
    before = work.estimate([JOB])
    assert before.to_copy_bytes == clip.stat().st_size
    step = work.copy_sources(7, [JOB], told.append, NEVER)
    assert step.is_final
    assert told[-1].transfer.done_bytes == clip.stat().st_size
    assert work.estimate([JOB]).to_copy_bytes == 0
    copy = shop.settings.temp_media(shop.paths) / JOB / "input" / "source.mp4"
    assert copy.read_bytes() == clip.read_bytes()
    data = clip.read_bytes()
    clip.rename(tmp_path / "away.mp4")  # its drive left
    push = work.push(JOB, R2.name, PushOptions(frozenset(PushPart)))
    work.transfer(NEVER, lambda _progress: None, lambda: False)
    assert shop.outbox.open().push(push.id).state is PushState.PUSHED
    assert store.read(R2.key(f"jobs/{JOB}/input/source.mp4")) == data
    assert not copy.exists()  # the default policy
    assert (tmp_path / "away.mp4").read_bytes() == data


def test_what_was_left_over_is_swept(work: PushWork, shop: Workshop) -> None:
    home = shop.settings.temp_media(shop.paths) / JOB / "input"
    home.mkdir(parents=True)
    for name in ("source.mp4", "source.mp4.77.part"):
        (home / name).write_bytes(b"x")
        os.utime(home / name, (1, 1))
    assert work.sweep() == 1
    assert [path.name for path in home.iterdir()] == ["source.mp4"]
