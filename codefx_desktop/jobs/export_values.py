"""Plain values between the export desk and whoever asked for an export."""

# ruff: noqa: D102 - the call of the Protocol is documented at jobs.engine.Engine

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

    from codefx_desktop.domain.run import CancelSignal
    from codefx_desktop.domain.sheet import SheetDone, SheetRequest


class ExportPhase(StrEnum):
    """How far an export is."""

    WAITING = "waiting"
    RUNNING = "running"
    STOPPING = "stopping"
    STOPPED = "stopped"
    TAKEN = "taken"
    """Files are in the way; nothing was written, and nothing will be unless a person says so."""
    FAILED = "failed"
    DONE = "done"

    @property
    def is_final(self) -> bool:
        """Whether it is over."""
        return self in (
            ExportPhase.STOPPED,
            ExportPhase.TAKEN,
            ExportPhase.FAILED,
            ExportPhase.DONE,
        )


@dataclass(frozen=True, slots=True)
class ExportStep:
    """An export on its way.

    Attributes:
        request_id: Which one.
        job_id: The job.
        request: What was asked for.
        phase: How far it is.
        fraction: 0 to 1.
        message: Why it was not done, for a person; empty while nothing is wrong.
        done: What was written, when it is done.
    """

    request_id: int
    job_id: str
    request: SheetRequest
    phase: ExportPhase = ExportPhase.WAITING
    fraction: float = 0.0
    message: str = ""
    done: SheetDone | None = None


class ExportCalls(Protocol):
    """What the export desk asks of the engine; blocks and belongs on a worker."""

    def export_sheet(
        self,
        job_id: str,
        request: SheetRequest,
        cancel: CancelSignal | None = None,
        progress: Callable[[float], None] = ...,
    ) -> SheetDone: ...
