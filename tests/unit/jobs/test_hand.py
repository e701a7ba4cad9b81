"""What nobody waits for rests while a hand moves, not for ever, and ends when it is unwanted."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING
from unittest.mock import Mock

import numpy as np
import pytest
from fake_footage import PATH, FakeFootage, InlinePool
from PySide6.QtCore import QObject

from codefx_desktop.domain.observations import Objects
from codefx_desktop.jobs.frame_server import FrameServer
from codefx_desktop.jobs.frame_servers import FrameServers
from codefx_desktop.jobs.hand import MOST_S, MOVES_S, Hand
from codefx_desktop.jobs.lane_desk import LaneDesk
from codefx_desktop.jobs.lane_values import LaneRequest
from codefx_desktop.jobs.review_desk import ReviewDesk
from codefx_desktop.jobs.review_values import ReviewRead, ReviewState, StopsAgain
from codefx_desktop.jobs.until import NEVER, Until

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from codefx_desktop.domain.run import CancelSignal


class Time:
    """A clock that goes on while somebody sleeps; what happens meanwhile is said by a test."""

    def __init__(self) -> None:
        self.now = 100.0
        self.slept = 0.0
        self.meanwhile = lambda: None

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        self.slept += seconds
        self.meanwhile()


@pytest.fixture
def world() -> SimpleNamespace:
    time = Time()
    return SimpleNamespace(time=time, hand=Hand(lambda: time.now, time.sleep))


def test_nothing_waits_for_a_hand_that_rests(world: SimpleNamespace) -> None:
    world.hand.give_way(NEVER)
    world.hand.moves()
    world.time.now += MOVES_S
    world.hand.give_way(NEVER)
    assert world.time.slept == 0


def test_one_that_moved_is_waited_for_until_it_rests(world: SimpleNamespace) -> None:
    world.hand.moves()
    world.hand.give_way(NEVER)
    assert world.time.slept == pytest.approx(MOVES_S, abs=0.011)


def test_a_hand_that_never_rests_is_not_waited_for_for_ever(world: SimpleNamespace) -> None:
    world.time.meanwhile = world.hand.moves
    world.hand.moves()
    world.hand.give_way(NEVER)
    assert world.time.slept == pytest.approx(MOST_S, abs=0.011)
    world.hand.give_way(NEVER)  # the next piece of work goes on at once
    assert world.time.slept == pytest.approx(MOST_S, abs=0.011)
    world.time.meanwhile = lambda: None
    world.time.now += MOVES_S  # it rested
    world.hand.moves()
    world.hand.give_way(NEVER)
    assert world.time.slept == pytest.approx(MOST_S + MOVES_S, abs=0.03)


def test_who_is_unwanted_does_not_wait(world: SimpleNamespace) -> None:
    unwanted = [False]
    signal = Until(lambda: unwanted[0])
    gives_way = world.hand.before(signal)
    assert not gives_way.is_set()
    world.hand.moves()
    unwanted[0] = True
    assert gives_way.is_set()
    assert world.time.slept == 0
    unwanted[0] = False

    def leave() -> None:
        unwanted[0] = True

    world.time.meanwhile = leave
    assert gives_way.is_set()
    assert world.time.slept == pytest.approx(0.01)


@pytest.mark.usefixtures("qtbot")
def test_every_frame_that_is_asked_for_moves_it() -> None:
    hand, footage = Mock(spec=Hand), FakeFootage()
    server = FrameServer(lambda _: footage, new_pool=InlinePool, hand=hand)
    server.open(PATH)
    hand.moves.assert_not_called()
    server.show(7)
    server.preview(90)
    assert hand.moves.call_count == 2
    server.shutdown()


def test_lanes_wait_for_it(qtbot: QtBot, world: SimpleNamespace, tmp_path: Path) -> None:
    desk = LaneDesk(tmp_path, new_pool=InlinePool, hand=world.hand)
    built: list[object] = []
    desk.built.connect(built.append)
    world.hand.moves()
    desk.build(LaneRequest(np.arange(3) / 10, 0.3, Objects.none()))
    qtbot.waitUntil(lambda: len(built) == 1)
    assert world.time.slept == pytest.approx(MOVES_S, abs=0.011)
    desk.shutdown()


@pytest.mark.usefixtures("qtbot")
def test_a_look_at_tracks_waits_for_it_and_the_stops_do_not(world: SimpleNamespace) -> None:
    slept: dict[str, float] = {}

    def again(read: ReviewRead, _ops: object, revision: int, cancel: CancelSignal) -> StopsAgain:
        assert not cancel.is_set()
        slept["stops"] = world.time.slept
        return StopsAgain(read.job_id, revision)

    def suspected(_read: object, _ops: object, _again: object, cancel: CancelSignal) -> None:
        assert not cancel.is_set()
        slept["tracks"] = world.time.slept

    files = Mock(stops_again=again, suspected=suspected)
    desk = ReviewDesk(lambda _cancel: files, new_pool=InlinePool, hand=world.hand)
    desk.open("a")
    desk.hand.moves()
    desk.find_stops(ReviewRead("a", ReviewState.READY), (), keeps=False)
    assert slept == {"stops": 0.0, "tracks": pytest.approx(MOVES_S, abs=0.011)}
    desk.shutdown()


def test_all_of_a_window_know_the_same_hand(qtbot: QtBot, tmp_path: Path) -> None:
    parent, servers = QObject(), FrameServers()
    review, lanes = servers.new_review_desk(parent), servers.new_lane_desk(tmp_path, parent)
    assert servers.new(parent)._hand is review.hand
    assert lanes._hand is review.hand
    servers.shutdown()
    parent.deleteLater()
    qtbot.wait(1)
