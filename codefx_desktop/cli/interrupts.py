"""Ctrl+C while libraries are being loaded: the program ends, without a word."""

from __future__ import annotations

import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

_IMPORTS: Final = "<frozen importlib"
"""Begins the name of Python's own files through which everything is imported."""


@contextmanager
def ended_while_loading() -> Iterator[None]:
    """Let Ctrl+C end the program at once while something is being imported, as a shell expects.

    Nothing is at stake then, and an exception in the middle of it is shown as if it were a fault
    of the program; in that of a native library it aborts. At all other times Ctrl+C raises
    ``KeyboardInterrupt``, or does what a handler says that is set later.
    """
    if threading.current_thread() is not threading.main_thread():
        yield  # only that one is told of signals
        return
    before = signal.signal(signal.SIGINT, _interrupted)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _interrupted(number: int, frame: FrameType | None) -> None:
    while frame is not None:
        if frame.f_code.co_filename.startswith(_IMPORTS):
            signal.signal(number, signal.SIG_DFL)
            signal.raise_signal(number)
        frame = frame.f_back
    raise KeyboardInterrupt
