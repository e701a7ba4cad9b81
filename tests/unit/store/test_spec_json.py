"""A job's spec in the history: every field of it, across versions of the program."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path

import pytest

from codefx_desktop.domain.artifact_choice import ArtifactChoice
from codefx_desktop.domain.camera_profile import BoxMarks, CameraProfile, Lens, LensKind
from codefx_desktop.domain.errors import HistoryError
from codefx_desktop.domain.events import Place
from codefx_desktop.domain.job import JobSpec, QualityPreset
from codefx_desktop.domain.plan import BUILT_IN, StagePlan
from codefx_desktop.domain.scene import SceneKind, SceneSettings
from codefx_desktop.domain.stop_settings import StopSettings
from codefx_desktop.domain.zone import CarPlace, Zone, ZoneAnchor, ZoneRole, ZoneSet
from codefx_desktop.store.spec_json import spec_from_json, spec_to_json

PLAN = StagePlan(
    scenes=True,
    detect=False,
    segment=True,
    faces=True,
    scene=SceneSettings(SceneKind.ADAPTIVE, 2.5, 30),
    artifacts=ArtifactChoice.parse("rate:0.5"),
    every_frame=True,
    segment_weights=Path("/w/seg.pt"),
    segment_classes=("person", "tyre"),
    face_confidence=0.95,
    smallest_face_px=40,
    blur_faces=True,
    events=True,
    stop=StopSettings(
        "nascar",
        CameraProfile(
            "Gantry, box 7",
            90.0,
            mirrored=True,
            lens=Lens(LensKind.FISHEYE, (0.4, 0.6), 170.0),
            marks=BoxMarks(((0.1, 0.2), (0.3, 0.2), (0.3, 0.4), (0.1, 0.4)), 5.5, 2.25),
            zones=ZoneSet(
                (
                    Zone(
                        "front left",
                        ((0.1, 0.1), (0.2, 0.1), (0.2, 1.1)),
                        ZoneRole.CORNER,
                        Place.FRONT_LEFT,
                        ZoneAnchor.CAR,
                    ),
                ),
                CarPlace((0.1, 0.2, 0.5, 0.6), {Place.FRONT_LEFT: (0.2, 0.3)}),
            ),
            capture_rate_hz=240.0,
        ),
        draw=False,
    ),
)
CHANGED = JobSpec(
    profile="Endurance, night",
    weights=Path("/w/best.pt"),
    demo_model=True,
    confidence=0.25,
    iou=1.0,
    image_size_px=1280,
    device="cuda:0",
    output_root=Path("/out"),
    quality=QualityPreset.HIGH,
    plan=PLAN,
)


def test_every_field_is_kept() -> None:
    for changed, usual in ((CHANGED, JobSpec()), (PLAN, StagePlan())):
        same = [
            item.name
            for item in fields(usual)
            if getattr(changed, item.name) == getattr(usual, item.name)
        ]
        assert same == [], "give new fields another value here"
    assert spec_from_json(spec_to_json(CHANGED), "j") == CHANGED
    assert spec_from_json(spec_to_json(JobSpec()), "j") == JobSpec()


def test_keys_of_another_version_do_no_harm() -> None:
    values = json.loads(spec_to_json(CHANGED))
    del values["iou"]
    values["from_the_future"] = [1, 2]
    found = spec_from_json(json.dumps(values), "j")
    assert (found.confidence, found.iou) == (0.25, JobSpec().iou)


def test_a_spec_from_before_quality_is_of_the_standard_one() -> None:
    old = '{"version": 1, "confidence": 0.25, "iou": 0.5}'
    assert spec_from_json(old, "j").quality is QualityPreset.STANDARD


def test_the_version_is_the_lowest_that_says_all_of_it() -> None:
    """A program that does not know ``quality`` must not run a job with another one."""
    plan = StagePlan()
    for quality, version in (("small", 2), ("standard", 1), ("high", 2)):
        spec = JobSpec(quality=QualityPreset(quality), plan=plan)
        values = json.loads(spec_to_json(spec))
        assert (values["version"], values["quality"]) == (version, quality)
        kept = spec_from_json(json.dumps(values), "j").quality
        assert kept is QualityPreset(quality)


def test_plans_have_version_3_and_those_with_events_4() -> None:
    """A program that does not know plans, or events, must not run a job without them."""
    for profile in BUILT_IN:
        spec = JobSpec(profile=profile.name, plan=profile.plan)
        values = json.loads(spec_to_json(spec))
        assert values["version"] == (4 if profile.plan.events else 3)
        assert spec_from_json(json.dumps(values), "j") == spec
    renamed = JobSpec(profile="mine", plan=StagePlan())
    assert json.loads(spec_to_json(renamed))["version"] == 3


def test_whole_numbers_are_numbers() -> None:
    assert spec_from_json('{"version": 1, "confidence": 1}', "j").confidence == 1.0


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "Expecting value"),
        ("[]", "cannot be read"),
        ("{}", "no version"),
        ('{"version": true}', "no version"),
        ('{"version": 5}', "have version 5, this program knows 4"),
        ('{"version": 2, "quality": "huge"}', "quality must be one of small, standard, high"),
        ('{"version": 2, "quality": 5}', "quality must be one of"),
        ('{"version": 3, "profile": ""}', "1 to 32 visible characters"),
        ('{"version": 3, "plan": []}', "plan must be an object"),
        ('{"version": 3, "plan": {"scenes": 1}}', "scenes must be a bool"),
        ('{"version": 3, "plan": {"artifacts": "some"}}', "is not none, all, every:N"),
        ('{"version": 3, "plan": {"scene": {"kind": "smell"}}}', "smell"),
        ('{"version": 3, "plan": {"detect": false}}', "at least one of scenes"),
        ('{"version": 4, "plan": {"stop": 1}}', "stop must be a dict"),
        ('{"version": 4, "plan": {"stop": {"template": ""}}}', "template must name"),
        ('{"version": 4, "plan": {"stop": {"camera": {"mirrored": 1}}}}', "mirrored must be true"),
        ('{"version": 4, "plan": {"stop": {"camera": {"lens": {"kind": "x"}}}}}', "lens.kind must"),
        ('{"version": 4, "plan": {"stop": {"camera": {"marks": {}}}}}', "marks.corners must"),
        ('{"version": 1, "confidence": 7}', "confidence must be between"),
        ('{"version": 1, "confidence": "high"}', "confidence must be a float"),
        ('{"version": 1, "image_size_px": 640.5}', "image_size_px must be a int"),
        ('{"version": 1, "demo_model": 1}', "demo_model must be a bool"),
        ('{"version": 1, "weights": 5}', "weights must be a path"),
    ],
)
def test_what_cannot_be_used_says_why(text: str, says: str) -> None:
    with pytest.raises(HistoryError, match=says) as caught:
        spec_from_json(text, "the-job")
    assert caught.value.job_id == "the-job"
    assert "the-job" in str(caught.value)
