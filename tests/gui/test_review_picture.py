"""The picture in Review, what stands over and beside it, and what is wrong with it."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import pytest
from gui.fake_frames import FakeFrameServer, clip_info, number_in, times
from gui.reviewing import CTRL, SHIFT, A, key, painted, settled, wheel
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog

from codefx_desktop.domain.clip import Verdict
from codefx_desktop.jobs.viewing import ProxyPhase, SavedStill, TroubleKind

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from codefx_desktop.ui.main_window import MainWindow


def test_zoom_pan_and_fit(qtbot: QtBot, review: MainWindow) -> None:
    page = review.review.page
    picture = page.picture
    whole = picture.picture_rect()
    wheel(picture, 3, CTRL)
    assert picture.picture_rect().width() > 1.5 * whole.width()
    assert not page.transport.zoom.text().startswith("Fit")
    before = picture.picture_rect().left()
    middle = QPoint(picture.width() // 2, picture.height() // 2)
    qtbot.mousePress(picture, Qt.MouseButton.LeftButton, pos=middle)
    qtbot.mouseMove(picture, middle + QPoint(40, 0))
    qtbot.mouseRelease(picture, Qt.MouseButton.LeftButton, pos=middle + QPoint(40, 0))
    assert picture.picture_rect().left() == pytest.approx(before + 40)
    qtbot.mouseDClick(picture, Qt.MouseButton.LeftButton)
    assert picture.picture_rect() == whole
    review.review.actions.larger.trigger()
    assert not picture.viewport.fits
    key(qtbot, review, Qt.Key.Key_F)
    assert picture.picture_rect() == whole


def test_pictures_and_words_agree_whatever_arrives_when(
    qtbot: QtBot, review: MainWindow, frames: FakeFrameServer
) -> None:
    frames.hold = True
    for _ in range(5):
        key(qtbot, review, Qt.Key.Key_Right)
    key(qtbot, review, Qt.Key.Key_End)
    assert review.review.page.picture.hud()[0] == "frame 0 / 250"
    assert painted(review) == 0
    frames.release()
    assert settled(qtbot, review) == 249


def test_a_frame_that_cannot_be_decoded_is_never_a_wrong_picture(
    qtbot: QtBot, review: MainWindow, frames: FakeFrameServer
) -> None:
    frames.broken = {1}
    picture = review.review.page.picture
    before = picture.grab().toImage().pixelColor(30, 30)
    key(qtbot, review, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: picture.message()[0] != "")
    title, text = picture.message()
    assert title == "No picture of frame 1"
    assert "Frame 1 cannot be decoded." in text
    assert "frame 0" in text
    assert picture.hud() == ()
    assert not review.review.page.trouble.isVisible()
    assert picture.grab().toImage().pixelColor(30, 30) != before
    key(qtbot, review, Qt.Key.Key_Right)
    assert settled(qtbot, review) == 2
    assert picture.message() == ("", "")


def test_a_drive_that_went_away(qtbot: QtBot, review: MainWindow, frames: FakeFrameServer) -> None:
    page = review.review.page
    review.review.view.go_to("40")
    settled(qtbot, review)
    frames.lost = True
    key(qtbot, review, Qt.Key.Key_Right)
    qtbot.waitUntil(page.trouble.isVisible)
    assert page.trouble.text.text() == "The source is missing at frame 41."
    assert painted(review) == 40
    assert page.picture.hud()[0] == "frame 40 / 250"
    frames.lost = False
    qtbot.mouseClick(page.trouble.retry_button, Qt.MouseButton.LeftButton)
    assert settled(qtbot, review) == 41
    assert not page.trouble.isVisible()


def test_the_panel_says_everything(
    qtbot: QtBot, window: MainWindow, frames: FakeFrameServer
) -> None:
    sentence = "240 of 250 frames; 10 packets unreadable between 0.67 s and 1.07 s."
    frames.clips[A] = (
        clip_info(
            A,
            verdict=Verdict.PARTIAL,
            message=sentence,
            average_rate=Fraction(30000, 1001),
            variable_rate=True,
            rotation=90,
            mirrored=True,
            sample_aspect=Fraction(4, 3),
            coded_width=1440,
            coded_height=1080,
            bit_depth=10,
            color_range="limited",
            color_matrix="bt709",
            start_s=-0.08,
            created="2026-05-02 14:03:22",
            metadata={"com.apple.quicktime.model": "iPhone 17"},
        ),
        times(250, variable=True),
    )
    window.review.open(A)
    settled(qtbot, window)
    panel = window.review.panel
    assert panel.verdict.text() == "Partial"
    assert panel.message.text() == sentence

    def all_said() -> dict[str, str]:
        return {k: v for facts in panel.lists.values() for k, v in facts.texts().items()}

    # Words of a frame come after its picture.
    qtbot.waitUntil(lambda: all_said().get("PTS in file") == "1000")
    said = all_said()
    assert said["Rate"] == "29.97 frames/s"
    assert said["Exact rate"] == "30000/1001"
    assert said["Intervals"] == "40 to 80 ms"
    assert said["Rotation"] == "90° clockwise"
    assert said["Mirrored"] == "yes"
    assert said["Pixel aspect"] == "4:3"
    assert said["Stored"] == "1440 x 1080"
    assert said["Bit depth"] == "10 bit"
    assert (said["Range"], said["Matrix"]) == ("limited", "bt709")
    assert said["Start"] == "-0.08 s"
    assert said["Recorded"] == "2026-05-02 14:03:22"
    assert said["PTS in file"] == "1000"
    assert said["Keyframe"] == "yes"
    assert "partial" in window.review.page.picture.hud()
    panel._after.setInterval(60_000)  # they take long this time
    window.review.view.step(1)
    settled(qtbot, window)
    assert all_said()["PTS in file"] == "1000"
    qtbot.mouseClick(panel.copy_button, Qt.MouseButton.LeftButton)
    text = QGuiApplication.clipboard().text()
    assert "  PTS in file: 1040" in text, "of the frame that is shown"
    panel._after.start(0)
    qtbot.waitUntil(lambda: all_said()["PTS in file"] == "1040")
    assert sentence in text
    assert "  Exact rate: 30000/1001" in text
    assert "com.apple.quicktime.model: iPhone 17" in text


def test_the_proxy_is_made_cancelled_and_removed(
    qtbot: QtBot, review: MainWindow, frames: FakeFrameServer
) -> None:
    box = review.review.panel.proxy
    qtbot.mouseClick(box.make_button, Qt.MouseButton.LeftButton)
    assert box.bar.value() == 250
    assert box.state.text() == "Making it, 25 %"
    assert not box.make_button.isVisible()
    qtbot.mouseClick(box.cancel_button, Qt.MouseButton.LeftButton)
    assert frames.of("cancel_proxy") == [()]
    assert box.make_button.isVisible()
    frames.say_proxy(ProxyPhase.READY, size_bytes=48_200_000)
    assert box.state.text() == "Ready, 48.2 MB"
    review.review.view.step(1)
    settled(qtbot, review)
    assert "proxy" in review.review.page.picture.hud()
    qtbot.mouseClick(box.remove_button, Qt.MouseButton.LeftButton)
    assert frames.of("drop_proxy") == [()]
    frames.say_proxy(ProxyPhase.FAILED, message="The disk is full.")
    assert box.state.text() == "The disk is full."
    assert box.make_button.isVisible()


def test_a_frame_is_saved_and_copied(
    qtbot: QtBot,
    review: MainWindow,
    frames: FakeFrameServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    review.review.view.go_to("77")
    settled(qtbot, review)
    proposed: list[str] = []

    def ask(_parent: object, _title: str, name: str, _kinds: str) -> tuple[str, str]:
        proposed.append(name)
        return str(tmp_path / "still"), ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", ask)
    key(qtbot, review, Qt.Key.Key_S, CTRL | SHIFT)
    assert proposed == ["a_frame_77.png"]
    assert frames.of("save_still") == [(77, tmp_path / "still.png")]
    qtbot.waitUntil(lambda: "Saved frame 77" in review.statusBar().currentMessage())
    key(qtbot, review, Qt.Key.Key_S, CTRL | SHIFT)
    assert proposed[-1] == str(tmp_path / "a_frame_77.png")
    frames.saved.emit(SavedStill(frames.session, 77, tmp_path / "x.png", "The disk is full."))
    assert review.banner.text.text() == "Frame 77 was not saved. The disk is full."
    key(qtbot, review, Qt.Key.Key_C, CTRL | SHIFT)
    assert number_in(QGuiApplication.clipboard().image()) == 77
    assert review.statusBar().currentMessage() == "Copied frame 77, 320 x 180."


def test_closing_ends_the_frame_server(review: MainWindow, frames: FakeFrameServer) -> None:
    review.close()
    assert frames.of("shutdown") == [()]


def test_trouble_kinds_that_end_it_offer_to_open_again(
    qtbot: QtBot, review: MainWindow, frames: FakeFrameServer
) -> None:
    frames.say_trouble(TroubleKind.UNREADABLE, "Another file is now where a.mp4 was.")
    bar = review.review.page.trouble
    assert bar.isVisible()
    assert bar.retry_button.text() == "Open it"
    qtbot.mouseClick(bar.retry_button, Qt.MouseButton.LeftButton)
    assert len(frames.of("open")) == 2
