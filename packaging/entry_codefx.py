"""What the frozen ``codefx`` starts with."""

from codefx_desktop.cli import main

main()
