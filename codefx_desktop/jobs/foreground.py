"""Runs blocking work on a worker while the main thread stays able to hear Ctrl+C."""

from __future__ import annotations

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
    pool.start(Call(lambda: results.append(work(cancel)), errors.append))
    while True:
        try:
            if pool.waitForDone(POLL_MS):
                break
        except KeyboardInterrupt:
            cancel.set()
    if errors:
        raise errors[0]
    return results[0]
