"""What the commands about targets share: the keeper, and a worker to use it on."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from codefx_desktop.settings.paths import app_paths
from codefx_desktop.settings.settings import load_settings

if TYPE_CHECKING:
    from codefx_desktop.jobs.target_keeper import TargetKeeper

NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="Of the target.")]
T = TypeVar("T")


def worked(work: Callable[[TargetKeeper], T]) -> T:
    """Do something with targets on a worker; see ``stoppable``."""
    return stoppable(lambda keeper, _: work(keeper))


def stoppable(work: Callable[[TargetKeeper, threading.Event], T]) -> T:
    """Do something with targets on a worker, which Ctrl+C asks to stop.

    A keyring may ask the person first, and a place may not answer.
    """
    from codefx_desktop.bootstrap import new_target_keeper
    from codefx_desktop.jobs.foreground import run_in_foreground

    keeper = new_target_keeper(app_paths(), load_settings())
    return run_in_foreground(lambda cancel: work(keeper, cancel))
