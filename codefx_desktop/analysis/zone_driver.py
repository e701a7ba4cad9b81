"""When drivers leave and enter the car, from who is seen in its cockpit and at its door.

Only people tell this: motion at the door is also that of helpers, so without a model that knows
crew nothing is said.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from codefx_desktop.analysis.zone_fuel import CREW, zone_event
from codefx_desktop.domain.events import Event, EventSource

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    from codefx_desktop.analysis.car_frame import CarFrame
    from codefx_desktop.analysis.stop_frame import StopFrame
    from codefx_desktop.analysis.zones import PlacedZone
    from codefx_desktop.domain.observations import Observations

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]

_FAINT: Final = 0.1
_SURE: Final = 0.4
"""Someone half inside a car is a faint detection; one of a visit must be a sure one."""
_INSIDE: Final = 0.55
"""Whose middle is nearer to the car's axis than this, in half tracks, is inside its flanks."""
_FLANK: Final = 0.7
"""Whose whole box is beyond this has left the car: a body's box ends 0.1 m beyond its joints."""
_CLEAR: Final = 1.65
"""Whose whole box is beyond this is out of the swept path, 1.5 m from the axis."""
_BESIDE: Final = 1.1
_GAP_S: Final = 0.45
_SHORTEST_S: Final = 0.25
_STRIDE: Final = 0.6
"""Someone comes no farther between two sights, in half tracks."""
_WITHIN_S: Final = 2.5
"""From the last sight in the cockpit to standing beside the car, or the other way round."""
_SUNK_S: Final = 0.08
_OUT_DOUBT_S: Final = 0.25
_IN_DOUBT_S: Final = 0.45
"""How far the instant may lie from where people are last seen. Source: rendered stops, with a
margin of two: a driver sinks from sight in 0.7 s."""


@dataclass(frozen=True, slots=True, eq=False)
class _Crew:
    """People in the door's corridor, N boxes in order of frames, in the car's own measure.

    Attributes:
        frame: int64 (N,).
        ahead: float64 (N,), middles.
        out: float64 (N,), middles, away from the axis on the door's side.
        near: float64 (N,), the sides of the boxes that are nearer to the axis.
        confidence: float64 (N,).
    """

    frame: Ints
    ahead: Floats
    out: Floats
    near: Floats
    confidence: Floats

    def where(self, mask: npt.NDArray[np.bool_]) -> _Crew:
        return _Crew(
            self.frame[mask], self.ahead[mask], self.out[mask], self.near[mask],
            self.confidence[mask],
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Visit:
    """A time in which somebody is seen in the cockpit: first and last box of it."""

    first: int
    last: int


def driver_events(
    seen: Observations, stop: StopFrame, zone: PlacedZone, frame: CarFrame
) -> tuple[Event, Event, Event]:
    """Return ``driver_out``, ``driver_in`` and ``helper_clear``.

    Not found where nobody, or more than one, comes out of the cockpit or goes into it.

    Args:
        seen: All that was measured of the clip.
        stop: The stop.
        zone: Its zone with the driver role: where the door is.
        frame: The car's own measure.
    """
    nothing = (Event("driver_out"), Event("driver_in"), Event("helper_clear"))
    if CREW not in seen.objects.class_names:
        return nothing
    corridor = frame.local(np.array(zone.points))
    side = 1.0 if corridor[:, 1].mean() > 0.0 else -1.0
    crew = _crew(seen, stop, frame, side)
    span = (float(corridor[:, 0].min()), float(corridor[:, 0].max()))
    times = seen.times_s
    outs: list[tuple[float, float]] = []
    ins: list[tuple[float, float]] = []
    for visit in _visits(crew, span, times):
        left = _crossing(crew, times, visit.last, _FLANK, ahead=True)
        came = _crossing(crew, times, visit.first, _BESIDE, ahead=False)
        if left is not None and came is None:
            outs.append(left)
        if came is not None and left is None:
            step = _interval(times, int(crew.frame[visit.last]))
            ins.append((float(times[crew.frame[visit.last]]) + _SUNK_S, step))
    events = list(nothing)
    if len(outs) == 1:
        events[0] = _event(seen, "driver_out", outs[0], _OUT_DOUBT_S, zone, "comes out of")
    if len(ins) == 1 and (not outs or ins[0][0] > outs[-1][0]):
        events[1] = _event(seen, "driver_in", ins[0], _IN_DOUBT_S, zone, "goes into")
        clear = _helper_clear(crew, times, ins[0][0], span)
        if clear is not None:
            events[2] = _event(seen, "helper_clear", clear, _OUT_DOUBT_S, zone, "steps back from")
    return events[0], events[1], events[2]


def _crew(seen: Observations, stop: StopFrame, frame: CarFrame, side: float) -> _Crew:
    """Return all crew while the car stands, also faint, out being the door's side."""
    found = stop.objects(seen, CREW)
    found = found.where(found.confidence >= np.float32(_FAINT))
    x1, y1, x2, y2 = found.xyxy.astype(np.float64).T
    corners = np.stack(((x1, y1), (x2, y1), (x2, y2), (x1, y2))).transpose(2, 0, 1)
    local = frame.local(corners)
    out = local[..., 1] * side
    return _Crew(
        found.frame.astype(np.int64),
        local[..., 0].mean(axis=1),
        out.mean(axis=1),
        out.min(axis=1),
        found.confidence.astype(np.float64),
    )


def _visits(crew: _Crew, span: tuple[float, float], times_s: Floats) -> Iterator[_Visit]:
    """Yield the times in which somebody is seen inside the car's flanks at the door."""
    inside = (np.abs(crew.out) < _INSIDE) & (crew.ahead > span[0] - 0.1)
    there = np.flatnonzero(inside & (crew.ahead < span[1] + 0.1))
    if not len(there):
        return
    gaps = np.diff(times_s[crew.frame[there]]) > _GAP_S
    for part in np.split(there, np.flatnonzero(gaps) + 1):
        length = times_s[crew.frame[part[-1]]] - times_s[crew.frame[part[0]]]
        if length >= _SHORTEST_S and crew.confidence[part].max() >= _SURE:
            yield _Visit(int(part[0]), int(part[-1]))


def _crossing(
    crew: _Crew, times_s: Floats, box: int, limit: float, *, ahead: bool
) -> tuple[float, float] | None:
    """Follow somebody from a box, ahead or back in time, until they are wholly beyond a limit.

    Returns:
        When, between frames, and how long after the sight before; None where they are lost or
        never get so far.
    """
    place = np.array((crew.ahead[box], crew.out[box]))
    frame, near = int(crew.frame[box]), float(crew.near[box])
    start_s = seen_s = float(times_s[frame])
    way = 1 if ahead else -1
    while 0 <= frame + way < len(times_s):
        frame += way
        time_s = float(times_s[frame])
        if abs(time_s - start_s) > _WITHIN_S or abs(time_s - seen_s) > _GAP_S:
            return None
        mine = slice(*np.searchsorted(crew.frame, (frame, frame + 1)))
        steps = np.hypot(crew.ahead[mine] - place[0], crew.out[mine] - place[1])
        if not len(steps) or steps.min() > _STRIDE:
            continue
        found = mine.start + int(steps.argmin())
        if crew.near[found] > limit:
            part = (limit - near) / max(1e-6, float(crew.near[found]) - near)
            return seen_s + min(1.0, max(0.0, part)) * (time_s - seen_s), abs(time_s - seen_s)
        place = np.array((crew.ahead[found], crew.out[found]))
        seen_s, near = time_s, float(crew.near[found])
    return None


def _helper_clear(
    crew: _Crew, times_s: Floats, after_s: float, span: tuple[float, float]
) -> tuple[float, float] | None:
    """Return when the last one at the door left the swept path; None where that was not seen."""
    at_door = (crew.near < _BESIDE) & (crew.out > _INSIDE) & (crew.confidence >= _SURE)
    at_door &= (crew.ahead > span[0] - 0.1) & (crew.ahead < span[1] + 0.1)
    there = np.flatnonzero(at_door & (times_s[crew.frame] > after_s))
    if not len(there):
        return None
    # The helper is there without a break; who comes to a wheel later is another one.
    gaps = np.flatnonzero(np.diff(times_s[crew.frame[there]]) > _GAP_S)
    if times_s[crew.frame[there[0]]] - after_s > _GAP_S:
        return None
    last = int(there[gaps[0]] if len(gaps) else there[-1])
    return _crossing(crew, times_s, last, _CLEAR, ahead=True)


def _interval(times_s: Floats, frame: int) -> float:
    near = times_s[max(0, frame - 1) : frame + 2]
    return float(np.diff(near).max()) if len(near) > 1 else 0.04


def _event(
    seen: Observations,
    kind: str,
    when: tuple[float, float],
    doubt_s: float,
    zone: PlacedZone,
    deed: str,
) -> Event:
    time_s, step_s = when
    half = doubt_s + step_s
    told = {"seen": f"somebody of the crew {deed} the car at zone {zone.name!r}"}
    span = (time_s - half, time_s, time_s + half)
    return zone_event(seen, kind, span, EventSource.ZONE, 0.7, told)
