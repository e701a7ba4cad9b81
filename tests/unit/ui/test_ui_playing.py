"""Playing: the picture that is due by the wall clock, and what stops it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from gui.fake_frames import FakeFrameServer, clip_info, times
from gui.reviewing import A, B, Wall, settle
from PySide6.QtCore import QCoreApplication

from codefx_desktop.domain.clip import FrameIndex
from codefx_desktop.ui.models.jump_places import JumpKind, JumpPlace
from codefx_desktop.ui.models.player import SLIP_S

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from codefx_desktop.ui.models.clip_view import ClipView


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
        view.player.keep_up()
        assert settle(qtbot, view) == number
    view.pause()
    assert not view.playing
    wall.now += 1
    view.player.keep_up()
    assert view.position == 5


def test_playing_waits_for_the_picture_it_asked_for(
    qtbot: QtBot, opened: ClipView, server: FakeFrameServer, wall: Wall
) -> None:
    opened.play()
    server.hold = True
    wall.now += 0.05
    opened.player.keep_up()
    wall.now += 0.1
    opened.player.keep_up()
    assert server.of("show") == [(1,)]
    server.release()
    assert server.of("show") == [(1,), (3,)]  # 2 is left out
    assert not opened.is_slow


def far_keys(frames: int = 250) -> FrameIndex:
    """Return times with one keyframe, the first: nothing to leap to."""
    index = times(frames)
    return FrameIndex(index.ticks, index.pts, np.arange(frames) == 0, index.time_base)


def test_a_slow_decoder_slows_playing_down(
    qtbot: QtBot, view: ClipView, server: FakeFrameServer, wall: Wall
) -> None:
    server.clips[A] = (clip_info(A), far_keys())
    view.open(A)
    settle(qtbot, view)
    view.play()
    for step in range(1, 6):
        server.hold = True
        wall.now += 0.05
        view.player.keep_up()
        wall.now += 2 * SLIP_S
        server.release()
        assert view.position == step
    assert view.is_slow


@pytest.mark.parametrize(("rate", "start", "late_by", "key"), [(8, 0, 4, 60), (-8, 240, -4, 180)])
def test_a_slow_decoder_leaves_pictures_out_up_to_a_keyframe_that_is_due_soon(
    opened: ClipView,
    server: FakeFrameServer,
    wall: Wall,
    rate: int,
    start: int,
    late_by: int,
    key: int,
) -> None:
    server.hold = True
    opened.release_at(start)
    server.release()
    opened.player.play(float(rate))
    server.hold = True
    wall.now += 0.02
    opened.player.keep_up()
    assert opened.position == start + late_by
    wall.now += 0.25  # 54 frames are due by now
    server.release()
    assert server.of("show")[-1] == (start + late_by,)
    assert not opened.is_slow
    wall.now += abs(key - start) / 25 / 8 - 0.27 + 0.002
    opened.player.keep_up()
    assert server.of("show")[-1] == (key,)


def test_playing_stops_at_the_end_and_begins_anew_there(
    qtbot: QtBot, opened: ClipView, wall: Wall
) -> None:
    opened.end()
    settle(qtbot, opened)
    opened.toggle()
    assert settle(qtbot, opened) == 0
    assert opened.playing
    wall.now += 60
    opened.player.keep_up()
    qtbot.waitUntil(lambda: not opened.playing)
    assert settle(qtbot, opened) == 249


def test_playing_passes_over_a_broken_frame(
    qtbot: QtBot, opened: ClipView, server: FakeFrameServer, wall: Wall
) -> None:
    server.broken = {1}
    opened.play()
    wall.now += 0.045
    opened.player.keep_up()
    qtbot.waitUntil(lambda: opened.trouble is not None)
    assert opened.playing
    wall.now += 0.04
    opened.player.keep_up()
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


@pytest.mark.parametrize("rate", [0.125, 0.5, 2.0, 8.0])
def test_speed_is_that_of_the_wall_clock(opened: ClipView, wall: Wall, rate: float) -> None:
    opened.player.play(rate)
    for _ in range(7):
        wall.now += 0.13
        opened.player.keep_up()
        elapsed_s = wall.now - 1000
        assert opened.position == min(249, int((elapsed_s * rate + 1e-6) / 0.04))
        QCoreApplication.processEvents()


def test_backwards_every_frame_stays_as_long_as_forwards(
    qtbot: QtBot, view: ClipView, server: FakeFrameServer, wall: Wall
) -> None:
    server.clips[A] = (clip_info(A, 20, duration_s=0.96), times(20, variable=True))
    view.open(A)
    settle(qtbot, view)
    view.release_at(6)  # from 280 to 320 ms; frame 4 from 160 to 240
    settle(qtbot, view)
    view.player.play(-1.0)
    for at, number in ((0.01, 6), (0.045, 5), (0.075, 5), (0.085, 4), (0.155, 4), (0.165, 3)):
        wall.now = 1000 + at
        view.player.keep_up()
        assert settle(qtbot, view) == number
    wall.now += 1
    view.player.keep_up()
    assert settle(qtbot, view) == 0
    wall.now += 1
    view.player.keep_up()
    assert not view.playing
    view.player.play(-1.0)  # nothing lies before the first frame
    assert not view.playing


def test_j_and_l_double_and_halve(qtbot: QtBot, opened: ClipView, wall: Wall) -> None:
    player = opened.player
    rates = []
    for direction, slower in ((1, 0), (1, 0), (1, 1), (1, 1), (1, 1), (-1, 0), (-1, 0), (1, 0)):
        opened.release_at(100)
        settle(qtbot, opened)
        player.shuttle(direction, is_slower=bool(slower))
        rates.append(player.rate)
    assert rates == [1, 2, 1, 0.5, 0.25, -1, -2, 1]
    opened.pause()
    assert player.rate == 1  # plain playing is as fast as it was
    player.set_speed(0.25)
    player.shuttle(-1)
    assert player.rate == -0.25
    player.set_speed(4.0)
    assert player.rate == -4.0


def test_a_range_is_repeated_from_its_first_picture_on(
    qtbot: QtBot, opened: ClipView, wall: Wall
) -> None:
    player = opened.player
    player.mark_first(20)
    player.mark_last(24)
    player.set_loops(True)
    opened.toggle()
    assert settle(qtbot, opened) == 20  # it stood outside
    wall.now += 0.165
    player.keep_up()
    assert settle(qtbot, opened) == 24
    wall.now += 0.05
    player.keep_up()
    assert settle(qtbot, opened) == 20
    wall.now += 0.045
    player.keep_up()
    assert settle(qtbot, opened) == 21
    player.play(-1.0)
    wall.now += 0.09
    player.keep_up()
    assert settle(qtbot, opened) == 24
    player.set_loops(False)
    player.play(1.0)
    wall.now += 0.2
    player.keep_up()
    assert settle(qtbot, opened) > 24
    opened.open(B)
    qtbot.waitUntil(lambda: opened.is_open)
    assert not player.range.is_set


def test_an_end_of_the_range_that_the_other_passes_is_let_go(opened: ClipView) -> None:
    player = opened.player
    player.mark_first(50)
    player.mark_last(40)
    assert (player.range.first, player.range.last) == (None, 40)
    player.mark_first(41)
    assert (player.range.first, player.range.last) == (41, None)
    player.clear_range()
    assert not player.range.is_set


def test_jumps_lead_to_the_next_place_of_their_kind(qtbot: QtBot, opened: ClipView) -> None:
    places = opened.places
    arrive, same = JumpPlace(30, "Arrive", "a"), JumpPlace(30)
    places.fill(JumpKind.EVENT, [JumpPlace(90, "Stop"), arrive, same])
    places.fill(JumpKind.SCENE, [JumpPlace(0), JumpPlace(60)])
    jumped: list[tuple[object, object]] = []
    places.jumped.connect(lambda kind, place: jumped.append((kind, place)))
    for kind, direction, number in (
        (JumpKind.EVENT, 1, 30),
        (JumpKind.EVENT, 1, 90),
        (JumpKind.EVENT, 1, 90),
        (JumpKind.SCENE, -1, 60),
        (JumpKind.EVENT, -1, 30),
        (JumpKind.SUSPICION, 1, 30),
    ):
        opened.jump(kind, direction)
        assert settle(qtbot, opened) == number
    assert jumped[0] == (JumpKind.EVENT, arrive)
    assert len(jumped) == 4
    opened.open(B)
    assert places.of(JumpKind.EVENT) == ()
