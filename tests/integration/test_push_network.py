"""Pushes over bad networks and to places in trouble: what waits, what stops, what is told."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from fake_store import FakeStore
from push_world import (
    FRAME,
    LARGE,
    PLACE,
    QUICK,
    VIDEO,
    PushWorld,
    bytes_of,
    make_job,
    names,
    open_uploads,
    until,
)

from codefx_desktop.domain.errors import (
    AccessRefused,
    BucketFull,
    BucketMissing,
    ClockWrong,
    CodefxError,
    Offline,
    RemoteError,
    Throttled,
)
from codefx_desktop.domain.push import PushState
from codefx_desktop.domain.target import Target, TargetKind

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def store() -> FakeStore:
    return FakeStore(PLACE)


@pytest.fixture
def world(tmp_path: Path, store: FakeStore) -> PushWorld:
    return PushWorld(tmp_path, store)


@pytest.mark.parametrize(
    "call",
    ["put", "begin_upload", "put_part", "complete_upload", "list", "open_uploads", "read", "facts"],
)
@pytest.mark.parametrize("done_anyway", [False, True])
def test_a_broken_connection_is_mended_whatever_it_broke(
    world: PushWorld, store: FakeStore, call: str, done_anyway: bool
) -> None:
    store.fail(call, Offline("The connection broke."), times=2, done_anyway=done_anyway)
    push = world.queue(video_bytes=LARGE)
    world.push()
    assert world.state(push) is PushState.PUSHED
    assert world.problems(push) == []
    assert open_uploads(store) == 0
    assert names(store, "complete_upload").count(VIDEO) <= 3


def test_offline_is_a_normal_state(world: PushWorld, store: FakeStore) -> None:
    store.offline = Offline("No network.", hint="It goes on by itself.")
    push = world.queue(frames=300)
    end = world.begin()
    until(lambda: world.outbox.push(push.id).next_try_at is not None)
    waits = world.outbox.push(push.id)
    assert (waits.state, waits.reason) == (
        PushState.WAITING,
        "No network. It goes on by itself.",
    )
    time.sleep(0.5)
    # One small request at a time, though 900 pieces wait.
    assert len(store.calls) < 40
    store.offline = None
    until(lambda: world.state(push) is PushState.PUSHED)
    end()
    assert world.problems(push) == []


def test_a_network_that_goes_in_the_middle_costs_no_storm(
    world: PushWorld, store: FakeStore
) -> None:
    def cut(call: object) -> None:
        if store.count("put") == 100 and not store.offline:
            store.offline = Offline("No network.")

    store.on_call = cut
    push = world.queue(frames=300)
    end = world.begin()
    until(lambda: world.outbox.push(push.id).next_try_at is not None)
    sent = world.outbox.push(push.id).files_sent
    time.sleep(0.3)
    assert store.count("put") <= 100 + QUICK.workers
    assert 80 < sent < 110
    store.on_call = lambda _call: None
    store.offline = None
    until(lambda: world.state(push) is PushState.PUSHED)
    end()
    puts = names(store, "put")
    assert len(puts) <= 911 + 3 * QUICK.workers
    assert world.problems(push) == []


def test_a_place_that_asks_to_slow_down_is_left_alone_so_long(
    world: PushWorld, store: FakeStore
) -> None:
    busy = Throttled("The bucket asks to slow down.")
    busy.retry_after_s = 0.4
    store.fail("put", busy)
    push = world.queue()
    began = time.monotonic()
    world.push()
    assert time.monotonic() - began > 0.4
    assert world.state(push) is PushState.PUSHED


@pytest.mark.parametrize(
    "error",
    [
        AccessRefused("The secret is wrong.", hint="Enter it again."),
        ClockWrong("This machine's clock is 20 minutes off."),
        BucketMissing("There is no bucket races."),
        BucketFull("The bucket is full."),
    ],
)
def test_what_a_person_must_mend_stops_all_pushes_to_the_target(
    world: PushWorld, store: FakeStore, error: CodefxError
) -> None:
    store.offline = error  # type: ignore[assignment]
    first = world.queue(frames=100)
    second = world.queue(make_job(world.folder, "another0"))
    world.push()
    for push in (first, second):
        assert world.state(push) is PushState.STOPPED
        assert world.outbox.push(push.id).reason == str(error)
    assert len(store.calls) < 10
    store.offline = None
    world.outbox.retry(first.id)
    world.push()
    assert {world.state(first), world.state(second)} == {PushState.PUSHED}


@pytest.mark.parametrize("call", ["put", "put_part", "complete_upload"])
def test_a_secret_that_expires_in_the_middle_stops_it_and_a_retry_goes_on(
    world: PushWorld, store: FakeStore, call: str
) -> None:
    store.fail(call, AccessRefused("The key has expired."))
    push = world.queue(frames=20, video_bytes=LARGE)
    world.push()
    assert world.state(push) is PushState.STOPPED
    before = {one.key for one in store.calls if one.name == "put"}
    assert before
    sent = world.outbox.push(push.id).files_sent
    world.outbox.retry(push.id)
    world.push()
    assert world.problems(push) == []
    assert sent <= world.outbox.push(push.id).files_sent
    assert open_uploads(store) == 0


def test_a_target_that_is_gone_stops_its_pushes(tmp_path: Path, store: FakeStore) -> None:
    world = PushWorld(tmp_path, store)
    push = world.queue()
    world.target = Target("renamed", TargetKind.R2, bucket="races")
    world.push()
    assert world.outbox.push(push.id).reason == "There is no target pits."


def test_one_target_in_trouble_does_not_keep_the_others(tmp_path: Path) -> None:
    good, bad = FakeStore(PLACE), FakeStore(PLACE)
    bad.offline = Offline("No network.")
    world = PushWorld(tmp_path, good)
    stores = {"pits": good, "far": bad}
    targets = {name: Target(name, TargetKind.R2, bucket="races") for name in stores}
    world.ports = world.ports.__class__(
        open_target=targets.__getitem__,
        open_store=lambda target: stores[target.name],
        staging=tmp_path / "staging",
    )
    world.pusher._ports = world.ports
    record = make_job(tmp_path)
    here = world.queue(record)
    world.target = targets["far"]
    there = world.queue(record)
    end = world.begin()
    until(lambda: world.state(here) is PushState.PUSHED)
    assert world.state(there) is PushState.WAITING
    bad.offline = None
    until(lambda: world.state(there) is PushState.PUSHED)
    end()
    assert good.keys() == bad.keys()


def test_an_unknown_trouble_is_tried_some_times_then_told(
    world: PushWorld, store: FakeStore
) -> None:
    store.fail("put", RemoteError("The bucket says 418."), times=3, key=FRAME)
    push = world.queue()
    world.push()
    assert world.state(push) is PushState.PUSHED
    store.delete(store.keys())
    store.fail("put", RemoteError("The bucket says 418."), times=10_000, key=FRAME)
    again = world.queue(make_job(world.folder, seed=2))
    world.push()
    assert world.state(again) is PushState.STOPPED
    assert "418" in world.outbox.push(again.id).reason


def test_a_bug_stops_the_push_and_is_told(
    world: PushWorld, store: FakeStore, caplog: pytest.LogCaptureFixture
) -> None:
    store.fail("put", KeyError("bug"), key=FRAME)  # type: ignore[arg-type]
    push = world.queue()
    world.push()
    assert world.state(push) is PushState.STOPPED
    assert "Unexpected: KeyError('bug')" in world.outbox.push(push.id).reason
    assert "A push failed unexpectedly" in caplog.text


def test_a_file_that_is_gone_stops_the_push_and_tells_which(world: PushWorld) -> None:
    push = world.queue()
    gone = world.piece(push, "frame_1.jpg").path
    kept = gone.read_bytes()
    gone.unlink()
    world.push()
    assert world.state(push) is PushState.STOPPED
    assert str(gone) in world.outbox.push(push.id).reason
    gone.write_bytes(kept)
    world.outbox.retry(push.id)
    world.push()
    assert world.problems(push) == []


@pytest.mark.parametrize("part", ["frame_1.jpg", "annotated.mp4"])
def test_a_file_that_changed_since_it_was_queued_goes_as_it_is_now(
    world: PushWorld, part: str, caplog: pytest.LogCaptureFixture
) -> None:
    push = world.queue(video_bytes=LARGE)
    path = world.piece(push, part).path
    path.write_bytes(bytes_of(path.stat().st_size + 7, 55))
    world.push()
    assert world.problems(push) == []
    assert f"{path} changed since it was queued" in caplog.text


def test_a_file_that_changes_while_it_is_pushed_is_not_mixed(
    world: PushWorld, store: FakeStore
) -> None:
    push = world.queue(video_bytes=LARGE)
    path = world.piece(push, "annotated.mp4").path
    changed: list[bool] = []

    def change(call: object) -> None:
        if store.count("put_part") == 2 and not changed:
            changed.append(True)
            path.write_bytes(bytes_of(LARGE, 55))

    store.on_call = change
    world.push()
    assert changed
    assert store.content(VIDEO) == bytes_of(LARGE, 55)
    assert world.problems(push) == []
    assert open_uploads(store) == 0
