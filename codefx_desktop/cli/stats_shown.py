"""Statistics as a table and sentences in the terminal, and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from codefx_desktop.cli.output import counted, say
from codefx_desktop.jobs.statistics_values import Over

if TYPE_CHECKING:
    from codefx_desktop.domain.statistics import Trend
    from codefx_desktop.jobs.statistics_values import Answer, GroupTold

PIPE_COLUMNS: Final = 200
DAYS_A_MONTH: Final = 30.4375
HEADS: Final = (
    *("Group", "Stops", "Not found", "Median, s", "Spread, s", "Deviation, s", "Best, s"),
    *("Best stop", "Trend"),
)


def show_answer(answer: Answer) -> None:
    """Print the groups as a table, and what is left out."""
    console = Console()
    if not console.is_terminal:
        console = Console(width=PIPE_COLUMNS)  # nothing is cut there
    table = Table(*HEADS, box=box.SIMPLE, pad_edge=False)
    for column in table.columns[1:-2]:
        column.justify = "right"
    for group in answer.groups:
        table.add_row(*map(Text, _cells(group, answer)))
    say(f"{answer.label}: {counted(len(answer.sample.rows), 'time')}")
    console.print(table)
    if left := left_out(answer):
        say(left)


def left_out(answer: Answer) -> str:
    """Return what does not count and why; empty where everything does."""
    sample = answer.sample
    reasons = (
        (sample.unconfirmed, "not confirmed"),
        (sample.unsure, "not known well enough"),
        (sample.repeated, "analysed again later"),
    )
    told = ", ".join(f"{count:,} {why}" for count, why in reasons if count)
    return f"Left out: {told}." if told else ""


def answer_dict(answer: Answer) -> dict[str, Any]:
    """Return the groups as JSON values; figures that are not known are null."""
    question, sample = answer.question, answer.sample
    return {
        "duration": question.wanted.name,
        "label": answer.label,
        "by": question.by.value,
        "trend_over": "days" if question.over is Over.DATE else "stops",
        "left_out": {
            "unconfirmed": sample.unconfirmed,
            "unsure": sample.unsure,
            "repeated": sample.repeated,
        },
        "groups": [_group_dict(group, answer) for group in answer.groups],
    }


def _group_dict(group: GroupTold, answer: Answer) -> dict[str, Any]:
    told, trend = group.summary, group.trend
    best = _best(group, answer)
    return {
        "name": group.name,
        "count": told.count,
        "not_found": told.not_found,
        "median_s": told.median,
        "lower_quartile_s": told.lower,
        "upper_quartile_s": told.upper,
        "deviation_s": told.deviation,
        "best_s": told.best,
        "best": None if best is None else {"job": best[0], "stop": best[1]},
        "longest_s": told.longest,
        "trend_s": None
        if trend is None
        else {"slope": trend.slope, "low": trend.low, "high": trend.high},
    }


def _cells(group: GroupTold, answer: Answer) -> tuple[str, ...]:
    told, best = group.summary, _best(group, answer)
    return (
        group.name,
        f"{told.count:,}",
        f"{told.not_found:,}",
        *map(_seconds, (told.median, told.spread, told.deviation, told.best)),
        "" if best is None else f"{best[0][:8]} stop {best[1]}",
        _trend(group.trend, answer.question.over),
    )


def _best(group: GroupTold, answer: Answer) -> tuple[str, int] | None:
    place = group.summary.best_index
    return None if place is None else answer.sample.rows[group.rows[place]].stop.key


def _seconds(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"


def _trend(trend: Trend | None, over: Over) -> str:
    if trend is None:
        return ""
    factor, per = (DAYS_A_MONTH, "a month") if over is Over.DATE else (10.0, "in 10 stops")
    low, slope, high = (f"{one * factor:+.3f}" for one in (trend.low, trend.slope, trend.high))
    return f"{slope} s {per} ({low} to {high})"
