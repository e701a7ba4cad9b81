"""The clip in view, without widgets: opening, moving, playing, trouble."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gui.fake_frames import FakeFrameServer, clip_info, numbered, times
from gui.reviewing import A, B, settle, shown

from codefx_desktop.domain.clip import Verdict
from codefx_desktop.domain.frame import Frame
from codefx_desktop.jobs.viewing import (
    ClipTrouble,
    OpenedClip,
    ProxyPhase,
    ServedFrame,
    TroubleKind,
)
from codefx_desktop.ui.models.clip_view import ClipView, Phase

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot


def test_opening_shows_the_first_frame(
    qtbot: QtBot, view: ClipView, server: FakeFrameServer
) -> None:
    assert view.phase is Phase.EMPTY
    view.open(A, "job-1")
    assert view.phase is Phase.OPENING
    assert server.of("open") == [(A, "job-1")]
    qtbot.waitUntil(lambda: view.fraction == 0.5)
    assert settle(qtbot, view) == 0
    assert view.is_open
    assert view.last == 249
    assert view.proxy is not None
    assert view.proxy.phase is ProxyPhase.NONE


def test_steps_home_end_and_the_ends(qtbot: QtBot, opened: ClipView) -> None:
    opened.step(1)
    opened.step(10)
    assert settle(qtbot, opened) == 11
    assert opened.direction == 1
    opened.step(-1)
    assert settle(qtbot, opened) == 10
    assert opened.direction == -1
    opened.end()
    assert settle(qtbot, opened) == 249
    opened.step(10)
    assert opened.position == 249
    opened.home()
    opened.step(-1)
    assert settle(qtbot, opened) == 0


def test_no_frame_is_asked_for_twice(
    qtbot: QtBot, opened: ClipView, server: FakeFrameServer
) -> None:
    opened.home()
    opened.step(-1)
    assert server.of("show") == []


def test_dragging_shows_keyframes_and_letting_go_the_exact_frame(
    qtbot: QtBot, opened: ClipView, server: FakeFrameServer
) -> None:
    opened.drag_to(100)
    qtbot.waitUntil(lambda: shown(opened) == 96)
    assert opened.shown is not None
    assert not opened.shown.is_exact
    assert opened.position == 100
    opened.drag_to(9999)
    assert opened.position == 249
    opened.release_at(101)
    assert settle(qtbot, opened) == 101
    assert opened.shown.is_exact
    assert server.of("preview") == [(100,), (249,)]
    assert server.of("show") == [(101,)]


def test_a_late_keyframe_never_replaces_the_exact_frame(
    qtbot: QtBot, opened: ClipView, server: FakeFrameServer
) -> None:
    server.hold = True
    opened.drag_to(100)
    opened.release_at(101)
    server._held.reverse()
    server.release()
    assert shown(opened) == 101


def test_after_a_jump_no_picture_on_the_way_is_shown(
    opened: ClipView, server: FakeFrameServer
) -> None:
    server.hold = True
    opened.step(1)
    assert opened.go_to("200") == ""
    pictures: list[int] = []
    opened.pictured.connect(lambda: pictures.append(shown(opened)))
    server.release()
    assert pictures == [200]


def test_while_stepping_each_picture_that_comes_is_shown(
    opened: ClipView, server: FakeFrameServer
) -> None:
    server.hold = True
    for _ in range(3):
        opened.step(1)
    pictures: list[int] = []
    opened.pictured.connect(lambda: pictures.append(shown(opened)))
    server.release()
    assert pictures == [1, 2, 3]


def test_going_to_a_place_or_being_told_why_not(qtbot: QtBot, opened: ClipView) -> None:
    assert opened.go_to("00:00:04.000") == ""
    assert settle(qtbot, opened) == 100
    assert "from 0 to 249" in opened.go_to("250")
    assert "Type a frame number" in opened.go_to("soon")
    assert opened.position == 100


def test_answers_of_a_former_clip_are_not_heard(
    qtbot: QtBot, opened: ClipView, server: FakeFrameServer
) -> None:
    old = server.session
    opened.open(B)
    qtbot.waitUntil(lambda: opened.shown is not None and opened.shown.session != old)
    info, index = clip_info(A), times(3)
    server.opened.emit(OpenedClip(old, info, index))
    server.trouble.emit(ClipTrouble(old, A, TroubleKind.LOST, "gone"))
    server.served.emit(ServedFrame(old, 0, Frame(0, times().time(0), numbered(77)), True))
    assert opened.trouble is None
    assert shown(opened) == 0
    assert opened.last == 249


def test_leaving_the_opening_brings_the_former_clip_back(
    qtbot: QtBot, opened: ClipView, server: FakeFrameServer
) -> None:
    opened.step(10)
    settle(qtbot, opened)
    server.hold = True
    opened.open(B)
    assert opened.phase is Phase.OPENING
    server.hold = False
    opened.leave()
    assert opened.path == A
    qtbot.waitUntil(lambda: opened.is_open)
    assert settle(qtbot, opened) == 10


def test_leaving_the_first_opening_leaves_nothing(view: ClipView, server: FakeFrameServer) -> None:
    server.hold = True
    view.open(A)
    view.leave()
    server.release()
    assert view.phase is Phase.EMPTY
    assert server.of("close") == [()]
    view.leave()
    assert len(server.of("close")) == 1


def test_a_clip_that_cannot_be_opened_says_why(
    qtbot: QtBot, opened: ClipView, server: FakeFrameServer
) -> None:
    server.unreadable[B] = "b.mov is a picture, not a clip."
    opened.open(B)
    qtbot.waitUntil(lambda: opened.phase is Phase.FAILED)
    assert opened.trouble is not None
    assert opened.trouble.message == "b.mov is a picture, not a clip."
    assert opened.shown is None
    assert opened.clip is None
    opened.step(1)  # nothing to step in
    del server.unreadable[B]
    opened.retry()
    assert settle(qtbot, opened) == 0
    assert opened.trouble is None


def test_a_clip_without_a_frame_says_its_verdict(
    qtbot: QtBot, view: ClipView, server: FakeFrameServer
) -> None:
    info = clip_info(A, 0, verdict=Verdict.ERROR, message="No picture in it can be decoded.")
    server.clips[A] = (info, times(0))
    view.open(A)
    qtbot.waitUntil(lambda: view.phase is Phase.FAILED)
    assert view.trouble is not None
    assert view.trouble.message == info.message


def test_a_frame_that_cannot_be_decoded_keeps_the_former_picture_with_its_own_number(
    qtbot: QtBot, opened: ClipView, server: FakeFrameServer
) -> None:
    server.broken = {5}
    opened.go_to("4")
    settle(qtbot, opened)
    opened.step(1)
    qtbot.waitUntil(lambda: opened.trouble is not None)
    assert opened.position == 5
    assert shown(opened) == 4
    opened.step(1)
    assert settle(qtbot, opened) == 6
    assert opened.trouble is None


def test_stepping_back_from_a_broken_frame_shows_the_former_one_again(
    qtbot: QtBot, opened: ClipView, server: FakeFrameServer
) -> None:
    server.broken = {1}
    opened.step(1)
    qtbot.waitUntil(lambda: opened.trouble is not None)
    opened.step(-1)
    qtbot.waitUntil(lambda: opened.trouble is None)
    assert shown(opened) == 0


def test_a_drive_that_went_away_keeps_the_picture_until_it_is_back(
    qtbot: QtBot, opened: ClipView, server: FakeFrameServer
) -> None:
    opened.go_to("50")
    settle(qtbot, opened)
    server.lost = True
    opened.step(1)
    qtbot.waitUntil(lambda: opened.is_lost)
    assert shown(opened) == 50
    opened.retry()
    opened.release_at(80)  # any move looks again
    qtbot.waitUntil(lambda: server.of("show") == [(50,), (51,), (51,), (80,)])
    qtbot.wait(20)
    assert opened.is_lost
    assert shown(opened) == 50
    server.lost = False
    opened.retry()
    qtbot.waitUntil(lambda: opened.trouble is None)
    assert settle(qtbot, opened) == 80
    assert len(server.of("open")) == 1


def test_another_file_in_its_place_is_opened_anew(
    qtbot: QtBot, opened: ClipView, server: FakeFrameServer
) -> None:
    opened.go_to("50")
    settle(qtbot, opened)
    server.say_trouble(TroubleKind.UNREADABLE, "Another file is now where a.mp4 was.")
    assert opened.is_open
    assert shown(opened) == 50
    opened.retry()
    assert len(server.of("open")) == 2
    qtbot.waitUntil(lambda: opened.is_open)
    assert settle(qtbot, opened) == 50


def test_while_a_search_takes_long_a_near_picture_stands_in(
    qtbot: QtBot, opened: ClipView, server: FakeFrameServer
) -> None:
    server.hold = True
    opened.go_to("100")
    near = Frame(96, times().time(96), numbered(96))
    server.served.emit(ServedFrame(server.session, 100, near, is_exact=False))
    assert shown(opened) == 96
    server.release()
    assert settle(qtbot, opened) == 100
    server.served.emit(ServedFrame(server.session, 100, near, is_exact=False))
    assert shown(opened) == 100


def test_proxy_and_stills_go_through(
    qtbot: QtBot, opened: ClipView, server: FakeFrameServer, tmp_path: Path
) -> None:
    opened.make_proxy()
    assert opened.proxy is not None
    assert (opened.proxy.phase, opened.proxy.fraction) == (ProxyPhase.MAKING, 0.25)
    server.say_proxy(ProxyPhase.READY, size_bytes=5_000_000)
    opened.step(3)
    settle(qtbot, opened)
    assert opened.shown is not None
    assert opened.shown.from_proxy
    with qtbot.waitSignal(opened.saved) as saved:
        opened.save_still(3, tmp_path / "x.png")
    assert saved.args[0].number == 3
    opened.shutdown()
    assert server.of("shutdown") == [()]
