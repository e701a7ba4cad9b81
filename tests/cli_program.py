"""The terminal's program in a process of its own, to be killed; imported once, forked for each."""

from __future__ import annotations

import multiprocessing
import os
import sys
from typing import TYPE_CHECKING, Any
from unittest import mock

import codefx_desktop.cli
import codefx_desktop.cli.outbox
import codefx_desktop.cli.push
import codefx_desktop.jobs.engine
import codefx_desktop.jobs.foreground
import codefx_desktop.jobs.pushing

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def run_cli(words: tuple[str, ...], environment: Mapping[str, str], said: Path) -> None:
    """Run ``codefx`` with words; what it says goes to a file."""
    os.environ.clear()
    os.environ.update(environment)
    with said.open("w", encoding="utf-8") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    sys.argv = ["codefx", *words]
    codefx_desktop.cli.main()


def start_cli(words: tuple[str, ...], said: Path) -> Any:  # noqa: ANN401 - of a context
    """Start ``codefx`` with words and this program's environment; return its process."""
    context: Any = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["cli_program"])
    process = context.Process(target=run_cli, args=(words, dict(os.environ), said))
    with mock.patch.dict(os.environ, PYTHONPATH=os.pathsep.join(sys.path)):
        process.start()  # what forks for us begins with the first one
    return process
