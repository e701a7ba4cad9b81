"""The main window: panels in docks around the picture, and what they ask of each other.

Over 400 lines because every part of the window is made and joined to the others here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QSettings, QSize, Qt
from PySide6.QtWidgets import (
    QApplication,
    QDockWidget,
    QLineEdit,
    QMainWindow,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from codefx_desktop.domain.job import JobStatus
from codefx_desktop.jobs.messages import Notice
from codefx_desktop.ui.actions import Actions
from codefx_desktop.ui.artifacts import Artifacts
from codefx_desktop.ui.banner import Banner
from codefx_desktop.ui.cameras import Cameras
from codefx_desktop.ui.commands import Commands
from codefx_desktop.ui.compare import Compare
from codefx_desktop.ui.dialogs import AboutDialog, ask_quit
from codefx_desktop.ui.docks import Docks, RightPanels
from codefx_desktop.ui.drop_target import DropHighlight, dropped_paths
from codefx_desktop.ui.exports import Exports
from codefx_desktop.ui.history_panel import HistoryPanel
from codefx_desktop.ui.icons import refresh
from codefx_desktop.ui.intake import Intake
from codefx_desktop.ui.job_deeds import JobDeeds
from codefx_desktop.ui.job_panel import JobPanel
from codefx_desktop.ui.key_groups import key_groups
from codefx_desktop.ui.key_manners import KeyManners
from codefx_desktop.ui.log_pane import LogPane
from codefx_desktop.ui.models import words
from codefx_desktop.ui.models.facts import failure_text
from codefx_desktop.ui.models.job_book import JobBook
from codefx_desktop.ui.models.log_book import LogBook
from codefx_desktop.ui.models.machine import Machine
from codefx_desktop.ui.models.selection import Selection
from codefx_desktop.ui.models.workspace import Workspace
from codefx_desktop.ui.models_window import ModelsWindow
from codefx_desktop.ui.preview_panel import PreviewPanel
from codefx_desktop.ui.pushing import Pushing
from codefx_desktop.ui.queue_panel import QueuePanel
from codefx_desktop.ui.review import Review
from codefx_desktop.ui.reviewing import Reviewing
from codefx_desktop.ui.statistics import Statistics
from codefx_desktop.ui.status_line import StatusLine
from codefx_desktop.ui.stops import Stops
from codefx_desktop.ui.workspaces import MenuRow, Pages, Workspaces

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from PySide6.QtGui import (
        QCloseEvent,
        QDragEnterEvent,
        QDragLeaveEvent,
        QDragMoveEvent,
        QDropEvent,
        QResizeEvent,
    )

    from codefx_desktop.domain.run import JobFinished, StageProgress
    from codefx_desktop.jobs.hub import Hub
    from codefx_desktop.ui.start_sheet import StartSheet
    from codefx_desktop.ui.theme import Theme

TITLE = "CodeFx Desktop"
DEFAULT_SIZE = QSize(1440, 900)
FRAME_PX, TITLE_PX = 8, 40
"""What a window manager may put around the window."""
INFO_MS = 8_000


class MainWindow(QMainWindow):
    """The workspaces, the docks around them, and what they ask of each other.

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
        self.intake = Intake(hub, self.machine, theme, self)
        self.review = Review(hub, self._store, theme, self)
        of_jobs = (hub, self.book, self.selection, self._store, theme, self)
        self.exports = Exports(*of_jobs)
        self.artifacts = Artifacts(*of_jobs, self.exports.action)
        self.pushing = Pushing(*of_jobs)
        self.compare = Compare(hub, self.book, self._store, theme, self)
        self.deeds = JobDeeds(hub, self.book, self.review, self, self.pushing)
        self.models_window: ModelsWindow | None = None
        self.cameras = Cameras(hub, theme, self)
        self.commands = Commands(hub, self._store, theme, self)
        self._may_close = False
        self.setWindowTitle(TITLE)
        self.setDockNestingEnabled(True)
        self.setAcceptDrops(True)
        self.setMinimumSize(960, 560)
        self._make_panels()
        found, events = self.reviewing.detections, self.reviewing.events
        right = RightPanels(self.job, self.stops.panel, self.review.panel, found, events)
        panels = (self.queue, self.history, right, self.log_pane, self.pushing.panel)
        self.docks = Docks(self, theme, *panels)
        self.stops.listen_to(self.docks.stop, self.history)
        self.exports.stand_in(self.docks.stop_title)
        self.workspaces = Workspaces(self, self.docks, self._centres, self._store)
        self.actions_ = Actions(self, theme)
        self._make_menus()
        self.highlight = DropHighlight(self, theme)
        self._leave_drops_to_the_window()
        self._listen()
        self._listen_to_panels()
        self._listen_to_pushing()
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
        self.stops = Stops(hub, book, selection, self.review.view, theme, self)
        self.exports.follow(self.stops.view, self.review.view, lambda: self._reviews)
        clip, stops = self.review, self.stops.view
        self.reviewing = Reviewing(hub, book, clip, stops, self._store, theme, self)
        self.statistics = Statistics(hub, book, self.stops, theme, self)
        self.log_pane = LogPane(self.log, theme)
        self.banner = Banner(theme)
        centre = QWidget()
        column = QVBoxLayout(centre)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.banner)
        self._centres = Pages()
        self._centres.addWidget(self.preview)
        self._centres.addWidget(self.review.page)
        self._centres.addWidget(self.compare.page)
        self._centres.addWidget(self.statistics.page)
        self._centres.addWidget(self.artifacts.page)
        column.addWidget(self._centres, 1)
        self.setCentralWidget(centre)
        self.setStatusBar(StatusLine(self.machine, theme))

    def _make_menus(self) -> None:
        row = MenuRow(self.workspaces)
        self.setMenuWidget(row)
        of_panels = (self.queue, self.review, self.artifacts, self.pushing.actions)
        self.actions_.commands = (self.commands.palette_action, self.commands.settings_action)
        self.actions_.fill_menus(row.menus, self.workspaces, *of_panels, self.docks.all())
        self.reviewing.join(self.workspaces, row.menus)
        self.compare.join(self.workspaces, row.menus, self.history, self.stops.panel)
        self.commands.take(key_groups(self), row.menus)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            self.key_manners = KeyManners(app, self)

    def _leave_drops_to_the_window(self) -> None:
        """A text field would take the dropped file's name as text."""
        for field in (*self.findChildren(QLineEdit), *self.findChildren(QPlainTextEdit)):
            field.setAcceptDrops(False)

    def _listen(self) -> None:
        actions = self.actions_
        actions.open.triggered.connect(self.intake.ask)
        actions.sample.triggered.connect(self.intake.try_sample)
        actions.models.triggered.connect(self._models)
        actions.cameras.triggered.connect(self._show_cameras)
        actions.templates.triggered.connect(self.cameras.show_templates)
        actions.quit.triggered.connect(self.close)
        actions.pause.triggered.connect(self.hub.pause_queue)
        actions.follow.triggered.connect(self.selection.follow)
        actions.reset_layout.triggered.connect(self.workspaces.reset)
        actions.keys.triggered.connect(self.commands.show_keys)
        actions.about.triggered.connect(lambda: AboutDialog(self.hub.paths, self).exec())
        actions.on_theme(self.set_theme)
        self.preview.empty.open_wanted.connect(self.intake.ask)
        self.preview.empty.sample_wanted.connect(self.intake.try_sample)
        self.workspaces.changed.connect(self._on_workspace)
        self.workspaces.changed.connect(self.exports.settle)
        self.banner.show_wanted.connect(self._show_job)
        self.log.error_seen.connect(lambda: self._show_dock(self.docks.log))
        self.selection.changed.connect(lambda: self.log.show_job(self.selection.job_id))
        self.theme.changed.connect(self._on_theme)

    def _listen_to_panels(self) -> None:
        deeds, actions = self.deeds, self.actions_
        self.preview.open_output_wanted.connect(deeds.open_output)
        self.preview.review_wanted.connect(deeds.view_clip)
        deeds.offer_review(self.selection)
        self.preview.open_folder_wanted.connect(deeds.open_folder)
        self.statistics.page.sample_wanted.connect(self.intake.try_sample)
        self.statistics.page.footage_wanted.connect(self.intake.ask)
        self.intake.started.connect(self._on_started)
        self.intake.models, self.intake.cameras = actions.models, self.cameras
        self.review.wanted.connect(lambda: self.workspaces.show(Workspace.REVIEW))
        self.review.settled.connect(self.banner.settle)
        artifacts = self.artifacts
        artifacts.wanted.connect(lambda: self.workspaces.show(Workspace.ARTIFACTS))
        artifacts.page.history_wanted.connect(lambda: self._show_dock(self.docks.history))
        artifacts.folder_wanted.connect(deeds.show_folder)
        self.exports.folder_wanted.connect(deeds.show_folder)
        for pictures in (artifacts, self.stops, self.statistics):
            pictures.review_wanted.connect(deeds.view_frame)
        for stops in (self.stops, self.statistics):
            stops.review_wanted.connect(lambda *_: self._show_dock(self.docks.stop))
        self.statistics.noticed.connect(self._on_notice)
        self.reviewing.stops_seen.connect(self.docks.offer_events)
        self.reviewing.events.wanted.connect(lambda: self._show_dock(self.docks.events))
        of_clips = (self.intake, self.review, artifacts, self.compare, self.stops)
        for source in (*of_clips, self.commands, self.reviewing, self.exports, self.pushing, deeds):
            source.noticed.connect(self._on_notice)
        for panel in (self.queue, self.history, self.job):
            panel.artifacts_wanted.connect(artifacts.open_job)
            panel.push_wanted.connect(self.pushing.push_jobs)
        for panel in (self.queue, self.history):
            panel.export_wanted.connect(self.exports.open)
            panel.view_wanted.connect(deeds.view_clip)
            panel.view_output_wanted.connect(deeds.view_output)
            panel.open_wanted.connect(deeds.open_output)
            panel.delete_wanted.connect(deeds.delete)
        self.queue.summary_changed.connect(self.docks.queue_title.say)
        self.history.folder_wanted.connect(deeds.open_folder)
        self.history.save_wanted.connect(deeds.save_output)
        self.history.edit_wanted.connect(self._edit_metadata)
        self.history.summary_changed.connect(lambda n: self.docks.history_title.say(words.jobs(n)))
        self.docks.queue_title.say(self.queue.model.summary())
        self.docks.history_title.say("")

    def _listen_to_pushing(self) -> None:
        pushing, line = self.pushing, self.statusBar()
        assert isinstance(line, StatusLine)
        pushing.state_changed.connect(line.show_outbox)
        pushing.state_changed.connect(lambda state: self.docks.outbox_title.say(state.short))
        line.show_outbox(pushing.state)
        for source in (pushing, line):
            source.outbox_wanted.connect(lambda: self._show_dock(self.docks.outbox))
        pushing.job_wanted.connect(self._show_job)
        pushing.review_joined.connect(self.reviewing.look_again)
        self.history.delegate.push_word = pushing.word_of
        self.job.push_text = pushing.words_of
        pushing.rows.listed.connect(self.history.view.viewport().update)
        pushing.rows.listed.connect(self.job.refresh)

    def _listen_to_hub(self) -> None:
        hub = self.hub
        hub.notice.connect(self._on_notice)
        hub.queue_paused.connect(self.actions_.mark_paused)
        hub.progress.connect(self._on_progress)
        hub.finished.connect(self._on_finished)

    # -- adding footage -----------------------------------------------------------------------

    @property
    def sheet(self) -> StartSheet | None:
        """The start sheet, while it is open."""
        return self.intake.sheet

    def start_with(self, paths: Sequence[Path]) -> None:
        """Show the start sheet for these clips."""
        self.intake.start_with(paths)

    def _on_started(self) -> None:
        self.selection.following = True
        self.docks.queue.raise_()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files and say so."""
        paths = dropped_paths(event.mimeData())
        if paths:
            event.acceptProposedAction()
            self.highlight.show_for(paths, views=self._reviews)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Take files anywhere in the window."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """Take the highlight away."""
        super().dragLeaveEvent(event)
        self.highlight.hide()

    def dropEvent(self, event: QDropEvent) -> None:
        """View what was dropped, or show the start sheet for it; as the highlight said."""
        self.highlight.hide()
        paths = dropped_paths(event.mimeData())
        if paths:
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            if self._reviews:
                self.review.open(paths[0])
            else:
                self.start_with(paths)

    @property
    def _reviews(self) -> bool:
        return self.workspaces.current is Workspace.REVIEW

    # -- jobs ---------------------------------------------------------------------------------

    def _edit_metadata(self, job_id: str) -> None:
        self._show_job(job_id)
        self.job.focus_metadata()

    def _show_job(self, job_id: str) -> None:
        if self.book.get(job_id) is not None:
            self.selection.choose(job_id)
            self._show_dock(self.docks.job)

    # -- answers ------------------------------------------------------------------------------

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

    def _models(self) -> None:
        """Show the models; the window is kept, for what it fetches goes on when it is closed."""
        if self.models_window is None:
            self.models_window = ModelsWindow(self.hub, self.theme, self)
        self.models_window.show()
        self.models_window.raise_()
        self.models_window.activateWindow()

    def _show_cameras(self) -> None:
        entry = self.book.get(self.selection.job_id)
        view = self.review.view if self._reviews or entry is None else None
        self.cameras.show_for(view, entry)

    def _show_dock(self, dock: QDockWidget) -> None:
        dock.show()
        dock.raise_()

    # -- looks --------------------------------------------------------------------------------

    def set_theme(self, name: str) -> None:
        """Change the theme and remember it."""
        self.theme.set(name)
        self._store.setValue("theme", self.theme.name)

    def reset_layout(self) -> None:
        """Put every dock of the workspace in front to where it stands at first."""
        self.workspaces.reset()

    def _on_workspace(self) -> None:
        in_front = self.workspaces.current
        self.review.actions.set_in_front(self._reviews)
        self.stops.view.set_reviewing(self._reviews)
        self.artifacts.set_in_front(in_front is Workspace.ARTIFACTS)
        self.statistics.set_in_front(in_front is Workspace.STATISTICS)
        if not self._reviews:
            self.review.view.pause()
        if in_front is Workspace.REVIEW:
            self.review.page.take_keyboard()
        elif in_front is Workspace.ARTIFACTS:
            self.artifacts.page.take_keyboard()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the highlight over the whole window."""
        super().resizeEvent(event)
        if self.highlight.isVisible():
            self.highlight.setGeometry(self.rect())

    def _on_theme(self) -> None:
        refresh(self, self.theme)
        self.actions_.mark_theme(self.theme.name)

    def _restore(self) -> None:
        if (geometry := self._store.value("geometry")) is not None:
            self.restoreGeometry(geometry)
        self.workspaces.restore()
        self.theme.set(str(self._store.value("theme", self.theme.name)))

    def close_without_asking(self) -> None:
        """Close even if a job runs: the system or the terminal wants the program to end."""
        self._may_close = True
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask if a job runs here, keep the layout, end the workers out of sight."""
        runs_here = self.hub.running_job() is not None
        may_go = self._may_close or not runs_here or ask_quit(self)
        if not (may_go and self.cameras.close(asks=not self._may_close)):
            event.ignore()
            return
        self._store.setValue("geometry", self.saveGeometry())
        self.workspaces.keep()
        self.artifacts.page.keep()
        self._store.sync()
        self.hide()  # ending a picture in work takes a moment
        self.review.view.shutdown()
        self.artifacts.view.shutdown()
        self.compare.shutdown()
        self.commands.shutdown()
        self.hub.shutdown()
        event.accept()
