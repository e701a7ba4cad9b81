"""QRunnables that never lose an exception, and the pools they run on."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QRunnable, QThreadPool

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

log = logging.getLogger(__name__)


class Pool(Protocol):
    """Where calls are started: a QThreadPool, or in tests something that runs them at once."""

    def start(self, runnable: QRunnable, /) -> None:
        """Have a call run."""
        ...

    def clear(self) -> None:
        """Forget the calls that have not begun."""
        ...

    def waitForDone(self, msecs: int, /) -> bool:  # noqa: N802 - Qt's name
        """Wait until nothing runs; return whether that is so."""
        ...


class Call(QRunnable):
    """Runs a function on a pool.

    Args:
        function: What to run. It must deal with its own known errors; anything that escapes is
            a bug, is logged, and is handed to ``failed``.
        failed: Told about an escaped exception, on the worker's thread.
        again: Whether it is started more than once; otherwise it lets go of all it holds after
            its run.
    """

    def __init__(
        self,
        function: Callable[[], None],
        failed: Callable[[BaseException], None] | None = None,
        *,
        again: bool = False,
    ) -> None:
        super().__init__()
        self.setAutoDelete(not again)
        self._function = function
        self._failed = failed

    def run(self) -> None:
        """Run the function; called by the pool."""
        function, failed = self._function, self._failed
        if self.autoDelete():
            # WORKAROUND(PySide6 6.11.3): the pool keeps a runnable for ever whose run ends before
            # start() has returned (about 4 of 1,000). Remove when test_pools finds none kept.
            self._function, self._failed = _nothing, None
        try:
            function()
        except BaseException as error:
            if failed is None:
                log.exception("A worker failed")
            else:
                failed(error)


def _nothing() -> None:
    """Take the place of a function that has been called."""


def new_pool(workers: int) -> QThreadPool:
    """Return a pool with exactly this many workers.

    The default of one per core deadlocks stages that wait for each other on small machines.
    """
    pool = QThreadPool()
    pool.setMaxThreadCount(workers)
    return pool


class Group:
    """Runs functions side by side and waits for all; the first error wins.

    Args:
        stop: Called once, at the first error, to make the others end.
    """

    def __init__(self, stop: Callable[[], None]) -> None:
        self._stop = stop
        self._lock = threading.Lock()
        self._first: BaseException | None = None

    def run(self, functions: Sequence[Callable[[], None]]) -> None:
        """Run all functions, each on a worker of its own.

        Raises:
            BaseException: The first error that any of them raised.
        """
        pool = new_pool(len(functions))
        for function in functions:
            pool.start(Call(function, self._note))
        pool.waitForDone()
        if self._first is not None:
            raise self._first

    def _note(self, error: BaseException) -> None:
        with self._lock:
            is_first = self._first is None
            if is_first:
                self._first = error
        if is_first:
            self._stop()
