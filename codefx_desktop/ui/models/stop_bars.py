"""The tasks of a stop laid out as a chart: lanes by place, the span of time, where ticks stand."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from codefx_desktop.domain.events import Place

if TYPE_CHECKING:
    from codefx_desktop.domain.breakdown import GanttBar
    from codefx_desktop.jobs.stop_values import StopShown

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


@dataclass(frozen=True, slots=True)
class Chart:
    """The tasks of a stop over time; all times are seconds of the clip.

    Attributes:
        bars: The tasks.
        frames: Number of the frame at which each begins; None where that is not known.
        lanes: Rows from top to bottom.
        zero_s: When the car stopped, or where that is not known, the begin of the first task.
        first_s: Left edge.
        last_s: Right edge.
        scale: Seconds that passed in one of the clip.
        ends_s: When what the tasks held came, the release or the going; None where not found.
        ends_word: Which of them.
    """

    bars: tuple[GanttBar, ...] = ()
    frames: tuple[int | None, ...] = ()
    lanes: tuple[Lane, ...] = ()
    zero_s: float = 0.0
    first_s: float = 0.0
    last_s: float = 1.0
    scale: float = 1.0
    ends_s: float | None = None
    ends_word: str = ""

    def slack_end_s(self, number: int) -> float | None:
        """Return until when a task could have lasted; None where it has no slack to show."""
        bar = self.bars[number]
        if not bar.slack_s or bar.is_critical:
            return None
        return min(bar.end_s + bar.slack_s / self.scale, self.last_s)

    def ticks(self, most: int) -> tuple[tuple[float, str], ...]:
        """Return up to so many ticks: where in the clip, and the seconds from the stop."""
        first, last = ((time - self.zero_s) * self.scale for time in (self.first_s, self.last_s))
        step = next((one for one in STEPS_S if (last - first) / one <= max(most, 1)), STEPS_S[-1])
        digits = 1 if step < 1.0 else 0
        numbers = range(math.ceil(first / step), math.floor(last / step) + 1)
        return tuple(
            (self.zero_s + n * step / self.scale, f"{n * step:.{digits}f}") for n in numbers
        )


def chart_of(shown: StopShown) -> Chart:
    """Return the chart of a stop's tasks; one without bars where none is known."""
    stop, path = shown.stop, shown.breakdown.critical
    bars = path.bars
    if not bars:
        return Chart()
    began, until = stop.event("stop"), stop.event(path.until) if path.until else None
    known = began is not None and began.time_s is not None
    zero = began.time_s if known and began is not None else bars[0].begin_s
    assert zero is not None
    ends_s = None if until is None else until.time_s
    first = min([zero, *(bar.begin_low for bar in bars)])
    last = max([*(bar.end_high for bar in bars), *([] if ends_s is None else [ends_s])])
    margin = 0.01 * (last - first)
    frames = shown.bar_frames or (None,) * len(bars)
    return Chart(
        bars,
        frames,
        _lanes(bars),
        zero,
        first - margin,
        last + margin,
        stop.time_scale or 1.0,
        ends_s,
        path.until,
    )


def _lanes(bars: tuple[GanttBar, ...]) -> tuple[Lane, ...]:
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
