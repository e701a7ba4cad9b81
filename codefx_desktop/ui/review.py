"""The Review workspace as one thing: what is viewed, how it is asked for, where it shows."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSettings, Signal
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from codefx_desktop.jobs.messages import Notice
from codefx_desktop.settings.paths import resource
from codefx_desktop.settings.weights import DEMO_CLIP
from codefx_desktop.ui.clip_panel import ClipPanel
from codefx_desktop.ui.file_filters import FOOTAGE
from codefx_desktop.ui.lanes_panel import LanesPanel
from codefx_desktop.ui.models import words
from codefx_desktop.ui.models.clip_sound import ClipSound
from codefx_desktop.ui.models.clip_view import ClipView, Phase
from codefx_desktop.ui.models.lanes_model import LanesModel
from codefx_desktop.ui.models.recent_clips import RecentClips
from codefx_desktop.ui.review_actions import ReviewActions
from codefx_desktop.ui.review_page import ReviewPage

if TYPE_CHECKING:
    from codefx_desktop.domain.job import JobRecord
    from codefx_desktop.jobs.hub import Hub
    from codefx_desktop.jobs.viewing import SavedStill
    from codefx_desktop.ui.theme import Theme

_STILLS = "review/stills"


class Review(QObject):
    """Takes clips to view from menus, lists and drops.

    Args:
        hub: Makes the frame server.
        store: Keeps the clips viewed lately.
        theme: The theme.
        window: Over which dialogs stand; owns the actions.
    """

    wanted = Signal()
    """A clip was asked for: the workspace belongs to the front."""
    job_wanted = Signal(str, object)
    """A job was asked for by its id; its clip (a path) is viewed alone if it is gone."""
    noticed = Signal(object)
    """Something happened that the person should know: ``Notice``."""
    settled = Signal(object)
    """What a ``Notice`` told is over."""

    def __init__(self, hub: Hub, store: QSettings, theme: Theme, window: QWidget) -> None:
        super().__init__(window)
        self._hub, self._store, self._window = hub, store, window
        self.view = ClipView(hub.frame_server(self), self)
        self.recent = RecentClips(store, self)
        self.sound = ClipSound(self.view, hub.sound_player(self), store, self)
        self.actions = ReviewActions(window, self.view, theme, self.sound)
        lanes = LanesModel(self.view, hub.lane_desk(self), self)
        self.lanes = LanesPanel(lanes, store, window, theme)
        self.page = ReviewPage(self.view, self.recent, self.actions, self.lanes, theme)
        self.panel = ClipPanel(self.view, theme)
        self.recent_menu = QMenu("View &recent clip", window)
        self._locating: str | None = None
        self._refused: Notice | None = None
        """Why a file was not the clip of a job that looks for it."""
        self._listen()
        self._fill_recent()

    def open(self, path: Path, job_id: str | None = None, number: int = 0) -> None:
        """View a clip, from its first frame or at another."""
        self.wanted.emit()
        view = self.view
        if view.is_open and not view.is_lost and (path, job_id) == (view.path, view.job_id):
            view.release_at(number)  # it need not be opened again to see another frame
        else:
            view.open(path, job_id, number)

    def open_job(self, record: JobRecord, number: int = 0) -> None:
        """View a job's clip, from its first frame or at another."""
        self.open(record.input_path, record.id, number)

    def open_recent(self, path: Path) -> None:
        """View a clip again, for its job where it was viewed for one."""
        job_id = self.recent.job_of(path)
        if job_id is None:
            self.open(path)
        else:
            self.job_wanted.emit(job_id, path)

    def open_output(self, record: JobRecord) -> None:
        """View a job's annotated video."""
        if record.output is not None:
            self.open(record.output.path)

    def ask(self) -> None:
        """Let a person choose a clip."""
        name, _ = QFileDialog.getOpenFileName(self._window, "View clip", "", FOOTAGE)
        if name:
            self.open(Path(name))

    def locate(self) -> None:
        """Ask where the clip of the job in view is now; when it is found, it is viewed there."""
        job_id, path = self.view.job_id, self.view.path
        if job_id is None or path is None:
            return
        name, _ = QFileDialog.getOpenFileName(self._window, f"Where is {path.name}?", "", FOOTAGE)
        if name:
            self._locating = job_id
            self._hub.relocate(job_id, Path(name))

    def _on_job(self, record: JobRecord) -> None:
        """View a job's clip where it was found."""
        view = self.view
        was_lost = view.phase is Phase.FAILED and record.id == view.job_id
        if was_lost and view.path != record.input_path:
            self.open_job(record)

    def _on_notice(self, notice: Notice) -> None:
        is_answer = self._locating is not None and notice.job_id == self._locating
        if is_answer and notice.level == "error":
            self._locating, self._refused = None, notice

    def _settle(self) -> None:
        """Take back that a job's clip was not found, once it is in view."""
        if not self.view.is_open or self.view.job_id is None:
            return
        if self.view.job_id == self._locating:
            self._locating = None  # what goes wrong with the job from now on is something else
        refused = self._refused
        if refused is not None and self.view.job_id == refused.job_id:
            self._refused = None
            self.settled.emit(refused)

    def ask_still(self) -> None:
        """Ask where to and have the frame that is shown written there."""
        shown, path = self.view.shown, self.view.path
        if shown is None or path is None:
            return
        self.view.pause()
        number = shown.frame.number
        folder = Path(str(self._store.value(_STILLS, "")))
        proposed = folder / f"{path.stem}_frame_{number}.png"
        name, _ = QFileDialog.getSaveFileName(
            self._window, "Save this frame as", str(proposed), "Picture (*.png)"
        )
        if name:
            target = Path(name)
            target = target if target.suffix else target.with_suffix(".png")
            self._store.setValue(_STILLS, str(target.parent))
            self.view.save_still(number, target)

    def _listen(self) -> None:
        self._hub.job_changed.connect(self._on_job)
        self._hub.notice.connect(self._on_notice)
        self.actions.choose.triggered.connect(self.ask)
        self.actions.save.triggered.connect(self.ask_still)
        for page in (self.page.start, self.page.failed):
            page.choose_wanted.connect(self.ask)
        self.page.failed.locate_wanted.connect(self.locate)
        self.page.start.sample_wanted.connect(lambda: self.open(resource(DEMO_CLIP)))
        self.page.start.view_wanted.connect(self.open_recent)
        self.page.copied.connect(lambda text: self.noticed.emit(Notice("info", text)))
        self.view.phased.connect(self._remember)
        self.view.phased.connect(self._settle)
        self.view.saved.connect(self._on_saved)
        self.recent.changed.connect(self._fill_recent)

    def _remember(self) -> None:
        if self.view.is_open and self.view.path is not None:
            self.recent.add(self.view.path, self.view.job_id)

    def _fill_recent(self) -> None:
        menu = self.recent_menu
        menu.clear()
        paths = self.recent.paths()
        for path in paths:
            name = words.shortened(path.name, 60).replace("&", "&&")
            action = menu.addAction(name)
            action.setToolTip(str(path))
            action.triggered.connect(lambda _on=False, path=path: self.open_recent(path))
        menu.setToolTipsVisible(True)
        menu.setEnabled(bool(paths))
        if paths:
            menu.addSeparator()
            menu.addAction("Clear this list").triggered.connect(self.recent.clear)

    def _on_saved(self, still: SavedStill) -> None:
        number = words.count(still.number)
        if still.message:
            text = f"Frame {number} was not saved. {still.message}"
            self.noticed.emit(Notice("error", text))
        else:
            self.noticed.emit(Notice("info", f"Saved frame {number} as {still.path}."))
