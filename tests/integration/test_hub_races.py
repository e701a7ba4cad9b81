"""A person and another program act at the worst moment: nothing they ask for gets lost."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest
from clips import make_clip
from fakes import FakeScript, FakeVision
from PySide6.QtCore import QCoreApplication, QEvent

from codefx_desktop.bootstrap import open_workshop
from codefx_desktop.domain.errors import HistoryError
from codefx_desktop.domain.job import JobMetadata, JobRecord, JobSpec, JobStatus
from codefx_desktop.jobs import hub as hub_module
from codefx_desktop.jobs.engine import Engine
from codefx_desktop.jobs.hub import Hub
from codefx_desktop.jobs.messages import Notice, OpenedEngine
from codefx_desktop.jobs.work import Workshop, begin, work_on
from codefx_desktop.settings.paths import app_paths
from codefx_desktop.settings.settings import load_settings

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from codefx_desktop.domain.run import CancelSignal, Emit, JobFinished

WAIT_MS = 60_000


class SlowToTell(Engine):
    """Tells of a claim only when ``told`` is set, as on a machine with too much to do."""

    def __init__(self, shop: Workshop) -> None:
        super().__init__(shop)
        self.claimed: list[str] = []
        self.told = threading.Event()

    def run_next(
        self, emit: Emit, cancel: CancelSignal, began: Callable[[JobRecord], None]
    ) -> JobFinished | None:
        def late(record: JobRecord) -> None:
            self.claimed.append(record.id)
            assert self.told.wait(60)
            began(record)

        return super().run_next(emit, cancel, late)


class BusyOnce(Engine):
    """Cannot claim at the first try: another program holds the database."""

    tries = 0

    def run_next(
        self, emit: Emit, cancel: CancelSignal, began: Callable[[JobRecord], None]
    ) -> JobFinished | None:
        self.tries += 1
        if self.tries == 2:  # the first try finds an empty queue
            raise HistoryError("The history is busy.", hint="Try again in a moment.")
        return super().run_next(emit, cancel, began)


class SlowToSettle(Engine):
    """Looks at reviews for as long as it takes until ``go_on`` is set."""

    def __init__(self, shop: Workshop) -> None:
        super().__init__(shop)
        self.looks: list[bool] = []
        self.begun, self.go_on = threading.Event(), threading.Event()

    def settle_reviews(self, cancel: CancelSignal, *, of_all: bool) -> Iterator[JobRecord]:
        self.looks.append(of_all)
        self.begun.set()
        assert self.go_on.wait(60)
        return super().settle_reviews(cancel, of_all=of_all)


MakeHub = Callable[[type[Engine]], tuple[Hub, Engine, Workshop]]


@pytest.fixture
def make_hub(qtbot: QtBot) -> Iterator[MakeHub]:
    hubs: list[Hub] = []

    def make(kind: type[Engine]) -> tuple[Hub, Engine, Workshop]:
        shop, _ = open_workshop(app_paths(), load_settings(), FakeVision(FakeScript(delay_s=0.02)))
        engine = kind(shop)
        hub = Hub(app_paths(), load_settings(), lambda: OpenedEngine(engine))
        hubs.append(hub)
        with qtbot.waitSignal(hub.queue_changed, timeout=WAIT_MS):
            hub.start()
        return hub, engine, shop

    yield make
    for hub in hubs:
        hub.shutdown()
        hub.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def spec(tmp_path: Path) -> JobSpec:
    path = tmp_path / "fake.pt"
    path.write_bytes(b"fake")
    return JobSpec(weights=path)


def test_a_cancel_between_the_claim_and_its_news_is_heard(
    qtbot: QtBot, make_hub: MakeHub, tmp_path: Path, spec: JobSpec
) -> None:
    hub, engine, _ = make_hub(SlowToTell)
    assert isinstance(engine, SlowToTell)
    hub.add_clips([make_clip(tmp_path / "clip.mp4", seconds=1)], spec, JobMetadata())
    qtbot.waitUntil(lambda: bool(engine.claimed), timeout=WAIT_MS)
    with qtbot.waitSignal(hub.finished, timeout=WAIT_MS) as ended:
        with qtbot.waitSignal(hub.queue_changed, timeout=WAIT_MS):
            hub.cancel(engine.claimed[0])
        engine.told.set()
    assert ended.args[0].status is JobStatus.CANCELLED


def test_a_delete_between_the_claim_and_its_news_leaves_nothing_behind(
    qtbot: QtBot, make_hub: MakeHub, tmp_path: Path, spec: JobSpec, home: Path
) -> None:
    hub, engine, shop = make_hub(SlowToTell)
    assert isinstance(engine, SlowToTell)
    hub.add_clips([make_clip(tmp_path / "clip.mp4", seconds=1)], spec, JobMetadata())
    qtbot.waitUntil(lambda: bool(engine.claimed), timeout=WAIT_MS)
    with qtbot.waitSignal(hub.job_removed, timeout=WAIT_MS):
        hub.delete(engine.claimed[0])
        time.sleep(0.1)
        engine.told.set()
    assert shop.history.page()[1] == 0
    assert list((home / "jobs").iterdir()) == []


def test_a_job_of_another_program_cannot_be_cancelled_here_and_that_is_told(
    qtbot: QtBot, make_hub: MakeHub, tmp_path: Path, spec: JobSpec
) -> None:
    hub, _, shop = make_hub(Engine)
    record = begin(shop, make_clip(tmp_path / "other.mp4", seconds=0.2), spec, JobMetadata())
    with qtbot.waitSignal(hub.notice, timeout=WAIT_MS) as heard:
        hub.cancel(record.id)
    notice = heard.args[0]
    assert isinstance(notice, Notice)
    assert "another program" in notice.text
    with qtbot.waitSignal(hub.notice, timeout=WAIT_MS) as heard:
        hub.delete(record.id)
    assert "being worked on" in heard.args[0].text
    assert shop.history.get(record.id).status is JobStatus.PROCESSING


def test_a_job_of_another_program_is_seen_to_come_and_to_end(
    qtbot: QtBot,
    make_hub: MakeHub,
    tmp_path: Path,
    spec: JobSpec,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(hub_module, "NEWS_INTERVAL_MS", 100)
    hub, _, _ = make_hub(Engine)
    changed: list[JobRecord] = []
    hub.job_changed.connect(changed.append)
    other, _ = open_workshop(app_paths(), load_settings(), FakeVision())
    record = begin(other, make_clip(tmp_path / "other.mp4", seconds=0.2), spec, JobMetadata())
    qtbot.waitUntil(lambda: [r.id for r in changed] == [record.id], timeout=WAIT_MS)
    work_on(record, other, lambda _: None, threading.Event())
    qtbot.waitUntil(lambda: changed[-1].status is JobStatus.COMPLETE, timeout=WAIT_MS)


def test_a_busy_history_is_told_and_the_queue_goes_on(
    qtbot: QtBot,
    make_hub: MakeHub,
    tmp_path: Path,
    spec: JobSpec,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(hub_module, "NEWS_INTERVAL_MS", 200)
    hub, _, _ = make_hub(BusyOnce)
    notices: list[Notice] = []
    hub.notice.connect(notices.append)
    with qtbot.waitSignal(hub.finished, timeout=WAIT_MS) as ended:
        hub.add_clips([make_clip(tmp_path / "clip.mp4", seconds=0.2)], spec, JobMetadata())
    assert ended.args[0].status is JobStatus.COMPLETE
    assert all("unexpected" not in notice.text for notice in notices)


def test_looks_at_reviews_do_not_pile_up_behind_a_long_one(qtbot: QtBot, make_hub: MakeHub) -> None:
    hub, engine, _ = make_hub(SlowToSettle)
    assert isinstance(engine, SlowToSettle)
    assert engine.begun.wait(60)
    for timer in hub._timers:
        timer.stop()
    for _ in range(20):
        hub._ask_news()
    engine.go_on.set()
    assert hub._settler.waitForDone(WAIT_MS)
    assert engine.looks == [True]
    qtbot.waitUntil(lambda: not hub._is_settling, timeout=WAIT_MS)
    hub._ask_news()
    assert hub._settler.waitForDone(WAIT_MS)
    assert engine.looks == [True, False]


def test_quitting_between_two_jobs_leaves_the_next_one_waiting(tmp_path: Path) -> None:
    shop, _ = open_workshop(app_paths(), load_settings(), FakeVision())
    engine = Engine(shop)
    (record,) = engine.add([tmp_path / "clip.mp4"], JobSpec(), JobMetadata())
    cancel = threading.Event()
    cancel.set()
    assert engine.run_next(lambda _: None, cancel, lambda _: None) is None
    assert shop.history.get(record.id).status is JobStatus.QUEUED
