"""Pushes that a person pauses, cancels or limits, and that yield to a running job."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from fake_store import FakeStore
from push_world import (
    EVERYTHING,
    LARGE,
    PLACE,
    QUICK,
    VIDEO,
    PushWorld,
    keys,
    make_job,
    names,
    open_uploads,
    until,
)

from codefx_desktop.domain.errors import (
    Offline,
)
from codefx_desktop.domain.push import PieceState, PushPart, PushState
from codefx_desktop.jobs.push_bandwidth import Bandwidth

if TYPE_CHECKING:
    from pathlib import Path

    from codefx_desktop.domain.object_store import Sending


@pytest.fixture
def store() -> FakeStore:
    return FakeStore(PLACE)


@pytest.fixture
def world(tmp_path: Path, store: FakeStore) -> PushWorld:
    return PushWorld(tmp_path, store)


def test_a_person_who_retries_is_not_kept_waiting(tmp_path: Path, store: FakeStore) -> None:
    slow = QUICK.__class__(**{**_fields(QUICK), "patience": QUICK.patience.__class__(60, 60)})
    world = PushWorld(tmp_path, store, slow)
    store.offline = Offline("No network.")
    push = world.queue()
    end = world.begin()
    until(lambda: world.outbox.push(push.id).next_try_at is not None)
    store.offline = None
    world.outbox.retry(push.id)
    until(lambda: world.state(push) is PushState.PUSHED)
    end()


def _fields(settings: object) -> dict[str, object]:
    return {name: getattr(settings, name) for name in settings.__slots__}  # type: ignore[attr-defined]


def test_a_paused_push_stays_where_it_is_and_goes_on(world: PushWorld, store: FakeStore) -> None:
    slow = FakeStore(PLACE, delay_s=0.02)
    world.store = slow
    push = world.queue(frames=200)
    end = world.begin()
    until(lambda: slow.count("put") > 30)
    world.outbox.pause(push.id)
    until(lambda: world.told and world.told[-1].push.state is PushState.PAUSED)
    time.sleep(1)  # what was under way comes to its end
    count = slow.count("put")
    time.sleep(0.2)
    assert slow.count("put") == count < 200
    world.outbox.resume(push.id)
    until(lambda: world.state(push) is PushState.PUSHED)
    end()
    puts = names(slow, "put")
    assert len(puts) == len(set(puts))


def test_a_cancelled_push_leaves_no_upload(world: PushWorld) -> None:
    store = FakeStore(PLACE, delay_s=0.03)
    world.store = store
    push = world.queue(video_bytes=9 * LARGE)
    other = world.queue(make_job(world.folder, "another0", frames=100))
    end = world.begin()
    until(lambda: store.count("put_part") > 3)
    world.outbox.cancel(push.id)
    until(lambda: world.state(other) is PushState.PUSHED)
    until(lambda: world.outbox.aborts("pits") == ())
    end()
    assert open_uploads(store) == 0
    assert VIDEO not in keys(store)


def test_a_transfer_that_is_to_stop_stops_at_once(tmp_path: Path) -> None:
    store = FakeStore(PLACE, delay_s=0.05)
    world = PushWorld(tmp_path, store)
    push = world.queue(frames=300, video_bytes=9 * LARGE)
    end = world.begin()
    until(lambda: store.count("put") > 20)
    begun = store.count("put")
    end()
    assert store.count("put") <= begun + 2 * QUICK.workers, "what was under way, and no more"
    states = {piece.state for piece in world.outbox.pieces(push.id)}
    assert states == {PieceState.SENT, PieceState.WAITING}
    world.stop.clear()
    store._delay_s = 0.0
    world.push()
    puts = names(store, "put")
    assert len(puts) == len(set(puts))


def test_pushing_yields_while_a_job_runs(tmp_path: Path) -> None:
    world = PushWorld(tmp_path, Counting(0.01))
    world.is_busy = True
    push = world.queue(frames=40)
    world.push()
    counting = world.store
    assert isinstance(counting, Counting)
    assert counting.most == QUICK.workers_beside_job
    world.is_busy = False
    world.queue(make_job(world.folder, "another0", frames=40))
    world.push()
    assert counting.most == QUICK.workers
    assert world.problems(push) == []


class Counting(FakeStore):
    """Counts how many puts are under way at once."""

    def __init__(self, delay_s: float) -> None:
        super().__init__(PLACE)
        self.wait_s, self.busy, self.most = delay_s, 0, 0

    def put(self, key: str, data: bytes, sending: Sending) -> str:
        with self._lock:
            self.busy += 1
            self.most = max(self.most, self.busy)
        time.sleep(self.wait_s)
        try:
            return super().put(key, data, sending)
        finally:
            with self._lock:
                self.busy -= 1


def test_a_limit_on_bandwidth_is_kept(tmp_path: Path) -> None:
    world = PushWorld(tmp_path, FakeStore(PLACE), bandwidth=Bandwidth(2_000_000))
    push = world.queue(frames=300)  # 0.64 MB in frames
    began = time.monotonic()
    world.push()
    size = world.outbox.push(push.id).size_bytes
    assert time.monotonic() - began > 0.8 * size / 2_000_000
    assert world.state(push) is PushState.PUSHED


def test_an_empty_outbox_opens_nothing(world: PushWorld, store: FakeStore) -> None:
    world.push()
    assert store.calls == []
    assert not store.closed


def test_everything_is_one_push_of_many(world: PushWorld, store: FakeStore) -> None:
    pushes = [
        world.queue(make_job(world.folder, f"job0000{number}", video_bytes=LARGE, seed=number))
        for number in range(4)
    ]
    world.push()
    assert [world.problems(push) for push in pushes] == [[]] * 4
    assert store.closed
    assert EVERYTHING.parts == frozenset(PushPart)
