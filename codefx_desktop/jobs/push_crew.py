"""Workers that share what is to be sent: fair between places, as many as are allowed just now."""

from __future__ import annotations

import threading
from collections import defaultdict, deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from codefx_desktop.jobs.pools import Call, new_pool

if TYPE_CHECKING:
    from collections.abc import Callable


def _nothing() -> None:
    """Do nothing."""


@dataclass(frozen=True, slots=True)
class Unit:
    """Something that one worker does.

    Attributes:
        lane: The place it is about: units of one place are done in their order.
        push_id: The push it is about; 0: none.
        work: What to do. Deals with its own errors.
        dropped: Called instead, if it is not to be done any more.
    """

    lane: str
    push_id: int
    work: Callable[[], None]
    dropped: Callable[[], None] = _nothing


class Crew:
    """Does units on a pool of its own. Any thread may call.

    Args:
        most: Workers at most.
        low: Called on a worker when a place has fewer units waiting than slots, or none is left.
    """

    def __init__(self, most: int, low: Callable[[], None] = _nothing) -> None:
        self._pool = new_pool(most)
        self._most = self._allowed = most
        self._low = low
        self._lock = threading.Lock()
        self._queues: dict[str, deque[Unit]] = {}
        self._slots: dict[str, int] = {}
        self._busy: dict[str, int] = defaultdict(int)
        self._running = 0
        self._is_closed = False

    def set_slots(self, lane: str, slots: int) -> None:
        """Say how many units of a place are done at the same time."""
        with self._lock:
            self._slots[lane] = slots
            self._queues.setdefault(lane, deque())
            self._top_up()

    def allow(self, workers: int) -> None:
        """Say how many workers there may be now; those that are too many end after their unit."""
        with self._lock:
            self._allowed = max(1, min(workers, self._most))
            self._top_up()

    def add(self, unit: Unit, *, first: bool = False) -> None:
        """Have a unit done after those of its place, or before them."""
        with self._lock:
            if self._is_closed:
                return
            queue = self._queues.setdefault(unit.lane, deque())
            if first:
                queue.appendleft(unit)
            else:
                queue.append(unit)
            self._top_up()

    def waiting(self, lane: str) -> int:
        """Return how many units of a place wait."""
        with self._lock:
            return len(self._queues.get(lane, ()))

    def busy(self, lane: str) -> int:
        """Return how many units of a place are being done."""
        with self._lock:
            return self._busy[lane]

    @property
    def is_idle(self) -> bool:
        """Whether nothing waits and nothing is being done."""
        with self._lock:
            return not any(self._queues.values()) and not any(self._busy.values())

    def drop(self, is_wanted: Callable[[Unit], bool]) -> None:
        """Drop the waiting units that are not wanted any more."""
        unwanted = []
        with self._lock:
            for lane, queue in self._queues.items():
                unwanted += [unit for unit in queue if not is_wanted(unit)]
                self._queues[lane] = deque(unit for unit in queue if is_wanted(unit))
        for unit in unwanted:
            unit.dropped()

    def close(self, timeout_ms: int) -> bool:
        """Drop what waits and take nothing more; return whether all workers ended in time."""
        with self._lock:
            self._is_closed = True
        self.drop(lambda _unit: False)
        return self._pool.waitForDone(timeout_ms)

    def _top_up(self) -> None:
        """Start as many workers as there is work for; called with the lock held."""
        startable = sum(
            min(len(queue), max(0, self._slots.get(lane, 1) - self._busy[lane]))
            for lane, queue in self._queues.items()
        )
        idle_yet = self._running - sum(self._busy.values())
        for _ in range(min(startable - idle_yet, self._allowed - self._running)):
            self._running += 1
            self._pool.start(Call(self._work))

    def _work(self) -> None:
        while (unit := self._next()) is not None:
            try:
                unit.work()
            except BaseException:  # a bug, which the pool logs
                with self._lock:
                    self._running -= 1
                raise
            finally:
                with self._lock:
                    self._busy[unit.lane] -= 1

    def _next(self) -> Unit | None:
        """Return a unit of the place that has the fewest under way; None: this worker ends."""
        with self._lock:
            lanes = [
                lane
                for lane, queue in self._queues.items()
                if queue and self._busy[lane] < self._slots.get(lane, 1)
            ]
            unit = None
            if not lanes or self._running > self._allowed:
                self._running -= 1
                is_low = self._running == 0
            else:
                lane = min(lanes, key=lambda one: self._busy[one])
                unit = self._queues[lane].popleft()
                self._busy[lane] += 1
                is_low = len(self._queues[lane]) < self._slots.get(lane, 1)
        if is_low:
            self._low()
        return unit
