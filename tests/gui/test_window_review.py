"""The Review workspace: opening, moving, reading what stands over the picture, trouble."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from gui.fake_frames import FakeFrameServer, clip_info, number_in, times
from gui.fake_hub import FakeHub, record
from gui.test_window_start import drag, drop, files
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QWheelEvent
from PySide6.QtWidgets import QApplication, QFileDialog

from codefx_desktop.domain.clip import Verdict
from codefx_desktop.domain.job import JobStatus, OutputFile
from codefx_desktop.jobs.viewing import ProxyPhase, SavedStill, TroubleKind
from codefx_desktop.ui.main_window import MainWindow
from codefx_desktop.ui.models.clip_view import Phase
from codefx_desktop.ui.models.workspace import Workspace

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from codefx_desktop.ui.theme import Theme

A, B = Path("/footage/a.mp4"), Path("/footage/b.mov")
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def frames(window: MainWindow, hub: FakeHub) -> FakeFrameServer:
    """The frame server that the window was given."""
    assert hub.frames is not None
    return hub.frames


@pytest.fixture
def review(qtbot: QtBot, window: MainWindow, frames: FakeFrameServer) -> MainWindow:
    """The window with a clip of 250 frames in view."""
    window.activateWindow()
    window.review.open(A)
    qtbot.waitUntil(lambda: window.review.view.shown is not None)
    return window


def key(qtbot: QtBot, window: MainWindow, *args: object) -> None:
    """Press a key with whoever has the keyboard, as a person does."""
    qtbot.keyClick(window.focusWidget() or window, *args)


def painted(window: MainWindow) -> int:
    """Return the number that the picture's own pixels show."""
    picture = window.review.page.picture
    image = picture.grab().toImage()
    rect = picture.picture_rect().toRect()
    ratio = image.width() / picture.width()
    x, y, w, h = (round(v * ratio) for v in rect.getRect())
    return number_in(image.copy(x, y, w, h))


def settled(qtbot: QtBot, window: MainWindow) -> int:
    """Wait for the wanted picture; its pixels, the words over it and the position agree."""
    view = window.review.view

    def there() -> bool:
        shown = view.shown
        return shown is not None and shown.is_exact and shown.frame.number == view.position

    qtbot.waitUntil(there)
    assert painted(window) == view.position
    assert window.review.page.picture.hud()[0] == f"frame {view.position} / {view.last + 1}"
    return view.position


def at(window: MainWindow, number: int) -> QPoint:
    bar = window.review.page.transport.bar
    return QPoint(round(bar.x_of(number) + 0.5), 30)


def wheel(target: object, notches: int, modifiers: Qt.KeyboardModifier) -> None:
    middle = QPointF(target.width() / 2, target.height() / 2)
    event = QWheelEvent(
        middle,
        QPointF(target.mapToGlobal(middle.toPoint())),
        QPoint(),
        QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton,
        modifiers,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(target, event)


# -- workspaces -------------------------------------------------------------------------------


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


@pytest.mark.parametrize("size", [(1440, 900), (1280, 720)])
def test_the_picture_has_most_of_the_room(
    qtbot: QtBot, review: MainWindow, size: tuple[int, int]
) -> None:
    review.resize(*size)
    review.reset_layout()
    picture = review.review.page.picture
    qtbot.waitUntil(lambda: picture.width() >= 0.7 * size[0])
    assert picture.height() >= 0.75 * size[1]
    assert review.review.page.transport.isVisible()


# -- opening ----------------------------------------------------------------------------------


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
    assert frames.of("open")[-1] == (output.path, None)


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


# -- moving -----------------------------------------------------------------------------------


def test_keys_move_exactly(qtbot: QtBot, review: MainWindow) -> None:
    for args, number in (
        ((Qt.Key.Key_Right,), 1),
        ((Qt.Key.Key_Right, SHIFT), 11),
        ((Qt.Key.Key_Left,), 10),
        ((Qt.Key.Key_Left, SHIFT), 0),
        ((Qt.Key.Key_Left,), 0),
        ((Qt.Key.Key_End,), 249),
        ((Qt.Key.Key_Right,), 249),
        ((Qt.Key.Key_Home,), 0),
    ):
        key(qtbot, review, *args)
        assert settled(qtbot, review) == number


def test_buttons_move_too_and_leave_the_keyboard_with_the_picture(
    qtbot: QtBot, review: MainWindow
) -> None:
    from PySide6.QtWidgets import QToolButton

    page = review.review.page
    buttons = {b.accessibleName(): b for b in page.transport.findChildren(QToolButton)}
    for name, number in (("One frame forward", 1), ("Last frame", 249), ("One frame back", 248)):
        qtbot.mouseClick(buttons[name], Qt.MouseButton.LeftButton)
        assert settled(qtbot, review) == number
    assert review.focusWidget() is page.picture


def test_dragging_shows_keyframes_and_letting_go_the_exact_frame(
    qtbot: QtBot, review: MainWindow, frames: FakeFrameServer
) -> None:
    page = review.review.page
    bar = page.transport.bar
    qtbot.mousePress(bar, Qt.MouseButton.LeftButton, pos=at(review, 20))
    qtbot.mouseMove(bar, at(review, 100))
    qtbot.waitUntil(lambda: painted(review) == 96)
    assert page.picture.hud()[0] == "frame 96 / 250"
    assert page.picture.hud()[-1] == "keyframe"
    assert bar.value() == 100
    assert page.picture.is_fast
    qtbot.mouseRelease(bar, Qt.MouseButton.LeftButton, pos=at(review, 101))
    assert settled(qtbot, review) == 101
    assert page.picture.hud()[-1] == "exact"
    assert not page.picture.is_fast
    assert frames.of("show")[-1] == (101,)


def test_a_click_on_the_bar_goes_there(qtbot: QtBot, review: MainWindow) -> None:
    bar = review.review.page.transport.bar
    qtbot.mouseClick(bar, Qt.MouseButton.LeftButton, pos=at(review, 200))
    assert settled(qtbot, review) == 200
    assert review.review.page.transport.time.text() == "00:00:08.000"


def test_the_bar_follows_time_not_numbers(
    qtbot: QtBot, window: MainWindow, frames: FakeFrameServer
) -> None:
    index = times(250, variable=True)
    duration = index.time(249).seconds + 0.08
    frames.clips[A] = (clip_info(A, variable_rate=True, duration_s=duration), index)
    window.review.open(A)
    settled(qtbot, window)
    assert "VFR" in window.review.page.picture.hud()
    bar = window.review.page.transport.bar
    middle = bar.axis().x_of(duration / 2)
    assert bar.number_at(middle) == index.number_at(duration / 2)
    for number in (0, 4, 5, 77, 248, 249):
        assert bar.number_at(bar.x_of(number) + 0.01) == number


def test_the_bar_tells_what_lies_under_the_mouse(qtbot: QtBot, review: MainWindow) -> None:
    bar = review.review.page.transport.bar
    qtbot.mouseMove(bar, at(review, 50))
    assert bar.hover_text() == "00:00:02.000   frame 50"
    assert review.review.view.position == 0


def test_the_wheel_steps(qtbot: QtBot, review: MainWindow) -> None:
    page = review.review.page
    wheel(page.transport.bar, -2, Qt.KeyboardModifier.NoModifier)
    assert settled(qtbot, review) == 2
    wheel(page.transport.bar, -1, SHIFT)
    wheel(page.picture, 1, Qt.KeyboardModifier.NoModifier)
    assert settled(qtbot, review) == 11


def test_a_screen_reader_can_move_the_slider(qtbot: QtBot, review: MainWindow) -> None:
    bar = review.review.page.transport.bar
    assert (bar.minimum(), bar.maximum(), bar.value()) == (0, 249, 0)
    bar.setValue(33)
    assert settled(qtbot, review) == 33


@pytest.mark.parametrize(
    ("text", "number"), [("123", 123), ("4s", 100), ("00:00:01.040", 26), ("0:02", 50)]
)
def test_going_to_a_frame_or_a_time(
    qtbot: QtBot, review: MainWindow, text: str, number: int
) -> None:
    key(qtbot, review, Qt.Key.Key_G)
    field = review.review.page.transport.go_to
    assert review.focusWidget() is field
    qtbot.keyClicks(field, text)
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert settled(qtbot, review) == number
    assert review.focusWidget() is review.review.page.picture


def test_a_place_out_of_range_gets_a_sentence(qtbot: QtBot, review: MainWindow) -> None:
    key(qtbot, review, Qt.Key.Key_G)
    field = review.review.page.transport.go_to
    qtbot.keyClicks(field, "250")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert field.message.isVisible()
    assert "from 0 to 249" in field.message.text()
    assert review.review.view.position == 0
    assert review.focusWidget() is field
    qtbot.keyClicks(field, "7")  # what was typed is selected, so this replaces it
    assert not field.message.isVisible()
    assert field.text() == "7"
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert field.text() == ""
    assert review.focusWidget() is review.review.page.picture


def test_single_keys_are_text_in_fields_and_commands_elsewhere(
    qtbot: QtBot, review: MainWindow, frames: FakeFrameServer
) -> None:
    review.docks.history.show()
    search = review.history.search
    search.setFocus()
    qtbot.keyClicks(search, "fg 1")
    for press in (Qt.Key.Key_Home, Qt.Key.Key_Right, Qt.Key.Key_End, Qt.Key.Key_Space):
        qtbot.keyClick(search, press)
    assert search.text() == "fg 1 "
    assert review.review.view.position == 0
    assert not review.review.view.playing
    button = review.review.panel.proxy.make_button
    button.setFocus()
    qtbot.keyClick(button, Qt.Key.Key_Space)
    assert frames.of("make_proxy") == [()]
    assert not review.review.view.playing
    qtbot.keyClick(button, Qt.Key.Key_Right)
    assert settled(qtbot, review) == 1


def test_keys_of_the_clip_do_nothing_in_process(qtbot: QtBot, review: MainWindow) -> None:
    review.workspaces.show(Workspace.PROCESS)
    review.queue.view.setFocus()
    for press in (Qt.Key.Key_Right, Qt.Key.Key_End, Qt.Key.Key_Space):
        qtbot.keyClick(review.queue.view, press)
    assert review.review.view.position == 0
    assert not review.review.view.playing


def test_space_plays_and_pauses(qtbot: QtBot, review: MainWindow) -> None:
    view, actions = review.review.view, review.review.actions
    key(qtbot, review, Qt.Key.Key_Space)
    assert view.playing
    assert actions.play.text() == "&Pause"
    assert review.review.page.picture.is_fast
    qtbot.waitUntil(lambda: view.position > 5)
    key(qtbot, review, Qt.Key.Key_Space)
    assert not view.playing
    assert settled(qtbot, review) > 5
    assert actions.play.text() == "&Play"
    review.review.view.play()
    review.workspaces.show(Workspace.PROCESS)
    assert not view.playing


# -- the picture ------------------------------------------------------------------------------


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


# -- what is known ----------------------------------------------------------------------------


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
    said = {k: v for facts in panel.lists.values() for k, v in facts.texts().items()}
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
    window.review.view.step(1)
    settled(qtbot, window)
    assert panel.lists["Frame in view"].texts()["PTS in file"] == "1040"
    qtbot.mouseClick(panel.copy_button, Qt.MouseButton.LeftButton)
    text = QGuiApplication.clipboard().text()
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
