"""The points of the chart: where each stop lies, found again by the mouse and by the keys."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from codefx_desktop.jobs.statistics_values import Over
from codefx_desktop.ui.models.statistics_scale import (
    Range,
    count_ticks,
    day_ticks,
    position_range,
    value_range,
    value_ticks,
)

if TYPE_CHECKING:
    import numpy.typing as npt

    from codefx_desktop.domain.statistics import Trend
    from codefx_desktop.jobs.statistics_values import Answer, GroupTold


@dataclass(frozen=True, slots=True, eq=False)
class Points:
    """What the chart shows, in days or stops across and seconds up.

    Attributes:
        over: What lies across.
        row: int64 (N,), place of each point in the sample; ascending.
        x: float64 (N,), day or number of the stop, from 0.
        y: float64 (N,), seconds.
        low: float64 (N,), least that is possible; nan where that is not known.
        high: float64 (N,), most; nan likewise.
        is_confirmed: bool (N,).
        is_picked: bool (N,), in the group that is looked at.
        is_chosen: bool (N,), of the stop that is chosen in the Stop panel.
        across: Range of x.
        up: Range of y.
        trend: Of the group that is looked at.
        median: Likewise.
    """

    over: Over
    row: npt.NDArray[np.int64]
    x: npt.NDArray[np.float64]
    y: npt.NDArray[np.float64]
    low: npt.NDArray[np.float64]
    high: npt.NDArray[np.float64]
    is_confirmed: npt.NDArray[np.bool_]
    is_picked: npt.NDArray[np.bool_]
    is_chosen: npt.NDArray[np.bool_]
    across: Range
    up: Range
    trend: Trend | None
    median: float | None

    def x_ticks(self, most: int) -> list[tuple[float, str]]:
        """Return marks across, so many at most."""
        return (day_ticks if self.over is Over.DATE else count_ticks)(self.across, most)

    def y_ticks(self, most: int) -> list[tuple[float, str]]:
        """Return marks up, so many at most."""
        return value_ticks(self.up, most)

    def up_part(self, values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Return where values lie between bottom and top, 0 to 1; beyond the ends beyond."""
        return (values - self.up.low) / self.up.span

    @property
    def beyond(self) -> int:
        """How many points lie beyond the range, and are drawn at its edge."""
        return int(np.count_nonzero((self.y > self.up.high) | (self.y < self.up.low)))


def points_of(answer: Answer, group: GroupTold | None) -> Points | None:
    """Return the points of an answer; None where nothing was found.

    Args:
        answer: The answer.
        group: The group that is looked at.
    """
    rows = answer.sample.rows
    found = [place for place, one in enumerate(rows) if one.value_s is not None]
    if not found or answer.whole is None:
        return None
    positions = _positions(answer)
    picked = set(range(len(rows)) if group is None else group.rows)
    x = np.array([positions[place] for place in found], np.float64)
    y = np.array([rows[place].value_s for place in found], np.float64)
    low = np.array([_or_nan(rows[place].low_s) for place in found], np.float64)
    high = np.array([_or_nan(rows[place].high_s) for place in found], np.float64)
    told = answer.whole.summary
    own = answer.whole if group is None else group
    key = answer.question.chosen
    return Points(
        over=answer.question.over,
        row=np.array(found, np.int64),
        x=x,
        y=y,
        low=low,
        high=high,
        is_confirmed=np.array([rows[place].is_confirmed for place in found], np.bool_),
        is_picked=np.array([place in picked for place in found], np.bool_),
        is_chosen=np.array([rows[place].stop.key == key for place in found], np.bool_),
        across=position_range((float(x.min()), float(x.max()))),
        up=value_range(y.tolist(), told.lower, told.upper),
        trend=own.trend,
        median=own.summary.median,
    )


def _positions(answer: Answer) -> list[float]:
    rows = answer.sample.rows
    if answer.question.over is Over.DATE:
        return [float(one.stop.day.toordinal()) for one in rows]
    place_of: dict[tuple[str, int], int] = {}
    return [float(place_of.setdefault(one.stop.key, len(place_of))) for one in rows]


def _or_nan(value: float | None) -> float:
    return float("nan") if value is None else value
