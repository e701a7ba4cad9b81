"""``codefx eval``: how right the product is, on rendered footage whose truth is known."""

from __future__ import annotations

import re
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from codefx_desktop.cli.output import EXIT_USAGE, fail, say, say_json
from codefx_desktop.synthetic.style import Style

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from codefx_desktop.bench.stop_eval import StopPlan

app = typer.Typer(
    help="Measure accuracy against the truth of rendered stops.", no_args_is_help=True
)
Weights = Annotated[
    bool, typer.Option("--weights/--no-weights", help="Let the bundled demo model look at them.")
]
Template = Annotated[
    str, typer.Option(help="The template of their events: f1, indycar, imsa, nascar, your own.")
]
Styled = Annotated[
    Style | None, typer.Option(help="Kind of stops.", show_default="what the template is for")
]
Seconds = Annotated[
    float | None,
    typer.Option(
        min=4.0,
        max=120.0,
        help="Length of each clip.",
        show_default="10 in f1, else what a stop takes",
    ),
]
Cache = Annotated[
    Path | None,
    typer.Option(
        help="Folder that keeps clips and detections.",
        envvar="CODEFX_STOP_SET",
        file_okay=False,
        show_default="in the app's cache",
    ),
]
Processes = Annotated[int, typer.Option(min=1, help="Clips side by side.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command("stops")
def stops(
    seeds: Annotated[str, typer.Option(help="Stops: A-B, or A.")] = "900100-900149",
    weights: Weights = True,
    template: Template = "f1",
    style: Styled = None,
    seconds: Seconds = None,
    cache: Cache = None,
    details: Annotated[
        bool, typer.Option("--details", help="Show each place and each condition, too.")
    ] = False,
    worst: Annotated[int, typer.Option(min=0, help="Show so many of the worst events.")] = 0,
    processes: Processes = 2,
    as_json: AsJson = False,
) -> None:
    """Take rendered stops apart and compare every event with the truth.

    The first run renders clips and detects; they are kept, and only what changed is made again.
    """
    from codefx_desktop.bench.stop_eval import evaluate_stops
    from codefx_desktop.bench.track_scores import can_score
    from codefx_desktop.cli.eval_tables import show_stops

    wanted = _seeds(seeds)
    plan = _plan(weights, template, style, seconds, cache)
    with _bar(len(wanted), quiet=as_json) as advance:
        report = evaluate_stops(wanted, plan, processes=processes, tell=lambda _: advance())
    if as_json:
        say_json({"seeds": seeds, "weights": weights, **report.to_dict(worst)})
        return
    show_stops(report, worst, details=details)
    if weights and not can_score():
        say("IDF1 needs the library trackers, which the extra test brings.")


@app.command("rates")
def rates(
    seeds: Annotated[str, typer.Option(help="Stops: A-B, or A.")] = "900100-900102",
    weights: Weights = True,
    template: Template = "f1",
    style: Styled = None,
    seconds: Seconds = None,
    cache: Cache = None,
    processes: Processes = 2,
    as_json: AsJson = False,
) -> None:
    """Film the same stops at 24, 25, 30, 50, 60 and uneven frames per second: do times agree?"""
    from codefx_desktop.bench.rate_agreement import RATES, evaluate_rates
    from codefx_desktop.cli.eval_tables import show_rates

    wanted = _seeds(seeds)
    plan = _plan(weights, template, style, seconds, cache)
    with _bar(len(wanted) * len(RATES), quiet=as_json) as advance:
        report = evaluate_rates(wanted, plan, processes=processes, tell=lambda _: advance())
    if as_json:
        say_json({"seeds": seeds, "weights": weights, **report.to_dict()})
        return
    show_rates(report)


def _plan(
    weights: bool, template: str, style: Style | None, seconds: float | None, cache: Path | None
) -> StopPlan:
    from codefx_desktop.bench.stop_eval import STYLES, StopPlan
    from codefx_desktop.bench.stop_set import seconds_of, set_folder

    folder = cache.expanduser().absolute() if cache else set_folder()
    kind = style or STYLES.get(template.casefold(), Style.F1)
    return StopPlan(
        weights=weights,
        template=template,
        folder=folder,
        seconds=seconds or seconds_of(kind),
        style=kind,
    )


@contextmanager
def _bar(total: int, *, quiet: bool) -> Iterator[Callable[[], None]]:
    console = Console(stderr=True)
    with Progress(console=console, disable=quiet or not console.is_terminal, transient=True) as bar:
        task = bar.add_task("stops", total=total)
        yield lambda: bar.advance(task)


def _seeds(text: str) -> range:
    match = re.fullmatch(r"(\d+)(?:-(\d+))?", text.strip())
    if match is None or int(match[2] or match[1]) < int(match[1]):
        fail(f"{text!r} are no seeds; give A-B, like 800000-800011, or one.")
        raise typer.Exit(EXIT_USAGE)
    return range(int(match[1]), int(match[2] or match[1]) + 1)
