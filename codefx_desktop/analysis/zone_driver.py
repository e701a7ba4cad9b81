"""When drivers leave and enter the car, from what moves in its cockpit and who is at its door.

Something that rises in the cockpit and goes out at the door's side, and later something that comes
in there and sinks: that is a change of drivers. Helpers at the door lean in, but do not come out of
the car. Where people are known, how the leaving driver steps off is followed by their boxes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from codefx_desktop.analysis.crew import CREW
from codefx_desktop.analysis.zone_activity import activity, share, standing
from codefx_desktop.analysis.zone_fuel import zone_event
from codefx_desktop.analysis.zones import PlacedZone
from codefx_desktop.domain.events import Event, EventSource

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from codefx_desktop.analysis.car_frame import CarFrame
    from codefx_desktop.analysis.stop_frame import StopFrame
    from codefx_desktop.analysis.zone_activity import Activity, Burst
    from codefx_desktop.domain.observations import Observations

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]

_COCKPIT: Final = 0.45
"""Half the width of what is looked at around the car's axis, in half tracks."""
_PAUSE_S: Final = 0.35
"""Who climbs out or in may rest so long on the way."""
_BLIP_S: Final = 0.24
"""Nobody moves for less: a flash, a helper's hand, a helmet that changes its colour as light falls
on it. Source: such changes took 0.22 s at most, bodies 0.31 s at least, in the cockpits of rendered
endurance stops, seeds 800100-800107, 800109, 800120, 800121 and 800140 (``zone_activity``)."""
_SHORTEST_S: Final = 0.45
_WHOLE_S: Final = 0.9
"""Climbing out, and stepping in and sinking, take longer than this; of a shorter burst the end was
not seen. Source: those seeds; whole ones took 1.05 s at least, parts of them 0.66 s at most."""
_MUCHES: Final = (0.8, 1.25)
_FIRM_S: Final = 0.2
"""Where a burst ends has to stay within this when what counts as motion is changed by a quarter:
otherwise something else moves there. Source: those seeds; 0.19 s at most for a right end."""
_LIFT_S: Final = 0.12
_SHAKEN: Final = 0.2
"""Where nose or tail of the car change by this part of what the cockpit does, so near to the end of
sinking, the car itself is being lifted and hides it. Source: 0.18 at most on those seeds, 0.41 on
seed 802000 and 0.21 on seed 821020, whose lifts began as the driver sat and moved the end by 0.3 s.
"""
_AFTER_IN_S: Final = 0.05
"""The last of sinking goes on so long after who enters is inside. Source: the same, mean of 11."""
_STRAIGHT: Final = 0.5
"""Part of a burst's motion that goes out of the door, or in: helpers lean in and out again."""
_STEP_OFF_S: Final = 0.25
"""From leaving the cockpit's middle to being wholly beyond the flank."""
_FAINT: Final = 0.1
_SURE: Final = 0.4
"""Someone half inside a car is a faint detection; a helper at the door is a sure one."""
_INSIDE: Final = 0.55
"""Whose box begins nearer to the car's axis than this, in half tracks, is not off the car yet."""
_FLANK: Final = 0.78
"""Whose whole box is beyond this has left the car: a body's box ends 0.1 m beyond its joints.
Source: 0.7 told it 0.05 s early in the mean on the seeds above, at 1.3 m/s."""
_CLEAR: Final = 1.74
"""Whose whole box is beyond this is out of the swept path: 1.5 m from the axis less those 0.1 m, in
half tracks of 0.8 m."""
_BESIDE: Final = 1.1
_BESIDE_DOOR: Final = 0.25
"""Helpers stand beside the opening, so as not to be in the way: half a metre."""
_STOOD_S: Final = 1.0
_STOOD: Final = 0.5
_STOOD_WITHIN: Final = 0.25
"""In such a part of the pictures of so long before, the helper was so near to one place, in half
tracks: others pass the door."""
_GAP_S: Final = 0.45
_STRIDE: Final = 0.4
_SPEED_PER_S: Final = 9.0
"""Someone comes no farther between two sights than this, or at this speed, in half tracks."""
_WITHIN_S: Final = 2.5
_AGREE_S: Final = 0.9
_SAME_S: Final = 0.25
"""The cockpit and the body beside it tell to this when who leaves is out, or neither is
believed. Source: those seeds; 0.13 s at most."""
_OUT_DOUBT_S: Final = 0.2
_OUT_MOTION_DOUBT_S: Final = 0.3
_IN_DOUBT_S: Final = 0.3
"""How far the instants may lie from what is told. Source: the seeds above, with a margin: a body is
not a point, and the last of sinking into a seat is hardly seen."""


@dataclass(frozen=True, slots=True, eq=False)
class _Crew:
    """People in the door's corridor, N boxes in order of frames, in the car's own measure.

    Attributes:
        frame: int64 (N,).
        ahead: float64 (N,), middles.
        out: float64 (N,), middles, away from the axis on the door's side.
        near: float64 (N,), the sides of the boxes that are nearer to the axis.
        confidence: float64 (N,).
        track: int64 (N,), ``NO_TRACK`` where there is none.
    """

    frame: Ints
    ahead: Floats
    out: Floats
    near: Floats
    confidence: Floats
    track: Ints

    def where(self, mask: npt.NDArray[np.bool_]) -> _Crew:
        return _Crew(
            self.frame[mask], self.ahead[mask], self.out[mask], self.near[mask],
            self.confidence[mask], self.track[mask],
        )  # fmt: skip


def driver_events(
    seen: Observations, stop: StopFrame, zone: PlacedZone, frame: CarFrame
) -> tuple[Event, Event, Event]:
    """Return ``driver_out``, ``driver_in`` and ``helper_clear``.

    Not found unless just one comes out of the cockpit and, later, just one goes into it.

    Args:
        seen: All that was measured of the clip.
        stop: The stop.
        zone: Its zone with the driver role: where the door is.
        frame: The car's own measure.
    """
    events = [Event("driver_out"), Event("driver_in"), Event("helper_clear")]
    corridor = frame.local(np.array(zone.points))
    side = 1.0 if corridor[:, 1].mean() > 0.0 else -1.0
    span = (float(corridor[:, 0].min()), float(corridor[:, 0].max()))
    change = _change(seen, stop, frame, span, side)
    if change is None:
        return events[0], events[1], events[2]
    crew = _crew(seen, stop, frame, side) if CREW in seen.objects.class_names else None
    out = _out(change, crew, seen.times_s, span)
    if out is not None:
        told = {"seen": f"something rises in the cockpit and goes out at zone {zone.name!r}"}
        events[0] = _event(seen, "driver_out", *out, told)
    if change.knows_in:
        told = {"seen": f"something comes in at zone {zone.name!r} and sinks in the cockpit"}
        in_s = change.entered.end_s - _AFTER_IN_S
        events[1] = _event(seen, "driver_in", in_s, _IN_DOUBT_S, EventSource.MOTION, told)
    clear = crew and _helper_clear(crew, seen.times_s, change.entered.end_s, span)
    if clear:
        told = {"seen": f"the last one at zone {zone.name!r} steps back"}
        doubt_s = _OUT_DOUBT_S + clear[1]
        events[2] = _event(seen, "helper_clear", clear[0], doubt_s, EventSource.ZONE, told)
    return events[0], events[1], events[2]


@dataclass(frozen=True, slots=True)
class _Change:
    """A change of drivers, as the cockpit shows it.

    Attributes:
        left: In which one rises and goes out.
        entered: In which one comes in and sinks.
        knows_out: Whether the end of ``left`` was seen.
        knows_in: Whether the end of ``entered`` was.
    """

    left: Burst
    entered: Burst
    knows_out: bool
    knows_in: bool


def _out(
    change: _Change, crew: _Crew | None, times_s: Floats, span: tuple[float, float]
) -> tuple[float, float, EventSource] | None:
    """Return when who left was out of the car, how far that may be wrong, and what tells it."""
    by_motion_s = change.left.end_s + _STEP_OFF_S if change.knows_out else None
    stepped = None if crew is None else _steps_off(crew, times_s, change.left, span)
    if stepped is None:
        if by_motion_s is None:
            return None
        return by_motion_s, _OUT_MOTION_DOUBT_S, EventSource.MOTION
    doubt_s = _OUT_DOUBT_S + stepped[1]
    if by_motion_s is None:
        return stepped[0], doubt_s, EventSource.ZONE
    if abs(by_motion_s - stepped[0]) > _SAME_S:
        return None
    return (by_motion_s + stepped[0]) / 2, doubt_s, EventSource.ZONE


def _change(
    seen: Observations,
    stop: StopFrame,
    frame: CarFrame,
    span: tuple[float, float],
    side: float,
) -> _Change | None:
    """Return how the cockpit moved as one left it and as one entered it; None if unclear."""
    if seen.motion is None:
        return None
    cockpit = _along_axis(seen, frame, span)
    moves = activity(seen, seen.motion, standing(stop), cockpit)
    size = np.array((seen.width, seen.height))
    door = (np.array(frame.part(0.0, side)) - np.array(frame.part(0.0, 0.0))) * size
    found = _out_and_in(moves, door)
    if found is None:
        return None
    others = [_out_and_in(moves, door, much) for much in _MUCHES]
    ends = [
        activity(seen, seen.motion, standing(stop), _along_axis(seen, frame, part))
        for part in ((-1.0, span[0]), (span[1], 1.0))
    ]
    known = [
        burst.end_s - burst.begin_s >= _WHOLE_S
        and all(it is not None and abs(it[at].end_s - burst.end_s) <= _FIRM_S for it in others)
        for at, burst in enumerate(found)
    ]
    is_still = not _car_moves(moves, ends, found[1].end_s)
    return _Change(*found, known[0], known[1] and is_still)


def _along_axis(seen: Observations, frame: CarFrame, span: tuple[float, float]) -> PlacedZone:
    """Return a part of the car on both sides of its axis, as wide as a cockpit."""
    size = np.array((seen.width, seen.height))
    around = ((span[0], -1), (span[1], -1), (span[1], 1), (span[0], 1))
    points = [np.array(frame.part(ahead, left * _COCKPIT)) * size for ahead, left in around]
    return PlacedZone("cockpit", tuple((float(x), float(y)) for x, y in points))


def _car_moves(cockpit: Activity, ends: Sequence[Activity], time_s: float) -> bool:
    """Return whether the whole car moves at an instant: lifted, all its edges change."""
    around = np.abs(cockpit.times_s - time_s) <= _LIFT_S
    if not around.any():
        return False
    inside = float(cockpit.level[around].mean() - np.percentile(cockpit.level, 20.0))
    beside = max(float(it.level[around].mean() - np.percentile(it.level, 20.0)) for it in ends)
    return beside > _SHAKEN * inside


def _out_and_in(moves: Activity, door: Floats, much: float = 1.0) -> tuple[Burst, Burst] | None:
    """Return the burst that goes out at a door, float64 (2,), and the one that comes in later."""
    bursts = moves.bursts(_PAUSE_S, _BLIP_S, much)
    long = [burst for burst in bursts if burst.end_s - burst.begin_s >= _SHORTEST_S]
    outs = [burst for burst in long if share(burst, door) > _STRAIGHT]
    ins = [burst for burst in long if share(burst, door) < -_STRAIGHT]
    if len(outs) != 1 or len(ins) != 1 or ins[0].begin_s < outs[0].end_s:
        return None
    return outs[0], ins[0]


def _steps_off(
    crew: _Crew, times_s: Floats, left: Burst, span: tuple[float, float]
) -> tuple[float, float] | None:
    """Return when who was in the cockpit is wholly beyond its flank; None where that is unseen."""
    inside = (np.abs(crew.out) < _BESIDE) & (crew.near < _INSIDE)
    inside &= (crew.ahead > span[0] - 0.1) & (crew.ahead < span[1] + 0.1)
    when = times_s[crew.frame]
    inside &= (when > left.begin_s) & (when < left.end_s + _WITHIN_S / 2)
    for box in np.flatnonzero(inside)[::-1].tolist():
        crossed = _crossing(crew, times_s, box, _FLANK)
        if crossed is not None and abs(crossed[0] - left.end_s - _STEP_OFF_S) < _AGREE_S:
            return crossed
    return None


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
        found.track_id.astype(np.int64),
    )


def _crossing(crew: _Crew, times_s: Floats, box: int, limit: float) -> tuple[float, float] | None:
    """Follow somebody from a box until they are wholly beyond a limit.

    Returns:
        When, between frames, and how long after the sight before; None where they are lost or
        never get so far.
    """
    place = np.array((crew.ahead[box], crew.out[box]))
    frame, near = int(crew.frame[box]), float(crew.near[box])
    start_s = seen_s = float(times_s[frame])
    while frame + 1 < len(times_s):
        frame += 1
        time_s = float(times_s[frame])
        if time_s - start_s > _WITHIN_S or time_s - seen_s > _GAP_S:
            return None
        mine = slice(*np.searchsorted(crew.frame, (frame, frame + 1)))
        steps = np.hypot(crew.ahead[mine] - place[0], crew.out[mine] - place[1])
        if not len(steps) or steps.min() > max(_STRIDE, _SPEED_PER_S * (time_s - seen_s)):
            continue
        found = mine.start + int(steps.argmin())
        if crew.near[found] > limit:
            part = (limit - near) / max(1e-6, float(crew.near[found]) - near)
            return seen_s + min(1.0, max(0.0, part)) * (time_s - seen_s), time_s - seen_s
        place = np.array((crew.ahead[found], crew.out[found]))
        seen_s, near = time_s, float(crew.near[found])
    return None


def _helper_clear(
    crew: _Crew, times_s: Floats, after_s: float, span: tuple[float, float]
) -> tuple[float, float] | None:
    """Return when the last one at the door left the swept path; None where that was not seen."""
    at_door = (crew.near < _BESIDE) & (crew.out > _INSIDE) & (crew.confidence >= _SURE)
    at_door &= (crew.ahead > span[0] - _BESIDE_DOOR) & (crew.ahead < span[1] + _BESIDE_DOOR)
    there = np.flatnonzero(at_door & (times_s[crew.frame] > after_s))
    if not len(there):
        return None
    # The helper is there without a break; who comes to a wheel later is another one.
    gaps = np.flatnonzero(np.diff(times_s[crew.frame[there]]) > _GAP_S)
    if times_s[crew.frame[there[0]]] - after_s > _GAP_S:
        return None
    last = int(there[gaps[0]] if len(gaps) else there[-1])
    # Another one who comes to where the helper was hidden is not followed instead.
    own = crew.track == crew.track[last]
    if not _stood(crew.where(at_door & own), times_s, float(times_s[crew.frame[last]])):
        return None
    return _crossing(crew.where(own), times_s, int(own[:last].sum()), _CLEAR)


def _stood(someone: _Crew, times_s: Floats, until_s: float) -> bool:
    """Return whether somebody stood, and did not pass, until an instant."""
    before = (times_s > until_s - _STOOD_S) & (times_s <= until_s)
    here = before[someone.frame]
    ahead, out = someone.ahead[here], someone.out[here]
    if not len(ahead):
        return False
    off = np.hypot(ahead - np.median(ahead), out - np.median(out))
    return int((off <= _STOOD_WITHIN).sum()) >= _STOOD * int(before.sum())


def _event(
    seen: Observations,
    kind: str,
    time_s: float,
    doubt_s: float,
    source: EventSource,
    told: dict[str, str],
) -> Event:
    span = (time_s - doubt_s, time_s, time_s + doubt_s)
    confidence = 0.7 if source is EventSource.ZONE else 0.5
    return zone_event(seen, kind, span, source, confidence, told)
