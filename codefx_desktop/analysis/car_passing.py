"""When a car comes into the picture, leaves its box, and is released by a light."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from codefx_desktop.analysis.moving_edges import crossing, track_edge
from codefx_desktop.domain.events import Event, EventSource, EventStatus

if TYPE_CHECKING:
    from codefx_desktop.analysis.car_motion import Edge
    from codefx_desktop.analysis.car_stops import CarView
    from codefx_desktop.analysis.ground import Ground
    from codefx_desktop.domain.observations import Observations

_NEAR_LINE: Final = 0.8
"""An end is followed within so many car lengths of the line that it crosses."""
_FROM_BORDER: Final = 3.0
"""A car that comes into the picture is first seen within so many cells of the border,"""
_LATER: Final = 2.0
"""and so many pictures' way more: what has just come in has not moved within the picture yet."""
_UNSEEN: Final = 0.25
"""How far the time from the border to where it is first seen may be wrong, as a part of it."""
_INSIDE: Final = 0.03
"""The nose is in the picture when the car's foremost cells are so far in it, in car lengths: its
wing's corners come first."""
_NOSE: Final = 0.8
"""How much less exactly, in cells, the nose is known than an edge that is as wide as the car: it
is narrow, and a cell moves with the car when the car fills half of it. Source: of 90 arrivals
(seeds 800000-801009, 820000-820036) one was 1.7 cells off; it is 2.2 in all."""
_WATCHED_S: Final = 0.5
"""Where another shot went before, it may have shown the car come: two cameras over one box see it
come in within so long of each other."""
_REAR_BEHIND: Final = 0.06
"""The rear is so far ahead of its hindmost cells, in car lengths: a cell moves with the car when
the car fills half of it, and blur trails. Source: rendered stops with their box marked."""
_AHEAD_OF_NOSE: Final = 0.005
"""A box's front line lies so far ahead of the nose of a car that hit its marks, in car lengths;"""
_MISSED_MARKS: Final = 0.09
"""give or take, since cars stop long and short."""
_LIGHT_BESIDE: Final = 1.2
"""A car's own release light stands within so many of its lengths of its front."""
_BEHIND_FRONT: Final = 0.15
"""and not farther behind it than this: its driver has to see it."""
_LAMP: Final = (0.028, 0.1)
"""Its lamps are so large, in car lengths: 15 to 50 cm. Smaller spots are on clothes and tools."""
_AS_LARGE: Final = 0.5
_AGREE_S: Final = {True: 0.1, False: 0.25}
"""How a car brakes or pulls away near its box tells roughly when its ends passed a line; what is
seen to pass at another time than that is something else. Without a detector how long the car is,
and so how far it came, is known less well. Source: 85 arrivals, seeds 800000-800045 and
804001-804088: 0.08 s at most, and braking alone told when they came to 0.09 s."""
_AFTER_STOP_S: Final = 0.5
_REACTS_S: Final = (0.05, 0.6)
"""A driver who was waiting for the light is off this long after it: nobody reacts in less, and who
sits on the clutch needs half a second at most. What changes earlier or later is no release."""


def passing_events(
    seen: Observations, view: CarView, ground: Ground | None
) -> tuple[Event, Event, Event]:
    """Return ``arrive``, ``release`` and ``depart``; what was not seen is not found.

    Args:
        seen: All that was measured of the clip.
        view: The standing car in one shot.
        ground: The box's ground, where the camera profile knows it.
    """
    if view.frame.heading.front_deg is None:
        why = "which way the car points is not known"
        kinds = ("arrive", "release", "depart")
        arrive, release, depart = (Event(kind, evidence={"why": why}) for kind in kinds)
        return arrive, release, depart
    ends = _Ends.of(seen, view, view.frame.heading.front_deg)
    return (
        _arrive(seen, view, ends),
        _release(seen, view, ends),
        _depart(seen, view, ends, ground),
    )


@dataclass(frozen=True, slots=True)
class _Ends:
    """A standing car's front and rear.

    Places are pixels along the picture's side that is nearest to the direction in which the car
    points, growing in that direction.

    Attributes:
        axis: 0 where it points along the picture's width, 1 along its height.
        sign: 1 where it points right or down, -1 left or up.
        side: Length of that side of the picture.
        front: Where the front is.
        length: Of the car.
    """

    axis: int
    sign: float
    side: float
    front: float
    length: float

    @classmethod
    def of(cls, seen: Observations, view: CarView, front_deg: float) -> _Ends:
        """Return the ends of a view's car, which points there."""
        turn = np.radians(front_deg)
        towards = (float(np.cos(turn)), -float(np.sin(turn)))
        axis = int(abs(towards[1]) > abs(towards[0]))
        sign = 1.0 if towards[axis] > 0 else -1.0
        box = view.frame.box
        front = max(sign * box[axis], sign * box[2 + axis])
        side = float((seen.width, seen.height)[axis])
        return cls(axis, sign, side, front, box[2 + axis] - box[axis])


def _arrive(seen: Observations, view: CarView, ends: _Ends) -> Event:
    """Return when the nose came over the picture's border."""
    kind = "arrive"
    if view.arrival is None:
        return Event(kind, evidence={"why": "this shot does not show the car come"})
    if view.frame.stop.time_s is None:
        return Event(kind, evidence={"why": "how the car braked is not known"})
    found = _border_crossed(seen, view, view.arrival, ends)
    if found is None:
        return Event(kind, evidence={"why": "the car was not seen to come over the border"})
    time_s, half_s, way_px = found
    if not _agrees(view, view.arrival, time_s, way_px):
        return Event(kind, evidence={"why": "what came over the border did not brake as the car"})
    begin = view.frame.begin
    if time_s - half_s < seen.times_s[begin] + (_WATCHED_S if begin > 0 else 0.0):
        # The border has to be seen without the car first.
        return Event(kind, evidence={"why": "the car may have come before this shot begins"})
    how = "the foremost flow that is the car's"
    return _event(seen, kind, time_s, half_s, EventSource.MOTION, how)


def _border_crossed(
    seen: Observations, view: CarView, arrival: Edge, ends: _Ends
) -> tuple[float, float, float] | None:
    """Return when the nose came over the border, how far that may be off, and its way to rest."""
    begin, stop = view.frame.begin, view.frame.first
    track = track_edge(seen, arrival, range(stop, begin, -1), ends.axis, ends.sign, front=True)
    border = 0.0 if ends.sign > 0 else -ends.side
    line = border + _INSIDE * ends.length
    found = crossing(track, line, -arrival.onset.acceleration, within=_NEAR_LINE * ends.length)
    if found is None or found[0] < seen.times_s[begin]:
        return None
    time_s, half_s = found
    # What stands in the picture from the shot's first frame is first seen inside.
    inside = float(track.places[0]) - border
    if inside > _FROM_BORDER * track.cell + _LATER * _way_px(seen, arrival, time_s):
        return None
    half_s += _NOSE * track.cell / max(1e-3, _speed(arrival, time_s))
    half_s += _UNSEEN * max(0.0, float(track.times_s[0]) - time_s)
    return time_s, half_s, ends.front - border


def _way_px(seen: Observations, edge: Edge, time_s: float) -> float:
    """Return how far a car comes from one picture to the next at an instant, pixels."""
    frame = int(np.clip(np.searchsorted(seen.times_s, time_s), 1, len(seen.times_s) - 1))
    interval_s = float(seen.times_s[frame] - seen.times_s[frame - 1])
    return _speed(edge, time_s) * interval_s


def _speed(edge: Edge, time_s: float) -> float:
    """Return how fast a car is at an instant, pixels a second."""
    return edge.onset.acceleration * abs(time_s - edge.onset.time_s)


def _agrees(view: CarView, edge: Edge, time_s: float, way_px: float) -> bool:
    """Return whether a car that brakes or pulls away steadily comes this far in the time."""
    since_s = abs(time_s - edge.onset.time_s)
    usual_s = float(np.sqrt(2.0 * max(0.0, way_px) / max(1e-9, edge.onset.acceleration)))
    return abs(since_s - usual_s) <= _AGREE_S[view.rest.detected]


def _depart(seen: Observations, view: CarView, ends: _Ends, ground: Ground | None) -> Event:
    """Return when the rear passed the box's front line."""
    kind = "depart"
    if view.departure is None:
        return Event(kind, evidence={"why": "this shot does not show the car leave"})
    if view.frame.go.time_s is None:
        return Event(kind, evidence={"why": "how the car pulled away is not known"})
    line, off = ends.front + _AHEAD_OF_NOSE * ends.length, _MISSED_MARKS * ends.length
    how = "the box's front line is taken to be where the nose stood"
    marked = _front_line(view, ends, ground)
    if marked is not None:
        line, off, how = marked, 0.02 * ends.length, "the box's front line is known from its marks"
    line -= _REAR_BEHIND * ends.length
    frames = range(view.frame.last + 1, view.frame.end + 1)
    track = track_edge(seen, view.departure, frames, ends.axis, ends.sign, front=False)
    found = crossing(
        track, line, view.departure.onset.acceleration, within=_NEAR_LINE * ends.length
    )
    if found is None or track.places.max() < line - track.cell:
        return Event(kind, evidence={"why": "the car's rear was not seen leaving its box"})
    time_s, half_s = found
    if not _agrees(view, view.departure, time_s, line - (ends.front - ends.length)):
        return Event(kind, evidence={"why": "what left did not pull away as the car"})
    speed = 2.0 * ends.length / max(1e-3, time_s - view.departure.onset.time_s)
    half_s = float(np.hypot(half_s, off / speed))
    return _event(seen, kind, time_s, half_s, EventSource.MOTION, how)


def _front_line(view: CarView, ends: _Ends, ground: Ground | None) -> float | None:
    """Return where the marked box's front line crosses the car's way."""
    marks = view.frame.camera.marks
    if ground is None or marks is None:
        return None
    middle = ground.to_pixels(np.array([[marks.length_m / 2, 0.0]]))[0]
    return ends.sign * float(middle[ends.axis])


def _release(seen: Observations, view: CarView, ends: _Ends) -> Event:
    """Return when a light near the car's front went from red to green while it stood."""
    kind = "release"
    frame = view.frame
    lights = seen.motion.lights if seen.motion is not None else np.zeros((0, 4), np.float32)
    begin_s = seen.times_s[frame.first] + (_AFTER_STOP_S if view.arrival else 0.0)
    due_s = (begin_s, np.inf)
    if view.departure:
        go_s = view.departure.onset.time_s
        due_s = go_s - _REACTS_S[1], go_s - _REACTS_S[0]
    found: list[tuple[float, int]] = []
    for index, x, y, diameter in lights:
        if not max(frame.begin, 1) <= index <= frame.last + 1:
            continue
        place = frame.to_stop(np.array((x, y)), int(index))
        off = ends.sign * place[ends.axis] - ends.front
        is_beside = -_BEHIND_FRONT * ends.length < off < _LIGHT_BESIDE * ends.length
        is_lamp = _LAMP[0] * ends.length < diameter < _LAMP[1] * ends.length
        if seen.times_s[int(index)] > begin_s and is_beside and is_lamp:
            found.append((float(diameter), int(index)))
    largest = max(found, default=(0.0, 0))[0]
    # Reflections are far smaller than the lamp itself.
    frames = {
        index
        for diameter, index in found
        if diameter > _AS_LARGE * largest and due_s[0] < seen.times_s[index] < due_s[1]
    }
    if len(frames) != 1:
        why = "several lights changed" if frames else "no light was seen to change"
        return Event(kind, evidence={"why": why})
    first = frames.pop()
    before, after = seen.times_s[first - 1], seen.times_s[first]
    half = float(after - before) / 2
    return _event(
        seen, kind, float(before + half), half, EventSource.MOTION, "a light went from red to green"
    )


def _event(
    seen: Observations, kind: str, time_s: float, half_s: float, source: EventSource, how: str
) -> Event:
    frame = int(np.abs(seen.times_s - time_s).argmin())
    return Event(
        kind,
        time_s=time_s,
        earliest_s=time_s - half_s,
        latest_s=time_s + half_s,
        frame_number=int(seen.numbers[frame]),
        source=source,
        status=EventStatus.PROPOSED,
        confidence=0.9,
        evidence={"measured": how},
    )
