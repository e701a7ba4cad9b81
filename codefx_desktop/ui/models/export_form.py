"""The choices of one export, and how far it is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from codefx_desktop.domain.export import ExportFormat, ExportRequest
from codefx_desktop.domain.job import JobStatus
from codefx_desktop.jobs.export_values import ExportStep
from codefx_desktop.ui.models import export_words

if TYPE_CHECKING:
    from codefx_desktop.domain.job import JobRecord
    from codefx_desktop.jobs.export_desk import ExportDesk


class ExportForm(QObject):
    """What is exported of a job, where to, and what came of it.

    Args:
        desk: Exports; its answers come as signals.
        record: The job.

    Attributes:
        format: What is written.
        is_own: Whether it goes into the job's own folder.
        folder_text: The other folder, as it was chosen or typed.
        pictures: YOLO: with pictures.
        step: The export that was asked for last; None: none since the choices were changed.
    """

    changed = Signal()
    ended = Signal(object)
    """``ExportStep``: the last of an export."""

    def __init__(self, desk: ExportDesk, record: JobRecord, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.record = record
        self.format = next(
            (kind for kind in export_words.FORMATS if not self.trouble_of(kind)), ExportFormat.COCO
        )
        self.is_own = True
        self.folder_text = ""
        self.pictures = False
        self.step: ExportStep | None = None
        desk.stepped.connect(self._on_step)

    # -- the choices --------------------------------------------------------------------------

    def begin_from(self, kind: str, folder_text: str) -> None:
        """Start with what was chosen the last time, as far as this job has it."""
        known = [value for value in ExportFormat if value == kind]
        if known and not self.trouble_of(known[0]):
            self.format = known[0]
        self.folder_text = folder_text
        self.changed.emit()

    def know(self, record: JobRecord) -> None:
        """Take the job as it is now."""
        self.record = record
        self.changed.emit()

    def choose_format(self, kind: ExportFormat) -> None:
        """Choose what is written."""
        self._change(format=kind)

    def choose_own(self, is_own: bool) -> None:
        """Choose whether it goes into the job's own folder."""
        self._change(is_own=is_own)

    def choose_folder(self, text: str) -> None:
        """Choose another folder than the job's own."""
        self._change(folder_text=text, is_own=False)

    def choose_pictures(self, pictures: bool) -> None:
        """Choose whether YOLO has pictures."""
        self._change(pictures=pictures)

    # -- what they mean -----------------------------------------------------------------------

    def trouble_of(self, kind: ExportFormat) -> str:
        """Return why the job has nothing of a format; empty if it has."""
        return export_words.trouble(self.record, kind)

    @property
    def can_have_pictures(self) -> bool:
        """Whether pictures can be put beside what is written."""
        return self.format is ExportFormat.YOLO and self.record.spec.plan.has_artifacts

    @property
    def hindrance(self) -> str:
        """Why nothing can be exported as chosen; empty if it can."""
        if self.record.status is JobStatus.QUEUED:
            return "The job waits in the queue; nothing was found yet."
        if trouble := self.trouble_of(self.format):
            return trouble
        if self.is_own:
            return ""
        if not self.folder_text.strip():
            return "Choose a folder."
        if self._folder() is None:
            return "Give the whole path of the folder."
        return ""

    @property
    def is_busy(self) -> bool:
        """Whether it is being exported."""
        return self.step is not None and not self.step.phase.is_final

    def request(self, *, replace: bool = False) -> ExportRequest:
        """Return what is to be exported.

        Args:
            replace: Replace files that are in the way.
        """
        folder = None if self.is_own else self._folder()
        return ExportRequest(self.format, folder, self.pictures and self.can_have_pictures, replace)

    # -- doing it -----------------------------------------------------------------------------

    def start(self, *, replace: bool = False) -> None:
        """Export as chosen, unless something hinders it.

        Args:
            replace: Replace files that are in the way: a person was asked.
        """
        if self.is_busy or self.hindrance:
            return
        request = self.request(replace=replace)
        request_id = self._desk.export(self.record.id, request)
        self.step = ExportStep(request_id, self.record.id, request)
        self.changed.emit()

    def stop(self) -> None:
        """Stop the export."""
        if self.step is not None and self.is_busy:
            self._desk.cancel(self.step.request_id)

    # -- inside -------------------------------------------------------------------------------

    def _change(self, **choices: object) -> None:
        """Take a choice; what was said about the former ones does not hold for it."""
        if self.is_busy or all(getattr(self, name) == value for name, value in choices.items()):
            return
        for name, value in choices.items():
            setattr(self, name, value)
        self.step = None
        self.changed.emit()

    def _folder(self) -> Path | None:
        try:
            folder = Path(self.folder_text.strip()).expanduser()
        except RuntimeError:  # ~somebody who is not there
            return None
        return folder if folder.is_absolute() else None

    def _on_step(self, step: ExportStep) -> None:
        if self.step is None or step.request_id != self.step.request_id:
            return
        self.step = step
        self.changed.emit()
        if step.phase.is_final:
            self.ended.emit(step)
