"""What the commands about pushes share: jobs and targets by name, progress, how it ended."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)

from codefx_desktop.cli.opening import settle_waiting
from codefx_desktop.cli.output import EXIT_USAGE, counted, fail, say, size_text
from codefx_desktop.domain.errors import SettingsError, UnknownJob
from codefx_desktop.domain.push import Push, PushPart, PushProgress, PushState

if TYPE_CHECKING:
    from codefx_desktop.domain.object_store import ObjectStore
    from codefx_desktop.domain.target import Target
    from codefx_desktop.jobs.work import Workshop

TargetOption = Annotated[
    str,
    typer.Option("--target", metavar="NAME", help="Of the target.", show_default="the only one"),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
PARTS_HELP = "report, analysis, frames, output, source; separated by commas."
"""``job.json`` and the manifest always go."""


def parse_parts(text: str) -> frozenset[PushPart]:
    """Return the parts that an option names.

    Raises:
        typer.Exit: If it names others.
    """
    names = [name.strip().lower() for name in text.split(",") if name.strip()]
    unknown = [name for name in names if name not in list(PushPart)]
    if unknown or not names:
        told = f"There is no part {unknown[0]}" if unknown else "No part is named"
        fail(f"{told}; there are {', '.join(PushPart)}.")
        raise typer.Exit(EXIT_USAGE)
    return frozenset(map(PushPart, names))


def usable_target(shop: Workshop, name: str) -> Target:
    """Return a target that can be used as it is set.

    Raises:
        SettingsError: If there is none of this name, there are several and none is named, or it
            lacks something.
    """
    target = shop.targets.find(name)
    if target.missing:
        raise SettingsError(
            f"Target {target.name} is not complete: {', '.join(target.missing)} missing.",
            hint="Set the variables of the environment that make it."
            if target.is_from_environment
            else "Complete it: codefx targets add, or target settings in the window.",
        )
    return target


def target_of_job(shop: Workshop, name: str, job_id: str) -> Target:
    """Return the named target; without a name the only one, else the only one that has the job.

    Raises:
        SettingsError: If that is none or several.
    """
    if not name and len(shop.targets.loaded().targets) > 1:
        pushes = shop.outbox.open().pushes(job_id)
        had = {push.target for push in pushes if push.state is PushState.PUSHED}
        name = had.pop() if len(had) == 1 else ""
    return usable_target(shop, name)


@contextmanager
def pushed_job(
    shop: Workshop, job: str, target_name: str
) -> Iterator[tuple[str, Target, ObjectStore]]:
    """Open the target that has a job for a block; blocks, and belongs on a worker.

    A job that is not in this machine's history is looked for in the target.

    Raises:
        UnknownJob: If it is not there either, or more than one is meant.
        SettingsError: If no target, or more than one, is meant.
        RemoteError: If the target cannot be asked.
    """
    from codefx_desktop.jobs.engine import Engine
    from codefx_desktop.jobs.pushed_jobs import find_pushed

    try:
        job_id = Engine(shop).resolve(job).id
        target = target_of_job(shop, target_name, job_id)
    except UnknownJob:
        job_id, target = "", usable_target(shop, target_name)
    with closing(shop.targets.open(target)) as store:
        yield job_id or find_pushed(store, target, job), target, store


def tell_notices(shop: Workshop) -> None:
    """Tell what was wrong with the outbox when it was opened."""
    shop.outbox.open()
    for notice in shop.outbox.take_notices():
        fail(notice)


def transfer(
    shop: Workshop, push_ids: Sequence[int] | None, stop: threading.Event, *, as_json: bool
) -> None:
    """Transfer until pushes have ended or stopped, or Ctrl+C; blocks, and belongs on a worker.

    Args:
        shop: Settings, history, targets, outbox.
        push_ids: The pushes that are waited for; None: all there are.
        stop: Ends it; everything stays for the next time.
        as_json: Whether nothing is drawn.
    """
    from codefx_desktop.jobs.pushing import new_pusher

    with PushDisplay(as_json=as_json, only=push_ids) as display:
        new_pusher(shop, display.show).run_until_idle(stop, push_ids)
        for push in shop.outbox.open().pushes():
            if display.knows(push.id):
                display.show(PushProgress(push))
    settle_waiting(shop, stop)  # corrections of others came in


def push_dict(push: Push) -> dict[str, Any]:
    """Return a push as the terminal's JSON."""
    return {
        "id": push.id,
        "job_id": push.job_id,
        "job_name": push.job_name,
        "target": push.target,
        "state": push.state,
        "parts": [part for part in PushPart if part in push.options.parts],
        "remove_source_copy": push.options.remove_source_copy,
        "files": push.files,
        "files_sent": push.files_sent,
        "files_verified": push.files_done,
        "size_bytes": push.size_bytes,
        "sent_bytes": push.sent_bytes,
        "created_at": push.created_at,
        "changed_at": push.changed_at,
        "next_try_at": push.next_try_at,
        "reason": push.reason,
        "revision": push.revision,
    }


def state_text(push: Push, *, is_checking: bool = False) -> str:
    """Return how far a push is, for a person."""
    if push.state is PushState.PUSHED:
        return f"pushed, {counted(push.files, 'object')} verified"
    if is_checking:
        return "checking what arrived"
    text = push.state.value
    if push.next_try_at is not None:
        text += f", next try {push.next_try_at.astimezone():%H:%M:%S}"
    return f"{text}: {push.reason}" if push.reason else text


def how_to_go_on() -> str:
    """Return what moves the outbox on."""
    return "The open window sends it when there is a network; without one: codefx outbox --run"


class PushDisplay:
    """Shows pushes: bars in a terminal, a line where something changed in a pipe.

    Args:
        as_json: Whether nothing is shown.
        only: The pushes that are shown; None: all.
    """

    def __init__(self, *, as_json: bool, only: Sequence[int] | None = None) -> None:
        self._only = only
        self._is_silent = as_json
        self._has_bars = not as_json and Console().is_terminal
        self._progress = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            DownloadColumn(),
            TransferSpeedColumn(),
            TimeRemainingColumn(compact=True),
            TextColumn("{task.fields[files]}"),
            TextColumn("{task.fields[state]}", markup=False),
            disable=not self._has_bars,
        )
        self._tasks: dict[int, TaskID] = {}
        self._said: dict[int, tuple[str, int]] = {}

    def __enter__(self) -> PushDisplay:
        """Begin drawing."""
        self._progress.start()
        return self

    def __exit__(self, *_error: object) -> None:
        """Stop drawing; what is drawn stays."""
        self._progress.stop()

    def knows(self, push_id: int) -> bool:
        """Return whether a push was shown, or is to be."""
        return push_id in self._tasks or push_id in self._said or push_id in (self._only or ())

    def show(self, progress: PushProgress) -> None:
        """Show how far a push is; called on a worker."""
        push = progress.push
        if self._is_silent or (self._only is not None and push.id not in self._only):
            return
        if self._has_bars:
            self._draw(progress)
        else:
            self._print(progress)

    def _draw(self, progress: PushProgress) -> None:
        push = progress.push
        if push.id not in self._tasks:
            self._tasks[push.id] = self._progress.add_task(
                f"{push.job_name} → {push.target}", total=push.size_bytes, files="", state=""
            )
        self._progress.update(
            self._tasks[push.id],
            total=push.size_bytes,
            completed=push.sent_bytes,
            files=f"{push.files_sent}/{push.files}",
            state=state_text(push, is_checking=progress.is_checking),
        )

    def _print(self, progress: PushProgress) -> None:
        push = progress.push
        state = state_text(push, is_checking=progress.is_checking)
        tenth = push.sent_bytes * 10 // push.size_bytes if push.size_bytes else 0
        # The time of the next try changes all the while; the reason does not.
        told = (f"{push.state} {push.reason} {progress.is_checking}", tenth)
        if self._said.get(push.id) == told:
            return
        self._said[push.id] = told
        say(
            f"{push.job_name} to {push.target}: {push.files_sent}/{push.files} files, "
            f"{size_text(push.sent_bytes)} of {size_text(push.size_bytes)}, {state}"
        )
