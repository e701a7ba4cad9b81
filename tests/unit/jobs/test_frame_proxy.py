"""The frame server with a proxy, and stills: which pictures are shown, what is told."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from fake_footage import PATH, fake_clip

from codefx_desktop.domain.errors import (
    ClipLost,
    ClipUnreadable,
    EncodeError,
    NotWritable,
)
from codefx_desktop.jobs.viewing import ProxyPhase

if TYPE_CHECKING:
    from frame_screen import Screen
    from pytestqt.qtbot import QtBot

    from codefx_desktop.domain.run import CancelSignal

Hook = Callable[[int], None]


def proxies(screen: Screen) -> list[ProxyPhase]:
    return [value.phase for value in screen.said if type(value).__name__ == "ProxyState"]


def open_with_proxy(screen: Screen) -> None:
    screen.footage.proxy = fake_clip(Path("proxy.mp4"), screen.footage.count)
    screen.server.open(PATH)
    assert screen.names() == ["Opening", "OpenedClip", "ProxyState", "ServedFrame"]
    opened, state, first = screen.said[1:]
    assert opened.has_proxy
    assert (state.phase, state.size_bytes) == (ProxyPhase.READY, 1000)
    assert not first.from_proxy
    screen.forget()


def rest(screen: Screen, qtbot: QtBot) -> None:
    """Let the server's timer run out, if it runs."""
    if screen.server._rest.isActive():
        with qtbot.waitSignal(screen.server._rest.timeout):
            pass


def test_a_proxy_does_not_stand_in_for_another_clip(screen: Screen) -> None:
    open_with_proxy(screen)
    screen.footage.proxy = None
    screen.open(Path("other.mp4"))
    screen.server.show(700)
    assert [served.from_proxy for served in screen.frames] == [False]


def test_a_proxy_that_is_ready_in_the_midst_of_a_search_does_not_end_it(screen: Screen) -> None:
    screen.open()
    screen.proxies_pool.holds = True
    screen.server.make_proxy()
    screen.during({30: screen.proxies_pool.release})
    screen.server.show(40)
    assert screen.numbers == [40]
    assert proxies(screen) == [ProxyPhase.MAKING, ProxyPhase.READY]
    screen.server.show(700)
    assert screen.frames[-1].from_proxy


def test_a_proxy_that_cannot_be_looked_for_leaves_the_clip(
    screen: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: object) -> None:
        raise ClipLost("It can no longer be read.")

    monkeypatch.setattr(screen.footage, "find_proxy", fail)
    screen.server.open(PATH)
    assert screen.names() == ["Opening", "OpenedClip", "ServedFrame"]


def test_dragging_on_a_proxy_shows_the_very_frames_then_the_clips_own(
    screen: Screen, qtbot: QtBot
) -> None:
    open_with_proxy(screen)
    for number in (333, 334):
        screen.server.preview(number)
    assert [(s.frame.number, s.is_exact, s.from_proxy) for s in screen.frames] == [
        (333, True, True),
        (334, True, True),
    ]
    assert screen.frames[0].frame.time == fake_clip().index.time(333)
    assert screen.footage.clip_frames.decoded == [0]
    rest(screen, qtbot)
    served = screen.frames[-1]
    assert (served.frame.number, served.is_exact, served.from_proxy) == (334, True, False)
    assert len(screen.frames) == 3


def test_an_exact_frame_comes_from_the_proxy_where_the_clip_is_slower(
    screen: Screen, qtbot: QtBot
) -> None:
    open_with_proxy(screen)
    for number in (1, 700, 2):
        screen.server.show(number)
    assert [served.from_proxy for served in screen.frames] == [False, True, False]
    assert not screen.server._rest.isActive()
    screen.server.show(700)
    rest(screen, qtbot)
    assert [served.from_proxy for served in screen.frames[3:]] == [True, False]
    assert screen.numbers[3:] == [700, 700]


def test_a_request_in_time_keeps_the_proxys_picture(screen: Screen) -> None:
    open_with_proxy(screen)
    screen.server.show(700)
    assert screen.server._rest.isActive()
    screen.frames_pool.holds = True
    screen.server.show(701)
    assert not screen.server._rest.isActive()
    screen.frames_pool.release()
    assert screen.numbers == [700, 701]


def test_a_drag_that_rests_shows_the_exact_frame(screen: Screen, qtbot: QtBot) -> None:
    screen.open()
    screen.server.preview(333)
    rest(screen, qtbot)
    assert [(s.frame.number, s.is_exact) for s in screen.frames] == [(300, False), (333, True)]


def test_a_picture_that_is_overtaken_is_not_refined(screen: Screen) -> None:
    screen.open()
    screen.footage.clip_frames.key_s = 0.3
    screen.during({50: lambda: screen.server.preview(333)})
    rests: list[tuple[int, bool]] = []
    screen.server.served.connect(
        lambda served: rests.append((served.wanted, screen.server._rest.isActive()))
    )
    screen.server.preview(66)
    assert rests == [(66, False), (333, True)]


def test_a_frame_that_is_there_already_is_not_refined(screen: Screen) -> None:
    screen.open()
    screen.server.show(333)
    screen.forget()
    screen.server._resting = 333
    screen.server._refine()
    assert not screen.said


def test_a_broken_proxy_gives_way_to_the_clip(screen: Screen) -> None:
    open_with_proxy(screen)
    screen.server.preview(400)
    screen.forget()
    broken = ClipUnreadable("Frame 700 cannot be decoded.")
    screen.footage.proxy_frames.broken[700] = broken
    screen.server.show(700)
    screen.server.show(800)
    assert [(s.frame.number, s.from_proxy) for s in screen.frames] == [(700, False), (800, False)]
    assert proxies(screen) == [ProxyPhase.FAILED]
    assert screen.footage.proxy_frames.closed == 1


def test_a_proxy_is_made_on_request_and_used(screen: Screen) -> None:
    def making(tell: Callable[[float], None], _: object) -> None:
        for fraction in (0.5, 0.6, 1.0):
            tell(fraction)

    screen.open()
    screen.footage.making = making
    screen.server.make_proxy()
    assert proxies(screen) == [ProxyPhase.MAKING, ProxyPhase.MAKING, ProxyPhase.MAKING,
                               ProxyPhase.READY]  # fmt: skip
    assert [value.fraction for value in screen.said] == [0.0, 0.5, 1.0, 1.0]
    screen.server.show(700)
    assert screen.frames[-1].from_proxy


def test_a_proxy_is_made_once_at_a_time_and_can_be_cancelled(screen: Screen) -> None:
    screen.open()
    screen.proxies_pool.holds = True
    screen.server.make_proxy()
    screen.server.make_proxy()
    assert len(screen.proxies_pool.waiting) == 1
    screen.server.cancel_proxy()
    screen.server.cancel_proxy()
    screen.proxies_pool.release()
    assert proxies(screen) == [ProxyPhase.MAKING, ProxyPhase.NONE]
    assert screen.footage.proxy is None


def test_a_proxy_that_is_finished_as_it_is_cancelled_is_removed(
    screen: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen.open()

    def too_late(*_: object) -> object:
        screen.server.cancel_proxy()
        return fake_clip(Path("proxy.mp4"))

    monkeypatch.setattr(screen.footage, "make_proxy", too_late)
    screen.server.make_proxy()
    assert screen.footage.calls[-1][0] == "drop"
    assert proxies(screen) == [ProxyPhase.MAKING, ProxyPhase.NONE]


@pytest.mark.parametrize(
    ("error", "text"),
    [(EncodeError("It did not verify."), "did not verify"), (KeyError("oops"), "KeyError")],
)
def test_a_proxy_that_cannot_be_made_says_why(screen: Screen, error: Exception, text: str) -> None:
    def fail(*_: object) -> None:
        raise error

    screen.open()
    screen.footage.making = fail
    screen.server.make_proxy()
    assert proxies(screen) == [ProxyPhase.MAKING, ProxyPhase.FAILED]
    assert text in screen.said[-1].message
    screen.footage.making = lambda *_: None
    screen.server.make_proxy()
    assert proxies(screen)[-1] is ProxyPhase.READY


def test_a_proxy_is_closed_before_it_is_removed(screen: Screen) -> None:
    open_with_proxy(screen)
    screen.server.show(700)
    screen.server.drop_proxy()
    assert screen.footage.calls[-1] == ("drop", PATH, [0, 1])
    assert proxies(screen) == [ProxyPhase.NONE]
    screen.server.show(800)
    assert not screen.frames[-1].from_proxy


def test_a_proxy_that_resists_is_told(screen: Screen, monkeypatch: pytest.MonkeyPatch) -> None:
    def resist(_: object) -> None:
        raise NotWritable("The proxy cannot be removed.")

    open_with_proxy(screen)
    monkeypatch.setattr(screen.footage, "drop_proxy", resist)
    screen.server.drop_proxy()
    assert proxies(screen) == [ProxyPhase.FAILED]


def test_another_clip_ends_the_making_of_a_proxy(screen: Screen) -> None:
    screen.open()
    seen: list[bool] = []

    def making(_tell: object, cancel: CancelSignal) -> None:
        screen.server.open(Path("other.mp4"))
        seen.append(cancel.is_set())

    screen.footage.making = making
    screen.server.make_proxy()
    assert seen == [True]
    assert ProxyPhase.READY not in proxies(screen)


def test_closing_ends_the_making_of_a_proxy_and_hears_no_more_of_it(screen: Screen) -> None:
    def making(tell: Callable[[float], None], cancel: CancelSignal) -> None:
        tell(0.25)
        screen.server.close()
        seen.append(cancel.is_set())

    seen: list[bool] = []
    screen.open()
    screen.footage.making = making
    screen.server.make_proxy()
    assert seen == [True]
    assert [value.fraction for value in screen.said] == [0, 0.25]


def test_a_cancelled_proxy_tells_no_more_progress(screen: Screen) -> None:
    def making(tell: Callable[[float], None], _: object) -> None:
        screen.server.cancel_proxy()
        tell(1.0)

    screen.open()
    screen.footage.making = making
    screen.server.make_proxy()
    assert proxies(screen) == [ProxyPhase.MAKING, ProxyPhase.NONE]


def test_there_is_no_proxy_of_nothing(screen: Screen) -> None:
    screen.server.make_proxy()
    screen.server.cancel_proxy()
    screen.server.drop_proxy()
    assert not screen.said


# -- stills ----------------------------------------------------------------------------------


def test_a_still_is_saved(screen: Screen) -> None:
    session = screen.open()
    screen.server.save_still(12, Path("still.png"))
    told = screen.said[-1]
    assert (told.session, told.number, told.path, told.message) == (
        session, 12, Path("still.png"), "")  # fmt: skip
    assert screen.footage.calls[-1] == ("still", 12, Path("still.png"))


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (NotWritable("It cannot be written."), "It cannot be written."),
        (IndexError("frame 5000 of 1000"), "frame 5000"),
        (KeyError("oops"), "KeyError"),
    ],
)
def test_a_still_that_cannot_be_saved_says_why(screen: Screen, error: Exception, text: str) -> None:
    screen.open()
    screen.footage.still_error = error
    screen.server.save_still(12, Path("still.png"))
    assert text in screen.said[-1].message


def test_there_is_no_still_of_nothing(screen: Screen) -> None:
    screen.server.save_still(12, Path("still.png"))
    assert screen.said[-1].message == "No clip is open."
