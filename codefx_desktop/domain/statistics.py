"""What the statistics count: stops of the whole history, each with one of its durations.

Light, like all of the domain: the window knows these values before any library is loaded.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from codefx_desktop.domain.job import JobFilter
from codefx_desktop.domain.stop import StopFacts

if TYPE_CHECKING:
    from datetime import date, datetime

    from codefx_desktop.domain.events import Place


class GroupBy(StrEnum):
    """What stops are told apart by."""

    NONE = "all stops"
    SERIES = "series"
    RACE = "race"
    SESSION = "session"
    MONTH = "month"
    CAR = "car"
    TEAM = "team"
    DRIVER_IN = "driver arriving"
    DRIVER_OUT = "driver leaving"
    TYRES = "tyre set"
    CORNER = "corner"
    POSITION = "crew position"
    MEMBER = "crew member"
    TEMPLATE = "template"


@dataclass(frozen=True, slots=True)
class NotedDuration:
    """One duration of a stop, as the history keeps it.

    Attributes:
        name: Its name in files.
        label: Its name on screen.
        place: Which corner or end, or none.
        value_s: Seconds; None where either end was not found.
        low_s: Least that the ends' uncertainties allow; None where that is not known.
        high_s: Most that they allow; None likewise.
        is_confirmed: A person confirmed or gave both its ends.
    """

    name: str
    label: str
    place: Place
    value_s: float | None = None
    low_s: float | None = None
    high_s: float | None = None
    is_confirmed: bool = False


@dataclass(frozen=True, slots=True)
class NotedStop:
    """One stop, as the history keeps it.

    Attributes:
        number: 1-based, in its clip.
        template: Name of its template in files.
        template_label: On screen.
        frame_number: Of the frame to look at: where the car stops, or the first event that was
            found; None where there is none.
        facts: What a person says about it.
        durations: All of them, those that were not found too.
    """

    number: int
    template: str
    template_label: str
    frame_number: int | None
    facts: StopFacts
    durations: tuple[NotedDuration, ...]


@dataclass(frozen=True, slots=True)
class NotedJob:
    """The stops of one job, for the history.

    Attributes:
        job_id: The job.
        signature: Tells the files that the stops were read from; another one: read them again.
        stops: In order of time.
    """

    job_id: str
    signature: str
    stops: tuple[NotedStop, ...]


@dataclass(frozen=True, slots=True)
class StopOrigin:
    """Whose stop it is.

    Attributes:
        job_id: Its job.
        number: 1-based, in its clip.
        clip: File name of its clip.
        day: When it was driven, where a person said so; otherwise the day it was added.
        added_at: When its job was added.
        series: As its job has it; likewise the race and the session.
        race: See there.
        session: See there.
        template: Name of its template in files.
        template_label: On screen.
        frame_number: Of the frame to look at; None where there is none.
        facts: What a person says about it.
        fingerprint: Of its clip; empty where that is not known.
    """

    job_id: str
    number: int
    clip: str
    day: date
    added_at: datetime
    series: str = ""
    race: str = ""
    session: str = ""
    template: str = ""
    template_label: str = ""
    frame_number: int | None = None
    facts: StopFacts = field(default_factory=StopFacts)
    fingerprint: str = ""

    @property
    def key(self) -> tuple[str, int]:
        """What tells it from all others."""
        return self.job_id, self.number


@dataclass(frozen=True, slots=True)
class TimedStop:
    """One duration of one stop, at one place.

    Attributes:
        stop: Whose it is.
        place: Which corner or end, or none.
        value_s: Seconds; None: not found.
        low_s: Least that is possible; None where that is not known.
        high_s: Most; None likewise.
        is_confirmed: A person confirmed or gave both its ends.
    """

    stop: StopOrigin
    place: Place
    value_s: float | None
    low_s: float | None = None
    high_s: float | None = None
    is_confirmed: bool = False

    @property
    def uncertainty_s(self) -> float | None:
        """How far off it may be, the wider side; None where that is not known."""
        if self.value_s is None or self.low_s is None or self.high_s is None:
            return None
        return max(self.value_s - self.low_s, self.high_s - self.value_s)


@dataclass(frozen=True, slots=True)
class DurationChoice:
    """A duration that stops of the history have.

    Attributes:
        name: Its name in files.
        label: On screen.
        places: Where stops have it.
    """

    name: str
    label: str
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class StatFilter:
    """Which durations of which stops count.

    Attributes:
        name: Name of the duration in files.
        place: Only there; None: at every place that stops have it.
        jobs: Of which jobs.
        team: Only of this team; empty for any.
        template: Only by this template; empty for any.
        only_confirmed: Only what a person confirmed.
        most_uncertain_s: Only what is known at least this well; None: however well.
        job_id: Only of this job; empty for any.
    """

    name: str = "stationary"
    place: Place | None = None
    jobs: JobFilter = field(default_factory=JobFilter)
    team: str = ""
    template: str = ""
    only_confirmed: bool = False
    most_uncertain_s: float | None = None
    job_id: str = ""


@dataclass(frozen=True, slots=True)
class Sample:
    """What passed a filter, and what did not.

    Attributes:
        rows: What counts, in order of time; what was not found too, without a value.
        unsure: How many are left out because they are not known well enough.
        unconfirmed: How many because no person confirmed them.
        repeated: How many because a later job analysed the same clip.
    """

    rows: tuple[TimedStop, ...]
    unsure: int = 0
    unconfirmed: int = 0
    repeated: int = 0


@dataclass(frozen=True, slots=True)
class Trend:
    """How values change.

    Attributes:
        slope: Change of the value for 1 more of what it is told over.
        low: Least slope of the 95 % interval.
        high: Greatest.
        middle: Value of the line where ``at`` says.
        at: Median of what it is told over.
    """

    slope: float
    low: float
    high: float
    middle: float
    at: float


@dataclass(frozen=True, slots=True)
class Summary:
    """What is told of the values of one group.

    Attributes:
        count: How many values there are.
        not_found: How many stops have none.
        median: The middle one; this and all that follow are None where there is no value.
        lower: Lower quartile.
        upper: Upper quartile.
        deviation: Median deviation from the median, scaled to be comparable with a standard
            deviation.
        best: The shortest.
        best_index: Which of the values that is.
        longest: The longest.
    """

    count: int
    not_found: int
    median: float | None = None
    lower: float | None = None
    upper: float | None = None
    deviation: float | None = None
    best: float | None = None
    best_index: int | None = None
    longest: float | None = None

    @property
    def spread(self) -> float | None:
        """From the lower to the upper quartile."""
        return None if self.upper is None or self.lower is None else self.upper - self.lower
