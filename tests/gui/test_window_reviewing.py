"""Undo and redo in the window: what they say, where they work, what the Stop panel hears."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from gui.fake_hub import record
from gui.fake_review import demo_review
from gui.reviewing import CTRL, SHIFT, A, key, settled
from PySide6.QtCore import Qt

from codefx_desktop.domain.edit import TrackDeed, TrackOp
from codefx_desktop.domain.job import JobStatus
from codefx_desktop.ui.models.review_model import EventKey
from codefx_desktop.ui.models.workspace import Workspace

if TYPE_CHECKING:
    from gui.fake_hub import FakeHub
    from pytestqt.qtbot import QtBot

    from codefx_desktop.ui.main_window import MainWindow

OP = TrackOp(TrackDeed.DELETE, 1, 0)
STOP = EventKey(1, "stop")
JOB = record("a.mp4", id="a", status=JobStatus.COMPLETE, input_path=A)


@pytest.fixture
def reviewed(qtbot: QtBot, window: MainWindow, hub: FakeHub) -> MainWindow:
    """The window with a finished job's clip in view and its review read."""
    hub.job_changed.emit(JOB)
    assert hub.reviews is not None
    hub.reviews.put(demo_review("a"))
    window.review.open(A, "a")
    model = window.reviewing.model
    qtbot.waitUntil(lambda: model.is_there and not model.is_updating)
    settled(qtbot, window)
    return window


def test_the_job_of_the_clip_in_view_is_under_review(
    qtbot: QtBot, reviewed: MainWindow, hub: FakeHub
) -> None:
    model = reviewed.reviewing.model
    assert model.job_id == "a"
    overlay = model.overlay_at(reviewed.review.view.shown.frame.number)
    assert overlay.frame_number == reviewed.review.view.position
    reviewed.review.open(A)
    qtbot.waitUntil(lambda: reviewed.review.view.is_open)
    assert model.read is None
    assert hub.reviews.of("open") == [("a",)]


def test_undo_and_redo_by_key_say_what_they_do(qtbot: QtBot, reviewed: MainWindow) -> None:
    window, model = reviewed, reviewed.reviewing.model
    undo, redo = window.reviewing.undo_action, window.reviewing.redo_action
    assert (undo.text(), undo.isEnabled(), redo.isEnabled()) == ("&Undo", False, False)
    model.do("Delete track 1", OP)
    model.select(event=STOP)
    model.nudge(-2)
    assert undo.text() == "&Undo: Move Stop by \N{MINUS SIGN}2 frames"
    assert undo.toolTip() == "Undo: Move Stop by \N{MINUS SIGN}2 frames (Ctrl+Z)"
    key(qtbot, window, Qt.Key.Key_Z, CTRL)
    assert model.event_of(STOP).frame_number == 60
    assert (undo.text(), redo.text()) == (
        "&Undo: Delete track 1",
        "&Redo: Move Stop by \N{MINUS SIGN}2 frames",
    )
    key(qtbot, window, Qt.Key.Key_Z, CTRL)
    assert 1 in model.boxes_at(7).track_id
    assert not undo.isEnabled()
    for _ in range(2):
        key(qtbot, window, Qt.Key.Key_Z, CTRL | SHIFT)
    assert model.event_of(STOP).frame_number == 58
    assert 1 not in model.boxes_at(7).track_id


def test_nothing_is_taken_back_where_nobody_sees_it(qtbot: QtBot, reviewed: MainWindow) -> None:
    window, model = reviewed, reviewed.reviewing.model
    model.do("Delete track 1", OP)
    window.workspaces.show(Workspace.PROCESS)
    assert not window.reviewing.undo_action.isEnabled()
    key(qtbot, window, Qt.Key.Key_Z, CTRL)
    assert model.undo_text == "Delete track 1"
    window.workspaces.show(Workspace.REVIEW)
    assert window.reviewing.undo_action.isEnabled()


def test_a_change_that_is_not_kept_is_told(
    qtbot: QtBot, reviewed: MainWindow, hub: FakeHub
) -> None:
    hub.reviews.refuses = "The disk is full."
    reviewed.reviewing.model.do("Delete track 1", OP)
    qtbot.waitUntil(lambda: not reviewed.reviewing.undo_action.isEnabled())
    assert 1 in reviewed.reviewing.model.boxes_at(7).track_id


def test_the_stop_panel_reads_again_what_a_review_has_kept(
    qtbot: QtBot, reviewed: MainWindow, hub: FakeHub
) -> None:
    reviewed.docks.stop.show()
    reviewed.docks.stop.raise_()
    qtbot.waitUntil(lambda: reviewed.stops.view.is_in_front and reviewed.stops.view.job_id == "a")
    before = len(hub.stops.of("open"))
    hub.reviews.changed.emit(JOB)
    assert len(hub.stops.of("open")) == before + 1
    # And the review what the Stop panel has changed.
    count = len(hub.reviews.of("open"))
    hub.stops.changed.emit(JOB)
    assert len(hub.reviews.of("open")) == count + 1


def test_the_edit_menu_is_behind_file(reviewed: MainWindow) -> None:
    bar = reviewed.reviewing.menu.parent()
    titles = [one.text() for one in bar.actions()]
    assert titles.index("&Edit") == titles.index("&File") + 1
    texts = [one.text() for one in reviewed.reviewing.menu.actions() if one.text()]
    assert texts[:2] == ["&Undo", "&Redo"]
    assert "Find &tracks again" in texts


def test_a_job_that_ends_is_read_again(qtbot: QtBot, reviewed: MainWindow, hub: FakeHub) -> None:
    running = record("a.mp4", id="a", status=JobStatus.PROCESSING, input_path=A)
    hub.job_changed.emit(running)
    hub.change(running, status=JobStatus.COMPLETE)
    assert hub.reviews.of("open") == [("a",)] * 3
