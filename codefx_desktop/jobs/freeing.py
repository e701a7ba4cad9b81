"""Makes room: results that a target has, verified once more, leave this machine.

Only what is large goes: the annotated video, the pictures of frames, and their texts. Detections,
summaries and the report stay, and with them everything that the history and a review show. The
person's own footage is never touched: it is no part of a job's folder.
"""

from __future__ import annotations

from contextlib import closing, suppress
from typing import TYPE_CHECKING

from codefx_desktop.domain.errors import CodefxError, NotWritable, RemoteError, UnknownJob
from codefx_desktop.domain.push import PieceState, Priority, PushState
from codefx_desktop.jobs.lock import job_lock
from codefx_desktop.jobs.push_files import sha256_of
from codefx_desktop.jobs.push_values import Freeable, FreeSpace
from codefx_desktop.jobs.pushed_jobs import manifest_key
from codefx_desktop.jobs.work import layout_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from codefx_desktop.artifacts.layout import JobLayout
    from codefx_desktop.domain.object_store import ObjectStore, StoredObject
    from codefx_desktop.domain.push import Piece, Push
    from codefx_desktop.domain.run import CancelSignal
    from codefx_desktop.domain.target import Target
    from codefx_desktop.jobs.work import Workshop
    from codefx_desktop.store.outbox import Outbox

_LARGE = (Priority.VIDEO, Priority.FRAME, Priority.ANALYSIS)


def find_freeable(shop: Workshop) -> FreeSpace:
    """Return what could leave this machine, the largest first; asks no target."""
    outbox = shop.outbox.open()
    found: dict[str, Freeable] = {}
    for push in outbox.pushes():
        pieces = _removable(shop, outbox, push)
        size = sum(piece.size_bytes for _, piece in pieces)
        other = found.get(push.job_id)
        if size > (other.size_bytes if other else 0):
            one = Freeable(push.job_id, push.job_name, push.target, len(pieces), size)
            found[push.job_id] = one
    return FreeSpace(tuple(sorted(found.values(), key=lambda one: -one.size_bytes)))


def free(shop: Workshop, job_ids: Sequence[str], cancel: CancelSignal) -> FreeSpace:
    """Verify that a target has the results of jobs, and remove them here. Blocks.

    What cannot be verified stays, and is told. One job's trouble does not keep the others.
    """
    outbox, freed = shop.outbox.open(), 0
    troubles: list[str] = []
    wanted = {one.job_id: one.target for one in find_freeable(shop).jobs}
    for job_id in job_ids:
        push = outbox.find(job_id, wanted[job_id]) if job_id in wanted else None
        if push is None or cancel.is_set():
            continue
        try:
            gone, kept = _free_job(shop, outbox, push, cancel)
        except CodefxError as error:
            troubles.append(f"{push.job_name}: {error}")
            continue
        freed += gone
        if kept:
            troubles.append(_stays(push, kept))
    return FreeSpace(find_freeable(shop).jobs, freed, "\n".join(troubles))


def _stays(push: Push, kept: int) -> str:
    told = "1 file stays" if kept == 1 else f"{kept} files stay"
    return (
        f"{push.job_name}: {told}, because {push.target} does not have them as they are here. "
        "Push the job again first."
    )


def _free_job(shop: Workshop, outbox: Outbox, push: Push, cancel: CancelSignal) -> tuple[int, int]:
    """Remove what a target has of a job; return bytes that went and files that stay.

    Raises:
        RemoteError: If the target cannot be asked, or its manifest is gone.
        JobStateError: If a program works on the job.
        NotWritable: If a file cannot be removed.
    """
    target = shop.targets.find(push.target)
    layout = layout_of(shop.history.get(push.job_id))
    freed = kept = 0
    with job_lock(layout.lock, push.job_id), closing(shop.targets.open(target)) as store:
        there = _listed(store, target, push)
        for path, piece in _removable(shop, outbox, push):
            stored = there.get(target.key(piece.key))
            if _is_there(piece, stored) and sha256_of(path, cancel) == piece.sha256:
                _remove(path)
                freed += piece.size_bytes
            else:
                kept += 1
    _tidy(layout)
    return freed, kept


def _listed(store: ObjectStore, target: Target, push: Push) -> dict[str, StoredObject]:
    """Return what the target has of a job.

    Raises:
        RemoteError: If it cannot be asked, or the manifest is gone: then nobody finds the rest.
    """
    prefixes = target.prefixes(push.job_id)
    there = {stored.key: stored for prefix in prefixes for stored in store.list(prefix)}
    if target.key(manifest_key(push.job_id)) not in there:
        raise RemoteError(
            f"its manifest is not in the {store.label} any more, so nothing was removed.",
            hint="Push the job again first.",
            job_id=push.job_id,
        )
    return there


def _is_there(piece: Piece, stored: StoredObject | None) -> bool:
    """Return whether a target has a piece as it was verified."""
    return stored is not None and (stored.size_bytes, stored.etag) == (
        piece.size_bytes,
        piece.etag,
    )


def _removable(shop: Workshop, outbox: Outbox, push: Push) -> list[tuple[Path, Piece]]:
    """Return the large files of a job that were verified at a target and are here."""
    if push.state is not PushState.PUSHED:
        return []
    try:
        layout = layout_of(shop.history.get(push.job_id))
    except UnknownJob:
        return []
    pieces = outbox.pieces(push.id, PieceState.VERIFIED)
    placed = ((layout.root / piece.key, piece) for piece in pieces if piece.priority in _LARGE)
    return [(path, piece) for path, piece in placed if _goes(layout, path) and path.is_file()]


def _goes(layout: JobLayout, path: Path) -> bool:
    """Return whether a file may go: detections, the clip's index and summaries stay."""
    return path.parent != layout.analysis_dir


def _remove(path: Path) -> None:
    try:
        path.unlink()
    except FileNotFoundError:
        return
    except OSError as error:
        raise NotWritable(
            f"{path} could not be removed: {error.strerror or error}.",
            hint="Close programs that have it open and free the space again.",
            path=path,
        ) from error


def _tidy(layout: JobLayout) -> None:
    """Remove folders in which nothing is left."""
    for folder in sorted(layout.dir.rglob("*"), reverse=True):
        if folder.is_dir() and not folder.is_symlink():
            with suppress(OSError):  # something is in it
                folder.rmdir()
