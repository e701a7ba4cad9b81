"""``python -m codefx_desktop`` and the console script ``codefx-desktop``: the window."""

from __future__ import annotations

import sys

from codefx_desktop.bootstrap import run_window, tell_before_start
from codefx_desktop.domain.errors import CodefxError


def main() -> None:
    """Show the window; exits with its status."""
    try:
        sys.exit(run_window(sys.argv))
    except CodefxError as error:
        tell_before_start(str(error))
        sys.exit(2)


if __name__ == "__main__":
    main()
