"""Rows and ticks of a stop's chart."""

from __future__ import annotations

from codefx_desktop.domain.breakdown import GanttBar
from codefx_desktop.domain.events import Place
from codefx_desktop.domain.gantt import lanes_of, ticks


def bar(place: Place, begin_s: float, end_s: float) -> GanttBar:
    return GanttBar("Loosen", place, begin_s, end_s, None, False, begin_s, end_s)


def test_tasks_that_overlap_take_further_rows() -> None:
    front, rear = Place.FRONT_LEFT, Place.REAR_LEFT
    bars = (bar(rear, 0, 1), bar(front, 0, 1), bar(front, 0.5, 2), bar(front, 1, 3))
    told = [(lane.place, lane.is_first, lane.bars) for lane in lanes_of(bars)]
    assert told == [(front, True, (1, 3)), (front, False, (2,)), (rear, True, (0,))]


def test_ticks_are_round_and_not_more_than_wanted() -> None:
    assert [text for _, text in ticks(-0.05, 1.0, 6)] == ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]
    assert [time for time, _ in ticks(0, 300, 5)] == [0, 60, 120, 180, 240, 300]
    assert len(ticks(0, 1e5, 4)) > 0  # beyond the longest step there are more
