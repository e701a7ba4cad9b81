"""An export desk without workers: records what it is asked, a test moves the export on."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from codefx_desktop.domain.sheet import SheetDone, WrittenProduct
from codefx_desktop.jobs.export_values import ExportPhase, ExportStep

if TYPE_CHECKING:
    from codefx_desktop.domain.sheet import SheetRequest


class FakeExportDesk(QObject):
    """The same signals and calls as ``jobs.export_desk.ExportDesk``.

    Attributes:
        steps: What it was asked, by request; the newest last.
        calls: What it was asked, as calls.
    """

    stepped = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.calls: list[tuple[object, ...]] = []
        self.steps: dict[int, ExportStep] = {}
        self._requests = itertools.count(1)

    def export(self, job_id: str, request: SheetRequest) -> int:
        step = ExportStep(next(self._requests), job_id, request)
        self.calls.append(("export", job_id, request))
        self.steps[step.request_id] = step
        return step.request_id

    def cancel(self, request_id: int) -> None:
        self.calls.append(("cancel", request_id))
        self._say(request_id, phase=ExportPhase.STOPPING)

    def shutdown(self) -> None:
        self.calls.append(("shutdown",))

    # -- what a test says -------------------------------------------------------------------------

    def requests(self) -> list[SheetRequest]:
        """Return what was asked for."""
        return [call[2] for call in self.calls if call[0] == "export"]

    def run(self, fraction: float) -> None:
        """Move the newest export on."""
        self._say(max(self.steps), phase=ExportPhase.RUNNING, fraction=fraction)

    def end(self, phase: ExportPhase, message: str = "") -> None:
        """End the newest export, with nothing written."""
        self._say(max(self.steps), phase=phase, message=message)

    def finish(self, files: int = 1, size_bytes: int = 12_345_678) -> SheetDone:
        """End the newest export with so much written."""
        step = self.steps[max(self.steps)]
        request = step.request
        path = request.folder / "file"
        written = WrittenProduct(request.products[0], (path,), files, size_bytes)
        done = SheetDone(step.job_id, request.folder, (written,))
        self._say(step.request_id, phase=ExportPhase.DONE, fraction=1.0, done=done)
        return done

    def _say(self, request_id: int, **fields: object) -> None:
        self.steps[request_id] = replace(self.steps[request_id], **fields)
        self.stepped.emit(self.steps[request_id])
