"""Deletes what a target has of a job, when a person asked for just that."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from codefx_desktop.domain.errors import NotOffered
from codefx_desktop.domain.run import Cancelled
from codefx_desktop.jobs.pushed_jobs import manifest_key

if TYPE_CHECKING:
    from collections.abc import Callable

    from codefx_desktop.domain.object_store import ObjectStore
    from codefx_desktop.domain.run import CancelSignal
    from codefx_desktop.domain.target import Target

AT_ONCE: Final = 1000
ROUNDS: Final = 3
"""What another program was sending at that moment may arrive after the first look."""


@dataclass(frozen=True, slots=True)
class RemoteFiles:
    """What a target has of a job.

    Attributes:
        keys: The target's own keys, the manifest first.
        size_bytes: Bytes of all of them.
    """

    keys: tuple[str, ...]
    size_bytes: int


def remote_files(store: ObjectStore, target: Target, job_id: str) -> RemoteFiles:
    """Return everything that a target has below a job's prefixes, also what no manifest names.

    Raises:
        ValueError: If this can be no job's id.
        RemoteError: If the target cannot be asked.
    """
    first = target.key(manifest_key(job_id))
    found = {
        one.key: one.size_bytes for prefix in target.prefixes(job_id) for one in store.list(prefix)
    }
    keys = sorted(found, key=lambda key: (key != first, key))
    return RemoteFiles(tuple(keys), sum(found.values()))


def delete_remote(
    store: ObjectStore,
    target: Target,
    job_id: str,
    tell: Callable[[int], None],
    cancel: CancelSignal,
) -> int:
    """Delete everything that a target has of a job, and uploads that were begun. Blocks.

    The manifest goes first: what is left where this breaks off is no pushed job any more, and
    another call deletes it. Pushes of the job to the target are the caller's to give up before.

    Args:
        store: The target's place.
        target: The target.
        job_id: The job.
        tell: Told how many objects are gone.
        cancel: Ends it early.

    Returns:
        How many objects there were.

    Raises:
        ValueError: If this can be no job's id.
        Cancelled: If the signal was seen.
        RemoteError: If the target cannot be asked, or does not allow it.
    """
    done = 0
    for _ in range(ROUNDS):
        files = remote_files(store, target, job_id)
        if not files.keys:
            break
        for group in (files.keys[:1], *_cut(files.keys[1:])):
            if cancel.is_set():
                raise Cancelled
            store.delete(group)
            done += len(group)
            tell(done)
    _abort_uploads(store, target, job_id)
    return done


def _cut(keys: tuple[str, ...]) -> list[tuple[str, ...]]:
    return [keys[at : at + AT_ONCE] for at in range(0, len(keys), AT_ONCE)]


def _abort_uploads(store: ObjectStore, target: Target, job_id: str) -> None:
    """Have the target forget parts of uploads that were begun, where it tells which there are."""
    try:
        for prefix in target.prefixes(job_id):
            for found in list(store.open_uploads(prefix)):
                store.abort_upload(found.key, found.upload_id)
    except NotOffered:
        return  # its rules drop them; what the outbox knows of is aborted anyway
