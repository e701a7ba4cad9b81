"""Plain values between the statistics desk and whoever shows statistics, and what it asks.

Light: the window is on screen before numpy's statistics and the history's libraries are loaded;
``jobs.statistics_reading`` holds them and is imported on a worker.
"""

# ruff: noqa: D102 - the calls of the Protocol are documented at jobs.statistics_reading

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from codefx_desktop.domain.statistics import DurationChoice, GroupBy, Sample, StatFilter

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from codefx_desktop.domain.events import Place
    from codefx_desktop.domain.job import JobRecord
    from codefx_desktop.domain.run import CancelSignal
    from codefx_desktop.domain.statistics import Summary, Trend

StopKey = tuple[str, int]
"""A stop: id of its job, its number there."""


class Over(StrEnum):
    """What a trend is told over."""

    DATE = "date"
    ORDER = "order"


@dataclass(frozen=True, slots=True)
class Question:
    """What the statistics are asked.

    Attributes:
        wanted: Which durations of which stops count.
        by: What they are told apart by.
        over: What trends are told over: days, or stops one after the other.
        chosen: The stop that is to be placed among its peers.
    """

    wanted: StatFilter = field(default_factory=StatFilter)
    by: GroupBy = GroupBy.NONE
    over: Over = Over.DATE
    chosen: StopKey | None = None


@dataclass(frozen=True, slots=True)
class GroupTold:
    """One group of stops.

    Attributes:
        name: Its name.
        rows: Places of its durations in the sample.
        summary: What is told of its values.
        trend: How they change, per day or per stop; None where that cannot be told.
    """

    name: str
    rows: tuple[int, ...]
    summary: Summary
    trend: Trend | None


@dataclass(frozen=True, slots=True)
class ChosenTold:
    """The chosen stop among its peers.

    Attributes:
        row: Its place in the sample.
        group: Name of the group of its peers.
        value_s: Seconds.
        peers: How many values there are in the group, its own too.
        percentile: Mid-rank among the others, 0 to 100; small is fast. None where it has none.
        behind_s: How much longer than the best of the group.
    """

    row: int
    group: str
    value_s: float
    peers: int
    percentile: float | None
    behind_s: float


@dataclass(frozen=True, slots=True)
class Choices:
    """What can be asked for.

    Attributes:
        durations: All that stops have.
        series: All that jobs have; likewise the races.
        races: See there.
        teams: All that stops have.
        templates: Name in files and label.
        stops: How many stops the history knows.
    """

    durations: tuple[DurationChoice, ...] = ()
    series: tuple[str, ...] = ()
    races: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    templates: tuple[tuple[str, str], ...] = ()
    stops: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """What the history says.

    Attributes:
        question: What was asked.
        label: Name of the duration on screen.
        sample: What counts and what does not.
        whole: What is told of all of it.
        groups: Group by group, in order of name.
        chosen: The chosen stop, once for each group that it is in.
        choices: What can be asked for.
        trouble: Why there is no answer; empty where there is one.
    """

    question: Question
    label: str = ""
    sample: Sample = field(default_factory=lambda: Sample(()))
    whole: GroupTold | None = None
    groups: tuple[GroupTold, ...] = ()
    chosen: tuple[ChosenTold, ...] = ()
    choices: Choices = field(default_factory=Choices)
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class PlaceMedian:
    """The median of what peers took at one place.

    Attributes:
        place: A corner for its tyre; none for the stationary time.
        median_s: Seconds.
        count: Of how many stops.
    """

    place: Place
    median_s: float
    count: int


@dataclass(frozen=True, slots=True)
class Peers:
    """The best of a stop's peers in the history.

    Attributes:
        job_id: Job of the stop.
        number: The stop.
        who: Which peers, in words: ``Blue in F1, Formula 1``.
        count: How many of them, this stop not among them, have a stationary time.
        best_s: The shortest of theirs; None where there is none.
        best: Whose that is.
        percentile: Mid-rank of this stop among them, 0 to 100; None where it has no time, or no
            peers.
        medians: Of their stationary times and of each corner's, as far as they have them.
    """

    job_id: str
    number: int
    who: str
    count: int = 0
    best_s: float | None = None
    best: StopKey | None = None
    percentile: float | None = None
    medians: tuple[PlaceMedian, ...] = ()


class StatisticsCalls(Protocol):
    """Statistics over the history; every call blocks and belongs on a worker."""

    def answer(self, question: Question, cancel: CancelSignal) -> Answer: ...
    def freshen(self, cancel: CancelSignal, progress: Callable[[int, int], None] = ...) -> int: ...
    def peers(self, job_id: str, number: int, cancel: CancelSignal) -> Peers: ...
    def job(self, job_id: str) -> JobRecord: ...
    def save_csv(self, wanted: StatFilter, path: Path) -> None: ...
