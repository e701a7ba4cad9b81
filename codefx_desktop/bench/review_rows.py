"""What reviewing has to do within which time, and whether it does: rows of a table."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Figure:
    """One thing that was measured.

    Attributes:
        name: What.
        value: What counts against the goal: the 95th percentile of times, or what it is.
        unit: Of value and goal.
        goal: What it has to be; None where nothing is asked.
        is_least: Whether the goal is the least, not the most.
        median: Of the same times; None for a single value.
        cpu_ms: Median of the processor time that this process took meanwhile, all its threads;
            what it takes at least on a machine with nothing else to do. None where not measured.
        count: How many times.
        note: What else is to be known.
    """

    name: str
    value: float
    unit: str = "ms"
    goal: float | None = None
    is_least: bool = False
    median: float | None = None
    cpu_ms: float | None = None
    count: int = 1
    note: str = ""

    @property
    def is_met(self) -> bool | None:
        """Whether the goal is met; None where there is none."""
        if self.goal is None:
            return None
        return self.value >= self.goal if self.is_least else self.value <= self.goal

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {**asdict(self), "is_met": self.is_met}

    @classmethod
    def of(cls, name: str, spent: Times, goal: float | None = None, note: str = "") -> Figure:
        """Return the 95th percentile of times."""
        return cls(
            name,
            round(float(np.percentile(spent.wall_ms, 95)), 2),
            "ms",
            goal,
            median=round(float(np.median(spent.wall_ms)), 2),
            cpu_ms=round(float(np.median(spent.cpu_ms)), 2) if spent.cpu_ms else None,
            count=len(spent.wall_ms),
            note=note,
        )


@dataclass(slots=True)
class Times:
    """Times of the same thing, again and again; milliseconds.

    Attributes:
        wall_ms: On the clock.
        cpu_ms: Of the processor, all threads of this process.
    """

    wall_ms: list[float] = field(default_factory=list)
    cpu_ms: list[float] = field(default_factory=list)


def table(figures: Sequence[Figure]) -> list[str]:
    """Return figures as lines for a person."""
    width = max((len(one.name) for one in figures), default=0)
    head = f"{'':{width}}  {'value':>10}  {'goal':>10}  {'':8}  {'median':>8}  {'processor':>9}"
    return [head.rstrip(), *(_line(one, width) for one in figures)]


def _line(one: Figure, width: int) -> str:
    value = f"{_number(one.value)} {one.unit}"
    sign = ">=" if one.is_least else "<="
    goal = "" if one.goal is None else f"{sign} {_number(one.goal)}"
    met = {True: "met", False: "NOT MET", None: ""}[one.is_met]
    median = "" if one.median is None else _number(one.median)
    cpu = "" if one.cpu_ms is None else _number(one.cpu_ms)
    line = f"{one.name:{width}}  {value:>10}  {goal:>10}  {met:8}  {median:>8}  {cpu:>9}"
    return f"{line}  {one.note}".rstrip()


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.1f}"
