"""The pit stops of one job for the screen: read, and changed by what a person says."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import Signal

from codefx_desktop.jobs.desk import NoticingDesk
from codefx_desktop.jobs.pools import Pool, new_pool
from codefx_desktop.jobs.stop_values import StopsRead, StopState
from codefx_desktop.jobs.until import Until

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtCore import QDeadlineTimer, QObject

    from codefx_desktop.domain.job import JobRecord
    from codefx_desktop.domain.run import CancelSignal
    from codefx_desktop.domain.stop import StopFacts
    from codefx_desktop.jobs.stop_values import StopCalls


class StopDesk(NoticingDesk):
    """Reads and changes the stops of a job; lives in the main thread, works on workers.

    Every call returns at once. Of several readings only the newest counts, and answers about a
    job that is no longer open are dropped; changes are done one after the other, all of them.

    Args:
        files_of: Returns what reads and changes stops. Called on a worker; may block until the
            signal it is given is set.
        parent: The owner.
        new_pool: Makes a pool with so many workers.
    """

    SHUTDOWN_MS: ClassVar[int] = 5_000

    read = Signal(object)
    """``StopsRead`` of the job that is open."""
    changed = Signal(object)
    """A job is another one in the history now: ``JobRecord``."""
    busied = Signal(bool)
    """A change is being made, or the last of them is done."""

    def __init__(
        self,
        files_of: Callable[[CancelSignal], StopCalls],
        parent: QObject | None = None,
        *,
        new_pool: Callable[[int], Pool] = new_pool,
    ) -> None:
        super().__init__(parent, new_pool)
        self._files_of = files_of
        self._reads, self._changes = self._newest_calls(), self._queued_calls()
        self._job_id: str | None = None
        self._in_work = 0

    def open(self, job_id: str) -> None:
        """Read the stops of a job; of the one that is open, read again."""
        self._job_id = job_id
        left = Until(lambda: not self.is_open(job_id))
        self._ask(
            self._reads,
            "read",
            lambda: self._files_of(left).read(job_id, left),
            self._on_read,
            partial(StopsRead, job_id, StopState.UNREADABLE),
        )

    def close(self) -> None:
        """Have no job open."""
        self._job_id = None
        self._reads.clear()

    def set_front(self, job_id: str, front_deg: float, mirrored: bool) -> None:
        """Have a job's stops found again for a car that points that way on the picture."""

        def work(files: StopCalls) -> Sequence[JobRecord]:
            record = files.set_front(job_id, front_deg, mirrored)
            text = f"The stops of {record.input_filename} were found again."
            if record.output is not None:
                text += " Its annotated video shows what was known before."
            self._say("info", text, job_id)
            return (record,)

        self._change("The stops were not found again.", work, job_id)

    def set_facts(self, job_id: str, number: int, facts: StopFacts) -> None:
        """Keep what a person says about a stop."""

        def work(files: StopCalls) -> Sequence[JobRecord]:
            return (files.set_facts(job_id, number, facts),)

        self._change("What you said about the stop was not kept.", work, job_id)

    def share_facts(self, job_ids: Sequence[str], facts: StopFacts) -> None:
        """Say the same about the stops of several jobs."""
        wanted = tuple(job_ids)

        def work(files: StopCalls) -> Sequence[JobRecord]:
            done = files.share_facts(wanted, facts)
            count = len(done.records)
            text = f"Used for the stops of {count} job{'' if count == 1 else 's'}."
            level = "warning" if done.left_out else "info"
            self._say(level, " ".join((text, *done.left_out)))
            return done.records

        self._change("Nothing was kept.", work)

    def set_classic(self, job_id: str, name: str, value_s: float | None) -> None:
        """Correct one of a job's seven classic times."""

        def work(files: StopCalls) -> Sequence[JobRecord]:
            return (files.set_classic(job_id, name, value_s),)

        self._change("The time was not kept.", work, job_id)

    def is_open(self, job_id: str) -> bool:
        """Return whether a job is the one that is open; may be asked on any thread."""
        return job_id == self._job_id and not self.closing.is_set()

    # -- inside -------------------------------------------------------------------------------

    def _leave(self, _deadline: QDeadlineTimer) -> None:
        self.close()

    def _change(
        self,
        failed: str,
        work: Callable[[StopCalls], Sequence[JobRecord]],
        job_id: str | None = None,
    ) -> None:
        """Do a change when those before it are done; then look again at what is open."""
        if self.closing.is_set():
            return

        def tell(why: str) -> Sequence[JobRecord]:
            self._say("error", f"{failed} {why}", job_id)
            return ()

        self._in_work += 1
        self.busied.emit(True)
        self._ask(
            self._changes,
            "change",
            lambda: work(self._files_of(self.closing)),
            self._on_changed,
            tell,
            ValueError,
        )

    def _on_read(self, found: StopsRead) -> None:
        if found.job_id == self._job_id:
            self.read.emit(found)

    def _on_changed(self, records: Sequence[JobRecord]) -> None:
        self._in_work -= 1
        for record in records:
            self.changed.emit(record)
        if not self._in_work:
            self.busied.emit(False)
            if self._job_id is not None:
                self.open(self._job_id)
