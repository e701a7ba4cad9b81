"""Where instants lie on a line of the screen, and which of them get a mark."""

from __future__ import annotations

import math
from dataclasses import dataclass

_STEPS_S = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200)


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on the line; ``label`` is empty for a small one."""

    seconds: float
    label: str = ""


@dataclass(frozen=True, slots=True)
class TimeAxis:
    """Maps seconds from the first picture to pixels across.

    Attributes:
        span_s: From the first picture's start to the last one's end.
        left_px: Where 0 lies.
        width_px: How long the line is.
    """

    span_s: float
    left_px: float
    width_px: float

    def x_of(self, seconds: float) -> float:
        """Return where an instant lies."""
        if self.span_s <= 0:
            return self.left_px
        part = min(max(seconds / self.span_s, 0.0), 1.0)
        return self.left_px + part * self.width_px

    def seconds_at(self, x_px: float) -> float:
        """Return the instant at a place; beyond the line, its nearer end."""
        if self.width_px <= 0:
            return 0.0
        return min(max((x_px - self.left_px) / self.width_px, 0.0), 1.0) * self.span_s

    def ticks(self, least_px: float) -> tuple[Tick, ...]:
        """Return marks at round times: labelled ones at least so far apart, small ones between.

        Args:
            least_px: Least distance of two labels.
        """
        return ticks_between(0.0, self.span_s, self.width_px, least_px)


def ticks_between(
    first_s: float, last_s: float, width_px: float, least_px: float
) -> tuple[Tick, ...]:
    """Return marks at round times of a part of a clip.

    Args:
        first_s: The instant at the line's beginning.
        last_s: The one at its end.
        width_px: How long the line is.
        least_px: Least distance of two labels.
    """
    span = last_s - first_s
    if span <= 0 or width_px <= 0:
        return ()
    step = _round_step(span * least_px / width_px)
    parts = 5 if width_px * step / span >= 5 * 8 else 1
    small = step / parts
    numbers = range(math.ceil(first_s / small - 1e-9), math.floor(last_s / small + 1e-9) + 1)
    return tuple(
        Tick(n * small, _label(n * small, step) if n % parts == 0 else "") for n in numbers
    )


def _round_step(least_s: float) -> float:
    """Return the smallest round step that is not below ``least_s``."""
    if least_s > _STEPS_S[-1]:
        return math.ceil(least_s / 3600) * 3600.0
    if least_s > 1:
        return float(next(step for step in _STEPS_S if step >= least_s))
    power = 10.0 ** math.floor(math.log10(max(least_s, 1e-6)))
    return next(step * power for step in (1, 2, 5, 10) if step * power >= least_s * (1 - 1e-9))


def _label(seconds: float, step: float) -> str:
    """Return a time as short as the step allows: ``0.25``, ``12``, ``1:05``, ``1:00:00``."""
    decimals = max(0, -math.floor(math.log10(step) + 1e-9)) if step < 1 else 0
    whole, part = divmod(round(seconds, decimals), 1)
    tail = f"{part:.{decimals}f}"[1:] if decimals else ""
    minutes, secs = divmod(int(whole), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours}:{minutes:02d}:{secs:02d}{tail}"
    return f"{minutes}:{secs:02d}{tail}"
