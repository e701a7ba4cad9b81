"""What was compared when the window was closed, and is compared at the next start."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gui.fake_hub import FakeHub
from gui.reviewing import key
from gui.test_window_compare import JOBS, KEY, compare, desk, still
from PySide6.QtWidgets import QApplication

from codefx_desktop.domain.events import Place
from codefx_desktop.ui.main_window import MainWindow
from codefx_desktop.ui.models.compare_search import Offer
from codefx_desktop.ui.models.compare_view import Arrangement
from codefx_desktop.ui.models.workspace import Workspace

if TYPE_CHECKING:
    from gui.fake_stops import FakeStopDesk
    from pytestqt.qtbot import QtBot

    from codefx_desktop.domain.job import JobRecord
    from codefx_desktop.ui.compare import Compare
    from codefx_desktop.ui.theme import Theme

__all__ = ["compare", "desk"]


def reopened(
    qtbot: QtBot, theme: Theme, stops: FakeStopDesk, *jobs: JobRecord, fails: bool = False
) -> MainWindow:
    """Return the window of the next start, with a history of these jobs, Compare in front."""
    hub = FakeHub()
    hub.history, hub.fails_history = list(jobs), fails
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


def test_what_is_added_while_the_kept_are_looked_up_comes_behind_them(
    qtbot: QtBot, window: MainWindow, compare: Compare, desk: FakeStopDesk, theme: Theme
) -> None:
    key(qtbot, window, KEY.Key_Period)
    compare.view.set_reference(1)
    window.close()
    again = reopened(qtbot, theme, desk, *JOBS)
    page, view = again.compare.page, again.compare.view
    offers = [Offer("c", 2, "c.mp4", "Stop 2 of 2")]
    again.book.know(JOBS[2])
    page.first_picker.chosen.emit(offers)
    assert not view.panes  # they are looked up
    qtbot.waitUntil(lambda: len(view.panes) == 3)
    assert [pane.job_id for pane in view.panes] == ["a", "b", "c"]
    assert [pane.offset_s > 0 for pane in view.panes] == [False, True, False]
    assert view.reference == 1
    again.close()


def test_a_history_that_cannot_be_read_loses_neither(
    qtbot: QtBot, window: MainWindow, compare: Compare, desk: FakeStopDesk, theme: Theme
) -> None:
    key(qtbot, window, KEY.Key_Period)
    window.close()
    broken = reopened(qtbot, theme, desk, *JOBS, fails=True)
    broken.book.know(JOBS[2])
    broken.compare.add("c", 1)
    qtbot.waitUntil(lambda: len(broken.compare.view.panes) == 1)
    picker = broken.compare.page.picker
    qtbot.waitUntil(lambda: "could not be read" in picker.hint.text())
    broken.close()
    # At the next start all three are there; and where it recovers before that, at once.
    for fails in (False, True):
        again = reopened(qtbot, theme, desk, *JOBS, fails=fails)
        view = again.compare.view
        if fails:
            again.book.know(JOBS[2])
            again.compare.add("c", 2)
            qtbot.waitUntil(lambda view=view: len(view.panes) == 1)
            again.hub.fails_history = False
            again.workspaces.show(Workspace.REVIEW)
            again.workspaces.show(Workspace.COMPARE)
            wanted = [("c", 2), ("a", 1), ("b", 1), ("c", 1)]
        else:
            wanted = [("a", 1), ("b", 1), ("c", 1)]
        qtbot.waitUntil(lambda view=view, wanted=wanted: len(view.panes) == len(wanted))
        assert [(pane.job_id, pane.number) for pane in view.panes] == wanted
        assert {pane.job_id: pane.offset_s > 0 for pane in view.panes}["b"]
        again.close()


def test_a_history_that_can_be_read_again_is_not_said_to_be_broken(
    qtbot: QtBot, window: MainWindow, compare: Compare, hub: FakeHub
) -> None:
    compare.actions.add.trigger()
    picker = compare.page.picker
    assert picker.isVisible()
    qtbot.waitUntil(lambda: picker.list.count() > 0)
    hub.fails_history = True
    qtbot.keyClicks(picker.field, ".mp4")
    qtbot.waitUntil(lambda: "could not be read" in picker.hint.text())
    hub.fails_history = False
    qtbot.keyClick(picker.field, KEY.Key_Backspace)  # the same stops are found
    qtbot.waitUntil(lambda: not picker.hint.isVisible())
    assert picker.list.count() > 0


def test_others_take_the_place_of_what_waits_too(
    qtbot: QtBot, window: MainWindow, compare: Compare, desk: FakeStopDesk, theme: Theme
) -> None:
    window.close()
    again = reopened(qtbot, theme, desk, *JOBS)
    for job in JOBS:
        again.book.know(job)
    again.compare.add("c", 1)  # waits for those that were compared
    again.compare.memory.forget()
    again.compare.view.clear()
    again.compare.add_jobs(["b", "a"])
    QApplication.processEvents()
    assert [pane.job_id for pane in again.compare.view.panes] == ["b", "a"]
    again.close()
