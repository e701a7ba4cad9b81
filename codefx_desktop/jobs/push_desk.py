"""The outbox for the screen: what is pushed, how far, and the one worker that transfers.

Nothing here opens a connection before a person has pushed, asked for links, or fetched: the
transfer begins only while the outbox has something that goes on by itself.
"""

from __future__ import annotations

import itertools
import threading
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, ClassVar, Final

from PySide6.QtCore import QTimer, Signal

from codefx_desktop.domain.push import PushProgress, PushState
from codefx_desktop.domain.run import Cancelled
from codefx_desktop.jobs.desk import Desk
from codefx_desktop.jobs.pools import Pool, new_pool
from codefx_desktop.jobs.push_runs import Runs, until_stopped
from codefx_desktop.jobs.push_speeds import Speeds
from codefx_desktop.jobs.push_values import (
    CopyStep,
    Estimated,
    FetchStep,
    FetchWanted,
    FreeSpace,
    LinksAnswer,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtCore import QDeadlineTimer, QObject

    from codefx_desktop.domain.push import Push, PushOptions, PushPart
    from codefx_desktop.domain.run import CancelSignal
    from codefx_desktop.jobs.desk import Calls
    from codefx_desktop.jobs.push_calls import PushCalls

TELL_MS: Final = 100
LOOK_MS: Final = 1_000
LOOK_IDLE_MS: Final = 5_000
REST_MS: Final = 5_000
SWEEP_MS: Final = 24 * 3600 * 1000
GOES_ON: Final = (PushState.WAITING, PushState.SENDING)


class PushDesk(Desk):
    """Answers about pushes; lives in the main thread, works on workers.

    Every call returns at once. The list of pushes comes whenever it changed, ten times a second
    at most. When the desk ends, the outbox goes on at the next start.

    Args:
        calls_of: Returns the outbox's calls. Called on a worker; may block until the signal it
            is given is set.
        parent: The owner.
        is_busy: Whether a job of this program runs; pushing then takes less of the machine.
        new_pool: Makes a pool with so many workers.
    """

    SHUTDOWN_MS: ClassVar[int] = 5_000

    pushes = Signal(object)
    """``tuple[PushProgress, ...]``: all of the outbox, in the order in which it was asked for."""
    estimated = Signal(object)
    """``Estimated``"""
    pushed = Signal(object)
    """``Push`` that was just queued."""
    links_ready = Signal(object)
    """``LinksAnswer``"""
    fetched = Signal(object)
    """``FetchStep``: each step; exactly one final one ends it."""
    copied = Signal(object)
    """``CopyStep``: each step; exactly one final one ends it."""
    space = Signal(object)
    """``FreeSpace``"""
    deleted = Signal(str)
    """A job whose objects are gone from all targets that had them."""
    all_paused = Signal(bool)
    trouble = Signal(str)
    """Why something could not be done."""

    def __init__(
        self,
        calls_of: Callable[[CancelSignal], PushCalls],
        parent: QObject | None = None,
        *,
        is_busy: Callable[[], bool] = lambda: False,
        new_pool: Callable[[int], Pool] = new_pool,
    ) -> None:
        super().__init__(parent, new_pool)
        self._calls_of, self._is_busy = calls_of, is_busy
        # A transfer waits for nobody; nobody waits for a target that does not answer.
        self._looks, self._net = self._newest_calls(), self._queued_calls(2)
        self._asks, self._sender, self._files = (self._queued_calls() for _ in range(3))
        self._requests = itertools.count(1)
        self._stop: threading.Event | None = None
        self._fetches, self._copies = Runs(), Runs()
        self._is_paused = False
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self._send_if_wanted)
        self._speeds = Speeds()
        self._troubles: dict[str, str] = {}
        self._known: tuple[Push, ...] | None = None
        self._told: tuple[PushProgress, ...] | None = None
        self._teller = self._timer(TELL_MS, self._tell_pushes)
        self._looker = self._timer(LOOK_IDLE_MS, self.request_list)
        self._sweeper = self._timer(SWEEP_MS, self._sweep)

    # -- what is asked ------------------------------------------------------------------------

    def start(self) -> None:
        """Look at the outbox, go on with what waits in it, and keep looking.

        What copying and fetching left over is removed now, and every day from now on.
        """
        self._looker.start()
        self._sweeper.start()
        self.request_list()
        self._sweep()

    def request_list(self) -> None:
        """Look at the outbox now; other programs fill it too."""
        self._try(self._looks, self._look, "look")

    def estimate(self, job_ids: Sequence[str]) -> int:
        """Ask what pushing jobs would send; the newest request wins. Returns the request's id."""
        request_id, wanted = next(self._requests), tuple(job_ids)
        self._ask(
            self._looks,
            "estimate",
            lambda: Estimated(request_id, wanted, self._calls().estimate(wanted)),
            self.estimated.emit,
            lambda why: Estimated(request_id, wanted, message=why),
        )
        return request_id

    def push(self, job_ids: Sequence[str], target: str, options: PushOptions) -> None:
        """Put jobs into the outbox; they go when there is a network."""
        for job_id in job_ids:
            self._change(partial(self._push, job_id, target, options))

    def pause(self, push_id: int) -> None:
        """Have a push wait until ``resume``."""
        self._change(lambda calls: calls.pause(push_id))

    def resume(self, push_id: int) -> None:
        """Have a paused push go on."""
        self._change(lambda calls: calls.resume(push_id))

    def retry(self, push_id: int) -> None:
        """Have a push that stopped, or waits for a time, be tried now."""
        self._change(lambda calls: calls.retry(push_id))

    def cancel(self, push_id: int) -> None:
        """Give a push up; what the target has stays there."""
        self._change(lambda calls: calls.cancel(push_id))

    def forget(self, push_id: int) -> None:
        """Take a push out of the list; what the target has stays there."""
        self._change(lambda calls: calls.forget(push_id))

    def pause_all(self, paused: bool) -> None:
        """Transfer nothing, or go on; what was being sent goes on from there."""
        if paused is self._is_paused:
            return
        self._is_paused = paused
        if paused and self._stop is not None:
            self._stop.set()
        self.all_paused.emit(paused)
        self._send_if_wanted()

    def set_limit(self, mbit: float) -> None:
        """Take at most so many megabits a second of the network; 0 is no limit."""
        self._change(lambda calls: calls.set_limit(mbit))

    def links(self, job_id: str, target: str, ttl_s: int) -> int:
        """Ask for addresses of what was pushed of a job; returns the request's id."""
        request_id = next(self._requests)
        self._ask(
            self._net,
            "links",
            lambda: self._calls().links(request_id, job_id, target, ttl_s),
            self.links_ready.emit,
            lambda why: LinksAnswer(request_id, job_id, target, message=why),
        )
        return request_id

    def fetch(
        self, url_or_id: str, target: str, parts: frozenset[PushPart], *, update: bool = False
    ) -> int:
        """Bring a pushed job to this machine; returns the request's id.

        Args:
            url_or_id: An address of a file of it, its id, or the beginning of that.
            target: Where it is, if only its id is given.
            parts: What of it; the manifest and ``job.json`` always come along.
            update: Whether files that are others here become those that were pushed.
        """
        request_id = next(self._requests)
        wanted = FetchWanted(request_id, url_or_id, target, parts, update)
        cancel, tell = self._fetches.begin(request_id), partial(self._tell, self.fetched.emit)
        self.fetched.emit(FetchStep(request_id))

        def ended(why: str) -> FetchStep:
            return FetchStep(request_id, message=why, is_final=True)

        work = until_stopped(lambda: self._calls().fetch(wanted, tell, cancel), ended)
        self._ask(self._net, "fetch", work, self._on_fetched, ended)
        return request_id

    def stop_fetch(self, request_id: int) -> None:
        """Stop fetching; what came stays for the next time."""
        self._fetches.stop(request_id)

    def copy_sources(self, job_ids: Sequence[str]) -> int:
        """Copy the clips of jobs, so that their drive can leave; returns the request's id."""
        request_id, wanted = next(self._requests), tuple(job_ids)
        cancel, tell = self._copies.begin(request_id), partial(self._tell, self.copied.emit)

        def ended(why: str) -> CopyStep:
            return CopyStep(request_id, message=why, is_final=True)

        work = until_stopped(
            lambda: self._calls().copy_sources(request_id, wanted, tell, cancel), ended
        )
        self._ask(self._files, "copy", work, self._on_copied, ended)
        return request_id

    def stop_copy(self, request_id: int) -> None:
        """Stop copying; whole copies stay, of the others nothing does."""
        self._copies.stop(request_id)

    def delete_remote(self, job_id: str) -> None:
        """Delete a job's objects from all targets; ``deleted`` or a trouble follows."""

        def work() -> None:
            self._calls().delete_remote(job_id, self.closing)
            self._tell(self.deleted.emit, job_id)

        self._try(self._net, work)

    def ask_free_space(self) -> None:
        """Ask what could leave this machine because a target has it."""
        self._free(None)

    def free_space(self, job_ids: Sequence[str]) -> None:
        """Verify that targets have the results of jobs, then remove them here."""
        self._free(tuple(job_ids))

    # -- inside: in the main thread -----------------------------------------------------------

    def _leave(self, _deadline: QDeadlineTimer) -> None:
        if self._stop is not None:
            self._stop.set()
        self._fetches.stop_all()
        self._copies.stop_all()
        for timer in (self._teller, self._looker, self._sweeper, self._rest):
            timer.stop()

    def _change(self, work: Callable[[PushCalls], object]) -> None:
        """Change the outbox, then look at it again."""
        self._rest.stop()
        self._try(self._asks, lambda: work(self._calls()), after=self.request_list)

    def _try(
        self,
        calls: Calls,
        work: Callable[[], object],
        often: str = "",
        after: Callable[[], object] | None = None,
    ) -> None:
        """Have something done; whatever goes wrong is told.

        Args:
            calls: The worker.
            work: What to do.
            often: Names what is done again and again: its trouble is told once, until it is
                another one or over.
            after: Called when it is over.
        """
        self._do(
            calls,
            often or "call",
            work,
            lambda why: self._on_trouble(often, why),
            receive=lambda _done: self._troubles.pop(often, None),
            after=after,
        )

    def _free(self, job_ids: tuple[str, ...] | None) -> None:
        self._ask(
            self._net,
            "free space",
            lambda: self._calls().free_space(job_ids, self.closing),
            self.space.emit,
            lambda why: FreeSpace(message=why),
        )

    def _on_list(self, pushes: tuple[Push, ...]) -> None:
        self._known = pushes
        self._tell_pushes()
        self._send_if_wanted()

    def _sweep(self) -> None:
        self._try(self._files, lambda: self._calls().sweep())

    def _send_if_wanted(self) -> None:
        """Begin to transfer if something goes on by itself and nobody does yet."""
        goes = any(push.state in GOES_ON for push in self._known or ())
        self._looker.setInterval(LOOK_MS if goes or self._stop else LOOK_IDLE_MS)
        rests = self._is_paused or self._rest.isActive() or self.closing.is_set()
        if rests or self._stop is not None or not goes:
            return
        stop = self._stop = threading.Event()
        self._teller.start()

        def work() -> None:
            with suppress(Cancelled):
                self._calls().transfer(stop, self._speeds.tell, self._is_busy)

        self._try(self._sender, work, "transfer", self._on_sender_ended)

    def _on_trouble(self, often: str, why: str) -> None:
        is_news = not often or self._troubles.get(often) != why
        if often:
            self._troubles[often] = why
        if is_news:
            self.trouble.emit(why)

    def _on_fetched(self, end: FetchStep) -> None:
        self._fetches.end(end.request_id)
        self.fetched.emit(end)

    def _on_copied(self, end: CopyStep) -> None:
        self._copies.end(end.request_id)
        self.copied.emit(end)

    def _on_sender_ended(self) -> None:
        stop, self._stop = self._stop, None
        self._teller.stop()
        self._speeds.clear()
        if stop is not None and not stop.is_set():
            self._rest.start()  # another program may be the one that transfers: not at once again
        self.request_list()

    def _tell_pushes(self) -> None:
        if self._known is None:
            return
        now = self._speeds.merged(self._known)
        if now != self._told:
            self._told = now
            self.pushes.emit(now)

    def _timer(self, interval_ms: int, slot: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setInterval(interval_ms)
        timer.timeout.connect(slot)
        return timer

    # -- inside: on workers -------------------------------------------------------------------

    def _calls(self) -> PushCalls:
        return self._calls_of(self.closing)

    def _look(self) -> None:
        calls = self._calls()
        self._speeds.look()
        self._tell(self._on_list, calls.pushes())
        for notice in calls.take_notices():
            self._tell(self.trouble.emit, notice)

    def _push(self, job_id: str, target: str, options: PushOptions, calls: PushCalls) -> None:
        self._tell(self.pushed.emit, calls.push(job_id, target, options))
