"""Moving in a clip by keys, buttons, bar, wheel and typed places; playing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from gui.fake_frames import FakeFrameServer, clip_info, times
from gui.reviewing import SHIFT, A, at, key, painted, settled, wheel
from PySide6.QtCore import Qt

from codefx_desktop.ui.models.workspace import Workspace

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from codefx_desktop.ui.main_window import MainWindow


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


def test_what_stands_on_the_bar_is_painted_once_while_the_position_moves(
    qtbot: QtBot, review: MainWindow
) -> None:
    bar = review.review.page.transport.bar
    bar.repaint()
    before, first = bar.painted, bar.grab().toImage()
    for _ in range(5):
        key(qtbot, review, Qt.Key.Key_Right)
        settled(qtbot, review)
        bar.repaint()
    assert bar.painted == before
    moved = bar.grab().toImage()
    assert moved != first, "the position is another"
    bar._kept = None
    assert bar.grab().toImage() == moved, "as if painted anew"
    review.resize(review.width() - 200, review.height())
    qtbot.waitUntil(lambda: bar.grab().width() != moved.width())
    assert bar.painted > before + 1, "of another size"


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
    review.docks.log.show()
    for field in (review.log_pane.level_box, review.log_pane.text):
        field.setFocus()
        for press in (Qt.Key.Key_End, Qt.Key.Key_Right, Qt.Key.Key_F, Qt.Key.Key_G):
            qtbot.keyClick(field, press)
        assert review.focusWidget() is field
        assert review.review.view.position == 0
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
