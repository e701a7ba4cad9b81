"""``python -m codefx_desktop.cli``: the terminal program without its script."""

from codefx_desktop.cli import main

main()
