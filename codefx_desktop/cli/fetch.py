"""``codefx fetch``: a pushed job, from the bucket onto this machine."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)

from codefx_desktop.bootstrap import log_files
from codefx_desktop.cli.opening import opened
from codefx_desktop.cli.output import (
    EXIT_FAILED,
    EXIT_USAGE,
    counted,
    fail,
    say,
    say_json,
    size_text,
)
from codefx_desktop.cli.push_work import (
    PARTS_HELP,
    JsonOption,
    TargetOption,
    parse_parts,
    pushed_job,
    usable_target,
)
from codefx_desktop.domain.errors import OtherFilesHere
from codefx_desktop.domain.push import DEFAULT_PARTS, PushPart
from codefx_desktop.domain.run import Cancelled
from codefx_desktop.settings.paths import app_paths
from codefx_desktop.settings.settings import load_settings

if TYPE_CHECKING:
    from codefx_desktop.domain.object_store import ObjectStore
    from codefx_desktop.domain.target import Target
    from codefx_desktop.jobs.fetch_files import FetchProgress
    from codefx_desktop.jobs.fetch_plan import FetchChoice, FetchPlan
    from codefx_desktop.jobs.fetching import Fetched
    from codefx_desktop.jobs.work import Workshop

LOST = "What was changed in them here is lost."
USUAL_PARTS = ",".join(part for part in PushPart if part in DEFAULT_PARTS)


def fetch(
    what: Annotated[
        str,
        typer.Argument(
            metavar="URL|JOB",
            help="A job's id or its first characters (4 or more), a link to a file of it, or "
            "s3://bucket/jobs/<id>/manifest.json.",
        ),
    ],
    target: TargetOption = "",
    parts: Annotated[str, typer.Option(metavar="PARTS", help=PARTS_HELP)] = USUAL_PARTS,
    frames: Annotated[
        str | None,
        typer.Option(
            metavar="N,N-M",
            help="Of pictures and texts of frames only these.",
            show_default=False,
        ),
    ] = None,
    update: Annotated[
        bool,
        typer.Option(
            "--update", help="Replace files that are others here; without it you are asked."
        ),
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what it is.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Fetch a pushed job, checked file by file; what breaks off is gone on with the next time."""
    choice = _choice(parts, frames)
    paths, settings = app_paths(), load_settings()
    with log_files(paths, settings), opened() as shop:
        try:
            plan, fetched = _asked(
                shop, what, target, choice, update=update, dry_run=dry_run, as_json=as_json
            )
        except Cancelled:
            fail("Stopped. What came stays; the same command goes on from there.")
            raise typer.Exit(EXIT_FAILED) from None
    if as_json:
        say_json(_facts(plan, fetched))
    elif fetched is not None:
        _tell(fetched)


def _choice(parts: str, frames: str | None) -> FetchChoice:
    from codefx_desktop.jobs.fetch_plan import FetchChoice, parse_frames

    chosen = parse_parts(parts)
    try:
        return FetchChoice(chosen, None if frames is None else parse_frames(frames))
    except ValueError as error:
        fail(f"--frames: {error}.")
        raise typer.Exit(EXIT_USAGE) from error


def _asked(
    shop: Workshop,
    what: str,
    target: str,
    choice: FetchChoice,
    *,
    update: bool,
    dry_run: bool,
    as_json: bool,
) -> tuple[FetchPlan, Fetched | None]:
    """Fetch; whoever sits at a terminal is asked whether files that are others here may go.

    Raises:
        OtherFilesHere: If there are some and nobody can be asked.
        Exit: If they are to stay.
    """
    with_all = {"dry_run": dry_run, "as_json": as_json}
    try:
        return _fetch(shop, what, target, choice, update=update, **with_all)
    except OtherFilesHere as error:
        if as_json or not is_asked():
            raise
        fail(error.message)
        if not typer.confirm(f"Replace them by the pushed ones? {LOST}"):
            raise typer.Exit(EXIT_FAILED) from error
    return _fetch(shop, what, target, choice, update=True, **with_all)


def is_asked() -> bool:
    """Return whether somebody is there to answer."""
    return sys.stdin.isatty()


def _fetch(
    shop: Workshop,
    what: str,
    target: str,
    choice: FetchChoice,
    *,
    update: bool,
    dry_run: bool,
    as_json: bool,
) -> tuple[FetchPlan, Fetched | None]:
    from codefx_desktop.jobs.fetching import fetch as bring
    from codefx_desktop.jobs.fetching import look_at
    from codefx_desktop.jobs.foreground import run_in_foreground

    def work(stop: threading.Event) -> tuple[FetchPlan, Fetched | None]:
        with _found(shop, what, target) as (job_id, chosen, store):
            plan = look_at(shop, store, chosen, job_id, choice)
            if not as_json:
                _show(plan, store)
            if dry_run:
                return plan, None
            with _Bar(as_json=as_json) as bar:
                return plan, bring(shop, store, chosen, plan, bar.show, stop, update=update)

    return run_in_foreground(work)


@contextmanager
def _found(shop: Workshop, what: str, target: str) -> Iterator[tuple[str, Target, ObjectStore]]:
    """Open the target that has what a person named."""
    from codefx_desktop.jobs.pushed_address import is_address, parse_address, target_of

    if not is_address(what):
        with pushed_job(shop, what, target) as found:
            yield found
        return
    address = parse_address(what)
    targets = [usable_target(shop, target)] if target else shop.targets.loaded().targets
    chosen = target_of(address, targets)
    with closing(shop.targets.open(chosen)) as store:
        yield address.job_id, chosen, store


class _Bar:
    """Shows how far fetching is: a bar in a terminal, lines of tenths in a pipe.

    Args:
        as_json: Whether nothing is shown.
    """

    def __init__(self, *, as_json: bool) -> None:
        is_terminal = Console().is_terminal
        self._prints = not as_json and not is_terminal
        self._progress = Progress(
            TextColumn("fetching"),
            BarColumn(),
            DownloadColumn(),
            TransferSpeedColumn(),
            TimeRemainingColumn(compact=True),
            TextColumn("{task.fields[files]}"),
            TextColumn("{task.fields[waiting]}", markup=False),
            disable=as_json or not is_terminal,
        )
        self._task = self._progress.add_task("", total=None, files="", waiting="")
        self._said: tuple[int, str] = (-1, "")

    def __enter__(self) -> _Bar:
        self._progress.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._progress.stop()

    def show(self, told: FetchProgress) -> None:
        """Show how far it is; called on workers, one at a time."""
        self._progress.update(
            self._task,
            total=told.size_bytes,
            completed=told.done_bytes,
            files=f"{told.files_done}/{told.files} files",
            waiting=told.waiting,
        )
        tenth = told.done_bytes * 10 // told.size_bytes if told.size_bytes else 10
        if self._prints and (tenth, told.waiting) != self._said:
            self._said = (tenth, told.waiting)
            here = f"{told.files_done} of {told.files} files, {size_text(told.done_bytes)}"
            say(f"{here}, waiting: {told.waiting}" if told.waiting else here)


def _show(plan: FetchPlan, store: ObjectStore) -> None:
    """Print what the job is."""
    record, pushed = plan.record, plan.job.manifest
    about = filter(None, (record.input_filename, record.metadata.series, record.metadata.race))
    say(f"{_plain(', '.join(about))}: {record.status}")
    say(
        f"analysed {record.created_at.astimezone():%Y-%m-%d %H:%M}, in the {store.label} since "
        f"{pushed.created.astimezone():%Y-%m-%d %H:%M}, revision {pushed.revision}"
    )
    for part in PushPart:
        there = [one for one in plan.job.files if one.part is part]
        chosen = [one for one in plan.wanted if one.file.part is part]
        if there:
            size = size_text(sum(one.size_bytes for one in there))
            mark = "" if len(chosen) == len(there) else f", {len(chosen):,} chosen"
            say(f"  {part.value:<9} {counted(len(there), 'file')}, {size}{mark}")


def _plain(text: str) -> str:
    """Return what another machine wrote so that no terminal takes it for a command."""
    return "".join(letter if letter.isprintable() else "_" for letter in text)


def _tell(fetched: Fetched) -> None:
    came = f"{counted(fetched.files, 'file')}, {size_text(fetched.size_bytes)}"
    here = f"; {counted(fetched.files_here, 'file')} had been here" if fetched.files_here else ""
    say(f"Fetched and checked: {came}{here}.")
    say(f"Job {fetched.record.id} in {fetched.record.job_dir}")
    if fetched.source is not None:
        say(f"Source: {fetched.source}")
    if fetched.review.steps:
        say(_plain(f"Review: {fetched.review}"))


def _facts(plan: FetchPlan, fetched: Fetched | None) -> dict[str, Any]:
    """Return what it is, and what came; the latter null where it was only looked at."""
    pushed = plan.job.manifest
    came = fetched and {
        "files": fetched.files,
        "size_bytes": fetched.size_bytes,
        "files_here": fetched.files_here,
        "is_new": fetched.is_new,
        "review": {
            "changes_taken_in": fetched.review.steps,
            "conflicts": list(fetched.review.conflicts),
        },
    }
    return {
        "job_id": plan.job.job_id,
        "job_name": plan.record.input_filename,
        "status": plan.record.status,
        "pushed_at": pushed.created,
        "revision": pushed.revision,
        "app_version": pushed.app_version,
        "folder": plan.layout.dir,
        "source": plan.source,
        "parts": {
            part.value: {
                "files": sum(one.part is part for one in plan.job.files),
                "size_bytes": sum(one.size_bytes for one in plan.job.files if one.part is part),
                "chosen": sum(one.file.part is part for one in plan.wanted),
            }
            for part in PushPart
            if any(one.part is part for one in plan.job.files)
        },
        "fetched": came,
    }
