"""Progress that is told so often as a person can see it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

INTERVAL_S: Final = 0.05


class Paced:
    """Hands on 20 fractions per second at most, and the last one.

    Args:
        tell: Takes what is handed on.
        clock: Seconds that only grow.
    """

    def __init__(
        self, tell: Callable[[float], None], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._tell = tell
        self._clock = clock
        self._told_s: float | None = None

    def __call__(self, fraction: float) -> None:
        """Take a fraction, 0 to 1."""
        now = self._clock()
        if fraction >= 1 or self._told_s is None or now - self._told_s >= INTERVAL_S:
            self._told_s = now
            self._tell(fraction)
