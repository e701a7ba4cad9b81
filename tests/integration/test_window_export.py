"""A real job exported from the window: real clicks, the real hub, files that can be read."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest
from clips import make_clip
from fakes import FakeVision
from PySide6.QtCore import QCoreApplication, QEvent, Qt

from codefx_desktop.bootstrap import open_workshop
from codefx_desktop.domain.artifact_choice import ArtifactChoice
from codefx_desktop.domain.job import JobMetadata, JobRecord, JobSpec, JobStatus
from codefx_desktop.domain.plan import StagePlan
from codefx_desktop.domain.sheet import Product, SheetRequest
from codefx_desktop.jobs.engine import Engine
from codefx_desktop.jobs.export_values import ExportPhase, ExportStep
from codefx_desktop.jobs.hub import Hub
from codefx_desktop.jobs.messages import OpenedEngine
from codefx_desktop.settings.paths import app_paths
from codefx_desktop.settings.settings import load_settings
from codefx_desktop.ui.main_window import MainWindow
from codefx_desktop.ui.theme import Theme
from codefx_desktop.video.probe import probe

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from codefx_desktop.ui.export_sheet import ExportSheet

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
WAIT_MS = 60_000
PLAN = StagePlan(scenes=True, artifacts=ArtifactChoice.parse("every:5"))
FRAMES = 30
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def window(qtbot: QtBot, qapp: object) -> Iterator[MainWindow]:
    """The window over a real hub."""

    def open_engine() -> OpenedEngine:
        shop, notices = open_workshop(app_paths(), load_settings(), FakeVision())
        return OpenedEngine(Engine(shop), notices)

    hub, theme = Hub(app_paths(), load_settings(), open_engine), Theme(qapp)
    window = MainWindow(hub, theme)
    window.show()
    with qtbot.waitSignal(hub.ready, timeout=WAIT_MS):
        hub.start()
    yield window
    window.close_without_asking()
    for gone in (window, hub, theme):
        gone.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def run(qtbot: QtBot, hub: Hub, clip: Path, weights: Path) -> JobRecord:
    """Run a clip with artifacts; return its record as the history has it."""
    records: dict[str, JobRecord] = {}
    hub.job_changed.connect(lambda record: records.update({record.id: record}))
    with qtbot.waitSignal(hub.finished, timeout=WAIT_MS) as finished:
        hub.add_clips([clip], JobSpec(weights=weights, plan=PLAN), JobMetadata())
    (event,) = finished.args
    assert event.status is JobStatus.COMPLETE, event.error_message
    qtbot.waitUntil(lambda: records[event.job_id].status is JobStatus.COMPLETE, timeout=WAIT_MS)
    return records[event.job_id]


def export(qtbot: QtBot, dialog: ExportSheet) -> ExportStep:
    """Click on Export and wait for the end."""
    with qtbot.waitSignal(dialog.form.ended, timeout=WAIT_MS) as ended:
        qtbot.mouseClick(dialog.export_button, LEFT)
    return ended.args[0]


def test_a_real_job_is_exported_by_clicks(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, weights: Path
) -> None:
    record = run(qtbot, window.hub, make_clip(tmp_path / "stop.mp4", seconds=1), weights)
    qtbot.waitUntil(window.exports.action.isEnabled)
    window.exports.action.trigger()
    dialog = window.exports.dialogs[record.id]
    assert dialog.form.products == (Product.VIDEO,)  # no stops, no artifacts of every frame

    dialog.ticks[Product.COCO].click()
    step = export(qtbot, dialog)  # into the job's own folder: what the dialog begins with
    assert step.phase is ExportPhase.DONE, step.message
    report = record.job_dir / "report"
    content = json.loads((report / "stop_coco" / "coco.json").read_text("utf-8"))
    assert len(content["images"]) == FRAMES
    assert len(content["annotations"]) > 0
    assert len(probe(report / "stop_redrawn.mp4").index) == FRAMES
    assert dialog.outcome.result.text().endswith(f" in {report}")

    for product in (Product.VIDEO, Product.COCO, Product.YOLO):
        dialog.ticks[product].click()
    dialog.pictures.click()
    usb = tmp_path / "usb"
    dialog.form.choose(folder_text=str(usb))
    step = export(qtbot, dialog)
    assert step.phase is ExportPhase.DONE, step.message
    images = usb / "stop_training" / "yolo" / "images"
    assert len(list(images.iterdir())) == FRAMES  # those without artifacts are of the clip itself
    kept = usb / "stop_training" / "yolo" / "classes.txt"
    kept.write_text("a person's own words", "utf-8")

    step = export(qtbot, dialog)  # again: something is in the way now
    assert step.phase is ExportPhase.TAKEN
    assert "stop_training" in dialog.outcome.question.text()
    assert kept.read_text("utf-8") == "a person's own words"
    with qtbot.waitSignal(dialog.form.ended, timeout=WAIT_MS) as ended:
        qtbot.mouseClick(dialog.outcome.replace_button, LEFT)
    assert ended.args[0].phase is ExportPhase.DONE
    assert kept.read_text("utf-8") != "a person's own words"

    file = tmp_path / "no-folder"
    file.write_text("", "utf-8")
    dialog.form.choose(folder_text=str(file / "inside"))
    step = export(qtbot, dialog)
    assert step.phase is ExportPhase.FAILED
    assert "Something unexpected" not in step.message
    assert dialog.outcome.trouble.text() == step.message


def test_exports_end_with_the_hub_and_unknown_jobs_are_told(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    desk = window.hub.export_desk()
    with qtbot.waitSignal(
        desk.stepped, timeout=WAIT_MS, check_params_cb=lambda step: step.phase.is_final
    ) as told:
        desk.export("nobody", SheetRequest((Product.COCO,), tmp_path))
    assert told.args[0].phase is ExportPhase.FAILED
    assert "nobody" in told.args[0].message
    window.hub.shutdown()
    said: list[ExportStep] = []
    desk.stepped.connect(said.append)
    desk.export("nobody", SheetRequest((Product.COCO,), tmp_path))
    qtbot.wait(20)
    assert not said
