"""The targets of this machine for the screen: listed, kept, tested, their rules, on workers."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal

from codefx_desktop.domain.run import Cancelled
from codefx_desktop.jobs.desk import AnsweringDesk
from codefx_desktop.jobs.pools import Pool, new_pool
from codefx_desktop.jobs.target_values import TargetCheck, TargetSaved

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from PySide6.QtCore import QDeadlineTimer, QObject

    from codefx_desktop.domain.run import CancelSignal
    from codefx_desktop.domain.target import Target
    from codefx_desktop.jobs.target_keeper import TargetKeeper

    Receive = Callable[[Any], object]
    Work = Callable[[TargetKeeper], object]


class TargetDesk(AnsweringDesk):
    """Answers about targets; lives in the main thread, works on workers.

    Every call returns at once. A list comes when it is asked for, and again whenever anything was
    changed here.

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

    def __init__(
        self,
        keeper_of: Callable[[CancelSignal], TargetKeeper],
        parent: QObject | None = None,
        *,
        new_pool: Callable[[int], Pool] = new_pool,
    ) -> None:
        super().__init__(parent, new_pool)
        self._keeper_of = keeper_of
        # A list waits for no place that does not answer.
        self._lists = self._newest_calls()
        self._changes, self._net = self._queued_calls(keeps=True), self._queued_calls()
        self._check_stop = threading.Event()

    def request_list(self) -> None:
        """Ask which targets there are and what each lacks."""
        self._try(
            self._lists,
            "request_list",
            lambda: self._keeper_of(self.closing).survey(),
            self.listed.emit,
        )

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
        self._change(
            "save",
            lambda keeper: keeper.save(target, secret, session_token, was=was),
            lambda note: self.saved.emit(TargetSaved(target.name, note)),
        )

    def set_secret(self, name: str, secret: str, session_token: str = "") -> None:
        """Keep the secret of a target alone, also of one that the environment makes."""
        self._change(
            "set_secret",
            lambda keeper: keeper.set_secret(name, secret, session_token),
            lambda note: self.saved.emit(TargetSaved(name, note)),
        )

    def forget_secret(self, name: str) -> None:
        """Forget what was entered as a target's secret."""
        self._change("forget_secret", lambda keeper: keeper.forget_secret(name))

    def remove(self, name: str) -> None:
        """Forget a target and its secret; what was pushed there stays there."""
        self._change("remove", lambda keeper: keeper.remove(name).name, self.removed.emit)

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
            self._tell(self.check.emit, check)

        self._on_net("test", lambda keeper: keeper.check(target, secret, session_token, tell))

    def stop_test(self) -> None:
        """End a test under way after its step; it cleans up and says no more."""
        self._check_stop.set()

    def request_lifecycle(self, name: str) -> None:
        """Ask what a target's bucket deletes by itself, against what is wanted."""
        self._on_net(
            "request_lifecycle",
            lambda keeper: keeper.lifecycle(name),
            self.lifecycle.emit,
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
            lambda keeper: keeper.set_lifecycle(name, expire=expire),
            self.lifecycle.emit,
        )

    def export_lifecycle(self, name: str, file: Path, *, expire: bool) -> None:
        """Write the wanted rules into a file for another tool; a file that is there is replaced."""
        self._change(
            "export_lifecycle",
            lambda keeper: keeper.export_lifecycle(name, file, expire=expire, replace=True),
            lambda _: self.exported.emit(file),
        )

    # -- inside -------------------------------------------------------------------------------

    def _leave(self, _deadline: QDeadlineTimer) -> None:
        self._check_stop.set()

    def _change(self, what: str, work: Work, receive: Receive | None = None) -> None:
        self._try(
            self._changes,
            what,
            lambda: work(self._keeper_of(self.closing)),
            receive,
            self.request_list,
        )

    def _on_net(self, what: str, work: Work, receive: Receive | None = None) -> None:
        self._try(self._net, what, lambda: work(self._keeper_of(self.closing)), receive)
