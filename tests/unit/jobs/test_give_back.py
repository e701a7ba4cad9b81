"""Memory that is free again goes back to the system, where the system can be asked to take it."""

from __future__ import annotations

import sys

import numpy as np
import psutil
import pytest

from codefx_desktop.jobs.give_back import give_back_memory

MEGABYTE = 1024 * 1024


def test_a_system_that_does_so_itself_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("it was asked")

    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr("ctypes.CDLL", refuse)
    give_back_memory()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="others do so by themselves")
def test_what_lies_free_between_what_is_used_is_given_back() -> None:
    # Below the least size that is always mapped: these pieces lie in the heap, one after another.
    pieces = [np.ones(60_000, np.uint8) for _ in range(2_000)]
    pieces = pieces[::2]
    before = psutil.Process().memory_info().rss
    give_back_memory()
    assert psutil.Process().memory_info().rss < before - 20 * MEGABYTE
    assert all(piece[0] == 1 for piece in pieces)
