"""A pit stop as a plain dict: in the job's detections file and in reports.

Carries a ``version``. Keys that this program does not know are ignored, keys that are not there
take their default; a version or value that cannot be used is an error that names it.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Final

from codefx_desktop.domain.camera_dict import car_place_from_dict, car_place_to_dict
from codefx_desktop.domain.events import Event, EventSource, EventStatus, Place
from codefx_desktop.domain.json_values import (
    a_list,
    a_number,
    a_text,
    a_whole,
    a_word,
    an_object,
    number_or_none,
    some_numbers,
    whole_or_none,
)
from codefx_desktop.domain.stop import FlagKind, Heading, PitStop, RuleFlag, StopFacts

STOP_VERSION: Final = 1


def stop_to_dict(stop: PitStop) -> dict[str, Any]:
    """Return the stop as JSON values, with its version."""
    return {
        "version": STOP_VERSION,
        "number": stop.number,
        "template": stop.template,
        "begins_s": stop.begins_s,
        "ends_s": stop.ends_s,
        "time_scale": stop.time_scale,
        "heading": asdict(stop.heading),
        "car": car_place_to_dict(stop.car),
        "facts": {**asdict(stop.facts), "crew": dict(stop.facts.crew)},
        "events": [event_to_dict(event) for event in stop.events],
        "flags": [_flag_to_dict(flag) for flag in stop.flags],
        "notes": list(stop.notes),
    }


def stop_from_dict(values: object) -> PitStop:
    """Return the stop that ``stop_to_dict`` wrote.

    Raises:
        ValueError: If the version is newer than this program, or a value cannot be used.
    """
    given = an_object("stop", values)
    version = a_whole("version", given.get("version"))
    if not 1 <= version <= STOP_VERSION:
        raise ValueError(f"a stop of version {version}; this program knows {STOP_VERSION}")
    return PitStop(
        number=a_whole("number", given.get("number")),
        template=a_text("template", given.get("template", "")),
        events=tuple(map(event_from_dict, a_list("events", given.get("events", [])))),
        begins_s=a_number("begins_s", given.get("begins_s")),
        ends_s=a_number("ends_s", given.get("ends_s")),
        heading=heading_from_dict(given.get("heading", {})),
        car=car_place_from_dict(given.get("car")),
        flags=tuple(map(_flag, a_list("flags", given.get("flags", [])))),
        facts=facts_from_dict(given.get("facts", {})),
        notes=tuple(a_text("a note", one) for one in a_list("notes", given.get("notes", []))),
        time_scale=a_number("time_scale", given.get("time_scale", 1.0)),
    )


def event_to_dict(event: Event) -> dict[str, Any]:
    """Return an event as JSON values."""
    return {
        "kind": event.kind,
        "place": event.place.value,
        "time_s": event.time_s,
        "earliest_s": event.earliest_s,
        "latest_s": event.latest_s,
        "frame_number": event.frame_number,
        "source": None if event.source is None else event.source.value,
        "status": event.status.value,
        "confidence": event.confidence,
        "evidence": dict(event.evidence),
    }


def event_from_dict(values: object) -> Event:
    """Return the event that ``event_to_dict`` wrote.

    Raises:
        ValueError: If a value cannot be used.
    """
    given = an_object("event", values)
    source = given.get("source")
    evidence = an_object("evidence", given.get("evidence", {}))
    return Event(
        kind=a_text("kind", given.get("kind")),
        place=a_word("place", given.get("place", ""), Place),
        time_s=number_or_none("time_s", given.get("time_s")),
        earliest_s=number_or_none("earliest_s", given.get("earliest_s")),
        latest_s=number_or_none("latest_s", given.get("latest_s")),
        frame_number=whole_or_none("frame_number", given.get("frame_number")),
        source=None if source is None else a_word("source", source, EventSource),
        status=a_word("status", given.get("status"), EventStatus),
        confidence=number_or_none("confidence", given.get("confidence")),
        evidence={key: a_text(f"evidence.{key}", evidence[key]) for key in evidence},
    )


def heading_from_dict(values: object) -> Heading:
    """Return where the front of a car points.

    Raises:
        ValueError: If a value cannot be used.
    """
    given = an_object("heading", values)
    return Heading(
        number_or_none("front_deg", given.get("front_deg")),
        a_text("heading.source", given.get("source", "")),
        bool(given.get("mirrored", False)),
    )


def facts_from_dict(values: object) -> StopFacts:
    """Return what a person said about a stop.

    Raises:
        ValueError: If a value cannot be used.
    """
    given = an_object("facts", values)
    crew = an_object("crew", given.get("crew", {}))
    names = ("car_number", "team", "driver_in", "driver_out", "label", "tyre_set")
    return StopFacts(
        **{name: a_text(name, given.get(name, "")) for name in names},
        lap=whole_or_none("lap", given.get("lap")),
        crew={position: a_text(f"crew.{position}", crew[position]) for position in crew},
    )


def _flag_to_dict(flag: RuleFlag) -> dict[str, Any]:
    return {
        "kind": flag.kind.value,
        "frame_number": flag.frame_number,
        "time_s": flag.time_s,
        "text": flag.text,
        "xyxy": None if flag.xyxy is None else list(flag.xyxy),
    }


def _flag(values: object) -> RuleFlag:
    given = an_object("flag", values)
    box = given.get("xyxy")
    numbers = () if box is None else some_numbers("xyxy", box, 4)
    return RuleFlag(
        a_word("flag.kind", given.get("kind"), FlagKind),
        a_whole("frame_number", given.get("frame_number")),
        a_number("time_s", given.get("time_s")),
        a_text("text", given.get("text", "")),
        (numbers[0], numbers[1], numbers[2], numbers[3]) if numbers else None,
    )
