"""What transferring pushes needs from outside."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from codefx_desktop.domain.object_store import ObjectStore
    from codefx_desktop.domain.push import Piece, Push, PushProgress
    from codefx_desktop.domain.target import Target
    from codefx_desktop.jobs.push_route import Route


def _nobody(_: object) -> None:
    """Take what nobody wants to hear."""


def _nothing(_route: Route, _piece: Piece) -> None:
    """Leave a piece as it is."""


@dataclass(frozen=True, slots=True)
class PushPorts:
    """What transferring needs from outside.

    Attributes:
        open_target: Returns the target of a name. Raises ``SettingsError`` where there is none.
        open_store: Opens a target's place.
        staging: Folder of what is made for pushing only, by job.
        is_busy: Whether a job runs; pushing then takes less of the machine.
        tell: Takes progress, on the leading thread.
        on_pushed: Takes a push that was verified, on the leading thread.
        before_review: Called on a worker before a push with a review begins, and before that is
            sent; may change the piece's file, or stop the push by an error.
    """

    open_target: Callable[[str], Target]
    open_store: Callable[[Target], ObjectStore]
    staging: Path
    is_busy: Callable[[], bool] = lambda: False
    tell: Callable[[PushProgress], None] = _nobody
    on_pushed: Callable[[Push], None] = _nobody
    before_review: Callable[[Route, Piece], None] = _nothing
