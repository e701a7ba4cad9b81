"""Exports as one thing: the action, a dialog for each job, what is told of one out of sight."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal

from codefx_desktop.jobs.export_values import ExportPhase
from codefx_desktop.jobs.messages import Notice
from codefx_desktop.ui.export_sheet import ExportSheet
from codefx_desktop.ui.keyed_action import KeyedActions, describe
from codefx_desktop.ui.models import export_words
from codefx_desktop.ui.models.export_form import ExportForm
from codefx_desktop.ui.models.export_memory import choices_from, choices_text
from codefx_desktop.ui.widgets import action_button

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QSettings
    from PySide6.QtGui import QAction
    from PySide6.QtWidgets import QWidget

    from codefx_desktop.jobs.export_values import ExportStep
    from codefx_desktop.jobs.hub import Hub
    from codefx_desktop.jobs.stop_desk import StopDesk
    from codefx_desktop.jobs.stop_values import StopsRead
    from codefx_desktop.ui.models.clip_view import ClipView
    from codefx_desktop.ui.models.job_book import JobBook
    from codefx_desktop.ui.models.selection import Selection
    from codefx_desktop.ui.models.stop_view import StopView
    from codefx_desktop.ui.theme import Theme
    from codefx_desktop.ui.widgets import DockTitle

_CHOICES: Final = "export/choices"


@dataclass(frozen=True, slots=True)
class _Looks:
    """Where a person looks: the stops that are shown, the clip, whether Review is in front."""

    stops: StopView
    clip: ClipView
    reviews: Callable[[], bool]


class Exports(QObject):
    """Exports the job in focus, or another that was asked for.

    Args:
        hub: Makes the export desk.
        book: The jobs.
        selection: The job in focus.
        store: Keeps the last choices.
        theme: The theme.
        window: Owns the action; dialogs stand over it.

    Attributes:
        action: Exports the job in focus; its key works in every workspace.
    """

    noticed = Signal(object)
    """Something happened that the person should know: ``Notice``."""
    folder_wanted = Signal(object)
    """Show this folder (``Path``) in the file manager."""

    def __init__(
        self,
        hub: Hub,
        book: JobBook,
        selection: Selection,
        store: QSettings,
        theme: Theme,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._book, self._selection, self._store = book, selection, store
        self._theme, self._window = theme, window
        self._desk = hub.export_desk(self)
        self._hub = hub
        self._stops: StopDesk | None = None
        self._looks: _Looks | None = None
        self.dialogs: dict[str, ExportSheet] = {}
        self.action = self._make_action()
        selection.changed.connect(self._settle)
        book.changed.connect(self._on_job)
        book.removed.connect(self._on_removed)
        self._settle()

    def follow(self, stops: StopView, clip: ClipView, reviews: Callable[[], bool]) -> None:
        """Begin with what a person looks at: in Review the clip in view is what is exported.

        Args:
            stops: The stops that are shown.
            clip: The clip in view.
            reviews: Tells whether Review is in front.
        """
        self._looks = _Looks(stops, clip, reviews)
        clip.phased.connect(self._settle)

    def stand_in(self, title: DockTitle) -> None:
        """Put a button into the head of a panel."""
        title.add(action_button(self.action))

    def settle(self) -> None:
        """Look again what can be exported: another workspace is in front."""
        self._settle()

    def open(self, job_id: str) -> None:
        """Show the dialog of a job; the one that is there, while it is being exported."""
        entry = self._book.get(job_id)
        if entry is None or not (job_id in self.dialogs or export_words.can_export(entry.record)):
            return
        dialog = self.dialogs.get(job_id) or self._make_dialog(job_id)
        if not dialog.form.is_busy:
            dialog.form.show(*self._looked_at(job_id))
        if self._stops is None:
            self._stops = self._hub.stop_desk(self)
            self._stops.read.connect(self._on_stops)
        self._stops.open(job_id)
        dialog.show()
        dialog.raise_()
        dialog.activateWindow()

    # -- inside -------------------------------------------------------------------------------

    def _make_action(self) -> QAction:
        new = KeyedActions(self._window, self._theme)
        action = new.make("&Export…", "export", "Ctrl+Shift+E", self._export)
        describe(action, "Report, workbook, clips, videos, training sets")
        action.setIconText(" Export…")
        return action

    def _make_dialog(self, job_id: str) -> ExportSheet:
        entry = self._book.get(job_id)
        assert entry is not None
        form = ExportForm(self._desk, entry.record)
        form.begin_from(choices_from(str(self._store.value(_CHOICES, ""))))
        dialog = self.dialogs[job_id] = ExportSheet(form, self._theme, self._window)
        form.setParent(dialog)
        form.ended.connect(self._on_ended)
        dialog.folder_wanted.connect(self.folder_wanted)
        dialog.finished.connect(lambda _result: self._on_closed(job_id))
        return dialog

    def _job_id(self) -> str | None:
        looks = self._looks
        if looks is not None and looks.clip.job_id is not None and looks.reviews():
            return looks.clip.job_id
        return self._selection.job_id

    def _looked_at(self, job_id: str) -> tuple[int | None, int | None]:
        """Return the number of the stop and of the frame of a job that a person looks at."""
        looks = self._looks
        if looks is None:
            return None, None
        shown = looks.stops.shown if looks.stops.job_id == job_id else None
        is_viewed = looks.clip.job_id == job_id and looks.clip.is_open
        stop = None if shown is None else shown.stop.number
        return stop, looks.clip.position if is_viewed else None

    def _export(self) -> None:
        if (job_id := self._job_id()) is not None:
            self.open(job_id)

    def _settle(self, *_: object) -> None:
        entry = self._book.get(self._job_id())
        self.action.setEnabled(entry is not None and export_words.can_export(entry.record))

    def _on_job(self, job_id: str) -> None:
        if job_id == self._job_id():
            self._settle()
        dialog, entry = self.dialogs.get(job_id), self._book.get(job_id)
        if dialog is not None and entry is not None and entry.record != dialog.form.record:
            dialog.form.know(entry.record)

    def _on_removed(self, job_id: str) -> None:
        if (dialog := self.dialogs.get(job_id)) is not None:
            dialog.form.stop_export()
            dialog.close()

    def _on_stops(self, found: StopsRead) -> None:
        if (dialog := self.dialogs.get(found.job_id)) is not None:
            dialog.form.know_stops(found)

    def _on_ended(self, step: ExportStep) -> None:
        dialog = self.dialogs.get(step.job_id)
        if dialog is None:
            return
        if step.phase is ExportPhase.DONE:
            choices, record = dialog.form.choices, dialog.form.record
            if step.request.folder.is_relative_to(record.job_dir):
                choices = replace(choices, folder_text="")  # another job has a folder of its own
            self._store.setValue(_CHOICES, choices_text(choices))
        if dialog.isVisible():
            return
        if step.phase is not ExportPhase.STOPPED:
            level = "info" if step.phase is ExportPhase.DONE else "error"
            text = export_words.notice(step, dialog.form.record.input_filename)
            self.noticed.emit(Notice(level, text, step.job_id))
        self._let_go(step.job_id)

    def _on_closed(self, job_id: str) -> None:
        """Keep what is being exported at hand; begin anew with everything else."""
        dialog = self.dialogs.get(job_id)
        if dialog is not None and not dialog.form.is_busy:
            self._let_go(job_id)

    def _let_go(self, job_id: str) -> None:
        self.dialogs.pop(job_id).deleteLater()
