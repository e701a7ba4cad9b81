"""A clip of 60 and one of 120 frames/s compared: whatever is done, their pictures belong together.

Every picture carries its number. Each time the pictures on screen change they are read, and where
they lie on the common time is worked out anew from the clips' presentation timestamps.
"""

from __future__ import annotations

import logging
import random
import time
from typing import TYPE_CHECKING

import pytest
from clips import make_clip, read_number
from comparing import Stage, later
from gui.fake_stops import pit_stop
from PySide6.QtCore import QCoreApplication, QEvent

from codefx_desktop.domain.events import Place
from codefx_desktop.jobs.footage_files import FootageFiles
from codefx_desktop.jobs.frame_server import FrameServer
from codefx_desktop.settings.paths import app_paths
from codefx_desktop.ui.models.speeds import SPEEDS
from codefx_desktop.video.frame_cache import SharedRoom
from codefx_desktop.video.probe import probe

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

log = logging.getLogger(__name__)

WAIT_MS = 60_000
SECONDS = 8.0
SLOWER_S = 1 / 60
PICTURE_BYTES = 320 * 180 * 3 // 2
EVENTS = [("stop", Place.NONE), ("go", Place.NONE), ("wheel_off", Place.FRONT_LEFT)]


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("compare")
    slow = make_clip(folder / "slow.mp4", seconds=SECONDS, rate=60, gop=60)
    fast = make_clip(folder / "fast.mp4", seconds=SECONDS, rate=120, gop=60)
    return slow, fast


class Judge:
    """Looks at the pictures whenever they change."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.worst_s = 0.0
        self.seen = self.judged = 0
        stage.player.pictured.connect(self.look)

    def look(self) -> None:
        if self.stage.player.dragging:
            return  # keyframes near by, and called so
        times = []
        for pane in self.stage.view.panes:
            if pane.shown is None or pane.zero is None or pane.clip is None:
                return
            number = pane.shown.frame.number
            assert pane.shown.is_exact
            assert read_number(pane.shown.frame.pixels) == number
            at_s = pane.clip.index.time(number).seconds
            times.append(at_s - pane.zero.time_s - pane.offset_s)
            if number in (0, len(pane.clip.index) - 1):
                times.pop()  # it may be over
        self.seen += 1
        if len(times) == 2:
            self.judged += 1
            self.worst_s = max(self.worst_s, abs(times[0] - times[1]))


class Wall:
    """The clock on the wall, which a test may stop and move on by hand."""

    def __init__(self) -> None:
        self.stopped_s: float | None = None

    def __call__(self) -> float:
        return time.monotonic() if self.stopped_s is None else self.stopped_s


@pytest.fixture
def wall() -> Wall:
    return Wall()


@pytest.fixture
def stage(qtbot: QtBot, clips: tuple[Path, Path], wall: Wall) -> Iterator[Stage]:
    servers: list[FrameServer] = []

    room = SharedRoom(100 * PICTURE_BYTES)

    def new_server() -> FrameServer:
        footage = FootageFiles(app_paths(), lambda path, *_: probe(path), room)
        servers.append(FrameServer(lambda _: footage, rest_ms=20))
        return servers[-1]

    made = Stage(new_server, now_s=wall)
    # The events lie between pictures, differently in both.
    made.put("slow", clips[0], later(pit_stop(), 0.0031))
    made.put("fast", clips[1], later(pit_stop(), 0.4177))
    assert made.view.add("slow")
    assert made.view.add("fast")
    qtbot.waitUntil(made.is_still, timeout=WAIT_MS)
    yield made
    for server in servers:
        server.shutdown()
        server.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def moves(stage: Stage, chance: random.Random) -> list[Callable[[], object]]:
    """Return one of each kind of move, with other figures each time."""
    view, player = stage.view, stage.player
    rate = chance.choice(SPEEDS) * chance.choice((1, -1))

    def nudge() -> None:
        view.set_focus(chance.randrange(2))
        chance.choice(
            (
                lambda: view.nudge(chance.choice((1, -1))),
                lambda: view.nudge_s(chance.choice((0.01, -0.01))),
                view.reset_offset,
            )
        )()

    def drag() -> None:
        for _ in range(3):
            player.drag_to(chance.uniform(-2.0, 5.0))
        player.go(chance.uniform(-2.0, 5.0))

    return [
        lambda: player.step(chance.choice((1, -1, 1, -1, 10, -10))),
        lambda: player.go(chance.uniform(-2.0, 5.0)),
        lambda: view.jump(chance.choice((1, -1))),
        chance.choice((player.home, player.end)),
        lambda: view.align(chance.choice(EVENTS)),
        lambda: player.play(rate),
        lambda: player.play(rate),
        nudge,
        nudge,
        drag,
    ]


def run(qtbot: QtBot, stage: Stage, count: int) -> Judge:
    chance, judge = random.Random(60_120), Judge(stage)  # noqa: S311 - moves to be made
    for _ in range(count):
        chance.choice(moves(stage, chance))()
        if stage.player.playing:
            qtbot.wait(chance.randrange(30, 90))
            if chance.random() < 0.5:
                moves(stage, chance)[-2]()  # set off while it plays
                qtbot.wait(40)
            stage.player.pause()
        qtbot.waitUntil(stage.is_still, timeout=WAIT_MS)
    return judge


def test_60_moves_never_part_them_by_more_than_half_a_picture(qtbot: QtBot, stage: Stage) -> None:
    judge = run(qtbot, stage, 60)
    assert judge.judged >= 40
    assert 0.0 < judge.worst_s <= SLOWER_S / 2 + 1e-6


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_500_moves_never_part_them_by_more_than_half_a_picture(qtbot: QtBot, stage: Stage) -> None:
    judge = run(qtbot, stage, 500)
    log.info("%d of %d pictures judged", judge.judged, judge.seen)
    log.info("worst drift %.3f ms", judge.worst_s * 1000)
    assert judge.judged >= 400
    assert 0.0 < judge.worst_s <= SLOWER_S / 2 + 1e-6


def test_playing_for_a_second_takes_a_second(qtbot: QtBot, stage: Stage, wall: Wall) -> None:
    """Pictures have all the time they need: the clock goes on when they are there."""
    player = stage.player
    player.go(0.0)
    qtbot.waitUntil(stage.is_still, timeout=WAIT_MS)
    judge, begin_s = Judge(stage), player.time_s
    wall.stopped_s = 1000.0
    player.play(1.0)
    for step in range(1, 31):
        wall.stopped_s = 1000.0 + step / 30
        due_s = begin_s + step / 30 - SLOWER_S  # the picture that is due may have begun so long ago
        qtbot.waitUntil(lambda due_s=due_s: player.time_s > due_s, timeout=WAIT_MS)
        qtbot.waitUntil(lambda: not player.is_waiting, timeout=WAIT_MS)
    assert not player.is_slow
    player.pause()
    qtbot.waitUntil(stage.is_still, timeout=WAIT_MS)
    assert player.time_s == pytest.approx(begin_s + 1.0, abs=SLOWER_S)
    assert judge.judged >= 30
    assert judge.worst_s <= SLOWER_S / 2 + 1e-6
