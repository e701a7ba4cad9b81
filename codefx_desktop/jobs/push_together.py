"""Several workers at one list of things; the first failure ends it for all."""

from __future__ import annotations

import threading
from collections import deque
from typing import TYPE_CHECKING, Generic, TypeVar

from codefx_desktop.domain.errors import CodefxError
from codefx_desktop.domain.run import Cancelled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    Help = Callable[[Callable[[], None]], None]
    """Has a call made on another worker, if there is one to spare; it may come late, or never."""

Thing = TypeVar("Thing")


class Together(Generic[Thing]):
    """Does something about each of some things, on this worker and on those that come to help.

    Args:
        things: What about.
        work: What to do about one; called on several workers at once.
    """

    def __init__(self, things: Iterable[Thing], work: Callable[[Thing], None]) -> None:
        self._left, self._work = deque(things), work
        self._changed = threading.Condition()
        self._helpers = 0
        self._error: BaseException | None = None

    def run(self, most: int, with_help: Help) -> None:
        """Do all of it, or as much as goes before something fails; waits for the helpers.

        Args:
            most: Workers at most, this one among them.
            with_help: Has a call made on another worker, if there is one to spare.

        Raises:
            BaseException: The first error of any worker.
        """
        for _ in range(min(most, len(self._left)) - 1):
            with_help(self._help)
        try:
            self._do_all()
        finally:
            with self._changed:
                self._left.clear()  # whoever comes to help now finds nothing to do
                self._changed.wait_for(lambda: not self._helpers)
        if self._error is not None:
            raise self._error

    def _help(self) -> None:
        with self._changed:
            if not self._left:
                return
            self._helpers += 1
        try:
            self._do_all()
        except (CodefxError, Cancelled):
            return  # kept for the one who leads
        finally:
            with self._changed:
                self._helpers -= 1
                self._changed.notify_all()

    def _do_all(self) -> None:
        try:
            while (thing := self._next()) is not None:
                self._work(thing)
        except BaseException as error:
            with self._changed:
                self._left.clear()
                self._error = self._error or error
            raise

    def _next(self) -> Thing | None:
        with self._changed:
            return self._left.popleft() if self._left else None
