"""The docks: where each workspace has them at first, and their heads."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QChildEvent, QEvent, QObject, Qt
from PySide6.QtWidgets import QDockWidget, QTabBar, QTabWidget

from codefx_desktop.ui.models.workspace import Workspace
from codefx_desktop.ui.widgets import DockTitle, Scrolled

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMainWindow, QWidget

    from codefx_desktop.ui.clip_panel import ClipPanel
    from codefx_desktop.ui.events_panel import EventsPanel
    from codefx_desktop.ui.log_pane import LogPane
    from codefx_desktop.ui.outbox_panel import OutboxPanel
    from codefx_desktop.ui.queue_panel import QueuePanel
    from codefx_desktop.ui.stop_panel import StopPanel
    from codefx_desktop.ui.theme import Theme

LEFT_PX, RIGHT_PX, LOG_PX = 280, 320, 176
LEAST_RIGHT_PX = 240
SEPARATORS_PX = 12
CENTRE_PART = 0.55
TABS = "Panels that lie behind each other"
"""What the tabs of docks are called to who cannot see them."""


class RightPanels(NamedTuple):
    """Panels on the right, one behind the other.

    Attributes:
        job: Of the job in focus.
        stop: Of a pit stop; its copy button stands in the dock's head.
        clip: Of the clip in view.
        detections: Classes and tracks of the job in review.
        events: Events of the job in review; how far a person is stands in the dock's head.
    """

    job: QWidget
    stop: StopPanel
    clip: ClipPanel
    detections: QWidget
    events: EventsPanel


class _TabNames(QObject):
    """Names the tab bars that Qt makes for docks that lie behind each other."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Name a tab bar as it comes."""
        if event.type() == QEvent.Type.ChildPolished and isinstance(event, QChildEvent):
            bar = event.child()
            if isinstance(bar, QTabBar):
                bar.setAccessibleName(TABS)
        return super().eventFilter(watched, event)


class Docks:
    """Queue, History, Outbox left; Job, Clip, Stop, Events, Detections right; Log at the bottom.

    Args:
        window: Whose docks they are.
        theme: The theme.
        queue: Panel of the queue; its pause button stands in the dock's head.
        history: Panel of the history.
        right: Panels of the job, the stop, the clip.
        log: Panel of the log; its filters stand in the dock's head.
        outbox: Panel of the outbox; its pause button stands in the dock's head.
    """

    def __init__(
        self,
        window: QMainWindow,
        theme: Theme,
        queue: QueuePanel,
        history: QWidget,
        right: RightPanels,
        log: LogPane,
        outbox: OutboxPanel,
    ) -> None:
        self._window = window
        window.installEventFilter(_TabNames(window))
        area = Qt.DockWidgetArea
        window.setTabPosition(area.AllDockWidgetAreas, QTabWidget.TabPosition.North)
        window.setCorner(Qt.Corner.BottomLeftCorner, area.LeftDockWidgetArea)
        window.setCorner(Qt.Corner.BottomRightCorner, area.RightDockWidgetArea)
        self.queue = self._dock("Queue", queue)
        self.history = self._dock("History", history)
        self.job = self._dock("Job", right.job)
        self.log = self._dock("Log", log)
        self.clip = self._dock("Clip", right.clip)
        self.outbox = self._dock("Outbox", outbox)
        self.stop = self._dock("Stop", right.stop)
        self.events = self._dock("Events", Scrolled(right.events))
        self.detections = self._dock("Detections", Scrolled(right.detections))
        self._right = (self.job, self.clip, self.stop, self.events, self.detections)
        self.queue_title = DockTitle(self.queue, theme, queue.pause_button, floats=False)
        self.history_title = DockTitle(self.history, theme)
        self.job_title = DockTitle(self.job, theme)
        self.log_title = DockTitle(self.log, theme, *log.controls())
        self.clip_title = DockTitle(self.clip, theme, right.clip.copy_button)
        self.outbox_title = DockTitle(self.outbox, theme, outbox.pause_button, floats=False)
        self.stop_title = DockTitle(
            self.stop, theme, right.stop.compare_button, right.stop.copy_button
        )
        self.events_title = DockTitle(self.events, theme, right.events.all_button)
        right.events.counted.connect(self.events_title.say)
        self.events_title.say(right.events.count)
        self.detections_title = DockTitle(self.detections, theme)
        self.arrange(Workspace.PROCESS)

    def all(self) -> tuple[QDockWidget, ...]:
        """Return the docks in the order of the View menu."""
        left = (self.queue, self.history, self.job, self.log, self.clip, self.outbox)
        return *left, self.stop, self.events, self.detections

    def arrange(self, workspace: Workspace) -> None:
        """Put every dock to where a workspace has it at first.

        Review, Compare and Artifacts leave the room to the pictures; what they hide is a key away
        in the same place.
        """
        area, window = Qt.DockWidgetArea, self._window
        shown = {
            Workspace.PROCESS: (
                *(self.queue, self.history, self.outbox),
                *(self.job, self.stop, self.log),
            ),
            Workspace.REVIEW: (self.clip, self.stop, self.events, self.detections),
            Workspace.COMPARE: (),
            Workspace.STATISTICS: (),
            Workspace.ARTIFACTS: (),
        }[workspace]
        for dock in self.all():
            dock.setFloating(False)
            dock.setVisible(dock in shown)
        window.addDockWidget(area.LeftDockWidgetArea, self.queue)
        window.addDockWidget(area.LeftDockWidgetArea, self.history)
        window.addDockWidget(area.LeftDockWidgetArea, self.outbox)
        window.tabifyDockWidget(self.queue, self.history)
        window.tabifyDockWidget(self.history, self.outbox)
        window.addDockWidget(area.RightDockWidgetArea, self.job)
        window.addDockWidget(area.RightDockWidgetArea, self.clip)
        window.addDockWidget(area.RightDockWidgetArea, self.stop)
        window.tabifyDockWidget(self.job, self.clip)
        window.tabifyDockWidget(self.clip, self.stop)
        window.addDockWidget(area.RightDockWidgetArea, self.events)
        window.tabifyDockWidget(self.stop, self.events)
        window.addDockWidget(area.RightDockWidgetArea, self.detections)
        window.tabifyDockWidget(self.events, self.detections)
        window.addDockWidget(area.BottomDockWidgetArea, self.log)
        self.queue.raise_()
        (self.clip if workspace is Workspace.REVIEW else self.job).raise_()
        self.settle()
        self.proportion()

    def offer_events(self) -> None:
        """Bring the events in front of the clip's own facts; what a person chose stays."""
        # A dock behind another one's tab counts as visible, but no part of it is seen.
        if not self.events.isHidden() and not self.clip.visibleRegion().isEmpty():
            self.events.raise_()

    def settle(self) -> None:
        """Let every head say what its place asks for."""
        direct = Qt.FindChildOption.FindDirectChildrenOnly
        for bar in self._window.findChildren(QTabBar, options=direct):
            bar.setAccessibleName(TABS)
        for title in (
            self.queue_title,
            self.history_title,
            self.job_title,
            self.log_title,
            self.clip_title,
            self.outbox_title,
            self.stop_title,
            self.events_title,
            self.detections_title,
        ):
            title.settle()

    def proportion(self) -> None:
        """Give the docks their widths; the picture keeps at least 55 %."""
        window = self._window
        left = (self.queue, self.history, self.outbox)
        taken = 0 if all(dock.isHidden() for dock in left) else LEFT_PX
        spare = int(window.width() * (1 - CENTRE_PART)) - taken - SEPARATORS_PX
        right = max(LEAST_RIGHT_PX, min(RIGHT_PX, spare))
        shown = [dock for dock in self._right if not dock.isHidden()][:1]
        # One of those that lie behind each other: Qt shares the room among all that are named.
        window.resizeDocks(
            [self.queue, *shown], [LEFT_PX, *(right for _ in shown)], Qt.Orientation.Horizontal
        )
        window.resizeDocks([self.log], [LOG_PX], Qt.Orientation.Vertical)

    def _dock(self, name: str, panel: QWidget) -> QDockWidget:
        dock = QDockWidget(name, self._window)
        dock.setObjectName(f"dock-{name.lower()}")
        dock.setWidget(panel)
        return dock
