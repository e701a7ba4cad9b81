"""Pit stops for tests: of events that are given by kind and place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codefx_desktop.domain.events import Event, EventSource, EventStatus, Place
from codefx_desktop.domain.stop import FlagKind, Heading, PitStop, RuleFlag, StopFacts
from codefx_desktop.domain.zone import CarPlace

if TYPE_CHECKING:
    from collections.abc import Mapping

CORNER_TIMES = {
    "loosen_start": 2.2,
    "loosen_end": 2.5,
    "wheel_off": 2.8,
    "wheel_on": 3.4,
    "tighten_start": 3.5,
    "tighten_end": 3.9,
    "clear": 4.2,
}
CAR_TIMES = {
    "arrive": 1.0,
    "stop": 2.0,
    "jack_up:front": 2.3,
    "jack_up:rear": 2.4,
    "jack_down:front": 4.1,
    "jack_down:rear": 4.1,
    "release": 4.4,
    "go": 4.6,
    "depart": 5.5,
}


def event(kind: str, place: str, time_s: float, half_s: float = 0.01) -> Event:
    return Event(
        kind,
        Place(place),
        time_s,
        time_s - half_s,
        time_s + half_s,
        round(time_s * 50),
        EventSource.TRACK,
        EventStatus.PROPOSED,
        0.9,
        {"speed": "0.0 px/s"},
    )


def f1_times(**changes: float) -> dict[str, float]:
    """Return the times of an ordinary stop, with others for some (``tighten_end_RR=4.3``)."""
    times = dict(CAR_TIMES)
    for kind, time_s in CORNER_TIMES.items():
        times |= {f"{kind}:{corner}": time_s for corner in ("FL", "FR", "RL", "RR")}
    for name, time_s in changes.items():
        kind, _, place = name.rpartition("_")
        key = f"{kind}:{place}" if f"{kind}:{place}" in times else name
        times[key] = time_s
    return times


def stop_of(times: Mapping[str, float], half_s: float = 0.01) -> PitStop:
    """Return a stop whose events are those of ``times``, by ``kind`` or ``kind:place``."""
    events = []
    for name, time_s in times.items():
        kind, _, place = name.partition(":")
        events.append(event(kind, place, time_s, half_s))
    return PitStop(1, "f1", tuple(events), 0.0, 6.0)


def full_stop(number: int = 1) -> PitStop:
    """Return a stop of which everything is told."""
    plain = stop_of(f1_times())
    return PitStop(
        number=number,
        template="f1",
        events=(*plain.events, Event("probe_in")),
        begins_s=0.25,
        ends_s=6.5,
        heading=Heading(180.0, "arrival", mirrored=True),
        car=CarPlace((0.25, 0.3, 0.7, 0.8), {Place.FRONT_LEFT: (0.3, 0.7)}),
        flags=(
            RuleFlag(FlagKind.WHEEL_LOOSE, 140, 2.8, "0.9 m from anyone", (1.0, 2.0, 30.5, 40.0)),
            RuleFlag(FlagKind.TOO_MANY_CREW, 120, 2.4, "23 in the box"),
        ),
        facts=StopFacts("44", "Blue", "Ann", "Bob", 17, "best", "C3", {"front jack": "Eve"}),
        notes=("The rear jack was hidden.",),
        time_scale=0.5,
    )
