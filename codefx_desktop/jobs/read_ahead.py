"""Reads the clips of waiting jobs before their turn, so that their cards can say what they are.

One at a time, in the order of the queue; a job whose clip somebody looks at comes first. When a
job begins while its clip is being read, the reading goes on and the run waits for it
(``jobs.kept_clips``).
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from codefx_desktop.domain.errors import ClipLost, ClipMissing, CodefxError, UnknownJob
from codefx_desktop.domain.job import JobRecord, JobStatus
from codefx_desktop.domain.run import Cancelled, ClipKnown
from codefx_desktop.jobs.messages import ClipReading

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from codefx_desktop.jobs.messages import EngineCalls

    Work = Callable[[EngineCalls], None]


class ReadAhead:
    """Which clips are to be read, and which one is being read. Main thread only.

    Args:
        start: Has a work done on the one worker that reads; returns at once.
        tell: Takes what became known; called on the worker.
        post: Has a call made in the main thread; called on the worker.
    """

    def __init__(
        self,
        start: Callable[[Work], None],
        tell: Callable[[ClipReading | ClipKnown], None],
        post: Callable[..., None],
    ) -> None:
        self._start, self._tell, self._post = start, tell, post
        self._queued: dict[str, JobRecord] = {}
        self._asked: dict[str, JobRecord] = {}
        self._known: set[str] = set()
        self._away: set[str] = set()
        self._current: str | None = None
        self._cancel = threading.Event()

    def follow(self, queue: Sequence[JobRecord]) -> None:
        """Take the queue as it is now; what has left it is not read any further."""
        self._queued = {r.id: r for r in queue if r.status is JobStatus.QUEUED}
        # Forgotten when they leave: whoever comes back may have a drive that is back.
        self._known.intersection_update(self._queued)
        self._away.clear()
        listed = {record.id for record in queue}
        if self._current not in listed | self._asked.keys():
            self._cancel.set()
        self._next()

    def want(self, record: JobRecord) -> None:
        """Read the clip of a job that has ended and of which nothing is kept: it is looked at."""
        if record.status.is_final and record.id != self._current:
            self._asked[record.id] = record
            self._next()

    def drop(self, job_id: str) -> None:
        """Forget a job that was deleted."""
        self._queued.pop(job_id, None)
        self._asked.pop(job_id, None)
        if self._current == job_id:
            self._cancel.set()

    def stop(self) -> None:
        """Stop reading, for good."""
        self._queued, self._asked = {}, {}
        self._cancel.set()

    def _next(self) -> None:
        if self._current is not None:
            return
        passed = self._known | self._away
        waiting = (record for key, record in self._queued.items() if key not in passed)
        record = next(iter(self._asked.values()), None) or next(waiting, None)
        if record is None:
            return
        self._current = record.id
        cancel = self._cancel = threading.Event()
        self._start(lambda engine: self._read(engine, record, cancel))

    def _read(self, engine: EngineCalls, record: JobRecord, cancel: threading.Event) -> None:
        """Read one clip; on the worker."""
        settled: set[str] | None = self._known
        try:
            clip = engine.open_clip(
                record.input_path,
                record.id,
                lambda done: self._tell(ClipReading(record.id, done)),
                cancel,
            )
            self._tell(ClipKnown(record.id, clip.info))
        except Cancelled:
            settled = None
        except UnknownJob:
            pass  # deleted a moment ago
        except CodefxError as error:
            # A drive that is away is looked for again when the queue is next heard of.
            settled = self._away if isinstance(error, ClipMissing | ClipLost) else self._known
            self._tell(ClipReading(record.id, 0.0, str(error)))
        finally:
            self._post(self._on_read, record.id, settled)

    def _on_read(self, job_id: str, settled: set[str] | None) -> None:
        self._current = None
        self._asked.pop(job_id, None)
        if settled is not None:
            settled.add(job_id)
        self._next()
