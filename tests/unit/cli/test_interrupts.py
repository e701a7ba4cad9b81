"""Ctrl+C and a full disk: the terminal program ends with a sentence or none, never a traceback."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from codefx_desktop.cli.interrupts import ended_while_loading

FULL = Path("/dev/full")
MAIN = "from codefx_desktop.cli import main; main()"


def run(code: str, *words: str, **stream: object) -> subprocess.CompletedProcess[bytes]:
    streams = {"stdout": subprocess.PIPE, **stream}
    return subprocess.run(
        [sys.executable, "-c", code, *words],
        stderr=subprocess.PIPE,
        timeout=60,
        check=False,
        **streams,  # type: ignore[call-overload]
    )


@pytest.mark.skipif(os.name == "nt", reason="Windows has no signals of processes")
def test_while_it_loads_it_ends_without_a_word(tmp_path: Path) -> None:
    (tmp_path / "slow.py").write_text("import signal; signal.raise_signal(signal.SIGINT)")
    done = run(
        f"import sys; sys.path.insert(0, {str(tmp_path)!r})\n"
        "from codefx_desktop.cli.interrupts import ended_while_loading\n"
        "with ended_while_loading():\n    import slow\nprint('went on')"
    )
    assert (done.returncode, done.stdout, done.stderr) == (-signal.SIGINT, b"", b"")


def test_at_work_it_is_the_usual_interrupt_and_afterwards_all_is_as_before() -> None:
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt), ended_while_loading():
        signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is before


def test_other_threads_may_run_the_program_too() -> None:
    seen: list[object] = []

    def work() -> None:
        with ended_while_loading():
            seen.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == [signal.getsignal(signal.SIGINT)]


@pytest.mark.skipif(not FULL.exists(), reason="needs a device that is always full")
@pytest.mark.parametrize("words", [("jobs", "list", "--json"), ("proxy", "--list")])
def test_an_answer_that_cannot_be_written_is_told(words: tuple[str, ...]) -> None:
    with FULL.open("w") as full:
        done = run(MAIN, *words, stdout=full)
    assert done.returncode == 1
    assert done.stderr.startswith(b"The answer cannot be written: No space left on device.")
    assert b"Traceback" not in done.stderr
    assert b"Exception ignored" not in done.stderr
