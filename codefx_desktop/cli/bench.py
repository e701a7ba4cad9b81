"""``codefx bench``: how fast, measured side by side in one run."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from codefx_desktop.cli.output import EXIT_USAGE, fail, say, say_json

app = typer.Typer(help="Measure speed, side by side with a peer.", no_args_is_help=True)


@app.callback()
def _root() -> None:
    """Keep ``bench`` a group while it has one command."""


@app.command("pipeline")
def pipeline(
    peer: Annotated[str | None, typer.Option(help="Run a peer beside ours: ultralytics.")] = None,
    pairs: Annotated[int, typer.Option(min=1, help="Interleaved runs of each.")] = 5,
    clip: Annotated[Path | None, typer.Option(help="Another clip than the demo clip.")] = None,
    weights: Annotated[Path | None, typer.Option(help="Other weights than the demo's.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Frames per second from the first frame read to the output closed."""
    from codefx_desktop.bench.pipeline import PEERS, measure

    if peer is not None and peer not in PEERS:
        fail(f"There is no peer {peer}; there is {', '.join(PEERS)}.")
        raise typer.Exit(EXIT_USAGE)
    report = measure(peer=peer, pairs=pairs, clip=clip, weights=weights)
    if as_json:
        say_json(report.to_dict())
        return
    for line in report.lines():
        say(line)
