"""When the pictures of a clip are taken: 24 to 60 a second, even or uneven."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from codefx_desktop.synthetic.seeds import stream

RATES = (
    Fraction(24), Fraction(25), Fraction(30_000, 1001), Fraction(30), Fraction(48),
    Fraction(50), Fraction(60_000, 1001), Fraction(60),
)  # fmt: skip
LONG_RATES = RATES[:4]
VARIABLE_BASE = Fraction(1, 90_000)


@dataclass(frozen=True, slots=True, eq=False)
class Clock:
    """The times of all pictures.

    Attributes:
        ticks: int64 (N,), strictly increasing from 0, in units of ``time_base``.
        time_base: Seconds per tick.
        rate: Pictures per second, on average where they are uneven.
        variable: Whether the intervals differ.
    """

    ticks: npt.NDArray[np.int64]
    time_base: Fraction
    rate: Fraction
    variable: bool

    def __len__(self) -> int:
        """Return the number of pictures."""
        return len(self.ticks)

    def seconds(self, number: int) -> float:
        """Return the time of a picture from the first one."""
        return float(int(self.ticks[number]) * self.time_base)


def choose_clock(
    seed: int, seconds: float, *, rate: Fraction | None = None, variable: bool | None = None
) -> Clock:
    """Return the times of a clip's pictures.

    Args:
        seed: The clip's seed; decides what is not given.
        seconds: Length of the clip.
        rate: Pictures per second, before any are missing.
        variable: Whether intervals wander by up to a third and single pictures are missing, as
            phones record.
    """
    rng = stream(seed, "clock")
    chosen = RATES[int(rng.integers(len(RATES)))]
    rate = chosen if rate is None else rate
    uneven = bool(rng.random() < 0.2)
    variable = uneven if variable is None else variable
    count = max(2, round(seconds * float(rate)))
    if not variable:
        return Clock(np.arange(count, dtype=np.int64), 1 / rate, rate, variable=False)
    # A picture late by up to a third of an interval never meets the next one.
    nominal = np.arange(count) / float(rate)
    late = rng.uniform(0.0, 0.34, count) / float(rate)
    kept = rng.random(count) >= 0.03
    kept[[0, -1]] = True  # an average needs two
    times = (nominal + late)[kept]
    ticks = np.round((times - times[0]) / float(VARIABLE_BASE)).astype(np.int64)
    average = (len(ticks) - 1) / (int(ticks[-1]) * VARIABLE_BASE)
    return Clock(ticks, VARIABLE_BASE, average.limit_denominator(90_000), variable=True)
