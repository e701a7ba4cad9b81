"""The Compare workspace as one thing: where stops come from, what moves them, where they show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMenu

from codefx_desktop.jobs.messages import Notice
from codefx_desktop.ui.compare_actions import CompareActions
from codefx_desktop.ui.compare_page import ComparePage
from codefx_desktop.ui.keyed_action import WITHIN, KeyedActions, describe
from codefx_desktop.ui.models.compare_memory import CompareMemory
from codefx_desktop.ui.models.compare_pane import ComparePane
from codefx_desktop.ui.models.compare_search import CompareSearch
from codefx_desktop.ui.models.compare_view import MOST, CompareView
from codefx_desktop.ui.models.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import QSettings
    from PySide6.QtWidgets import QMenuBar, QWidget

    from codefx_desktop.jobs.hub import Hub
    from codefx_desktop.ui.history_panel import HistoryPanel
    from codefx_desktop.ui.models.compare_search import Offer
    from codefx_desktop.ui.models.job_book import JobBook
    from codefx_desktop.ui.stop_panel import StopPanel
    from codefx_desktop.ui.theme import Theme
    from codefx_desktop.ui.workspaces import Workspaces


class Compare(QObject):
    """Takes stops to compare from its own search, the history and the Stop panel.

    Args:
        hub: Makes servers and desks, and knows the history.
        book: The jobs.
        store: Keeps the sizes of the parts.
        theme: The theme.
        window: Owns the actions.
    """

    wanted = Signal()
    """Stops were asked for: the workspace belongs to the front."""
    noticed = Signal(object)
    """Something happened that the person should know: ``Notice``."""
    process_wanted = Signal()
    """There is nothing to compare yet: show where footage is analysed."""

    def __init__(
        self, hub: Hub, book: JobBook, store: QSettings, theme: Theme, window: QWidget
    ) -> None:
        super().__init__(window)
        self._hub, self._book, self._theme = hub, book, theme
        self.view = CompareView(book, self._make_pane, self)
        self.search = CompareSearch(hub, book, self)
        self.actions = CompareActions(window, self.view, theme)
        self.page = ComparePage(self.view, self.search, self.actions, store, theme)
        self.memory = CompareMemory(hub, book, self.view, store, self)
        self.memory.noticed.connect(self.noticed)
        self.page.copied.connect(lambda text: self.noticed.emit(Notice("info", text)))
        self.page.chosen.connect(self._add_offers)
        self.page.history_wanted.connect(self.process_wanted)
        self.view.noticed.connect(self.noticed)

    def join(
        self, workspaces: Workspaces, bar: QMenuBar, history: HistoryPanel, stop: StopPanel
    ) -> None:
        """Take the workspace's place in the window.

        Args:
            workspaces: Brings it to the front.
            bar: Gets its menu, before that of the artifacts.
            history: Where jobs can be marked.
            stop: Where a stop is looked at.
        """
        menu = QMenu("Co&mpare", bar)
        self.actions.fill(menu)
        before = next((one for one in bar.actions() if one.text() == "&Artifacts"), None)
        if before is None:
            bar.addMenu(menu)
        else:
            bar.insertMenu(before, menu)
        self.wanted.connect(lambda: workspaces.show(Workspace.COMPARE))
        self.process_wanted.connect(lambda: workspaces.show(Workspace.PROCESS))
        workspaces.changed.connect(lambda: self._on_workspace(workspaces.current))
        self._offer_in(history)
        stop.compare_wanted.connect(self.add)

    def _on_workspace(self, workspace: Workspace) -> None:
        in_front = workspace is Workspace.COMPARE
        self.set_in_front(in_front)
        if in_front:
            self.page.take_keyboard()

    def _offer_in(self, history: HistoryPanel) -> None:
        new = KeyedActions(history, self._theme, WITHIN)
        action = new.make("Compare with…", "side", "", lambda: self._compare_marked(history))
        self.history_action = action
        describe(action, "Put stops of the marked jobs side by side")
        history.offer(action)
        marked = history.view.selectionModel().selectionChanged
        marked.connect(lambda *_: self._settle_history(history))
        self._settle_history(history)

    def add(self, job_id: str, number: int | None = None) -> None:
        """Compare a stop of a job; without a number the first that is not there yet."""
        self.memory.take_up(lambda: self.view.add(job_id, number))
        self.wanted.emit()

    def add_jobs(self, job_ids: Sequence[str]) -> None:
        """Compare stops of several jobs, as many as there is room for."""
        self._add_all([(job_id, None) for job_id in job_ids])
        self.wanted.emit()

    def _add_offers(self, offers: Sequence[Offer]) -> None:
        for offer in offers:
            self.search.know(offer)
        self._add_all([(offer.job_id, offer.number) for offer in offers])

    def _add_all(self, stops: Sequence[tuple[str, int | None]]) -> None:
        """Add stops behind those that were compared before, until there is room for no more."""
        self.memory.take_up(lambda: all(self.view.add(*stop) for stop in stops))

    def set_in_front(self, in_front: bool) -> None:
        """Tell whether the workspace is the one in front."""
        self.actions.set_in_front(in_front)
        if in_front:
            self.memory.take_up()
        if not in_front:
            self.view.player.pause()
        elif self.view.panes:
            self.view.refresh()

    def shutdown(self) -> None:
        """Keep the sizes, end all workers."""
        self.page.keep()
        self.memory.keep()
        self.view.shutdown()

    def _make_pane(self) -> ComparePane:
        server = self._hub.frame_server(self, shares=True)
        return ComparePane(server, self._hub.stop_desk(self), self.view)

    def _settle_history(self, history: HistoryPanel) -> None:
        marked = [record for record in history.chosen() if record.stop_count]
        several = len(marked) > 1
        self.history_action.setEnabled(0 < len(marked) <= MOST)
        self.history_action.setText(
            f"Compare these {len(marked)}" if several else "Compare with\N{HORIZONTAL ELLIPSIS}"
        )

    def _compare_marked(self, history: HistoryPanel) -> None:
        marked = [record for record in history.chosen() if record.stop_count]
        for record in marked:
            self._book.know(record)
        if len(marked) > 1:
            self.memory.forget()
            self.view.clear()
        self.add_jobs([record.id for record in marked])
        if len(marked) == 1:
            self.actions.add.setChecked(True)
