"""Things of minutes that a push desk does, each with a signal that stops it."""

from __future__ import annotations

import threading


class Runs:
    """Knows what is under way; used in one thread, whose workers look at the signals."""

    def __init__(self) -> None:
        self._signals: dict[int, threading.Event] = {}

    def begin(self, request_id: int) -> threading.Event:
        """Return the signal that stops a new run."""
        signal = self._signals[request_id] = threading.Event()
        return signal

    def stop(self, request_id: int) -> None:
        """Stop a run; its final step follows."""
        if (signal := self._signals.get(request_id)) is not None:
            signal.set()

    def stop_all(self) -> None:
        """Stop all runs."""
        for signal in self._signals.values():
            signal.set()

    def end(self, request_id: int) -> None:
        """Forget a run that is over."""
        self._signals.pop(request_id, None)
