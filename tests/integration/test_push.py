"""Pushes that arrive: what goes, in which order, and what is not sent twice."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from fake_store import FakeStore
from push_world import (
    FRAME,
    JOB_ID,
    LARGE,
    MANIFEST,
    PLACE,
    VIDEO,
    PushWorld,
    keys,
    make_job,
    names,
    open_uploads,
)

from codefx_desktop.artifacts.layout import FrameKind, JobLayout
from codefx_desktop.artifacts.manifest import read_manifest
from codefx_desktop.domain.push import PushOptions, PushPart, PushState
from codefx_desktop.domain.target import Target, TargetKind

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def store() -> FakeStore:
    return FakeStore(PLACE)


@pytest.fixture
def world(tmp_path: Path, store: FakeStore) -> PushWorld:
    return PushWorld(tmp_path, store)


def test_a_job_arrives_whole_and_its_manifest_last(world: PushWorld, store: FakeStore) -> None:
    push = world.queue(video_bytes=LARGE)
    world.push()
    assert world.state(push) is PushState.PUSHED
    assert world.problems(push) == []
    puts = names(store, "put")
    assert puts[-1] == MANIFEST
    assert len(puts) == len(set(puts)) == 15
    assert names(store, "put_part") == [VIDEO] * 3
    manifest = read_manifest(store.content(MANIFEST), JOB_ID)
    assert (manifest.revision, len(manifest.entries)) == (1, 15)
    facts = store.facts(VIDEO)
    assert facts is not None
    assert facts.content_type == "video/mp4"
    assert facts.sha256 == next(one.sha256 for one in manifest.entries if one.key == VIDEO)
    assert [one.id for one in world.pushed] == [push.id]
    assert open_uploads(store) == 0
    assert not (world.folder / "staging" / JOB_ID).exists()


def test_small_results_go_first_and_the_source_last(world: PushWorld, store: FakeStore) -> None:
    store.__init__(replace(PLACE, workers=1))  # type: ignore[misc]
    world.queue(frames=30, video_bytes=LARGE)
    world.push()
    order = [one.key for one in store.calls if one.name in ("put", "complete_upload")]
    kinds = [key.split("/")[2] for key in order]
    assert set(kinds[:3]) == {"job.json", "analysis", "report"}
    assert kinds.index("frames") > max(at for at, kind in enumerate(kinds) if kind == "analysis")
    assert kinds[-3:] == ["input", "output", "manifest.json"]


def test_what_is_told_ends_with_pushed(world: PushWorld) -> None:
    push = world.queue(video_bytes=LARGE)
    world.push()
    told = [one.push for one in world.told if one.push.id == push.id]
    assert told[-1].state is PushState.PUSHED
    assert told[-1].sent_bytes == told[-1].size_bytes > LARGE
    sent = [one.sent_bytes for one in told]
    assert sent == sorted(sent)


def test_a_job_that_is_pushed_again_sends_only_what_changed(
    world: PushWorld, store: FakeStore
) -> None:
    record = make_job(world.folder, video_bytes=LARGE)
    push = world.queue(record)
    world.push()
    store.calls.clear()
    world.queue(record)
    world.push()
    assert names(store, "put") == names(store, "put_part") == []
    JobLayout(world.folder, JOB_ID).frame(FrameKind.ORIGINAL, 1).write_bytes(b"new picture")
    world.queue(record)
    world.push()
    assert names(store, "put") == [FRAME, MANIFEST]
    assert world.problems(push) == []
    assert read_manifest(store.content(MANIFEST)).revision == 2
    assert world.outbox.push(push.id).revision == 2


def test_what_the_place_lost_since_is_sent_again(world: PushWorld, store: FakeStore) -> None:
    record = make_job(world.folder)
    push = world.queue(record)
    world.push()
    store.delete([FRAME])
    store.calls.clear()
    world.queue(record)
    world.push()
    assert names(store, "put") == [FRAME]
    assert world.problems(push) == []


def test_a_lost_outbox_sends_nothing_twice(tmp_path: Path, store: FakeStore) -> None:
    record = make_job(tmp_path / "data", video_bytes=LARGE)
    first = PushWorld(tmp_path / "first", store)
    first.queue(record)
    first.push()
    store.calls.clear()
    second = PushWorld(tmp_path / "second", store)
    push = second.queue(record)
    second.push()
    assert second.state(push) is PushState.PUSHED
    assert names(store, "put") == names(store, "put_part") == []


def test_results_that_were_freed_stay_in_the_manifest(world: PushWorld, store: FakeStore) -> None:
    record = make_job(world.folder)
    push = world.queue(record)
    world.push()
    layout = JobLayout(world.folder, JOB_ID)
    layout.annotated("clip").unlink()
    (layout.report_dir / "stops.csv").write_bytes(b"frame,time_s\n1,0.1\n")
    world.queue(record)
    world.push()
    assert world.problems(push) == []
    assert VIDEO in {one.key for one in read_manifest(store.content(MANIFEST)).entries}


def test_what_is_neither_here_nor_there_any_more_leaves_the_manifest(
    world: PushWorld, store: FakeStore
) -> None:
    record = make_job(world.folder)
    push = world.queue(record)
    world.push()
    JobLayout(world.folder, JOB_ID).annotated("clip").unlink()
    store.delete([VIDEO])
    world.queue(record)
    world.push()
    assert world.state(push) is PushState.PUSHED
    assert world.problems(push) == []
    assert VIDEO not in {one.key for one in read_manifest(store.content(MANIFEST)).entries}


def test_parts_that_were_not_chosen_again_stay(world: PushWorld, store: FakeStore) -> None:
    record = make_job(world.folder)
    push = world.queue(record)
    world.push()
    world.queue(record, PushOptions(frozenset({PushPart.REPORT})))
    world.push()
    assert world.problems(push) == []
    assert len(read_manifest(store.content(MANIFEST)).entries) == 15


def test_prefixes_of_a_target_are_before_all_keys(tmp_path: Path, store: FakeStore) -> None:
    target = Target(
        "pits", TargetKind.S3, bucket="b", input_prefix="input/", output_prefix="output/"
    )
    world = PushWorld(tmp_path, store, target=target)
    push = world.queue()
    world.push()
    assert world.problems(push) == []
    assert f"input/jobs/{JOB_ID}/input/source.mov" in keys(store)
    assert f"output/{MANIFEST}" in keys(store)
