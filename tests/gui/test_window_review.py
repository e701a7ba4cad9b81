"""The Review workspace: its layout, and every way to open a clip in it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from gui.fake_hub import FakeHub, record
from gui.reviewing import CTRL, SHIFT, A, B, key, settled
from gui.test_window_start import drag, drop, files
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from codefx_desktop.domain.job import JobStatus, OutputFile
from codefx_desktop.jobs.messages import Notice
from codefx_desktop.ui.main_window import MainWindow
from codefx_desktop.ui.models.clip_view import Phase
from codefx_desktop.ui.models.workspace import Workspace

if TYPE_CHECKING:
    from gui.fake_frames import FakeFrameServer
    from pytestqt.qtbot import QtBot

    from codefx_desktop.ui.theme import Theme


def test_keys_and_buttons_switch_the_workspace(qtbot: QtBot, window: MainWindow) -> None:
    window.activateWindow()
    key(qtbot, window, Qt.Key.Key_2, CTRL)
    assert window.workspaces.current is Workspace.REVIEW
    assert window.review.page.isVisible()
    assert not window.preview.isVisible()
    assert window.docks.clip.isVisible()
    assert not window.docks.queue.isVisible()
    key(qtbot, window, Qt.Key.Key_1, CTRL)
    assert window.preview.isVisible()
    assert window.docks.queue.isVisible()
    assert not window.docks.clip.isVisible()


def test_each_workspace_keeps_its_own_layout(
    qtbot: QtBot, window: MainWindow, hub: FakeHub, theme: Theme
) -> None:
    window.docks.log.close()
    window.workspaces.show(Workspace.REVIEW)
    window.docks.history.show()
    window.docks.clip.close()
    window.workspaces.show(Workspace.PROCESS)
    assert not window.docks.log.isVisible()
    window.workspaces.show(Workspace.REVIEW)
    assert window.docks.history.isVisible()
    window.close()
    again = MainWindow(hub, theme)
    qtbot.addWidget(again)
    again.show()
    assert again.workspaces.current is Workspace.PROCESS
    assert not again.docks.log.isVisible()
    again.workspaces.show(Workspace.REVIEW)
    assert again.docks.history.isVisible()
    assert not again.docks.clip.isVisible()
    again.actions_.reset_layout.trigger()
    assert again.docks.clip.isVisible()
    assert not again.docks.history.isVisible()
    again.workspaces.show(Workspace.PROCESS)
    assert not again.docks.log.isVisible()  # the other's layout was left alone


@pytest.mark.dressed
@pytest.mark.parametrize("size", [(1440, 900), (1280, 720)])
def test_the_picture_has_most_of_the_room(
    qtbot: QtBot, review: MainWindow, size: tuple[int, int]
) -> None:
    review.resize(*size)
    review.reset_layout()
    picture = review.review.page.picture
    qtbot.waitUntil(lambda: picture.width() >= 0.7 * size[0])
    assert picture.height() >= 0.55 * size[1]  # the timeline lies below it, never behind a tab
    assert 120 <= review.review.lanes.height() <= 220
    assert review.review.page.transport.isVisible()


def test_choosing_a_clip(qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(A), ""))
    window.activateWindow()
    key(qtbot, window, Qt.Key.Key_O, CTRL | SHIFT)
    assert window.workspaces.current is Workspace.REVIEW
    assert settled(qtbot, window) == 0
    assert window.review.page.picture.hud()[1:] == ("00:00:00.000", "25 frames/s", "exact")


def test_a_drop_is_viewed_in_review_and_queued_in_process(
    qtbot: QtBot, window: MainWindow, frames: FakeFrameServer
) -> None:
    drag(window, files(A, B))
    assert window.highlight._text == "Drop to add 2 clips to the queue"
    window.workspaces.show(Workspace.REVIEW)
    drag(window, files(A, B))
    assert window.highlight._text == "Drop to view a.mp4, the first of 2"
    drop(window, files(A, B))
    assert frames.of("open") == [(A, None)]
    assert window.sheet is None
    assert settled(qtbot, window) == 0


@pytest.mark.parametrize("place", ["queue", "history"])
def test_viewing_a_jobs_clip_and_its_annotated_video(
    qtbot: QtBot, window: MainWindow, hub: FakeHub, frames: FakeFrameServer, place: str
) -> None:
    job = record("stop.mp4", id="a")
    output = OutputFile(Path("/data/jobs/a/output/stop_annotated.mp4"), 1000, "ab" * 32)
    done = record("stop.mp4", id="a", status=JobStatus.COMPLETE, output=output)
    if place == "queue":
        hub.put(job)
        panel = window.queue
        panel.view.setCurrentIndex(panel.model.index(0))
        assert not panel.view_output_action.isEnabled()
        hub.change(job, status=JobStatus.COMPLETE, output=output)
    else:
        hub.history = [done]
        panel = window.history
        panel.search.setText("stop")
        qtbot.waitUntil(lambda: panel.model.rowCount() == 1)
        panel.view.setCurrentIndex(panel.model.index(0, 0))
    panel.view_action.trigger()
    assert frames.of("open")[-1] == (Path("/footage/round-03/stop.mp4"), "a")
    assert window.workspaces.current is Workspace.REVIEW
    panel.view_output_action.trigger()
    assert frames.of("open")[-1] == (output.path, None)
    window.workspaces.show(Workspace.PROCESS)
    window.selection.choose("a")
    qtbot.mouseClick(window.preview.review_button, Qt.MouseButton.LeftButton)
    assert window.workspaces.current is Workspace.REVIEW
    assert frames.of("open")[-1] == (Path("/footage/round-03/stop.mp4"), "a")


def test_a_long_opening_shows_progress_and_esc_leaves_it(
    qtbot: QtBot, review: MainWindow, frames: FakeFrameServer
) -> None:
    review.review.view.step(7)
    settled(qtbot, review)
    frames.hold = True
    review.review.open(B)
    page = review.review.page
    assert page.picture.isVisible()  # nothing flashes by when it is quick
    qtbot.waitUntil(page.opening.isVisible)
    frames._held[0]()
    assert page.opening.title.text() == "Opening b.mov   50 %"
    assert page.opening.bar.value() == 500
    frames.hold = False
    key(qtbot, review, Qt.Key.Key_Space)  # pressed too early: leaves nothing
    assert review.review.view.phase is Phase.OPENING
    key(qtbot, review, Qt.Key.Key_Escape)
    assert settled(qtbot, review) == 7
    assert review.review.view.path == A


def test_a_clip_that_cannot_be_viewed_says_why_in_the_middle(
    qtbot: QtBot, window: MainWindow, frames: FakeFrameServer
) -> None:
    frames.unreadable[A] = "a.mp4 is a picture, not a clip. Choose a clip."
    window.review.open(A)
    failed = window.review.page.failed
    qtbot.waitUntil(failed.isVisible)
    assert failed.title.text() == "a.mp4 cannot be viewed"
    assert failed.text.text() == "a.mp4 is a picture, not a clip. Choose a clip."
    assert not window.review.actions.play.isEnabled()
    frames.unreadable.clear()
    qtbot.mouseClick(failed.retry_button, Qt.MouseButton.LeftButton)
    assert settled(qtbot, window) == 0


def test_clips_viewed_lately_are_a_click_away(
    qtbot: QtBot, review: MainWindow, frames: FakeFrameServer
) -> None:
    frames.unreadable[B] = "No."
    review.review.open(B)  # not viewed, so not remembered
    qtbot.waitUntil(lambda: review.review.view.phase is Phase.FAILED)
    assert review.review.recent.paths() == (A,)
    assert next(a.text() for a in review.review.recent_menu.actions() if a.text()) == "a.mp4"
    review.review.view.close()
    (button,) = review.review.page.start.recent_buttons()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert frames.of("open")[-1] == (A, None)
    review.review.recent_menu.actions()[-1].trigger()
    assert review.review.recent.paths() == ()
    assert not review.review.recent_menu.isEnabled()


def test_what_was_viewed_for_a_job_is_viewed_for_it_again_while_it_is_there(
    qtbot: QtBot, window: MainWindow, frames: FakeFrameServer, hub: FakeHub
) -> None:
    review = window.review
    review.open(A, "a")
    qtbot.waitUntil(lambda: review.view.is_open)
    job = record(str(B), id="a", status=JobStatus.COMPLETE)  # it was found elsewhere since
    for history, wanted in (([job], (B, "a")), ([], (B, None))):
        review.view.close()
        hub.history = history
        qtbot.mouseClick(review.page.start.recent_buttons()[0], Qt.MouseButton.LeftButton)
        hub.ready.emit()  # asked again by who asked before the history was open
        qtbot.waitUntil(lambda: review.view.is_open)
        assert frames.of("open")[-1] == wanted
        assert review.recent.job_of(B) == wanted[1]
    assert window.book.get("a") is not None
    assert len(frames.of("open")) == 3
    review.recent.add(A, "a")
    review.view.close()
    review.open_recent(A)  # asked before the history turns out not to open, and after that
    hub.unopened.emit("history.sqlite cannot be written.")
    for wanted in (4, 5):
        qtbot.waitUntil(lambda: review.view.is_open)
        assert frames.of("open")[3:] == [(A, None)] * (wanted - 3)
        review.recent.add(A, "a")
        review.view.close()
        review.open_recent(A)


def test_a_clip_that_is_opened_while_a_job_is_looked_up_stays(
    qtbot: QtBot, window: MainWindow, frames: FakeFrameServer, hub: FakeHub
) -> None:
    hub.history = [record(str(A), id="a", status=JobStatus.COMPLETE)]
    window.review.recent.add(A, "a")
    found: list[object] = []
    hub.job_found.connect(found.append)
    for button in window.review.page.start.recent_buttons():
        button.click()
    window.review.open(B)
    qtbot.waitUntil(lambda: bool(found) and window.review.view.is_open)
    assert frames.of("open") == [(B, None)]


def test_a_jobs_clip_that_was_moved_is_located_and_viewed_there(
    qtbot: QtBot,
    window: MainWindow,
    hub: FakeHub,
    frames: FakeFrameServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    job = record("a", status=JobStatus.COMPLETE)
    hub.put(job)
    frames.unreadable[job.input_path] = "stop.mp4 is not there."
    window.review.open_job(job)
    failed = window.review.page.failed
    qtbot.waitUntil(failed.isVisible)
    there = Path("/drive/renamed.mp4")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(there), ""))
    qtbot.mouseClick(failed.locate_button, Qt.MouseButton.LeftButton)
    assert hub.of("relocate") == [(job.id, there)]
    hub.change(job, input_path=there)
    qtbot.waitUntil(lambda: window.review.view.shown is not None)
    assert frames.of("open")[-1] == (there, job.id)
    told = Notice("error", "Not kept: Delete track 1. The disk is full.", job.id)
    hub.notice.emit(told)
    window.review.view.close()
    window.review.open_job(replace(job, input_path=there))
    qtbot.waitUntil(lambda: window.review.view.shown is not None)
    assert window.banner.isVisible()  # that has nothing to do with where the clip is
    window.review.open(B)
    frames.unreadable[A] = "a.mp4 is not there."
    window.review.open(A)
    qtbot.waitUntil(failed.isVisible)
    assert not failed.locate_button.isVisible()  # no job knows what it was


def test_a_file_that_was_not_the_clip_is_told_of_until_the_clip_is_there(
    qtbot: QtBot,
    window: MainWindow,
    hub: FakeHub,
    frames: FakeFrameServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    job = record("a", status=JobStatus.COMPLETE)
    others = Notice("error", "The disk is full.", job.id)
    hub.put(job)
    frames.unreadable[job.input_path] = "stop.mp4 is not there."
    window.review.open_job(job)
    failed, banner = window.review.page.failed, window.banner
    qtbot.waitUntil(failed.isVisible)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: ("/drive/other.mp4", ""))
    for found in (B, A):
        hub.notice.emit(others)
        qtbot.mouseClick(failed.locate_button, Qt.MouseButton.LeftButton)
        hub.notice.emit(Notice("error", "other.mp4 is another clip than stop.mp4.", job.id))
        assert banner.text.text() == "other.mp4 is another clip than stop.mp4."
        if found == A:
            hub.notice.emit(others)  # what was told since stays
        hub.change(job, input_path=found)
        qtbot.waitUntil(lambda: window.review.view.shown is not None)
        assert banner.isVisible() is (found == A)
        window.review.view.close()
        window.review.open_job(job)
        qtbot.waitUntil(failed.isVisible)


@pytest.mark.parametrize(
    ("status", "offered"),
    [
        (JobStatus.QUEUED, False),
        (JobStatus.PROCESSING, True),
        (JobStatus.CANCELLED, True),
        (JobStatus.FAILED, True),
    ],
)
def test_whatever_a_job_has_found_so_far_can_be_reviewed(
    window: MainWindow, hub: FakeHub, status: JobStatus, offered: bool
) -> None:
    job = record(status=status)
    hub.put(job)
    window.selection.choose(job.id)
    assert window.preview.review_button.isVisible() is offered
    assert not window.preview.open_button.isVisible()  # there is no annotated video


def test_review_with_nothing_in_view_offers_the_job_in_focus(
    qtbot: QtBot, window: MainWindow, hub: FakeHub, frames: FakeFrameServer
) -> None:
    start = window.review.page.start
    window.activateWindow()
    key(qtbot, window, Qt.Key.Key_2, CTRL)
    assert not start.job_button.isVisible()
    job = record("a", status=JobStatus.QUEUED)
    hub.put(job)
    window.selection.choose(job.id)
    assert not start.job_button.isVisible()
    hub.change(job, status=JobStatus.COMPLETE)
    assert start.job_button.isVisible()
    folder = start.choose_button.icon().pixmap(16).toImage()
    size = folder.size()
    light = [folder.pixelColor(x, y) for x in range(size.width()) for y in range(size.height())]
    assert max(one.lightness() for one in light if one.alpha()) > 150, "on a dark button now"
    assert start.job_button.text() == f"Review {job.input_filename}"
    key(qtbot, window, Qt.Key.Key_1, CTRL)
    key(qtbot, window, Qt.Key.Key_2, CTRL)
    assert start.job_button.hasFocus()
    qtbot.mouseClick(start.job_button, Qt.MouseButton.LeftButton)
    assert frames.of("open")[-1][0] == job.input_path
