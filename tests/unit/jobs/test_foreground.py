from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING

import pytest

from codefx_desktop.jobs.foreground import run_in_foreground

if TYPE_CHECKING:
    import threading


def test_returns_what_the_work_returns() -> None:
    assert run_in_foreground(lambda _cancel: 42) == 42


def test_errors_come_through() -> None:
    def work(_cancel: threading.Event) -> None:
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        run_in_foreground(work)


def test_ctrl_c_sets_cancel_and_waits_for_a_tidy_end() -> None:
    def work(cancel: threading.Event) -> str:
        os.kill(os.getpid(), signal.SIGINT)
        return "tidy" if cancel.wait(60) else "never heard"

    assert run_in_foreground(work) == "tidy"
