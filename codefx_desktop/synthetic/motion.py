"""Keyframed motion: values over time that start and stop as muscles do."""

from __future__ import annotations

import itertools
from bisect import bisect_right
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Vector = tuple[float, ...]


def ease(fraction: float) -> float:
    """Return the minimum-jerk progress, 0 to 1, at a fraction of a movement's time.

    Source: Flash & Hogan 1985, "The coordination of arm movements", equation 9.
    """
    u = min(1.0, max(0.0, fraction))
    return u * u * u * (10.0 - 15.0 * u + 6.0 * u * u)


class Track:
    """A vector over time: rests at each key, moves with minimum jerk between them.

    Args:
        keys: (seconds, values) in order of time; before the first and after the last the value
            does not change.

    Raises:
        ValueError: If there is no key or the times do not increase.
    """

    __slots__ = ("_times", "_values")

    def __init__(self, keys: Sequence[tuple[float, Sequence[float]]]) -> None:
        if not keys or any(b[0] <= a[0] for a, b in itertools.pairwise(keys)):
            raise ValueError(f"key times must increase: {[time for time, _ in keys]}")
        self._times = [float(time) for time, _ in keys]
        self._values: list[Vector] = [tuple(map(float, value)) for _, value in keys]

    def at(self, time_s: float) -> Vector:
        """Return the values at an instant."""
        upper = bisect_right(self._times, time_s)
        if upper == 0:
            return self._values[0]
        if upper == len(self._times):
            return self._values[-1]
        begin, end = self._times[upper - 1], self._times[upper]
        u = ease((time_s - begin) / (end - begin))
        return tuple(
            a + (b - a) * u
            for a, b in zip(self._values[upper - 1], self._values[upper], strict=True)
        )


def keyed(*keys: tuple[float, Sequence[float]]) -> Track:
    """Return a track of keys in any order; later keys that come too close are moved apart."""
    ordered: list[tuple[float, Sequence[float]]] = []
    for time, value in sorted(keys, key=lambda key: key[0]):
        soonest = ordered[-1][0] + 0.01 if ordered else time
        ordered.append((max(time, soonest), value))
    return Track(ordered)


def crossing(
    value: Callable[[float], float],
    begin_s: float,
    end_s: float,
    *,
    last: bool = False,
    step_s: float = 0.005,
) -> float | None:
    """Return the instant at which ``value`` rises through zero, to a microsecond.

    Args:
        value: A continuous function of seconds.
        begin_s: Where to look from.
        end_s: Where to look to.
        last: Return the last rise instead of the first.
        step_s: Rises that fall again sooner than this may be missed.

    Returns:
        Seconds, or None where the value never rises through zero.
    """
    steps = max(2, int((end_s - begin_s) / step_s) + 1)
    found: tuple[float, float] | None = None
    before_s, before = begin_s, value(begin_s)
    for step in range(1, steps + 1):
        now_s = begin_s + (end_s - begin_s) * step / steps
        now = value(now_s)
        if before <= 0.0 < now:
            found = (before_s, now_s)
            if not last:
                break
        before_s, before = now_s, now
    if found is None:
        return None
    low, high = found
    while high - low > 1e-6:
        middle = (low + high) / 2
        low, high = (low, middle) if value(middle) > 0.0 else (middle, high)
    return high
