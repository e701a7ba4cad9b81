"""Changes of reviews on their way to their files: one is being kept, the others wait in order."""

from __future__ import annotations

import threading
from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from codefx_desktop.jobs.review_values import Edit


class Unkept:
    """Knows which changes are not kept yet; any thread may ask, one keeps them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: deque[Edit] = deque()
        self._now: Edit | None = None

    def put(self, edit: Edit) -> None:
        """Take a change in, behind all others."""
        with self._lock:
            self._waiting.append(edit)

    def begin(self) -> Edit | None:
        """Return the change to be kept now; None where none waits (any more)."""
        with self._lock:
            self._now = self._waiting.popleft() if self._waiting else None
            return self._now

    def end(self) -> None:
        """Take note that nobody works on that one any more, kept or refused."""
        with self._lock:
            self._now = None

    def give_up(self) -> tuple[Edit, ...]:
        """Return all, that which is being kept first; none waits any more.

        That one may be kept all the same: by its key nobody keeps it once more.
        """
        with self._lock:
            now = () if self._now is None else (self._now,)
            left, self._waiting = (*now, *self._waiting), deque()
        return left
