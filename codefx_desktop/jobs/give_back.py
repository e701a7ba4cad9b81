"""Hands memory that is free again back to the system."""

from __future__ import annotations

import ctypes
import sys
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

LARGE_BYTES: Final = 1024 * 1024
_MMAP_THRESHOLD: Final = -3
"""Of glibc's ``malloc.h``: M_MMAP_THRESHOLD."""


def give_back_large_blocks() -> None:
    """Have each large block go back the moment it is freed, from now on, in all of this process.

    WORKAROUND(glibc 2.36): the first large block that is freed raises what counts as one up to
    32 MB; pictures and columns then lie in the heaps of ten threads, among what is still in use.
    Over 100,000 frames a review held 520 MB after five openings, without that 330, and took no
    more of the processor. Remove when it does not.
    """
    mallopt = _of_glibc("mallopt")
    if mallopt is not None:
        mallopt(ctypes.c_int(_MMAP_THRESHOLD), ctypes.c_int(LARGE_BYTES))


def give_back_memory() -> None:
    """Hand back what large work has freed; does nothing where the system does so by itself.

    WORKAROUND(glibc 2.36): the heap of each thread keeps what lies between pieces that are still
    in use: 190 MB after 1,000,000 detections were looked through. Remove when it does not. Takes
    some milliseconds and belongs on a worker.
    """
    trim = _of_glibc("malloc_trim")
    if trim is not None:
        trim(ctypes.c_size_t(0))


def _of_glibc(name: str) -> Callable[..., object] | None:
    """Return one of glibc's functions; None on other systems and where another library lacks it."""
    if not sys.platform.startswith("linux"):
        return None
    found: Callable[..., object] | None = getattr(ctypes.CDLL(None), name, None)  # musl has none
    return found
