"""Where values, days and stops lie on the chart, and which of them get a mark."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

FAR_OUT: Final = 4.0
"""Beyond so many spreads from the quartiles a value is drawn at the edge, with an arrow."""


@dataclass(frozen=True, slots=True)
class Range:
    """From where to where an axis goes."""

    low: float
    high: float

    @property
    def span(self) -> float:
        """How much that is; never 0."""
        return self.high - self.low

    def part(self, value: float) -> float:
        """Return where a value lies, 0 to 1; beyond the ends it is beyond."""
        return (value - self.low) / self.span


def value_range(values: Sequence[float], lower: float | None, upper: float | None) -> Range:
    """Return the range of the value axis: all values, but for those far out.

    Args:
        values: Seconds; not empty.
        lower: Lower quartile.
        upper: Upper quartile.
    """
    low, high = min(values), max(values)
    if lower is not None and upper is not None and upper > lower:
        reach = FAR_OUT * (upper - lower)
        low, high = max(low, lower - reach), min(high, upper + reach)
    margin = max((high - low) * 0.06, 0.01)
    return Range(low - margin, high + margin)


def position_range(positions: Sequence[float]) -> Range:
    """Return the range of the axis across, with room at both ends."""
    low, high = min(positions), max(positions)
    margin = max((high - low) * 0.02, 0.5)
    return Range(low - margin, high + margin)


def value_ticks(axis: Range, most: int) -> list[tuple[float, str]]:
    """Return round values on the axis with their labels.

    Args:
        axis: The axis.
        most: So many have room.
    """
    step = round_step(axis.span / max(most, 1))
    decimals = max(0, -math.floor(math.log10(step) + 1e-9))
    first = math.ceil(axis.low / step - 1e-9)
    last = math.floor(axis.high / step + 1e-9)
    return [(n * step, f"{n * step:.{decimals}f}") for n in range(first, last + 1)]


def day_ticks(axis: Range, most: int) -> list[tuple[float, str]]:
    """Return days with their labels: first of months where the axis is long."""
    if axis.span > 45:
        months = _months(axis)
        every = max(1, math.ceil(len(months) / max(most, 1)))
        return [(one.toordinal(), f"{one:%Y-%m}") for one in months[::every]]
    step = max(1, math.ceil(axis.span / max(most, 1)))
    first = math.ceil(axis.low)
    return [
        (day, date.fromordinal(day).isoformat())
        for day in range(first, math.floor(axis.high) + 1, step)
        if day >= 1
    ]


def count_ticks(axis: Range, most: int) -> list[tuple[float, str]]:
    """Return places of stops with their numbers, from 1."""
    step = max(1, round(round_step(axis.span / max(most, 1))))
    last = math.floor(axis.high)
    return [(n - 1, f"{n:,}") for n in range(step, last + 2, step)]


def round_step(least: float) -> float:
    """Return the smallest of 1, 2, 5 times a power of ten that is not below ``least``."""
    power = 10.0 ** math.floor(math.log10(max(least, 1e-9)))
    return next(step * power for step in (1, 2, 5, 10) if step * power >= least * (1 - 1e-9))


def _months(axis: Range) -> list[date]:
    one = date.fromordinal(max(1, math.ceil(axis.low)))
    months, last = [], date.fromordinal(max(1, math.floor(axis.high)))
    year, month = one.year, one.month
    while date(year, month, 1) <= last:
        if date(year, month, 1) >= one:
            months.append(date(year, month, 1))
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return months
