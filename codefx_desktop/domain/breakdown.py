"""What follows from a stop's events: its durations, its critical path, how its marks were hit."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from codefx_desktop.domain.classic import ClassicTimes

if TYPE_CHECKING:
    from codefx_desktop.domain.events import Place
    from codefx_desktop.domain.stop import Duration


@dataclass(frozen=True, slots=True)
class GanttBar:
    """One task of a stop, as a bar over time.

    Attributes:
        label: What was done.
        place: Where, or none.
        begin_s: Seconds from the first picture, of the clip as it plays.
        end_s: Likewise.
        slack_s: How much later, in true time, it could have begun and left the release where it
            was; None where the release does not wait for it.
        is_critical: Whether it has no slack.
        begin_low: Earliest instant at which it may have begun.
        end_high: Latest instant at which it may have ended.
        drag_s: By how much the release would have come earlier, had the task taken no time;
            None where it is not critical.
    """

    label: str
    place: Place
    begin_s: float
    end_s: float
    slack_s: float | None
    is_critical: bool
    begin_low: float
    end_high: float
    drag_s: float | None = None

    @property
    def text(self) -> str:
        """Its name for a person: ``Tighten RR``."""
        return f"{self.label} {self.place}".strip()


@dataclass(frozen=True, slots=True)
class CriticalPath:
    """Which tasks held the release.

    Attributes:
        bars: All tasks whose ends are known, in order of their begin.
        held_by: The task that held it most: the one without which it would have come earliest;
            None where that is not known, or no single one did.
        chain: The critical tasks one after the other, up to the release.
        until: ``release``, or ``go`` where the release was not found; empty where neither was.
        wait_s: From the end of the last task that the release waited for to the release.
        left_out: Names of the tasks of which an end was not found.
        may_have: Names of tasks whose uncertainty reaches what held the release just as well.
        text: All this in words.
    """

    bars: tuple[GanttBar, ...] = ()
    held_by: GanttBar | None = None
    chain: tuple[GanttBar, ...] = ()
    until: str = ""
    wait_s: float | None = None
    left_out: tuple[str, ...] = ()
    may_have: tuple[str, ...] = ()
    text: str = ""


@dataclass(frozen=True, slots=True)
class CornerDone:
    """A corner that was done first or last.

    Attributes:
        place: Which corner.
        time_s: When its gun stopped turning the new wheel's nut, seconds from the first picture.
        is_sure: No other corner's uncertainty allows it to have been that one instead.
    """

    place: Place
    time_s: float
    is_sure: bool


@dataclass(frozen=True, slots=True)
class CrewIdle:
    """How the crew of a corner spent the stop.

    Attributes:
        place: Which corner.
        present_s: How long anyone was near it while the car stood.
        idle_s: How much of that nobody worked there; None where a task's end was not found.
    """

    place: Place
    present_s: float
    idle_s: float | None


@dataclass(frozen=True, slots=True)
class MarksHit:
    """How the car stands in its box; positive is long, to the driver's left, turned to the left.

    Attributes:
        long_m: How far the middle between its axles is ahead of the box's middle; short is
            negative.
        lateral_m: How far it is to the left of the box's middle.
        angle_deg: How far it points to the left of the box.
        low_high_long_m: Least and most that the picture allows for ``long_m``.
        low_high_lateral_m: Likewise.
        low_high_angle_deg: Likewise.
        reason: Why it could not be measured; empty where it was.
    """

    long_m: float | None = None
    lateral_m: float | None = None
    angle_deg: float | None = None
    low_high_long_m: tuple[float, float] | None = None
    low_high_lateral_m: tuple[float, float] | None = None
    low_high_angle_deg: tuple[float, float] | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Breakdown:
    """The anatomy of a stop.

    Attributes:
        stationary: ``stop`` to ``go``.
        reaction: ``release`` to ``go``, or what the template says for it.
        durations: All of the template's, place by place, in its order; also the two above.
        classic: The seven classic times.
        first_corner: Which was done first; None unless all corners' ends were found.
        last_corner: Which was done last; None likewise.
        synchrony: Spread of ``loosen_start`` and of ``tighten_end`` over corners that are worked
            on together, group by group; without a value unless all of a group were found.
        order_breaks: Events that broke an order rule beyond their uncertainty, in words.
        critical: Which tasks held the release.
        idle: How the crew of each corner spent the stop; none where nobody saw them.
        marks: How the car stands in its box.
    """

    stationary: Duration
    reaction: Duration
    durations: tuple[Duration, ...]
    classic: ClassicTimes = field(default_factory=ClassicTimes)
    first_corner: CornerDone | None = None
    last_corner: CornerDone | None = None
    synchrony: tuple[Duration, ...] = ()
    order_breaks: tuple[str, ...] = ()
    critical: CriticalPath = field(default_factory=CriticalPath)
    idle: tuple[CrewIdle, ...] = ()
    marks: MarksHit = field(default_factory=MarksHit)

    def duration(self, name: str, place: Place) -> Duration | None:
        """Return a duration of the template by its name and place; None if it has none such."""
        found = (one for one in self.durations if (one.name, one.place) == (name, place))
        return next(found, None)
