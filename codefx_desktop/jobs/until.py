"""Signals that something is over, asked of a function."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable


class Until:
    """The signal that nobody waits any more (``CancelSignal``); any thread may ask it.

    Args:
        is_over: Returns whether that is so.
    """

    def __init__(self, is_over: Callable[[], bool]) -> None:
        self._is_over = is_over

    def is_set(self) -> bool:
        """Return whether to end."""
        return self._is_over()


NEVER: Final = Until(lambda: False)
"""Of what is done to its end."""
