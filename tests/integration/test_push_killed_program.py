"""The program itself is killed 50 times while it pushes to a server; counted by what came there.

Run by name: ``pytest -m slow tests/integration/test_push_killed_program.py``.
"""

from __future__ import annotations

import os
import random
import signal
import threading
import time
import uuid
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest
from buckets.miniflare import Simulator
from buckets.openstack import Swift
from buckets.witness import Heard, Witness
from cli_program import start_cli
from fakes import FakeVision
from figures import write_table
from push_world import make_job, problems_of
from runs import shop_with

from codefx_desktop.domain.object_store import MEBIBYTE
from codefx_desktop.domain.push import PieceState, Push, PushState
from codefx_desktop.settings.paths import app_paths
from codefx_desktop.store.outbox import open_outbox

if TYPE_CHECKING:
    from pathlib import Path

Server = Simulator | Swift
KILLS = 50
FRAMES = 60
VIDEO_BYTES = 64 * MEBIBYTE + 12_345
BODIES = ("put", "part")
WRITES = (*BODIES, "complete")
MOST_BODIES = 60
LONGEST_WAIT_S = 0.05
LIFE_S = 180.0

pytestmark = pytest.mark.skipif(os.name != "posix", reason="needs SIGKILL")


@pytest.fixture(params=["r2", "swift"])
def server(request: pytest.FixtureRequest) -> Server:
    found: Server = request.getfixturevalue(request.param)
    return found


@dataclass
class Killer:
    """Ends a program a moment after so many bodies began to come."""

    draw: random.Random
    pid: int = 0
    left: int = 0
    killed: threading.Event = field(default_factory=threading.Event)

    def aim(self, pid: int) -> None:
        """Choose when the program ends."""
        self.pid, self.left = pid, self.draw.randrange(1, MOST_BODIES)
        self.killed.clear()

    def hear(self, heard: Heard) -> None:
        """Count what comes."""
        if heard.kind in BODIES:
            self.left -= 1
            if self.left == 0:
                wait_s = self.draw.random() * LONGEST_WAIT_S
                threading.Timer(wait_s, self._kill).start()

    def _kill(self) -> None:
        try:
            os.kill(self.pid, signal.SIGKILL)
        except ProcessLookupError:  # it was through
            return
        self.killed.set()


@dataclass
class Tally:
    """What 50 kills have cost."""

    pushes: int = 0
    kills: int = 0
    lives: int = 0
    objects: int = 0
    bodies: int = 0
    had_again: int = 0
    known_again: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)
    orphans: int = 0
    manifests_not_last: int = 0
    problems: list[str] = field(default_factory=list)

    def row(self, name: str, seconds: float) -> list[object]:
        """Return what a table tells."""
        return [
            *(name, self.kills, self.pushes, self.objects, self.bodies, self.had_again),
            *(len(self.known_again), len(self.twice), self.orphans, self.manifests_not_last),
            *(len(self.problems), f"{seconds:.0f}"),
        ]


COLUMNS = (
    *("server", "kill -9", "pushes", "objects and parts", "bodies that came"),
    *("came again, answered in the moment of a kill", "came again though noted as confirmed"),
    *("keys written twice", "orphan multiparts", "manifests that were not last"),
    *("hashes or keys that differ", "seconds"),
)


@pytest.mark.slow
@pytest.mark.timeout(3000)
def test_the_program_goes_on_after_50_kills(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tally, began = Tally(), time.monotonic()
    killer = Killer(random.Random(KILLS))  # noqa: S311 - no secret
    authority = server.certificate if isinstance(server, Simulator) else None
    with Witness(server.port, authority, tmp_path, hears=killer.hear) as witness:
        if isinstance(server, Simulator):
            witness.answers = witness.list_uploads
        for name, value in variables(server, witness).items():
            monkeypatch.setenv(name, value)
        while tally.kills < KILLS:
            push_and_kill(server, witness, killer, tally)
            witness.heard.clear()
    row = tally.row(server.label, time.monotonic() - began)
    write_table("50 kill -9 of the program that pushes", COLUMNS, [row])
    assert tally.known_again == []
    assert tally.twice == []
    assert tally.orphans == 0
    assert tally.manifests_not_last == 0
    assert tally.problems == []
    assert tally.kills >= KILLS


def variables(server: Server, witness: Witness) -> dict[str, str]:
    """Return the environment that makes the target S3 of the witness."""
    target = server.target(witness.port)
    trusted = {"AWS_CA_BUNDLE": str(witness.certificate)} if witness.certificate else {}
    return {
        "STORAGE_BACKEND": "s3",
        "AWS_S3_BUCKET": server.bucket,
        "AWS_ENDPOINT_URL_S3": target.used_endpoint,
        "AWS_ACCESS_KEY_ID": server.access.key_id,
        "AWS_SECRET_ACCESS_KEY": server.access.secret,
        **trusted,
    }


def push_and_kill(server: Server, witness: Witness, killer: Killer, tally: Tally) -> None:
    """Push a job by as many programs as it takes."""
    job_id = uuid.uuid4().hex
    shop = shop_with(FakeVision())
    record = make_job(app_paths().data, job_id, frames=FRAMES, video_bytes=VIDEO_BYTES)
    shop.history.restore([record])
    target = shop.targets.find("S3")
    shop.history.close()
    known: dict[str, int] = {}
    while (push := pushed(job_id)) is None or push.state is not PushState.PUSHED:
        by_outbox = push is not None and tally.lives % 2
        words = ("outbox", "--run") if by_outbox else ("push", job_id, "--wait")
        live(words, killer, tally, app_paths().data / "said.txt")
        for name in confirmed(job_id):
            known.setdefault(name, len(witness.heard))
    count(witness, known, job_id, tally)
    place = server.store(silence_s=120.0)
    with closing(place) as store, closing(open_outbox(app_paths().outbox).outbox) as kept:
        tally.problems += problems_of(store, target, kept, push)


def live(words: tuple[str, ...], killer: Killer, tally: Tally, said: Path) -> None:
    """Run the program until it is through or killed."""
    tally.lives += 1
    program = start_cli(words, said)
    if tally.kills < KILLS:
        killer.aim(program.pid)
    program.join(LIFE_S)
    killer.left = 0
    if program.exitcode == -signal.SIGKILL:
        tally.kills += 1
    else:
        assert program.exitcode == 0, said.read_text()


def pushed(job_id: str) -> Push | None:
    """Return a job's push, if it was queued."""
    with closing(open_outbox(app_paths().outbox).outbox) as outbox:
        return next(iter(outbox.pushes(job_id)), None)


def confirmed(job_id: str) -> set[str]:
    """Return what need not come to the server any more, as the outbox says."""
    done = (PieceState.SENT, PieceState.VERIFIED)
    found: set[str] = set()
    with closing(open_outbox(app_paths().outbox).outbox) as outbox:
        for push in outbox.pushes(job_id):
            for piece in outbox.pieces(push.id):
                parts = enumerate(piece.etags, start=1)
                found |= {f"part {piece.upload_id}/{number}" for number, etag in parts if etag}
                if piece.state in done and "manifest" not in piece.key:
                    found |= {f"put {piece.key}", f"complete {piece.key}"}
    return found


def count(witness: Witness, known: dict[str, int], job_id: str, tally: Tally) -> None:
    """Count what came to the server of one push."""
    had: set[str] = set()
    tally.pushes += 1
    for number, one in enumerate(witness.heard):
        if one.kind not in WRITES:
            continue
        prefix = one.key.partition("jobs/")[0]
        name = f"{one.kind} {one.what.removeprefix(prefix)}"
        tally.bodies += one.kind in BODIES
        tally.had_again += name in had
        if number >= known.get(name, len(witness.heard)):
            tally.known_again.append(name)
        if one.is_done:
            had.add(name)
    tally.objects += sum(not name.startswith("complete") for name in had)
    kept = Counter(one.key for one in witness.done("put", "complete"))
    tally.twice += [key for key, times in kept.items() if times > 1]
    tally.orphans += len(witness.open_uploads())
    written = [one.key.endswith("manifest.json") for one in witness.heard if one.kind in WRITES]
    tally.manifests_not_last += False in written[written.index(True) :]
