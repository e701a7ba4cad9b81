"""What ``codefx eval`` prints for a person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from codefx_desktop.bench.rate_agreement import RateReport
    from codefx_desktop.bench.stop_report import KindScore, StopReport

PIPE_COLUMNS: Final = 150
"""Where nobody watches, tables are as wide as they need."""


def show_stops(report: StopReport, worst: int, *, details: bool) -> None:
    """Print how well stops were taken apart.

    Args:
        report: All stops.
        worst: How many of the worst events to show.
        details: Whether to show each place and each condition.
    """
    console = _console()
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


def show_rates(report: RateReport) -> None:
    """Print whether the same stops at all rates agree."""
    console = _console()
    console.print(_table("Rates", report.by_rate()))
    table = Table(box=SIMPLE)
    table.add_column("Kinds", no_wrap=True)
    for name in ("pairs", "agree", "apart (ms)"):
        table.add_column(name, justify="right")
    for kind, (count, share, apart_ms) in report.agreement().items():
        table.add_row(kind, str(count), _share(share), _number(apart_ms, ".1f"))
    console.print(table)
    whole = report.to_dict()
    console.print(
        f"{_share(whole['agree'])} of {whole['pairs']} pairs of times agree "
        "within what they claim.",
        highlight=False,
    )


def _console() -> Console:
    console = Console()
    return console if console.is_terminal else Console(width=PIPE_COLUMNS)


def _table(title: str, scores: Mapping[str, KindScore]) -> Table:
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
