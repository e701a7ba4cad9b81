"""Shows bytes that move: a bar in a terminal, nothing in a pipe."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, TypeVar

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)

from codefx_desktop.cli.output import EXIT_FAILED, fail
from codefx_desktop.domain.run import Cancelled

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable

    from codefx_desktop.domain.models import Transfer

    Tell = Callable[[Transfer], None]

Moved = TypeVar("Moved")


def watched(
    what: str,
    work: Callable[[Tell, threading.Event], Moved],
    *,
    as_json: bool,
    stopped: str,
) -> Moved:
    """Run something that moves bytes, with a bar where there is a terminal.

    Args:
        what: Name of what is moved.
        work: Moves it, on a worker; told where to say how far it is, and when to stop.
        as_json: Whether nothing is shown.
        stopped: What to say if Ctrl+C stopped it.

    Raises:
        Exit: If Ctrl+C stopped it.
    """
    from codefx_desktop.jobs.foreground import run_in_foreground

    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(compact=True),
        console=Console(stderr=True),
        disable=as_json or not sys.stderr.isatty(),
        transient=True,
    )
    with bar:
        task = bar.add_task(escape(what), total=None)

        def tell(now: Transfer) -> None:
            bar.update(task, completed=now.done_bytes, total=now.total_bytes)

        try:
            return run_in_foreground(lambda cancel: work(tell, cancel))
        except Cancelled as error:
            fail(stopped)
            raise typer.Exit(EXIT_FAILED) from error
