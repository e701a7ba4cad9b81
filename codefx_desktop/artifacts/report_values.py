"""What reports of a job's stops tell, as plain values; XLSX and PDF are written from it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from codefx_desktop.domain.events import EventStatus
from codefx_desktop.domain.stop_times import apart
from codefx_desktop.domain.stop_words import PLACE_WORDS
from codefx_desktop.domain.template import CORNERS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from codefx_desktop.artifacts.stop_report import StopTold
    from codefx_desktop.domain.events import Event, Place
    from codefx_desktop.domain.frame import Pixels
    from codefx_desktop.domain.stop import Duration, PitStop


@dataclass(frozen=True, slots=True)
class AuditRow:
    """A change that a person made.

    Attributes:
        at: When, ISO 8601 in UTC.
        who: The person, as the system knows them.
        what: What was done.
        is_undone: Whether it was taken back.
    """

    at: str
    who: str
    what: str
    is_undone: bool = False


@dataclass(frozen=True, slots=True)
class ReportModel:
    """A model that was used: what for, its file, its SHA-256."""

    task: str
    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class JobReport:
    """All that reports tell of a job.

    Attributes:
        job_id: The job.
        clip: File name of its clip.
        made_at: When the report is made, ISO 8601.
        template: What the stops' template is called.
        stops: In order of time, with what the person corrected.
        labels: Name of each kind of event on screen.
        heads: What is told above all: series, race, date; name and text.
        settings: What the analysis was made with; name and text.
        models: What looked at the pictures.
        audit: What a person changed, oldest first.
    """

    job_id: str
    clip: str
    made_at: str
    template: str
    stops: tuple[StopTold, ...]
    labels: Mapping[str, str] = field(default_factory=dict)
    heads: tuple[tuple[str, str], ...] = ()
    settings: tuple[tuple[str, str], ...] = ()
    models: tuple[ReportModel, ...] = ()
    audit: tuple[AuditRow, ...] = ()

    def label(self, kind: str) -> str:
        """Return what a kind of event is called."""
        return self.labels.get(kind, kind.replace("_", " ").capitalize())


@dataclass(frozen=True, slots=True, eq=False)
class KeyFrame:
    """A picture of the clip that a report shows.

    Attributes:
        name: What it shows: ``Stop``.
        text: When, and which frame; or why there is no picture.
        pixels: RGB, (H, W, 3), uint8; None where the clip cannot be read, or nothing was found.
    """

    name: str
    text: str
    pixels: Pixels | None = None


def is_found(event: Event) -> bool:
    """Return whether an event has a time."""
    return event.status is not EventStatus.NOT_FOUND and event.time_s is not None


def doubt(value: float, low: float | None, high: float | None) -> float | None:
    """Return by how much a figure may be off, its wider side; None where that is not stated."""
    if low is None or high is None:
        return None
    return max(value - low, high - value, 0.0)


def doubt_of(one: Duration) -> float | None:
    """Return by how much a duration may be off; None where it was not found."""
    return None if one.value_s is None else doubt(one.value_s, one.low_s, one.high_s)


def place_word(place: Place) -> str:
    """Return a place as in a table: ``FL``, ``front``, ``car``."""
    return place.value if place in CORNERS else PLACE_WORDS[place]


def own_doubt(event: Event) -> float | None:
    """Return by how much an event's own time may be off; None where it has none, or states none."""
    if event.time_s is None or not is_found(event):
        return None
    return doubt(event.time_s, event.earliest_s, event.latest_s)


def since_stop(event: Event, stop: PitStop) -> tuple[float, float | None] | None:
    """Return true seconds from the car's stop to an event, and by how much they may be off.

    Both ends' bounds count; of the stop itself its own. None where either was not found.
    """
    began = stop.event("stop")
    if began is None or began.time_s is None or event.time_s is None or not is_found(event):
        return None
    if event is began or (event.kind, event.place) == (began.kind, began.place):
        return 0.0, _scaled(own_doubt(event), stop)
    value, off = apart(began, event, stop.time_scale)
    return value, off if own_doubt(event) is not None else None


def _scaled(value: float | None, stop: PitStop) -> float | None:
    return None if value is None else value * stop.time_scale
