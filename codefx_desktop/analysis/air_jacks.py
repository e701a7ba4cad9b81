"""When a car that no jack was seen under is lifted and set down: by air jacks, all of it at once.

A car that rises comes nearer to a camera above it, so its picture grows, by about a hundredth; set
down it shrinks by as much. Nothing else that happens at a stop makes all of a car's picture grow
at once and shrink again: crews move over parts of it, a camera that zooms moves the ground too.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from codefx_desktop.analysis.ramps import Ramp, Usual, fit_ramp
from codefx_desktop.domain.events import Event, EventSource, EventStatus, Place

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from codefx_desktop.analysis.stop_frame import StopFrame
    from codefx_desktop.domain.observations import Observations

    Floats = npt.NDArray[np.float64]
    Box = tuple[float, float, float, float]

_PULSE_S: Final = 0.2
"""A lift's growth is looked for in sums over so long; air jacks work in a third of a second.
Source, as of all numbers here: chosen while looking at rendered endurance stops, not measured on
real ones."""
_CLEAR: Final = 7.0
"""A lift stands so many times above what such sums usually are,"""
_ALONE: Final = 1.8
"""and so many times above any other within the stop: otherwise it may be anything."""
_FAINT: Final = 5.0
_FAINT_ALONE: Final = 1.3
_HALF: Final = 2.0
"""A fainter lift counts, too, where both halves of the car grow, each about its own middle and so
many times above what its sums usually are: a person moves over one of them. Source: 20 endurance
stops, seeds 800100-800109, 800120, 800121, 800140 and 805000-805005: elsewhere than at a lift the
strongest sums were 6.3 times the usual; where they were above 5, those of one half were below 0."""
_ALIKE: Final = 0.4
"""The lesser of lift and drop is at least this part of the greater: it is the same way."""
_APART_S: Final = 0.5
"""Lift and drop lie apart by twice this at least; what else grows is told from them by it."""
_LEAST_FRAMES: Final = 8
_LEAST_CELLS: Final = 30
_LIKELY_PX: Final = 0.15
"""Cells whose flow misses the fit by more than this count less (Huber): people move there."""
_LIFTS: Final = Usual(0.1, 0.7, 0.3, 8.0, 0.08)
_DROPS: Final = Usual(0.08, 0.6, 0.2, 8.0, 0.08)
_AROUND_S: Final = 0.5
_HALF_S: Final = 0.04
_PICTURE: Final = 0.5
"""How far an instant may be wrong: so long, and this part of the time between pictures."""


def air_jack_events(seen: Observations, stop: StopFrame) -> tuple[Event, ...]:
    """Return ``jack_up`` and ``jack_down`` of both ends, or nothing where no clear lift was seen.

    Args:
        seen: All that was measured of the clip.
        stop: The stop.
    """
    times, growth = _growth(seen, stop)
    if len(times) < _LEAST_FRAMES or times[-1] - times[0] < 2 * _APART_S:
        return ()  # a shot this short cannot show a lift and a drop
    halves = [
        _growth(seen, replace(stop, box=box), _LEAST_CELLS // 2)[1] for box in _halves(stop.box)
    ]
    up, down = _lift_and_drop(times, growth, [half for half in halves if len(half)])
    found: list[Event] = []
    for kind, at, usual in (("jack_up", up, _LIFTS), ("jack_down", down, _DROPS)):
        ramp = None if at is None else _ramp(times, growth, at, usual)
        if ramp is None:
            return ()
        instant_s = ramp.begin_s if kind == "jack_up" else ramp.end_s
        found += [_event(seen, kind, end, instant_s, ramp) for end in (Place.FRONT, Place.REAR)]
    return tuple(found)


def _halves(box: Box) -> tuple[Box, Box]:
    """Return the halves of a car's box, across its length."""
    x1, y1, x2, y2 = box
    if x2 - x1 > y2 - y1:
        middle = (x1 + x2) / 2
        return (x1, y1, middle, y2), (middle, y1, x2, y2)
    middle = (y1 + y2) / 2
    return (x1, y1, x2, middle), (x1, middle, x2, y2)


def _growth(
    seen: Observations, stop: StopFrame, least_cells: int = _LEAST_CELLS
) -> tuple[Floats, Floats]:
    """Return times, float64 (T,), and how much the car's picture grew since the one before.

    In pixels by which its ends moved apart from its middle; the ground's own growth is taken out.
    Both are empty where the car covers fewer cells than asked for.
    """
    none = np.zeros(0)
    if seen.motion is None:
        return none, none
    rows, columns = seen.motion.energy.shape[1:]
    x = (np.arange(columns) + 0.5) * seen.width / columns
    y = (np.arange(rows) + 0.5) * seen.height / rows
    left, top, right, bottom = stop.box
    within = ((y > top) & (y < bottom))[:, None] & ((x > left) & (x < right))[None]
    if within.sum() < least_cells:
        return none, none
    half = max(right - left, bottom - top) / 2
    away = np.stack(np.meshgrid(x - (left + right) / 2, y - (top + bottom) / 2), axis=-1) / half
    frames = np.arange(max(stop.first, 1), stop.last + 1)
    flow = seen.motion.flow[frames].astype(np.float64)
    growth = _expansion(flow[:, within], away[within])
    if (~within).sum() >= _LEAST_CELLS:
        growth = growth - _expansion(flow[:, ~within], away[~within])
    return seen.times_s[frames], growth


def _expansion(flow: Floats, away: Floats) -> Floats:
    """Return the expansion that explains flow (T, N, 2) at places (N, 2) best, float64 (T,)."""
    # Across and down apart and packed: pairs beside each other take seven times as long.
    flow_x, flow_y = (np.ascontiguousarray(flow[..., axis]) for axis in (0, 1))
    away_x, away_y = (np.ascontiguousarray(away[:, axis]) for axis in (0, 1))
    weight, growth = np.ones(flow_x.shape), np.zeros(len(flow))
    for _ in range(6):
        total = weight.sum(1)
        off_x = away_x - ((weight @ away_x) / total)[:, None]
        off_y = away_y - ((weight @ away_y) / total)[:, None]
        moved_x = flow_x - (np.einsum("tn,tn->t", weight, flow_x) / total)[:, None]
        moved_y = flow_y - (np.einsum("tn,tn->t", weight, flow_y) / total)[:, None]
        spread = np.einsum("tn,tn->t", weight, off_x * off_x + off_y * off_y)
        grown = np.einsum("tn,tn->t", weight, off_x * moved_x + off_y * moved_y)
        growth = grown / np.maximum(spread, 1e-9)
        moved_x -= growth[:, None] * off_x
        moved_y -= growth[:, None] * off_y
        miss = np.sqrt(moved_x * moved_x + moved_y * moved_y)
        weight = 1.0 / np.maximum(1.0, miss / _LIKELY_PX)
    return growth


@dataclass(frozen=True, slots=True)
class _Pulse:
    """Growth, or shrinking, that is short and strong.

    Attributes:
        time_s: Its middle.
        size: Pixels; below 0 where the picture shrank.
    """

    time_s: float
    size: float


def _lift_and_drop(
    times_s: Floats, growth: Floats, halves: Sequence[Floats]
) -> tuple[_Pulse | None, _Pulse | None]:
    """Return the car's lift and the drop after it; None where that is not clear.

    A lift alone, or a drop alone, is neither: what was seen may be a hand before the lens.

    Args:
        times_s: float64 (T,).
        growth: float64 (T,), of the whole car's picture.
        halves: Likewise of its halves; empty where these are too small to tell.
    """
    sums, usual = _sums(times_s, growth)
    first = _Pulse(float(times_s[sums.argmax()]), float(sums.max()))
    last = _Pulse(float(times_s[sums.argmin()]), float(sums.min()))
    far = (np.abs(times_s - first.time_s) > _APART_S) & (np.abs(times_s - last.time_s) > _APART_S)
    other = float(np.abs(sums[far]).max(initial=0.0))
    least, most = sorted((first.size, -last.size))
    clear = least > max(_CLEAR * usual, _ALONE * other)
    if not clear and least > max(_FAINT * usual, _FAINT_ALONE * other):
        clear = len(halves) == 2 and all(
            _grows(times_s, half, first, 1.0) and _grows(times_s, half, last, -1.0)
            for half in halves
        )
    if not clear or least <= _ALIKE * most or last.time_s - first.time_s < 2 * _APART_S:
        return None, None
    return first, last


def _sums(times_s: Floats, growth: Floats) -> tuple[Floats, float]:
    """Return growth summed over a lift's time, float64 (T,), and how large sums usually are."""
    count = max(2, round(_PULSE_S / float(np.median(np.diff(times_s)))))
    sums = np.convolve(growth, np.ones(count), mode="same")
    return sums, 1.4826 * float(np.median(np.abs(sums - np.median(sums)))) + 1e-6


def _grows(times_s: Floats, growth: Floats, pulse: _Pulse, sign: float) -> bool:
    """Return whether a half of the car grows (``sign`` -1: shrinks) when the whole does."""
    sums, usual = _sums(times_s, growth)
    near = np.abs(times_s - pulse.time_s) <= _PULSE_S / 2
    return float((sign * sums[near]).max(initial=0.0)) > _HALF * usual


def _ramp(times_s: Floats, growth: Floats, at: _Pulse, usual: Usual) -> Ramp | None:
    near = np.abs(times_s - at.time_s) < _AROUND_S
    if np.count_nonzero(near) < 6:
        return None
    return fit_ramp(times_s[near], np.cumsum(growth[near])[:, None], usual)


def _event(seen: Observations, kind: str, end: Place, time_s: float, ramp: Ramp) -> Event:
    half_s = _HALF_S + _PICTURE * float(np.median(np.diff(seen.times_s)))
    words = f"the car's picture changed in size by {ramp.size:.1f} px in {ramp.duration_s:.2f} s"
    frame = int(np.abs(seen.times_s - time_s).argmin())
    return Event(
        kind, end, time_s, time_s - half_s, time_s + half_s, int(seen.numbers[frame]),
        EventSource.MOTION, EventStatus.PROPOSED, 0.7, {"air jacks": words},
    )  # fmt: skip
