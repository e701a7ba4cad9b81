"""When a car comes into the picture, leaves its box, and is released by a light."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from codefx_desktop.analysis.car_rests import CAR
from codefx_desktop.domain.detections import NO_TRACK
from codefx_desktop.domain.events import Event, EventSource, EventStatus

if TYPE_CHECKING:
    import numpy.typing as npt

    from codefx_desktop.analysis.car_stops import CarView
    from codefx_desktop.analysis.ground import Ground
    from codefx_desktop.domain.observations import Observations

    Floats = npt.NDArray[np.float64]

_CONFIDENCE: Final = 0.3
_SURE_EDGE: Final = 0.02
"""An edge of a box nearer to the picture's border than this part of its side is cut by it."""
_FITTED: Final = 8
"""Boxes whose front edge tells when it came in."""
_AHEAD_OF_NOSE: Final = 0.03
"""A box's front line lies so far ahead of the nose of a car that hit its marks, in car lengths;"""
_MISSED_MARKS: Final = 0.09
"""give or take, since cars stop long and short."""
_BOX_ERROR: Final = 0.015
"""How far an edge of a detector's box is off, as a part of the car's length."""
_AT_REST: Final = 0.1
"""A box whose middle is so near to the place of rest, in car lengths, is the standing car's."""
_LIGHT_BESIDE: Final = 1.2
"""A car's own release light stands within so many of its lengths of its front."""
_AFTER_STOP_S: Final = 0.5


def passing_events(
    seen: Observations, view: CarView, ground: Ground | None
) -> tuple[Event, Event, Event]:
    """Return ``arrive``, ``release`` and ``depart``; what was not seen is not found.

    Args:
        seen: All that was measured of the clip.
        view: The standing car in one shot.
        ground: The box's ground, where the camera profile knows it.
    """
    fronts = _Ends(seen, view)
    return (
        _arrive(seen, view, fronts),
        _release(seen, view, fronts),
        _depart(seen, view, fronts, ground),
    )


class _Ends:
    """A car's front and rear along its way, from its boxes.

    Places are pixels along the direction in which the car points, on the reference picture, taken
    along the picture's side that is nearest to that direction: boxes are upright.
    """

    def __init__(self, seen: Observations, view: CarView) -> None:
        frame = view.frame
        turn = np.radians(frame.heading.front_deg or 0.0)
        towards = np.array((np.cos(turn), -np.sin(turn)))
        self.axis = int(abs(towards[1]) > abs(towards[0]))
        self.sign = 1.0 if towards[self.axis] > 0 else -1.0
        self.side = float((seen.width, seen.height)[self.axis])
        box = frame.box
        self.length = box[2 + self.axis] - box[self.axis]
        ends = sorted((self.sign * box[self.axis], self.sign * box[2 + self.axis]))
        self.rear, self.front = ends
        cars = seen.objects.of(CAR)
        inside = (cars.frame >= frame.begin) & (cars.frame <= frame.end)
        cars = cars.where(inside & (cars.confidence >= _CONFIDENCE))
        self.frames = cars.frame
        self.raw = cars.xyxy.astype(np.float64)
        self.boxes = frame.steady.boxes_to_stop(cars.xyxy, cars.frame)
        middle = (self.boxes[:, :2] + self.boxes[:, 2:]) / 2
        rest = (np.array(box[:2]) + np.array(box[2:])) / 2
        stands = (self.frames >= frame.first) & (self.frames <= frame.last)
        there = stands & (np.hypot(*(middle - rest).T) < _AT_REST * self.length)
        # The tracks that the standing car has: whatever else drives past has others.
        self.ours = np.isin(cars.track_id, np.setdiff1d(cars.track_id[there], (NO_TRACK,)))

    def edge(self, front: bool) -> tuple[npt.NDArray[np.int32], Floats]:
        """Return frames and places of one end, where the picture's border does not cut it."""
        column = self.axis + (2 if (self.sign > 0) == front else 0)
        raw = self.raw[:, column]
        margin = _SURE_EDGE * self.side
        kept = self.ours & (raw > margin) & (raw < self.side - margin)
        return self.frames[kept], self.sign * self.boxes[kept, column]


def _arrive(seen: Observations, view: CarView, ends: _Ends) -> Event:
    """Return when the nose came over the picture's border."""
    kind = "arrive"
    if view.arrival is None:
        return Event(kind, evidence={"why": "this shot does not show the car come"})
    border = 0.0 if ends.sign > 0 else -ends.side
    frames, fronts = ends.edge(front=True)
    known = (frames < view.frame.first) & (fronts < ends.front - 0.1 * ends.length)
    frames, fronts = frames[known][:_FITTED], fronts[known][:_FITTED]
    if len(frames) < 4:
        return Event(kind, evidence={"why": "the car's front was not seen on its way in"})
    times = seen.times_s[frames]
    # Backwards in time from the first box: braking is known from the stop, speed is fitted.
    braking = -view.arrival.onset.acceleration
    since = times - times[0]
    speed, place = np.polyfit(since, fronts - 0.5 * braking * since**2, 1)
    off = fronts - (place + speed * since + 0.5 * braking * since**2)
    back = (speed - np.sqrt(max(0.0, speed**2 - 2 * braking * (place - border)))) / braking
    # The later root is the way back to before the first box.
    time_s = float(times[0] - abs(back))
    error_px = float(np.hypot(np.std(off), 2 * _BOX_ERROR * ends.length))
    half = error_px / speed + 0.1 * abs(back)
    if speed <= 0 or time_s < seen.times_s[view.frame.begin]:
        return Event(kind, evidence={"why": "the car was in the picture from the shot's start"})
    return _event(seen, kind, time_s, half, EventSource.TRACK, f"front edge in {len(frames)} boxes")


def _depart(seen: Observations, view: CarView, ends: _Ends, ground: Ground | None) -> Event:
    """Return when the rear passed the box's front line."""
    kind = "depart"
    if view.departure is None:
        return Event(kind, evidence={"why": "this shot does not show the car leave"})
    line, off = ends.front + _AHEAD_OF_NOSE * ends.length, _MISSED_MARKS * ends.length
    how = "its front line is taken to be where the nose stood"
    marked = _front_line(view, ends, ground)
    if marked is not None:
        line, off, how = marked, 0.02 * ends.length, "its front line is known from the box's marks"
    frames, rears = ends.edge(front=False)
    after = frames > view.frame.last
    frames, rears = frames[after], rears[after]
    past = np.flatnonzero(rears > line)
    if not len(past) or past[0] == 0:
        return Event(kind, evidence={"why": "the car's rear was not seen leaving its box"})
    near = slice(max(0, past[0] - 4), past[0] + 4)
    times = seen.times_s[frames[near]]
    if times[-1] - times[0] > 0.6:
        return Event(kind, evidence={"why": "the car's rear was hidden as it left its box"})
    speed, place = np.polyfit(times - times[0], rears[near], 1)
    if speed <= 0:
        return Event(kind, evidence={"why": "the car's rear was not seen leaving its box"})
    time_s = float(times[0] + (line - place) / speed)
    half = float(np.hypot(off, 2 * _BOX_ERROR * ends.length) / speed)
    return _event(seen, kind, time_s, half, EventSource.TRACK, how)


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
    found = []
    for index, x, y, _ in lights:
        if not max(frame.begin, 1) <= index <= frame.last + 1:
            continue
        time_s = float(seen.times_s[int(index)])
        place = frame.to_stop(np.array((x, y)), int(index))
        off = ends.sign * place[ends.axis] - ends.front
        if time_s > begin_s and abs(off) < _LIGHT_BESIDE * ends.length:
            found.append(int(index))
    if len(set(found)) != 1:
        why = "no light was seen to change" if not found else "several lights changed"
        return Event(kind, evidence={"why": why})
    before, after = seen.times_s[found[0] - 1], seen.times_s[found[0]]
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
