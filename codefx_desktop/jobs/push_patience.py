"""How long to leave a place alone that does not answer or asks to slow down."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True)
class Patience:
    """Pauses that double, with jitter, so that laptops of one garage do not all come back at once.

    Attributes:
        first_s: The first pause; short, as most breaks are one cut connection.
        longest_s: No pause is longer, but for what the place asks for: one small request a minute
            is little, and a network that comes back is noticed soon.
    """

    first_s: float = 0.5
    longest_s: float = 60.0


class Backoff:
    """Pauses of one place. Used by one thread.

    Args:
        patience: How long they are.
        draw: Returns a number from 0 to 1.
    """

    def __init__(self, patience: Patience, draw: Callable[[], float] = random.random) -> None:
        self._patience = patience
        self._draw = draw
        self._failures = 0

    def pause_s(self, at_least_s: float = 0.0) -> float:
        """Return how long to wait after one more failure.

        Args:
            at_least_s: What the place asks for.
        """
        step = min(self._patience.first_s * 2.0**self._failures, self._patience.longest_s)
        self._failures = min(self._failures + 1, 32)
        return max(at_least_s, step * (0.5 + self._draw() / 2))

    def reset(self) -> None:
        """Begin with the first pause again: something got through."""
        self._failures = 0
