"""Playing: the picture that is due by the wall clock, and what stops it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from gui.fake_frames import FakeFrameServer, clip_info, times
from gui.reviewing import A, B, Wall, settle

from codefx_desktop.ui.models.clip_view import SLIP_S, ClipView

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


def test_playing_follows_the_wall_clock(
    qtbot: QtBot, view: ClipView, server: FakeFrameServer, wall: Wall
) -> None:
    server.clips[A] = (clip_info(A, 20), times(20, variable=True))
    view.open(A)
    settle(qtbot, view)
    view.play()
    assert view.playing
    assert server.of("show") == []
    for at, number in ((0.045, 1), (0.13, 3), (0.17, 4), (0.21, 4), (0.245, 5)):
        wall.now = 1000 + at
        view._keep_up()
        assert settle(qtbot, view) == number
    view.pause()
    assert not view.playing
    wall.now += 1
    view._keep_up()
    assert view.position == 5


def test_playing_waits_for_the_picture_it_asked_for(
    qtbot: QtBot, opened: ClipView, server: FakeFrameServer, wall: Wall
) -> None:
    opened.play()
    server.hold = True
    wall.now += 0.05
    opened._keep_up()
    wall.now += 0.1
    opened._keep_up()
    assert server.of("show") == [(1,)]
    server.release()
    assert server.of("show") == [(1,), (3,)]  # 2 is left out
    assert not opened.is_slow


def test_a_slow_decoder_slows_playing_down(
    qtbot: QtBot, opened: ClipView, server: FakeFrameServer, wall: Wall
) -> None:
    opened.play()
    for step in range(1, 6):
        server.hold = True
        wall.now += 0.05
        opened._keep_up()
        wall.now += 2 * SLIP_S
        server.release()
        assert opened.position == step
    assert opened.is_slow


def test_playing_stops_at_the_end_and_begins_anew_there(
    qtbot: QtBot, opened: ClipView, wall: Wall
) -> None:
    opened.end()
    settle(qtbot, opened)
    opened.toggle()
    assert settle(qtbot, opened) == 0
    assert opened.playing
    wall.now += 60
    opened._keep_up()
    qtbot.waitUntil(lambda: not opened.playing)
    assert settle(qtbot, opened) == 249


def test_playing_passes_over_a_broken_frame(
    qtbot: QtBot, opened: ClipView, server: FakeFrameServer, wall: Wall
) -> None:
    server.broken = {1}
    opened.play()
    wall.now += 0.045
    opened._keep_up()
    qtbot.waitUntil(lambda: opened.trouble is not None)
    assert opened.playing
    wall.now += 0.04
    opened._keep_up()
    assert settle(qtbot, opened) == 2
    assert opened.trouble is None


@pytest.mark.parametrize("deed", ["step", "drag", "go", "open", "home"])
def test_a_hand_on_the_clip_stops_playing(qtbot: QtBot, opened: ClipView, deed: str) -> None:
    opened.play()
    {
        "step": lambda: opened.step(1),
        "drag": lambda: opened.drag_to(30),
        "go": lambda: opened.go_to("30"),
        "open": lambda: opened.open(B),
        "home": opened.home,
    }[deed]()
    assert not opened.playing
