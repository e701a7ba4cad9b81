"""Exports of jobs for the screen: begun at once, written on a worker, one after another."""

from __future__ import annotations

import itertools
import logging
import threading
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QDeadlineTimer, QObject, Signal

from codefx_desktop.domain.errors import AlreadyThere, CodefxError
from codefx_desktop.domain.run import Cancelled
from codefx_desktop.jobs.export_values import ExportPhase, ExportStep
from codefx_desktop.jobs.paced import Paced
from codefx_desktop.jobs.pools import Call, Pool, new_pool
from codefx_desktop.jobs.viewing import unexpected

if TYPE_CHECKING:
    from collections.abc import Callable

    from codefx_desktop.domain.run import CancelSignal
    from codefx_desktop.domain.sheet import SheetDone, SheetRequest
    from codefx_desktop.jobs.export_values import ExportCalls

log = logging.getLogger(__name__)

SHUTDOWN_MS: Final = 3_000


class ExportDesk(QObject):
    """Exports jobs; lives in the main thread, works on a worker.

    Every call returns at once. Call ``shutdown`` before letting go of it; the hub does so for
    those it made.

    Args:
        calls_of: Returns what exports. Called on a worker; may block until the signal it is given
            is set.
        parent: The owner.
        new_pool: Makes a pool with so many workers.
    """

    stepped = Signal(object)
    """``ExportStep``: each step of an export; exactly one final phase ends it."""

    _arrived = Signal(object)

    def __init__(
        self,
        calls_of: Callable[[CancelSignal], ExportCalls],
        parent: QObject | None = None,
        *,
        new_pool: Callable[[int], Pool] = new_pool,
    ) -> None:
        super().__init__(parent)
        self._calls_of = calls_of
        self._pool = new_pool(1)
        self._requests = itertools.count(1)
        self._cancels: dict[int, threading.Event] = {}
        self._last: dict[int, ExportStep] = {}
        self._is_closing = False
        # Emitted on workers, which queues it; delivered in this thread.
        self._arrived.connect(self._deliver)

    def export(self, job_id: str, request: SheetRequest) -> int:
        """Export a job; returns the request's id, which all its steps bear."""
        step = ExportStep(next(self._requests), job_id, request)
        if not self._is_closing:
            cancel = self._cancels[step.request_id] = threading.Event()
            self._last[step.request_id] = step
            self._pool.start(Call(lambda: self._carry_out(step, cancel)))
        return step.request_id

    def cancel(self, request_id: int) -> None:
        """Stop an export; one that is over is left alone."""
        cancel = self._cancels.get(request_id)
        if cancel is not None and not cancel.is_set():
            cancel.set()
            self.stepped.emit(replace(self._last[request_id], phase=ExportPhase.STOPPING))

    def shutdown(self) -> None:
        """Stop everything, wait three seconds at most."""
        if self._is_closing:
            return
        self._is_closing = True
        for cancel in self._cancels.values():
            cancel.set()
        self._pool.clear()
        if not self._pool.waitForDone(QDeadlineTimer(SHUTDOWN_MS).remainingTime()):
            log.warning("The worker of the export desk did not end within %d ms", SHUTDOWN_MS)

    # -- inside: in the main thread -----------------------------------------------------------

    def _deliver(self, step: ExportStep) -> None:
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

    def _carry_out(self, step: ExportStep, cancel: threading.Event) -> None:
        try:
            end = replace(
                step, phase=ExportPhase.DONE, fraction=1.0, done=self._written(step, cancel)
            )
        except Cancelled:
            end = replace(step, phase=ExportPhase.STOPPED)
        except AlreadyThere as error:
            end = replace(step, phase=ExportPhase.TAKEN, message=str(error))
        except CodefxError as error:
            end = replace(step, phase=ExportPhase.FAILED, message=str(error))
        except Exception as error:
            log.exception("Job %s could not be exported", step.job_id)
            end = replace(step, phase=ExportPhase.FAILED, message=unexpected(error))
        self._tell(end)

    def _written(self, step: ExportStep, cancel: threading.Event) -> SheetDone:
        if cancel.is_set():
            raise Cancelled
        running = replace(step, phase=ExportPhase.RUNNING)
        self._tell(running)
        calls = self._calls_of(cancel)
        told = Paced(lambda fraction: self._tell(replace(running, fraction=fraction)))
        return calls.export_sheet(step.job_id, step.request, cancel, told)

    def _tell(self, step: ExportStep) -> None:
        if not self._is_closing:
            self._arrived.emit(step)
