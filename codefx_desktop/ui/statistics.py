"""The Statistics workspace as one thing: what it is asked, where its stops show, what is saved."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QWidget

from codefx_desktop.jobs.messages import Notice
from codefx_desktop.ui.models.statistics_view import StatisticsView
from codefx_desktop.ui.models.statistics_words import as_table
from codefx_desktop.ui.models.stop_peers import StopPeers
from codefx_desktop.ui.statistics_page import StatisticsPage

if TYPE_CHECKING:
    from codefx_desktop.domain.job import JobRecord
    from codefx_desktop.domain.statistics import TimedStop
    from codefx_desktop.jobs.hub import Hub
    from codefx_desktop.jobs.statistics_values import GroupTold, StopKey
    from codefx_desktop.ui.models.job_book import JobBook
    from codefx_desktop.ui.stops import Stops
    from codefx_desktop.ui.theme import Theme


class Statistics(QObject):
    """Tells of all stops of the history, and the Stop panel of a stop's peers.

    Args:
        hub: Makes the statistics desk.
        book: The jobs that the window knows.
        stops: The stop that is chosen.
        theme: The theme.
        window: The owner.
    """

    noticed = Signal(object)
    """Something happened that the person should know: ``Notice``."""
    review_wanted = Signal(str, int)
    """View a frame of a job's clip."""

    def __init__(
        self, hub: Hub, book: JobBook, stops: Stops, theme: Theme, window: QWidget
    ) -> None:
        super().__init__(window)
        desk = hub.statistics_desk(self)
        self._window, self._stops, self._desk = window, stops, desk
        self._book = book
        self._frames: dict[StopKey, int] = {}
        self._wanted: StopKey | None = None
        self.view = StatisticsView(desk, self)
        self.page = StatisticsPage(self.view, theme)
        self.peers = StopPeers(desk, stops.view, self)
        self.peers.changed.connect(self._show_peers)
        page = self.page
        page.chart.opened.connect(self._open)
        page.table.best_wanted.connect(self._open_best)
        page.copy.triggered.connect(self.copy)
        page.save.triggered.connect(self._ask_csv)
        desk.saved.connect(self._on_saved)
        desk.found.connect(self._on_found)
        desk.failed.connect(self._on_failed)
        for signal in (hub.job_changed, hub.job_removed, hub.finished):
            signal.connect(lambda _: self.view.note_change())
        stops.view.changed.connect(self._turn_to_wanted)
        for changed in (stops.view.changed, stops.view.chosen):
            changed.connect(self._choose)

    def set_in_front(self, in_front: bool) -> None:
        """Tell whether the workspace is the one in front."""
        if in_front:
            self._choose()
        self.view.set_in_front(in_front)
        if in_front:
            self.page.take_keyboard()

    def copy(self) -> None:
        """Put the table on the clipboard, cells with tabs between them."""
        answer = self.view.answer
        if answer is not None and answer.groups:
            QGuiApplication.clipboard().setText(as_table(answer, self.page.table.sequence()))
            self.noticed.emit(Notice("info", f"Copied {len(answer.groups):,} rows."))

    # -- inside -------------------------------------------------------------------------------

    def _show_peers(self) -> None:
        self._stops.panel.show_peers(self.peers.text, self.peers.of_shown)

    def _choose(self) -> None:
        shown, job_id = self._stops.view.shown, self._stops.view.job_id
        key = None if shown is None or job_id is None else (job_id, shown.stop.number)
        self.view.choose(key)

    def _open(self, one: TimedStop) -> None:
        self._frames = {one.stop.key: one.stop.frame_number or 0}
        self._desk.find(*one.stop.key)

    def _on_found(self, record: JobRecord, number: int) -> None:
        """View a stop in Review, at the frame where it stops, and in the Stop panel."""
        frame = self._frames.get((record.id, number))
        if frame is None:
            return  # another stop was asked for meanwhile
        if self._book.get(record.id) is None:
            self._book.know(record)
        self._wanted = (record.id, number)
        self.review_wanted.emit(record.id, frame)
        self._turn_to_wanted()

    def _turn_to_wanted(self) -> None:
        """Have the Stop panel show the stop that was opened, once its job's stops are read."""
        stops = self._stops.view
        if self._wanted is None or stops.found is None or stops.job_id != self._wanted[0]:
            return
        number, self._wanted = self._wanted[1], None
        stops.choose(min(number, max(len(stops.found.stops), 1)) - 1)

    def _open_best(self, group: GroupTold) -> None:
        best = group.summary.best_index
        if best is not None:
            self._open(self.view.rows[group.rows[best]])

    def _ask_csv(self) -> None:
        dialog = QFileDialog(self._window, "Save the times", "stops.csv", "CSV (*.csv)")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("csv")
        dialog.fileSelected.connect(
            lambda path: self._desk.save_csv(self.view.question, Path(path))
        )
        dialog.open()

    def _on_failed(self, why: str) -> None:
        self.noticed.emit(Notice("error", f"The stop cannot be viewed. {why}"))

    def _on_saved(self, path: str, trouble: str) -> None:
        if trouble:
            self.noticed.emit(Notice("error", f"The times were not saved. {trouble}"))
        else:
            self.noticed.emit(Notice("info", f"Saved as {path}."))
