"""Runs of whole plans on a clip of two shots, with models that find something in every frame."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from fake_values import detections, faces, rectangles
from fakes import FakeVision
from runs import Ear, run_clip
from shots import MultiShot

from codefx_desktop.artifacts.formats import read_json
from codefx_desktop.artifacts.layout import AnalysisFormat
from codefx_desktop.domain.artifact_choice import ArtifactChoice
from codefx_desktop.domain.job import JobSpec
from codefx_desktop.domain.plan import StagePlan
from codefx_desktop.domain.run import JobLogged
from codefx_desktop.jobs.work import layout_of

if TYPE_CHECKING:
    import threading
    from pathlib import Path

    from codefx_desktop.artifacts.layout import JobLayout
    from codefx_desktop.domain.detections import Detections
    from codefx_desktop.domain.frame import Frame
    from codefx_desktop.domain.job import JobRecord
    from codefx_desktop.domain.run import JobFinished

SHOTS = MultiShot("two", (25, 31), 1, size=(96, 64))
FRAMES, CUT = 56, 25
CHOSEN = {
    "none": (),
    "all": tuple(range(FRAMES)),
    "every:10": tuple(range(0, FRAMES, 10)),
    "rate:2": (0, 15, 30, 45),
    "scenes": (12, 40),
    "scenes:3": (0, 12, 24, 25, 40, 55),
}


def finding_vision(**changes: object) -> FakeVision:
    """Return models that find something in every frame, at a place that says which."""
    script = {
        "boxes": moving_box,
        "segments": lambda frame: rectangles([[1, 1, 20 + frame.number % 9, 20]]),
        "faces": lambda _frame: faces([[4, 4, 26, 28]]),
    }
    return FakeVision(**{**script, **changes})


def moving_box(frame: Frame) -> Detections:
    left = 2 + frame.number % 25
    return detections([[left, 2, left + 30, 30]])


def plan_of(switches: str, choice: str = "none", *, blur: bool = False) -> StagePlan:
    """Return a plan from letters: Scenes, Detect, sEgment, Faces, eVery frame."""
    return StagePlan(
        "S" in switches,
        "D" in switches,
        "E" in switches,
        "F" in switches,
        artifacts=ArtifactChoice.parse(choice),
        every_frame="V" in switches,
        blur_faces=blur,
    )


def spec_of(plan: StagePlan, weights: Path) -> JobSpec:
    if plan.segment and plan.segment_weights is None:
        plan = replace(plan, segment_weights=weights)
    return JobSpec(weights=weights if plan.detect else None, plan=plan)


def run_plan(
    plan: StagePlan,
    clip: Path,
    weights: Path,
    vision: FakeVision | None = None,
    *,
    wants_preview: bool = False,
    cancel: threading.Event | None = None,
    ear: Ear | None = None,
) -> tuple[JobFinished, Ear, JobRecord, JobLayout]:
    finished, ear, _, record = run_clip(
        clip,
        weights,
        vision,
        spec=spec_of(plan, weights),
        wants_preview=wants_preview,
        cancel=cancel,
        ear=ear,
    )
    return finished, ear, record, layout_of(record)


def said(ear: Ear) -> list[str]:
    return [event.line.text for event in ear.of(JobLogged)]


def contents(layout: JobLayout, numbers: tuple[int, ...]) -> dict[int, Any]:
    return {
        number: read_json(layout.analysis(AnalysisFormat.JSON, number).read_bytes())
        for number in numbers
    }
