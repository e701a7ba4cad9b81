"""Exports of jobs for the screen: begun at once, written on a worker, one after another."""

from __future__ import annotations

import itertools
import threading
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from codefx_desktop.domain.errors import AlreadyThere
from codefx_desktop.domain.run import Cancelled
from codefx_desktop.jobs.desk import Desk
from codefx_desktop.jobs.export_values import ExportPhase, ExportStep
from codefx_desktop.jobs.paced import Paced
from codefx_desktop.jobs.pools import Pool, new_pool

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QDeadlineTimer, QObject

    from codefx_desktop.domain.run import CancelSignal
    from codefx_desktop.domain.sheet import SheetDone, SheetRequest
    from codefx_desktop.jobs.export_values import ExportCalls


class ExportDesk(Desk):
    """Exports jobs; lives in the main thread, works on a worker.

    Every call returns at once.

    Args:
        calls_of: Returns what exports. Called on a worker; may block until the signal it is given
            is set.
        parent: The owner.
        new_pool: Makes a pool with so many workers.
    """

    stepped = Signal(object)
    """``ExportStep``: each step of an export; exactly one final phase ends it."""

    def __init__(
        self,
        calls_of: Callable[[CancelSignal], ExportCalls],
        parent: QObject | None = None,
        *,
        new_pool: Callable[[int], Pool] = new_pool,
    ) -> None:
        super().__init__(parent, new_pool)
        self._calls_of = calls_of
        self._exports = self._queued_calls()
        self._requests = itertools.count(1)
        self._cancels: dict[int, threading.Event] = {}
        self._last: dict[int, ExportStep] = {}

    def export(self, job_id: str, request: SheetRequest) -> int:
        """Export a job; returns the request's id, which all its steps bear."""
        step = ExportStep(next(self._requests), job_id, request)
        if not self.closing.is_set():
            cancel = self._cancels[step.request_id] = threading.Event()
            self._last[step.request_id] = step
            self._ask(
                self._exports,
                f"export {step.job_id}",
                lambda: self._exported(step, cancel),
                self._on_step,
                lambda why: replace(step, phase=ExportPhase.FAILED, message=why),
            )
        return step.request_id

    def cancel(self, request_id: int) -> None:
        """Stop an export; one that is over is left alone."""
        cancel = self._cancels.get(request_id)
        if cancel is not None and not cancel.is_set():
            cancel.set()
            self.stepped.emit(replace(self._last[request_id], phase=ExportPhase.STOPPING))

    # -- inside: in the main thread -----------------------------------------------------------

    def _leave(self, _deadline: QDeadlineTimer) -> None:
        for cancel in self._cancels.values():
            cancel.set()

    def _on_step(self, step: ExportStep) -> None:
        cancel = self._cancels.get(step.request_id)
        if step.phase.is_final:
            self._cancels.pop(step.request_id, None)
            self._last.pop(step.request_id, None)
        elif cancel is None or cancel.is_set():
            return  # said before it was stopped
        else:
            self._last[step.request_id] = step
        self.stepped.emit(step)

    # -- inside: on the worker ----------------------------------------------------------------

    def _exported(self, step: ExportStep, cancel: threading.Event) -> ExportStep:
        try:
            done = self._written(step, cancel)
        except Cancelled:
            return replace(step, phase=ExportPhase.STOPPED)
        except AlreadyThere as error:
            return replace(step, phase=ExportPhase.TAKEN, message=str(error))
        return replace(step, phase=ExportPhase.DONE, fraction=1.0, done=done)

    def _written(self, step: ExportStep, cancel: threading.Event) -> SheetDone:
        if cancel.is_set():
            raise Cancelled
        running = replace(step, phase=ExportPhase.RUNNING)
        self._tell(self._on_step, running)
        calls = self._calls_of(cancel)
        told = Paced(
            lambda fraction: self._tell(self._on_step, replace(running, fraction=fraction))
        )
        return calls.export_sheet(step.job_id, step.request, cancel, told)
