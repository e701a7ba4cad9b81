"""The frame server without threads: what is served, in which order, and what is told."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from fake_footage import GOP, PATH, FakeFootage, InlinePool

from codefx_desktop.domain.errors import ClipUnreadable
from codefx_desktop.domain.run import Cancelled, CancelSignal
from codefx_desktop.jobs.frame_server import FrameServer
from codefx_desktop.jobs.viewing import Opening

if TYPE_CHECKING:
    from frame_screen import Screen
    from pytestqt.qtbot import QtBot

Hook = Callable[[int], None]


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


# -- pictures for the screen -------------------------------------------------------------------


def sizes(screen: Screen) -> list[tuple[int, int] | None]:
    """Return at which size each served picture came for the screen."""
    return [
        None if one.fitted is None else (one.fitted.shape[1], one.fitted.shape[0])
        for one in screen.frames
    ]


def test_pictures_come_at_the_size_that_was_said(screen: Screen) -> None:
    screen.open()
    screen.server.show(3)
    assert sizes(screen)[-1] is None
    screen.server.fit_to((64, 36))
    screen.server.show(4)
    assert (screen.numbers[-1], sizes(screen)[-1]) == (4, (64, 36))
    screen.server.preview(500)
    assert (screen.numbers[-1], sizes(screen)[-1]) == (500, None), "a keyframe while a hand drags"
    screen.server.fit_to(None)
    screen.server.show(5)
    assert sizes(screen)[-1] is None


def test_the_picture_on_screen_comes_again_at_another_size(screen: Screen, qtbot: QtBot) -> None:
    screen.open()
    screen.server.show(3)
    count = len(screen.frames)
    for width in (60, 62, 64):
        screen.server.fit_to((width, 36))
    qtbot.waitUntil(lambda: len(screen.frames) > count)
    qtbot.wait(30)
    assert screen.numbers[count:] == [3]
    assert sizes(screen)[count:] == [(64, 36)]
    screen.server.fit_to((64, 36))
    screen.server.fit_to(None)
    qtbot.wait(30)
    assert len(screen.frames) == count + 1


def test_a_picture_that_is_no_longer_wanted_does_not_come_again(
    screen: Screen, qtbot: QtBot
) -> None:
    screen.open()
    screen.server.show(3)
    screen.footage.clip_frames.broken[4] = ClipUnreadable("Frame 4 cannot be decoded.")
    screen.server.show(4)
    count = len(screen.frames)
    screen.server.fit_to((64, 36))
    qtbot.wait(30)
    assert len(screen.frames) == count
