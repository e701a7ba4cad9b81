"""A pit stop as values: its events, what is said about it, and what follows from them."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from codefx_desktop.domain.events import Event, EventStatus, Place

if TYPE_CHECKING:
    from collections.abc import Mapping

    from codefx_desktop.domain.zone import CarPlace


@dataclass(frozen=True, slots=True)
class StopFacts:
    """What a person says about a stop; all optional, filled once per batch.

    Attributes:
        car_number: As painted on the car.
        team: Its team.
        driver_in: Who arrives in the car.
        driver_out: Who leaves in it, where drivers change.
        lap: Race lap at which it came in.
        label: Free.
        tyre_set: Which tyres were put on.
        crew: Who stood where: position to name.
    """

    car_number: str = ""
    team: str = ""
    driver_in: str = ""
    driver_out: str = ""
    lap: int | None = None
    label: str = ""
    tyre_set: str = ""
    crew: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Heading:
    """Which way the stopped car points on the picture.

    Attributes:
        front_deg: Where its front points: 0 right, 90 up, 180 left, 270 down; None where that is
            not known, and then no event has a place.
        source: ``arrival``, ``departure``, ``camera`` (its profile), ``manual``; empty where not
            known.
        mirrored: The picture shows left and right exchanged.
    """

    front_deg: float | None = None
    source: str = ""
    mirrored: bool = False


class FlagKind(StrEnum):
    """What may have been against the rules; a person judges."""

    CREW_OVER_LINE = "crew over the line"
    TOO_MANY_CREW = "too many crew"
    WHEEL_LOOSE = "wheel uncontrolled"
    UNSAFE_RELEASE = "release into traffic"
    EQUIPMENT_LEFT = "equipment left in the box"


@dataclass(frozen=True, slots=True)
class RuleFlag:
    """Something for a person to judge.

    Attributes:
        kind: What it may be.
        frame_number: The evidence.
        time_s: When that is.
        text: What was seen, in words and figures.
        xyxy: Where on the picture, pixels; None for all of it.
    """

    kind: FlagKind
    frame_number: int
    time_s: float
    text: str
    xyxy: tuple[float, float, float, float] | None = None


@dataclass(frozen=True, slots=True)
class PitStop:
    """One stop of one car.

    Attributes:
        number: 1-based, in order of time in its clip.
        template: Name of the template whose events it has.
        events: One for each kind and place of the template, in the template's order; those that
            were not measured have status ``not_found``.
        begins_s: From when the clip shows it, seconds from the first picture.
        ends_s: Until when.
        heading: Which way the car points.
        car: Where it stands; None where that was not measured.
        flags: For a person to judge.
        facts: What a person says about it.
        notes: What could not be measured, and why, in sentences for a person.
        time_scale: Seconds that passed in one second of the clip: below 1 where it is slow
            motion. Events have the clip's times, durations are true ones.
    """

    number: int
    template: str
    events: tuple[Event, ...]
    begins_s: float
    ends_s: float
    heading: Heading = field(default_factory=Heading)
    car: CarPlace | None = None
    flags: tuple[RuleFlag, ...] = ()
    facts: StopFacts = field(default_factory=StopFacts)
    notes: tuple[str, ...] = ()
    time_scale: float = 1.0

    def event(self, kind: str, place: Place = Place.NONE) -> Event | None:
        """Return the event of a kind and place if it has a time, otherwise None."""
        for event in self.events:
            if event.kind == kind and event.place == place:
                return None if event.status is EventStatus.NOT_FOUND else event
        return None


@dataclass(frozen=True, slots=True)
class Duration:
    """A time between two events.

    Attributes:
        name: Its name in files (``stationary``, ``tyre``).
        label: Its name on screen.
        place: Which corner or end, or none.
        value_s: Seconds; None where either end was not found.
        low_s: Least that the ends' uncertainties allow; None likewise.
        high_s: Most that they allow; None likewise.
        begins: The event it begins with; None where that was not found.
        ends: The event it ends with; None likewise.
    """

    name: str
    label: str
    place: Place
    value_s: float | None = None
    low_s: float | None = None
    high_s: float | None = None
    begins: Event | None = None
    ends: Event | None = None
