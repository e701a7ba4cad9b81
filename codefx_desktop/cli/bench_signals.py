"""``codefx bench signals``: what taking stops apart costs a job."""

from __future__ import annotations

from typing import Annotated

import typer

from codefx_desktop.cli.output import say, say_json


def signals(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Motion, sound and events of a rendered stop beside all else a job does, at 25 and 60 fps."""
    from codefx_desktop.bench.signals import measure_signals

    def tell(what: str) -> None:
        if not as_json:
            typer.echo(what, err=True)

    report = measure_signals(tell=tell)
    if as_json:
        say_json(report.to_dict())
        return
    for line in report.lines():
        say(line)
