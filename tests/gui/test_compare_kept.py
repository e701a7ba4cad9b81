"""What was compared when the window was closed, and is compared at the next start."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gui.fake_hub import FakeHub
from gui.reviewing import key
from gui.test_window_compare import JOBS, KEY, compare, desk, still

from codefx_desktop.domain.events import Place
from codefx_desktop.ui.main_window import MainWindow
from codefx_desktop.ui.models.compare_view import Arrangement
from codefx_desktop.ui.models.workspace import Workspace

if TYPE_CHECKING:
    from gui.fake_stops import FakeStopDesk
    from pytestqt.qtbot import QtBot

    from codefx_desktop.domain.job import JobRecord
    from codefx_desktop.ui.compare import Compare
    from codefx_desktop.ui.theme import Theme

__all__ = ["compare", "desk"]


def reopened(qtbot: QtBot, theme: Theme, stops: FakeStopDesk, *jobs: JobRecord) -> MainWindow:
    """Return the window of the next start, with a history of these jobs, Compare in front."""
    hub = FakeHub()
    hub.history = list(jobs)
    again = MainWindow(hub, theme)
    qtbot.addWidget(again)
    assert hub.stops is not None
    hub.stops.jobs.update(stops.jobs)
    again.show()
    hub.start()
    again.workspaces.show(Workspace.COMPARE)
    return again


def test_what_is_compared_is_there_after_a_restart_and_what_is_gone_is_said(
    qtbot: QtBot, window: MainWindow, compare: Compare, desk: FakeStopDesk, theme: Theme
) -> None:
    compare.view.align(("wheel_off", Place.FRONT_LEFT))
    key(qtbot, window, KEY.Key_Period)
    compare.view.set_reference(1)
    key(qtbot, window, KEY.Key_3)
    offset_s = compare.view.panes[1].offset_s
    assert offset_s > 0
    window.close()
    again = reopened(qtbot, theme, desk, *JOBS)
    view = again.compare.view
    qtbot.waitUntil(lambda: still(again.compare))
    assert [(pane.job_id, pane.number) for pane in view.panes] == [("a", 1), ("b", 1)]
    assert [pane.offset_s for pane in view.panes] == [0.0, offset_s]
    assert (view.slot, view.reference) == (("wheel_off", Place.FRONT_LEFT), 1)
    assert view.look.arrangement is Arrangement.WIPE
    # A stop that is added comes behind those that were there.
    again.close()
    later_ = reopened(qtbot, theme, desk, JOBS[1], JOBS[2])
    later_.book.know(JOBS[2])
    later_.compare.add("c", 2)
    panes = later_.compare.view.panes
    qtbot.waitUntil(lambda: len(panes) == 2)
    assert [(pane.job_id, pane.number) for pane in panes] == [("b", 1), ("c", 2)]
    assert "a.mp4: not in the history any more" in later_.banner.text.text()
    later_.close()
