"""``codefx delete``: a job with its files, and in a bucket only where that is asked for."""

from __future__ import annotations

import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Annotated

import typer

from codefx_desktop.cli.opening import opened
from codefx_desktop.cli.output import EXIT_FAILED, EXIT_USAGE, counted, fail, say, size_text
from codefx_desktop.cli.push_work import TargetOption, pushed_job
from codefx_desktop.domain.errors import UnknownJob
from codefx_desktop.domain.run import Cancelled

if TYPE_CHECKING:
    from codefx_desktop.domain.job import JobRecord
    from codefx_desktop.domain.object_store import ObjectStore
    from codefx_desktop.domain.target import Target
    from codefx_desktop.jobs.work import Workshop


def delete(
    job: Annotated[str, typer.Argument(help="Job id, or its first characters (4 or more).")],
    remote: Annotated[bool, typer.Option("--remote", help="Also what a target has of it.")] = False,
    target: TargetOption = "",
    keep_local: Annotated[
        bool, typer.Option("--keep-local", help="With --remote: only what the target has.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Delete a job with its log and result files; the footage stays, and so do its targets' files.

    With --remote the objects in a target go, too.
    """
    if not remote and (target or keep_local):
        fail("--target and --keep-local need --remote.")
        raise typer.Exit(EXIT_USAGE)
    with opened() as shop:
        record = _record(shop, job, is_needed=not remote)
        if remote:
            _delete_there(shop, job, target, yes=yes)
        if record is not None and not keep_local:
            _delete_here(shop, record, yes=yes)


def _record(shop: Workshop, job: str, *, is_needed: bool) -> JobRecord | None:
    """Return the job as this machine knows it; None where only the target may have it."""
    from codefx_desktop.jobs.engine import Engine

    if is_needed:
        return Engine(shop).resolve(job)
    with suppress(UnknownJob):
        return Engine(shop).resolve(job)
    return None


def _delete_here(shop: Workshop, record: JobRecord, *, yes: bool) -> None:
    from codefx_desktop.jobs.engine import Engine

    if not yes:
        typer.confirm(
            f"Delete job {record.id[:8]} ({record.input_filename}) and its files in "
            f"{record.job_dir}? The footage stays.",
            abort=True,
        )
    Engine(shop).delete(record.id)
    say(f"Deleted {record.id}")


def _delete_there(shop: Workshop, job: str, target_name: str, *, yes: bool) -> None:
    """Delete what a target has, after asking."""
    from codefx_desktop.jobs.foreground import run_in_foreground
    from codefx_desktop.jobs.remote_deleting import remote_files

    def look(_stop: threading.Event) -> tuple[str, Target, str, int, int]:
        with pushed_job(shop, job, target_name) as (job_id, target, store):
            files = remote_files(store, target, job_id)
            return job_id, target, store.label, len(files.keys), files.size_bytes

    job_id, target, label, count, size_bytes = run_in_foreground(look)
    if not count:
        say(f"There is nothing of job {job_id[:8]} in the {label}.")
        return
    if not yes:
        typer.confirm(
            f"Delete {counted(count, 'object')} ({size_text(size_bytes)}) of job {job_id[:8]} in "
            f"the {label}? Nobody can bring them back.",
            abort=True,
        )
    try:
        done = run_in_foreground(lambda stop: _work(shop, target, job_id, stop))
    except Cancelled:
        fail(f"Stopped. What is left in the {label} goes with the same command.")
        raise typer.Exit(EXIT_FAILED) from None
    say(f"Deleted {counted(done, 'object')} of {job_id} in the {label}")


def _work(shop: Workshop, target: Target, job_id: str, stop: threading.Event) -> int:
    """Give the job's push up, so that nothing is sent after it, and delete."""
    from contextlib import closing

    from codefx_desktop.jobs.remote_deleting import delete_remote

    outbox = shop.outbox.open()
    push = outbox.find(job_id, target.name)
    if push is not None:
        outbox.cancel(push.id)
    store: ObjectStore
    with closing(shop.targets.open(target)) as store:
        done = delete_remote(store, target, job_id, lambda _: None, stop)
    if push is not None:
        outbox.forget(push.id)
    return done
