"""Keyframed motion that goes through its keys without stopping at each: people who walk."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from codefx_desktop.synthetic.motion import Track

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codefx_desktop.synthetic.motion import Vector


class SmoothTrack(Track):
    """A vector over time, through all keys with continuous speed and never beyond them.

    It rests between two equal keys and at the ends; as ``Track``, it does not change before the
    first key and after the last.

    Source: Fritsch & Butland 1984, "A method for constructing local monotone piecewise cubic
    interpolants": slopes are the harmonic mean of the neighbours', or 0 where these differ in sign.
    """

    __slots__ = ("_slopes",)

    def __init__(self, keys: Sequence[tuple[float, Sequence[float]]]) -> None:
        super().__init__(keys)
        times, values = self._times, self._values
        self._slopes = [[0.0] * len(values[0]) for _ in times]
        for key in range(1, len(times) - 1):
            before, after = times[key] - times[key - 1], times[key + 1] - times[key]
            for part, value in enumerate(values[key]):
                rise = (value - values[key - 1][part]) / before
                fall = (values[key + 1][part] - value) / after
                if rise * fall > 0.0:
                    weight = (before + 2.0 * after) / (3.0 * (before + after))
                    mean = rise * fall / (weight * fall + (1.0 - weight) * rise)
                    self._slopes[key][part] = mean

    def at(self, time_s: float) -> Vector:
        """Return the values at an instant."""
        upper = bisect_right(self._times, time_s)
        if upper == 0:
            return self._values[0]
        if upper == len(self._times):
            return self._values[-1]
        begin = self._times[upper - 1]
        span = self._times[upper] - begin
        u = (time_s - begin) / span
        near, far = (1.0 + 2.0 * u) * (1.0 - u) ** 2, u * u * (3.0 - 2.0 * u)
        lead, tail = u * (1.0 - u) ** 2 * span, u * u * (u - 1.0) * span
        return tuple(
            near * a + far * b + lead * c + tail * d
            for a, b, c, d in zip(
                self._values[upper - 1],
                self._values[upper],
                self._slopes[upper - 1],
                self._slopes[upper],
                strict=True,
            )
        )
