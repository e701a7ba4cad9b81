"""A small bounded queue between two stages, which ends, and which can be stopped.

``queue.Queue`` knows no end and no stop: a stage that fails would leave its neighbours waiting
for ever. Here ``stop()`` wakes everybody.
"""

from __future__ import annotations

import threading
from collections import deque
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator

T = TypeVar("T")


class Stopped(Exception):  # noqa: N818 - a signal between stages, not an error
    """The run was stopped while a stage waited for its neighbour."""


class Channel(Generic[T]):
    """A queue of at most ``size`` items; each is taken once, by whichever worker comes first."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._items: deque[T] = deque()
        self._changed = threading.Condition()
        self._closed = False
        self._stopped = False

    def put(self, item: T) -> None:
        """Add an item; wait while the queue is full.

        Raises:
            Stopped: If the run was stopped.
        """
        with self._changed:
            while len(self._items) >= self._size and not self._stopped:
                self._changed.wait()
            if self._stopped:
                raise Stopped
            self._items.append(item)
            self._changed.notify_all()

    def close(self) -> None:
        """Say that nothing more will come."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def stop(self) -> None:
        """Drop what is queued and wake both sides with ``Stopped``."""
        with self._changed:
            self._stopped = True
            self._items.clear()
            self._changed.notify_all()

    def take(self, most: int) -> list[T]:
        """Return 1 to ``most`` items, waiting until that many are there or no more will come.

        Returns:
            An empty list at the end.

        Raises:
            Stopped: If the run was stopped.
        """
        most = min(most, self._size)
        with self._changed:
            while len(self._items) < most and not self._closed and not self._stopped:
                self._changed.wait()
            if self._stopped:
                raise Stopped
            taken = [self._items.popleft() for _ in range(min(most, len(self._items)))]
            self._changed.notify_all()
            return taken

    def __iter__(self) -> Iterator[T]:
        """Yield items until the end."""
        while items := self.take(1):
            yield items[0]
