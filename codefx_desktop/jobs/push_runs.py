"""Things of minutes that a push desk does, each with a signal that stops it and one final step."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING, Generic, TypeVar

from codefx_desktop.domain.errors import CodefxError
from codefx_desktop.domain.run import Cancelled
from codefx_desktop.jobs.viewing import unexpected

if TYPE_CHECKING:
    from collections.abc import Callable

    from codefx_desktop.domain.run import CancelSignal

log = logging.getLogger(__name__)

Step = TypeVar("Step")


class Runs(Generic[Step]):
    """Knows what is under way. Begun, stopped and ended in one thread, carried out on workers.

    Args:
        ended: Makes the final step of a run that did not come to its end, with the reason.
    """

    def __init__(self, ended: Callable[[int, str], Step]) -> None:
        self._ended = ended
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

    def carry_out(
        self, request_id: int, work: Callable[[CancelSignal], Step], cancel: CancelSignal
    ) -> Step:
        """Return the final step: what the work returns, else why it ended. On a worker."""
        try:
            return work(cancel)
        except Cancelled:
            return self._ended(request_id, "Stopped.")
        except CodefxError as error:
            return self._ended(request_id, str(error))
        except Exception as error:
            log.exception("A run of the push desk failed unexpectedly")
            return self._ended(request_id, unexpected(error))
