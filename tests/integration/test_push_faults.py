"""The table of faults: what a person reads, whether the queue waits or stops, and how it ends.

Every fault meets a push to each of the two servers. Where a server can be made to say it, it says
it itself; what no server here can be made to say, a witness says in its place.
Run by name: ``pytest -m slow tests/integration/test_push_faults.py``; ``CODEFX_FIGURES`` names a
file for the table.
"""

from __future__ import annotations

import socket
import time
import uuid
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from buckets.fault_proxy import Fault, FaultProxy
from buckets.miniflare import Simulator
from buckets.openstack import Swift
from buckets.s3_stub import Answer
from buckets.witness import Witness
from figures import write_table
from push_world import QUICK, PushWorld, make_job, problems_of, until

from codefx_desktop.domain.object_store import MEBIBYTE
from codefx_desktop.domain.push import Push, PushState
from codefx_desktop.remote.s3_client import Manners
from codefx_desktop.remote.s3_store import S3Store
from codefx_desktop.settings.secrets import Access

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from codefx_desktop.domain.target import Target

Server = Simulator | Swift
PART_BYTES = 5 * MEBIBYTE
VIDEO_BYTES = 6 * MEBIBYTE
WRITES = ("put", "begin", "part", "complete")
WAITS, STOPS, GOES = "waits, tries again by itself", "stops until a person acts", "goes on"
SETTINGS = replace(QUICK, part_bytes=PART_BYTES)
COLUMNS = ("fault", "server", "what the person reads", "the queue", "when the fault has ended")


class Place:
    """A server behind a witness and a bad network, and a push to it.

    Args:
        server: The server.
        folder: Of the job and the outbox.
        stack: Ends what was begun.
        patch: For what is wrong with this machine.
    """

    def __init__(
        self, server: Server, folder: Path, stack: ExitStack, patch: pytest.MonkeyPatch
    ) -> None:
        self.server, self.patch = server, patch
        self.target, self.access = server.target(name="pits"), server.access
        self.patience_s, self.stack = 10.0, stack
        self.door: socket.socket | None = None
        authority = server.certificate if isinstance(server, Simulator) else None
        self.witness = stack.enter_context(Witness(server.port, authority, folder))
        self.network = stack.enter_context(FaultProxy(self.witness.port))
        self.port = self.network.port
        self.world = PushWorld(folder, self.store(), SETTINGS, self.target)
        object.__setattr__(self.world.ports, "open_store", lambda _target: self.store())

    def store(self) -> S3Store:
        """Return a client, as the target and the key are now."""
        target = replace(self.server.target(self.port, "pits"), bucket=self.target.bucket)
        verify = self.witness.certificate or True
        return S3Store(
            target, self.access, Manners(self.patience_s, self.patience_s, verify=verify)
        )

    def say(self, answer: Answer, *kinds: str) -> None:
        """Have the witness answer in the server's place."""
        self.witness.answers = lambda heard: answer if heard.kind in (kinds or WRITES) else None

    def mend(self) -> None:
        """End every fault."""
        self.patch.undo()
        self.target, self.access = self.server.target(name="pits"), self.server.access
        if self.door is not None:
            self.door.close()
            self.stack.enter_context(FaultProxy(self.witness.port, port=self.port))
        self.patience_s = 10.0
        self.network.default = Fault()
        self.network.offline = False
        self.network.cut()
        self.witness.answers = lambda _: None
        self.witness.damages = lambda _: False


def wrong_secret(place: Place) -> None:
    place.access = Access(place.access.key_id, "wrong")


def unknown_key(place: Place) -> None:
    place.access = Access("nobody", place.access.secret)


def missing_bucket(place: Place) -> None:
    place.target = replace(place.target, bucket="no-such-bucket")


def clock_by(minutes: int) -> Callable[[Place], None]:
    def fault(place: Place) -> None:
        import botocore.auth

        now = botocore.auth.get_current_datetime
        place.patch.setattr(
            botocore.auth,
            "get_current_datetime",
            lambda *given, **named: now(*given, **named) + timedelta(minutes=minutes),
        )

    return fault


def no_permission(place: Place) -> None:
    if isinstance(place.server, Swift):
        place.access = place.server.reader
    else:
        place.say(Answer(403, "AccessDenied"))


def full_bucket(place: Place) -> None:
    if isinstance(place.server, Swift):
        place.target = replace(place.target, bucket=place.server.small_bucket)
    else:
        place.say(Answer(403, "QuotaExceeded"), "put", "part")


def saying(answer: Answer, *kinds: str) -> Callable[[Place], None]:
    return lambda place: place.say(answer, *kinds)


def network(fault: Fault) -> Callable[[Place], None]:
    return lambda place: setattr(place.network, "default", fault)


def no_network(place: Place) -> None:
    def lost(*_: object, **__: object) -> None:
        raise socket.gaierror(-3, "Temporary failure in name resolution")

    place.patch.setattr(socket, "getaddrinfo", lost)


def nobody_there(place: Place) -> None:
    place.door = place.stack.enter_context(socket.socket())
    place.door.bind(("127.0.0.1", 0))  # nobody else gets the port, and nobody listens
    place.port = place.door.getsockname()[1]


def black_hole(place: Place) -> None:
    place.patience_s = 1.0
    place.network.default = Fault(black_hole=True)


def cut_off(place: Place) -> None:
    place.network.offline = True


def damage(place: Place) -> None:
    place.witness.damages = lambda heard: heard.kind in ("put", "part")


@dataclass(frozen=True)
class Case:
    """A fault, what the queue does, and a part of what is read."""

    fault: Callable[[Place], None]
    queue: str
    words: str


PAGE = Answer(200, body=b"<html>Welcome to the circuit", headers={"Content-Type": "text/html"})
CASES = {
    "wrong secret": Case(wrong_secret, STOPS, "its secret does not belong"),
    "unknown key": Case(unknown_key, STOPS, "key"),
    "expired key (400 ExpiredToken)": Case(
        saying(Answer(400, "ExpiredToken")), STOPS, "has expired"
    ),
    "clock 30 minutes slow": Case(clock_by(-30), STOPS, "clock is"),
    "clock 30 minutes fast": Case(clock_by(30), STOPS, "clock is"),
    "missing bucket": Case(missing_bucket, STOPS, "There is no"),
    "no permission": Case(no_permission, STOPS, "may not"),
    "full bucket (quota)": Case(full_bucket, STOPS, "takes no more"),
    "full bucket (507)": Case(
        saying(Answer(507, "XMinioStorageFull"), "put", "part"), STOPS, "takes no more"
    ),
    "full bucket (413 EntityTooLarge)": Case(
        saying(Answer(413, "EntityTooLarge"), "part"), STOPS, "takes no more"
    ),
    "503 SlowDown, Retry-After 1": Case(
        saying(Answer(503, "SlowDown", headers={"Retry-After": "1"}), "put", "part"),
        WAITS,
        "asks to slow down (503)",
    ),
    "429 TooManyRequests": Case(
        saying(Answer(429, "TooManyRequests"), "put", "part"), WAITS, "asks to slow down (429)"
    ),
    "500 InternalError": Case(
        saying(Answer(500, "InternalError"), "put", "part"), WAITS, "trouble of its own (500)"
    ),
    "no network": Case(no_network, WAITS, "no network"),
    "nobody at the address": Case(nobody_there, WAITS, "connection was refused"),
    "network cut off": Case(cut_off, WAITS, "broke"),
    "black hole": Case(black_hole, WAITS, "cannot be reached"),
    "every connection cut on the way up": Case(network(Fault(cut_up=200_000)), WAITS, "broke"),
    "every connection cut on the way down": Case(network(Fault(cut_down=2_500)), WAITS, "broke"),
    "a log-in page answers": Case(
        saying(Answer(511, body=b"<html>"), "put", "part", "list"), WAITS, "log-in"
    ),
    "slow (2 MiB/s, 100 ms)": Case(network(Fault(bytes_per_s=2e6, delay_s=0.1)), GOES, ""),
    "every body damaged on the way": Case(damage, STOPS, "damaged on the way"),
}


@pytest.fixture(params=["r2", "swift"])
def server(request: pytest.FixtureRequest) -> Server:
    found: Server = request.getfixturevalue(request.param)
    return found


@pytest.fixture(scope="module")
def rows() -> Iterator[list[list[str]]]:
    """Collect the table, and write it when all faults were met."""
    made: list[list[str]] = []
    yield made
    order = {name: number for number, name in enumerate(CASES)}
    write_table("Faults", COLUMNS, sorted(made, key=lambda row: (order[row[0]], row[1])))


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_a_fault_is_told_and_ends_well(
    server: Server,
    name: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    rows: list[list[str]],
) -> None:
    case = CASES[name]
    with ExitStack() as stack:
        place = Place(server, tmp_path, stack, monkeypatch)
        world = place.world
        case.fault(place)
        record = make_job(tmp_path, uuid.uuid4().hex, frames=4, video_bytes=VIDEO_BYTES)
        push = world.queue(record)
        stack.callback(world.begin())
        told = meets(world, push)
        how = STOPS if told.state is PushState.STOPPED else WAITS if told.reason else GOES
        assert (how, case.words in told.reason) == (case.queue, True), told.reason
        assert manifests(place, server.target(name="pits"), push) == []
        place.mend()
        after = ends(world, push, how)
        with closing(server.store()) as store:
            assert problems_of(store, server.target(name="pits"), world.outbox, push) == []
    rows.append([name, server.label, told.reason or "nothing: it is sent, only later", how, after])


def meets(world: PushWorld, push: Push) -> Push:
    """Return a push as it stands when the fault has told on it."""

    def told() -> bool:
        now = world.outbox.push(push.id)
        is_waiting = now.state is PushState.WAITING and now.next_try_at is not None
        return is_waiting or now.state is PushState.STOPPED or now.files_sent > 0

    until(told, 60)
    ends_s = time.monotonic() + 8
    while time.monotonic() < ends_s:  # small files may be through before the fault is met
        now = world.outbox.push(push.id)
        if now.reason or now.state.is_final:
            return now
        time.sleep(0.01)
    return world.outbox.push(push.id)


def ends(world: PushWorld, push: Push, how: str) -> str:
    """Return how a push came through after its fault had ended."""
    began = time.monotonic()
    if how == STOPS:
        world.outbox.retry(push.id)
    until(lambda: world.state(push).is_final, 60)
    assert world.state(push) is PushState.PUSHED
    by = "after Retry" if how == STOPS else "by itself" if how == WAITS else "meanwhile"
    return f"pushed and verified {by}, {time.monotonic() - began:.1f} s"


def manifests(place: Place, target: Target, push: Push) -> list[str]:
    """Return whether a manifest is there while a fault lasts: only where it goes on."""
    key = target.key(f"jobs/{push.job_id}/manifest.json")
    if place.world.state(push).is_final:
        return []
    return [one.key for one in place.witness.done("put") if one.key == key]
