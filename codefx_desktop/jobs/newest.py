"""A letter box for values of which only the newest counts."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from codefx_desktop.domain.run import PreviewPicture, ScenesKnown, StageProgress
    from codefx_desktop.jobs.messages import ClipReading

    Passing = StageProgress | PreviewPicture | ScenesKnown | ClipReading


class Newest:
    """The newest value of each kind for each job, left by workers, taken by the timer."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._values: dict[tuple[str, type], Passing] = {}

    def put(self, event: Passing) -> None:
        """Keep an event in place of the one of its kind before it."""
        with self._lock:
            self._values[event.job_id, type(event)] = event

    def take(self) -> list[Passing]:
        """Return what has come since the last call."""
        with self._lock:
            values = list(self._values.values())
            self._values.clear()
        return values
