"""``codefx outbox``: what waits to be pushed, what is pushed, and what hinders the rest."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from codefx_desktop.bootstrap import log_files
from codefx_desktop.cli.opening import opened
from codefx_desktop.cli.output import EXIT_FAILED, counted, fail, say, say_json, size_text
from codefx_desktop.cli.push_work import (
    JsonOption,
    how_to_go_on,
    push_dict,
    state_text,
    tell_notices,
    transfer,
)
from codefx_desktop.domain.push import Push, PushState
from codefx_desktop.settings.paths import app_paths
from codefx_desktop.settings.settings import load_settings

if TYPE_CHECKING:
    from codefx_desktop.jobs.work import Workshop
    from codefx_desktop.store.outbox import Outbox

GOES_ON = (PushState.WAITING, PushState.SENDING)
Ids = list[int] | None


def outbox(
    run: Annotated[
        bool, typer.Option("--run", help="Send what waits, and end when nothing more goes on.")
    ] = False,
    pause: Annotated[Ids, typer.Option(metavar="ID", help="Have a push wait.")] = None,
    resume: Annotated[Ids, typer.Option(metavar="ID", help="Have it go on.")] = None,
    retry: Annotated[
        Ids, typer.Option(metavar="ID", help="Try one that stopped, or waits, now.")
    ] = None,
    cancel: Annotated[
        Ids, typer.Option(metavar="ID", help="Give one up; what was sent stays there.")
    ] = None,
    forget: Annotated[
        Ids, typer.Option(metavar="ID", help="Take it off the list; what was sent stays.")
    ] = None,
    sweep: Annotated[
        bool,
        typer.Option(
            "--sweep",
            help="Remove what copying and fetching left over a day ago; footage and its copies "
            "stay. Done with --run too.",
        ),
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Show what is pushed or waits to be, and change it; exit code 1: something needs a person."""
    from codefx_desktop.jobs.pushing import copies_of

    paths, settings = app_paths(), load_settings()
    with log_files(paths, settings), opened() as shop:
        tell_notices(shop)
        box = shop.outbox.open()
        wanted = (
            (box.pause, pause or ()),
            (box.resume, resume or ()),
            (box.retry, retry or ()),
            (box.cancel, cancel or ()),
            (box.forget, forget or ()),
        )
        _change(box, wanted)
        swept = copies_of(shop).sweep() if run or sweep else 0
        is_stopped = run and _run(shop, as_json=as_json)
        pushes = box.pushes()
    if as_json:
        told = {"swept_files": swept} if run or sweep else {}
        say_json({"pushes": [push_dict(push) for push in pushes], **told})
    else:
        if sweep or swept:
            say(f"Removed {counted(swept, 'file')} that copying and fetching had left over.")
        _tell(pushes)
    if is_stopped:
        fail(f"Stopped. What was sent stays, and the rest goes on from there. {how_to_go_on()}")
    needs = any(push.state is PushState.STOPPED for push in pushes)
    goes_on = any(push.state in GOES_ON for push in pushes)
    raise typer.Exit(EXIT_FAILED if needs or (run and goes_on) else 0)


def _change(box: Outbox, wanted: Sequence[tuple[Callable[[int], object], Sequence[int]]]) -> None:
    """Do what is asked, all or nothing where a push is not known."""
    for _, ids in wanted:
        for push_id in ids:
            box.push(push_id)
    for change, ids in wanted:
        for push_id in ids:
            change(push_id)


def _run(shop: Workshop, *, as_json: bool) -> bool:
    """Transfer; return whether the person stopped it."""
    from codefx_desktop.jobs.foreground import run_in_foreground

    def work(stop: threading.Event) -> bool:
        transfer(shop, None, stop, as_json=as_json)
        return stop.is_set()

    return run_in_foreground(work)


def _tell(pushes: Sequence[Push]) -> None:
    if not pushes:
        say("The outbox is empty: codefx push JOB")
        return
    console = Console()
    rows = [_cells(push) for push in pushes]
    if not console.is_terminal:
        for row in rows:
            say("\t".join(row))
        return
    table = Table("Id", "Job", "Clip", "Target", "Files", "Sent", "State")
    for row in rows:
        table.add_row(*map(Text, row))
    console.print(table)
    if any(push.state in GOES_ON for push in pushes):
        say(how_to_go_on())


def _cells(push: Push) -> tuple[str, ...]:
    return (
        str(push.id),
        push.job_id[:8],
        push.job_name,
        push.target,
        f"{push.files_sent}/{push.files}",
        f"{size_text(push.sent_bytes)} of {size_text(push.size_bytes)}",
        state_text(push),
    )
