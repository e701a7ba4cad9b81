"""Runs blocking work on a worker while the main thread stays able to hear Ctrl+C."""

from __future__ import annotations

import signal
import threading
from typing import TYPE_CHECKING, TypeVar

from codefx_desktop.jobs.pools import Call, new_pool

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

POLL_MS = 100


def run_in_foreground(work: Callable[[threading.Event], T]) -> T:
    """Run ``work(cancel)`` on a worker and wait for it.

    Ctrl+C sets ``cancel`` and goes on waiting, so that the work can end tidily.

    Raises:
        BaseException: Whatever the work raised.
    """
    cancel = threading.Event()
    results: list[T] = []
    errors: list[BaseException] = []
    pool = new_pool(1)
    # A handler instead of catching KeyboardInterrupt, which may also strike between two statements.
    before = signal.signal(signal.SIGINT, lambda *_: cancel.set())
    try:
        pool.start(Call(lambda: results.append(work(cancel)), errors.append))
        while not pool.waitForDone(POLL_MS):
            pass  # back in Python now and then, where the handler can run
    finally:
        signal.signal(signal.SIGINT, before)
    if errors:
        raise errors[0]
    return results[0]
