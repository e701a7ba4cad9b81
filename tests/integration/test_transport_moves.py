"""Random moves of the transport on a real clip: no picture ever says another number than it shows.

The window is the real one, the frame server and the review desk too; keys are pressed and the bar
is dragged. Each picture's barcode is read from the very image that is painted and compared with
the words over it and with the overlay that was painted: its number, and where its box lies.
"""

from __future__ import annotations

import logging
import random
from collections import Counter
from typing import TYPE_CHECKING

import numpy as np
import pytest
from clips import make_clip, read_number
from fakes import FAKE_DEVICE, FakeVision
from gui.fake_hub import FakeHub
from gui.reviewing import at, key
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from runs import shop_with

from codefx_desktop.domain.detections import Detections
from codefx_desktop.domain.findings import FrameFindings
from codefx_desktop.domain.job import JobMetadata, JobSpec, JobStatus
from codefx_desktop.domain.ports import ModelInfo
from codefx_desktop.jobs.engine import Engine
from codefx_desktop.jobs.footage_files import FootageFiles
from codefx_desktop.jobs.frame_server import FrameServer
from codefx_desktop.jobs.review_desk import ReviewDesk
from codefx_desktop.jobs.work import layout_of
from codefx_desktop.settings.paths import app_paths
from codefx_desktop.store.detections import DetectionWriter
from codefx_desktop.ui.main_window import MainWindow
from codefx_desktop.ui.models.jump_places import JumpKind, JumpPlace
from codefx_desktop.ui.theme import Theme
from codefx_desktop.video.probe import probe

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from codefx_desktop.domain.job import JobRecord
    from codefx_desktop.video.probe import ProbedClip

FRAMES, GOP = 400, 50
WAIT_MS = 60_000
SEED = 11
K, NONE = Qt.Key, Qt.KeyboardModifier.NoModifier
SHIFT, CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier
KEYS = (
    *((k, NONE) for k in (K.Key_Space, K.Key_J, K.Key_K, K.Key_L, K.Key_Left, K.Key_Right)),
    *((k, SHIFT) for k in (K.Key_Left, K.Key_Right, K.Key_J, K.Key_L, K.Key_I, K.Key_O)),
    *((k, NONE) for k in (K.Key_Home, K.Key_End, K.Key_I, K.Key_O)),
    *((k, NONE) for k in (K.Key_PageUp, K.Key_PageDown)),
    *((k, m) for k in (K.Key_Left, K.Key_Right) for m in (CTRL, ALT)),
    *((k, NONE) for k in (K.Key_J, K.Key_L)),
    (K.Key_L, CTRL | SHIFT),
)


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clip of uneven intervals: 8 to 33 ms."""
    steps = np.array([8, 17, 17, 33, 16, 17])[np.arange(FRAMES) % 6]
    times_ms = [0, *np.cumsum(steps)[:-1].tolist()]
    path = tmp_path_factory.mktemp("moves") / "uneven.mp4"
    return make_clip(path, times_ms=times_ms, gop=GOP)


@pytest.fixture(scope="module")
def probed(clip: Path) -> ProbedClip:
    return probe(clip)


def box_of(number: int) -> tuple[float, float, float, float]:
    """Return a box that tells its frame's number: its left edge is that part of a pixel."""
    return (number / 4, 60.0, 200.0, 140.0)


@pytest.fixture
def job(home: Path, probed: ProbedClip) -> tuple[Engine, JobRecord]:
    """A finished job of the clip: one box in each frame, at a place of its own."""
    shop = shop_with(FakeVision())
    record = shop.history.add(
        input_path=probed.info.path,
        input_size_bytes=probed.info.size_bytes,
        spec=JobSpec(),
        metadata=JobMetadata(),
        job_root=shop.paths.data,
    )
    model = ModelInfo(probed.info.path, "ab" * 32, "detect", ("car",), 640, FAKE_DEVICE)
    path = layout_of(record).detections
    with DetectionWriter(path, index=probed.index, model=model) as writer:
        writer.append([found_in(number, probed) for number in range(FRAMES)])
        writer.set_picture(probed.info.width, probed.info.height, probed.info.duration_s)
    shop.history.claim(record.id)
    shop.history.finish(record.id, JobStatus.COMPLETE, stop_count=0)
    return Engine(shop), shop.history.get(record.id)


def found_in(number: int, probed: ProbedClip) -> FrameFindings:
    xyxy = np.array([box_of(number)], np.float32)
    sure, kind = np.array([0.9], np.float32), np.array([0], np.int16)
    found = Detections(xyxy, sure, kind, np.array([1], np.int32))
    return FrameFindings(number, probed.index.time(number), found)


class Watch:
    """Compares every picture with what is said of it and painted over it."""

    def __init__(self, window: MainWindow) -> None:
        self.window = window
        self.compared = 0
        self.wrong: list[tuple[object, ...]] = []
        self.shown: set[int] = set()
        window.review.view.pictured.connect(self.compare)

    def compare(self) -> None:
        picture = self.window.review.page.picture
        image, hud = picture.image(), picture.hud()
        if image is None or not hud:
            return
        picture.repaint()  # what is painted with this very picture, not with one before
        number = read_number(pixels_of(image))
        overlay = picture.painted_overlay
        over = None if overlay is None else overlay.frame_number
        boxes = [] if overlay is None else [box.xyxy for box in overlay.boxes]
        self.compared += 1
        self.shown.add(-1 if number is None else number)
        expected = [] if number is None else [pytest.approx(box_of(number))]
        if (hud[0], over) != (f"frame {number} / {FRAMES}", number) or boxes != expected:
            self.wrong.append((number, hud[0], over, boxes))


def pixels_of(image: QImage) -> np.ndarray:
    rgb = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(rgb.constBits(), np.uint8).reshape(rgb.height(), rgb.bytesPerLine())
    return rows[:, : rgb.width() * 3].reshape(rgb.height(), rgb.width(), 3)


@pytest.fixture
def window(
    qtbot: QtBot, probed: ProbedClip, job: tuple[Engine, JobRecord], qapp: object
) -> Iterator[MainWindow]:
    engine, record = job
    reviews = engine.reviews()
    hub, theme = FakeHub(), Theme(qapp)
    files = FootageFiles(app_paths(), lambda *_: probed)
    hub.frame_server = lambda parent=None: FrameServer(lambda _: files, parent)  # type: ignore[method-assign]
    hub.review_desk = lambda parent=None: ReviewDesk(lambda _: reviews, parent)  # type: ignore[method-assign]
    window = MainWindow(hub, theme)
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    hub.start()
    window.review.open_job(record)
    qtbot.waitUntil(lambda: window.review.view.shown is not None, timeout=WAIT_MS)
    model = window.reviewing.model
    qtbot.waitUntil(lambda: model.is_there and not model.is_updating, timeout=WAIT_MS)
    places = window.review.view.places
    for kind, numbers in (
        (JumpKind.EVENT, (30, 31, 149, 150, 260)),
        (JumpKind.SCENE, (0, 100, 333)),
        (JumpKind.SUSPICION, (5, 399)),
    ):
        places.fill(kind, [JumpPlace(number) for number in numbers])
    yield window
    window.close_without_asking()
    model.shutdown()
    engine.close()
    theme.deleteLater()


class Hand:
    """Moves at random, the same moves for the same seed."""

    def __init__(self, qtbot: QtBot, window: MainWindow) -> None:
        self.qtbot, self.window = qtbot, window
        self.chance = random.Random(SEED)  # noqa: S311 - moves
        self.moves: tuple[Callable[[], None], ...] = (self.drag, self.type, self.turn, self.speed)

    def move(self) -> None:
        if self.chance.random() < 0.75:
            key(self.qtbot, self.window, *self.chance.choice(KEYS))
        else:
            self.chance.choice(self.moves)()
        self.qtbot.wait(self.chance.choice((0, 0, 1, 5, 20, 60)))

    def drag(self) -> None:
        bar, left = self.window.review.page.transport.bar, Qt.MouseButton.LeftButton
        places = [at(self.window, self.chance.randrange(FRAMES)) for _ in range(4)]
        self.qtbot.mousePress(bar, left, pos=places[0])
        for place in places[1:]:
            self.qtbot.mouseMove(bar, place)
            self.qtbot.wait(self.chance.choice((0, 3, 15)))
        self.qtbot.mouseRelease(bar, left, pos=places[-1])

    def type(self) -> None:
        self.window.review.view.go_to(str(self.chance.randrange(FRAMES)))

    def turn(self) -> None:
        self.window.review.view.step(self.chance.randrange(-5, 6))

    def speed(self) -> None:
        self.chance.choice(self.window.review.actions.playing.speed_actions).trigger()


@pytest.mark.parametrize(
    "moves", [100, pytest.param(600, marks=[pytest.mark.slow, pytest.mark.timeout(600)])]
)
def test_random_moves_never_show_another_frame_than_they_say(
    qtbot: QtBot, window: MainWindow, moves: int
) -> None:
    watch, hand, view = Watch(window), Hand(qtbot, window), window.review.view
    settled = Counter[bool]()
    for _ in range(moves):
        hand.move()
        watch.compare()
        if hand.chance.random() < 0.2:  # now and then wait for what was asked for
            view.pause()
            qtbot.waitUntil(
                lambda: (
                    view.shown is not None
                    and view.shown.is_exact
                    and view.shown.frame.number == view.position
                ),
                timeout=WAIT_MS,
            )
            watch.compare()
            picture = window.review.page.picture
            settled[picture.hud()[0] == f"frame {view.position} / {FRAMES}"] += 1
    said = f"{watch.compared} pictures compared, {len(watch.shown)} different ones"
    logging.getLogger(__name__).info("%s, %d wrong", said, len(watch.wrong))
    assert watch.wrong == [], said
    assert settled[False] == 0
    assert settled[True] > moves / 10
    assert watch.compared > moves
    assert len(watch.shown) > moves / 8
