"""``codefx bench review``: how long a person waits while reviewing a large job."""

from __future__ import annotations

from typing import Annotated

import typer

from codefx_desktop.cli.output import say, say_json


def review(
    frames: Annotated[
        int, typer.Option(min=2_000, help="Frames of the job, a multiple of 250.")
    ] = (100_000),
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Review a job of 1,000,000 detections in the window: step, drag a threshold, click events."""
    from codefx_desktop.bench.review import measure_review

    def tell(what: str) -> None:
        if not as_json:
            typer.echo(what, err=True)

    report = measure_review(frames=frames, tell=tell)
    if as_json:
        say_json(report.to_dict())
        return
    for line in report.lines():
        say(line)
