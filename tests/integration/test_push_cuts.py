"""200 cuts at random bytes of a 200 MiB push, to both servers; counted by what came to the server.

Run by name: ``pytest -m slow tests/integration/test_push_cuts.py``.
"""

from __future__ import annotations

import random
import time
import uuid
from collections import Counter
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from buckets.fault_proxy import Fault, FaultProxy
from buckets.miniflare import Simulator
from buckets.openstack import Swift
from buckets.witness import Heard, Witness
from figures import write_table
from push_world import QUICK, PushWorld, make_job

from codefx_desktop.domain.object_store import MEBIBYTE
from codefx_desktop.domain.push import PushState

if TYPE_CHECKING:
    from pathlib import Path

Server = Simulator | Swift
CUTS = 200
VIDEO_BYTES = 200 * MEBIBYTE
PART_BYTES = 8 * MEBIBYTE
HANDSHAKE_BYTES = 6_000
MOST_PUSHES = 6


@pytest.fixture(params=["r2", "swift"])
def server(request: pytest.FixtureRequest) -> Server:
    found: Server = request.getfixturevalue(request.param)
    return found


class Cutting(FaultProxy):
    """Cuts each connection at a random byte, until so many were cut.

    One in eight while something comes down, the handshake and lost answers among it; the others
    while something goes up: anywhere in a part, and a little beyond.
    """

    def __init__(self, upstream: int, most: int, seed: int) -> None:
        super().__init__(upstream)
        self._draw = random.Random(seed)  # noqa: S311 - no secret
        self._most = most

    def fault_of(self, number: int) -> Fault:
        if len(self.cut_ports) >= self._most:
            return Fault()
        if self._draw.randrange(8) == 0:
            return Fault(cut_down=self._draw.randrange(HANDSHAKE_BYTES))
        return Fault(cut_up=self._draw.randrange(PART_BYTES + MEBIBYTE))


@dataclass
class Account:
    """What cuts have cost, by what came to the server."""

    pushes: int = 0
    cuts: int = 0
    parts: int = 0
    broken: int = 0
    again: int = 0
    confirmed_again: list[str] = field(default_factory=list)
    most_again: int = 0
    twice: list[str] = field(default_factory=list)
    orphans: int = 0
    problems: list[str] = field(default_factory=list)
    bytes_up: int = 0
    needed_bytes: int = 0

    def add(self, witness: Witness, cut_ports: list[int]) -> None:
        """Count a push."""
        last = {one.port: one for one in witness.heard}
        cut = {id(last[port]) for port in cut_ports if port in last}
        sent = [one for one in witness.heard if one.kind in ("put", "part")]
        tries: dict[str, list[Heard]] = {}
        for one in sent:
            tries.setdefault(f"{one.kind} {one.what}", []).append(one)
        self.cuts += len(cut_ports)
        self.parts += sum(name.startswith("part") for name in tries)
        costs = Counter[int]()
        for name, made in tries.items():
            for before, _ in pairwise(made):
                self.again += 1
                if id(before) in cut:
                    costs[before.port] += 1
                else:
                    self.confirmed_again.append(f"{name} after {before}")
        self.broken += sum(id(one) in cut for one in sent)
        self.most_again = max([self.most_again, *costs.values()])
        kept = Counter(one.key for one in witness.done("put", "complete"))
        self.twice += [key for key, times in kept.items() if times > 1]
        self.orphans += len(witness.open_uploads())

    def row(self, name: str, seconds: float) -> list[object]:
        """Return what a table tells."""
        more = (self.bytes_up - self.needed_bytes) / max(1, self.cuts) / MEBIBYTE
        return [
            *(name, self.pushes, self.cuts, self.parts, self.broken, self.again, self.most_again),
            *(len(self.confirmed_again), f"{more:.2f}", self.orphans, len(self.twice)),
            *(len(self.problems), f"{seconds:.0f}"),
        ]


COLUMNS = (
    *("server", "pushes of 200 MiB", "cuts", "parts of 8 MiB", "requests that a cut broke"),
    *("sent again", "most sent again for one cut", "sent again without a cut"),
    *("MiB more for each cut", "orphan multiparts", "keys written twice"),
    *("hashes or keys that differ", "seconds"),
)


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_200_cuts_of_a_push_of_200_mib(
    server: Server, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    account, began = Account(), time.monotonic()
    while account.cuts < CUTS and account.pushes < MOST_PUSHES:
        push_once(server, tmp_path / str(account.pushes), account)
    row = account.row(server.label, time.monotonic() - began)
    write_table("200 cuts at random bytes of a 200 MiB push", COLUMNS, [row])
    assert account.cuts >= CUTS
    assert account.problems == []
    assert account.most_again <= 1
    assert account.again <= account.broken
    assert account.confirmed_again == []
    assert account.orphans == 0
    assert account.twice == []


def push_once(server: Server, folder: Path, account: Account) -> None:
    """Push a job of 200 MiB through a network that is cut, and count what that took."""
    folder.mkdir()
    job_id = uuid.uuid4().hex
    authority = server.certificate if isinstance(server, Simulator) else None
    with (
        Witness(server.port, authority, folder) as witness,
        Cutting(witness.port, CUTS - account.cuts, seed=CUTS + account.pushes) as proxy,
    ):
        if isinstance(server, Simulator):
            witness.answers = witness.list_uploads
            near = replace(server, certificate=witness.certificate)
        else:
            near = server
        place = near.store(proxy.port, connect_s=60.0, silence_s=60.0)
        settings = replace(QUICK, part_bytes=PART_BYTES)
        world = PushWorld(folder, place, settings, server.target(name="pits"))
        push = world.queue(make_job(folder, job_id, frames=10, video_bytes=VIDEO_BYTES))
        world.push(1500)
        account.add(witness, proxy.cut_ports)
        account.bytes_up += proxy.bytes_up
    account.pushes += 1
    account.needed_bytes += world.outbox.push(push.id).size_bytes
    assert world.state(push) is PushState.PUSHED
    world.store = server.store()
    account.problems += world.problems(push)
    keys = [key for prefix in world.target.prefixes(job_id) for key in world.store.list(prefix)]
    world.store.delete([one.key for one in keys])
    world.store.close()
    world.outbox.close()
