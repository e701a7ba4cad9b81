"""Which job this window works on, and what a person asks of it before that is known.

Between asking the history for the next job and hearing which one it gave, a cancel or a delete
can be meant for that very job. Such requests wait for the answer instead of getting lost.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from codefx_desktop.domain.job import JobRecord


class Turn:
    """The runner's place: free, taken, or taken by a known job. Main thread only."""

    def __init__(self) -> None:
        self._cancel = threading.Event()
        self._record: JobRecord | None = None
        self._taken = False
        self._postponed: list[Callable[[], None]] = []

    @property
    def is_taken(self) -> bool:
        """Whether the runner works or is about to."""
        return self._taken

    @property
    def job_id(self) -> str | None:
        """The job that runs, once it is known."""
        return None if self._record is None else self._record.id

    def take(self) -> threading.Event:
        """Take the place; returns the signal that will cancel the run."""
        self._taken = True
        self._cancel = threading.Event()
        return self._cancel

    def begin(self, record: JobRecord) -> None:
        """Say which job it is."""
        self._record = record
        self._decide()

    def end(self) -> JobRecord | None:
        """Free the place; returns the job that had it, if there was one."""
        record, self._record = self._record, None
        self._taken = False
        self._decide()
        return record

    def cancel(self, job_id: str) -> bool:
        """Cancel the run if it is this job's; return whether it is."""
        if self._record is None or self._record.id != job_id:
            return False
        self._cancel.set()
        return True

    def postpone(self, request: Callable[[], None]) -> bool:
        """Keep a request until it is known which job runs; return False when it is known."""
        if not self._taken or self._record is not None:
            return False
        self._postponed.append(request)
        return True

    def stop(self) -> None:
        """Cancel whatever runs or is about to."""
        self._cancel.set()

    def _decide(self) -> None:
        requests, self._postponed = self._postponed, []
        for request in requests:
            request()
