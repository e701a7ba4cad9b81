"""How fast bytes come, over the last seconds."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Final

from codefx_desktop.domain.models import Transfer

if TYPE_CHECKING:
    from collections.abc import Callable

SPAN_S: Final = 3.0
INTERVAL_S: Final = 0.1


class Meter:
    """Tells how far a transfer is and how fast, ten times a second at most.

    Args:
        total_bytes: The whole.
        tell: Takes the news.
        clock: Seconds that only grow.
    """

    def __init__(
        self, total_bytes: int, tell: Callable[[Transfer], None], clock: Callable[[], float]
    ) -> None:
        self._total = total_bytes
        self._tell = tell
        self._clock = clock
        self._marks: deque[tuple[float, int]] = deque()
        self._told_s = float("-inf")

    def begin(self, done_bytes: int) -> None:
        """Begin, or go on, from here; what was there does not count as speed."""
        self._marks.clear()
        self._marks.append((self._clock(), done_bytes))
        self._say(self._clock(), done_bytes)

    def tell(self, done_bytes: int) -> None:
        """Take how much is there; the end is always told."""
        now = self._clock()
        if done_bytes < self._total and now - self._told_s < INTERVAL_S:
            return
        self._say(now, done_bytes)

    def _say(self, now: float, done_bytes: int) -> None:
        self._told_s = now
        self._marks.append((now, done_bytes))
        while len(self._marks) > 2 and now - self._marks[0][0] > SPAN_S:
            self._marks.popleft()
        since_s, before = self._marks[0]
        took_s = now - since_s
        rate = (done_bytes - before) / took_s if took_s > 0 else 0.0
        self._tell(Transfer(done_bytes, self._total, rate))
