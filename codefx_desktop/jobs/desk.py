"""What every desk does alike: it asks workers, answers in the main thread, and ends in time.

A desk lives in the main thread and never waits there. What it is asked for runs on workers of its
own, and what comes of it is received in the main thread again: by a queued signal, since neither
Qt objects nor their slots may be touched on a worker. Once a desk ends nothing is told any more.
"""

from __future__ import annotations

import logging
import threading
from functools import partial
from typing import TYPE_CHECKING, ClassVar, TypeVar

from PySide6.QtCore import QDeadlineTimer, QObject, Signal

from codefx_desktop.domain.errors import CodefxError
from codefx_desktop.domain.run import Cancelled
from codefx_desktop.jobs.messages import Notice
from codefx_desktop.jobs.newest_calls import NewestCalls
from codefx_desktop.jobs.pools import Call
from codefx_desktop.jobs.viewing import unexpected

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from codefx_desktop.jobs.pools import Pool

    Answer = tuple[Callable[..., object], tuple[object, ...]]

log = logging.getLogger(__name__)
T = TypeVar("T")


class QueuedCalls:
    """Runs all calls that it is asked for, on one worker or more.

    Args:
        pool: Where the workers are; it is not used by anybody else.
        keeps: Whether what waits when the desk ends is done all the same.
    """

    def __init__(self, pool: Pool, *, keeps: bool) -> None:
        self._pool, self._keeps, self._is_closed = pool, keeps, False

    def ask(self, _kind: str, work: Callable[[], None]) -> None:
        """Have something done when its turn comes."""
        if not self._is_closed:
            self._pool.start(Call(work))

    def close(self) -> None:
        """Take nothing any more."""
        self._is_closed = True
        if not self._keeps:
            self._pool.clear()

    def wait(self, milliseconds: int) -> bool:
        """Wait until nothing is being done; return whether that is so."""
        return self._pool.waitForDone(milliseconds)


Calls = NewestCalls | QueuedCalls


class Desk(QObject):
    """The base of all desks.

    Call ``shutdown`` before letting go of one; the hub does so for those it made.

    Args:
        parent: The owner.
        new_pool: Makes a pool with so many workers.
    """

    SHUTDOWN_MS: ClassVar[int] = 3_000
    """How long at most the end of the desk waits for its workers."""

    _arrived = Signal(object)

    def __init__(self, parent: QObject | None, new_pool: Callable[[int], Pool]) -> None:
        super().__init__(parent)
        self.closing = threading.Event()
        """Set when the desk ends; any thread may ask."""
        self._new_pool = new_pool
        self._workers: list[Calls] = []
        self._until = QDeadlineTimer()
        # Emitted on workers, which queues it; delivered in this thread.
        self._arrived.connect(self._deliver)

    def shutdown(self) -> None:
        """Tell nothing any more, end all work, wait ``SHUTDOWN_MS`` at most."""
        self._end()
        ended = [calls.wait(self._until.remainingTime()) for calls in self._workers]
        if not all(ended):
            log.warning("A worker of the %s did not end in time", type(self).__name__)

    def _end(self) -> None:
        """Have all work end, without waiting for it; from now on there is so much time."""
        if self.closing.is_set():
            return
        self._until = QDeadlineTimer(self.SHUTDOWN_MS)
        self._finish(self._until)
        self.closing.set()
        self._leave(self._until)
        for calls in self._workers:
            calls.close()

    def _finish(self, deadline: QDeadlineTimer) -> None:
        """Finish what must not be left; everything is still as it was."""

    def _leave(self, deadline: QDeadlineTimer) -> None:
        """Let go of what workers are busy for: nothing is told and asked any more."""

    # -- for desks: in the main thread --------------------------------------------------------

    def _newest_calls(self) -> NewestCalls:
        """Return a new worker that of each kind does the newest only."""
        calls = NewestCalls(self._new_pool(1))
        self._workers.append(calls)
        return calls

    def _queued_calls(self, workers: int = 1, *, keeps: bool = False) -> QueuedCalls:
        """Return new workers that do everything; ``keeps``: also what waits when the desk ends."""
        calls = QueuedCalls(self._new_pool(workers), keeps=keeps)
        self._workers.append(calls)
        return calls

    def _ask(
        self,
        calls: Calls,
        kind: str,
        work: Callable[[], T],
        receive: Callable[[T], object],
        failed: Callable[[str], T],
        *known: type[Exception],
    ) -> None:
        """Have something done on a worker, and what comes of it received in the main thread.

        Args:
            calls: The worker.
            kind: What is asked for; of several of a kind ``NewestCalls`` does the newest.
            work: Does it. Where it raises ``Cancelled``, nobody wants to hear of it any more.
            receive: Takes what it returns.
            failed: Makes what is received of why it went wrong.
            *known: Errors beside the program's own that tell a person what is wrong.
        """
        if not self.closing.is_set():
            calls.ask(kind, partial(self._carry_out, kind, work, receive, failed, known))

    def _do(
        self,
        calls: Calls,
        kind: str,
        work: Callable[[], T],
        trouble: Callable[[str], object],
        *known: type[Exception],
        receive: Callable[[T], object] | None = None,
        after: Callable[[], object] | None = None,
    ) -> None:
        """Have something done that has no answer of its own for what goes wrong.

        Args:
            calls: The worker.
            kind: As for ``_ask``.
            work: Does it.
            trouble: Takes why it went wrong.
            *known: As for ``_ask``.
            receive: Takes what it returns, where it went well.
            after: Called when it is over, however it went.
        """

        def call() -> str:
            found = work()
            if receive is not None:
                self._tell(receive, found)
            return ""

        def end(why: str) -> None:
            if why:
                trouble(why)
            if after is not None:
                after()

        self._ask(calls, kind, call, end, str, *known)

    # -- for desks: on any thread -------------------------------------------------------------

    def _tell(self, receive: Callable[..., object], *payload: object) -> None:
        """Have ``receive(*payload)`` called in the main thread."""
        if not self.closing.is_set():
            self._arrived.emit((receive, payload))

    def _outcome(
        self,
        what: str,
        work: Callable[[], T],
        failed: Callable[[str], T],
        known: tuple[type[Exception], ...] = (),
    ) -> T:
        """Return what work returns; where it fails, what ``failed`` makes of why, never empty.

        Raises:
            Cancelled: If nobody waits for it any more.
        """
        told: tuple[type[Exception], ...] = (CodefxError, *known)
        try:
            return work()
        except Cancelled:
            raise
        except Exception as error:
            # Whoever receives it takes an empty text for success: that is never one of these.
            if isinstance(error, told) and (why := str(error)):
                if self.closing.is_set():
                    log.warning("After the end of the %s: %s: %s", type(self).__name__, what, why)
                return failed(why)
            log.exception("The %s failed unexpectedly: %s", type(self).__name__, what)
            return failed(unexpected(error))

    # -- inside -------------------------------------------------------------------------------

    def _carry_out(
        self,
        kind: str,
        work: Callable[[], T],
        receive: Callable[[T], object],
        failed: Callable[[str], T],
        known: tuple[type[Exception], ...],
    ) -> None:
        try:
            found = self._outcome(kind, work, failed, known)
        except Cancelled:
            return
        self._tell(receive, found)

    def _deliver(self, answer: Answer) -> None:
        receive, payload = answer
        if not self.closing.is_set():
            receive(*payload)


def shutdown_all(desks: Sequence[Desk]) -> None:
    """End desks side by side: it takes as long as the slowest, not as all one after the other."""
    # Who has something to finish waits for it: meanwhile all others wind up.
    for desk in sorted(desks, key=_finishes):
        desk._end()  # noqa: SLF001 - of this module
    for desk in desks:
        desk.shutdown()


def _finishes(desk: Desk) -> bool:
    return type(desk)._finish is not Desk._finish  # noqa: SLF001 - of this module


class NoticingDesk(Desk):
    """A desk that tells a person in a sentence what went on."""

    noticed = Signal(object)
    """Something that the person should know: ``Notice``."""

    def _say(self, level: str, text: str, job_id: str | None = None) -> None:
        """Tell the person something; on any thread."""
        self._tell(self.noticed.emit, Notice(level, text, job_id))


class AnsweringDesk(Desk):
    """A desk that tells why it could not do what it was asked for."""

    trouble = Signal(str, str)
    """What could not be done (name of the method), and why."""

    def _try(
        self,
        calls: Calls,
        what: str,
        work: Callable[[], T],
        receive: Callable[[T], object] | None = None,
        after: Callable[[], object] | None = None,
    ) -> None:
        """Have something done; whatever goes wrong is told, values that cannot be used too.

        Args:
            calls: The worker.
            what: Name of the method that was asked.
            work: As for ``_do``.
            receive: Likewise.
            after: Likewise.
        """

        def tell(why: str) -> None:
            self.trouble.emit(what, f"{why[:1].upper()}{why[1:].removesuffix('.')}.")

        self._do(calls, what, work, tell, ValueError, receive=receive, after=after)
