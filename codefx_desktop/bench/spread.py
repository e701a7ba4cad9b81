"""How long a call takes, and how figures of many calls are told."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Spread:
    """Median and 95th percentile."""

    median: float
    p95: float

    @classmethod
    def of(cls, values: Sequence[float]) -> Spread:
        """Return the spread of some values."""
        return cls(round(float(np.median(values)), 3), round(float(np.percentile(values, 95)), 3))

    def __str__(self) -> str:
        """Return it as milliseconds for a person."""
        return f"{self.median:.1f} ms (p95 {self.p95:.1f})"


def timed(call: Callable[..., R], *arguments: object) -> tuple[float, R]:
    """Return milliseconds and the result of a call."""
    began = time.perf_counter()
    result = call(*arguments)
    return (time.perf_counter() - began) * 1000, result
