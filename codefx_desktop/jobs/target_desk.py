"""The targets of this machine for the screen: listed, kept, tested, their rules, on workers."""

from __future__ import annotations

import logging
import threading
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QDeadlineTimer, QObject, Signal

from codefx_desktop.domain.errors import CodefxError
from codefx_desktop.domain.run import Cancelled
from codefx_desktop.jobs.newest_calls import NewestCalls
from codefx_desktop.jobs.pools import Call, Pool, new_pool
from codefx_desktop.jobs.target_values import TargetCheck, TargetSaved
from codefx_desktop.jobs.viewing import unexpected

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from PySide6.QtCore import SignalInstance

    from codefx_desktop.domain.run import CancelSignal
    from codefx_desktop.domain.target import Target
    from codefx_desktop.jobs.target_keeper import TargetKeeper

    Work = Callable[[TargetKeeper], None]

log = logging.getLogger(__name__)

SHUTDOWN_MS: Final = 3_000


class TargetDesk(QObject):
    """Answers about targets; lives in the main thread, works on workers.

    Every call returns at once. A list comes when it is asked for, and again whenever anything was
    changed here. Call ``shutdown`` before letting go of it; the hub does so for those it made.

    Args:
        keeper_of: Returns the keeper. Called on a worker; may block until the signal it is given
            is set.
        parent: The owner.
        new_pool: Makes a pool with so many workers.
    """

    listed = Signal(object)
    """``TargetList``"""
    saved = Signal(object)
    """``TargetSaved``"""
    removed = Signal(str)
    """Name of a target that is gone."""
    check = Signal(object)
    """``TargetCheck`` after each step; the last one is over."""
    lifecycle = Signal(object)
    """``LifecycleView``"""
    exported = Signal(object)
    """Path of a file of rules that was written."""
    trouble = Signal(str, str)
    """What could not be done (name of the method), and why."""

    _arrived = Signal(object, object)

    def __init__(
        self,
        keeper_of: Callable[[CancelSignal], TargetKeeper],
        parent: QObject | None = None,
        *,
        new_pool: Callable[[int], Pool] = new_pool,
    ) -> None:
        super().__init__(parent)
        self._keeper_of = keeper_of
        # A list waits for no place that does not answer.
        self._lists = NewestCalls(new_pool(1))
        self._changes, self._net = new_pool(1), new_pool(1)
        self._closing = threading.Event()
        self._check_stop = threading.Event()
        # Emitted on workers, which queues it; delivered in this thread.
        self._arrived.connect(self._deliver)

    def request_list(self) -> None:
        """Ask which targets there are and what each lacks."""

        def work() -> None:
            self._guarded("request_list", lambda keeper: self._tell(self.listed, keeper.survey()))

        self._lists.ask("list", work)

    def save(
        self, target: Target, secret: str = "", session_token: str = "", *, was: str = ""
    ) -> None:
        """Keep a target, and its secret if one is given; ``saved`` or a trouble tells.

        Args:
            target: The target.
            secret: Its secret; empty: the one that is kept stays.
            session_token: Goes with keys that are valid for a time only.
            was: Its name before; empty for a new one.
        """

        def work(keeper: TargetKeeper) -> None:
            note = keeper.save(target, secret, session_token, was=was)
            self._tell(self.saved, TargetSaved(target.name, note))

        self._change("save", work)

    def set_secret(self, name: str, secret: str, session_token: str = "") -> None:
        """Keep the secret of a target alone, also of one that the environment makes."""

        def work(keeper: TargetKeeper) -> None:
            note = keeper.set_secret(name, secret, session_token)
            self._tell(self.saved, TargetSaved(name, note))

        self._change("set_secret", work)

    def forget_secret(self, name: str) -> None:
        """Forget what was entered as a target's secret."""
        self._change("forget_secret", lambda keeper: keeper.forget_secret(name))

    def remove(self, name: str) -> None:
        """Forget a target and its secret; what was pushed there stays there."""
        self._change("remove", lambda keeper: self._tell(self.removed, keeper.remove(name).name))

    def test(self, target: Target, secret: str = "", session_token: str = "") -> None:
        """Test the connection, also of a target that is not kept yet; ends a test under way.

        Args:
            target: The target.
            secret: What was entered for it; empty: the one that is kept.
            session_token: Goes with the secret.
        """
        self.stop_test()
        stop = self._check_stop = threading.Event()

        def tell(check: TargetCheck) -> None:
            if stop.is_set():
                raise Cancelled
            self._tell(self.check, check)

        self._on_net(
            "test", lambda keeper: _ignored(keeper.check(target, secret, session_token, tell))
        )

    def stop_test(self) -> None:
        """End a test under way after its step; it cleans up and says no more."""
        self._check_stop.set()

    def request_lifecycle(self, name: str) -> None:
        """Ask what a target's bucket deletes by itself, against what is wanted."""
        self._on_net(
            "request_lifecycle", lambda keeper: self._tell(self.lifecycle, keeper.lifecycle(name))
        )

    def set_lifecycle(self, name: str, *, expire: bool) -> None:
        """Write the wanted rules into a target's bucket.

        Args:
            name: Of the target.
            expire: Whether the bucket is to delete pushed results after the target's retention:
                ask the person first.
        """
        self._on_net(
            "set_lifecycle",
            lambda keeper: self._tell(self.lifecycle, keeper.set_lifecycle(name, expire=expire)),
        )

    def export_lifecycle(self, name: str, file: Path, *, expire: bool) -> None:
        """Write the wanted rules into a file for another tool; a file that is there is replaced."""

        def work(keeper: TargetKeeper) -> None:
            keeper.export_lifecycle(name, file, expire=expire, replace=True)
            self._tell(self.exported, file)

        self._change("export_lifecycle", work)

    def shutdown(self) -> None:
        """Stop everything, wait three seconds at most."""
        if self._closing.is_set():
            return
        self._closing.set()
        self._check_stop.set()
        deadline = QDeadlineTimer(SHUTDOWN_MS)
        self._lists.close()
        pools = (self._changes, self._net)
        self._net.clear()  # what is to be kept is kept all the same
        ended = [self._lists.wait(deadline.remainingTime())]
        ended += [pool.waitForDone(deadline.remainingTime()) for pool in pools]
        if not all(ended):
            log.warning("A worker of the target desk did not end within %d ms", SHUTDOWN_MS)

    # -- inside -------------------------------------------------------------------------------

    def _change(self, what: str, work: Work) -> None:
        def call() -> None:
            self._guarded(what, work)
            self.request_list()

        if not self._closing.is_set():
            self._changes.start(Call(call))

    def _on_net(self, what: str, work: Work) -> None:
        if not self._closing.is_set():
            self._net.start(Call(partial(self._guarded, what, work)))

    def _guarded(self, what: str, work: Work) -> None:
        """Do something on a worker; whatever goes wrong is told."""
        try:
            work(self._keeper_of(self._closing))
        except Cancelled:
            return
        except (CodefxError, ValueError) as error:
            self._tell(self.trouble, (what, str(error)))
        except Exception as error:
            log.exception("The target desk failed unexpectedly")
            self._tell(self.trouble, (what, unexpected(error)))

    def _tell(self, signal: SignalInstance, value: object) -> None:
        if not self._closing.is_set():
            self._arrived.emit(signal, value)

    def _deliver(self, signal: SignalInstance, value: object) -> None:
        if isinstance(value, tuple):
            signal.emit(*value)
        else:
            signal.emit(value)


def _ignored(_check: TargetCheck) -> None:
    """Let go of a result that was told already."""
