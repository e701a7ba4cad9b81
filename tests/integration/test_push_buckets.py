"""Pushes to two servers, R2's own simulator and OpenStack Swift, over networks that break.

The simulator is spoken to over https, where damage breaks the connection; Swift over plain http,
where only the sums that go along find it.
"""

from __future__ import annotations

import random
import threading
import time
import uuid
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pytest
from buckets.fault_proxy import Fault, FaultProxy
from buckets.miniflare import Simulator
from buckets.openstack import Swift
from push_world import QUICK, PushWorld, make_job, until

from codefx_desktop.domain.errors import NotOffered
from codefx_desktop.domain.object_store import MEBIBYTE
from codefx_desktop.domain.push import PushState
from codefx_desktop.jobs.push_bandwidth import Bandwidth

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from codefx_desktop.domain.object_store import ObjectStore, Sending

Server = Simulator | Swift
PART_BYTES = 5 * MEBIBYTE
SETTINGS = replace(QUICK, part_bytes=PART_BYTES)


@pytest.fixture(params=["r2", "swift"])
def server(request: pytest.FixtureRequest) -> Server:
    found: Server = request.getfixturevalue(request.param)
    return found


class WaitedOut:
    """A clock that goes only while somebody waits: how fast the machine is does not count."""

    def __init__(self) -> None:
        self._lock, self._now_s = threading.Lock(), 0.0

    def __call__(self) -> float:
        return self._now_s

    def sleep(self, seconds: float) -> None:
        until_s = self._now_s + seconds
        time.sleep(seconds)
        with self._lock:
            self._now_s = max(self._now_s, until_s)


@dataclass
class Watched:
    """A place, and how often each thing was sent to it after it had been confirmed."""

    store: ObjectStore
    confirmed: set[str] = field(default_factory=set)
    again: list[str] = field(default_factory=list)
    uploads: set[str] = field(default_factory=set)
    tries: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __getattr__(self, name: str) -> object:
        return getattr(self.store, name)

    def put(self, key: str, data: bytes, sending: Sending) -> str:
        self._begin(key)
        etag = self.store.put(key, data, sending)
        return self._end(key, etag)

    def put_part(self, key: str, upload_id: str, number: int, data: bytes) -> str:
        name = f"{upload_id}/{number}"
        self._begin(name)
        return self._end(name, self.store.put_part(key, upload_id, number, data))

    def complete_upload(
        self, key: str, upload_id: str, etags: Sequence[str], sending: Sending
    ) -> str:
        etag = self.store.complete_upload(key, upload_id, etags, sending)
        self.uploads.discard(upload_id)
        return etag

    def begin_upload(self, key: str, sending: Sending) -> str:
        upload_id = self.store.begin_upload(key, sending)
        self.uploads.add(upload_id)
        return upload_id

    def abort_upload(self, key: str, upload_id: str) -> None:
        self.store.abort_upload(key, upload_id)
        self.uploads.discard(upload_id)

    def left_over(self, prefix: str) -> int:
        """Return how many uploads were begun and not ended."""
        try:
            return len(list(self.store.open_uploads(prefix)))
        except NotOffered:  # the simulator does not list them
            return len(self.uploads)

    def _begin(self, name: str) -> None:
        with self.lock:
            self.tries += 1
            if name in self.confirmed:
                self.again.append(name)

    def _end(self, name: str, etag: str) -> str:
        with self.lock:
            self.confirmed.add(name)
        return etag


def push_through(
    server: Server, folder: Path, proxy: FaultProxy, video_bytes: int, timeout_s: float
) -> tuple[PushWorld, Watched]:
    """Push a job through a proxy until it is there."""
    watched = Watched(server.store(proxy.port, connect_s=3.0, silence_s=5.0))
    world = PushWorld(folder, watched, SETTINGS, server.target(name="pits"))  # type: ignore[arg-type]
    job_id = uuid.uuid4().hex
    push = world.queue(make_job(folder, job_id, frames=10, video_bytes=video_bytes))
    world.push(timeout_s)
    assert world.state(push) is PushState.PUSHED
    watched.store = world.store = server.store()
    assert world.problems(push) == []
    assert [watched.left_over(prefix) for prefix in world.target.prefixes(job_id)] == [0] * len(
        world.target.prefixes(job_id)
    )
    return world, watched


def cuts(count: int, seed: int) -> list[Fault]:
    """Return cuts at random bytes, most of them within the first part of a connection."""
    draw = random.Random(seed)  # noqa: S311 - no secret
    return [Fault(cut_up=draw.randrange(PART_BYTES + PART_BYTES // 8)) for _ in range(count)]


def test_a_push_arrives_over_https(server: Server, tmp_path: Path) -> None:
    with FaultProxy(server.port) as proxy:
        world, watched = push_through(server, tmp_path, proxy, 3 * PART_BYTES + 17, 60)
    assert watched.again == []
    video = next(
        piece
        for push in world.outbox.pushes()
        for piece in world.outbox.pieces(push.id)
        if "output" in piece.key
    )
    assert video.is_proven  # the bucket's ETag is the one that is computed here
    assert video.etag.endswith("-4")


def test_20_cuts_at_random_bytes(server: Server, tmp_path: Path) -> None:
    size = 24 * MEBIBYTE
    with FaultProxy(server.port, cuts(20, seed=20)) as proxy:
        _, watched = push_through(server, tmp_path, proxy, size, 90)
    assert proxy.connections > 20
    assert watched.again == []
    # Each cut costs a part at most: what it broke off is sent again, nothing else.
    assert proxy.bytes_up < 1.05 * size + 20 * PART_BYTES * 1.15


def test_a_bit_that_flips_on_the_way_is_found_by_the_bucket(server: Server, tmp_path: Path) -> None:
    faults = [Fault(flip_up=3_000_000 + 7 * number) for number in range(6)]
    with FaultProxy(server.port, faults) as proxy:
        _, watched = push_through(server, tmp_path, proxy, 3 * PART_BYTES, 60)
    assert watched.again == []
    assert proxy.bytes_up > 4 * PART_BYTES, "what was changed on its way is sent again"


def test_a_network_that_goes_and_comes_back(server: Server, tmp_path: Path) -> None:
    with FaultProxy(server.port, default=Fault(bytes_per_s=8 * MEBIBYTE)) as proxy:
        watched = Watched(server.store(proxy.port, connect_s=2.0, silence_s=4.0))
        world = PushWorld(tmp_path, watched, SETTINGS, server.target(name="pits"))  # type: ignore[arg-type]
        record = make_job(tmp_path, uuid.uuid4().hex, frames=12, video_bytes=2 * PART_BYTES)
        push = world.queue(record)
        end = world.begin()
        until(lambda: watched.confirmed)
        proxy.offline = True
        until(lambda: world.outbox.push(push.id).next_try_at is not None)
        assert "bucket" in world.outbox.push(push.id).reason
        proxy.offline = False
        until(lambda: world.state(push) is PushState.PUSHED)
        end()
    assert watched.again == []
    world.store = server.store()
    assert world.problems(push) == []


def test_pushing_again_sends_nothing(server: Server, tmp_path: Path) -> None:
    store = Watched(server.store())
    record = make_job(tmp_path / "data", uuid.uuid4().hex, frames=5, video_bytes=2 * PART_BYTES)
    for folder in ("first", "second"):  # the second outbox knows nothing of the first
        world = PushWorld(tmp_path / folder, store, SETTINGS, server.target(name="pits"))  # type: ignore[arg-type]
        push = world.queue(record)
        before = store.tries
        world.push(60)
        assert world.problems(push) == []
    assert store.tries == before


def test_a_limit_is_kept_within_parts_and_a_stop_ends_them(server: Server, tmp_path: Path) -> None:
    limit = 2 * MEBIBYTE
    with FaultProxy(server.port) as proxy:
        store = server.store(proxy.port)
        clock = WaitedOut()
        bandwidth = Bandwidth(limit, clock, clock.sleep)
        world = PushWorld(tmp_path, store, SETTINGS, server.target(name="pits"), bandwidth)
        push = world.queue(make_job(tmp_path, uuid.uuid4().hex, frames=1, video_bytes=30_000_000))
        end = world.begin()
        until(lambda: proxy.bytes_up > limit)
        began, before = clock(), proxy.bytes_up
        until(lambda: proxy.bytes_up > before + limit)
        came, spent_s = proxy.bytes_up - before, clock() - began
        assert 0.5 * limit * spent_s < came < 1.5 * limit * spent_s
        end()
    assert world.state(push) is not PushState.PUSHED
    assert proxy.bytes_up < 6 * limit
