"""A pit stop as a plain dict: in the job's detections file and in reports.

Carries a ``version``. Keys that this program does not know are ignored, keys that are not there
take their default; a version or value that cannot be used is an error that names it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict
from enum import StrEnum
from typing import Any, Final, TypeVar

from codefx_desktop.domain.camera_dict import car_place_from_dict, car_place_to_dict
from codefx_desktop.domain.events import Event, EventSource, EventStatus, Place
from codefx_desktop.domain.stop import FlagKind, Heading, PitStop, RuleFlag, StopFacts

STOP_VERSION: Final = 1
Word = TypeVar("Word", bound=StrEnum)


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
    given = _object("stop", values)
    version = _whole("version", given.get("version"))
    if not 1 <= version <= STOP_VERSION:
        raise ValueError(f"a stop of version {version}; this program knows {STOP_VERSION}")
    heading = _object("heading", given.get("heading", {}))
    return PitStop(
        number=_whole("number", given.get("number")),
        template=_text("template", given.get("template", "")),
        events=tuple(map(event_from_dict, _list("events", given.get("events", [])))),
        begins_s=_number("begins_s", given.get("begins_s")),
        ends_s=_number("ends_s", given.get("ends_s")),
        heading=Heading(
            _maybe("front_deg", heading.get("front_deg")),
            _text("heading.source", heading.get("source", "")),
            bool(heading.get("mirrored", False)),
        ),
        car=car_place_from_dict(given.get("car")),
        flags=tuple(map(_flag, _list("flags", given.get("flags", [])))),
        facts=facts_from_dict(given.get("facts", {})),
        notes=tuple(_text("a note", one) for one in _list("notes", given.get("notes", []))),
        time_scale=_number("time_scale", given.get("time_scale", 1.0)),
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
    given = _object("event", values)
    frame, source = given.get("frame_number"), given.get("source")
    evidence = _object("evidence", given.get("evidence", {}))
    return Event(
        kind=_text("kind", given.get("kind")),
        place=_word("place", given.get("place", ""), Place),
        time_s=_maybe("time_s", given.get("time_s")),
        earliest_s=_maybe("earliest_s", given.get("earliest_s")),
        latest_s=_maybe("latest_s", given.get("latest_s")),
        frame_number=None if frame is None else _whole("frame_number", frame),
        source=None if source is None else _word("source", source, EventSource),
        status=_word("status", given.get("status"), EventStatus),
        confidence=_maybe("confidence", given.get("confidence")),
        evidence={key: _text(f"evidence.{key}", evidence[key]) for key in evidence},
    )


def facts_from_dict(values: object) -> StopFacts:
    """Return what a person said about a stop.

    Raises:
        ValueError: If a value cannot be used.
    """
    given = _object("facts", values)
    lap = given.get("lap")
    crew = _object("crew", given.get("crew", {}))
    names = ("car_number", "team", "driver_in", "driver_out", "label", "tyre_set")
    return StopFacts(
        **{name: _text(name, given.get(name, "")) for name in names},
        lap=None if lap is None else _whole("lap", lap),
        crew={position: _text(f"crew.{position}", crew[position]) for position in crew},
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
    given = _object("flag", values)
    box = given.get("xyxy")
    numbers = [] if box is None else [_number("xyxy", one) for one in _list("xyxy", box)]
    if box is not None and len(numbers) != 4:
        raise ValueError(f"xyxy must be 4 numbers, not {len(numbers)}")
    return RuleFlag(
        _word("flag.kind", given.get("kind"), FlagKind),
        _whole("frame_number", given.get("frame_number")),
        _number("time_s", given.get("time_s")),
        _text("text", given.get("text", "")),
        (numbers[0], numbers[1], numbers[2], numbers[3]) if numbers else None,
    )


def _object(name: str, value: object) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise ValueError(f"{name} must be an object, not {value!r}")  # noqa: TRY004 - of a file
    return value


def _list(name: str, value: object) -> list[Any]:
    if not isinstance(value, list):
        raise ValueError(f"{name} must be a list, not {value!r}")  # noqa: TRY004 - of a file
    return value


def _text(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{name} must be a text, not {value!r}")  # noqa: TRY004 - of a file
    return value


def _whole(name: str, value: object) -> int:
    if type(value) is not int:
        raise ValueError(f"{name} must be a whole number, not {value!r}")
    return value


def _number(name: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise ValueError(f"{name} must be a number, not {value!r}")
    return float(value)


def _maybe(name: str, value: object) -> float | None:
    return None if value is None else _number(name, value)


def _word(name: str, value: object, kinds: type[Word]) -> Word:
    if isinstance(value, str) and value in list(kinds):
        return kinds(value)
    raise ValueError(f"{name} must be one of {', '.join(map(repr, kinds))}, not {value!r}")
