"""The tasks of several stops over each other on one axis: where rows and bars lie, no painting."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from codefx_desktop.domain.gantt import ticks
from codefx_desktop.ui.models.compare_align import letter
from codefx_desktop.ui.models.compare_words import pane_name
from codefx_desktop.ui.models.stop_bars import Chart, chart_of

if TYPE_CHECKING:
    from codefx_desktop.domain.events import Place
    from codefx_desktop.ui.models.compare_clock import Track
    from codefx_desktop.ui.models.compare_view import CompareView


@dataclass(frozen=True, slots=True)
class Group:
    """The tasks of one stop.

    Attributes:
        pane: Number of its pane.
        name: What the stop is called.
        chart: Its tasks; times are seconds of its clip.
        zero_s: Where the common time's 0 lies in its clip.
        scale: True seconds in one of its clip.
        offset_s: How far it runs ahead of its event.
    """

    pane: int
    name: str
    chart: Chart
    zero_s: float
    scale: float
    offset_s: float

    def at(self, clip_s: float) -> float:
        """Return where an instant of the clip lies on the common time."""
        return (clip_s - self.zero_s) * self.scale - self.offset_s

    @property
    def letter(self) -> str:
        """What its pane is called."""
        return letter(self.pane)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the whole chart.

    Attributes:
        group: Number of the group among the groups.
        place: Whose tasks are in it; None for the group's head.
        is_first: Whether it is the place's first.
        bars: Numbers of the group's bars.
    """

    group: int
    place: Place | None
    is_first: bool = True
    bars: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Charts:
    """Several stops over each other; times are true seconds on the common time.

    Attributes:
        groups: The stops, in the order of the panes.
        rows: From top to bottom.
        first_s: Left edge.
        last_s: Right edge.
    """

    groups: tuple[Group, ...] = ()
    rows: tuple[Row, ...] = ()
    first_s: float = 0.0
    last_s: float = 1.0

    def ticks(self, most: int) -> tuple[tuple[float, str], ...]:
        """Return up to so many ticks: where, and what stands there."""
        return ticks(self.first_s, self.last_s, most)


def charts_of(view: CompareView) -> Charts:
    """Return the tasks of all stops that are known."""
    groups = []
    for number, pane in enumerate(view.panes):
        shown, zero = pane.stop, pane.zero
        if shown is not None and zero is not None:
            scale = shown.stop.time_scale or 1.0
            name = pane_name(view, number)
            chart = chart_of(shown)
            groups.append(Group(number, name, chart, zero.time_s, scale, pane.offset_s))
    rows: list[Row] = []
    for place, group in enumerate(groups):
        rows.append(Row(place, None))
        rows += [Row(place, lane.place, lane.is_first, lane.bars) for lane in group.chart.lanes]
    edges = [
        group.at(edge)
        for group in groups
        if group.chart.bars
        for edge in (group.chart.first_s, group.chart.last_s)
    ]
    if not edges:
        return Charts(tuple(groups), tuple(rows), *view.player.span())
    return Charts(tuple(groups), tuple(rows), min(edges), max(edges))


def event_marks(view: CompareView) -> tuple[tuple[int, tuple[tuple[float, str], ...]], ...]:
    """Return for each pane where its events lie on the common time, and what they are called."""
    labels, found = view.labels(), []
    for number, pane in enumerate(view.panes):
        track: Track | None = pane.track
        shown = pane.stop
        if track is None or shown is None:
            continue
        marks = tuple(
            (
                (event.time_s - track.zero_s) * track.scale - track.offset_s,
                f"{labels.get(event.kind, event.kind)} {event.place}".strip(),
            )
            for event in shown.stop.events
            if event.time_s is not None
        )
        found.append((number, marks))
    return tuple(found)
