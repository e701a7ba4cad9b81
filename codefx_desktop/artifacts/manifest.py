"""``jobs/<id>/manifest.json``: what belongs to a job in a bucket, written when all of it is there.

Who finds a manifest knows that everything it names was verified. Format, version 1, JSON in UTF-8:

- ``version``: 1; ``job_id``; ``app_version`` of the program that pushed; ``created``: ISO 8601 with
  zone; ``revision``: 1 for the first push of the job to this place, one more whenever something
  in it changed.
- ``entries``: an array of objects with ``key`` (``jobs/<id>/...``, without the prefix that a target
  may put before its keys), ``size`` in bytes, ``sha256`` (hexadecimal) and ``content_type``; by
  key, each once, the manifest itself not among them.

Programs that read it pass by what they do not know.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from codefx_desktop.domain.errors import RemoteError

if TYPE_CHECKING:
    from collections.abc import Mapping

MANIFEST_VERSION: Final = 1
CONTENT_TYPE: Final = "application/json"

_SHA256: Final = re.compile(r"[0-9a-f]{64}")
_UNREADABLE: Final = (ValueError, LookupError, TypeError, AttributeError, RecursionError)


@dataclass(frozen=True, slots=True)
class ManifestEntry:
    """One object of a job."""

    key: str
    size_bytes: int
    sha256: str
    content_type: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What belongs to a job in a place.

    Attributes:
        job_id: The job.
        revision: Counts pushes of the job to the place that changed something.
        created: When it was written.
        app_version: Of the program that pushed.
        entries: By key.
    """

    job_id: str
    revision: int
    created: datetime
    app_version: str
    entries: tuple[ManifestEntry, ...]


def manifest_bytes(manifest: Manifest) -> bytes:
    """Return a manifest as it is written: one entry in each line."""
    head = {
        "version": MANIFEST_VERSION,
        "job_id": manifest.job_id,
        "revision": manifest.revision,
        "created": manifest.created.isoformat(),
        "app_version": manifest.app_version,
    }
    lines = ",\n".join(
        json.dumps(
            {
                "key": entry.key,
                "size": entry.size_bytes,
                "sha256": entry.sha256,
                "content_type": entry.content_type,
            }
        )
        for entry in sorted(manifest.entries, key=lambda one: one.key)
    )
    return f'{json.dumps(head)[:-1]}, "entries": [\n{lines}\n]}}\n'.encode("ascii")


def read_manifest(data: bytes, job_id: str | None = None) -> Manifest:
    """Return what a manifest says, checked: a place may hold anything.

    Args:
        data: The object's bytes.
        job_id: The job it is to be of; None: whichever it says.

    Raises:
        RemoteError: If it is damaged, of a newer version, or of another job.
    """
    try:
        return _checked(json.loads(data), job_id)
    except _UNREADABLE as error:
        reason = f"{error.args[0]} is missing" if isinstance(error, KeyError) else str(error)
        raise RemoteError(
            f"The job's manifest cannot be read: {reason}.",
            hint="Push the job again from the laptop that has it.",
            job_id=job_id,
        ) from error


def _checked(values: Mapping[str, Any], job_id: str | None) -> Manifest:
    if values["version"] != MANIFEST_VERSION:
        raise ValueError(f"its version is {values['version']}, not {MANIFEST_VERSION}")
    found = str(values["job_id"])
    if job_id is not None and found != job_id:
        raise ValueError(f"it is of job {found}")
    entries = tuple(_entry(one, f"jobs/{found}/") for one in values["entries"])
    if len({entry.key for entry in entries}) < len(entries):
        raise ValueError("it names an object twice")
    created = datetime.fromisoformat(values["created"])
    if created.tzinfo is None:
        raise ValueError("its time has no zone")
    return Manifest(found, _count(values, "revision"), created, str(values["app_version"]), entries)


def _entry(values: Mapping[str, Any], prefix: str) -> ManifestEntry:
    key, sha256 = values["key"], values["sha256"]
    if not key.startswith(prefix) or _leads_away(key):
        raise ValueError(f"{key!r} is no object of the job")
    if not _SHA256.fullmatch(sha256):
        raise ValueError(f"{sha256!r} is no SHA-256")
    return ManifestEntry(key, _count(values, "size"), sha256, str(values["content_type"]))


def _leads_away(key: str) -> bool:
    """Return whether a file under this key could come to lie outside of its folder."""
    return any(part in ("", ".", "..") or "\\" in part or ":" in part for part in key.split("/"))


def _count(values: Mapping[str, Any], name: str) -> int:
    count = values[name]
    if type(count) is not int or count < 0:
        raise ValueError(f"{name} is {count}")
    return count
