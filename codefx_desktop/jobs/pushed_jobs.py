"""Jobs in a target: found by the beginning of their id, and what their manifest says they have."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from codefx_desktop.artifacts.layout import JobLayout
from codefx_desktop.artifacts.manifest import read_manifest
from codefx_desktop.artifacts.pushed_keys import inside, part_of
from codefx_desktop.domain.errors import JobStateError, ObjectMissing, RemoteError, UnknownJob

if TYPE_CHECKING:
    from codefx_desktop.artifacts.manifest import Manifest, ManifestEntry
    from codefx_desktop.domain.object_store import ObjectStore
    from codefx_desktop.domain.push import PushPart
    from codefx_desktop.domain.target import Target

SHORTEST_BEGINNING: Final = 4
LARGEST_MANIFEST_BYTES: Final = 64 * 1024 * 1024
"""Of a quarter of a million files; whatever is larger is no manifest of ours."""

_BEGINNING: Final = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]{3,63}")
_WHOLE_ID_CHARS: Final = 32
"""Ids have at least so many: then nothing has to be listed."""


@dataclass(frozen=True, slots=True)
class PushedFile:
    """One file of a pushed job.

    Attributes:
        key: In the layout, without the target's prefix.
        rest: The key as seen from the job's folder; checked to lead nowhere else.
        part: What it belongs to; None for ``job.json``.
        size_bytes: Its size.
        sha256: Of its bytes, hexadecimal.
        content_type: Such as ``video/mp4``.
    """

    key: str
    rest: str
    part: PushPart | None
    size_bytes: int
    sha256: str
    content_type: str


@dataclass(frozen=True, slots=True)
class PushedJob:
    """A job as its manifest in a target tells it.

    Attributes:
        job_id: The job.
        manifest: What it says.
        manifest_bytes: The size of it.
        files: All files of the job, the manifest not among them.
    """

    job_id: str
    manifest: Manifest
    manifest_bytes: int
    files: tuple[PushedFile, ...]


def manifest_key(job_id: str) -> str:
    """Return the key of a job's manifest, without a target's prefix."""
    layout = JobLayout(Path(), job_id)
    return layout.key(layout.manifest)


def find_pushed(store: ObjectStore, target: Target, wanted: str) -> str:
    """Return the id of the job in a target whose id is this or begins so.

    Raises:
        UnknownJob: If there is none, or more than one, or the text could be no id.
        RemoteError: If the target cannot be asked.
    """
    if not _BEGINNING.fullmatch(wanted):
        raise UnknownJob(
            f"{wanted!r} is no id of a job.",
            hint=f"Give the id, or at least its first {SHORTEST_BEGINNING} characters.",
        )
    if len(wanted) >= _WHOLE_ID_CHARS:
        return wanted
    found = _ids_of(store, target, wanted)
    if len(found) == 1:
        return found[0]
    if not found:
        raise UnknownJob(
            f"No job in the {store.label} has an id that begins with {wanted}.",
            hint="Was it pushed to the end? The machine it was pushed from tells: codefx outbox.",
        )
    raise UnknownJob(
        f"{len(found)} jobs in the {store.label} have ids that begin with {wanted}.",
        hint=f"Give more of it: {', '.join(one[:12] for one in found[:5])}.",
    )


def _ids_of(store: ObjectStore, target: Target, beginning: str) -> list[str]:
    """Return ids of the jobs that have a manifest: only those were pushed to the end."""
    before = target.key("jobs/")
    pattern = re.compile(rf"{re.escape(before)}([^/]+)/manifest\.json")
    matches = (pattern.fullmatch(one.key) for one in store.list(before + beginning))
    return [match[1] for match in matches if match is not None]


def read_pushed(store: ObjectStore, target: Target, job_id: str) -> PushedJob:
    """Return what a target has of a job, every key checked.

    Raises:
        JobStateError: If it has no manifest there: it was never pushed, or not to the end.
        RemoteError: If the target cannot be asked, or the manifest is none or is hostile.
    """
    key = target.key(manifest_key(job_id))
    try:
        data = store.read(key, 0, LARGEST_MANIFEST_BYTES + 1)
    except ObjectMissing as error:
        raise JobStateError(
            f"Job {job_id} is not in the {store.label}, or was not pushed to the end.",
            hint="On the machine that has it: codefx push, then codefx outbox.",
            job_id=job_id,
        ) from error
    if len(data) > LARGEST_MANIFEST_BYTES:
        raise _damaged(store, job_id, "it is too large")
    manifest = read_manifest(data, job_id)
    try:
        files = tuple(_checked(entry, job_id) for entry in manifest.entries)
    except ValueError as error:
        raise _damaged(store, job_id, str(error)) from error
    if len({one.rest.casefold() for one in files}) < len(files):
        raise _damaged(store, job_id, "a file comes twice")
    return PushedJob(job_id, manifest, len(data), files)


def _checked(entry: ManifestEntry, job_id: str) -> PushedFile:
    rest = inside(entry.key, job_id)
    return PushedFile(
        entry.key, rest, part_of(rest), entry.size_bytes, entry.sha256, entry.content_type
    )


def _damaged(store: ObjectStore, job_id: str, reason: str) -> RemoteError:
    return RemoteError(
        f"The manifest of job {job_id} in the {store.label} cannot be used: {reason}.",
        hint="Push the job again from the machine that has it.",
        job_id=job_id,
    )
