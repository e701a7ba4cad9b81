"""Plain values between the stop desk and whoever shows stops, and what the desk asks.

Light: the window is on screen before the libraries that take a stop apart are loaded;
``jobs.stop_reading`` holds them and is imported on a worker.
"""

# ruff: noqa: D102 - the calls of the Protocol are documented at jobs.stop_reading

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from codefx_desktop.domain.stop import StopFacts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from codefx_desktop.domain.breakdown import Breakdown
    from codefx_desktop.domain.classic import ClassicTimes
    from codefx_desktop.domain.job import JobRecord
    from codefx_desktop.domain.run import CancelSignal
    from codefx_desktop.domain.stop import PitStop


class StopState(StrEnum):
    """Where the stops of a job stand.

    Attributes:
        WAITING: The job has not ended, or ended before stops were looked for.
        NOT_ASKED: The job was not to take stops apart.
        NONE: Nobody stopped.
        FOUND: There is at least one.
        UNREADABLE: What is stored of the job cannot be read.
    """

    WAITING = "waiting"
    NOT_ASKED = "not asked"
    NONE = "none"
    FOUND = "found"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class StopShown:
    """A stop and what follows from it.

    Attributes:
        stop: The stop.
        breakdown: What follows.
        bar_frames: Number of the frame nearest to the beginning of each bar of the critical path;
            None where no frame is known for it.
    """

    stop: PitStop
    breakdown: Breakdown
    bar_frames: tuple[int | None, ...] = ()


@dataclass(frozen=True, slots=True)
class StopsRead:
    """The stops of one job.

    Attributes:
        job_id: The job.
        state: Where they stand.
        why: What a person should know about the state, in sentences.
        stops: In order of time.
        template: What their template is called on screen.
        labels: Name of each kind of event on screen.
        classic: The classic times as the history has them, of the first stop.
    """

    job_id: str
    state: StopState
    why: str = ""
    stops: tuple[StopShown, ...] = ()
    template: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    classic: ClassicTimes | None = None


@dataclass(frozen=True, slots=True)
class FactsShared:
    """What became of facts that several jobs were to take over.

    Attributes:
        jobs: How many took them.
        left_out: Why others did not, a sentence each.
    """

    records: tuple[JobRecord, ...]
    left_out: tuple[str, ...] = ()


def joined_facts(before: StopFacts, given: StopFacts) -> StopFacts:
    """Return facts in which those that are filled in take the place of what was there."""
    filled = {
        one.name: value
        for one in fields(StopFacts)
        if one.name != "crew" and (value := getattr(given, one.name)) not in ("", None)
    }
    return replace(before, **filled, crew={**before.crew, **given.crew})


class StopCalls(Protocol):
    """The stops of jobs; every call blocks and belongs on a worker."""

    def read(self, job_id: str, cancel: CancelSignal) -> StopsRead: ...
    def set_front(self, job_id: str, front_deg: float, mirrored: bool) -> JobRecord: ...
    def set_facts(self, job_id: str, number: int, facts: StopFacts) -> JobRecord: ...
    def share_facts(self, job_ids: Sequence[str], facts: StopFacts) -> FactsShared: ...
    def set_classic(self, job_id: str, name: str, value_s: float | None) -> JobRecord: ...
