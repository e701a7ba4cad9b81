"""Clips that wait are read before their turn, once, and what is known of them stays."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest
from clips import make_clip
from fakes import FakeScript, FakeVision
from PySide6.QtCore import QCoreApplication, QEvent

from codefx_desktop.bootstrap import open_workshop
from codefx_desktop.domain.clip import Verdict
from codefx_desktop.domain.job import JobMetadata, JobRecord, JobSpec, JobStatus
from codefx_desktop.jobs import kept_clips
from codefx_desktop.jobs.engine import Engine
from codefx_desktop.jobs.hub import Hub
from codefx_desktop.jobs.messages import ClipReading, OpenedEngine
from codefx_desktop.jobs.work import layout_of
from codefx_desktop.settings.paths import app_paths
from codefx_desktop.settings.settings import load_settings
from codefx_desktop.video.probe import ProbedClip, probe

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from codefx_desktop.domain.run import CancelSignal, ClipKnown, JobFinished, JobLogged

WAIT_MS = 60_000


class SlowDrive:
    """Stands in for ``probe``: reads nothing until the drive is let go."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.reads: list[str] = []
        self.go_on = threading.Event()
        self.cancelled: list[str] = []
        monkeypatch.setattr(kept_clips, "probe", self)

    def __call__(
        self, path: Path, *, progress: Callable[[float], None], cancel: CancelSignal
    ) -> ProbedClip:
        self.reads.append(path.name)
        progress(0.43)
        while not (cancel.is_set() or self.go_on.wait(0.01)):
            pass
        if cancel.is_set():
            self.cancelled.append(path.name)
        return probe(path, progress=progress, cancel=cancel)


class Program:
    """A hub with what it said about clips."""

    def __init__(self, *, paused: bool) -> None:
        def open_engine() -> OpenedEngine:
            vision = FakeVision(FakeScript(delay_s=0.002))
            shop, notices = open_workshop(app_paths(), load_settings(), vision)
            return OpenedEngine(Engine(shop), notices)

        self.hub = Hub(app_paths(), load_settings(), open_engine)
        self.hub.pause_queue(paused)
        self.reading: dict[str, ClipReading] = {}
        self.known: dict[str, ClipKnown] = {}
        self.known_in_order: list[str] = []
        self.finished: list[JobFinished] = []
        self.log: list[str] = []
        self.queue: tuple[JobRecord, ...] = ()
        self.hub.clip_reading.connect(self._on_reading)
        self.hub.clip_known.connect(self._on_known)
        self.hub.finished.connect(self.finished.append)
        self.hub.logged.connect(self._on_logged)
        self.hub.queue_changed.connect(self._on_queue)

    def add(self, *clips: Path, weights: Path | None = None) -> None:
        self.hub.add_clips(clips, JobSpec(weights=weights), JobMetadata())

    def names(self) -> list[str]:
        return [record.input_filename for record in self.queue]

    def id_of(self, name: str) -> str:
        return next(record.id for record in self.queue if record.input_filename == name)

    def _on_reading(self, reading: ClipReading) -> None:
        self.reading[reading.job_id] = reading

    def _on_known(self, known: ClipKnown) -> None:
        self.known[known.job_id] = known
        self.known_in_order.append(known.info.path.name)

    def _on_logged(self, event: JobLogged) -> None:
        self.log.append(event.line.text)

    def _on_queue(self, queue: tuple[JobRecord, ...]) -> None:
        self.queue = queue


Start = Callable[..., Program]


@pytest.fixture
def start(qtbot: QtBot) -> Iterator[Start]:
    programs: list[Program] = []

    def begin(*, paused: bool = True) -> Program:
        program = Program(paused=paused)
        programs.append(program)
        with qtbot.waitSignal(program.hub.ready, timeout=WAIT_MS):
            program.hub.start()
        return program

    yield begin
    for program in programs:
        program.hub.shutdown()
        program.hub.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def until(qtbot: QtBot, condition: Callable[[], object]) -> None:
    qtbot.waitUntil(lambda: bool(condition()), timeout=WAIT_MS)


@pytest.fixture
def clips(tmp_path: Path) -> list[Path]:
    return [make_clip(tmp_path / f"{name}.mp4", seconds=0.5) for name in "abc"]


def test_waiting_clips_are_told_of_in_queue_order(
    qtbot: QtBot, start: Start, clips: list[Path], tmp_path: Path
) -> None:
    cut = tmp_path / "cut.ts"
    whole = make_clip(tmp_path / "whole.ts", seconds=1).read_bytes()
    cut.write_bytes(whole[: 188 * (len(whole) // 188 // 2) + 100])  # within a packet
    (tmp_path / "bad.mp4").write_text("no video at all")
    program = start()
    program.add(*clips, cut, tmp_path / "bad.mp4")
    until(qtbot, lambda: len(program.queue) == 5 and program.id_of("bad.mp4") in program.reading)
    assert program.known_in_order == ["a.mp4", "b.mp4", "c.mp4", "cut.ts"]
    assert program.known[program.id_of("a.mp4")].info.frames == 15
    partial = program.known[program.id_of("cut.ts")].info
    assert partial.verdict is Verdict.PARTIAL
    assert partial.message
    assert "bad.mp4 is a text file" in program.reading[program.id_of("bad.mp4")].trouble
    for record in program.queue[:4]:
        assert layout_of(record).clip_index.is_file()
    assert program.finished == []


def test_a_job_takes_what_was_read_when_it_was_added(
    qtbot: QtBot,
    start: Start,
    clips: list[Path],
    weights: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    drive = SlowDrive(monkeypatch)
    drive.go_on.set()
    program = start()
    program.add(clips[0], weights=weights)
    until(qtbot, lambda: program.known)
    program.hub.pause_queue(False)
    until(qtbot, lambda: program.finished)
    assert program.finished[0].status is JobStatus.COMPLETE
    assert program.finished[0].frames_out == 15
    assert drive.reads == ["a.mp4"]
    assert any("index was kept" in text for text in program.log), program.log


def test_a_job_that_begins_while_its_clip_is_read_waits_for_that_reading(
    qtbot: QtBot,
    start: Start,
    clips: list[Path],
    weights: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    drive = SlowDrive(monkeypatch)
    program = start()
    program.add(clips[0], weights=weights)
    until(qtbot, lambda: program.reading)
    assert next(iter(program.reading.values())).fraction == pytest.approx(0.43)
    program.hub.pause_queue(False)
    until(qtbot, program.hub.running_job)
    drive.go_on.set()
    until(qtbot, lambda: program.finished)
    assert program.finished[0].status is JobStatus.COMPLETE
    assert drive.reads == ["a.mp4"], "read once"


def test_a_slow_drive_keeps_nobody_from_adding_and_deleting(
    qtbot: QtBot, start: Start, clips: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    drive = SlowDrive(monkeypatch)
    program = start()
    program.add(clips[0])
    until(qtbot, lambda: drive.reads == ["a.mp4"])
    program.add(clips[1])
    until(qtbot, lambda: program.names() == ["a.mp4", "b.mp4"])
    record = program.queue[0]
    program.hub.delete(record.id)
    until(qtbot, lambda: drive.cancelled == ["a.mp4"])
    until(qtbot, lambda: drive.reads == ["a.mp4", "b.mp4"])
    assert program.names() == ["b.mp4"]
    assert not record.job_dir.exists()
    program.hub.cancel(program.queue[0].id)
    until(qtbot, lambda: drive.cancelled == ["a.mp4", "b.mp4"])
    assert not program.known


def test_quitting_while_a_clip_is_read_is_quick_and_the_next_start_reads_it(
    qtbot: QtBot, start: Start, clips: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    drive = SlowDrive(monkeypatch)
    program = start()
    program.add(*clips)
    until(qtbot, lambda: drive.reads)
    program.hub.shutdown()  # the drive would never come to its end
    assert drive.reads == drive.cancelled == ["a.mp4"]
    drive.go_on.set()
    again = start()
    until(qtbot, lambda: len(again.known) == 3)
    assert again.known_in_order == ["a.mp4", "b.mp4", "c.mp4"]
    assert drive.reads == ["a.mp4", "a.mp4", "b.mp4", "c.mp4"]


def test_what_a_clip_is_is_known_of_any_job_after_a_restart(
    qtbot: QtBot,
    start: Start,
    clips: list[Path],
    weights: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    drive = SlowDrive(monkeypatch)
    drive.go_on.set()
    program = start(paused=False)
    program.add(clips[0], weights=weights)
    until(qtbot, lambda: program.finished)
    told = next(iter(program.known.values()))
    program.hub.shutdown()
    reads = len(drive.reads)

    again = start()
    again.hub.request_clip(told.job_id)
    until(qtbot, lambda: again.known)
    assert again.known[told.job_id] == told
    clips[0].rename(clips[0].with_name("away.mp4"))
    again.known.clear()
    again.hub.request_clip(told.job_id)
    until(qtbot, lambda: again.known)
    assert again.known[told.job_id] == told, "though its drive is away"
    assert len(drive.reads) == reads


def test_a_job_of_which_nothing_is_kept_is_read_when_it_is_looked_at(
    qtbot: QtBot, start: Start, clips: list[Path], weights: Path
) -> None:
    program = start(paused=False)
    program.add(clips[0], weights=weights)
    until(qtbot, lambda: program.finished and not program.hub.running_job())
    (job_id,) = program.known
    kept = app_paths().data / "jobs" / job_id / "analysis" / "clip.index"
    kept.unlink()
    program.known.clear()
    program.hub.request_clip(job_id)
    until(qtbot, lambda: program.known)
    assert kept.is_file()


def test_a_clip_whose_drive_comes_back_is_read(
    qtbot: QtBot, start: Start, clips: list[Path]
) -> None:
    away = clips[0].rename(clips[0].with_name("away"))
    program = start()
    program.add(clips[0])
    until(qtbot, lambda: program.reading)
    (reading,) = program.reading.values()
    assert "is not there" in reading.trouble
    away.rename(clips[0])
    program.hub._ask_news()  # what the timer asks every five seconds
    until(qtbot, lambda: program.known)
