"""When a motion begins, between frames: fitted to how far something came in each interval."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

_STEPS: Final = 241
"""Instants that are tried."""
_CHANGE_PER_S: Final = 0.1
"""How far acceleration may change in a second, as a part of itself: brakes and tyres are nearly
steady over the third of a second that is fitted, and perspective changes it by a few percent."""
_RELATIVE: Final = 0.03
"""Error of a measured shift, as a part of it. Source: rendered stops, block flow against truth."""
_TAIL: Final = 3.0
"""Shifts that miss by more than so many standard errors count less (Huber)."""


@dataclass(frozen=True, slots=True)
class Onset:
    """The instant at which something began to move.

    Attributes:
        time_s: Best instant.
        spread_s: Its standard error, from the fit's own residuals.
        acceleration: Pixels per second squared.
        misfit: Root mean square residual in standard errors: 1 where the errors are as expected.
        explained: Part of the shifts' energy that the model explains, at most 1.
        count: Shifts that were fitted.
    """

    time_s: float
    spread_s: float
    acceleration: float
    misfit: float
    explained: float
    count: int


def fit_onset(
    times_s: Floats, shifts: Floats, around: tuple[float, float], noise: float
) -> Onset | None:
    """Fit rest, then motion under nearly steady acceleration, to shifts over intervals.

    The way since the onset is ``a t^2 / 2 + b t^3 / 6`` with a small ``b``, so each interval's
    shift is linear in ``a`` and ``b`` once the onset is given; the onset is tried on a fine grid.
    An interval that the onset divides tells where in it. An arrival is a departure backwards.

    Args:
        times_s: float64 (N + 1,), ascending: interval ``i`` is from ``times_s[i]`` to the next.
        shifts: float64 (N,), pixels along the way; nan where it was not measured.
        around: Earliest and latest instant to try.
        noise: Standard error of a shift at rest, pixels.

    Returns:
        None with fewer than four shifts, or where nothing accelerates.
    """
    known = np.isfinite(shifts)
    if np.count_nonzero(known) < 4 or not around[0] < around[1]:
        return None
    begins, ends, way = times_s[:-1][known], times_s[1:][known], shifts[known]
    error = np.hypot(noise, _RELATIVE * way)
    tried = np.linspace(*around, _STEPS)
    fits, costs = _fit_at(tried, begins, ends, way, error)
    costs[fits[:, 0] <= 0] = np.inf
    best = int(costs.argmin())
    if not np.isfinite(costs[best]):
        return None
    misfit = float(np.sqrt(costs[best] / max(1, len(way) - 2)))
    weight = np.exp(-0.5 * np.minimum(costs - costs[best], 700.0) / max(1.0, misfit**2))
    mean = float(np.average(tried, weights=weight))
    spread = float(np.sqrt(np.average((tried - mean) ** 2, weights=weight)))
    left = way - fits[best] @ _design(np.array([mean]), begins, ends)[:, 0]
    explained = 1.0 - float(left @ left) / max(1e-9, float(way @ way))
    return Onset(mean, spread, float(fits[best, 0]), misfit, explained, len(way))


def _design(onsets: Floats, begins: Floats, ends: Floats) -> Floats:
    """Return what unit acceleration and unit change of it give each interval, (2, O, N)."""
    t0, t1 = (np.maximum(times - onsets[:, None], 0.0) for times in (begins, ends))
    return np.stack(((t1 * t1 - t0 * t0) / 2, (t1 * t1 * t1 - t0 * t0 * t0) / 6))


def _fit_at(
    onsets: Floats, begins: Floats, ends: Floats, way: Floats, error: Floats
) -> tuple[Floats, Floats]:
    """Return acceleration and its change (O, 2) for onsets (O,), and what they cost, (O,)."""
    steady, change = _design(onsets, begins, ends)
    weight = np.broadcast_to(1.0 / error, steady.shape)
    a, b, scale = np.zeros(len(onsets)), np.zeros(len(onsets)), np.ones(len(onsets))
    for _ in range(4):
        # The change is held to nothing as firmly as a steady pedal is: one more observation.
        prior = 1.0 / (_CHANGE_PER_S * np.maximum(scale, 1e-6))
        a, b = _least_squares(steady * weight, change * weight, way * weight, prior)
        scale = np.abs(a)
        miss = np.abs(way - a[:, None] * steady - b[:, None] * change) / error
        weight = np.sqrt(np.minimum(1.0, _TAIL / np.maximum(miss, 1e-9))) / error
    huber = np.where(miss < _TAIL, miss**2, 2 * _TAIL * miss - _TAIL**2)
    unsteady = b / (_CHANGE_PER_S * np.maximum(scale, 1e-6))
    return np.stack((a, b), axis=1), huber.sum(1) + unsteady**2


def _least_squares(x: Floats, y: Floats, goal: Floats, prior: Floats) -> tuple[Floats, Floats]:
    """Return the ``a`` and ``b`` for which ``a x + b y`` is nearest to the goal, row by row.

    Args:
        x: float64 (O, N).
        y: Likewise.
        goal: Likewise.
        prior: float64 (O,), above 0: how firmly ``b`` is held to nothing.
    """
    xx, xy, yy = (x * x).sum(1), (x * y).sum(1), (y * y).sum(1) + prior**2
    xg, yg = (x * goal).sum(1), (y * goal).sum(1)
    spread = xx * yy - xy * xy
    # Nothing moves after an onset that late.
    some = spread > 0
    spread = np.where(some, spread, 1.0)
    return (
        np.where(some, (yy * xg - xy * yg) / spread, 0.0),
        np.where(some, (xx * yg - xy * xg) / spread, 0.0),
    )
