"""The hub with a real engine and a fake detector: what the window will live with."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest
from clips import make_clip
from fakes import FakeScript, FakeVision
from PySide6.QtCore import QCoreApplication, QEvent

from codefx_desktop.bootstrap import open_workshop
from codefx_desktop.domain.clip import ClipSize
from codefx_desktop.domain.errors import CodefxError
from codefx_desktop.domain.job import JobFilter, JobMetadata, JobSpec, JobStatus
from codefx_desktop.domain.plan import Profile, StagePlan
from codefx_desktop.domain.run import JobFinished
from codefx_desktop.jobs.engine import Engine
from codefx_desktop.jobs.hub import Hub
from codefx_desktop.jobs.messages import (
    ClipSizes,
    HistoryPage,
    JobLogs,
    Notice,
    OpenedEngine,
    StartDefaults,
    Thumbnail,
    WeightsAnswer,
)
from codefx_desktop.settings.paths import app_paths
from codefx_desktop.settings.profiles import profiles_file
from codefx_desktop.settings.settings import load_settings

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

WAIT_MS = 60_000
SIGNALS = (
    "notice",
    "queue_changed",
    "job_changed",
    "job_removed",
    "progress",
    "preview",
    "logged",
    "finished",
    "device",
    "history_page",
    "history_failed",
    "job_logs",
    "thumbnail",
    "weights_answer",
    "clip_sizes",
    "start_defaults",
    "system",
)


class Heard:
    """Every payload of every signal, by the signal's name."""

    def __init__(self, hub: Hub) -> None:
        self.by_name: dict[str, list[object]] = {}
        for name in SIGNALS:
            kept = self.by_name.setdefault(name, [])
            getattr(hub, name).connect(kept.append)

    def __getitem__(self, name: str) -> list[object]:
        return self.by_name[name]


MakeHub = Callable[[FakeVision], tuple[Hub, Heard]]


@pytest.fixture
def hubs(qtbot: QtBot) -> Iterator[list[Hub]]:
    """Hubs that are ended when the test is over."""
    made: list[Hub] = []
    yield made
    for hub in made:
        hub.shutdown()
        hub.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def make_hub(qtbot: QtBot, hubs: list[Hub]) -> MakeHub:
    def make(vision: FakeVision) -> tuple[Hub, Heard]:
        def open_engine() -> OpenedEngine:
            shop, notices = open_workshop(app_paths(), load_settings(), vision)
            return OpenedEngine(Engine(shop), notices)

        hub = Hub(app_paths(), load_settings(), open_engine)
        hubs.append(hub)
        heard = Heard(hub)
        with qtbot.waitSignal(hub.ready, timeout=WAIT_MS):
            hub.start()
        return hub, heard

    return make


def test_a_dropped_clip_runs_and_is_found_after_a_restart(
    qtbot: QtBot, make_hub: MakeHub, tmp_path: Path, weights: Path
) -> None:
    hub, heard = make_hub(FakeVision())
    clip = make_clip(tmp_path / "stop.mp4", seconds=1)
    with qtbot.waitSignal(hub.finished, timeout=WAIT_MS):
        hub.add_clips([clip], JobSpec(weights=weights), JobMetadata(series="F1", notes="Slow RR"))
    (finished,) = heard["finished"]
    assert isinstance(finished, JobFinished)
    assert finished.status is JobStatus.COMPLETE, finished.error_message
    assert heard["progress"]
    assert heard["preview"]
    assert heard["logged"]
    hub.shutdown()

    again, heard = make_hub(FakeVision())
    with qtbot.waitSignal(again.history_page, timeout=WAIT_MS):
        request = again.request_history(JobFilter(), limit=10, offset=0)
    (page,) = heard["history_page"]
    assert isinstance(page, HistoryPage)
    assert (page.request_id, page.total) == (request, 1)
    assert page.records[0].status is JobStatus.COMPLETE
    with qtbot.waitSignal(again.job_logs, timeout=WAIT_MS):
        again.request_logs(page.records[0].id)
    (logs,) = heard["job_logs"]
    assert isinstance(logs, JobLogs)
    assert "Complete: 30 frames" in logs.lines[-1].text
    with qtbot.waitSignal(again.thumbnail, timeout=WAIT_MS):
        again.request_thumbnail(page.records[0].id)
    (small,) = heard["thumbnail"]
    assert isinstance(small, Thumbnail)
    assert small.pixels is not None
    with qtbot.waitSignal(again.start_defaults, timeout=WAIT_MS):
        again.request_start_defaults()
    (defaults,) = heard["start_defaults"]
    assert isinstance(defaults, StartDefaults)
    assert (defaults.metadata.series, defaults.metadata.notes) == ("F1", "")
    assert defaults.series == ("F1",)


def test_a_running_job_can_be_cancelled_and_the_next_begins(
    qtbot: QtBot, make_hub: MakeHub, tmp_path: Path, weights: Path
) -> None:
    hub, heard = make_hub(FakeVision(FakeScript(delay_s=0.01)))
    clip = make_clip(tmp_path / "stop.mp4", seconds=2)
    with qtbot.waitSignal(hub.progress, timeout=WAIT_MS):
        hub.add_clips([clip, clip], JobSpec(weights=weights), JobMetadata())
    first = heard["progress"][0].job_id  # type: ignore[attr-defined]
    hub.cancel(first)
    qtbot.waitUntil(lambda: len(heard["finished"]) == 2, timeout=WAIT_MS)
    statuses = [event.status for event in heard["finished"]]  # type: ignore[attr-defined]
    assert statuses == [JobStatus.CANCELLED, JobStatus.COMPLETE]


def test_a_paused_queue_begins_nothing_and_waiting_jobs_can_be_ordered_and_removed(
    qtbot: QtBot, make_hub: MakeHub, tmp_path: Path, weights: Path
) -> None:
    hub, heard = make_hub(FakeVision())
    hub.pause_queue(paused=True)
    clips = [make_clip(tmp_path / f"{name}.mp4", seconds=0.2) for name in "abc"]
    hub.add_clips(clips, JobSpec(weights=weights), JobMetadata())
    qtbot.waitUntil(lambda: len(queue(heard)) == 3, timeout=WAIT_MS)
    hub.move(queue(heard)[2].id, 0)  # type: ignore[attr-defined]
    qtbot.waitUntil(lambda: names(heard) == ["c.mp4", "a.mp4", "b.mp4"], timeout=WAIT_MS)
    hub.remove(queue(heard)[1].id)  # type: ignore[attr-defined]
    qtbot.waitUntil(lambda: names(heard) == ["c.mp4", "b.mp4"], timeout=WAIT_MS)
    hub.cancel(queue(heard)[1].id)  # type: ignore[attr-defined]
    qtbot.waitUntil(lambda: names(heard) == ["c.mp4"], timeout=WAIT_MS)
    assert heard["finished"] == []
    with qtbot.waitSignal(hub.finished, timeout=WAIT_MS):
        hub.pause_queue(paused=False)


def test_deleting_a_running_job_cancels_it_first(
    qtbot: QtBot, make_hub: MakeHub, tmp_path: Path, weights: Path, home: Path
) -> None:
    hub, heard = make_hub(FakeVision(FakeScript(delay_s=0.02)))
    clip = make_clip(tmp_path / "stop.mp4", seconds=2)
    with qtbot.waitSignal(hub.progress, timeout=WAIT_MS):
        hub.add_clips([clip], JobSpec(weights=weights), JobMetadata())
    job_id = heard["progress"][0].job_id  # type: ignore[attr-defined]
    with qtbot.waitSignal(hub.job_removed, timeout=WAIT_MS):
        hub.delete(job_id)
    assert not (home / "jobs" / job_id).exists()
    assert clip.is_file()


def test_what_cannot_be_done_is_a_notice(qtbot: QtBot, make_hub: MakeHub, tmp_path: Path) -> None:
    hub, heard = make_hub(FakeVision())
    with qtbot.waitSignal(hub.notice, timeout=WAIT_MS):
        hub.retry("no-such-job")
    (tmp_path / "empty").mkdir()
    with qtbot.waitSignal(hub.notice, timeout=WAIT_MS):
        hub.add_clips([tmp_path / "empty"], JobSpec(), JobMetadata())
    texts = [notice.text for notice in heard["notice"] if isinstance(notice, Notice)]
    assert "no video" in texts[1]


def test_a_file_that_is_not_a_jobs_clip_is_a_notice_of_that_job(
    qtbot: QtBot, make_hub: MakeHub, tmp_path: Path, weights: Path
) -> None:
    hub, heard = make_hub(FakeVision())
    hub.pause_queue(paused=True)
    hub.add_clips(
        [make_clip(tmp_path / "a.mp4", seconds=0.2)], JobSpec(weights=weights), JobMetadata()
    )
    qtbot.waitUntil(lambda: len(queue(heard)) == 1, timeout=WAIT_MS)
    job_id = queue(heard)[0].id  # type: ignore[attr-defined]
    with qtbot.waitSignal(hub.notice, timeout=WAIT_MS):
        hub.relocate(job_id, tmp_path / "gone.mp4")
    (notice,) = (one for one in heard["notice"] if one.level == "error")  # type: ignore[attr-defined]
    assert notice.job_id == job_id  # type: ignore[attr-defined]


def test_no_weights_is_an_answer_with_a_reason(
    qtbot: QtBot, make_hub: MakeHub, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("codefx_desktop.settings.weights.program_dir", lambda: tmp_path)
    hub, heard = make_hub(FakeVision())
    with qtbot.waitSignal(hub.weights_answer, timeout=WAIT_MS):
        hub.request_weights(JobSpec())
    (answer,) = heard["weights_answer"]
    assert isinstance(answer, WeightsAnswer)
    assert answer.found is None
    assert "best.pt" in answer.message


def test_segmentation_weights_are_looked_for_by_themselves(
    qtbot: QtBot, make_hub: MakeHub, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("codefx_desktop.settings.weights.program_dir", lambda: tmp_path)
    hub, heard = make_hub(FakeVision())
    folder = hub.paths.weights
    with qtbot.waitSignal(hub.weights_answer, timeout=WAIT_MS):
        hub.request_segment_weights(JobSpec())
    folder.mkdir(parents=True)
    (folder / "best.pt").write_bytes(b"detector")
    (folder / "best-seg.pt").write_bytes(b"segmenter")
    with qtbot.waitSignal(hub.weights_answer, timeout=WAIT_MS):
        hub.request_segment_weights(JobSpec())
    none, some = heard["weights_answer"]
    assert isinstance(none, WeightsAnswer)
    assert isinstance(some, WeightsAnswer)
    assert none.found is None
    assert "segmentation weights" in none.message
    assert some.found is not None
    assert some.found.path == folder / "best-seg.pt"


def test_how_much_dropped_clips_hold_newest_request_wins(
    qtbot: QtBot, make_hub: MakeHub, tmp_path: Path
) -> None:
    hub, heard = make_hub(FakeVision())
    make_clip(tmp_path / "a.mp4", seconds=1, rate=25)
    (tmp_path / "b.mp4").write_bytes(b"no video in it" * 100)
    with qtbot.waitSignal(hub.clip_sizes, timeout=WAIT_MS):
        hub.request_clip_sizes([tmp_path / "b.mp4"])
        request = hub.request_clip_sizes([tmp_path])
    qtbot.wait(50)
    assert heard["clip_sizes"] == [ClipSizes(request, (ClipSize(25, 1.0, 320, 180),), ("b.mp4",))]


@pytest.mark.parametrize("error", [CodefxError("The history cannot be read."), ValueError("bug")])
def test_a_history_that_cannot_be_read_tells_whoever_asked(
    qtbot: QtBot, make_hub: MakeHub, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fail(*_: object) -> None:
        raise error

    hub, heard = make_hub(FakeVision())
    monkeypatch.setattr(Engine, "page", fail)
    with qtbot.waitSignals([hub.history_failed, hub.notice], timeout=WAIT_MS):
        request = hub.request_history(JobFilter(), limit=10, offset=0)
    assert heard["history_failed"] == [request]
    assert heard["history_page"] == []


def test_a_history_that_cannot_be_opened_is_told(qtbot: QtBot, hubs: list[Hub]) -> None:
    def fail() -> OpenedEngine:
        raise CodefxError("history.sqlite cannot be written.", hint="Choose another place.")

    hub = Hub(app_paths(), load_settings(), fail)
    hubs.append(hub)
    heard = Heard(hub)
    with qtbot.waitSignal(hub.unopened, timeout=WAIT_MS) as told:
        hub.start()
    assert told.args == ["history.sqlite cannot be written. Choose another place."]
    assert len(heard["notice"]) == 1


def test_a_job_is_found_by_its_id_while_it_is_there(
    qtbot: QtBot, make_hub: MakeHub, tmp_path: Path, weights: Path
) -> None:
    hub, heard = make_hub(FakeVision())
    hub.pause_queue(True)
    clip = make_clip(tmp_path / "stop.mp4", seconds=0.2)
    with qtbot.waitSignal(hub.job_changed, timeout=WAIT_MS) as added:
        hub.add_clips([clip], JobSpec(weights=weights), JobMetadata())
    for job_id, wanted in ((added.args[0].id, added.args[0].id), ("nobody", None)):
        with qtbot.waitSignal(hub.job_found, timeout=WAIT_MS) as told:
            request = hub.request_job(job_id)
        found = told.args[0]
        assert found.request_id == request
        assert (found.record.id if found.record else None) == wanted
    assert heard["notice"] == []


def test_own_profiles_are_kept_told_and_deleted(qtbot: QtBot, make_hub: MakeHub) -> None:
    hub, heard = make_hub(FakeVision())
    own = Profile("Shots", "Shots", StagePlan(scenes=True), is_own=True)
    for act, profiles in (
        (lambda: hub.save_profile(own), (own,)),
        (lambda: hub.delete_profile("shots"), ()),
    ):
        with qtbot.waitSignal(hub.start_defaults, timeout=WAIT_MS):
            act()
        defaults = heard["start_defaults"][-1]
        assert isinstance(defaults, StartDefaults)
        assert defaults.profiles == profiles
    assert heard["notice"] == []


def test_trouble_with_profiles_is_told_once(qtbot: QtBot, make_hub: MakeHub) -> None:
    hub, heard = make_hub(FakeVision())
    profiles_file(hub.paths).write_text('{"version": 2}')
    for _ in range(2):
        with qtbot.waitSignal(hub.start_defaults, timeout=WAIT_MS):
            hub.request_start_defaults()
    (notice,) = heard["notice"]
    assert isinstance(notice, Notice)
    assert "newer program" in notice.text
    own = Profile("Shots", "Shots", StagePlan(scenes=True), is_own=True)
    with qtbot.waitSignals([hub.start_defaults, hub.notice], timeout=WAIT_MS):
        hub.save_profile(own)
    assert isinstance(refused := heard["notice"][-1], Notice)
    assert refused.level == "error"


def test_quitting_in_the_middle_of_a_job_ends_it_and_is_tidy(
    qtbot: QtBot,
    make_hub: MakeHub,
    tmp_path: Path,
    weights: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    hub, heard = make_hub(FakeVision(FakeScript(delay_s=0.02)))
    clip = make_clip(tmp_path / "stop.mp4", seconds=4)
    with qtbot.waitSignal(hub.progress, timeout=WAIT_MS):
        hub.add_clips([clip], JobSpec(weights=weights), JobMetadata())
    monkeypatch.setattr("codefx_desktop.jobs.hub.SHUTDOWN_MS", WAIT_MS)  # a machine may be busy
    hub.shutdown()
    assert "did not end" not in caplog.text
    shop, _ = open_workshop(app_paths(), load_settings(), FakeVision())
    (record,) = shop.history.page()[0]
    assert record.status is JobStatus.CANCELLED
    assert heard["notice"] == []


def queue(heard: Heard) -> tuple[object, ...]:
    return heard["queue_changed"][-1] if heard["queue_changed"] else ()  # type: ignore[return-value]


def names(heard: Heard) -> list[str]:
    return [record.input_filename for record in queue(heard)]  # type: ignore[attr-defined]


def test_a_worker_that_counts_does_not_keep_the_window_waiting(make_hub: MakeHub) -> None:
    before = sys.getswitchinterval()
    sys.setswitchinterval(0.005)
    try:
        make_hub(FakeVision())
        assert sys.getswitchinterval() == pytest.approx(0.001)
    finally:
        sys.setswitchinterval(before)
