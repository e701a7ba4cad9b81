"""Finds when something that moves from one rest to another begins and ends to move.

People move from rest to rest with the least jerk they can, and the first and last tenth of such
a movement's time is hardly to be seen. So the whole movement is fitted, and its ends follow.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    Floats = npt.NDArray[np.float64]

_STEP_S: Final = 0.004
_LEAST_SHAPE: Final = 1e-2
"""A movement of which the pictures show less than this says nothing."""


@dataclass(frozen=True, slots=True)
class Usual:
    """What movements of a kind are like.

    Attributes:
        shortest_s: The shortest duration that is tried.
        longest_s: The longest.
        duration_s: The usual one.
        sureness: What a duration of twice or half the usual one costs, in squared noises.
        noise: Usual error of one measured value.
    """

    shortest_s: float
    longest_s: float
    duration_s: float
    sureness: float
    noise: float


@dataclass(frozen=True, slots=True)
class Ramp:
    """A movement from one rest to another.

    Attributes:
        begin_s: When it begins.
        end_s: When it ends.
        size: How far it goes, over all values together.
        noise: Usual distance of a measured value from the fit.
    """

    begin_s: float
    end_s: float
    size: float
    noise: float

    @property
    def duration_s(self) -> float:
        """How long it takes."""
        return self.end_s - self.begin_s


def progress(part: Floats) -> Floats:
    """Return how far a movement is, 0 to 1, at parts of its time; rest before 0 and after 1.

    Source: Flash & Hogan 1985, "The coordination of arm movements", equation 9.
    """
    u = np.clip(part, 0.0, 1.0)
    return np.asarray(u**3 * (10.0 - 15.0 * u + 6.0 * u * u))


def fit_ramp(
    times_s: Floats, values: Floats, usual: Usual, *, beyond_s: float = 0.0
) -> Ramp | None:
    """Fit one movement that several values make together.

    Args:
        times_s: float64 (N,), rising.
        values: float64 (N, K).
        usual: What such movements are like.
        beyond_s: How far before the first and after the last value its middle may lie.

    Returns:
        The best fit; None where there are too few values.
    """
    if len(times_s) < 5:
        return None
    middles = np.arange(times_s[0] - beyond_s, times_s[-1] + beyond_s, _STEP_S)
    centred = values - values.mean(axis=0)
    total = float((centred**2).sum())
    best, found = np.inf, None
    for duration in np.geomspace(usual.shortest_s, usual.longest_s, 14):
        shape = progress((times_s[None] - middles[:, None]) / duration + 0.5)
        shape -= shape.mean(axis=1, keepdims=True)
        power, match = (shape**2).sum(axis=1), shape @ centred
        gain = (match**2).sum(axis=1) / np.maximum(power, _LEAST_SHAPE)
        left = total - gain
        dear = usual.sureness * np.log2(duration / usual.duration_s) ** 2
        cost = left / usual.noise**2 + dear
        at = int(cost.argmin())
        if cost[at] < best:
            best = float(cost[at])
            size = float(np.sqrt((match[at] ** 2).sum())) / max(float(power[at]), _LEAST_SHAPE)
            noise = float(np.sqrt(max(left[at], 0.0) / values.size))
            middle, half = float(middles[at]), float(duration) / 2
            found = Ramp(middle - half, middle + half, size, noise)
    return found
