"""The job of the clip in view, reviewed: whose it is, what undo takes back, who is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMenu

from codefx_desktop.jobs.messages import Notice
from codefx_desktop.ui.box_editing import BoxEditing
from codefx_desktop.ui.detections_panel import DetectionsPanel
from codefx_desktop.ui.events_panel import EventsPanel
from codefx_desktop.ui.keyed_action import KeyedActions, describe
from codefx_desktop.ui.models import conflict_words
from codefx_desktop.ui.models.conflict_rows import conflicts_left
from codefx_desktop.ui.models.jump_places import JumpKind
from codefx_desktop.ui.models.mark_labels import MarkLabels
from codefx_desktop.ui.models.review_model import ReviewModel
from codefx_desktop.ui.models.review_places import ReviewPlaces
from codefx_desktop.ui.models.workspace import Workspace

if TYPE_CHECKING:
    from PySide6.QtCore import QSettings
    from PySide6.QtGui import QAction
    from PySide6.QtWidgets import QMenuBar, QWidget

    from codefx_desktop.domain.job import JobRecord, JobStatus
    from codefx_desktop.jobs.hub import Hub
    from codefx_desktop.ui.models.job_book import JobBook
    from codefx_desktop.ui.models.stop_view import StopView
    from codefx_desktop.ui.review import Review
    from codefx_desktop.ui.theme import Theme
    from codefx_desktop.ui.workspaces import Workspaces


class Reviewing(QObject):
    """Has the job of the clip in view under review; every panel of Review shows ``model``.

    Args:
        hub: Makes the review desk.
        book: The jobs.
        review: The clip in view, its picture and its timeline.
        stops: The stops of the job in focus, which change with a review.
        store: Keeps labels of marks.
        theme: The theme.
        window: The owner.
    """

    noticed = Signal(object)
    """Something happened that the person should know: ``Notice``."""
    stops_seen = Signal()
    """The job under review turned out to have stops."""

    def __init__(
        self,
        hub: Hub,
        book: JobBook,
        review: Review,
        stops: StopView,
        store: QSettings,
        theme: Theme,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._store = store
        self._book, self._clip, self._stops = book, review.view, stops
        desk = hub.review_desk(self)
        self.model = ReviewModel(desk, self._here, self)
        self._status: JobStatus | None = None
        make = KeyedActions(window, theme).make
        self.undo_action = make("&Undo", "undo", "Ctrl+Z", self.model.undo)
        self.redo_action = make("&Redo", "redo", "Ctrl+Shift+Z", self.model.redo)
        self.retrack_action = make("Find &tracks again", "", "", self.model.retrack)
        describe(
            self.retrack_action,
            "Join the stored boxes into tracks again, without the clip and the model; one step",
        )
        self._in_front = False
        self._told_of: str | None = None
        self._seen_of: str | None = None
        desk.changed.connect(self._on_kept)
        self._listen()
        self.detections = DetectionsPanel(self.model, theme)
        self.detections.frame_wanted.connect(self._go)
        self.detections.retrack_wanted.connect(self.model.retrack)
        self.events = self._new_events(review, theme, window)
        self.boxes = BoxEditing(self.model, review.view, review.page.picture, theme)
        review.page.picture.show_review(self.model)
        review.lanes.show_review(self.model)
        ReviewPlaces(self.model, review.view.places, self)
        self._settle()

    def actions(self) -> tuple[QAction, ...]:
        """Return what can be done, in the order of the menu."""
        return self.undo_action, self.redo_action, self.retrack_action

    def join(self, workspaces: Workspaces, menus: QMenuBar) -> None:
        """Put what can be done into a menu of its own; it can be done while Review is in front."""
        self.menu = menu = QMenu("&Edit", menus)
        menu.addActions([self.undo_action, self.redo_action])
        menu.addSeparator()
        menu.addActions(list(self.boxes.actions()))
        menu.addSeparator()
        menu.addAction(self.retrack_action)
        menu.addSeparator()
        below = menu.addMenu("E&vents")
        below.setToolTipsVisible(True)
        self.events.actions_.fill(below)
        menu.setToolTipsVisible(True)
        menus.insertMenu(menus.actions()[1], menu)  # behind File, where every program has it

        def follow() -> None:
            self.set_in_front(workspaces.current is Workspace.REVIEW)

        workspaces.changed.connect(follow)
        follow()

    def set_in_front(self, in_front: bool) -> None:
        """Tell whether Review is the workspace in front: elsewhere nothing is taken back."""
        self._in_front = in_front
        self.events.actions_.set_in_front(in_front)
        self._settle()

    # -- inside -------------------------------------------------------------------------------

    def _new_events(self, review: Review, theme: Theme, window: QWidget) -> EventsPanel:
        jumps = review.actions.playing.jumps
        around = (jumps[JumpKind.SUSPICION, -1], jumps[JumpKind.SUSPICION, 1])
        panel = EventsPanel(self.model, review.view, MarkLabels(self._store), around, theme, window)
        panel.frame_wanted.connect(self._go)
        panel.copied.connect(lambda text: self.noticed.emit(Notice("info", text)))
        return panel

    def _listen(self) -> None:
        model = self.model
        self._clip.phased.connect(self._follow)
        self._book.changed.connect(self._on_job)
        self._book.removed.connect(self._on_removed)
        self._stops.told.connect(self._on_stops)
        model.noticed.connect(self.noticed)
        model.changed.connect(self._tell_conflicts)
        model.changed.connect(self._tell_stops)
        model.history.stack.indexChanged.connect(self._settle)
        for signal in (model.changed, model.edited, model.retracking):
            signal.connect(self._settle)

    def _go(self, number: int) -> None:
        self._clip.pause()
        self._clip.release_at(number)

    def _here(self) -> int | None:
        shown = self._clip.shown
        return None if shown is None else shown.frame.number

    def _follow(self) -> None:
        """Review the job of the clip in view; a clip that is no job's has none."""
        job_id = self._clip.job_id
        if job_id != self.model.job_id:
            self._status = self._status_of(job_id)
            self.model.open(job_id)

    def _status_of(self, job_id: str | None) -> JobStatus | None:
        entry = self._book.get(job_id)
        return None if entry is None else entry.record.status

    def _on_job(self, job_id: str) -> None:
        """Read the job again when it begins, ends, or is run again."""
        status = self._status_of(job_id)
        if job_id == self.model.job_id and status is not self._status:
            self._status = status
            self.model.refresh()

    def _on_stops(self, job_id: str) -> None:
        """Read the job again when the Stop panel changed its stops."""
        if job_id == self.model.job_id:
            self.model.refresh()

    def look_again(self, job_id: str) -> None:
        """Read the job again if it is under review: others' steps came in."""
        if job_id == self.model.job_id:
            self._told_of = None
            self.model.refresh()

    def _tell_conflicts(self) -> None:
        """Say once for each job that is opened where two people touched the same."""
        read = self.model.read
        left = () if read is None else conflicts_left(read)
        if read is None or not left or read.job_id == self._told_of:
            return
        self._told_of = read.job_id
        self.noticed.emit(Notice("warning", conflict_words.told(left), read.job_id))

    def _tell_stops(self) -> None:
        """Say once for each job that is opened that it has stops."""
        read = self.model.read
        if read is None or read.job_id != self._seen_of:
            self._seen_of = None
        if read is not None and read.stops and self._seen_of is None:
            self._seen_of = read.job_id
            self.stops_seen.emit()

    def _on_kept(self, record: JobRecord) -> None:
        """Have the Stop panel show what the review has kept."""
        self._stops.look_again(record.id)

    def _on_removed(self, job_id: str) -> None:
        if job_id == self.model.job_id:
            self.model.open(None)

    def _settle(self) -> None:
        stack, there = self.model.history.stack, self.model.is_there and self._in_front
        rows = ((self.undo_action, "Undo", stack.undoText(), stack.canUndo()),
                (self.redo_action, "Redo", stack.redoText(), stack.canRedo()))  # fmt: skip
        for action, word, text, can in rows:
            action.setText(f"&{word}: {text.replace('&', '&&')}" if can and text else f"&{word}")
            describe(action)
            action.setEnabled(there and can)
        self.retrack_action.setEnabled(there and not self.model.is_retracking)
