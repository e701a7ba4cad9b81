"""``codefx push``: jobs go to a bucket or a folder, now or when there is a network."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from codefx_desktop.bootstrap import log_files
from codefx_desktop.cli.moving import watched
from codefx_desktop.cli.opening import opened, settled
from codefx_desktop.cli.output import EXIT_FAILED, counted, fail, say, say_json, size_text
from codefx_desktop.cli.push_work import (
    PARTS_HELP,
    JsonOption,
    TargetOption,
    how_to_go_on,
    parse_parts,
    push_dict,
    state_text,
    tell_notices,
    transfer,
    usable_target,
)
from codefx_desktop.domain.job import JobRecord
from codefx_desktop.domain.push import (
    DEFAULT_PARTS,
    Push,
    PushEstimate,
    PushOptions,
    PushPart,
    PushState,
)
from codefx_desktop.settings.paths import app_paths
from codefx_desktop.settings.settings import load_settings

if TYPE_CHECKING:
    from codefx_desktop.domain.target import Target
    from codefx_desktop.jobs.work import Workshop

USUAL_PARTS = ",".join(part for part in PushPart if part in DEFAULT_PARTS)


def push(
    jobs: Annotated[
        list[str],
        typer.Argument(metavar="JOB...", help="Job ids, or their first characters (4 or more)."),
    ],
    target: TargetOption = "",
    parts: Annotated[str, typer.Option(metavar="PARTS", help=PARTS_HELP)] = USUAL_PARTS,
    wait: Annotated[
        bool, typer.Option("--wait", help="Send now, and end when all is verified.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only tell how many files and bytes it would be.")
    ] = False,
    copy_source: Annotated[
        bool,
        typer.Option(
            "--copy-source",
            help="Copy the footage to this machine first and push the copy, so that its drive can "
            "be taken away; the part source goes too.",
        ),
    ] = False,
    keep_source_copy: Annotated[
        bool | None,
        typer.Option(
            "--keep-source-copy/--remove-source-copy",
            help="Whether the app's own copy of the source stays when it was pushed and verified; "
            "the footage itself always does.",
            show_default="CLEANUP_LOCAL_VIDEO_AFTER_UPLOAD_DEFAULT",
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Push jobs to a target; exit code 0 with --wait: all of it is there and verified."""
    remove = None if keep_source_copy is None else not keep_source_copy
    chosen_parts = parse_parts(parts) | ({PushPart.SOURCE} if copy_source else set())
    options = PushOptions(chosen_parts, remove)
    paths, settings = app_paths(), load_settings()
    with log_files(paths, settings), opened() as shop:
        chosen = usable_target(shop, target)
        records = _resolve(shop, jobs)
        if dry_run:
            _tell_estimates(shop, records, chosen, options, as_json=as_json)
            return
        tell_notices(shop)
        if copy_source:
            _copy_sources(shop, records, as_json=as_json)
        pushes, is_stopped = _push(shop, records, chosen, options, wait=wait, as_json=as_json)
    raise typer.Exit(_tell(pushes, wait=wait, is_stopped=is_stopped, as_json=as_json))


def _resolve(shop: Workshop, jobs: Sequence[str]) -> list[JobRecord]:
    """Return each job once; none is queued where one of them is not known."""
    from codefx_desktop.jobs.engine import Engine

    engine = Engine(shop)
    return list({record.id: record for record in map(engine.resolve, jobs)}.values())


def _copy_sources(shop: Workshop, records: Sequence[JobRecord], *, as_json: bool) -> None:
    """Copy the footage of jobs, with a bar where there is a terminal.

    Raises:
        Exit: If Ctrl+C stopped it; nothing is queued then.
    """
    from codefx_desktop.jobs.pushing import copies_of

    copies = copies_of(shop)
    for record in records:
        copy = watched(
            record.input_filename,
            partial(copies.make, record),
            as_json=as_json,
            stopped="Stopped. Nothing was queued; whole copies stay.",
        )
        if not as_json:
            say(f"Copy of {record.input_filename}: {copy}")


def _push(
    shop: Workshop,
    records: Sequence[JobRecord],
    target: Target,
    options: PushOptions,
    *,
    wait: bool,
    as_json: bool,
) -> tuple[list[Push], bool]:
    """Queue pushes, and transfer them if that is waited for; also whether it was stopped."""
    from codefx_desktop.jobs.foreground import run_in_foreground
    from codefx_desktop.jobs.pushing import queue

    def work(stop: threading.Event) -> tuple[list[Push], bool]:
        outbox = shop.outbox.open()
        followed = [settled(shop, record, stop) for record in records]
        queued = [queue(shop, record, target.name, options) for record in followed]
        if wait:
            transfer(shop, [one.id for one in queued], stop, as_json=as_json)
        return [outbox.push(one.id) for one in queued], stop.is_set()

    return run_in_foreground(work)


def _tell(pushes: Sequence[Push], *, wait: bool, is_stopped: bool, as_json: bool) -> int:
    """Print how it stands; return the exit code."""
    is_done = all(push.state is PushState.PUSHED for push in pushes)
    code = 0 if is_done or not wait else EXIT_FAILED
    if as_json:
        say_json({"pushes": [push_dict(push) for push in pushes]})
    if wait and is_stopped and not is_done:
        fail(f"Stopped. What was sent stays, and the rest goes on from there. {how_to_go_on()}")
        return code
    if wait:
        for push in pushes:
            if push.state is not PushState.PUSHED:
                fail(f"{push.job_name} is not pushed: {state_text(push)}")
        if is_done and not as_json:
            say(f"Pushed and verified: {counted(len(pushes), 'job')} to {pushes[0].target}.")
        return code
    if not as_json:
        for push in pushes:
            say(
                f"Queued {push.job_name} for {push.target}: {counted(push.files, 'object')}, "
                f"{size_text(push.size_bytes)}"
            )
        say(how_to_go_on())
    return code


def _tell_estimates(
    shop: Workshop,
    records: Sequence[JobRecord],
    target: Target,
    options: PushOptions,
    *,
    as_json: bool,
) -> None:
    from codefx_desktop.jobs.push_plan import estimate
    from codefx_desktop.jobs.pushing import copies_of

    copies = copies_of(shop)
    found = {record.id: estimate(record, copies.source_of(record)) for record in records}
    if as_json:
        jobs = [
            {"job_id": record.id, "job_name": record.input_filename, "parts": _parts(one, options)}
            for record, one in zip(records, found.values(), strict=True)
        ]
        say_json({"target": target.name, "jobs": jobs})
        return
    for record in records:
        say(f"{record.input_filename} to {target.name}")
        for name, told in _parts(found[record.id], options).items():
            mark = "" if told["is_chosen"] else ", not chosen"
            files = counted(told["files"], "file")
            say(f"  {name:<9} {files}, {size_text(told['size_bytes'])}{mark}")


def _parts(estimate: PushEstimate, options: PushOptions) -> dict[str, dict[str, int]]:
    return {
        part.value: {
            "files": estimate.files[part],
            "size_bytes": estimate.size_bytes[part],
            "is_chosen": part in options.parts,
        }
        for part in PushPart
        if part in estimate.files
    }
