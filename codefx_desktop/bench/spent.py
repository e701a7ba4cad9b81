"""What a process has spent: processor time of all its threads, wall time, memory at its most."""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import psutil

if TYPE_CHECKING:
    from collections.abc import Iterator

KIB = 1024


@dataclass(slots=True)
class Spent:
    """Time that a block took.

    Attributes:
        cpu_s: Processor seconds of all threads of this process.
        wall_s: Seconds on the clock.
    """

    cpu_s: float = 0.0
    wall_s: float = 0.0


@contextmanager
def spending() -> Iterator[Spent]:
    """Measure a block; what is yielded has its figures when the block has ended."""
    spent = Spent()
    cpu_s, wall_s = time.process_time(), time.perf_counter()
    try:
        yield spent
    finally:
        spent.cpu_s = time.process_time() - cpu_s
        spent.wall_s = time.perf_counter() - wall_s


def peak_bytes() -> int:
    """Return the most memory that this process has held so far."""
    if sys.platform == "win32":
        return int(psutil.Process().memory_info().peak_wset)
    import resource  # noqa: PLC0415 - Windows has none

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * KIB


def usable_cores() -> int:
    """Return how many cores this process may use."""
    process = psutil.Process()
    if hasattr(process, "cpu_affinity"):
        return len(process.cpu_affinity())
    return psutil.cpu_count() or 1
