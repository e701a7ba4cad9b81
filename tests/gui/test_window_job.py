"""Preview, job panel, log, banner."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from gui.fake_hub import FakeHub, record
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QColor, QGuiApplication

from codefx_desktop.domain.clip import Verdict, VideoInfo
from codefx_desktop.domain.job import JobMetadata, JobSpec, JobStatus, OutputFile
from codefx_desktop.jobs.messages import ClipReading, Notice

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from codefx_desktop.ui.main_window import MainWindow

OUTPUT = OutputFile(Path("/data/jobs/a/output/a_annotated.mp4"), 48_200_000, "ab" * 32)


@pytest.fixture
def running(window: MainWindow, hub: FakeHub) -> object:
    a, b = record("a.mp4", id="a"), record("b.mp4", id="b")
    hub.put(a, b)
    return hub.change(a, status=JobStatus.PROCESSING)


def test_the_panel_tells_the_picture_of_a_job_of_an_earlier_start(
    qtbot: QtBot, window: MainWindow, hub: FakeHub
) -> None:
    old = record("old.mp4", id="old", status=JobStatus.COMPLETE, output=OUTPUT)
    hub.clips["old"] = VideoInfo(
        old.input_path, 1, "mov,mp4", "hevc", "yuv420p", 1080, 1920, 1920, 1080, 28, 0.9,
        rotation=90, verdict=Verdict.PARTIAL, message="28 of 31 frames; the file was cut short.",
    )  # fmt: skip
    window.book.know(old)
    window.selection.choose("old")
    qtbot.waitUntil(lambda: "Rotation" in window.job.clip.texts())
    assert hub.of("request_clip") == [("old",)]
    assert window.job.clip.texts()["Shown"] == "1080 x 1920"
    assert window.job.clip.texts()["Rotation"] == "90° clockwise"
    assert window.job.clip_note.text() == "Partial: 28 of 31 frames; the file was cut short."
    assert window.job.clip_note.isVisible()


@pytest.mark.dressed
def test_a_waiting_card_stays_as_high_while_its_clip_is_read(
    window: MainWindow, hub: FakeHub
) -> None:
    hub.put(record("a.mp4", id="a"), record("b.mp4", id="b"))
    view = window.queue.view
    second = view.visualRect(window.queue.model.index(1, 0))
    before = view.grab().toImage()
    hub.clip_reading.emit(ClipReading("a", 0.5))
    reading = view.grab().toImage()
    hub.clip_reading.emit(ClipReading("a", 0.0, "a.mp4 is empty (0 bytes)."))
    warned = view.grab().toImage()
    assert before != reading != warned != before
    assert view.visualRect(window.queue.model.index(1, 0)) == second
    tooltip = window.queue.model.index(0, 0).data(Qt.ItemDataRole.ToolTipRole)
    assert "Cannot be read: is empty (0 bytes)." in tooltip


def middle(window: MainWindow) -> QColor:
    image = window.preview.view.grab().toImage()
    return image.pixelColor(image.width() // 2, image.height() // 2)


@pytest.mark.dressed
def test_preview_paints_the_newest_picture(
    window: MainWindow, hub: FakeHub, running: object
) -> None:
    view = window.preview.view
    hub.show("a", 10, (200, 30, 40))
    assert middle(window) == QColor(200, 30, 40)
    hub.show("a", 11, (20, 130, 240))
    assert middle(window) == QColor(20, 130, 240)
    assert view.hud() == ("a.mp4", "frame 11   0:00.440")
    box = view.picture_rect()
    assert box.width() / box.height() == pytest.approx(16 / 9)
    assert view.rect().contains(box.toRect().adjusted(1, 1, -1, -1))


def test_preview_does_not_copy_the_picture(
    window: MainWindow, hub: FakeHub, running: object
) -> None:
    picture = hub.show("a", 1, (9, 9, 9))
    image = window.preview.view._image
    assert image is not None
    address = picture.pixels.__array_interface__["data"][0]
    assert picture.pixels.nbytes == image.sizeInBytes()
    import numpy as np

    assert np.frombuffer(image.constBits(), np.uint8).__array_interface__["data"][0] == address


def test_last_picture_stays_when_the_job_ends(
    window: MainWindow, hub: FakeHub, running: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[QUrl] = []
    monkeypatch.setattr(
        "codefx_desktop.ui.job_deeds.QDesktopServices.openUrl",
        lambda url: opened.append(url) or True,
    )
    hub.show("a", 399, (1, 200, 3))
    hub.finish(running, JobStatus.COMPLETE, output=OUTPUT)
    assert middle(window) == QColor(1, 200, 3)
    assert window.preview.caption.whole == "Complete: 400 frames at 50.0 frames/s, 0:08 in all"
    window.preview.open_button.click()
    window.preview.folder_button.click()
    assert opened == [
        QUrl.fromLocalFile(str(OUTPUT.path)),
        QUrl.fromLocalFile(str(OUTPUT.path.parent)),
    ]


def test_looking_at_another_job_is_kept_and_there_is_a_way_back(
    window: MainWindow, hub: FakeHub, running: object
) -> None:
    assert window.selection.job_id == "a"
    window.queue.view.setCurrentIndex(window.queue.model.index(1))
    hub.show("a", 5, (5, 5, 5))
    assert window.preview.view.hud()[0] == "b.mp4"
    assert window.preview.live_button.isVisible()
    window.preview.live_button.click()
    assert window.preview.view.hud() == ("a.mp4", "frame 5   0:00.200")
    assert not window.preview.live_button.isVisible()


def test_metadata_is_edited_and_progress_does_not_undo_it(
    qtbot: QtBot, window: MainWindow, hub: FakeHub, running: object
) -> None:
    panel = window.job
    assert not panel.save_button.isVisible()
    qtbot.keyClicks(panel.metadata.camera, "Boom")
    hub.say_progress("a", 0.5)
    assert panel.metadata.camera.text() == "Boom"
    panel.save_button.click()
    assert hub.of("set_metadata") == [("a", JobMetadata(camera="Boom"))]
    hub.say_progress("a", 0.6)  # before the stored record is back
    assert panel.metadata.camera.text() == "Boom"
    assert not panel.save_button.isVisible()
    qtbot.keyClicks(panel.metadata.camera, "x")
    panel.revert_button.click()
    assert panel.metadata.camera.text() == "Boom"


def test_what_is_typed_survives_a_look_at_another_job_and_the_next_start(
    qtbot: QtBot, window: MainWindow, hub: FakeHub, running: object
) -> None:
    panel, queue = window.job, window.queue
    qtbot.keyClicks(panel.metadata.camera, "Boom")
    hub.finish(running, JobStatus.COMPLETE)
    hub.change(hub.queue[0], status=JobStatus.PROCESSING)
    assert window.selection.job_id == "a"
    queue.view.setCurrentIndex(queue.model.index(queue.model.row_of("b")))
    assert panel.metadata.camera.text() == ""
    assert not panel.save_button.isVisible()
    queue.view.setCurrentIndex(queue.model.index(queue.model.row_of("a")))
    assert panel.metadata.camera.text() == "Boom"
    panel.save_button.click()
    assert hub.of("set_metadata") == [("a", JobMetadata(camera="Boom"))]


def test_demo_model_is_plainly_named(window: MainWindow, hub: FakeHub) -> None:
    hub.put(record(spec=JobSpec(demo_model=True)))
    assert window.job.demo_note.isVisible()
    hub.put(record("b.mp4", id="b"))
    window.selection.choose("b")
    assert not window.job.demo_note.isVisible()


def test_failed_job_says_why_and_can_run_again(
    window: MainWindow, hub: FakeHub, running: object
) -> None:
    why = "The weights are of another task. Choose detection weights."
    hub.job_removed.emit("b")  # no next job takes its place
    hub.finish(running, JobStatus.FAILED, why)
    assert window.job.error.text() == why
    assert not window.banner.isVisible()  # it is in sight already
    window.job.retry_button.click()
    assert hub.of("retry") == [("a",)]


def test_a_failure_that_the_next_job_hides_is_told(
    window: MainWindow, hub: FakeHub, running: object
) -> None:
    hub.finish(running, JobStatus.FAILED, "The disk is full. Make room.")
    hub.change(hub.queue[0], status=JobStatus.PROCESSING)
    assert window.selection.job_id == "b"
    assert window.banner.isVisible()


def test_a_failure_out_of_sight_is_told_and_shown(
    window: MainWindow, hub: FakeHub, running: object
) -> None:
    window.selection.choose("b")
    hub.finish(running, JobStatus.FAILED, "The disk is full. Make room.")
    assert window.banner.text.text() == "a.mp4 failed. The disk is full. Make room."
    window.banner.show_button.click()
    assert not window.banner.isVisible()
    assert window.selection.job_id == "a"
    hub.notice.emit(Notice("error", "Another trouble."))
    window.banner.close_button.click()
    assert not window.banner.isVisible()


def test_results_are_shown(window: MainWindow, hub: FakeHub, running: object) -> None:
    hub.finish(running, JobStatus.COMPLETE, output=OUTPUT)
    facts = window.job.result.texts()
    assert facts["Frames"] == "400 in, 400 out"
    assert facts["Output"] == "a_annotated.mp4"
    assert facts["Size"] == "48.2 MB"


def test_log_filters_by_level_and_job(
    qtbot: QtBot, window: MainWindow, hub: FakeHub, running: object
) -> None:
    pane = window.log_pane
    first = hub.log("a", "INFO", "opened")
    hub.log("b", "WARNING", "odd rate")
    assert "opened" in pane.text.toPlainText()
    assert "odd rate" in pane.text.toPlainText()
    pane.level_box.setCurrentIndex(2)
    assert "opened" not in pane.text.toPlainText()
    pane.level_box.setCurrentIndex(0)
    hub.logs["a"] = (first,)
    pane.job_box.setCurrentIndex(1)
    qtbot.waitUntil(lambda: "opened" in pane.text.toPlainText())
    assert "odd rate" not in pane.text.toPlainText()
    hub.log("a", "INFO", "tracking")
    assert pane.text.toPlainText().count("\n") == 1
    pane.copy_button.click()
    assert "tracking" in QGuiApplication.clipboard().text()


def test_log_follows_until_a_person_scrolls_up(
    qtbot: QtBot, window: MainWindow, hub: FakeHub, running: object
) -> None:
    pane = window.log_pane
    for number in range(200):
        hub.log("a", "INFO", f"line {number}")
    bar = pane.text.verticalScrollBar()
    assert bar.value() == bar.maximum() > 0
    bar.triggerAction(bar.SliderAction.SliderPageStepSub)
    assert not pane.follow_button.isChecked()
    held = bar.value()
    hub.log("a", "INFO", "one more")
    assert bar.value() == held
    pane.follow_button.click()
    assert bar.value() == bar.maximum()


def test_an_error_opens_the_log(window: MainWindow, hub: FakeHub, running: object) -> None:
    window.docks.log.close()
    hub.log("a", "WARNING", "slow disk")
    assert not window.docks.log.isVisible()
    hub.log("a", "ERROR", "no picture")
    assert window.docks.log.isVisible()


def test_notices(window: MainWindow, hub: FakeHub) -> None:
    hub.notice.emit(Notice("info", "Saved as x.mp4."))
    assert window.statusBar().currentMessage() == "Saved as x.mp4."
    assert not window.banner.isVisible()
    hub.notice.emit(Notice("error", "The disk is full."))
    hub.notice.emit(Notice("warning", "Something less."))
    assert window.banner.text.text() == "The disk is full."
    assert "Something less." in window.log_pane.text.toPlainText()


def test_window_title_counts(window: MainWindow, hub: FakeHub, running: object) -> None:
    hub.say_progress("a", 0.42)
    assert window.windowTitle() == "42 % · CodeFx Desktop"
    hub.finish(running, JobStatus.COMPLETE, output=OUTPUT)
    assert window.windowTitle() == "CodeFx Desktop"


def test_delete_asks_and_names_what_goes(
    window: MainWindow, hub: FakeHub, running: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    from codefx_desktop.ui import dialogs

    asked: list[tuple[str, str]] = []
    answer = [False]

    def ask(_parent: object, _title: str, question: str, detail: str, _yes: str) -> bool:
        asked.append((question, detail))
        return answer[0]

    monkeypatch.setattr(dialogs, "_ask", ask)
    window.queue.view.setCurrentIndex(window.queue.model.index(0))
    window.queue.delete_action.trigger()
    assert hub.of("delete") == []
    question, detail = asked[0]
    assert "a.mp4" in question
    assert "cancelled first" in detail
    assert "footage stays" in detail
    assert str(Path("/footage/round-03/a.mp4")) in detail
    answer[0] = True
    window.queue.delete_action.trigger()
    assert hub.of("delete") == [("a",)]
    hub.job_removed.emit("a")
    assert window.selection.job_id != "a"
