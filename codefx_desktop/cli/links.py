"""``codefx links``: addresses of what was pushed, for whoever is to have it."""

from __future__ import annotations

import sys
import threading
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from codefx_desktop.cli.opening import opened
from codefx_desktop.cli.output import EXIT_FAILED, EXIT_USAGE, fail, say, size_text
from codefx_desktop.cli.push_work import TargetOption, pushed_job

if TYPE_CHECKING:
    from codefx_desktop.jobs.links import Links
    from codefx_desktop.jobs.work import Workshop

QR_BORDER = 2
"""Light squares around a QR code. Source: ISO/IEC 18004 wants 4; phones read 2 on a dark screen,
and a code of a long address is nearly as wide as a terminal."""


class LinksFormat(StrEnum):
    """How links are printed."""

    TEXT = "text"
    JSON = "json"
    TOON = "toon"


def links(
    job: Annotated[str, typer.Argument(help="Job id, or its first characters (4 or more).")],
    target: TargetOption = "",
    ttl: Annotated[
        int | None,
        typer.Option(
            metavar="SECONDS",
            help="How long they work: 1 second to 604800 (7 days).",
            show_default="as the target says",
        ),
    ] = None,
    kind: Annotated[
        LinksFormat, typer.Option("--format", help="json and toon say the same.")
    ] = LinksFormat.TEXT,
    qr: Annotated[
        bool, typer.Option("--qr", help="Also the annotated video's as a QR code.")
    ] = False,
) -> None:
    """Print links to everything that was pushed of a job; whoever has one can open it."""
    from codefx_desktop.jobs.links import checked_ttl

    if qr and kind is not LinksFormat.TEXT:
        fail("--qr goes with --format text.")
        raise typer.Exit(EXIT_USAGE)
    if ttl is not None:
        checked_ttl(ttl)
    with opened() as shop:
        made = _make(shop, job, target, ttl)
    if kind is LinksFormat.TEXT:
        _print(made)
        if qr:
            _print_qr(made)
        return
    encoded = made.encoded()
    sys.stdout.flush()
    sys.stdout.buffer.write(encoded.json if kind is LinksFormat.JSON else encoded.toon)
    sys.stdout.buffer.flush()


def _make(shop: Workshop, job: str, target: str, ttl: int | None) -> Links:
    from codefx_desktop.jobs.foreground import run_in_foreground
    from codefx_desktop.jobs.links import make_links

    def work(_stop: threading.Event) -> Links:
        with pushed_job(shop, job, target) as (job_id, chosen, store):
            return make_links(store, chosen, job_id, ttl)

    return run_in_foreground(work)


def _print(made: Links) -> None:
    until = made.expires_at
    say(f"{made.place}, job {made.job_id}")
    here = until.astimezone()
    say(f"They work until {until:%Y-%m-%d %H:%M:%S} UTC, {here:%Y-%m-%d %H:%M:%S %Z} here.")
    for one in made.files:
        say(f"{one.name}\t{size_text(one.size_bytes)}\t{one.url}")


def _print_qr(made: Links) -> None:
    import segno

    if made.video is None:
        fail("The annotated video was not pushed: there is no code for it.")
        raise typer.Exit(EXIT_FAILED)
    code = segno.make_qr(made.video.url, error="l")
    width = code.symbol_size(border=QR_BORDER)[0]
    console = Console()
    if console.is_terminal and console.width < width:
        fail(f"The QR code needs a terminal of {width} columns; this one has {console.width}.")
        raise typer.Exit(EXIT_FAILED)
    say(made.video.name)
    code.terminal(out=sys.stdout, border=QR_BORDER, compact=True)
