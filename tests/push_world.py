"""A finished job's files, an outbox and a pusher, for tests of pushing.

Usage::

    world = PushWorld(tmp_path, store)
    push = world.queue()
    world.push()                        # transfers until nothing goes on by itself
    assert world.outbox.push(push.id).state is PushState.PUSHED
"""

from __future__ import annotations

import hashlib
import sqlite3
import threading
import time
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np
from patience import PATIENCE_S

from codefx_desktop.artifacts.layout import AnalysisFormat, FrameKind, JobLayout
from codefx_desktop.artifacts.manifest import read_manifest
from codefx_desktop.domain.errors import SettingsError
from codefx_desktop.domain.job import JobMetadata, JobRecord, JobSpec, JobStatus, Stage
from codefx_desktop.domain.object_store import MEBIBYTE, StoreTraits
from codefx_desktop.domain.push import PushOptions, PushPart, PushState
from codefx_desktop.domain.target import Target, TargetKind
from codefx_desktop.jobs.push_patience import Patience
from codefx_desktop.jobs.push_plan import queue_push
from codefx_desktop.jobs.pusher import Pusher, PushPorts, PushSettings
from codefx_desktop.store.outbox import open_outbox

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from fake_store import FakeStore

    from codefx_desktop.domain.object_store import ObjectStore
    from codefx_desktop.domain.push import Piece, Push, PushProgress
    from codefx_desktop.jobs.push_bandwidth import Bandwidth
    from codefx_desktop.store.outbox import Outbox

JOB_ID = "0123abcd4567"
MANIFEST = f"jobs/{JOB_ID}/manifest.json"
VIDEO = f"jobs/{JOB_ID}/output/clip_annotated.mp4"
FRAME = f"jobs/{JOB_ID}/frames/original/frame_1.jpg"
LARGE = 2 * MEBIBYTE + 654_321
PLACE = StoreTraits(smallest_part_bytes=MEBIBYTE)
EVERYTHING = PushOptions(frozenset(PushPart))
QUICK = PushSettings(
    workers=8,
    part_bytes=MEBIBYTE,
    patience=Patience(0.01, 0.05),
    turn_s=0.01,
    idle_s=0.02,
    tell_s=0.0,
)
WHEN = datetime(2026, 5, 1, 12, tzinfo=UTC)


def bytes_of(size_bytes: int, seed: int = 1) -> bytes:
    """Return the same bytes for the same seed."""
    return np.random.default_rng(seed).bytes(size_bytes)


def make_job(
    root: Path, job_id: str = JOB_ID, *, frames: int = 3, video_bytes: int = 5_000, seed: int = 1
) -> JobRecord:
    """Write the files of a finished job below ``root``; return its row."""
    layout = JobLayout(root, job_id)
    clip = root / f"clip-{job_id}.mov"
    _write(clip, bytes_of(7_000, seed))
    for number in range(frames):
        _write(layout.frame(FrameKind.ORIGINAL, number), bytes_of(2_000 + number, seed + number))
        for kind in ("json", "toon"):
            path = layout.analysis_dir / kind / f"frame_{number}.{kind}"
            _write(path, f"{kind} {number} {seed}".encode())
    _write(layout.summary(AnalysisFormat.JSON), b"{}")
    _write(layout.report_dir / "stops.csv", b"frame,time_s\n")
    _write(layout.annotated("clip"), bytes_of(video_bytes, seed + 99))
    _write(layout.job_json, b'{"version": 1}')
    _write(layout.lock, b"")
    with closing(sqlite3.connect(layout.detections)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("DROP TABLE IF EXISTS meta")
        connection.execute("CREATE TABLE meta (key TEXT, value TEXT)")
        connection.execute("INSERT INTO meta VALUES ('seed', ?)", (str(seed),))
        connection.commit()
    return JobRecord(
        id=job_id,
        status=JobStatus.COMPLETE,
        stage=Stage.COMPLETE,
        progress=1.0,
        input_path=clip,
        input_size_bytes=clip.stat().st_size,
        fingerprint="v1:0",
        spec=JobSpec(),
        metadata=JobMetadata(),
        job_dir=layout.dir,
        app_version="0",
        created_at=WHEN,
        updated_at=WHEN,
    )


class PushWorld:
    """Everything a push needs, in one folder.

    Args:
        folder: Holds the jobs and the outbox.
        store: The place of the target ``pits``.
        settings: How it goes.
        target: Another target.
    """

    def __init__(
        self,
        folder: Path,
        store: ObjectStore,
        settings: PushSettings = QUICK,
        target: Target | None = None,
        bandwidth: Bandwidth | None = None,
    ) -> None:
        self.folder, self.store = folder, store
        self.outbox = open_outbox(folder / "outbox.sqlite").outbox
        self.target = target or Target("pits", TargetKind.R2, bucket="races")
        self.told: list[PushProgress] = []
        self.pushed: list[Push] = []
        self.is_busy = False
        self.ports = PushPorts(
            open_target=self._open_target,
            open_store=lambda _target: self.store,
            staging=folder / "staging",
            is_busy=lambda: self.is_busy,
            tell=self.told.append,
            on_pushed=self.pushed.append,
        )
        self.pusher = Pusher(self.outbox, self.ports, settings, bandwidth)
        self.stop = threading.Event()

    def queue(
        self, record: JobRecord | None = None, options: PushOptions = EVERYTHING, **job: int
    ) -> Push:
        """Make a job, if none is given, and put its push into the outbox."""
        record = record or make_job(self.folder, **job)  # type: ignore[arg-type]
        return queue_push(self.outbox, record, self.target.name, options, self.folder / "staging")

    def push(self, timeout_s: float = 30.0) -> None:
        """Transfer until nothing goes on by itself."""
        timer = threading.Timer(timeout_s, self.stop.set)
        timer.start()
        try:
            self.pusher.run_until_idle(self.stop)
        finally:
            timer.cancel()
        assert not self.stop.is_set(), list(self.outbox.pushes())

    def begin(self) -> Callable[[], None]:
        """Transfer on a thread of its own; returns what ends it and waits for it."""
        thread = threading.Thread(target=self.pusher.run, args=(self.stop,), daemon=True)
        thread.start()

        def end() -> None:
            self.stop.set()
            thread.join(10)
            assert not thread.is_alive()

        return end

    def state(self, push: Push) -> PushState:
        """Return how far a push is."""
        return self.outbox.push(push.id).state

    def problems(self, push: Push) -> list[str]:
        """Return what is not in the place as it is in its manifest and on this disk."""
        return problems_of(self.store, self.target, self.outbox, push)

    def piece(self, push: Push, part: str) -> Piece:
        """Return the one piece whose key has ``part`` in it."""
        (found,) = [piece for piece in self.outbox.pieces(push.id) if part in piece.key]
        return found

    def _open_target(self, name: str) -> Target:
        if name != self.target.name:
            raise SettingsError(f"There is no target {name}.")
        return self.target


def problems_of(store: ObjectStore, target: Target, outbox: Outbox, push: Push) -> list[str]:
    """Return what is not in a place as it is in its manifest and on this disk."""
    found = {one.key for prefix in target.prefixes(push.job_id) for one in store.list(prefix)}
    manifest_key = target.key(f"jobs/{push.job_id}/manifest.json")
    manifest = read_manifest(store.read(manifest_key), push.job_id)
    pieces = {piece.key: piece for piece in outbox.pieces(push.id)}
    wrong = []
    for entry in manifest.entries:
        datas = [store.read(target.key(entry.key))]
        if (path := pieces[entry.key].path).exists():
            datas.append(path.read_bytes())
        if any(hashlib.sha256(data).hexdigest() != entry.sha256 for data in datas):
            wrong.append(entry.key)
    keys = {target.key(entry.key) for entry in manifest.entries} | {manifest_key}
    return wrong + sorted(found ^ keys)


def names(store: FakeStore, call: str) -> list[str]:
    """Return the keys that a method was called with, in order."""
    return [one.key for one in store.calls if one.name == call]


def keys(store: FakeStore) -> list[str]:
    """Return what is in a place."""
    return store.keys()


def open_uploads(store: FakeStore) -> int:
    """Return how many uploads were begun and not ended."""
    return len(list(store.open_uploads("")))


def until(condition: Callable[[], object], timeout_s: float = PATIENCE_S) -> None:
    """Wait until something is so."""
    ends = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < ends
        time.sleep(0.005)


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
