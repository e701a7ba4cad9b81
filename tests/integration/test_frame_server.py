"""The frame server on real clips and workers: every picture carries its number."""

from __future__ import annotations

import itertools
import random
import time
from dataclasses import replace
from typing import TYPE_CHECKING

import psutil
import pytest
from clips import make_clip, read_number
from fakes import FakeVision
from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop

from codefx_desktop.bootstrap import open_workshop
from codefx_desktop.domain.job import JobMetadata, JobSpec
from codefx_desktop.jobs.engine import Engine
from codefx_desktop.jobs.footage_files import FootageFiles
from codefx_desktop.jobs.frame_server import FrameServer
from codefx_desktop.jobs.hub import Hub
from codefx_desktop.jobs.messages import OpenedEngine
from codefx_desktop.jobs.viewing import (
    ClipTrouble,
    OpenedClip,
    ProxyPhase,
    ProxyState,
    ServedFrame,
    TroubleKind,
)
from codefx_desktop.settings.paths import app_paths
from codefx_desktop.settings.settings import load_settings
from codefx_desktop.video import seeking
from codefx_desktop.video.access import FrameAccess
from codefx_desktop.video.fingerprint import fingerprint
from codefx_desktop.video.probe import ProbedClip, probe

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from codefx_desktop.domain.run import CancelSignal

WAIT_MS = 60_000
FRAMES, GOP = 300, 60
PICTURE_BYTES = 320 * 180 * 3 // 2
CACHED = 40
"""Pictures that fit the cache: fewer than a group has."""


def read_clip(
    path: Path, _job_id: str | None, progress: Callable[[float], None], cancel: CancelSignal
) -> ProbedClip:
    clip = probe(path, progress=progress, cancel=cancel)
    return replace(clip, info=replace(clip.info, fingerprint=fingerprint(path)))


class SmallCache(FootageFiles):
    """Footage whose decoded pictures have little room; the frames it opened can be looked at."""

    def __init__(self) -> None:
        super().__init__(app_paths(), read_clip)
        self.made: list[FrameAccess] = []

    def frames(self, clip: ProbedClip) -> FrameAccess:
        self.made.append(FrameAccess(clip, cache_bytes=CACHED * PICTURE_BYTES))
        return self.made[-1]


class Screen:
    """A server and what it says."""

    def __init__(self, qtbot: QtBot) -> None:
        self.qtbot = qtbot
        self.footage = SmallCache()
        self.server = FrameServer(lambda _: self.footage, rest_ms=20)
        self.said: list[object] = []
        for signal in ("opened", "served", "trouble", "proxy", "saved"):
            getattr(self.server, signal).connect(self.said.append)

    def open(self, path: Path) -> int:
        with self.qtbot.waitSignal(self.server.served, timeout=WAIT_MS):
            return self.server.open(path)

    def exact(self, number: int) -> ServedFrame:
        """Ask for a frame and wait until it is there."""

        def there(value: ServedFrame) -> bool:
            return value.wanted == number and value.is_exact

        with self.qtbot.waitSignal(
            self.server.served, timeout=WAIT_MS, check_params_cb=there
        ) as came:
            self.server.show(number)
        served: ServedFrame = came.args[0]
        assert served.frame.number == number
        assert read_number(served.frame.pixels) == number
        return served

    def told(self, act: Callable[[], object]) -> ClipTrouble:
        with self.qtbot.waitSignal(self.server.trouble, timeout=WAIT_MS) as came:
            act()
        trouble: ClipTrouble = came.args[0]
        return trouble

    def proxied(self, act: Callable[[], object], phase: ProxyPhase) -> ProxyState:
        with self.qtbot.waitSignal(
            self.server.proxy, timeout=WAIT_MS, check_params_cb=lambda state: state.phase is phase
        ) as came:
            act()
        state: ProxyState = came.args[0]
        return state


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("frames")
    return make_clip(folder / "clip.mp4", seconds=FRAMES / 30, gop=GOP)


@pytest.fixture
def screen(qtbot: QtBot) -> Iterator[Screen]:
    made = Screen(qtbot)
    yield made
    made.server.shutdown()
    made.server.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_600_steps_forwards_and_back_and_200_seeks_show_their_barcodes(
    screen: Screen, path: Path
) -> None:
    screen.open(path)
    chance = random.Random(3)  # noqa: S311 - places to look at
    numbers = [*range(FRAMES), *range(FRAMES - 1, -1, -1), *range(FRAMES)]
    numbers += [*range(FRAMES - 1, -1, -1)] + [chance.randrange(FRAMES) for _ in range(200)]
    for number in numbers[1:]:
        screen.exact(number)
        use = screen.footage.made[0].cache_use
        assert use.peak_bytes <= use.limit_bytes == CACHED * PICTURE_BYTES
    assert len(screen.footage.made) == 1
    assert not [value for value in screen.said if isinstance(value, ClipTrouble)]


def test_the_clip_that_is_opened_is_described(screen: Screen, path: Path) -> None:
    session = screen.open(path)
    opened = next(value for value in screen.said if isinstance(value, OpenedClip))
    assert (opened.session, opened.info.path, len(opened.index)) == (session, path, FRAMES)


def test_a_drag_shows_keyframes_and_ends_exact(screen: Screen, path: Path) -> None:
    screen.open(path)
    with screen.qtbot.waitSignal(
        screen.server.served, timeout=WAIT_MS, check_params_cb=lambda s: s.wanted == 290
    ) as last:
        for number in range(0, 291, 5):
            screen.server.preview(number)
    assert (last.args[0].frame.number, last.args[0].is_exact) == (240, False)
    screen.exact(290)
    for served in screen.said:
        if isinstance(served, ServedFrame):
            assert read_number(served.frame.pixels) == served.frame.number
            assert served.is_exact == (served.wanted == served.frame.number)


def test_requests_that_stream_in_on_a_slow_drive_show_pictures_all_the_time(
    screen: Screen, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = seeking.read_packets

    def slowly(*arguments: object) -> Iterator[object]:
        for packet in read(*arguments):  # type: ignore[arg-type]
            time.sleep(0.004)  # the drive, not the test
            yield packet

    monkeypatch.setattr(seeking, "read_packets", slowly)
    screen.open(path)
    screen.said.clear()
    came: list[ServedFrame] = []
    screen.server.served.connect(came.append)
    ends = time.monotonic() + WAIT_MS / 1000
    for number in itertools.cycle(range(1, FRAMES)):
        if len(came) >= 20:
            break
        assert time.monotonic() < ends, "while wishes stream in, none is met"
        screen.server.show(number)  # 30 a second would be its speed; these are 200
        with screen.qtbot.waitSignal(screen.server.served, timeout=5, raising=False):
            pass
    screen.exact(FRAMES - 1)


def test_of_many_clips_only_the_last_answers(screen: Screen, path: Path) -> None:
    def last_frame(served: ServedFrame) -> bool:
        return served.session == session

    for _ in range(30):
        session = screen.server.open(path)
    with screen.qtbot.waitSignal(screen.server.served, timeout=WAIT_MS, check_params_cb=last_frame):
        pass
    screen.exact(7)
    assert {getattr(value, "session", None) for value in screen.said} == {session}


def test_a_drive_that_goes_away_and_comes_back(screen: Screen, tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "clip.mp4", seconds=8, size=(640, 360), b_frames=0)
    whole = clip.read_bytes()
    screen.open(clip)
    with clip.open("r+b") as file:
        file.truncate(len(whole) // 2)
    for _ in range(2):
        lost = screen.told(lambda: screen.server.show(239))
        assert lost.kind is TroubleKind.LOST
        assert lost.message.startswith("Source missing at frame 239: clip.mp4")
        clip.unlink(missing_ok=True)
    clip.write_bytes(whole)
    screen.exact(239)
    screen.exact(0)


def test_what_is_no_clip_is_told(screen: Screen, tmp_path: Path) -> None:
    text = tmp_path / "notes.mp4"
    text.write_text("no video")
    assert screen.told(lambda: screen.server.open(text)).kind is TroubleKind.UNREADABLE
    missing = screen.told(lambda: screen.server.open(tmp_path / "gone.mp4"))
    assert missing.kind is TroubleKind.LOST


def test_a_proxy_is_made_shown_refined_found_again_and_removed(
    screen: Screen, tmp_path: Path
) -> None:
    clip = make_clip(tmp_path / "clip.mp4", seconds=4, gop=120)
    info = probe(clip)
    screen.open(clip)
    ready = screen.proxied(screen.server.make_proxy, ProxyPhase.READY)
    assert ready.size_bytes > 0

    def refined(served: ServedFrame) -> bool:
        return served.wanted == 101 and served.is_exact and not served.from_proxy

    screen.said.clear()
    with screen.qtbot.waitSignal(screen.server.served, timeout=WAIT_MS, check_params_cb=refined):
        screen.server.preview(101)
    frames = [value for value in screen.said if isinstance(value, ServedFrame)]
    assert [(s.frame.number, s.is_exact, s.from_proxy) for s in frames] == [
        (101, True, True),
        (101, True, False),
    ]
    for served in frames:
        assert read_number(served.frame.pixels) == 101
        assert served.frame.time == info.index.time(101)
    screen.proxied(lambda: screen.server.open(clip), ProxyPhase.READY)
    screen.proxied(screen.server.drop_proxy, ProxyPhase.NONE)
    assert not [file for file in app_paths().proxies.rglob("*") if file.is_file()]


def test_a_still_is_the_exact_frame(screen: Screen, path: Path, tmp_path: Path) -> None:
    cv2 = pytest.importorskip("cv2")
    screen.open(path)
    target = tmp_path / "still.png"
    with screen.qtbot.waitSignal(screen.server.saved, timeout=WAIT_MS) as saved:
        screen.server.save_still(123, target)
    assert (saved.args[0].number, saved.args[0].path, saved.args[0].message) == (123, target, "")
    assert read_number(cv2.imread(str(target))[:, :, ::-1]) == 123
    with screen.qtbot.waitSignal(screen.server.saved, timeout=WAIT_MS) as saved:
        screen.server.save_still(123, path)
    assert "footage itself" in saved.args[0].message


def test_shutdown_in_the_midst_of_everything_ends_it_for_good(
    screen: Screen, path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    # A machine may be busy.
    monkeypatch.setattr("codefx_desktop.jobs.frame_server.SHUTDOWN_MS", WAIT_MS)
    screen.open(path)
    screen.server.show(299)
    screen.server.make_proxy()
    screen.server.shutdown()
    assert "did not end" not in caplog.text
    screen.said.clear()
    QCoreApplication.processEvents()
    screen.server.show(3)
    QCoreApplication.processEvents()
    assert not screen.said


def test_the_hubs_servers_show_a_jobs_clip_and_end_with_it(qtbot: QtBot, path: Path) -> None:
    shop, _ = open_workshop(app_paths(), load_settings(), FakeVision())
    hub = Hub(app_paths(), load_settings(), lambda: OpenedEngine(Engine(shop)))
    hub.pause_queue(True)
    server, gone = hub.frame_server(), hub.frame_server()
    gone.shutdown()
    gone.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    try:
        with qtbot.waitSignal(server.served, timeout=WAIT_MS) as served:
            server.open(path)  # before the history is open
            hub.start()
        assert read_number(served.args[0].frame.pixels) == 0
        with qtbot.waitSignal(
            hub.queue_changed, timeout=WAIT_MS, check_params_cb=lambda queue: len(queue) == 1
        ) as queued:
            hub.add_clips([path], JobSpec(), JobMetadata())
        with qtbot.waitSignal(server.served, timeout=WAIT_MS) as served:
            server.open(path, queued.args[0][0].id)
            server.show(33)
        assert read_number(served.args[0].frame.pixels) == 33
        again = hub.frame_server()
    finally:
        hub.shutdown()
    assert again._closing
    assert server._closing
    hub.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_a_history_that_does_not_open_is_told(qtbot: QtBot, path: Path) -> None:
    def fail() -> OpenedEngine:
        raise ValueError("oops")

    hub = Hub(app_paths(), load_settings(), fail)
    server = hub.frame_server()
    with qtbot.waitSignal(server.trouble, timeout=WAIT_MS) as trouble:
        server.open(path)
        hub.start()
    assert "history could not be opened" in trouble.args[0].message
    hub.shutdown()
    hub.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_20_000_requests_leave_no_thread_and_no_memory(qtbot: QtBot, path: Path) -> None:
    process, chance = psutil.Process(), random.Random(3)  # noqa: S311 - places to look at
    threads = process.num_threads()
    # An event loop of its own: waitSignal keeps every signal's arguments, which are pictures.
    server, loop = FrameServer(lambda _: SmallCache()), QEventLoop()
    newest: list[ServedFrame] = []
    sizes: list[int] = []
    at = 0

    def came(frame: ServedFrame) -> None:
        newest[:] = [frame]
        loop.quit()

    server.served.connect(came)
    server.trouble.connect(lambda trouble: pytest.fail(trouble.message))
    for count in range(20_000):
        if count % 997 == 0:
            session = server.open(path)
        at = min(max(at + chance.choice((-1, 1, 1, 7, -30)), 0), FRAMES - 1)
        if count % 5 == 0:
            server.show(at)
            while not newest or not is_it(newest[0], session, at):
                loop.exec()
            assert read_number(newest[0].frame.pixels) == at
        elif count % 3 == 0:
            server.preview(at)
        else:
            server.show(at)
        if count % 1000 == 999:
            sizes.append(process.memory_info().rss)
    assert process.num_threads() > threads
    server.shutdown()
    assert max(sizes[10:]) - max(sizes[5:10]) < 20 * 2**20, [size >> 20 for size in sizes]
    qtbot.waitUntil(lambda: process.num_threads() <= threads)
    server.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def is_it(served: ServedFrame, session: int, number: int) -> bool:
    return served.session == session and served.wanted == number and served.is_exact
