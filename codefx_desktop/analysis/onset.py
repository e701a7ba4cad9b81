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
    costs = np.empty(_STEPS)
    fits = np.empty((_STEPS, 2))
    for index, onset in enumerate(tried):
        fits[index], costs[index] = _fit_at(onset, begins, ends, way, error)
    costs[fits[:, 0] <= 0] = np.inf
    best = int(costs.argmin())
    if not np.isfinite(costs[best]):
        return None
    misfit = float(np.sqrt(costs[best] / max(1, len(way) - 2)))
    weight = np.exp(-0.5 * np.minimum(costs - costs[best], 700.0) / max(1.0, misfit**2))
    mean = float(np.average(tried, weights=weight))
    spread = float(np.sqrt(np.average((tried - mean) ** 2, weights=weight)))
    left = way - _design(mean, begins, ends) @ fits[best]
    explained = 1.0 - float(left @ left) / max(1e-9, float(way @ way))
    return Onset(mean, spread, float(fits[best, 0]), misfit, explained, len(way))


def _design(onset: float, begins: Floats, ends: Floats) -> Floats:
    """Return what unit acceleration and unit change of it give each interval, (N, 2)."""
    t0, t1 = np.maximum(begins - onset, 0.0), np.maximum(ends - onset, 0.0)
    return np.stack(((t1**2 - t0**2) / 2, (t1**3 - t0**3) / 6), axis=1)


def _fit_at(
    onset: float, begins: Floats, ends: Floats, way: Floats, error: Floats
) -> tuple[Floats, float]:
    """Return acceleration and its change for an onset, and what they cost."""
    design = _design(onset, begins, ends)
    weight = 1.0 / error
    fit = np.zeros(2)
    scale = 1.0
    for _ in range(4):
        rows, goal = design * weight[:, None], way * weight
        # The change is held to nothing as firmly as a steady pedal is: one more observation.
        prior = np.array((0.0, 1.0 / (_CHANGE_PER_S * max(scale, 1e-6))))
        fit = np.linalg.lstsq(np.vstack((rows, prior)), np.append(goal, 0.0), rcond=None)[0]
        scale = abs(float(fit[0]))
        miss = np.abs(way - design @ fit) / error
        weight = np.sqrt(np.minimum(1.0, _TAIL / np.maximum(miss, 1e-9))) / error
    miss = np.abs(way - design @ fit) / error
    huber = np.where(miss < _TAIL, miss**2, 2 * _TAIL * miss - _TAIL**2)
    change = float(fit[1]) / (_CHANGE_PER_S * max(scale, 1e-6))
    return fit, float(huber.sum()) + change**2
