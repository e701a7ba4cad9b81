"""One measured push of ours; started by ``bench.upload`` in a process of its own.

The whole way of a push: files listed and queued, hashed, sent, all of it listed and looked at,
the manifest written. The client is opened before, as the peers' are.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from codefx_desktop.artifacts.layout import JobLayout
from codefx_desktop.bench.spent import spending
from codefx_desktop.bootstrap import open_store_with
from codefx_desktop.domain.job import JobMetadata, JobRecord, JobSpec, JobStatus, Stage
from codefx_desktop.domain.push import PushOptions, PushState
from codefx_desktop.domain.target import Target, TargetKind
from codefx_desktop.jobs.push_plan import queue_push
from codefx_desktop.jobs.pusher import Pusher, PushPorts, PushSettings
from codefx_desktop.jobs.remote_deleting import delete_remote
from codefx_desktop.settings.access import Access
from codefx_desktop.store.outbox import open_outbox

if TYPE_CHECKING:
    from codefx_desktop.domain.object_store import ObjectStore
    from codefx_desktop.domain.push import PushProgress

TELL_S = 0.02
SECRET_VARIABLE = "CODEFX_BENCH_SECRET"  # noqa: S105 - its name


@dataclass(frozen=True, slots=True)
class Server:
    """Where to push to; the secret comes by the environment, never as an argument.

    Attributes:
        endpoint: Its address.
        bucket: The bucket.
        key_id: Names the key.
    """

    endpoint: str
    bucket: str
    key_id: str


def main(deed: str, root: Path, job_ids: list[str], server: Server) -> int:
    """Push a job, clean up after it, and print ``{seconds, sent_s, cpu_s, files, size_bytes}``.

    With another deed than ``push`` only clean up after jobs.
    """
    target = target_of(server)
    access = Access(server.key_id, os.environ[SECRET_VARIABLE])
    with closing(open_store_with(target, access)) as store:
        told = _push(root, job_ids[0], target, store) if deed == "push" else {}
        for job_id in job_ids:
            delete_remote(store, target, job_id, lambda _: None, threading.Event())
    sys.stdout.write(json.dumps(told) + "\n")
    return 0


def target_of(server: Server) -> Target:
    """Return the target that a server is."""
    return Target(
        "bench",
        TargetKind.R2,
        bucket=server.bucket,
        account_id="0" * 32,
        endpoint=server.endpoint,
        access_key_id=server.key_id,
    )


def _push(root: Path, job_id: str, target: Target, store: ObjectStore) -> dict[str, Any]:
    layout = JobLayout(root, job_id)
    outbox = open_outbox(root / "outbox.sqlite").outbox
    sent_at: list[float] = []

    def tell(progress: PushProgress) -> None:
        if progress.push.files_sent >= progress.push.files - 1 and not sent_at:
            sent_at.append(time.perf_counter())

    class Kept:
        """The open place; closed by whoever opened it."""

        def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - of the store
            return _nothing if name == "close" else getattr(store, name)

    ports = PushPorts(lambda _: target, lambda _: Kept(), root / "staging", tell=tell)
    pusher = Pusher(outbox, ports, PushSettings(tell_s=TELL_S))
    with closing(outbox), spending() as spent:
        began = time.perf_counter()
        push = queue_push(outbox, record_of(layout), target.name, PushOptions(), root / "staging")
        pusher.run_until_idle(threading.Event(), [push.id])
        push = outbox.push(push.id)
    if push.state is not PushState.PUSHED:
        raise SystemExit(f"{push.state}: {push.reason}")
    return {
        "seconds": spent.wall_s,
        "sent_s": (sent_at[0] - began) if sent_at else spent.wall_s,
        "cpu_s": spent.cpu_s,
        "files": push.files,
        "size_bytes": push.size_bytes,
    }


def _nothing() -> None:
    """Leave the place open."""


def record_of(layout: JobLayout) -> JobRecord:
    """Return the row of a finished job whose files are there."""
    now = datetime.now(UTC)
    return JobRecord(
        layout.job_id,
        JobStatus.COMPLETE,
        Stage.COMPLETE,
        1.0,
        layout.root / "clip.mp4",
        0,
        "",
        JobSpec(),
        JobMetadata(),
        layout.dir,
        "bench",
        now,
        now,
    )


if __name__ == "__main__":
    words = sys.argv[1:]
    sys.exit(main(words[0], Path(words[1]), words[2].split(","), Server(*words[3:6])))
