"""A limit on what is sent in a second, shared by all workers, that may change at any time."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from codefx_desktop.domain.errors import RemoteError
from codefx_desktop.domain.run import Cancelled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from codefx_desktop.domain.run import CancelSignal

POLL_S: Final = 0.1
SHORTEST_S: Final = 0.001
"""A clock need not see less go by."""
BURST_S: Final = 0.25
"""What was not used in this time is lost."""


class Bandwidth:
    """A token bucket that may run into debt. Any thread may call.

    Whoever sends does so inside ``sending``. A place that sends in blocks calls ``pace`` before
    each, in the thread that was told to send; one that does not is charged for the whole
    afterwards, and the next waits for it: the average is kept either way.

    Args:
        bytes_per_s: The limit; 0: none.
        clock: Seconds that only grow.
        sleep: Waits for some seconds.
    """

    def __init__(
        self,
        bytes_per_s: float = 0.0,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._clock, self._sleep = clock, sleep
        self._lock = threading.Lock()
        self._limit = bytes_per_s
        self._tokens = 0.0
        self._filled_at = clock()
        self._here = threading.local()

    @property
    def bytes_per_s(self) -> float:
        """The limit; 0: none."""
        return self._limit

    def set_limit(self, bytes_per_s: float) -> None:
        """Change the limit; 0 is none. A debt is forgiven: it was made under the old one."""
        with self._lock:
            self._limit = max(0.0, bytes_per_s)
            self._tokens, self._filled_at = 0.0, self._clock()

    @contextmanager
    def sending(self, size_bytes: int, cancel: CancelSignal) -> Iterator[None]:
        """Send so many bytes in the block.

        Raises:
            Cancelled: If the signal was seen while waiting, or while a place failed.
        """
        self._wait(cancel)
        self._here.cancel, self._here.left = cancel, size_bytes
        try:
            yield
        except RemoteError:
            if cancel.is_set():
                raise Cancelled from None
            raise
        finally:
            left, self._here.left, self._here.cancel = self._here.left, 0, None
            self._charge(left)

    def pace(self, size_bytes: int) -> None:
        """Wait until a block of what this thread is sending may go.

        Raises:
            Cancelled: If it is not to go any more.
        """
        cancel = getattr(self._here, "cancel", None)
        if cancel is None:
            return
        self._wait(cancel)
        self._here.left = max(0, self._here.left - size_bytes)
        self._charge(size_bytes)

    def _charge(self, size_bytes: int) -> None:
        with self._lock:
            if self._limit:
                self._fill()
                self._tokens -= size_bytes

    def _wait(self, cancel: CancelSignal) -> None:
        while True:
            if cancel.is_set():
                raise Cancelled
            with self._lock:
                if not self._limit:
                    return
                self._fill()
                if self._tokens >= 0:
                    return
                pause = min(max(-self._tokens / self._limit, SHORTEST_S), POLL_S)
            self._sleep(pause)

    def _fill(self) -> None:
        now = self._clock()
        gained = (now - self._filled_at) * self._limit
        self._tokens = min(self._tokens + gained, self._limit * BURST_S)
        self._filled_at = now
