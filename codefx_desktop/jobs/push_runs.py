"""Things of minutes that a push desk does, each with a signal that stops it and one final step."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, TypeVar

from codefx_desktop.domain.run import Cancelled

if TYPE_CHECKING:
    from collections.abc import Callable

Step = TypeVar("Step")


def until_stopped(work: Callable[[], Step], ended: Callable[[str], Step]) -> Callable[[], Step]:
    """Return work that also has a final step where it is stopped.

    Args:
        work: Returns the final step.
        ended: Makes it of why the work did not come to its end.
    """

    def call() -> Step:
        try:
            return work()
        except Cancelled:
            return ended("Stopped.")

    return call


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
