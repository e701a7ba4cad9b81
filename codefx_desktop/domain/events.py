"""Events of a pit stop as values; their kinds stand in ``resources/event_kinds.json``."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Place(StrEnum):
    """Where on the car, seen by its driver; front is the end that leads on arrival."""

    NONE = ""
    FRONT_LEFT = "FL"
    FRONT_RIGHT = "FR"
    REAR_LEFT = "RL"
    REAR_RIGHT = "RR"
    FRONT = "front"
    REAR = "rear"
    LEFT = "left"
    RIGHT = "right"


class EventSource(StrEnum):
    """What an event's time was measured from."""

    TRACK = "track"
    ZONE = "zone"
    MOTION = "motion"
    AUDIO = "audio"
    MANUAL = "manual"


class EventStatus(StrEnum):
    """How far an event can be relied on."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    EDITED = "edited"
    NOT_FOUND = "not_found"


@dataclass(frozen=True, slots=True)
class EventKind:
    """One row of the table of event kinds.

    Attributes:
        kind: Its name in files and databases (``wheel_off``).
        label: Its name on screen.
        per: ``car``, ``corner`` or ``end`` (front / rear).
        definition: The exact definition of its instant.
    """

    kind: str
    label: str
    per: str
    definition: str


@dataclass(frozen=True, slots=True)
class Event:
    """One instant of a pit stop.

    Attributes:
        kind: A name from the table of event kinds.
        place: Which corner or end, or none.
        time_s: Seconds from the first picture; None when not found.
        earliest_s: Earliest instant the evidence allows; None when not found.
        latest_s: Latest instant the evidence allows; None when not found.
        frame_number: Nearest frame, or None.
        source: What it was measured from; None when not found.
        status: proposed, confirmed, edited, not_found.
        confidence: 0 to 1, or None.
        evidence: What supports it, in words and figures.
    """

    kind: str
    place: Place = Place.NONE
    time_s: float | None = None
    earliest_s: float | None = None
    latest_s: float | None = None
    frame_number: int | None = None
    source: EventSource | None = None
    status: EventStatus = EventStatus.NOT_FOUND
    confidence: float | None = None
    evidence: dict[str, str] = field(default_factory=dict)
