"""Shuttling, speeds, ranges and jumps with the keyboard, as a person at the clip does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from gui.reviewing import CTRL, SHIFT, at, key, settled
from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QMenu, QToolButton

from codefx_desktop.ui.key_groups import key_groups
from codefx_desktop.ui.models.clip_sound import ClipSound
from codefx_desktop.ui.models.jump_places import JumpKind, JumpPlace

if TYPE_CHECKING:
    from gui.fake_hub import FakeHub
    from pytestqt.qtbot import QtBot

    from codefx_desktop.ui.main_window import MainWindow

ALT, PLAIN = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.NoModifier
K = Qt.Key


def go(qtbot: QtBot, review: MainWindow, number: int) -> None:
    assert review.review.view.go_to(str(number)) == ""
    assert settled(qtbot, review) == number


def seen_numbers(review: MainWindow) -> list[int]:
    """Return a list that every picture's number is added to."""
    view, seen = review.review.view, []
    view.pictured.connect(lambda: view.shown and seen.append(view.shown.frame.number))
    return seen


def test_j_k_and_l_shuttle(qtbot: QtBot, review: MainWindow) -> None:
    view = review.review.view
    go(qtbot, review, 120)
    for press, rate in (
        ((K.Key_L,), 1),
        ((K.Key_L,), 2),
        ((K.Key_L, SHIFT), 1),
        ((K.Key_L, SHIFT), 0.5),
        ((K.Key_J,), -1),
        ((K.Key_J,), -2),
        ((K.Key_J, SHIFT), -1),
    ):
        key(qtbot, review, *press)
        assert view.playing
        assert view.player.rate == rate
    key(qtbot, review, K.Key_K)
    assert not view.playing
    settled(qtbot, review)


def test_backwards_the_pictures_come_in_falling_order(qtbot: QtBot, review: MainWindow) -> None:
    view = review.review.view
    go(qtbot, review, 200)
    numbers = seen_numbers(review)
    key(qtbot, review, K.Key_J)
    qtbot.waitUntil(lambda: view.position < 195)
    key(qtbot, review, K.Key_Space)
    assert not view.playing
    assert numbers == sorted(numbers, reverse=True)


def test_with_k_held_j_and_l_step_a_frame(qtbot: QtBot, review: MainWindow) -> None:
    view, picture = review.review.view, review.review.page.picture
    go(qtbot, review, 100)
    qtbot.keyPress(picture, K.Key_K)
    for press, number in ((K.Key_L, 101), (K.Key_L, 102), (K.Key_J, 101), (K.Key_L, 102)):
        qtbot.keyClick(picture, press)
        assert settled(qtbot, review) == number
        assert not view.playing
    qtbot.keyRelease(picture, K.Key_K)
    qtbot.keyClick(picture, K.Key_L)
    assert view.playing
    view.pause()


def test_letting_k_go_elsewhere_does_not_leave_it_held(qtbot: QtBot, review: MainWindow) -> None:
    view, page = review.review.view, review.review.page
    qtbot.keyPress(page.picture, K.Key_K)
    page.transport.go_to.setFocus()
    page.take_keyboard()
    qtbot.keyClick(page.picture, K.Key_L)
    assert view.playing
    view.pause()


def hold(window: MainWindow, pressed: Qt.Key) -> None:
    """Hold a key down for a moment."""
    for repeats in (False, True, True):
        held = QKeyEvent(QEvent.Type.ShortcutOverride, pressed, PLAIN, "", repeats)
        QApplication.sendEvent(window.review.page.picture, held)


@pytest.mark.parametrize("then", ["let go", "let go elsewhere", "still held"])
def test_a_click_after_a_key_was_held_counts(qtbot: QtBot, review: MainWindow, then: str) -> None:
    page = review.review.page
    page.picture.setFocus()
    hold(review, K.Key_F13)
    if then == "let go":
        qtbot.keyRelease(page.picture, K.Key_F13)
    elif then == "let go elsewhere":
        page.transport.go_to.setFocus()
        page.take_keyboard()
    ahead = review.review.actions.playing.shuttle.ahead
    (button,) = (one for one in page.findChildren(QToolButton) if one.defaultAction() is ahead)
    QApplication.processEvents()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert review.review.view.playing
    review.review.view.pause()


def test_a_key_that_is_held_doubles_nothing(review: MainWindow) -> None:
    playing, player = review.review.actions.playing, review.review.view.player
    review.review.page.picture.setFocus()
    playing.shuttle.ahead.trigger()
    rate = player.rate
    for times in (1, 2):
        hold(review, K.Key_L)
        playing.shuttle.ahead.trigger()  # as its key does within the press
        assert player.rate == rate * times
        QApplication.processEvents()
        playing.shuttle.ahead.trigger()
        assert player.rate == 2 * rate * times
    review.review.view.pause()


def test_k_let_go_over_a_menu_is_not_held(qtbot: QtBot, review: MainWindow) -> None:
    view, page = review.review.view, review.review.page
    page.picture.setFocus()
    qtbot.keyPress(page.picture, K.Key_K)
    menu = page.transport.speed.menu()
    menu.popup(page.picture.mapToGlobal(page.picture.rect().center()))
    qtbot.keyRelease(menu, K.Key_K)
    menu.close()
    qtbot.keyClick(page.picture, K.Key_L)
    assert view.playing
    view.pause()


def test_the_speed_stands_in_the_strip_and_over_the_picture(
    qtbot: QtBot, review: MainWindow
) -> None:
    page, actions = review.review.page, review.review.actions.playing
    go(qtbot, review, 200)
    assert page.transport.speed.text() == "1x"
    assert "1x" not in page.picture.hud()
    actions.speed_actions[1].trigger()
    assert page.transport.speed.text() == "1/4x"
    key(qtbot, review, K.Key_Space)
    assert "1/4x" in page.picture.hud()
    key(qtbot, review, K.Key_J)
    assert "-1/4x" in page.picture.hud()
    assert page.transport.speed.text() == "-1/4x"
    key(qtbot, review, K.Key_K)
    assert page.transport.speed.text() == "1/4x"
    assert actions.speed_actions[1].isChecked()
    assert not {"1/4x", "-1/4x"} & set(page.picture.hud())


@pytest.mark.dressed
def test_a_machine_that_is_too_slow_moves_nothing_while_it_plays(
    qtbot: QtBot, review: MainWindow
) -> None:
    view, transport = review.review.view, review.review.page.transport
    review.resize(1340, 720)
    qtbot.waitUntil(lambda: transport.width() > 960)
    before = transport.geometry(), transport.time.geometry(), transport.speed.geometry()
    view.player.is_slow = True
    view.played.emit()
    assert transport.slow.whole == "Slowed"
    assert "real time" in transport.slow.toolTip()
    QApplication.processEvents()
    after = transport.geometry(), transport.time.geometry(), transport.speed.geometry()
    assert after == before


def test_i_and_o_mark_a_range_that_is_seen_and_repeated(qtbot: QtBot, review: MainWindow) -> None:
    view, bar = review.review.view, review.review.page.transport.bar
    actions = review.review.actions.playing
    assert bar.range_px() is None
    assert not actions.clear.isEnabled()
    for number, press in ((40, K.Key_I), (44, K.Key_O)):
        go(qtbot, review, number)
        key(qtbot, review, press)
    assert bar.range_px() == pytest.approx((bar.x_of(40), bar.x_of(45)))
    key(qtbot, review, K.Key_L, CTRL | SHIFT)
    assert actions.shuttle.loop.isChecked()
    seen = seen_numbers(review)
    key(qtbot, review, K.Key_Space)
    qtbot.waitUntil(lambda: seen.count(40) >= 2)
    key(qtbot, review, K.Key_K)
    assert min(seen) == 40
    assert max(seen) <= 44
    key(qtbot, review, K.Key_I, SHIFT)
    assert (view.player.range.first, view.player.range.last) == (None, 44)
    key(qtbot, review, K.Key_O, SHIFT)
    assert not view.player.range.is_set
    key(qtbot, review, K.Key_I)
    actions.clear.trigger()
    assert not view.player.range.is_set


class Layouts(QObject):
    """Counts how often a window is laid out."""

    count = 0

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        self.count += event.type() == QEvent.Type.LayoutRequest
        return False


def test_passing_an_event_does_not_lay_out_the_window_until_the_hand_rests(
    qtbot: QtBot, review: MainWindow
) -> None:
    view, actions = review.review.view, review.review.actions.playing
    view.places.fill(JumpKind.EVENT, [JumpPlace(number, f"Event {number}") for number in (3, 5, 7)])
    forth, back = actions.jumps[JumpKind.EVENT, 1], actions.jumps[JumpKind.EVENT, -1]
    assert "Event 3" in forth.toolTip()
    qtbot.wait(50)  # what was to be laid out is
    layouts = Layouts()
    review.installEventFilter(layouts)
    for number in range(4, 7):
        view.step(number - view.position)
        QCoreApplication.processEvents()
    assert (forth.isEnabled(), back.isEnabled()) == (True, True)
    assert "Event 3" in forth.toolTip()
    assert layouts.count <= 1  # there was no event before: the key back leads somewhere now
    qtbot.waitUntil(lambda: "Event 7" in forth.toolTip())
    assert "Event 5" in back.toolTip()


def test_keys_jump_to_events_scenes_and_suspicious_tracks(qtbot: QtBot, review: MainWindow) -> None:
    places, actions = review.review.view.places, review.review.actions.playing
    assert not actions.jumps[JumpKind.EVENT, 1].isEnabled()
    places.fill(JumpKind.EVENT, [JumpPlace(70, "Stop"), JumpPlace(180, "Go")])
    places.fill(JumpKind.SCENE, [JumpPlace(0), JumpPlace(100)])
    places.fill(JumpKind.SUSPICION, [JumpPlace(130, "Track 4 may be track 9")])
    assert "Stop, frame 70" in actions.jumps[JumpKind.EVENT, 1].toolTip()
    for press, number in (
        ((K.Key_Right, CTRL), 70),
        ((K.Key_Right, CTRL), 180),
        ((K.Key_PageUp,), 100),
        ((K.Key_Right, ALT), 130),
        ((K.Key_Left, CTRL), 70),
        ((K.Key_PageUp,), 0),
    ):
        key(qtbot, review, *press)
        assert settled(qtbot, review) == number
    assert not actions.jumps[JumpKind.EVENT, -1].isEnabled()


def test_everything_is_in_the_menu_and_on_the_sheet_with_its_key(
    qtbot: QtBot, review: MainWindow
) -> None:
    actions, menu = review.review.actions, QMenu()
    actions.fill(menu)
    assert set(actions.moving()) <= set(menu.actions())
    sheet = dict(key_groups(review))["Clip"]
    for action in actions.moving():
        assert action in sheet
        keys = action.shortcut().toString()
        assert keys
        assert f"({keys})" in action.toolTip()
    for button in review.review.page.transport.findChildren(QToolButton):
        assert button.accessibleName()
        assert button.toolTip()


def test_without_sound_the_button_is_off_and_says_why(qtbot: QtBot, review: MainWindow) -> None:
    mute = review.review.actions.playing.mute
    qtbot.waitUntil(lambda: "no sound output" in mute.toolTip())
    assert not mute.isEnabled()
    key(qtbot, review, K.Key_Space)
    assert review.review.view.playing
    qtbot.waitUntil(lambda: review.review.view.position > 3)
    key(qtbot, review, K.Key_M, CTRL | SHIFT)
    assert review.review.view.playing


def test_sound_is_asked_for_at_true_speed_forwards_only(
    qtbot: QtBot, hub: FakeHub, review: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    view, sound = review.review.view, review.review.sound
    asked: list[str] = []
    monkeypatch.setattr(sound._sounds, "play", lambda *_: asked.append("play"))
    monkeypatch.setattr(sound._sounds, "stop", lambda: asked.append("stop"))
    go(qtbot, review, 100)
    for press in ((K.Key_L,), (K.Key_L,), (K.Key_L, SHIFT), (K.Key_J,), (K.Key_L,), (K.Key_K,)):
        key(qtbot, review, *press)
    assert asked == ["play", "stop", "play", "stop", "play", "stop"]
    view.play()
    bar = review.review.page.transport.bar
    qtbot.mousePress(bar, Qt.MouseButton.LeftButton, pos=at(review, 20))
    assert asked[-1] == "stop"
    qtbot.mouseRelease(bar, Qt.MouseButton.LeftButton, pos=at(review, 20))


def test_muting_and_volume_are_kept(qtbot: QtBot, hub: FakeHub, review: MainWindow) -> None:
    hub.sounds.why = ""
    sound, actions = review.review.sound, review.review.actions.playing
    sound._sounds.prepare()
    qtbot.waitUntil(actions.mute.isEnabled)
    key(qtbot, review, K.Key_M, CTRL | SHIFT)
    assert sound.muted
    assert actions.mute.isChecked()
    review.review.page.transport.sound.slider.setValue(40)
    assert sound.volume == 40
    assert "volume 40 %" in actions.mute.toolTip()
    again = ClipSound(review.review.view, hub.sound_player(review), review._store)
    assert (again.muted, again.volume) == (True, 40)
