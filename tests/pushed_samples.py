"""Pushed jobs in a place, put there by hand: what fetching and links find."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from codefx_desktop.artifacts.job_json import write_job_json
from codefx_desktop.artifacts.layout import JobLayout
from codefx_desktop.artifacts.manifest import Manifest, ManifestEntry, manifest_bytes
from codefx_desktop.domain.job import (
    JobMetadata,
    JobRecord,
    JobSpec,
    JobStatus,
    OutputFile,
    Stage,
)
from codefx_desktop.domain.object_store import Sending
from codefx_desktop.domain.target import Target, TargetKind
from codefx_desktop.jobs.push_plan import content_type

if TYPE_CHECKING:
    from codefx_desktop.domain.object_store import ObjectStore

JOB = "4f1c2d3e-0000-4000-8000-000000000001"
R2 = Target("races", TargetKind.R2, bucket="races", account_id="0" * 32, access_key_id="key")
S3 = Target(
    "archive",
    TargetKind.S3,
    bucket="races",
    input_prefix="input/",
    output_prefix="output/",
)
NOW = datetime(2026, 5, 24, 14, 30, tzinfo=UTC)
VIDEO = b"mp4!" * 700_000  # larger than a small file
FILES = {
    "output/lap12_annotated.mp4": VIDEO,
    "report/mot.txt": b"1,2,3\n",
    "frames/det/frame_15.jpg": b"\xff\xd8 15",
    "frames/det/frame_30.jpg": b"\xff\xd8 30",
    "frames/original/frame_30.jpg": b"\xff\xd8 o",
    "analysis/json/frame_15.json": b"{}\n",
    "analysis/json/frame_30.json": b"[]\n",
    "analysis/job.json": b'{"a": 1}\n',
    "analysis/empty.bin": b"",
}
SOURCE = {"input/source.mp4": b"clip" * 400_000}


def record_of(
    layout: JobLayout,
    clip: Path = Path("/media/usb/lap12.mp4"),
    status: JobStatus = JobStatus.COMPLETE,
) -> JobRecord:
    """Return the row of a job as the machine that analysed it has it."""
    output = OutputFile(layout.annotated("lap12"), len(VIDEO), hashlib.sha256(VIDEO).hexdigest())
    return JobRecord(
        layout.job_id,
        status,
        Stage.COMPLETE,
        1.0,
        clip,
        1000,
        "v1:abc",
        JobSpec(),
        JobMetadata(series="GT3", race="Spa"),
        layout.dir,
        "0.1.0",
        NOW,
        NOW,
        NOW,
        NOW,
        output=output if status is JobStatus.COMPLETE else None,
    )


def job_json(folder: Path, job_id: str = JOB, **changes: object) -> bytes:
    """Return what ``job.json`` of such a job holds."""
    layout = JobLayout(folder, job_id)
    return write_job_json(record_of(layout, **changes), layout).read_bytes()  # type: ignore[arg-type]


def push_by_hand(
    store: ObjectStore,
    target: Target,
    files: dict[str, bytes],
    job_id: str = JOB,
    *,
    manifest: bool = True,
) -> Manifest:
    """Put files of a job, by their names in its folder, and its manifest into a place."""
    entries = []
    for rest, data in files.items():
        key = f"jobs/{job_id}/{rest}"
        entry = ManifestEntry(
            key, len(data), hashlib.sha256(data).hexdigest(), content_type(Path(rest))
        )
        _put(store, target.key(key), data, entry.content_type, entry.sha256)
        entries.append(entry)
    made = Manifest(job_id, 1, NOW, "0.1.0", tuple(entries))
    if manifest:
        plant_manifest(store, target, manifest_bytes(made), job_id)
    return made


def plant_manifest(store: ObjectStore, target: Target, data: bytes, job_id: str = JOB) -> None:
    """Put anything where a job's manifest is."""
    _put(store, target.key(f"jobs/{job_id}/manifest.json"), data, "application/json", "")


def naming(job_id: str, *keys: str, **fields: object) -> bytes:
    """Return a manifest that names any keys."""
    entry = {"size": 1, "sha256": "a" * 64, "content_type": "image/jpeg", **fields}
    told = {
        "version": 1,
        "job_id": job_id,
        "revision": 1,
        "created": NOW.isoformat(),
        "app_version": "0.1.0",
        "entries": [{"key": key, **entry} for key in keys],
    }
    return json.dumps(told).encode()


def _put(store: ObjectStore, key: str, data: bytes, kind: str, sha256: str) -> None:
    store.put(key, data, Sending(kind, sha256, only_new=False))
