"""The pit stops of one job for the screen: read, and changed by what a person says."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QDeadlineTimer, QObject, Signal

from codefx_desktop.domain.errors import CodefxError
from codefx_desktop.domain.run import Cancelled
from codefx_desktop.jobs.messages import Notice
from codefx_desktop.jobs.newest_calls import NewestCalls
from codefx_desktop.jobs.pools import Call, Pool, new_pool
from codefx_desktop.jobs.stop_values import StopsRead, StopState
from codefx_desktop.jobs.viewing import unexpected

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from codefx_desktop.domain.job import JobRecord
    from codefx_desktop.domain.run import CancelSignal
    from codefx_desktop.domain.stop import StopFacts
    from codefx_desktop.jobs.stop_values import StopCalls

log = logging.getLogger(__name__)

SHUTDOWN_MS: Final = 5_000


class StopDesk(QObject):
    """Reads and changes the stops of a job; lives in the main thread, works on workers.

    Every call returns at once. Of several readings only the newest counts, and answers about a
    job that is no longer open are dropped; changes are done one after the other, all of them.
    Call ``shutdown`` before letting go of it; the hub does so for those it made.

    Args:
        files_of: Returns what reads and changes stops. Called on a worker; may block until the
            signal it is given is set.
        parent: The owner.
        new_pool: Makes a pool with so many workers.
    """

    read = Signal(object)
    """``StopsRead`` of the job that is open."""
    changed = Signal(object)
    """A job is another one in the history now: ``JobRecord``."""
    busied = Signal(bool)
    """A change is being made, or the last of them is done."""
    noticed = Signal(object)
    """Something that the person should know: ``Notice``."""

    _arrived = Signal(object)

    def __init__(
        self,
        files_of: Callable[[CancelSignal], StopCalls],
        parent: QObject | None = None,
        *,
        new_pool: Callable[[int], Pool] = new_pool,
    ) -> None:
        super().__init__(parent)
        self._files_of = files_of
        self._reads, self._changes = NewestCalls(new_pool(1)), new_pool(1)
        self._job_id: str | None = None
        self._closing = False
        self._in_work = 0
        # Emitted on workers, which queues it; delivered in this thread.
        self._arrived.connect(self._deliver)

    def open(self, job_id: str) -> None:
        """Read the stops of a job; of the one that is open, read again."""
        self._job_id = job_id
        self._reads.ask("read", lambda: self._read(job_id))

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

    def shutdown(self) -> None:
        """Make no further change, end all work, wait five seconds at most."""
        if self._closing:
            return
        self._closing = True
        self.close()
        self._reads.close()
        self._changes.clear()
        deadline = QDeadlineTimer(SHUTDOWN_MS)
        ended = self._reads.wait(deadline.remainingTime())
        if not (self._changes.waitForDone(deadline.remainingTime()) and ended):
            log.warning("A worker of the stop desk did not end within %d ms", SHUTDOWN_MS)

    def is_open(self, job_id: str) -> bool:
        """Return whether a job is the one that is open; may be asked on any thread."""
        return job_id == self._job_id and not self._closing

    # -- inside: on workers -------------------------------------------------------------------

    def _read(self, job_id: str) -> None:
        left = _Left(self, job_id)
        try:
            found = self._files_of(left).read(job_id, left)
        except Cancelled:
            return
        except CodefxError as error:
            found = StopsRead(job_id, StopState.UNREADABLE, str(error))
        except Exception as error:
            log.exception("The stops of job %s could not be read", job_id)
            found = StopsRead(job_id, StopState.UNREADABLE, unexpected(error))
        self._tell(lambda: self._on_read(found))

    def _change(
        self,
        failed: str,
        work: Callable[[StopCalls], Sequence[JobRecord]],
        job_id: str | None = None,
    ) -> None:
        """Do a change when those before it are done; then look again at what is open."""
        if self._closing:
            return
        self._in_work += 1
        self.busied.emit(True)

        def call() -> None:
            records: Sequence[JobRecord] = ()
            try:
                records = work(self._files_of(_Closing(self)))
            except Cancelled:
                return
            except (CodefxError, ValueError) as error:
                self._say("error", f"{failed} {error}", job_id)
            except Exception as error:
                log.exception("A change of stops failed")
                self._say("error", f"{failed} {unexpected(error)}", job_id)
            finally:
                self._tell(lambda: self._on_changed(records))

        self._changes.start(Call(call))

    def _say(self, level: str, text: str, job_id: str | None = None) -> None:
        self._tell(lambda: self.noticed.emit(Notice(level, text, job_id)))

    def _tell(self, act: Callable[[], None]) -> None:
        if not self._closing:
            self._arrived.emit(act)

    # -- inside: in the main thread -----------------------------------------------------------

    def _deliver(self, act: Callable[[], None]) -> None:
        if not self._closing:
            act()

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

    @property
    def is_closing(self) -> bool:
        """Whether all work is to end; may be asked on any thread."""
        return self._closing


class _Left:
    """The signal that a job is no longer the one that is open."""

    def __init__(self, desk: StopDesk, job_id: str) -> None:
        self._desk, self._job_id = desk, job_id

    def is_set(self) -> bool:
        """Return whether nobody waits for what is said about the job."""
        return not self._desk.is_open(self._job_id)


class _Closing:
    """The signal that the desk ends."""

    def __init__(self, desk: StopDesk) -> None:
        self._desk = desk

    def is_set(self) -> bool:
        """Return whether nothing is to begin any more."""
        return self._desk.is_closing
