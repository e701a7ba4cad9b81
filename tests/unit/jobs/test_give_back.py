"""Memory that is free again goes back to the system, where the system can be asked to take it."""

from __future__ import annotations

import platform
import subprocess
import sys

import numpy as np
import psutil
import pytest

from codefx_desktop.jobs.give_back import give_back_large_blocks, give_back_memory

MEGABYTE = 1024 * 1024
HOLDS = """
import sys, threading
import numpy as np, psutil
from codefx_desktop.jobs.frame_servers import FrameServers

if sys.argv[1] == "window":
    FrameServers()
np.ones(24 * 2**20, np.uint8)  # freed at once
kept = []

def work():
    blocks = []
    for _ in range(40):
        blocks.append(np.ones(3 * 2**20, np.uint8))
        kept.append(np.ones(200, np.uint8))  # lies behind it, and stays

before = psutil.Process().memory_info().rss
worker = threading.Thread(target=work)
worker.start()
worker.join()
print((psutil.Process().memory_info().rss - before) // 2**20)
"""


def test_a_system_that_does_so_itself_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("it was asked")

    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr("ctypes.CDLL", refuse)
    give_back_memory()
    give_back_large_blocks()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="others do so by themselves")
def test_what_lies_free_between_what_is_used_is_given_back() -> None:
    # Below the least size that is always mapped: these pieces lie in the heap, one after another.
    pieces = [np.ones(60_000, np.uint8) for _ in range(2_000)]
    pieces = pieces[::2]
    before = psutil.Process().memory_info().rss
    give_back_memory()
    assert psutil.Process().memory_info().rss < before - 20 * MEGABYTE
    assert all(piece[0] == 1 for piece in pieces)


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="another library gives back itself")
def test_what_workers_of_a_window_held_goes_back_though_small_blocks_lie_among_it() -> None:
    held = {}
    for who in ("window", "nobody"):
        command = [sys.executable, "-c", HOLDS, who]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        held[who] = int(done.stdout)
    assert held["window"] < 15
    assert held["nobody"] > 60, "the library gives back by itself now: remove the workaround"
