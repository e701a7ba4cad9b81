"""A worker of which several kinds of things can be asked; of each kind only the newest waits."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

from codefx_desktop.jobs.pools import Call

if TYPE_CHECKING:
    from collections.abc import Callable

    from codefx_desktop.jobs.pools import Pool

log = logging.getLogger(__name__)


class NewestCalls:
    """Runs calls one after another on a worker, which rests while nothing is wanted.

    Args:
        pool: Where the worker is; it is not used by anybody else.
    """

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._lock = threading.Lock()
        self._waiting: dict[str, Callable[[], None]] = {}
        self._is_working = False
        self._is_closed = False
        self._turn = Call(self._work, self._on_died, again=True)

    def ask(self, kind: str, work: Callable[[], None]) -> None:
        """Have something done, in the place of what of its kind still waits."""
        with self._lock:
            if self._is_closed:
                return
            self._waiting[kind] = work
            is_resting, self._is_working = not self._is_working, True
        if is_resting:
            self._pool.start(self._turn)

    def clear(self) -> None:
        """Forget what waits."""
        with self._lock:
            self._waiting.clear()

    def close(self) -> None:
        """Take nothing any more."""
        with self._lock:
            self._is_closed = True
            self._waiting.clear()

    def wait(self, milliseconds: int) -> bool:
        """Wait until nothing is being done; return whether that is so."""
        return self._pool.waitForDone(milliseconds)

    def _work(self) -> None:
        while (work := self._take()) is not None:
            work()

    def _take(self) -> Callable[[], None] | None:
        with self._lock:
            if not self._waiting:
                self._is_working = False
                return None
            return self._waiting.pop(next(iter(self._waiting)))

    def _on_died(self, error: BaseException) -> None:
        """Go on with what waits in another turn: a bug has ended this one."""
        log.error("A worker failed unexpectedly", exc_info=error)
        self._pool.start(self._turn)
