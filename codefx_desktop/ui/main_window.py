"""The main window: panels in docks around the picture, and what they ask of each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QSettings, QSize, Qt, QUrl
from PySide6.QtGui import (
    QCloseEvent,
    QDesktopServices,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QFileDialog,
    QLineEdit,
    QMainWindow,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from codefx_desktop.domain.clip import CLIP_SUFFIXES
from codefx_desktop.domain.job import JobStatus
from codefx_desktop.jobs.messages import Notice
from codefx_desktop.ui.actions import Actions
from codefx_desktop.ui.banner import Banner
from codefx_desktop.ui.dialogs import AboutDialog, KeysDialog, ask_delete, ask_quit
from codefx_desktop.ui.docks import Docks
from codefx_desktop.ui.drop_target import DropHighlight, dropped_paths
from codefx_desktop.ui.history_panel import HistoryPanel
from codefx_desktop.ui.icons import refresh
from codefx_desktop.ui.job_panel import JobPanel
from codefx_desktop.ui.log_pane import LogPane
from codefx_desktop.ui.models import words
from codefx_desktop.ui.models.facts import failure_text
from codefx_desktop.ui.models.job_book import JobBook
from codefx_desktop.ui.models.log_book import LogBook
from codefx_desktop.ui.models.machine import Machine
from codefx_desktop.ui.models.selection import Selection
from codefx_desktop.ui.models.start_form import StartForm
from codefx_desktop.ui.preview_panel import PreviewPanel
from codefx_desktop.ui.queue_panel import QueuePanel
from codefx_desktop.ui.start_sheet import StartSheet, clip_paths
from codefx_desktop.ui.status_line import StatusLine

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from codefx_desktop.domain.run import JobFinished, StageProgress
    from codefx_desktop.jobs.hub import Hub
    from codefx_desktop.jobs.messages import StartDefaults
    from codefx_desktop.ui.theme import Theme

TITLE = "CodeFx Desktop"
DEFAULT_SIZE = QSize(1440, 900)
FRAME_PX, TITLE_PX = 8, 40
"""What a window manager may put around the window."""
INFO_MS = 8_000
LAYOUT_VERSION = 1


class MainWindow(QMainWindow):
    """The Process workspace.

    Args:
        hub: What is asked and what answers; started by whoever made it.
        theme: The theme.
    """

    def __init__(self, hub: Hub, theme: Theme) -> None:
        super().__init__()
        self.hub, self.theme = hub, theme
        self._store = QSettings(str(hub.paths.data / "window.ini"), QSettings.Format.IniFormat)
        self.book = JobBook(hub, self)
        self.selection = Selection(self.book, self)
        self.machine = Machine(hub, self)
        self.log = LogBook(hub, self.book, self)
        self._defaults: StartDefaults | None = None
        self._ready = False
        self._held: tuple[Path, ...] = ()
        self._sample_held = False
        self._may_close = False
        self.sheet: StartSheet | None = None
        self.setWindowTitle(TITLE)
        self.setDockNestingEnabled(True)
        self.setAcceptDrops(True)
        self.setMinimumSize(960, 560)
        self._make_panels()
        self.docks = Docks(self, theme, self.queue, self.history, self.job, self.log_pane)
        self.actions_ = Actions(self, theme)
        self.actions_.fill_menus(self.queue, self.docks.all())
        self.highlight = DropHighlight(self, theme)
        self._leave_drops_to_the_window()
        self._listen()
        self._listen_to_hub()
        self.resize(DEFAULT_SIZE)
        self._restore()

    def fit_into(self, room: QRect) -> None:
        """Become no larger than a screen without its bars: no panel lies beyond its edge."""
        frame = QSize(FRAME_PX, TITLE_PX)
        if self.width() + frame.width() <= room.width() and (
            self.height() + frame.height() <= room.height()
        ):
            return
        self.resize(self.size().boundedTo(room.size() - frame))
        self.move(room.topLeft())

    # -- building -----------------------------------------------------------------------------

    def _make_panels(self) -> None:
        hub, book, selection, theme = self.hub, self.book, self.selection, self.theme
        largest = hub.settings.max_file_size_mb
        self.queue = QueuePanel(hub, book, selection, theme)
        self.history = HistoryPanel(hub, book, selection, theme)
        self.preview = PreviewPanel(book, selection, self.machine, largest, theme)
        self.job = JobPanel(hub, book, selection, theme)
        self.log_pane = LogPane(self.log, theme)
        self.banner = Banner(theme)
        centre = QWidget()
        column = QVBoxLayout(centre)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.banner)
        column.addWidget(self.preview, 1)
        self.setCentralWidget(centre)
        self.setStatusBar(StatusLine(self.machine, theme))

    def _leave_drops_to_the_window(self) -> None:
        """A text field would take the dropped file's name as text."""
        for field in (*self.findChildren(QLineEdit), *self.findChildren(QPlainTextEdit)):
            field.setAcceptDrops(False)

    def _listen(self) -> None:
        actions = self.actions_
        actions.open.triggered.connect(self.ask_for_clips)
        actions.sample.triggered.connect(self.try_sample)
        actions.quit.triggered.connect(self.close)
        actions.pause.triggered.connect(self.hub.pause_queue)
        actions.follow.triggered.connect(self.selection.follow)
        actions.reset_layout.triggered.connect(self.reset_layout)
        actions.keys.triggered.connect(self._show_keys)
        actions.about.triggered.connect(lambda: AboutDialog(self.hub.paths, self).exec())
        actions.on_theme(self.set_theme)
        self.preview.empty.open_wanted.connect(self.ask_for_clips)
        self.preview.empty.sample_wanted.connect(self.try_sample)
        self.preview.open_output_wanted.connect(self.open_output)
        self.preview.open_folder_wanted.connect(self.open_folder)
        self.queue.open_wanted.connect(self.open_output)
        self.queue.delete_wanted.connect(self.delete_job)
        self.queue.summary_changed.connect(self.docks.queue_title.say)
        self.history.open_wanted.connect(self.open_output)
        self.history.folder_wanted.connect(self.open_folder)
        self.history.save_wanted.connect(self.save_output)
        self.history.delete_wanted.connect(self.delete_job)
        self.history.edit_wanted.connect(self._edit_metadata)
        self.history.summary_changed.connect(lambda n: self.docks.history_title.say(words.jobs(n)))
        self.docks.queue_title.say(self.queue.model.summary())
        self.docks.history_title.say("")
        self.banner.show_wanted.connect(self._show_job)
        self.log.error_seen.connect(self._open_log)
        self.selection.changed.connect(lambda: self.log.show_job(self.selection.job_id))
        self.theme.changed.connect(self._on_theme)

    def _listen_to_hub(self) -> None:
        hub = self.hub
        hub.ready.connect(self._on_ready)
        hub.start_defaults.connect(self._on_defaults)
        hub.notice.connect(self._on_notice)
        hub.queue_paused.connect(self.actions_.mark_paused)
        hub.progress.connect(self._on_progress)
        hub.finished.connect(self._on_finished)

    # -- adding footage -----------------------------------------------------------------------

    def ask_for_clips(self) -> None:
        """Let a person choose clips, then show the start sheet."""
        kinds = " ".join(f"*{suffix}" for suffix in CLIP_SUFFIXES)
        names, _ = QFileDialog.getOpenFileNames(
            self, "Open clips", "", f"Footage ({kinds});;All files (*)"
        )
        self.start_with(clip_paths(names))

    def try_sample(self) -> None:
        """Queue the sample stop, now or as soon as the history is open."""
        if self._ready:
            self.hub.add_demo()
        else:
            self._sample_held = True

    def start_with(self, paths: Sequence[Path]) -> None:
        """Show the start sheet for these clips, now or as soon as the history is open."""
        if not paths:
            return
        if not self._ready:
            self._held = (*self._held, *paths)
            return
        if self.sheet is not None:
            paths = (*self.sheet.form.clips, *paths)
            self.sheet.reject()
        form = StartForm(self.hub, paths)
        sheet = StartSheet(form, self.machine.device, self.theme, self)
        form.setParent(sheet)
        if self._defaults is not None:
            sheet.begin_from(self._defaults)
        sheet.start_wanted.connect(lambda: self._start(form))
        sheet.finished.connect(lambda _result: self._forget_sheet(sheet))
        self.sheet = sheet
        sheet.open()

    def _start(self, form: StartForm) -> None:
        self.hub.add_clips(form.clips, form.spec(), form.metadata)
        self.hub.request_start_defaults()
        self.selection.following = True
        self.docks.queue.raise_()

    def _forget_sheet(self, sheet: StartSheet) -> None:
        if self.sheet is sheet:
            self.sheet = None
        sheet.deleteLater()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files and say so."""
        paths = dropped_paths(event.mimeData())
        if paths:
            event.acceptProposedAction()
            self.highlight.show_for(len(paths))

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Take files anywhere in the window."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """Take the highlight away."""
        super().dragLeaveEvent(event)
        self.highlight.hide()

    def dropEvent(self, event: QDropEvent) -> None:
        """Show the start sheet for what was dropped."""
        self.highlight.hide()
        paths = dropped_paths(event.mimeData())
        if paths:
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self.start_with(paths)

    # -- jobs ---------------------------------------------------------------------------------

    def open_output(self, job_id: str) -> None:
        """Open a job's annotated video with the system's player."""
        entry = self.book.get(job_id)
        if entry is not None and entry.record.output is not None:
            self._open(entry.record.output.path)

    def open_folder(self, job_id: str) -> None:
        """Open the folder of a job's annotated video."""
        entry = self.book.get(job_id)
        if entry is not None and entry.record.output is not None:
            self._open(entry.record.output.path.parent)

    def save_output(self, job_id: str) -> None:
        """Ask where to and have the annotated video copied there."""
        entry = self.book.get(job_id)
        if entry is None or entry.record.output is None:
            return
        name, _ = QFileDialog.getSaveFileName(
            self, "Save annotated video as", entry.record.output.path.name, "Video (*.mp4)"
        )
        for path in clip_paths([name] if name else []):
            self.hub.save_output_as(job_id, path)

    def delete_job(self, job_id: str) -> None:
        """Delete a job with its results, after asking."""
        entry = self.book.get(job_id)
        if entry is not None and ask_delete(entry.record, self):
            self.hub.delete(job_id)

    def _open(self, path: Path) -> None:
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))):
            self.statusBar().showMessage(f"No program opens {path}.", INFO_MS)

    def _edit_metadata(self, job_id: str) -> None:
        self._show_job(job_id)
        self.job.focus_metadata()

    def _show_job(self, job_id: str) -> None:
        if self.book.get(job_id) is not None:
            self.selection.choose(job_id)
            self.docks.job.show()
            self.docks.job.raise_()

    # -- answers ------------------------------------------------------------------------------

    def _on_ready(self) -> None:
        self._ready = True
        self.hub.request_start_defaults()
        if self._sample_held:
            self._sample_held = False
            self.hub.add_demo()
        held, self._held = self._held, ()
        self.start_with(held)

    def _on_defaults(self, defaults: StartDefaults) -> None:
        self._defaults = defaults

    def _on_notice(self, notice: Notice) -> None:
        if notice.level == "info":
            self.statusBar().showMessage(notice.text, INFO_MS)
        else:
            self.banner.show_notice(notice, has_job=self.book.get(notice.job_id) is not None)

    def _on_progress(self, progress: StageProgress) -> None:
        title = f"{words.percent(progress.overall)} · {TITLE}"
        if title != self.windowTitle():
            self.setWindowTitle(title)

    def _on_finished(self, finished: JobFinished) -> None:
        self.setWindowTitle(TITLE)
        entry = self.book.get(finished.job_id)
        in_sight = finished.job_id == self.selection.job_id and self.docks.job.isVisible()
        if self.selection.following and self.book.queued():
            in_sight = False  # the next job takes its place at once
        if finished.status is JobStatus.FAILED and entry is not None and not in_sight:
            text = failure_text(entry.record.input_filename, finished.error_message)
            self.banner.show_notice(Notice("error", text, finished.job_id), has_job=True)

    def _open_log(self) -> None:
        self.docks.log.show()
        self.docks.log.raise_()

    # -- looks --------------------------------------------------------------------------------

    def set_theme(self, name: str) -> None:
        """Change the theme and remember it."""
        self.theme.set(name)
        self._store.setValue("theme", self.theme.name)

    def reset_layout(self) -> None:
        """Put every dock back to where it was made."""
        self.docks.arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the highlight over the whole window."""
        super().resizeEvent(event)
        if self.highlight.isVisible():
            self.highlight.setGeometry(self.rect())

    def _on_theme(self) -> None:
        refresh(self, self.theme)
        self.actions_.mark_theme(self.theme.name)

    def _show_keys(self) -> None:
        actions = self.actions_
        queue, history = self.queue, self.history
        groups = (
            ("Window", (actions.open, actions.quit, actions.keys)),
            ("Panels", [dock.toggleViewAction() for dock in self.docks.all()]),
            ("Running", (actions.pause, actions.follow)),
            (
                "Queue",
                (queue.up_action, queue.down_action, queue.retry_action, queue.remove_action),
            ),
            ("History", (history.edit_action, history.delete_action)),
        )
        KeysDialog(groups, self).exec()

    def _restore(self) -> None:
        geometry, state = self._store.value("geometry"), self._store.value("process/state")
        if geometry is not None:
            self.restoreGeometry(geometry)
        if state is None or not self.restoreState(state, LAYOUT_VERSION):
            self.docks.proportion()
        self.theme.set(str(self._store.value("theme", self.theme.name)))
        self.docks.settle()

    def close_without_asking(self) -> None:
        """Close even if a job runs: the system or the terminal wants the program to end."""
        self._may_close = True
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask if a job runs here, keep the layout, end the workers out of sight."""
        runs_here = self.hub.running_job() is not None
        if runs_here and not self._may_close and not ask_quit(self):
            event.ignore()
            return
        self._store.setValue("geometry", self.saveGeometry())
        self._store.setValue("process/state", self.saveState(LAYOUT_VERSION))
        self._store.sync()
        self.hide()  # ending a picture in work takes a moment
        self.hub.shutdown()
        event.accept()
