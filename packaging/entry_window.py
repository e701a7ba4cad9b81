"""What the frozen ``codefx-desktop`` starts with."""

from codefx_desktop.__main__ import main

main()
