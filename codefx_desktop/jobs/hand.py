"""Lets what nobody waits for rest while a person steps, drags or plays.

On two cores a worker that counts in Python keeps a picture waiting for longer than it takes to
decode and paint it; what is counted then, a list or a curve, may as well be there a second later.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from codefx_desktop.jobs.until import Until

if TYPE_CHECKING:
    from collections.abc import Callable

    from codefx_desktop.domain.run import CancelSignal

MOVES_S: Final = 0.12
"""A hand is taken to move for so long after it did; a held key comes oftener."""
MOST_S: Final = 20.0
"""One that moves for longer without a rest is not waited for any more."""
LOOK_S: Final = 0.01


class Hand:
    """Whether a person's hand moves; one for all that serves a window.

    Args:
        clock: Seconds that only grow.
        sleep: Waits for so many seconds.
    """

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._clock, self._sleep = clock, sleep
        self._moving: tuple[float, float] = (float("-inf"), float("-inf"))
        """When it began to move, and until when it is taken to; replaced as a whole."""

    def moves(self) -> None:
        """Take note that a picture was asked for; called in the main thread."""
        now = self._clock()
        began, until = self._moving
        self._moving = (began if now < until else now, now + MOVES_S)

    def give_way(self, cancel: CancelSignal) -> None:
        """Wait until it rests, or a signal is set; called on workers, between pieces of work."""
        while not cancel.is_set():
            began, until = self._moving
            now = self._clock()
            if now >= until or now - began >= MOST_S:
                return
            self._sleep(LOOK_S)

    def before(self, cancel: CancelSignal) -> CancelSignal:
        """Return a signal that is set when another is, and gives way whenever it is asked."""

        def is_over() -> bool:
            self.give_way(cancel)
            return cancel.is_set()

        return Until(is_over)
