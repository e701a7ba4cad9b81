"""How fast pushes go, told a few times a second."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Final

from codefx_desktop.domain.push import PushProgress, PushState

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from codefx_desktop.domain.push import Push

WINDOW_S: Final = 10.0
"""Speed is the mean over this time; over more while nothing is confirmed: parts are large."""
LONGEST_S: Final = 120.0


class Teller:
    """Tells how pushes go. Used by one thread.

    Args:
        tell: Takes what is told.
        interval_s: How often.
        clock: Seconds that only grow.
    """

    def __init__(
        self, tell: Callable[[PushProgress], None], interval_s: float, clock: Callable[[], float]
    ) -> None:
        self._tell, self._interval_s, self._clock = tell, interval_s, clock
        self._seen: dict[int, deque[tuple[float, int]]] = {}
        self._told_s: float | None = None

    def look(self, pushes: Iterable[Push], checking: Collection[int]) -> None:
        """Take pushes as they are now; tells them if it is time."""
        now = self._clock()
        if self._told_s is not None and now - self._told_s < self._interval_s:
            return
        self._told_s = now
        for push in pushes:
            speed = self._speed(push, now)
            left = push.size_bytes - push.sent_bytes
            eta = left / speed if speed and push.state is PushState.SENDING else None
            self._tell(PushProgress(push, speed, eta, push.id in checking))

    def last(self, push_id: int, push: Push | None) -> None:
        """Tell a push that does not go on, if it is still there."""
        if self._seen.pop(push_id, None) is not None and push is not None:
            self._tell(PushProgress(push))

    @property
    def going(self) -> frozenset[int]:
        """Pushes that were told and have not ended."""
        return frozenset(self._seen)

    def _speed(self, push: Push, now: float) -> float:
        seen = self._seen.setdefault(push.id, deque())
        # What began anew, or waited, tells nothing of how fast it goes now.
        if seen and (push.sent_bytes < seen[-1][1] or push.state is not PushState.SENDING):
            seen.clear()
        seen.append((now, push.sent_bytes))
        while len(seen) > 2 and now - seen[1][0] >= WINDOW_S and seen[1][1] < push.sent_bytes:
            seen.popleft()
        while len(seen) > 2 and now - seen[0][0] > LONGEST_S:
            seen.popleft()
        began_s, began_bytes = seen[0]
        if push.state is not PushState.SENDING or now <= began_s:
            return 0.0
        return (push.sent_bytes - began_bytes) / (now - began_s)
