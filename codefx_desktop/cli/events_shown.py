"""A pit stop as tables and sentences in the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich import box
from rich.table import Table
from rich.text import Text

from codefx_desktop.domain.events import EventStatus, Place
from codefx_desktop.domain.stop_times import rounded_up
from codefx_desktop.domain.stop_words import NOT_FOUND
from codefx_desktop.settings.templates import event_kinds

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rich.console import Console

    from codefx_desktop.artifacts.stop_report import StopTold
    from codefx_desktop.domain.breakdown import Breakdown, MarksHit
    from codefx_desktop.domain.events import Event
    from codefx_desktop.domain.stop import Duration, PitStop


def show_stop(console: Console, told: StopTold) -> None:
    """Print everything about one stop; table by table, without colours in a pipe."""
    stop, found = told.stop, told.breakdown
    _say(console, "")
    _say(console, _headline(stop, found))
    if stop.time_scale != 1.0:
        scale = f"{stop.time_scale:.3g} in one of the clip"
        _say(console, f"Slow motion: events on the clip's clock, durations in true s ({scale}).")
    console.print(_events_table(stop.events))
    console.print(_durations_table((*found.durations, *found.synchrony)))
    console.print(_classic_table(found))
    for line in _sentences(stop, found):
        _say(console, line)


def range_text(value: float | None, low: float | None, high: float | None) -> str:
    """Return a time with what its uncertainty allows: ``2.345 (2.330 to 2.360)``."""
    if value is None:
        return NOT_FOUND
    if low is None or high is None or low == high:
        return f"{value:.3f}"
    return f"{value:.3f} ({low:.3f} to {high:.3f})"


def _headline(stop: PitStop, found: Breakdown) -> str:
    one = found.stationary
    label = " ".join(filter(None, (stop.facts.car_number, stop.facts.team, stop.facts.label)))
    told = f"Stop {stop.number}{f' ({label})' if label else ''}, template {stop.template}: "
    unit = "" if one.value_s is None else " s"
    return f"{told}stationary {range_text(one.value_s, one.low_s, one.high_s)}{unit}"


def _events_table(events: Iterable[Event]) -> Table:
    labels = {kind.kind: kind.label for kind in event_kinds()}
    table = Table("Event", "Place", "Time, s", "Frame", "From", "Status", "Sure", box=box.SIMPLE)
    for event in events:
        is_found = event.status is not EventStatus.NOT_FOUND
        table.add_row(
            Text(labels.get(event.kind, event.kind)),
            event.place.value,
            range_text(event.time_s if is_found else None, event.earliest_s, event.latest_s),
            "" if event.frame_number is None or not is_found else str(event.frame_number),
            "" if event.source is None else event.source.value,
            event.status.value.replace("_", " "),
            "" if event.confidence is None or not is_found else f"{event.confidence:.0%}",
            style="" if is_found else "dim",
        )
    return table


def _durations_table(durations: Sequence[Duration]) -> Table:
    """Return a row for each duration and a column for each place that any of them has."""
    places = [place for place in Place if any(one.place is place for one in durations)]
    heads = [place.value or "Car" for place in places]
    table = Table("Duration, s", box=box.SIMPLE, pad_edge=False)
    for head in heads:
        table.add_column(head, no_wrap=True)
    rows: dict[str, dict[Place, Duration]] = {}
    for one in durations:
        rows.setdefault(one.label, {})[one.place] = one
    for label, cells in rows.items():
        table.add_row(
            Text(label), *(_cell(cells[place]) if place in cells else "" for place in places)
        )
    return table


def _cell(one: Duration) -> str:
    if one.value_s is None:
        return NOT_FOUND
    if one.low_s is None or one.high_s is None:
        return f"{one.value_s:.3f}"
    # Not always even: shown is the wider side.
    half = max(one.value_s - one.low_s, one.high_s - one.value_s)
    return f"{one.value_s:.3f}±{rounded_up(half, 3)}"


def _classic_table(found: Breakdown) -> Table:
    table = Table("Classic time", "s", box=box.SIMPLE)
    for name, value in found.classic.values().items():
        table.add_row(name, NOT_FOUND if value is None else f"{value:.3f}")
    return table


def _sentences(stop: PitStop, found: Breakdown) -> list[str]:
    lines = [found.critical.text] if found.critical.text else []
    if found.critical.may_have:
        lines.append(f"As well may have: {', '.join(found.critical.may_have)}.")
    for what, corner in (("First", found.first_corner), ("Last", found.last_corner)):
        if corner is not None:
            sure = "" if corner.is_sure else ", within its uncertainty"
            lines.append(f"{what} corner done: {corner.place} at {corner.time_s:.3f} s{sure}.")
    lines += [
        f"Crew of {one.place}: near for {one.present_s:.2f} s, idle "
        f"{NOT_FOUND if one.idle_s is None else f'{one.idle_s:.2f} s'}."
        for one in found.idle
    ]
    lines.append(_marks(found.marks))
    lines += [
        f"To judge: {flag.kind}, frame {flag.frame_number} ({flag.time_s:.3f} s): {flag.text}"
        for flag in stop.flags
    ]
    return [*lines, *found.order_breaks, *stop.notes]


def _marks(marks: MarksHit) -> str:
    parts = [
        f"{abs(marks.long_m):.2f} m {'long' if marks.long_m >= 0 else 'short'}"
        if marks.long_m is not None
        else "",
        f"{abs(marks.lateral_m):.2f} m to the {'left' if marks.lateral_m >= 0 else 'right'}"
        if marks.lateral_m is not None
        else "",
        f"turned {abs(marks.angle_deg):.1f} degrees to the "
        f"{'left' if marks.angle_deg >= 0 else 'right'}"
        if marks.angle_deg is not None
        else "",
    ]
    told = ", ".join(filter(None, parts))
    return f"Marks: {told or NOT_FOUND}.{f' {marks.reason}' if marks.reason else ''}"


def _say(console: Console, line: str) -> None:
    console.print(Text(line), soft_wrap=True)
