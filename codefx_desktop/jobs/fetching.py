"""Opens a pushed job on this machine: what was chosen of it comes, and it appears in the history.

Whatever breaks off is gone on with by the same call: files that are here are compared, not brought
again. The job is in the history as soon as its small results are here, so that it can be looked at
while the video still comes. Its clip is elsewhere; a line of its log says where it was.
"""

from __future__ import annotations

import logging
import shutil
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from codefx_desktop.artifacts.files import settle
from codefx_desktop.artifacts.layout import JobLayout
from codefx_desktop.domain.errors import (
    HistoryError,
    JobStateError,
    NoSpace,
    NotWritable,
    UnknownJob,
)
from codefx_desktop.domain.job import LogLine
from codefx_desktop.domain.push import PushPart
from codefx_desktop.jobs.fetch_files import Fetcher, Tally
from codefx_desktop.jobs.fetch_plan import FetchChoice, FetchPlan, missing_files, plan_fetch
from codefx_desktop.jobs.lock import job_lock
from codefx_desktop.jobs.pushed_jobs import read_pushed
from codefx_desktop.jobs.review_exchange import ReviewJoined, note_fetched, take_in
from codefx_desktop.jobs.review_settling import settle_job
from codefx_desktop.jobs.work import layout_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from codefx_desktop.domain.job import JobRecord
    from codefx_desktop.domain.object_store import ObjectStore
    from codefx_desktop.domain.run import CancelSignal
    from codefx_desktop.domain.target import Target
    from codefx_desktop.jobs.fetch_files import FetchProgress, WantedFile
    from codefx_desktop.jobs.work import Workshop

log = logging.getLogger(__name__)

SPARE_BYTES = 256 * 1024 * 1024
"""Left free on the disk: the history and other programs need some."""

_LARGE = (PushPart.OUTPUT, PushPart.SOURCE)


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came of fetching a job.

    Attributes:
        record: Its row in the history.
        files: Files that came.
        size_bytes: Bytes of them.
        files_here: Chosen files that had been here before.
        source: Where its source is now; None where it was not chosen.
        is_new: Whether the job was not in the history before.
        review: What of the pushed review came into the one that was here.
    """

    record: JobRecord
    files: int
    size_bytes: int
    files_here: int
    source: Path | None
    is_new: bool
    review: ReviewJoined = field(default_factory=ReviewJoined)


def look_at(
    shop: Workshop, store: ObjectStore, target: Target, job_id: str, choice: FetchChoice
) -> FetchPlan:
    """Return what a pushed job is, and what fetching it would do; writes nothing.

    Args:
        shop: Settings and history.
        store: The target's place.
        target: The target.
        job_id: The job; ``pushed_jobs.find_pushed`` finds it by its beginning.
        choice: What of it is wanted.

    Raises:
        JobStateError: If it was not pushed there to the end, was not finished, has nothing of what
            is chosen, or works or waits on this machine.
        HistoryError: If its ``job.json`` cannot be read by this program.
        RemoteError: If the target cannot be asked, or its manifest cannot be used.
    """
    layout = _layout(shop, job_id)
    job = read_pushed(store, target, job_id)
    return plan_fetch(store, target, job, choice, layout, shop.settings.temp_media(shop.paths))


def fetch(
    shop: Workshop,
    store: ObjectStore,
    target: Target,
    plan: FetchPlan,
    tell: Callable[[FetchProgress], None],
    cancel: CancelSignal,
    *,
    update: bool = False,
) -> Fetched:
    """Bring what a plan names, and put the job into the history. Blocks.

    Args:
        shop: Settings and history.
        store: The target's place.
        target: The target.
        plan: What ``look_at`` told.
        tell: Told how far it is, on workers, one call at a time.
        cancel: Ends it; what came stays, and the same call goes on.
        update: Whether files that are others here become those that were pushed.

    Raises:
        OtherFilesHere: If the job is here, files of it are others, and ``update`` does not say
            that this is wanted; nothing was changed.
        JobStateError: If another program works on it, or fetches it.
        Cancelled: If the signal was seen.
        RemoteError: If the target cannot be asked, or has something else than was pushed.
        NoSpace: If the disk is full, or will be.
        NotWritable: If a file cannot be written.
    """
    is_begun = plan.layout.dir.exists()
    try:
        with job_lock(plan.layout.lock, plan.job.job_id):
            return _fetch(shop, store, target, plan, tell, cancel, update=update)
    finally:
        if not is_begun:
            _tidy(plan.layout)


def _fetch(
    shop: Workshop,
    store: ObjectStore,
    target: Target,
    plan: FetchPlan,
    tell: Callable[[FetchProgress], None],
    cancel: CancelSignal,
    *,
    update: bool,
) -> Fetched:
    missing = missing_files(plan, cancel, update=update)
    _check_space(missing)
    if any(one.path == plan.layout.detections for one in missing):
        _remove_detections(plan.layout)
    fetcher = Fetcher(store, target, Tally(missing, tell), cancel)
    small = [one for one in missing if one.file.part not in _LARGE]
    large = [one for one in missing if one.file.part in _LARGE]
    fetcher.bring(small)
    settle(one.path for one in small)
    joined = _take_in_review(shop, plan, missing)
    is_new = shop.history.restore([plan.record]) > 0
    if is_new:
        _note(shop, plan, _came_from(store, plan))
    elif update and missing:
        before = shop.history.get(plan.job.job_id)
        shop.history.renew(replace(plan.record, input_path=before.input_path))
    settle_job(shop, plan.job.job_id, cancel)
    fetcher.bring(large)
    settle(one.path for one in large)
    if missing:
        _note(shop, plan, f"Fetched {len(missing)} files from the {store.label}.")
    return Fetched(
        shop.history.get(plan.job.job_id),
        len(missing),
        sum(one.file.size_bytes for one in missing),
        len(plan.wanted) - len(missing),
        plan.source,
        is_new,
        joined,
    )


def _take_in_review(shop: Workshop, plan: FetchPlan, came: Sequence[WantedFile]) -> ReviewJoined:
    """Have a pushed review that came be part of the one that was here."""
    layout, revision = plan.layout, plan.job.manifest.revision
    paths = {one.path for one in came}
    if layout.review in paths:
        note_fetched(layout, revision)
    if layout.review_fetched not in paths:
        return ReviewJoined()
    try:
        joined = take_in(layout, layout.review_fetched.read_bytes(), revision)
    finally:
        with suppress(OSError):
            layout.review_fetched.unlink()
    if joined.steps:
        _note(shop, plan, str(joined))
    return joined


def _layout(shop: Workshop, job_id: str) -> JobLayout:
    """Return where a job is on this machine, or will be.

    Raises:
        JobStateError: If it waits or runs here.
    """
    try:
        record = shop.history.get(job_id)
    except UnknownJob:
        return JobLayout(shop.paths.data, job_id)
    if not record.status.is_final:
        raise JobStateError(
            f"Job {job_id[:8]} is on this machine and {record.status}.",
            hint="Fetch it when it is finished, or cancel it first.",
            job_id=job_id,
        )
    return layout_of(record)


def _remove_detections(layout: JobLayout) -> None:
    """Remove the detections with their companions: those of one file ruin another.

    Raises:
        NotWritable: If somebody has them open.
    """
    for suffix in ("-wal", "-shm", ""):
        path = layout.detections.with_name(layout.detections.name + suffix)
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise NotWritable(
                f"{path} cannot be replaced: {error.strerror or error}.",
                hint="Close the review of this job, and programs that have it open.",
                path=path,
                job_id=layout.job_id,
            ) from error


def _check_space(missing: Sequence[WantedFile]) -> None:
    """Refuse to begin what the disks will not hold.

    Raises:
        NoSpace: If one of them is too full.
    """
    needed: dict[Path, int] = {}
    for one in missing:
        folder = next(part for part in one.path.parents if part.exists())
        part = one.path.with_name(f"{one.path.name}.part")
        there = part.stat().st_size if part.is_file() else 0
        needed[folder] = needed.get(folder, 0) + max(0, one.file.size_bytes - there)
    disks: dict[int, tuple[int, Path]] = {}
    for folder, size_bytes in needed.items():
        disk = folder.stat().st_dev
        disks[disk] = (disks.get(disk, (0, folder))[0] + size_bytes, folder)
    for size_bytes, folder in disks.values():
        free = shutil.disk_usage(folder).free
        if size_bytes + SPARE_BYTES > free:
            raise NoSpace(
                f"{size_bytes / 1e9:.1f} GB are to come, and the disk of {folder} has "
                f"{free / 1e9:.1f} GB free.",
                hint="Free some space, or fetch less: without output and source.",
                path=folder,
            )


def _came_from(store: ObjectStore, plan: FetchPlan) -> str:
    pushed = plan.job.manifest
    return (
        f"Fetched from the {store.label}, where version {pushed.app_version} put it on "
        f"{pushed.created.astimezone():%Y-%m-%d %H:%M}. Its clip was {plan.record.input_path} on "
        "the machine that analysed it."
    )


def _note(shop: Workshop, plan: FetchPlan, text: str) -> None:
    """Say something in the job's log; where that fails, the files are here all the same."""
    job_id = plan.job.job_id
    try:
        shop.history.log(job_id, [LogLine(datetime.now(UTC), "INFO", text, None, job_id)])
    except HistoryError as error:
        log.warning("The log of job %s was not written: %s", job_id, error)


def _tidy(layout: JobLayout) -> None:
    """Remove a folder in which nothing but the lock came to lie."""
    with suppress(OSError):
        if [path.name for path in layout.dir.iterdir()] == [layout.lock.name]:
            layout.lock.unlink()
            layout.dir.rmdir()
