"""Times of many stops as a table for spreadsheets; those not found have a row that says so.

What a time was measured from stands in its job's own tables, which are found by ``job``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from codefx_desktop.artifacts.csv_table import csv_table
from codefx_desktop.artifacts.numbers import measured, text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from codefx_desktop.domain.statistics import TimedStop

COLUMNS: Final = (
    *("job", "stop", "frame", "clip", "date", "series", "race", "session", "template"),
    *("car_number", "team", "driver_in", "driver_out", "lap", "tyre_set", "label", "crew"),
    *("duration", "place", "status", "value_s", "low_s", "high_s", "confirmed"),
)


def times_csv(name: str, rows: Iterable[TimedStop]) -> bytes:
    """Return a duration of many stops as CSV, UTF-8.

    Args:
        name: Name of the duration in files.
        rows: In the order of the table.
    """
    return csv_table(COLUMNS, (_row(name, one) for one in rows))


def _row(name: str, one: TimedStop) -> dict[str, Any]:
    stop, facts = one.stop, one.stop.facts
    values = (
        *(stop.job_id, stop.number, stop.frame_number, text(stop.clip), stop.day.isoformat()),
        *map(text, (stop.series, stop.race, stop.session, stop.template)),
        *map(text, (facts.car_number, facts.team, facts.driver_in, facts.driver_out)),
        *(facts.lap, text(facts.tyre_set), text(facts.label)),
        text("; ".join(f"{position}: {who}" for position, who in facts.crew.items())),
        *(name, one.place.value, "not_found" if one.value_s is None else "found"),
        *map(measured, (one.value_s, one.low_s, one.high_s)),
        "yes" if one.is_confirmed else "no",
    )
    return dict(zip(COLUMNS, values, strict=True))
