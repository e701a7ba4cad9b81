"""A bit that is turned between TLS and the server: refused by it, sent again, never called pushed.

Over https a network cannot do that; a company's proxy that opens TLS can, and bad memory. The
servers compare the MD5 that goes along. Run by name: ``pytest -m slow
tests/integration/test_push_corruption.py``.
"""

from __future__ import annotations

import uuid
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from buckets.miniflare import Simulator
from buckets.openstack import Swift
from buckets.witness import Heard, Witness
from figures import write_table
from push_world import QUICK, PushWorld, make_job, problems_of

from codefx_desktop.domain.object_store import MEBIBYTE
from codefx_desktop.domain.push import PushState

if TYPE_CHECKING:
    from pathlib import Path

Server = Simulator | Swift
PART_BYTES = 5 * MEBIBYTE
SETTINGS = replace(QUICK, part_bytes=PART_BYTES)
COLUMNS = (
    *("sent", "server", "bits turned", "refused by the server", "kept by the server"),
    *("bodies more than without", "the push"),
)


class Flipper:
    """Turns a bit of the first bodies of a kind; of all where no number is given."""

    def __init__(self, kind: str, most: int | None) -> None:
        self.kind, self.most = kind, most
        self.turned: list[Heard] = []

    def __call__(self, heard: Heard) -> bool:
        is_next = self.most is None or len(self.turned) < self.most
        if heard.kind != self.kind or "manifest" in heard.key or not is_next:
            return False
        self.turned.append(heard)
        return True


@pytest.fixture(params=["r2", "swift"])
def server(request: pytest.FixtureRequest) -> Server:
    found: Server = request.getfixturevalue(request.param)
    return found


@pytest.mark.slow
@pytest.mark.parametrize("most", [3, None], ids=["some", "all"])
@pytest.mark.parametrize("kind", ["put", "part"])
def test_what_is_damaged_on_the_way_is_refused_and_sent_again(
    server: Server, kind: str, most: int | None, tmp_path: Path
) -> None:
    authority = server.certificate if isinstance(server, Simulator) else None
    flipper = Flipper(kind, most)
    with Witness(server.port, authority, tmp_path, damages=flipper) as witness:
        near = (
            replace(server, certificate=witness.certificate)
            if isinstance(server, Simulator)
            else server
        )
        world = PushWorld(tmp_path, near.store(witness.port), SETTINGS, server.target(name="pits"))
        video_bytes = 2 * PART_BYTES + 99
        push = world.queue(make_job(tmp_path, uuid.uuid4().hex, frames=4, video_bytes=video_bytes))
        world.push(120)
        bodies = [one for one in witness.heard if one.kind in ("put", "part")]
        kept = {one.sha256 for one in bodies if one.is_done}
        damaged = {one.sha256 for one in flipper.turned}
    state = world.state(push)
    refused = sum(400 <= one.status < 500 for one in flipper.turned)
    more = len(bodies) - len({f"{one.kind} {one.what}" for one in bodies})
    write_table(
        "Corruption on the way",
        COLUMNS,
        [[kind, server.label, len(flipper.turned), refused, len(kept & damaged), more, state]],
    )
    assert flipper.turned
    assert refused == len(flipper.turned)
    assert not kept & damaged
    with closing(server.store()) as store:
        if most is not None:
            assert more == most
            assert state is PushState.PUSHED
            assert problems_of(store, world.target, world.outbox, push) == []
            return
        assert state is PushState.STOPPED
        assert "damaged on the way" in world.outbox.push(push.id).reason
        assert store.facts(world.target.key(f"jobs/{push.job_id}/manifest.json")) is None
        there = {
            one.key for prefix in world.target.prefixes(push.job_id) for one in store.list(prefix)
        }
        assert not {one.key for one in flipper.turned} & there
