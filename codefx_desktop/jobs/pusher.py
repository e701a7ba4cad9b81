"""Pushes: what is in the outbox reaches its targets, by one program at a time.

Whoever comes second queues, watches, and takes over when the first one ends or dies.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from filelock import FileLock, Timeout

from codefx_desktop.domain.errors import NotWritable, UnknownPush
from codefx_desktop.domain.push import PushState
from codefx_desktop.jobs.push_bandwidth import Bandwidth
from codefx_desktop.jobs.push_ports import PushPorts
from codefx_desktop.jobs.push_progress import Teller
from codefx_desktop.jobs.push_route import PushSettings
from codefx_desktop.jobs.push_transfer import Transfer

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from codefx_desktop.domain.run import CancelSignal
    from codefx_desktop.store.outbox import Outbox

__all__ = ["PushPorts", "PushSettings", "Pusher"]

POLL_S: Final = 0.1
GOES_ON: Final = (PushState.WAITING, PushState.SENDING)


class Pusher:
    """Transfers what is in an outbox; belongs on a worker of its own.

    Args:
        outbox: The outbox.
        ports: What it needs from outside.
        settings: How it goes.
        bandwidth: The limit of all transfers; may be changed while they go.
        clock: Seconds that only grow.
    """

    def __init__(
        self,
        outbox: Outbox,
        ports: PushPorts,
        settings: PushSettings | None = None,
        bandwidth: Bandwidth | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._outbox, self._ports = outbox, ports
        self._settings = settings or PushSettings()
        self._bandwidth = bandwidth or Bandwidth()
        self._clock = clock
        self._lock = FileLock(outbox.path.with_name(f"{outbox.path.name}.sending"))

    def run(self, stop: CancelSignal) -> None:
        """Transfer whatever comes into the outbox until ``stop`` is set. Blocks.

        Raises:
            HistoryError: If the outbox cannot be read or written.
            NotWritable: If its folder cannot be written to.
            NoSpace: If the disk is full.
        """
        self._run(stop, lambda: False)

    def run_until_idle(self, stop: CancelSignal, push_ids: Collection[int] | None = None) -> None:
        """Transfer until nothing goes on by itself, of all or of some pushes. Blocks.

        Pushes that wait for a network go on by themselves, so that this waits for them; those
        that are paused or stopped do not.

        Args:
            stop: Ends it early.
            push_ids: The pushes it waits for; None: all.

        Raises:
            HistoryError: If the outbox cannot be read or written.
            NotWritable: If its folder cannot be written to.
            NoSpace: If the disk is full.
        """
        self._run(stop, lambda: self._is_idle(push_ids))

    def _run(self, stop: CancelSignal, is_done: Callable[[], bool]) -> None:
        watcher = Teller(self._ports.tell, self._settings.tell_s, self._clock)
        while not stop.is_set() and not is_done():
            if not self._is_idle(None) and self._acquire():
                try:
                    self._transfer().run(stop, is_done)
                finally:
                    self._lock.release()
            else:
                watcher.look(self._outbox.active(), ())
                self._sleep(stop)

    def _transfer(self) -> Transfer:
        return Transfer(self._outbox, self._ports, self._settings, self._bandwidth, self._clock)

    def _acquire(self) -> bool:
        """Return whether this program is the one that transfers."""
        try:
            self._lock.acquire(timeout=0)
        except Timeout:
            return False
        except OSError as error:
            raise NotWritable(
                f"{self._outbox.path.parent} cannot be written to: {error.strerror or error}.",
                hint="Change its permissions.",
                path=self._outbox.path.parent,
            ) from error
        return True

    def _is_idle(self, push_ids: Collection[int] | None) -> bool:
        if push_ids is None:
            return not self._outbox.active()
        return not any(self._goes_on(push_id) for push_id in push_ids)

    def _goes_on(self, push_id: int) -> bool:
        try:
            return self._outbox.push(push_id).state in GOES_ON
        except UnknownPush:
            return False

    def _sleep(self, stop: CancelSignal) -> None:
        until = time.monotonic() + self._settings.idle_s
        while not stop.is_set() and time.monotonic() < until:
            time.sleep(POLL_S)
