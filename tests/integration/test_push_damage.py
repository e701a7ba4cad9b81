"""Pushes that are damaged on the way, or meet what is not theirs: found out, never overwritten."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from fake_store import FakeStore, corrupted
from push_world import (
    FRAME,
    LARGE,
    MANIFEST,
    PLACE,
    QUICK,
    VIDEO,
    PushWorld,
    keys,
    make_job,
    names,
    open_uploads,
)

from codefx_desktop.artifacts.manifest import read_manifest
from codefx_desktop.domain.errors import (
    NotOffered,
    UploadGone,
)
from codefx_desktop.domain.object_store import Sending
from codefx_desktop.domain.push import PushOptions, PushPart, PushState

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def store() -> FakeStore:
    return FakeStore(PLACE)


@pytest.fixture
def world(tmp_path: Path, store: FakeStore) -> PushWorld:
    return PushWorld(tmp_path, store)


def test_damage_on_the_way_is_sent_again(world: PushWorld, store: FakeStore) -> None:
    store.fail("put", corrupted(FRAME), times=2, key=FRAME)
    store.fail("put_part", corrupted(VIDEO), times=2)
    push = world.queue(video_bytes=LARGE)
    world.push()
    assert world.problems(push) == []


@pytest.mark.parametrize("call", ["put", "put_part"])
def test_damage_that_does_not_end_is_never_called_pushed(
    world: PushWorld, store: FakeStore, call: str
) -> None:
    store.fail(call, corrupted("it"), times=10_000, key=FRAME if call == "put" else VIDEO)
    push = world.queue(video_bytes=LARGE)
    world.push()
    assert world.state(push) is PushState.STOPPED
    reason = world.outbox.push(push.id).reason
    assert "Something else arrived" in reason
    assert f"{QUICK.tries} times in a row" in reason
    assert "sent again" not in reason  # not by itself
    assert MANIFEST not in keys(store)
    assert store.count(call) < 60


class Liar(FakeStore):
    """Takes whatever arrives, flipped, and says nothing."""

    def __init__(self, flips: int) -> None:
        super().__init__(PLACE)
        self.flips = flips

    def put(self, key: str, data: bytes, sending: Sending) -> str:
        if key == FRAME and self.flips:
            self.flips -= 1
            data = bytes([data[0] ^ 1]) + data[1:]
        return super().put(key, data, sending)


@pytest.mark.parametrize(("flips", "state"), [(2, PushState.PUSHED), (99, PushState.STOPPED)])
def test_a_place_that_keeps_something_else_is_found_out(
    tmp_path: Path, flips: int, state: PushState
) -> None:
    store = Liar(flips)
    world = PushWorld(tmp_path, store)
    push = world.queue()
    world.push()
    assert world.state(push) is state
    if state is PushState.PUSHED:
        assert world.problems(push) == []
    else:
        assert MANIFEST not in keys(store)


class Rotting(FakeStore):
    """Has lost a bit of an object, which its ETag does not tell, until it was put some times."""

    def __init__(self, key: str, puts: int) -> None:
        super().__init__(PLACE)
        self.key, self.puts = key, puts

    def read(self, key: str, start: int = 0, stop: int | None = None) -> bytes:
        data = super().read(key, start, stop)
        written = [one for one in self.calls if one.key == key and one.name in WRITES]
        if key == self.key and len(written) < self.puts:
            return bytes([data[0] ^ 1]) + data[1:]
        return data


WRITES = ("put", "complete_upload")


@pytest.mark.parametrize(("key", "call"), [(FRAME, "put"), (VIDEO, "complete_upload")])
@pytest.mark.parametrize(("puts", "state"), [(3, PushState.PUSHED), (999, PushState.STOPPED)])
def test_an_object_that_reads_back_otherwise_is_sent_again(
    tmp_path: Path, key: str, call: str, puts: int, state: PushState
) -> None:
    store = Rotting(key, puts)
    world = PushWorld(tmp_path, store)
    chosen = PushOptions(frozenset({PushPart.FRAMES, PushPart.OUTPUT}))
    push = world.queue(frames=2, video_bytes=LARGE, options=chosen)
    world.push()
    assert world.state(push) is state
    tries = min(puts, QUICK.tries + 1)
    assert names(store, call).count(key) == tries
    if state is PushState.PUSHED:
        assert world.problems(push) == []
    else:
        assert "was damaged in the bucket" in world.outbox.push(push.id).reason
        assert MANIFEST not in keys(store)


def test_something_foreign_is_never_overwritten(world: PushWorld, store: FakeStore) -> None:
    for key in (FRAME, VIDEO, MANIFEST):
        store.plant(key, b"theirs")
        push = world.queue(make_job(world.folder, video_bytes=LARGE))
        world.push()
        assert world.state(push) is PushState.STOPPED
        assert f"Something else is under {key}" in world.outbox.push(push.id).reason
        assert store.content(key) == b"theirs"
        store.delete([key])
        world.outbox.retry(push.id)
        world.push()
        assert world.problems(push) == []
        store.delete(store.keys())
        world.outbox.forget(push.id)


def test_something_foreign_that_comes_between_is_never_overwritten(
    world: PushWorld, store: FakeStore
) -> None:
    def plant(call: object) -> None:
        if store.count("put") == 1 and FRAME not in keys(store):
            store.plant(FRAME, b"theirs")

    store.on_call = plant
    push = world.queue(video_bytes=LARGE)
    world.push()
    assert world.state(push) is PushState.STOPPED
    assert store.content(FRAME) == b"theirs"
    assert MANIFEST not in keys(store)


def test_something_foreign_that_comes_after_it_was_sent_stops_the_push(
    world: PushWorld, store: FakeStore
) -> None:
    def plant(call: object) -> None:
        if store.count("list") == 2 and store.content(FRAME) != b"theirs":
            store.plant(FRAME, b"theirs")

    store.on_call = plant
    push = world.queue()
    world.push()
    assert world.state(push) is PushState.STOPPED
    assert store.content(FRAME) == b"theirs"
    assert MANIFEST not in keys(store)


def test_results_of_an_earlier_run_are_replaced_by_whoever_has_the_manifest(
    tmp_path: Path, store: FakeStore
) -> None:
    first = PushWorld(tmp_path / "first", store)
    first.queue(make_job(tmp_path / "data", seed=1, video_bytes=LARGE))
    first.push()
    second = PushWorld(tmp_path / "second", store)  # its outbox knows nothing of the first
    push = second.queue(make_job(tmp_path / "data", seed=2, video_bytes=LARGE + 5))
    second.push()
    assert second.problems(push) == []
    assert read_manifest(store.content(MANIFEST)).revision == 2


def test_an_upload_that_the_place_forgot_begins_anew(world: PushWorld, store: FakeStore) -> None:
    def forget(call: object) -> None:
        if store.count("put_part") == 2:
            store.forget_uploads()

    store.on_call = forget
    push = world.queue(video_bytes=LARGE)
    world.push()
    assert world.problems(push) == []
    assert store.count("begin_upload") > 1
    assert open_uploads(store) == 0


def test_an_upload_that_is_forgotten_always_stops_the_push(
    world: PushWorld, store: FakeStore
) -> None:
    store.fail("put_part", UploadGone("It is not known."), times=10_000)
    push = world.queue(video_bytes=LARGE)
    world.push()
    assert world.state(push) is PushState.STOPPED
    assert store.count("begin_upload") == QUICK.tries
    assert open_uploads(store) == 0


def test_uploads_that_nobody_goes_on_with_are_aborted(world: PushWorld, store: FakeStore) -> None:
    store.begin_upload(VIDEO, Sending("video/mp4", ""))
    foreign = store.begin_upload("elsewhere/x.mp4", Sending("video/mp4", ""))
    world.queue(video_bytes=LARGE)
    world.push()
    assert [one.upload_id for one in store.open_uploads("")] == [foreign]


def test_places_that_do_not_list_uploads_are_pushed_to(world: PushWorld, store: FakeStore) -> None:
    store.fail("open_uploads", NotOffered("It cannot."), times=10_000)
    push = world.queue(video_bytes=LARGE)
    world.push()
    assert world.state(push) is PushState.PUSHED
