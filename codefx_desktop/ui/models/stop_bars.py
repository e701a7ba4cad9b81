"""The tasks of a stop laid out as a chart: lanes by place, the span of time, where ticks stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from codefx_desktop.domain.gantt import Lane, lanes_of, ticks

if TYPE_CHECKING:
    from codefx_desktop.domain.breakdown import GanttBar
    from codefx_desktop.jobs.stop_values import StopShown


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
        return tuple(
            (self.zero_s + since / self.scale, text) for since, text in ticks(first, last, most)
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
        lanes_of(bars),
        zero,
        first - margin,
        last + margin,
        stop.time_scale or 1.0,
        ends_s,
        path.until,
    )
