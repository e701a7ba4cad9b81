"""How the stop of the Stop panel stands among its peers in the history."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from codefx_desktop.ui.models.statistics_words import peers_text

if TYPE_CHECKING:
    from codefx_desktop.jobs.statistics_desk import StatisticsDesk
    from codefx_desktop.jobs.statistics_values import Peers
    from codefx_desktop.ui.models.stop_view import StopView


class StopPeers(QObject):
    """Asks for the peers of each stop that is shown.

    Args:
        desk: Answers.
        stops: The stop that is shown.
    """

    changed = Signal()

    def __init__(
        self, desk: StatisticsDesk, stops: StopView, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._desk, self._stops = desk, stops
        self.peers: Peers | None = None
        stops.changed.connect(self._look)
        stops.chosen.connect(self._look)
        desk.compared.connect(self._on_compared)

    @property
    def text(self) -> str:
        """How far the stop is behind the best of its peers, and who they are; or empty."""
        shown, peers = self._stops.shown, self.of_shown
        return "" if shown is None else peers_text(peers, shown.breakdown.stationary.value_s)

    @property
    def of_shown(self) -> Peers | None:
        """The peers of the very stop that is shown; None while they are not known."""
        shown, peers = self._stops.shown, self.peers
        if shown is None or peers is None:
            return None
        is_it = (peers.job_id, peers.number) == (self._stops.job_id, shown.stop.number)
        return peers if is_it else None

    def _look(self) -> None:
        shown, job_id = self._stops.shown, self._stops.job_id
        if shown is not None and job_id is not None:
            self._desk.compare(job_id, shown.stop.number)
        self.changed.emit()

    def _on_compared(self, peers: Peers) -> None:
        self.peers = peers
        self.changed.emit()
