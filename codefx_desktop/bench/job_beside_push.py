"""One job, alone or while its program pushes; started by ``bench.beside_job``, one process each.

The window works so: the job's stages and the transfers are threads of one program. What is pushed
lasts longer than the job, and is given up when the job ends.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from codefx_desktop.artifacts.layout import JobLayout
from codefx_desktop.bench.spent import spending
from codefx_desktop.bench.stage_job import PLANS, Watch
from codefx_desktop.bench.upload_ours import SECRET_VARIABLE, Server, record_of, target_of
from codefx_desktop.bootstrap import open_store_with, open_workshop
from codefx_desktop.domain.artifact_choice import ArtifactChoice
from codefx_desktop.domain.job import JobMetadata, JobSpec, JobStatus
from codefx_desktop.domain.push import PushOptions
from codefx_desktop.jobs.push_bandwidth import Bandwidth
from codefx_desktop.jobs.push_plan import queue_push
from codefx_desktop.jobs.pusher import Pusher, PushPorts
from codefx_desktop.jobs.pushing import BYTES_PER_MBIT
from codefx_desktop.jobs.work import begin, work_on
from codefx_desktop.settings.access import Access
from codefx_desktop.settings.paths import app_paths
from codefx_desktop.settings.settings import load_settings
from codefx_desktop.store.outbox import open_outbox

if TYPE_CHECKING:
    from collections.abc import Iterator

POLL_S: Final = 0.02


def main(clip: Path, root: Path | None, job_id: str, mbit: float, server: Server) -> int:
    """Run the job and print its speed and processor time, and how much was pushed meanwhile."""
    shop, _ = open_workshop(app_paths(), load_settings())
    shop.vision.device("auto")  # imports outside the measured time
    plan = replace(PLANS["detection"], artifacts=ArtifactChoice.parse("none"))
    spec = JobSpec(profile="bench", demo_model=True, plan=plan)
    record = begin(shop, clip, spec, JobMetadata())
    watch, told = Watch(), {"files_sent": 0, "sent_bytes": 0}
    pushing = _nothing(told) if root is None else _pushing(root, job_id, mbit, server, told)
    with pushing, spending() as spent:
        finished = work_on(record, shop, watch.hear, threading.Event())
        cpu_s = time.process_time() - watch.started_cpu_s
    if finished.status is not JobStatus.COMPLETE:
        sys.stderr.write(finished.error_message)
        return 1
    figures = {
        "fps": finished.frames_per_s,
        "frames": finished.frames_out,
        "cpu_s": cpu_s,
        "seconds": spent.wall_s,
        **told,
    }
    sys.stdout.write("\n" + json.dumps(figures) + "\n")
    return 0


@contextmanager
def _nothing(_told: dict[str, Any]) -> Iterator[None]:
    """Push nothing."""
    yield


@contextmanager
def _pushing(
    root: Path, job_id: str, mbit: float, server: Server, told: dict[str, Any]
) -> Iterator[None]:
    """Push while the block runs, as pushing is beside a job."""
    target = target_of(server)
    access = Access(server.key_id, os.environ[SECRET_VARIABLE])
    layout, stop = JobLayout(root, job_id), threading.Event()
    with closing(open_outbox(root / "outbox.sqlite").outbox) as outbox:
        ports = PushPorts(
            lambda _: target,
            lambda _: open_store_with(target, access),
            root / "staging",
            is_busy=lambda: True,
        )
        pusher = Pusher(outbox, ports, bandwidth=Bandwidth(mbit * BYTES_PER_MBIT))
        push = queue_push(outbox, record_of(layout), target.name, PushOptions(), root / "staging")
        worker = threading.Thread(target=pusher.run_until_idle, args=(stop,))
        worker.start()
        try:
            # Opening a client and hashing what is large come before, and cost a job once.
            while worker.is_alive() and not outbox.push(push.id).sent_bytes:
                time.sleep(POLL_S)
            yield
        finally:
            now = outbox.push(push.id)
            stop.set()
            worker.join()
        if now.state.is_final or now.reason or not now.sent_bytes:
            raise SystemExit(f"The push did not last: {now.state} {now.reason}")
        told.update(files_sent=now.files_sent, sent_bytes=now.sent_bytes)


if __name__ == "__main__":
    words = sys.argv[1:]
    push_root = Path(words[1]) if words[1] else None
    sys.exit(main(Path(words[0]), push_root, words[2], float(words[3]), Server(*words[4:7])))
