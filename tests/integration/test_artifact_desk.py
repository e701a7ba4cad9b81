"""Artifacts of a real run as the window gets them: workers, a hub that ends, a job at work."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from clips import make_clip
from fakes import FakeVision
from PySide6.QtCore import QCoreApplication, QEvent

from codefx_desktop.bootstrap import open_workshop
from codefx_desktop.domain.artifact_choice import ArtifactChoice
from codefx_desktop.domain.job import JobMetadata, JobRecord, JobSpec, JobStatus
from codefx_desktop.domain.plan import StagePlan
from codefx_desktop.jobs.artifact_values import ArtifactFile, ArtifactList, ArtifactState
from codefx_desktop.jobs.engine import Engine
from codefx_desktop.jobs.hub import Hub
from codefx_desktop.jobs.messages import OpenedEngine
from codefx_desktop.settings.paths import app_paths
from codefx_desktop.settings.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from codefx_desktop.jobs.artifact_desk import ArtifactDesk

WAIT_MS = 60_000
PLAN = StagePlan(scenes=True, artifacts=ArtifactChoice.parse("every:5"))


@pytest.fixture
def hub(qtbot: QtBot) -> Iterator[Hub]:
    """A hub that was not started yet."""

    def open_engine() -> OpenedEngine:
        shop, notices = open_workshop(app_paths(), load_settings(), FakeVision())
        return OpenedEngine(Engine(shop), notices)

    made = Hub(app_paths(), load_settings(), open_engine)
    yield made
    made.shutdown()
    made.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def run(qtbot: QtBot, hub: Hub, clip: Path, weights: Path) -> JobRecord:
    """Run a clip with artifacts; return its record as the history has it."""
    records: dict[str, JobRecord] = {}
    hub.job_changed.connect(lambda record: records.update({record.id: record}))
    with qtbot.waitSignal(hub.ready, timeout=WAIT_MS):
        hub.start()
    with qtbot.waitSignal(hub.finished, timeout=WAIT_MS) as finished:
        hub.add_clips([clip], JobSpec(weights=weights, plan=PLAN), JobMetadata())
    (event,) = finished.args
    assert event.status is JobStatus.COMPLETE, event.error_message
    qtbot.waitUntil(lambda: records[event.job_id].status is JobStatus.COMPLETE, timeout=WAIT_MS)
    return records[event.job_id]


def listed(qtbot: QtBot, desk: ArtifactDesk, job_id: str) -> ArtifactList:
    """List a job and wait for its bytes."""

    def is_measured(found: ArtifactList) -> bool:
        return found.size_bytes is not None

    with qtbot.waitSignal(desk.listed, timeout=WAIT_MS, check_params_cb=is_measured) as answer:
        desk.open(job_id)
    return answer.args[0]


def test_a_run_is_seen_as_it_was_written(
    qtbot: QtBot, hub: Hub, tmp_path: Path, weights: Path
) -> None:
    desk = hub.artifact_desk()
    counts: list[int] = []
    hub.scenes.connect(lambda known: counts.append(known.count))
    record = run(qtbot, hub, make_clip(tmp_path / "stop.mp4", seconds=1), weights)
    assert counts[-1] == record.scene_count == 1
    found = listed(qtbot, desk, record.id)
    assert (found.state, found.why) == (ArtifactState.COMPLETE, "")
    assert len(found) == record.artifact_frames
    assert found.whole == len(found)
    assert set(found.scenes.tolist()) == {0}
    jpgs = list((record.job_dir / "frames").rglob("*.jpg"))
    texts = [*(record.job_dir / "analysis").rglob("*.json")]
    texts += (record.job_dir / "analysis").rglob("*.toon")
    assert found.size_bytes == sum(file.stat().st_size for file in (*jpgs, *texts))
    looks = ArtifactFile.ORIGINAL | ArtifactFile.DETECTED
    with qtbot.waitSignal(desk.shown, timeout=WAIT_MS) as answer:
        desk.show(5, looks, (200, 200))
    shown = answer.args[0]
    assert [picture.kind for picture in shown.pictures] == [
        ArtifactFile.ORIGINAL,
        ArtifactFile.DETECTED,
    ]
    assert all(max(picture.pixels.shape[:2]) == 200 for picture in shown.pictures)
    assert not shown.json.trouble + shown.toon.trouble + shown.note.trouble
    assert (shown.note.time_ms, shown.note.scene) == (int(found.times_ms[1]), 0)
    assert shown.note.segments is None  # nobody looked


def test_who_asks_before_the_history_is_open_waits_for_it(
    qtbot: QtBot, hub: Hub, tmp_path: Path, weights: Path
) -> None:
    desk = hub.artifact_desk()
    desk.open("nobody")
    with qtbot.waitSignal(desk.listed, timeout=WAIT_MS) as answer:
        hub.start()
    assert answer.args[0].state is ArtifactState.UNREADABLE


def test_the_desk_ends_with_the_hub(qtbot: QtBot, hub: Hub, tmp_path: Path, weights: Path) -> None:
    desk = hub.artifact_desk()
    desk.open("nobody")  # waits for a history that will never be opened
    said: list[object] = []
    desk.listed.connect(said.append)
    hub.shutdown()
    qtbot.wait(50)
    assert all(calls.wait(0) for calls in desk._workers)
    assert not said
