"""When a car came to stand and when it moved off, between frames."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from codefx_desktop.analysis.onset import Onset, fit_onset
from codefx_desktop.domain.events import Event, EventSource, EventStatus

if TYPE_CHECKING:
    import numpy.typing as npt

    from codefx_desktop.analysis.car_rests import Rest
    from codefx_desktop.analysis.following import Follower, Way
    from codefx_desktop.domain.observations import Observations

    Floats = npt.NDArray[np.float64]

_FIT_S: Final = 0.4
"""How much of the motion is fitted: brakes are steady over it, and perspective is small."""
_FIT_FRAMES: Final = 7
"""At least so many frames of it, where pictures are few."""
_REST_S: Final = 0.14
"""How much of the rest is fitted with it: sooner than a jack can lift."""
_CAME: Final = 0.2
"""A car that came in or left moved by so much of its length."""
_NEAR: Final = 0.25
"""A car moves straight for so many of its lengths before it stands and after."""
_NOISE_PX: Final = 0.06
"""Least error of a shift at rest, pixels of 1280. Source: measured on rendered stops."""
_SYSTEMATIC: Final = {True: 0.15, False: 0.5}
"""What no residual shows, in frame intervals: without a detector the ground beside the car is
taken for a part of it. Source: rendered stops."""
_EXPLAINED: Final = 0.9
"""A motion of which less is explained is no arrival and no departure of a car."""
_SURE: Final = 0.98
"""Likewise for something of which only its motion says that it is a car."""
_WIDEST_S: Final = 0.08
"""An instant that the fit tells no better than this is not found: most of its pictures are lost, or
something else moves in the car's place. Brakes and clutches are known to a frame."""
_CAME_SURE: Final = 0.5
"""Such a thing has to come so many of its lengths."""


@dataclass(frozen=True, slots=True, eq=False)
class Edge:
    """An arrival or a departure, as it was seen.

    Attributes:
        way: Where the car was.
        along: float64 (N,), the same along its way; below 0 before the stop, above after it.
        towards: float64 (2,), unit vector of its motion on the picture.
        onset: The instant of stop or go, and how good the fit is.
    """

    way: Way
    along: Floats
    towards: Floats
    onset: Onset

    def direction_near(self, distance_px: float) -> tuple[float, float]:
        """Return the unit vector on which the car moved within a distance from its rest."""
        away = np.hypot(*self.way.places.T)
        near = int(np.abs(away - distance_px).argmin())
        place = self.way.places[near] * np.sign(self.along[near])
        x, y = place / max(1e-9, float(np.hypot(*place)))
        return float(x), float(y)


def find_arrival(
    seen: Observations, follower: Follower, rest: Rest, shot: tuple[int, int]
) -> Edge | None:
    """Return how a car came to its place of rest; None where this shot does not show it.

    Args:
        seen: All that was measured of the clip.
        follower: Follows the car through the shot.
        rest: Where it stands.
        shot: First frame of the shot, and the first of the next.
    """
    start = min(rest.last, rest.first + _frames(seen, rest.first, 0.15))
    way = follower.backwards(rest.box, start, shot[0])
    return _edge(seen, way, rest, sign=-1)


def find_departure(
    seen: Observations, follower: Follower, rest: Rest, shot: tuple[int, int]
) -> Edge | None:
    """Return how a car left its place of rest; None where this shot does not show it.

    Args:
        seen: All that was measured of the clip.
        follower: Follows the car through the shot.
        rest: Where it stands.
        shot: First frame of the shot, and the first of the next.
    """
    start = max(rest.first, rest.last - _frames(seen, rest.last, 0.4))
    way = follower.forwards(rest.box, start, shot[1] - 1)
    return _edge(seen, way, rest, sign=1)


def _edge(seen: Observations, way: Way, rest: Rest, sign: int) -> Edge | None:
    """Return a way with the instant at which its motion began, or ended: ``sign`` is -1."""
    far = way.places[0] if sign < 0 else way.places[-1]
    length = max(rest.box[2] - rest.box[0], rest.box[3] - rest.box[1])
    if float(np.hypot(*far)) < (_CAME if rest.detected else _CAME_SURE) * length:
        return None
    # The last quarter of a length: farther away a car still turns into its box.
    near = way.places[int(np.abs(np.hypot(*way.places.T) - _NEAR * length).argmin())]
    towards = sign * near / float(np.hypot(*near))
    along, times = way.places @ towards, seen.times_s[way.frames]
    # An arrival is a departure backwards in time: ways, shifts and times are turned round.
    onset = _onset(
        sign * along[::sign],
        sign * times[::sign],
        (way.shifts @ towards)[1:][::sign],
        length,
        _NOISE_PX * max(seen.width, seen.height) / 1280,
    )
    if onset is None or onset.explained < (_EXPLAINED if rest.detected else _SURE):
        return None
    return Edge(way, along, towards, replace(onset, time_s=sign * onset.time_s))


def _onset(
    along: Floats, times: Floats, shifts: Floats, length: float, noise: float
) -> Onset | None:
    """Return when something that stood began to move."""
    rough = _rough_onset(along, times, length)
    return None if rough is None else _fit(times, shifts, rough, noise)


def _rough_onset(along: Floats, times: Floats, length: float) -> float | None:
    """Return when a motion that begins at rest began, roughly.

    The square root of the way is a straight line in time: it is laid through what lies between
    one and fifteen percent of a car's length.
    """
    reached = np.flatnonzero(along > 0.15 * length)
    if not len(reached):
        return None
    before = np.flatnonzero(along[: reached[0]] < 0.01 * length)
    begin = int(before[-1]) + 1 if len(before) else 0
    end = int(reached[0]) + 1
    if end - begin < 2:
        return float(times[max(0, begin - 1)])
    root = np.sqrt(np.maximum(along[begin:end], 0.0))
    slope, level = np.polyfit(times[begin:end], root, 1)
    return float(-level / slope) if slope > 0 else None


def _fit(times: Floats, shifts: Floats, rough: float, noise: float) -> Onset | None:
    """Fit the onset to shifts around it, twice: the window follows the first answer."""
    onset: Onset | None = None
    interval = float(np.median(np.diff(times)))
    reach = max(_FIT_S, _FIT_FRAMES * interval)
    for _ in range(2):
        inside = (times[1:] > rough - _REST_S) & (times[:-1] < rough + reach)
        index = np.flatnonzero(inside)
        if len(index) < 4:
            return None
        slack = 3 * interval
        onset = fit_onset(
            times[index[0] : index[-1] + 2], shifts[inside], (rough - slack, rough + slack), noise
        )
        if onset is None:
            return None
        rough = onset.time_s
    return onset


def _frames(seen: Observations, frame: int, seconds: float) -> int:
    """Return how many frames last so long around a frame."""
    near = seen.times_s[max(0, frame - 8) : frame + 9]
    interval = float(np.median(np.diff(near))) if len(near) > 1 else seconds
    return max(1, round(seconds / max(interval, 1e-6)))


def event_of(seen: Observations, kind: str, edge: Edge | None, *, detected: bool) -> Event:
    """Return ``stop`` or ``go`` from how the car came or left; not found without it.

    Args:
        seen: All that was measured of the clip.
        kind: Which of the two.
        edge: How the car came or left.
        detected: Whether a detector said where the car is.
    """
    if edge is None:
        return Event(kind)
    onset = edge.onset
    frame = int(np.abs(seen.times_s - onset.time_s).argmin())
    near = seen.times_s[max(0, frame - 1) : frame + 2]
    interval = float(np.diff(near).max()) if len(near) > 1 else 0.04
    half = 3.0 * onset.spread_s + _SYSTEMATIC[detected] * interval
    if half > max(_WIDEST_S, 2.0 * interval):
        why = f"its motion tells {onset.time_s:.2f} s only to {half:.2f} s"
        return Event(kind, evidence={"why": why})
    return Event(
        kind,
        time_s=onset.time_s,
        earliest_s=onset.time_s - half,
        latest_s=onset.time_s + half,
        frame_number=int(seen.numbers[frame]),
        source=EventSource.MOTION,
        status=EventStatus.PROPOSED,
        confidence=float(np.clip(onset.explained, 0.0, 0.99)),
        evidence={
            "measured": f"flow inside the car over {onset.count} frames, "
            f"{onset.acceleration:.0f} px/s²",
            "residual": f"{onset.misfit:.1f} of what is usual",
        },
    )
