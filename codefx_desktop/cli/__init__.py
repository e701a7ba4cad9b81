"""The terminal: ``codefx``, a thin face over the same engine as the window's.

Lives here: commands, what they print, exit codes (0 complete, 1 a job failed or is not pushed, 2
wrong use or unknown job).
May import: everything; heavy rooms late, through bootstrap, so that ``--help`` answers at once.
Thread: the main thread; jobs run on workers.
Tests: ``tests/unit/cli``, ``tests/integration/test_cli*.py``.
"""

from codefx_desktop.cli.interrupts import ended_while_loading

__all__ = ["main"]


def main() -> None:
    """Run the terminal program."""
    with ended_while_loading():
        from codefx_desktop.cli.app import main as run

        run()
