"""Pit stops taken apart as one thing: whose they are, where they show, what is asked of others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from codefx_desktop.jobs.messages import Notice
from codefx_desktop.ui.models.stop_view import StopView
from codefx_desktop.ui.stop_panel import StopPanel

if TYPE_CHECKING:
    from PySide6.QtWidgets import QDockWidget, QWidget

    from codefx_desktop.jobs.hub import Hub
    from codefx_desktop.ui.history_panel import HistoryPanel
    from codefx_desktop.ui.models.clip_view import ClipView
    from codefx_desktop.ui.models.job_book import JobBook
    from codefx_desktop.ui.models.selection import Selection
    from codefx_desktop.ui.theme import Theme


class Stops(QObject):
    """Shows the stops of the job in focus, or of the clip that is reviewed.

    Args:
        hub: Makes the stop desk.
        book: The jobs.
        selection: The job in focus.
        clip: The clip in view in Review.
        theme: The theme.
        window: The owner.
    """

    noticed = Signal(object)
    """Something happened that the person should know: ``Notice``."""
    review_wanted = Signal(str, int)
    """View a frame of a job's clip."""

    def __init__(
        self,
        hub: Hub,
        book: JobBook,
        selection: Selection,
        clip: ClipView,
        theme: Theme,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        desk = hub.stop_desk(self)
        desk.noticed.connect(self.noticed)
        self.view = StopView(desk, book, selection, clip, self)
        self.panel = StopPanel(self.view, theme)
        self.panel.frame_wanted.connect(self.review_wanted)
        self.panel.copied.connect(lambda text: self.noticed.emit(Notice("info", text)))
        self.panel.edited.connect(selection.hold)

    def listen_to(self, dock: QDockWidget, history: HistoryPanel) -> None:
        """Read while the dock is seen; offer to say the same of jobs marked in the history."""
        # Qt shows a dock that lies behind another one's tab, too; only this signal tells.
        dock.visibilityChanged.connect(self.view.set_in_front)
        marked = history.view.selectionModel().selectionChanged
        marked.connect(lambda *_: self.panel.offer_jobs(tuple(one.id for one in history.chosen())))
