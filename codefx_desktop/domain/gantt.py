"""How the tasks of a stop lie in a chart: rows by place, and where ticks stand."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from codefx_desktop.domain.events import Place

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codefx_desktop.domain.breakdown import GanttBar

STEPS_S: Final = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 30.0, 60.0, 120.0, 300.0, 600.0)
_ORDER: Final = (
    *(Place.NONE, Place.FRONT, Place.REAR, Place.LEFT, Place.RIGHT),
    *(Place.FRONT_LEFT, Place.FRONT_RIGHT, Place.REAR_LEFT, Place.REAR_RIGHT),
)


@dataclass(frozen=True, slots=True)
class Lane:
    """A row of the chart.

    Attributes:
        place: Whose tasks are in it.
        is_first: Whether it is the place's first; tasks that overlap take further ones.
        bars: Numbers of its bars, in order of their begin.
    """

    place: Place
    is_first: bool
    bars: tuple[int, ...]


def lanes_of(bars: Sequence[GanttBar]) -> tuple[Lane, ...]:
    """Return the rows of a chart from top to bottom."""
    lanes = []
    for place in _ORDER:
        rows: list[list[int]] = []
        numbers = [number for number, bar in enumerate(bars) if bar.place is place]
        for number in sorted(numbers, key=lambda one: (bars[one].begin_s, bars[one].end_s)):
            for row in rows:
                if bars[row[-1]].end_s <= bars[number].begin_s + 1e-6:
                    row.append(number)
                    break
            else:
                rows.append([number])
        lanes += [Lane(place, at == 0, tuple(row)) for at, row in enumerate(rows)]
    return tuple(lanes)


def ticks(first_s: float, last_s: float, most: int) -> tuple[tuple[float, str], ...]:
    """Return up to so many round instants between two, each with its text."""
    span = last_s - first_s
    step = next((one for one in STEPS_S if span / one <= max(most, 1)), STEPS_S[-1])
    digits = 1 if step < 1.0 else 0
    numbers = range(math.ceil(first_s / step), math.floor(last_s / step) + 1)
    return tuple((number * step, f"{number * step:.{digits}f}") for number in numbers)
