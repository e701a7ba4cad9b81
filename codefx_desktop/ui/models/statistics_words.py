"""How statistics are said on screen and on the clipboard."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from codefx_desktop.domain.events import Place
from codefx_desktop.domain.stop_words import NOT_FOUND, PLACE_WORDS
from codefx_desktop.jobs.statistics_values import Over

if TYPE_CHECKING:
    from codefx_desktop.domain.statistics import TimedStop, Trend
    from codefx_desktop.jobs.statistics_values import Answer, ChosenTold, GroupTold, Peers

DAYS_A_MONTH: Final = 30.4375
MINUS: Final = "\N{MINUS SIGN}"
HEAD_ALL: Final = "All stops"
"""Name of the group that holds all of them."""
HEADINGS: Final = (
    *("Group", "Stops", "Not found", "Median, s", "Spread, s", "Deviation, s"),
    *("Best, s", "Trend", "This stop"),
)
MEANINGS: Final = (
    "What the stops have in common",
    "How many have this time",
    "How many have not: they count for nothing else",
    "Half of the stops are shorter",
    "From the lower to the upper quartile: the middle half of the stops",
    "Median deviation from the median, scaled to compare with a standard deviation",
    "The shortest",
    "How the time changes, with the 95 % interval (Theil-Sen)",
    "Part of the other stops that are slower than the one chosen in the Stop panel (mid-rank)",
)


def seconds(value_s: float | None) -> str:
    """Return seconds with three decimals, or that there are none."""
    return "" if value_s is None else _signed(value_s, "")


def trend_unit(over: Over) -> str:
    """Return what trends are told in."""
    return "s a month" if over is Over.DATE else "s in 10 stops"


def trend_text(trend: Trend | None, over: Over) -> str:
    """Return how a time changes, without its unit: ``-0.021 (-0.040 to -0.002)``."""
    if trend is None:
        return ""
    factor = DAYS_A_MONTH if over is Over.DATE else 10.0
    low, high = (_signed(one * factor) for one in (trend.low, trend.high))
    return f"{_signed(trend.slope * factor)} ({low} to {high})"


def headings(over: Over) -> tuple[str, ...]:
    """Return the heads of the columns."""
    return tuple(f"Trend, {trend_unit(over)}" if one == "Trend" else one for one in HEADINGS)


def group_cells(group: GroupTold, answer: Answer) -> tuple[str, ...]:
    """Return a row of the table, as ``HEADINGS`` has it."""
    told = group.summary
    chosen = next((one for one in answer.chosen if one.group == group.name), None)
    return (
        group.name,
        f"{told.count:,}",
        f"{told.not_found:,}",
        *map(seconds, (told.median, told.spread, told.deviation, told.best)),
        trend_text(group.trend, answer.question.over),
        "" if chosen is None else chosen_text(chosen),
    )


def chosen_text(chosen: ChosenTold) -> str:
    """Return where the chosen stop stands: ``2.310, faster than 71 %``."""
    value = f"{chosen.value_s:.3f}"
    if chosen.percentile is None:
        return value
    return f"{value}, faster than {100.0 - chosen.percentile:.0f} %"


def headline(answer: Answer, group: GroupTold | None) -> str:
    """Return what is told of the group that is looked at, in one line."""
    if group is None:
        return ""
    told = group.summary
    if not told.count:
        return f"{answer.label}: {NOT_FOUND} in any of {told.not_found:,} stops"
    parts = [
        f"{answer.label}, {_group_word(group.name)}: median {seconds(told.median)} s",
        f"spread {seconds(told.spread)} s",
        f"best {seconds(told.best)} s",
        f"{told.count:,} of {told.count + told.not_found:,} found",
    ]
    if trend := trend_text(group.trend, answer.question.over):
        parts.append(f"trend {trend} {trend_unit(answer.question.over)}")
    return " · ".join(parts)


def left_out_text(answer: Answer) -> str:
    """Return what does not count and why; empty where everything does."""
    sample = answer.sample
    reasons = (
        (sample.unconfirmed, "not confirmed"),
        (sample.unsure, "not known well enough"),
        (sample.repeated, "analysed again later"),
    )
    told = ", ".join(f"{count:,} {why}" for count, why in reasons if count)
    return f"Left out: {told}." if told else ""


def point_text(one: TimedStop) -> str:
    """Return a point of the chart in words, line by line."""
    stop, facts = one.stop, one.stop.facts
    place = f", {PLACE_WORDS[one.place]}" if one.place else ""
    lines = [
        f"{value_text(one)}{place}",
        " · ".join(filter(None, (stop.series, stop.race, stop.session, f"{stop.day:%Y-%m-%d}"))),
        " · ".join(filter(None, (_car(facts.car_number), facts.team, facts.driver_in))),
        f"{stop.clip}, stop {stop.number}",
        "confirmed" if one.is_confirmed else "proposed",
    ]
    return "\n".join(filter(None, lines))


def value_text(one: TimedStop) -> str:
    """Return a time with how far off it may be."""
    if one.value_s is None:
        return NOT_FOUND
    off = one.uncertainty_s
    return f"{seconds(one.value_s)} s" + ("" if off is None else f" ±{off:.3f}")


def peers_text(peers: Peers | None, value_s: float | None) -> str:
    """Return how far a stop is behind the best of its peers, and who they are."""
    if peers is None or not peers.who:
        return ""
    if peers.best_s is None:
        return f"No other of the {peers.who} in the history has this time."
    among = f"{peers.count:,} other {peers.who}"
    if value_s is None:
        return f"Best of {among}: {peers.best_s:.3f} s"
    behind = value_s - peers.best_s
    told = f"{_signed(behind)} s on the best of {among} ({peers.best_s:.3f} s)"
    if peers.percentile is not None:
        told = f"{told}; faster than {100.0 - peers.percentile:.0f} %"
    against = median_words(peers, Place.NONE, value_s)
    return f"{told}; {against.off} s on the median" if against is not None else told


class Against(NamedTuple):
    """What a stop took at a place against the median of its peers.

    Attributes:
        off: Seconds with their sign.
        whole: In full.
    """

    off: str
    whole: str


def median_words(peers: Peers | None, place: Place, value_s: float | None) -> Against | None:
    """Return how far a time is off the median of its peers; None where either is not known."""
    medians = () if peers is None else peers.medians
    found = next((one for one in medians if one.place is place), None)
    if peers is None or found is None or value_s is None:
        return None
    off_s = value_s - found.median_s
    way = "slower" if off_s > 0 else "faster"
    whole = (
        f"{abs(off_s):.3f} s {way} than the median of {found.count:,} other {peers.who}: "
        f"{found.median_s:.3f} s"
    )
    return Against(_signed(off_s), whole)


def as_table(answer: Answer, order: list[int]) -> str:
    """Return the groups as lines of cells with tabs between them, for the clipboard."""
    groups = (group_cells(answer.groups[place], answer) for place in order)
    rows = (headings(answer.question.over), *groups)
    return "\n".join("\t".join(row) for row in rows)


def _group_word(name: str) -> str:
    return name.lower() if name == HEAD_ALL else name


def _car(number: str) -> str:
    return f"Car {number}" if number else ""


def _signed(value: float, plus: str = "+") -> str:
    text = f"{abs(value):.3f}"
    return f"{MINUS if value < 0 else plus}{text}"
