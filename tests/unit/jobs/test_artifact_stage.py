"""The workers that write artifacts: order does not matter, what is not right is found."""

from __future__ import annotations

import threading
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import pytest
from fake_values import detections

from codefx_desktop.artifacts.layout import AnalysisFormat, FrameKind, JobLayout
from codefx_desktop.artifacts.provenance import Provenance
from codefx_desktop.domain.clip import FrameTime
from codefx_desktop.domain.findings import FrameFindings
from codefx_desktop.domain.job import Stage
from codefx_desktop.domain.overlay import Overlay
from codefx_desktop.domain.plan import EVERYTHING, PIT_STOP
from codefx_desktop.domain.run import Cancelled, StageProgress
from codefx_desktop.jobs.artifact_stage import ArtifactStage, Shot, pictures_of
from codefx_desktop.jobs.channel import Stopped
from codefx_desktop.jobs.progress import ProgressMeter

if TYPE_CHECKING:
    from pathlib import Path

    from codefx_desktop.domain.run import RunEvent

PIXELS = np.full((48, 64, 3), 90, np.uint8)
KINDS = frozenset({FrameKind.ORIGINAL, FrameKind.DETECTED})
GO_ON = threading.Event()


@pytest.fixture
def layout(tmp_path: Path) -> JobLayout:
    return JobLayout(tmp_path, "job")


def stage_for(layout: JobLayout, frames: int, heard: list[RunEvent] | None = None) -> ArtifactStage:
    emit = (lambda _: None) if heard is None else heard.append
    meter = ProgressMeter("job", [(Stage.ARTIFACTS, 1)], emit)
    provenance = Provenance("job", "1.0", "cpu", "clip.mp4", "v1:a", 64, 48)
    return ArtifactStage(layout, provenance, KINDS, 0.5, meter.of(Stage.ARTIFACTS, frames))


def shot(number: int) -> Shot:
    return Shot(number, PIXELS, Overlay(number, 0.0))


def found(number: int) -> FrameFindings:
    return FrameFindings(number, FrameTime(number, Fraction(1, 25), number), detections([]))


def test_a_frame_is_done_when_both_its_parts_are(layout: JobLayout) -> None:
    heard: list[RunEvent] = []
    stage = stage_for(layout, 3, heard)
    stage.show(shot(0))
    stage.tell(found(1), 0)
    stage.tell(found(0), 0)
    stage.show(shot(1))
    stage.show(shot(2))
    stage.close()
    stage.work()
    assert stage.whole == (0, 1)
    broken = stage.finish((0, 1, 2), GO_ON)
    assert [str(one) for one in broken] == [
        "analysis/json/frame_2.json is missing",
        "analysis/toon/frame_2.toon is missing",
    ]
    progress = [
        event.stages[Stage.ARTIFACTS] for event in heard if isinstance(event, StageProgress)
    ]
    assert progress == sorted(progress)
    assert max(progress) <= 2 / 3 + 1e-9


def test_several_workers_share_the_writing(layout: JobLayout) -> None:
    stage = stage_for(layout, 40)
    assert stage.workers >= 2
    workers = [threading.Thread(target=stage.work) for _ in range(stage.workers)]
    for worker in workers:
        worker.start()
    for number in range(40):
        stage.tell(found(number), None)
        stage.show(shot(number))
    stage.close()
    for worker in workers:
        worker.join()
    assert stage.whole == tuple(range(40))
    assert stage.finish(range(40), GO_ON) == []
    assert layout.frame(FrameKind.DETECTED, 39).is_file()
    assert layout.analysis(AnalysisFormat.TOON, 0).is_file()


def test_a_stop_ends_the_workers_and_who_hands_in(layout: JobLayout) -> None:
    stage = stage_for(layout, 1)
    stage.stop()
    with pytest.raises(Stopped):
        stage.show(shot(0))
    with pytest.raises(Stopped):
        stage.work()


def test_a_cancel_is_seen_while_files_are_brought_onto_the_disk(layout: JobLayout) -> None:
    stage = stage_for(layout, 1)
    stage.show(shot(0))
    stage.tell(found(0), None)
    stage.close()
    stage.work()
    cancel = threading.Event()
    cancel.set()
    with pytest.raises(Cancelled):
        stage.finish((0,), cancel)


def test_a_plan_promises_a_picture_for_each_look() -> None:
    assert pictures_of(PIT_STOP.plan) == KINDS
    assert pictures_of(EVERYTHING.plan) == frozenset(FrameKind)
    assert len(pictures_of(EVERYTHING.plan)) == EVERYTHING.plan.picture_kinds
