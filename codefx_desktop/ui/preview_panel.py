"""The centre: the picture of the job in focus, or the empty page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QStackedLayout, QVBoxLayout, QWidget

from codefx_desktop.domain.job import JobStatus
from codefx_desktop.ui.empty_page import EmptyPage
from codefx_desktop.ui.flow_layout import FlowLayout
from codefx_desktop.ui.icons import wear
from codefx_desktop.ui.models.facts import caption
from codefx_desktop.ui.picture_view import PictureView
from codefx_desktop.ui.widgets import ElidedLabel

if TYPE_CHECKING:
    from codefx_desktop.ui.models.job_book import Entry, JobBook
    from codefx_desktop.ui.models.machine import Machine
    from codefx_desktop.ui.models.selection import Selection
    from codefx_desktop.ui.theme import Theme


class PreviewPanel(QWidget):
    """Picture, caption, and what can be done with a finished job.

    Args:
        book: The jobs.
        selection: The job in focus.
        machine: What this machine has, for the empty page.
        max_size_mb: Largest clip that is taken.
        theme: The theme.
    """

    open_output_wanted = Signal(str)
    open_folder_wanted = Signal(str)
    review_wanted = Signal(str)

    def __init__(
        self,
        book: JobBook,
        selection: Selection,
        machine: Machine,
        max_size_mb: int,
        theme: Theme,
    ) -> None:
        super().__init__()
        self._book, self._selection = book, selection
        self.empty = EmptyPage(machine, max_size_mb, theme)
        self.view = PictureView(theme)
        self.caption = ElidedLabel()
        self.live_button = self._button("Back to the running job", "live", theme)
        self.folder_button = self._button("Open folder", "folder", theme)
        self.review_button = self._button("Review", "view", theme)
        self.review_button.setToolTip("Review the clip frame by frame, with what was found over it")
        self.open_button = self._button("Open annotated video", "open", theme)
        self.live_button.clicked.connect(selection.follow)
        self.folder_button.clicked.connect(lambda: self._wanted(self.open_folder_wanted))
        self.open_button.clicked.connect(lambda: self._wanted(self.open_output_wanted))
        self.review_button.clicked.connect(lambda: self._wanted(self.review_wanted))
        self._lay_out()
        selection.changed.connect(self.refresh)
        book.changed.connect(self._on_changed)
        book.listed.connect(self._show_strip)
        book.pictured.connect(self._on_pictured)
        self.refresh()

    def refresh(self) -> None:
        """Show the job in focus."""
        entry = self._book.get(self._selection.job_id)
        self._pages.setCurrentIndex(0 if entry is None else 1)
        if entry is not None:
            self.view.set_name(entry.record.input_filename)
            self._show_picture(entry)
        self._show_strip()

    def _lay_out(self) -> None:
        strip = QWidget()
        strip.setObjectName("strip")
        strip.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        buttons = (self.live_button, self.folder_button, self.open_button, self.review_button)
        self.caption.setMinimumWidth(self.fontMetrics().horizontalAdvance("Interrupted…"))
        row = FlowLayout(self.caption, *buttons, spacing=8)
        row.setContentsMargins(12, 4, 8, 4)
        strip.setLayout(row)
        strip.setMinimumHeight(40)
        picture = QWidget()
        column = QVBoxLayout(picture)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.view, 1)
        column.addWidget(strip)
        self._pages = QStackedLayout(self)
        self._pages.addWidget(self.empty)
        self._pages.addWidget(picture)

    def _button(self, text: str, glyph: str, theme: Theme) -> QPushButton:
        button = QPushButton(text)
        button.setAccessibleName(text)
        wear(button, glyph, theme)
        return button

    def _wanted(self, signal: object) -> None:
        if self._selection.job_id:
            signal.emit(self._selection.job_id)  # type: ignore[attr-defined]

    def _show_picture(self, entry: Entry) -> None:
        picture = self._book.picture(entry.record.id)
        if picture is not None:
            self.view.show_picture(picture)
        else:
            self.view.show_still(entry.thumbnail, _WAITING[entry.record.status])

    def _show_strip(self) -> None:
        entry = self._book.get(self._selection.job_id)
        done = entry is not None and entry.record.output is not None
        self.caption.say(caption(entry) if entry else "")
        self.open_button.setVisible(done)
        self.folder_button.setVisible(done)
        # Whatever a job has found so far can be looked at, be there a video or not.
        begun = entry is not None and entry.record.status is not JobStatus.QUEUED
        self.review_button.setVisible(begun)
        self.live_button.setVisible(self._selection.away)

    def _on_changed(self, job_id: str) -> None:
        if job_id == self._selection.job_id:
            entry = self._book.get(job_id)
            if entry is not None and self._book.picture(job_id) is None:
                self._show_picture(entry)
            self._show_strip()

    def _on_pictured(self, job_id: str) -> None:
        picture = self._book.picture(job_id)
        if job_id == self._selection.job_id and picture is not None:
            self.view.show_picture(picture)


_WAITING = {
    JobStatus.QUEUED: "Waits in the queue",
    JobStatus.PROCESSING: "The first picture comes in a moment",
    JobStatus.COMPLETE: "Complete. Review it, or open the annotated video.",
    JobStatus.FAILED: "No picture: the job failed. The panel on the right says why.",
    JobStatus.CANCELLED: "Cancelled",
    JobStatus.INTERRUPTED: "Interrupted. It can be run again.",
}
