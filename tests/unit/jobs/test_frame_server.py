"""The frame server without threads: what is served, in which order, and what is told."""

from __future__ import annotations

import logging
import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from fake_footage import GOP, PATH, FakeFootage, InlinePool, fake_clip, number_in
from PySide6.QtCore import QCoreApplication, QEvent

from codefx_desktop.domain.errors import (
    ClipError,
    ClipLost,
    ClipMissing,
    ClipRefused,
    ClipUnreadable,
    EncodeError,
    NotWritable,
)
from codefx_desktop.domain.run import Cancelled, CancelSignal
from codefx_desktop.jobs.frame_server import FrameServer
from codefx_desktop.jobs.viewing import Opening, ProxyPhase, ProxyState, ServedFrame, TroubleKind

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

Hook = Callable[[int], None]


class Screen:
    """A server on inline pools, and all that it said."""

    def __init__(self, rest_ms: int = 1) -> None:
        self.footage = FakeFootage()
        self.clock = self.footage.clock
        self.pools: list[InlinePool] = []
        self.said: list[object] = []
        self.at_s: list[float] = []
        self.server = FrameServer(
            lambda _cancel: self.footage, new_pool=self._pool, clock=self.clock, rest_ms=rest_ms
        )
        for signal in ("opening", "opened", "served", "trouble", "proxy", "saved"):
            getattr(self.server, signal).connect(self._hear)

    def _pool(self, workers: int) -> InlinePool:
        self.pools.append(InlinePool(workers))
        return self.pools[-1]

    def _hear(self, value: object) -> None:
        self.said.append(value)
        if isinstance(value, ServedFrame):
            self.at_s.append(self.clock.now_s)

    @property
    def frames_pool(self) -> InlinePool:
        return self.pools[0]

    @property
    def proxies_pool(self) -> InlinePool:
        return self.pools[2]

    @property
    def frames(self) -> list[ServedFrame]:
        return [value for value in self.said if isinstance(value, ServedFrame)]

    @property
    def numbers(self) -> list[int]:
        """What was delivered; the pixels tell the truth."""
        for served in self.frames:
            if not served.from_proxy:
                assert number_in(served.frame) == served.frame.number
        return [served.frame.number for served in self.frames]

    def names(self) -> list[str]:
        return [type(value).__name__ for value in self.said]

    def open(self, path: Path = PATH) -> int:
        """Open a clip and forget what was said about it."""
        session = self.server.open(path)
        self.forget()
        return session

    def forget(self) -> None:
        self.said.clear()
        self.at_s.clear()

    def during(self, asks: dict[int, Callable[[], None]]) -> None:
        """Have something asked right before frames are decoded."""

        def step(number: int) -> None:
            if number in asks:
                asks.pop(number)()

        self.footage.clip_frames.on_step = step


@pytest.fixture
def screen(qtbot: QtBot) -> Iterator[Screen]:
    made = Screen()
    yield made
    made.server.shutdown()
    made.server.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


# -- opening and closing ---------------------------------------------------------------------


def test_a_clip_opens_and_shows_its_first_frame(screen: Screen) -> None:
    session = screen.server.open(PATH, "job")
    assert screen.names() == ["Opening", "OpenedClip", "ServedFrame"]
    assert {value.session for value in screen.said} == {session}
    assert (screen.numbers, screen.frames[0].is_exact) == ([0], True)
    assert screen.footage.calls[0] == ("open", PATH, "job")


def test_a_frame_that_is_asked_for_while_it_opens_comes_instead_of_the_first(
    screen: Screen,
) -> None:
    screen.footage.opening = lambda *_: screen.server.show(7)
    screen.server.open(PATH)
    assert screen.numbers == [7]


def test_another_clip_ends_the_opening_of_the_first(screen: Screen) -> None:
    other = Path("other.mp4")
    cancelled: list[bool] = []

    def open_other(path: Path, cancel: CancelSignal) -> None:
        if path == PATH:
            screen.server.open(other)
            cancelled.append(cancel.is_set())

    screen.footage.opening = open_other
    screen.server.open(PATH)
    assert cancelled == [True]
    assert [value.session for value in screen.said if "Clip" in type(value).__name__] == [2]
    assert screen.frames[-1].session == 2
    assert len(screen.footage.made) == 1


def test_only_the_last_of_several_clips_is_opened(screen: Screen) -> None:
    screen.frames_pool.holds = True
    for name in ("a.mp4", "b.mp4", "c.mp4"):
        session = screen.server.open(Path(name))
    screen.frames_pool.release()
    assert [call[1] for call in screen.footage.calls] == [Path("c.mp4")]
    assert {value.session for value in screen.said} == {session}


def test_a_frame_of_the_former_clip_is_not_asked_of_the_next(screen: Screen) -> None:
    screen.open()
    screen.frames_pool.holds = True
    screen.server.show(500)
    session = screen.server.open(Path("other.mp4"))
    screen.frames_pool.release()
    assert [(served.session, served.frame.number) for served in screen.frames] == [(session, 0)]


def test_late_answers_about_a_former_clip_are_dropped(screen: Screen) -> None:
    former = screen.server.open(PATH)
    late = [value for value in screen.said if not isinstance(value, Opening)]
    screen.open(Path("other.mp4"))
    for value in late:
        screen.server._tell(value)
    assert len(late) == 2
    assert not screen.said
    # A frame of this clip must not come before it is told that the clip is open.
    screen.server._newest = replace(late[1], session=former + 1)
    screen.server._deliver(former)
    assert not screen.said
    screen.server._deliver(former + 1)
    assert screen.names() == ["ServedFrame"]


def test_nothing_comes_of_a_clip_that_was_closed_in_the_midst_of_a_search(screen: Screen) -> None:
    screen.open()
    screen.during({30: screen.server.close})
    screen.server.show(40)
    assert not screen.said
    assert screen.footage.clip_frames.decoded[-1] == 30
    assert screen.footage.clip_frames.closed == 1
    screen.server.show(3)
    assert not screen.said


def test_a_search_ends_when_another_clip_is_opened(screen: Screen) -> None:
    screen.open()
    first = screen.footage.clip_frames
    screen.during({30: lambda: screen.server.open(Path("other.mp4")) and None})
    screen.server.show(40)
    assert {value.session for value in screen.said} == {2}
    assert screen.numbers == [0]
    assert (first.opened, first.closed) == (1, 1)


def test_shutdown_ends_everything_and_can_be_called_again(screen: Screen) -> None:
    screen.open()
    screen.during({30: screen.server.shutdown})
    screen.server.show(40)
    screen.server.shutdown()
    screen.server.show(2)
    screen.server.open(PATH)
    assert not screen.said
    assert screen.footage.clip_frames.closed == 1


# -- the newest request ----------------------------------------------------------------------


def test_steps_decode_each_picture_once(screen: Screen) -> None:
    screen.open()
    for number in range(1, 40):
        screen.server.show(number)
    assert screen.numbers == list(range(1, 40))
    assert screen.footage.clip_frames.decoded == list(range(40))
    assert screen.footage.clip_frames.seeks == [0]


def test_of_several_requests_only_the_newest_is_served(screen: Screen) -> None:
    screen.open()
    screen.frames_pool.holds = True
    for number in (700, 800, 31):
        screen.server.show(number)
    screen.frames_pool.release()
    assert screen.numbers == [31]
    assert screen.footage.clip_frames.seeks == [0]


def test_a_search_is_left_when_a_frame_elsewhere_is_wanted(screen: Screen) -> None:
    screen.open()
    screen.during({510: lambda: screen.server.show(7)})
    screen.server.show(540)
    assert screen.numbers == [7]
    assert max(screen.footage.clip_frames.decoded) == 510


def test_a_search_goes_on_when_a_frame_behind_it_is_wanted(screen: Screen) -> None:
    screen.open()
    screen.during({505: lambda: screen.server.show(530)})
    screen.server.show(520)
    assert screen.numbers == [520, 530]
    assert screen.footage.clip_frames.seeks == [0, 500]
    assert screen.footage.clip_frames.decoded[1:] == list(range(500, 531))


def test_a_search_stops_at_a_nearer_frame(screen: Screen) -> None:
    screen.open()
    screen.during({505: lambda: screen.server.show(510)})
    screen.server.show(540)
    assert screen.numbers == [510]
    assert screen.footage.clip_frames.decoded[1:] == list(range(500, 511))


def test_asking_twice_is_asking_once(screen: Screen) -> None:
    screen.open()
    screen.footage.clip_frames.step_s = 0.05
    screen.during({505: lambda: screen.server.show(520)})
    screen.server.show(520)
    assert set(screen.numbers) == {520}
    assert screen.footage.clip_frames.decoded[1:] == list(range(500, 521))


def test_a_preview_does_not_wait_for_a_search(screen: Screen) -> None:
    screen.open()
    screen.during({505: lambda: screen.server.preview(830)})
    screen.server.show(540)
    assert [(s.wanted, s.frame.number, s.is_exact) for s in screen.frames] == [(830, 800, False)]


def test_an_answer_that_nobody_would_see_is_not_delivered(screen: Screen) -> None:
    screen.open()
    screen.during({2: lambda: screen.server.show(3)})
    screen.server.show(1)
    screen.server.show(2)
    assert screen.numbers == [1, 3]


def test_an_answer_that_is_overtaken_by_what_takes_long_is_delivered(screen: Screen) -> None:
    screen.open()
    screen.footage.clip_frames.on_step = lambda n: screen.server.show(940) if n == 2 else None
    screen.server.show(1)
    screen.server.show(2)
    assert screen.numbers == [1, 2, 940]


def test_numbers_beyond_the_ends_stand_for_the_ends(screen: Screen) -> None:
    screen.open()
    screen.server.show(5000)
    screen.server.show(-3)
    assert screen.numbers == [999, 0]


# -- no starvation ---------------------------------------------------------------------------


def asks_at_60_hz(screen: Screen, ask: Callable[[float], None], seconds: float) -> Hook:
    """Return a hook that asks as a screen would, by the fake clock, for so long."""
    began = last = screen.clock.now_s

    def step(_: int) -> None:
        nonlocal last
        now = screen.clock.now_s
        if now - last >= 1 / 60 and now - began < seconds:
            last = now
            ask(now - began)

    return step


def gaps(screen: Screen) -> list[float]:
    return [after - before for before, after in zip(screen.at_s, screen.at_s[1:], strict=False)]


def test_playing_faster_than_can_be_decoded_shows_pictures_all_the_time(screen: Screen) -> None:
    screen.open()
    frames = screen.footage.clip_frames
    frames.step_s = 1 / 30
    frames.on_step = asks_at_60_hz(
        screen, lambda at_s: screen.server.show(5 + round(at_s * 60)), 10
    )
    screen.server.show(5)
    assert max(gaps(screen)) <= 0.15
    assert screen.frames[-1].is_exact
    assert screen.frames[-1].wanted >= 590
    assert screen.numbers == sorted(screen.numbers)
    for served in screen.frames:
        assert served.is_exact == (served.frame.number == served.wanted)


def test_frames_here_and_there_show_something_before_they_are_found(screen: Screen) -> None:
    screen.open()
    frames, chance = screen.footage.clip_frames, random.Random(5)  # noqa: S311 - places
    frames.step_s, frames.seek_s = 0.01, 0.05
    frames.on_step = asks_at_60_hz(
        screen, lambda _: screen.server.show(chance.randrange(45, 1000, 50)), 5
    )
    screen.server.show(949)
    assert max(gaps(screen)[:-1]) <= 0.25  # the last is sought without being overtaken
    assert screen.frames[-1].is_exact
    approximate = [served for served in screen.frames if not served.is_exact]
    assert approximate
    assert all(served.frame.number % GOP == 0 for served in approximate)


def test_a_drag_on_a_slow_drive_shows_a_picture_for_every_look(screen: Screen) -> None:
    screen.open()
    frames = screen.footage.clip_frames
    frames.key_s = 0.3
    places = iter(range(60, 960, 10))

    def drag(_: int) -> None:
        place = next(places, None)
        if place is not None:
            screen.server.preview(place)

    frames.on_step = drag
    screen.server.preview(50)
    assert len(screen.frames) == len(frames.previews) == 91
    assert max(gaps(screen)) <= 0.3


def test_letting_go_is_heard_during_a_preview(screen: Screen) -> None:
    screen.open()
    screen.during({100: lambda: screen.server.show(133)})
    screen.server.preview(120)
    assert screen.numbers == [133]


# -- looking ahead ---------------------------------------------------------------------------


def test_what_is_ahead_is_fetched_in_the_direction_of_travel(screen: Screen) -> None:
    screen.open()
    for number in (1, 2, 1, 0, 500, 499, 489, 499, 20, 999):
        screen.server.show(number)
    directions = [1, 1, -1, -1, 1, -1, -1, 1, 1, 1]
    assert [direction for _, direction in screen.footage.clip_frames.ahead[1:]] == directions


def test_a_request_ends_looking_ahead_at_once(screen: Screen) -> None:
    screen.open()
    frames = screen.footage.clip_frames
    frames.prefetches = 24
    screen.during({13: lambda: screen.server.show(500)})
    screen.server.show(10)
    assert screen.numbers == [10, 500]
    assert 13 in frames.held
    assert 14 not in frames.held


def test_nothing_is_fetched_ahead_during_a_drag(screen: Screen) -> None:
    screen.open()
    before = list(screen.footage.clip_frames.ahead)
    screen.server.preview(500)
    assert screen.footage.clip_frames.ahead == before


# -- troubles --------------------------------------------------------------------------------


def troubles(screen: Screen) -> list[tuple[TroubleKind, int | None]]:
    return [(v.kind, v.number) for v in screen.said if type(v).__name__ == "ClipTrouble"]


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (ClipRefused("It is empty."), TroubleKind.UNREADABLE),
        (ClipUnreadable("It has no picture."), TroubleKind.UNREADABLE),
        (ClipMissing("It is not there."), TroubleKind.LOST),
        (ClipLost("It went away."), TroubleKind.LOST),
    ],
)
def test_a_clip_that_cannot_be_opened(screen: Screen, error: ClipError, kind: TroubleKind) -> None:
    screen.footage.open_error = error
    session = screen.server.open(PATH)
    assert screen.names() == ["Opening", "ClipTrouble"]
    told = screen.said[-1]
    assert (told.session, told.path, told.kind, told.message) == (session, PATH, kind, str(error))
    screen.forget()
    screen.footage.open_error = None
    screen.server.show(4)
    assert screen.numbers == [4]


def test_a_bug_while_opening_is_told_and_logged(
    screen: Screen, caplog: pytest.LogCaptureFixture
) -> None:
    screen.footage.open_error = ZeroDivisionError("oops")
    with caplog.at_level(logging.ERROR):
        screen.server.open(PATH)
    assert troubles(screen) == [(TroubleKind.UNREADABLE, None)]
    assert "ZeroDivisionError: oops" in screen.said[-1].message
    assert "Traceback" in caplog.text


def test_a_frame_that_cannot_be_decoded_is_told_and_one_goes_on(screen: Screen) -> None:
    screen.open()
    screen.footage.clip_frames.broken[5] = ClipUnreadable("Frame 5 cannot be decoded.", hint="Go.")
    for number in (4, 5, 6):
        screen.server.show(number)
    assert screen.numbers == [4, 6]
    assert troubles(screen) == [(TroubleKind.FRAME, 5)]
    assert screen.said[1].message == "Frame 5 cannot be decoded. Go."


def test_a_keyframe_that_cannot_be_decoded_is_told(screen: Screen) -> None:
    screen.open()
    screen.footage.clip_frames.broken[100] = ClipUnreadable("Frame 100 cannot be decoded.")
    screen.server.preview(120)
    assert troubles(screen) == [(TroubleKind.FRAME, 120)]


def test_a_bug_in_a_frame_is_told_and_the_clip_opened_afresh(
    screen: Screen, caplog: pytest.LogCaptureFixture
) -> None:
    screen.open()
    first = screen.footage.clip_frames
    first.errors[5] = KeyError("oops")
    with caplog.at_level(logging.ERROR):
        screen.server.show(5)
    assert troubles(screen) == [(TroubleKind.FRAME, 5)]
    assert "Traceback" in caplog.text
    screen.server.show(6)
    assert screen.numbers == [6]
    assert first.closed == 1
    assert screen.footage.clip_frames is not first


def test_a_drive_that_goes_away_and_comes_back(screen: Screen) -> None:
    screen.open()
    first = screen.footage.clip_frames
    first.errors[5] = ClipLost("It can no longer be read.")
    screen.footage.frames_error = ClipMissing("It is not there.")
    screen.server.show(5)
    screen.server.show(6)
    assert troubles(screen) == [(TroubleKind.LOST, 5), (TroubleKind.LOST, 6)]
    for number, told in zip((5, 6), screen.said, strict=True):
        assert told.message.startswith(f"Source missing at frame {number}: clip.mp4")
    assert first.closed == 1
    screen.footage.frames_error = None
    screen.server.show(6)
    assert screen.numbers == [6]


def test_another_file_in_the_place_of_a_lost_one_is_not_taken_for_it(screen: Screen) -> None:
    screen.open()
    screen.footage.clip_frames.errors[5] = ClipLost("It can no longer be read.")
    screen.server.show(5)
    screen.footage.kept = "v1:b"
    screen.server.show(5)
    assert troubles(screen) == [(TroubleKind.LOST, 5), (TroubleKind.UNREADABLE, None)]
    assert "Another file" in screen.said[-1].message
    assert not screen.frames


def test_trouble_ahead_is_told_only_when_one_gets_there(
    screen: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: object) -> int:
        raise ClipLost("It can no longer be read.")

    screen.open()
    monkeypatch.setattr(screen.footage.clip_frames, "prefetch", gone)
    screen.server.show(5)
    assert screen.names() == ["ServedFrame"]


# -- the proxy -------------------------------------------------------------------------------


def proxies(screen: Screen) -> list[ProxyPhase]:
    return [value.phase for value in screen.said if type(value).__name__ == "ProxyState"]


def open_with_proxy(screen: Screen, qtbot: QtBot) -> None:
    screen.footage.proxy = fake_clip(Path("proxy.mp4"), screen.footage.count)
    screen.server.open(PATH)
    (state,) = [value for value in screen.said if isinstance(value, ProxyState)]
    assert (state.phase, state.size_bytes) == (ProxyPhase.READY, 1000)
    assert [served.from_proxy for served in screen.frames] == [True]
    rest(screen, qtbot)
    assert [served.from_proxy for served in screen.frames] == [True, False]
    screen.forget()


def rest(screen: Screen, qtbot: QtBot) -> None:
    """Let the server's timer run out, if it runs."""
    if screen.server._rest.isActive():
        with qtbot.waitSignal(screen.server._rest.timeout):
            pass


def test_a_proxy_does_not_stand_in_for_another_clip(screen: Screen, qtbot: QtBot) -> None:
    open_with_proxy(screen, qtbot)
    screen.footage.proxy = None
    screen.open(Path("other.mp4"))
    screen.server.show(700)
    assert [served.from_proxy for served in screen.frames] == [False]


def test_a_proxy_that_is_found_during_a_search_does_not_end_it(screen: Screen) -> None:
    screen.proxies_pool.holds = True
    screen.footage.proxy = fake_clip(Path("proxy.mp4"))
    screen.open()
    screen.during({30: screen.proxies_pool.release})
    screen.server.show(40)
    assert screen.numbers == [40]
    assert proxies(screen) == [ProxyPhase.READY]
    screen.server.show(700)
    assert screen.frames[-1].from_proxy


def test_dragging_on_a_proxy_shows_the_very_frames_then_the_clips_own(
    screen: Screen, qtbot: QtBot
) -> None:
    open_with_proxy(screen, qtbot)
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
    open_with_proxy(screen, qtbot)
    for number in (1, 700, 2):
        screen.server.show(number)
    assert [served.from_proxy for served in screen.frames] == [False, True, False]
    assert not screen.server._rest.isActive()
    screen.server.show(700)
    rest(screen, qtbot)
    assert [served.from_proxy for served in screen.frames[3:]] == [True, False]
    assert screen.numbers[3:] == [700, 700]


def test_a_request_in_time_keeps_the_proxys_picture(screen: Screen, qtbot: QtBot) -> None:
    open_with_proxy(screen, qtbot)
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


def test_a_broken_proxy_gives_way_to_the_clip(screen: Screen, qtbot: QtBot) -> None:
    open_with_proxy(screen, qtbot)
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


def test_a_proxy_is_closed_before_it_is_removed(screen: Screen, qtbot: QtBot) -> None:
    open_with_proxy(screen, qtbot)
    screen.server.show(700)
    screen.server.drop_proxy()
    assert screen.footage.calls[-1] == ("drop", PATH, [0, 1])
    assert proxies(screen) == [ProxyPhase.NONE]
    screen.server.show(800)
    assert not screen.frames[-1].from_proxy


def test_a_proxy_that_resists_is_told(
    screen: Screen, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def resist(_: object) -> None:
        raise NotWritable("The proxy cannot be removed.")

    open_with_proxy(screen, qtbot)
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


def test_waiting_for_what_opens_clips_can_be_given_up(qtbot: QtBot) -> None:
    asked: list[bool] = []

    def never(cancel: CancelSignal) -> FakeFootage:
        asked.append(cancel.is_set())
        server.close()
        asked.append(cancel.is_set())
        raise Cancelled

    server = FrameServer(never, new_pool=InlinePool)
    server.open(PATH)
    assert asked == [False, True]
    server.shutdown()
