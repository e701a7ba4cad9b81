"""A desk that has one job open, and works out of what is in memory of it what takes long."""

from __future__ import annotations

import threading
from functools import partial
from typing import TYPE_CHECKING, Protocol, TypeVar

from PySide6.QtCore import Signal

from codefx_desktop.domain.run import Cancelled
from codefx_desktop.jobs.desk import NoticingDesk
from codefx_desktop.jobs.until import Until

T = TypeVar("T")

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QObject, SignalInstance

    from codefx_desktop.domain.run import CancelSignal
    from codefx_desktop.jobs.pools import Pool

    Progress = Callable[[float], None]


class WorkOut(Protocol):
    """As ``OpenJobDesk.work_out``."""

    def __call__(
        self,
        kind: str,
        work: Callable[[], T],
        receive: Callable[[T], object],
        trouble: Callable[[str], object],
        /,
    ) -> None:
        """Have something worked out on a worker."""
        ...


class OpenJobDesk(NoticingDesk):
    """A desk with a job open, or none; what is worked out of another job is dropped.

    Args:
        parent: The owner.
        new_pool: Makes a pool with so many workers.
    """

    spreading = Signal(object)
    """How far a change of many frames is, 0 to 1; None when it has ended."""

    def __init__(self, parent: QObject | None, new_pool: Callable[[int], Pool]) -> None:
        super().__init__(parent, new_pool)
        self._job_id: str | None = None
        self._thoughts, self._tracks = self._newest_calls(), self._newest_calls()
        self._stop_spreading: Callable[[], None] = lambda: None

    def is_open(self, job_id: str) -> bool:
        """Return whether a job is the one that is open; may be asked on any thread."""
        return job_id == self._job_id and not self.closing.is_set()

    def spread(
        self,
        work: Callable[[Progress, CancelSignal], T],
        receive: Callable[[T], object],
        trouble: Callable[[str], object],
    ) -> None:
        """Work out what is to be changed on many frames of the job that is open.

        Args:
            work: Does it on a worker; told whom to tell how far it is, and what ends it.
            receive: Takes what it returns; not called where another job is open by then.
            trouble: Takes why it went wrong.
        """
        job_id, stop = self._job_id, threading.Event()
        self._stop_spreading = stop.set
        self._take_long(
            "spread",
            self.spreading,
            work,
            self._while_open(receive),
            self._while_open(trouble),
            Until(lambda: stop.is_set() or job_id is None or not self.is_open(job_id)),
        )

    def stop_spreading(self) -> None:
        """Change nothing on many frames, if that is still being worked out."""
        self._stop_spreading()

    def work_out(
        self,
        kind: str,
        work: Callable[[], T],
        receive: Callable[[T], object],
        trouble: Callable[[str], object],
        /,
    ) -> None:
        """Have something worked out from what is in memory of the job that is open.

        Args:
            kind: Of several of a kind the newest is done.
            work: Does it; called on a worker.
            receive: Takes what it returns; not called where another job is open by then.
            trouble: Takes why it went wrong.
        """
        job_id = self._job_id

        def wanted() -> T:
            if job_id is None or not self.is_open(job_id):
                raise Cancelled
            return work()

        take, fail = self._while_open(receive), self._while_open(trouble)
        self._do(self._thoughts, kind, wanted, fail, ValueError, LookupError, receive=take)

    def _while_open(self, receive: Callable[[T], object]) -> Callable[[T], None]:
        """Return what hands on as long as the job is open that is now."""
        job_id = self._job_id

        def take(found: T) -> None:
            if self._job_id == job_id:
                receive(found)

        return take

    def _take_long(
        self,
        kind: str,
        told: SignalInstance,
        work: Callable[[Progress, CancelSignal], T],
        receive: Callable[[T], object],
        trouble: Callable[[str], object],
        left: Until,
    ) -> None:
        """Do what takes seconds; a signal tells how far it is, 0 to 1, and None at its end."""
        progress = partial(self._tell, told.emit)

        def whole() -> T:
            progress(0.0)
            try:
                return work(progress, left)
            except Cancelled:
                self._tell(told.emit, None)
                raise

        self._do(
            self._tracks,
            kind,
            whole,
            trouble,
            ValueError,
            LookupError,
            receive=receive,
            after=lambda: told.emit(None),
        )
