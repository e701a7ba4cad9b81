"""The job in focus: what is wrong, what came out, its clip, its metadata."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QPushButton,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from codefx_desktop.domain.job import JobMetadata, JobStatus
from codefx_desktop.settings.weights import DEMO_NOTICE
from codefx_desktop.ui.icons import draw, status_glyph, wear
from codefx_desktop.ui.metadata_form import MetadataForm
from codefx_desktop.ui.models import words
from codefx_desktop.ui.models.facts import artifacts_text, life_facts, result_facts
from codefx_desktop.ui.models.job_clip_facts import clip_note, job_clip_facts
from codefx_desktop.ui.models.plan_facts import spec_facts
from codefx_desktop.ui.widgets import ElidedLabel, FactList, Scrolled, row_layout, section, wrapped

if TYPE_CHECKING:
    from collections.abc import Callable

    from codefx_desktop.domain.job import JobRecord
    from codefx_desktop.jobs.hub import Hub
    from codefx_desktop.jobs.messages import StartDefaults
    from codefx_desktop.ui.models.job_book import Entry, JobBook
    from codefx_desktop.ui.models.selection import Selection
    from codefx_desktop.ui.theme import Theme


class JobPanel(QWidget):
    """Everything about the job in focus; its metadata can be changed.

    Args:
        hub: Stores changed metadata.
        book: The jobs.
        selection: The job in focus.
        theme: The theme.
    """

    artifacts_wanted = Signal(str)
    """Show the artifacts of a job."""
    push_wanted = Signal(object)
    """Push jobs: their ids."""

    def __init__(self, hub: Hub, book: JobBook, selection: Selection, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._hub, self._book, self._selection = hub, book, selection
        self._shown: JobMetadata | None = None
        self._stored: JobMetadata | None = None
        self._job_id: str | None = None
        self._drafts: dict[str, JobMetadata] = {}
        self.name = ElidedLabel(mode=Qt.TextElideMode.ElideMiddle)
        font = self.name.font()
        font.setBold(True)
        self.name.setFont(font)
        self.status = ElidedLabel()
        self.shape = _StatusShape(theme)
        self.error = wrapped()
        self.error.setAccessibleName("Why the job failed")
        self.retry_button = QPushButton("Run again")
        self.retry_button.clicked.connect(self._retry)
        self.artifacts_button = QPushButton("Artifacts…")
        self.artifacts_button.clicked.connect(self._show_artifacts)
        wear(self.artifacts_button, "artifacts", theme)
        self.push_text: Callable[[str], str] = lambda _job_id: ""
        self.pushes = wrapped("", "muted")
        self.pushes.setAccessibleName("Where it was pushed to")
        self.push_button = QPushButton("Push…")
        self.push_button.setAccessibleName("Push")
        self.push_button.clicked.connect(self._push)
        wear(self.push_button, "push", theme)
        self.result, self.clip = FactList(), FactList()
        self.spec, self.life = FactList(), FactList()
        self.metadata = MetadataForm()
        self.save_button = QPushButton("Save changes")
        self.save_button.setProperty("primary", True)
        self.revert_button = QPushButton("Revert")
        self.save_button.clicked.connect(self._save)
        self.revert_button.clicked.connect(self._revert)
        self._lay_out()
        self.metadata.edited.connect(self._on_edited)
        selection.changed.connect(self.refresh)
        book.changed.connect(lambda job_id: self.refresh() if job_id == self._job_id else None)
        book.removed.connect(lambda job_id: self._drafts.pop(job_id, None))
        hub.start_defaults.connect(self._offer)
        self.refresh()

    def refresh(self) -> None:
        """Show the job in focus; metadata that is being changed stays as it is typed."""
        entry = self._book.get(self._selection.job_id)
        self._pages.setCurrentIndex(0 if entry is None else 1)
        if entry is None:
            self._keep_draft()
            self._job_id = self._shown = None
            return
        self._book.want_clip(entry.record.id)
        self._show_head(entry)
        self.clip.show_facts(job_clip_facts(entry))
        note = clip_note(entry)
        self.clip_note.setText(note)
        self._clip_note_box.setVisible(bool(note))
        self.spec.show_facts(spec_facts(entry))
        self.demo_note.setVisible(entry.record.spec.demo_model)
        self.life.show_facts(life_facts(entry.record))
        result = result_facts(entry)
        self.result.show_facts(result)
        self.result.setVisible(bool(result))
        text = artifacts_text(entry)
        self.artifacts_button.setText(text)
        self.artifacts_button.setAccessibleName(text.replace("…", "") or "Artifacts")
        self.artifacts_button.setVisible(bool(text))
        self.push_button.setVisible(entry.record.status.is_final and bool(result or text))
        pushes = self.push_text(entry.record.id)
        self.pushes.setText(pushes)
        self.pushes.setVisible(bool(pushes))
        self._result_title.setVisible(bool(result or text or pushes))
        self._show_metadata(entry.record)

    def focus_metadata(self) -> None:
        """Put the cursor into the metadata."""
        self._scroll.ensureWidgetVisible(self.metadata)
        self.metadata.series.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_head(self, entry: Entry) -> None:
        record = entry.record
        self.name.say(record.input_filename, str(record.input_path))
        word = words.status_word(record.status)
        if record.status is JobStatus.PROCESSING and entry.progress is not None:
            word += f" · {words.stage_word(entry.progress.stage)}"
        self.status.say(word)
        self.shape.show_status(record.status)
        self.error.setText(record.error_message)
        self._error_box.setVisible(bool(record.error_message) and record.status.is_final)

    def _show_metadata(self, record: JobRecord) -> None:
        """Fill the form with what is stored, unless it is being changed or saved."""
        if record.id != self._job_id:
            self._keep_draft()
            self._shown = record.metadata
            self.metadata.set_value(self._drafts.pop(record.id, record.metadata))
        elif record.metadata != self._stored and not self._is_edited():
            self._shown = record.metadata
            self.metadata.set_value(record.metadata)
        self._job_id, self._stored = record.id, record.metadata
        self._show_buttons()

    def _keep_draft(self) -> None:
        """Remember what was typed for the job that is left; coming back shows it again."""
        if self._job_id is not None and self._is_edited():
            self._drafts[self._job_id] = self.metadata.value()

    def _on_edited(self) -> None:
        self._show_buttons()
        if self._is_edited():
            self._selection.hold()  # the next job's start must not take the form away

    def _lay_out(self) -> None:
        self._error_box = QFrame()
        self._error_box.setObjectName("errorBox")
        inside = QVBoxLayout(self._error_box)
        inside.setContentsMargins(12, 8, 12, 8)
        inside.addWidget(self.error)
        inside.addWidget(self.retry_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.clip_note = wrapped()
        self.clip_note.setAccessibleName("What is wrong with the clip")
        self._clip_note_box = _note_box(self.clip_note)
        self._result_title = section("Result")
        body = QWidget()
        body.setObjectName("panel")
        body.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = QVBoxLayout(body)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(6)
        column.addWidget(self.name)
        head = row_layout(self.shape, self.status, spacing=6)
        head.setStretch(1, 1)
        column.addLayout(head)
        column.addWidget(self._error_box)
        self._add(column, self._result_title, self.result)
        for button in (self.artifacts_button, self.push_button):
            column.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.pushes)
        self._add(column, section("Metadata"), self.metadata)
        buttons = row_layout(self.save_button, self.revert_button)
        buttons.addStretch(1)
        column.addLayout(buttons)
        self._add(column, section("Clip"), self._clip_note_box)
        column.addWidget(self.clip)
        self._add(column, section("Analysis"), self.spec)
        self.demo_note = _note_box(wrapped(DEMO_NOTICE))
        column.addWidget(self.demo_note)
        self._add(column, section("Job"), self.life)
        column.addStretch(1)
        self._scroll = Scrolled(body)
        hint = wrapped("Choose a job to see its clip, result and metadata.", "muted")
        hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        hint.setMargin(24)
        self._pages = QStackedLayout(self)
        self._pages.addWidget(hint)
        self._pages.addWidget(self._scroll)

    def _add(self, column: QVBoxLayout, title: QWidget, content: QWidget) -> None:
        column.addSpacing(8)
        column.addWidget(title)
        column.addWidget(content)

    def _is_edited(self) -> bool:
        return self._shown is not None and self.metadata.value() != self._shown

    def _show_buttons(self) -> None:
        edited = self._is_edited()
        self.save_button.setVisible(edited)
        self.revert_button.setVisible(edited)

    def _save(self) -> None:
        if self._job_id is not None:
            self._shown = self.metadata.value()
            self._hub.set_metadata(self._job_id, self._shown)
            self._show_buttons()

    def _revert(self) -> None:
        if self._shown is not None:
            self.metadata.set_value(self._shown)
            self._show_buttons()

    def _show_artifacts(self) -> None:
        if self._job_id is not None:
            self.artifacts_wanted.emit(self._job_id)

    def _push(self) -> None:
        if self._job_id is not None:
            self.push_wanted.emit([self._job_id])

    def _retry(self) -> None:
        if self._job_id is not None:
            self._hub.retry(self._job_id)

    def _offer(self, defaults: StartDefaults) -> None:
        self.metadata.offer(defaults.series, defaults.races)


def _note_box(text: QWidget) -> QFrame:
    box = QFrame()
    box.setObjectName("noteBox")
    inside = QVBoxLayout(box)
    inside.setContentsMargins(12, 8, 12, 8)
    inside.addWidget(text)
    return box


class _StatusShape(QWidget):
    """The shape that stands for a status."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._status = JobStatus.QUEUED
        self.setFixedSize(QSize(16, 16))

    def show_status(self, status: JobStatus) -> None:
        """Show this status."""
        self._status = status
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the shape."""
        del event
        tokens = self._theme.tokens
        painter = QPainter(self)
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        ground = QColor(tokens.surface)
        draw(painter, box, status_glyph(self._status), tokens.status(self._status), ground)
        painter.end()
