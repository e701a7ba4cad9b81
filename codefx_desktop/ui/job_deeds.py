"""What can be done with a job from any panel: view it, open, save, delete its results."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QWidget

from codefx_desktop.domain.job import JobStatus
from codefx_desktop.jobs.messages import Notice
from codefx_desktop.ui.dialogs import DeleteChoice, ask_delete, ask_delete_pushed
from codefx_desktop.ui.start_sheet import clip_paths

if TYPE_CHECKING:
    from pathlib import Path

    from codefx_desktop.jobs.hub import Hub
    from codefx_desktop.jobs.messages import JobFound
    from codefx_desktop.ui.models.job_book import JobBook
    from codefx_desktop.ui.models.selection import Selection
    from codefx_desktop.ui.pushing import Pushing
    from codefx_desktop.ui.review import Review


class JobDeeds(QObject):
    """Takes the id of a job; does nothing for one that is not known or has no result.

    Args:
        hub: Copies and deletes.
        book: The jobs.
        review: Where clips are viewed.
        window: Over which dialogs stand.
        pushing: Knows what was pushed, and deletes it where a person asks for that, too.
    """

    noticed = Signal(object)
    """Something happened that the person should know: ``Notice``."""

    def __init__(
        self, hub: Hub, book: JobBook, review: Review, window: QWidget, pushing: Pushing
    ) -> None:
        super().__init__(window)
        self._pushing = pushing
        self._hub, self._book, self._review, self._window = hub, book, review, window
        self._looked_up: tuple[int, str, Path] | None = None
        review.job_wanted.connect(self.view_again)
        review.wanted.connect(self._look_up_no_more)
        hub.job_found.connect(self._on_found)
        hub.ready.connect(self._look_up_again)
        self._is_unopened = False
        hub.unopened.connect(lambda _why: self._on_unopened())

    def view_clip(self, job_id: str) -> None:
        """View a job's clip frame by frame."""
        if entry := self._book.get(job_id):
            self._review.open_job(entry.record)

    def view_again(self, job_id: str, path: Path) -> None:
        """View a job's clip that was viewed lately, or the clip alone if the job is gone."""
        self._looked_up = None
        if self._is_unopened:
            self._review.open(path)
        else:
            self._looked_up = (self._hub.request_job(job_id), job_id, path)

    def _look_up_again(self) -> None:
        """Ask what was asked before the history was open."""
        if self._looked_up is not None:
            self.view_again(*self._looked_up[1:])

    def _look_up_no_more(self) -> None:
        """Another clip was asked for since: it stays."""
        self._looked_up = None

    def _on_unopened(self) -> None:
        """There is no history to find a job in: view its clip alone."""
        self._is_unopened = True
        self._look_up_again()

    def _on_found(self, found: JobFound) -> None:
        if self._looked_up is None or self._looked_up[0] != found.request_id:
            return
        path, self._looked_up = self._looked_up[2], None
        if found.record is None:
            self._review.open(path)
        else:
            self._book.know(found.record)
            self._review.open_job(found.record)

    def offer_review(self, selection: Selection) -> None:
        """Offer the job in focus where Review has nothing to show, whatever it found so far."""
        start = self._review.page.start

        def show() -> None:
            entry = self._book.get(selection.job_id)
            begun = entry is not None and entry.record.status is not JobStatus.QUEUED
            name = entry.record.input_filename if entry is not None else ""
            start.offer(selection.job_id or "" if begun else "", name)

        selection.changed.connect(show)
        self._book.changed.connect(show)
        start.job_wanted.connect(self.view_clip)
        show()

    def view_output(self, job_id: str) -> None:
        """View a job's annotated video frame by frame."""
        if entry := self._book.get(job_id):
            self._review.open_output(entry.record)

    def open_output(self, job_id: str) -> None:
        """Open a job's annotated video with the system's player."""
        if path := self._output(job_id):
            self._open(path)

    def view_frame(self, job_id: str, number: int) -> None:
        """View one frame of a job's clip."""
        if entry := self._book.get(job_id):
            self._review.open_job(entry.record, number)

    def show_folder(self, folder: Path) -> None:
        """Open a folder with the system's file manager."""
        self._open(folder)

    def open_folder(self, job_id: str) -> None:
        """Open the folder of a job's annotated video."""
        if path := self._output(job_id):
            self._open(path.parent)

    def save_output(self, job_id: str) -> None:
        """Ask where to and have the annotated video copied there."""
        output = self._output(job_id)
        if output is None:
            return
        name, _ = QFileDialog.getSaveFileName(
            self._window, "Save annotated video as", output.name, "Video (*.mp4)"
        )
        for path in clip_paths([name] if name else []):
            self._hub.save_output_as(job_id, path)

    def delete(self, job_id: str) -> None:
        """Delete a job with its results, after asking; what was pushed only if asked to."""
        entry, places = self._book.get(job_id), self._pushing.places_of(job_id)
        if entry is None:
            return
        if not places:
            if ask_delete(entry.record, self._window):
                self._hub.delete(job_id)
            return
        choice = ask_delete_pushed(entry.record, places, self._window)
        if choice is DeleteChoice.HERE:
            self._hub.delete(job_id)
        elif choice is DeleteChoice.EVERYWHERE:
            self._pushing.delete_everywhere(job_id)

    def _output(self, job_id: str) -> Path | None:
        entry = self._book.get(job_id)
        output = entry.record.output if entry else None
        return output.path if output else None

    def _open(self, path: Path) -> None:
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))):
            self.noticed.emit(Notice("info", f"No program opens {path}."))
