"""``codefx eval``: how right the product is, on rendered footage whose truth is known."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.box import SIMPLE
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from codefx_desktop.cli.output import EXIT_USAGE, fail, say, say_json

if TYPE_CHECKING:
    from codefx_desktop.bench.stop_report import KindScore, StopReport

app = typer.Typer(
    help="Measure accuracy against the truth of rendered stops.", no_args_is_help=True
)
PIPE_COLUMNS = 120
"""Where nobody watches, tables are as wide as they need."""


@app.callback()
def _root() -> None:
    """Keep ``stops`` a command of its own."""


@app.command("stops")
def stops(
    seeds: Annotated[str, typer.Option(help="Stops: A-B, or A.")] = "900100-900149",
    weights: Annotated[
        bool,
        typer.Option("--weights/--no-weights", help="Let the bundled demo model look at them."),
    ] = True,
    template: Annotated[str, typer.Option(help="The template of their events.")] = "f1",
    seconds: Annotated[float, typer.Option(min=4.0, max=120.0, help="Length of each.")] = 10.0,
    cache: Annotated[
        Path | None,
        typer.Option(
            help="Folder that keeps clips and detections.",
            envvar="CODEFX_STOP_SET",
            file_okay=False,
            show_default="in the app's cache",
        ),
    ] = None,
    details: Annotated[
        bool, typer.Option("--details", help="Show each place and each condition, too.")
    ] = False,
    worst: Annotated[int, typer.Option(min=0, help="Show so many of the worst events.")] = 0,
    processes: Annotated[int, typer.Option(min=1, help="Stops side by side.")] = 2,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Take rendered stops apart and compare every event with the truth.

    The first run renders clips and detects; they are kept, and only what changed is made again.
    """
    from codefx_desktop.bench.stop_eval import StopPlan, evaluate_stops
    from codefx_desktop.bench.stop_set import set_folder
    from codefx_desktop.bench.track_scores import can_score

    wanted = _seeds(seeds)
    folder = cache.expanduser().absolute() if cache else set_folder()
    plan = StopPlan(weights=weights, template=template, folder=folder, seconds=seconds)
    quiet = as_json or not Console(stderr=True).is_terminal
    with Progress(console=Console(stderr=True), disable=quiet, transient=True) as bar:
        task = bar.add_task("stops", total=len(wanted))
        report = evaluate_stops(wanted, plan, processes=processes, tell=lambda _: bar.advance(task))
    if as_json:
        say_json({"seeds": seeds, "weights": weights, **report.to_dict(worst)})
        return
    _show(report, worst, details=details)
    if weights and not can_score():
        say("IDF1 needs the library trackers, which the extra test brings.")


def _seeds(text: str) -> range:
    match = re.fullmatch(r"(\d+)(?:-(\d+))?", text.strip())
    if match is None or int(match[2] or match[1]) < int(match[1]):
        fail(f"{text!r} are no seeds; give A-B, like 800000-800011, or one.")
        raise typer.Exit(EXIT_USAGE)
    return range(int(match[1]), int(match[2] or match[1]) + 1)


def _show(report: StopReport, worst: int, *, details: bool) -> None:
    console = Console()
    if not console.is_terminal:
        console = Console(width=PIPE_COLUMNS)
    whole = report.to_dict()
    console.print(
        f"{whole['stops']} stops, {whole['stops_reported']} reported, "
        f"[bold]{whole['invented']}[/] invented events; stationary within 1 frame in "
        f"{_share(whole['stationary_within_1_frame'])} of {whole['stationary_visible']} stops; "
        f"uncertainty contains the truth in {_share(whole['uncertainty_coverage'])}, "
        f"half-width {_number(whole['half_width_frames'])} frames (median)",
        highlight=False,
    )
    console.print(_table("Kinds", report.by(lambda row: row.kind)))
    if details:
        console.print(_table("Places", report.by(lambda row: f"{row.kind} {row.place}".strip())))
        console.print(_table("Conditions", report.by_condition()))
    for name, tracks in report.tracking().items():
        console.print(f"IDF1 of {name}s {_number(tracks.idf1, '.3f')}", highlight=False)
    spent = [case.analysis_s for case in report.cases]
    console.print(f"Finding stops took {sum(spent) / len(spent):.2f} s each.", highlight=False)
    if worst:
        console.print(_worst(report, worst))


def _table(title: str, scores: dict[str, KindScore]) -> Table:
    table = Table(box=SIMPLE)
    table.add_column(title, no_wrap=True)
    for name in (
        "count", "recall", "mean", "p95", "bias", "±", "cover", "inv.", "hidden"
    ):  # fmt: skip
        table.add_column(name, justify="right")
    for name, score in scores.items():
        table.add_row(
            name,
            str(score.count),
            _share(score.recall),
            _number(score.mean_error_frames),
            _number(score.p95_error_frames),
            _number(score.bias_frames, "+.2f"),
            _number(score.half_width_frames),
            _share(score.coverage),
            str(score.invented),
            f"{score.hidden_reported}/{score.hidden}",
        )
    return table


def _worst(report: StopReport, most: int) -> Table:
    table = Table(box=SIMPLE)
    for name in ("seed", "event", "true s", "said s", "frames off", "±", "source", "what"):
        table.add_column(name, no_wrap=True)
    for row in report.worst(most):
        table.add_row(
            str(row.seed),
            f"{row.kind} {row.place}".strip(),
            _number(row.true_s, ".3f"),
            _number(row.said_s, ".3f"),
            _number(row.error_frames, "+.2f"),
            _number(row.half_width_frames),
            row.source,
            row.reason or "the largest errors",
        )
    return table


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.1%}"


def _number(value: float | None, form: str = ".2f") -> str:
    return "-" if value is None else format(value, form)
