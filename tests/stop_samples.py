"""Pit stops for tests: of events that are given by kind and place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codefx_desktop.domain.events import Event, EventSource, EventStatus, Place
from codefx_desktop.domain.stop import PitStop

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
