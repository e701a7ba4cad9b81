"""Who comes to a place, stays there, and leaves it: from the boxes of people, without their tracks.

Tracks break where people lean over each other; a place that somebody keeps does not.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]

_STILL: Final = 0.2
"""Who moves less than this part of their own width stays where they are."""
_BLINK_S: Final = 0.6
"""A stay goes on over so long a time without a detection."""
_NEAREST: Final = 0.12
"""Someone stands within this part of their width of a place: boxes jitter by half of it."""
_CLEAR: Final = 0.35
"""And has set off for certain beyond this."""
_FARTHEST: Final = 0.7
"""Who does not go so far only swayed."""
_STRIDE: Final = 0.8
"""Someone comes no farther than this part of their width between two sights."""
_FASTEST_PER_S: Final = 8.0
"""and nobody sets off faster than this, in their widths a second: a box that jumps farther between
two sights was one person's before and another's after. Source: a body's box is half a metre wide;
the quickest steps of rendered crews are 3.4 m/s, seeds 800100-800140."""
_UNSEEN_S: Final = 0.25
"""Who is not seen for longer than this just as they set off was not seen to set off: an instant
half of that away is still told rightly, by the bounds that fuel and drivers have."""
_WATCHED_S: Final = 0.5
"""Who was away already when last seen at the place is watched from so long before that: somebody
else has passed it since."""
_HIDDEN_S: Final = 5.0
_AGAIN_S: Final = 0.4
_SETTLING_S: Final = 1.0
_SAMPLED: Final = 1500


@dataclass(frozen=True, slots=True, eq=False)
class People:
    """Boxes of people, N of them, in order of frames, all on one picture.

    Attributes:
        frame: int64 (N,), index into the clip's times.
        xy: float64 (N, 2), middles, pixels.
        width: float64 (N,), the shorter sides, pixels.
    """

    frame: Ints
    xy: Floats
    width: Floats

    @classmethod
    def of(cls, frame: npt.NDArray[np.integer], boxes: npt.NDArray[np.floating]) -> People:
        """Return people from their boxes, (N, 4)."""
        boxes = np.asarray(boxes, np.float64)
        sides = boxes[:, 2:] - boxes[:, :2]
        return cls(
            np.asarray(frame, np.int64), (boxes[:, :2] + boxes[:, 2:]) / 2, sides.min(axis=1)
        )

    def where(self, mask: npt.NDArray[np.bool_]) -> People:
        """Return those for which ``mask``, bool (N,), is True."""
        return People(self.frame[mask], self.xy[mask], self.width[mask])


@dataclass(frozen=True, slots=True, eq=False)
class Dwell:
    """One stay.

    Attributes:
        first: Frame in which somebody is first seen at the place.
        last: Frame in which somebody is last seen there.
        xy: float64 (2,), the place, pixels.
        width: Width of who stays, pixels.
        filled: Part of the frames between in which somebody is seen there.
    """

    first: int
    last: int
    xy: Floats
    width: float
    filled: float


@dataclass(frozen=True, slots=True)
class Edge:
    """When somebody came to rest, or set off.

    Attributes:
        time_s: When they were farther from the place than a box jitters, between frames.
        spread_s: From then to when they were beyond doubt away.
        way: Where from or to: x and y from the place, pixels.
    """

    time_s: float
    spread_s: float
    way: tuple[float, float]


def longest_dwells(people: People, times_s: Floats, at_least_s: float) -> list[Dwell]:
    """Return the stays of at least so long, longest first, one at each place.

    Args:
        people: Who is where.
        times_s: float64 (F,), the clip's frames.
        at_least_s: Shorter stays are none.
    """
    found: list[Dwell] = []
    left = people
    while len(left.frame) and len(found) < 6:
        dwell, near = _at_most_visited(left, times_s)
        if dwell is None:
            break
        if times_s[dwell.last] - times_s[dwell.first] >= at_least_s:
            found.append(dwell)
        left = left.where(~near)
    return sorted(found, key=lambda stay: times_s[stay.first] - times_s[stay.last])


def _at_most_visited(people: People, times_s: Floats) -> tuple[Dwell | None, npt.NDArray[np.bool_]]:
    """Return the longest stay at the place where most boxes are, and which boxes are there."""
    places = people.xy[:, 0] + 1j * people.xy[:, 1]
    width = float(np.median(people.width))
    picked = np.linspace(0, len(places) - 1, min(len(places), _SAMPLED)).astype(int)
    close = np.abs(places[picked][:, None] - places[picked][None]) < _STILL * width
    middle = np.median(people.xy[picked[close[close.sum(axis=1).argmax()]]], axis=0)
    near = np.hypot(*(people.xy - middle).T) < _STILL * width
    if np.count_nonzero(near) < 3:
        return None, near
    frames = np.unique(people.frame[near])
    parts = _joined(
        np.split(frames, np.flatnonzero(np.diff(times_s[frames]) > _BLINK_S) + 1), times_s
    )
    stay = max(parts, key=lambda part: times_s[part[-1]] - times_s[part[0]])
    first, last = int(stay[0]), int(stay[-1])
    mine = near & (people.frame >= first) & (people.frame <= last)
    return Dwell(
        first,
        last,
        np.median(people.xy[mine], axis=0),
        float(np.median(people.width[mine])),
        len(stay) / (last - first + 1),
    ), near


def _joined(parts: list[Ints], times_s: Floats) -> list[Ints]:
    """Return sights of one place with those put together that are one stay with a break.

    Somebody may be hidden for seconds; nobody else then stands on just the same spot.
    """
    lasting = [part for part in parts if times_s[part[-1]] - times_s[part[0]] >= _AGAIN_S]
    found: list[Ints] = []
    for part in lasting:
        if found and times_s[part[0]] - times_s[found[-1][-1]] < _HIDDEN_S:
            found[-1] = np.concatenate((found[-1], part))
        else:
            found.append(part)
    return found or parts


def came(people: People, times_s: Floats, stay: Dwell, since: int) -> Edge | None:
    """Return when who stays came to rest; None where the way to the place was not seen.

    Args:
        people: Everybody, also outside the zone.
        times_s: float64 (F,), the clip's frames.
        stay: The stay.
        since: Frame from which the way may be looked for.
    """
    here = _settled(people, times_s, stay, float(times_s[stay.first]))
    start = int(np.searchsorted(times_s, times_s[stay.first] + _WATCHED_S))
    for first in (stay.first + 3, start):
        edge = _edge(people, times_s, here, range(first, since - 1, -1))
        if edge is not None:
            return edge
    return None


def left(people: People, times_s: Floats, stay: Dwell, until: int) -> Edge | None:
    """Return when who stayed set off; None where the way from the place was not seen."""
    here = _settled(people, times_s, stay, float(times_s[stay.last]))
    start = int(np.searchsorted(times_s, times_s[stay.last] - _WATCHED_S))
    for first in (stay.last - 3, start):
        edge = _edge(people, times_s, here, range(first, until + 1))
        if edge is not None:
            return edge
    return None


def _settled(people: People, times_s: Floats, stay: Dwell, around_s: float) -> Dwell:
    """Return a stay at the place that is kept around an instant: who stands shifts a little."""
    mine = (people.frame >= stay.first) & (people.frame <= stay.last)
    mine &= np.abs(times_s[people.frame] - around_s) < _SETTLING_S
    mine &= np.hypot(*(people.xy - stay.xy).T) < 2.0 * _STILL * stay.width
    return replace(stay, xy=np.median(people.xy[mine], axis=0)) if mine.any() else stay


def _edge(people: People, times_s: Floats, stay: Dwell, frames: range) -> Edge | None:
    """Return when who stays was last, or is first, farther from the place than a box jitters."""
    when, away = _way(people, times_s, stay, frames)
    if len(when) < 3:
        return None
    distance = np.hypot(away[:, 0], away[:, 1]) / stay.width
    distance[1:-1] = np.median(np.stack((distance[:-2], distance[1:-1], distance[2:])), axis=0)
    if distance.max() < _FARTHEST:
        return None
    # Along the way from the place: the last sight that is near it, then the first that is not.
    end = int(np.flatnonzero(distance > _FARTHEST)[0]) + 1
    nearest = np.flatnonzero(distance[:end] <= _NEAREST)
    # Who was away when first seen set off before.
    if not len(nearest) or not _sets_off(when, distance, int(nearest[-1])):
        return None
    crossed = [_crossing(when[:end], distance[:end], limit) for limit in (_NEAREST, _CLEAR)]
    farthest = away[end - 1]
    return Edge(crossed[0], abs(crossed[1] - crossed[0]), (float(farthest[0]), float(farthest[1])))


def _sets_off(when: Floats, distance: Floats, last: int) -> bool:
    """Return whether somebody is seen to set off after a sight, neither hidden nor jumping."""
    step_s = abs(float(when[last + 1] - when[last]))
    way = float(distance[last + 1] - distance[last])
    return step_s <= _UNSEEN_S and way <= _FASTEST_PER_S * step_s


def _crossing(when: Floats, distance: Floats, limit: float) -> float:
    """Return when a distance that is within a limit first, and in the end not, passes it."""
    last = int(np.flatnonzero(distance <= limit)[-1])
    low, high = distance[last], distance[last + 1]
    return float(when[last] + (limit - low) / (high - low) * (when[last + 1] - when[last]))


def _way(people: People, times_s: Floats, stay: Dwell, frames: range) -> tuple[Floats, Floats]:
    """Follow who stays frame by frame by the nearest box; return times and places from the stay."""
    here, seen_s = stay.xy, float(times_s[frames.start]) if len(frames) else 0.0
    when: list[float] = []
    away: list[Floats] = []
    for frame in frames:
        time_s = float(times_s[frame])
        if abs(time_s - seen_s) > _BLINK_S:
            break
        mine = np.flatnonzero(people.frame == frame)
        if not len(mine):
            continue
        steps = np.hypot(*(people.xy[mine] - here).T)
        # A part of somebody may be taken for somebody: who has the same size is more likely it.
        nearest = int((steps + np.abs(people.width[mine] - stay.width)).argmin())
        if steps[nearest] > _STRIDE * stay.width:
            continue
        here, seen_s = people.xy[mine[nearest]], time_s
        when.append(time_s)
        away.append(here - stay.xy)
        if np.hypot(*away[-1]) > 2.0 * _FARTHEST * stay.width:
            break
    return np.array(when), np.array(away).reshape(-1, 2)
