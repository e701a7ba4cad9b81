"""What the switches of ``codefx run`` make of a profile's plan."""

from __future__ import annotations

from pathlib import Path

import pytest

from codefx_desktop.cli.plan_switches import PlanSwitches, check_detector_is_wanted
from codefx_desktop.domain.artifact_choice import ArtifactChoice
from codefx_desktop.domain.job import JobSpec
from codefx_desktop.domain.plan import BUILT_IN, EVERYTHING, PIT_STOP, VIDEO, Profile, StagePlan
from codefx_desktop.domain.scene import SceneKind, SceneSettings


@pytest.mark.parametrize("profile", BUILT_IN, ids=lambda profile: profile.name)
def test_without_switches_a_profile_is_as_it_is(profile: Profile) -> None:
    assert PlanSwitches().applied(profile.plan) == profile.plan


def test_each_switch_reaches_the_plan() -> None:
    switches = PlanSwitches(
        scenes=True,
        detect=False,
        segment=True,
        faces=True,
        events=False,
        artifacts="scenes:3",
        every_frame=True,
        scene_detector=SceneKind.HASH,
        scene_threshold=0.4,
        shortest_scene=5,
        seg_weights=Path("own-seg.pt"),
        seg_classes=" person, tyre,",
        face_confidence=0.8,
        smallest_face=40,
        blur_faces=True,
    )
    assert switches.applied(PIT_STOP.plan) == StagePlan(
        scenes=True,
        detect=False,
        segment=True,
        faces=True,
        scene=SceneSettings(SceneKind.HASH, 0.4, 5),
        artifacts=ArtifactChoice.parse("scenes:3"),
        every_frame=True,
        segment_weights=Path("own-seg.pt").absolute(),
        segment_classes=("person", "tyre"),
        face_confidence=0.8,
        smallest_face_px=40,
        blur_faces=True,
    )


def test_stages_can_be_switched_off() -> None:
    plan = PlanSwitches(segment=False, faces=False, every_frame=False).applied(EVERYTHING.plan)
    assert (plan.segment, plan.faces, plan.every_frame) == (False, False, False)
    assert plan.artifacts == EVERYTHING.plan.artifacts


def test_a_threshold_is_not_carried_to_another_detector() -> None:
    own = StagePlan(scenes=True, scene=SceneSettings(SceneKind.CONTENT, 40.0, 30))
    changed = PlanSwitches(scene_detector=SceneKind.HASH).applied(own)
    assert changed.scene == SceneSettings(SceneKind.HASH, None, 30)
    kept = PlanSwitches(scene_detector=SceneKind.CONTENT).applied(own)
    assert kept.scene == own.scene


@pytest.mark.parametrize(
    ("switches", "plan", "said"),
    [
        (PlanSwitches(segment=True), PIT_STOP.plan, "add --artifacts every:15"),
        (PlanSwitches(faces=True), PIT_STOP.plan, "or --every-frame"),
        (PlanSwitches(segment=True, faces=True), PIT_STOP.plan, "segmentation and faces"),
        (PlanSwitches(artifacts="none"), VIDEO.plan, "add --artifacts"),
        (PlanSwitches(artifacts="scenes"), PIT_STOP.plan, "add --scenes"),
        (PlanSwitches(scenes=False), VIDEO.plan, "add --scenes"),
        (PlanSwitches(artifacts="often"), PIT_STOP.plan, "every:N"),
        (PlanSwitches(blur_faces=True), PIT_STOP.plan, "add --faces"),
        (PlanSwitches(detect=False, events=False), PIT_STOP.plan, "at least one"),
        (PlanSwitches(artifacts="events"), VIDEO.plan, "add --events"),
        (PlanSwitches(events=False, artifacts="events"), PIT_STOP.plan, "add --events"),
        (PlanSwitches(scene_threshold=3.0), PIT_STOP.plan, "--scene-threshold needs --scenes"),
        (PlanSwitches(shortest_scene=3), PIT_STOP.plan, "--shortest-scene needs --scenes"),
        (PlanSwitches(seg_classes="car"), PIT_STOP.plan, "--seg-classes needs --segment"),
        (PlanSwitches(smallest_face=30), PIT_STOP.plan, "--smallest-face needs --faces"),
        (PlanSwitches(seg_classes=" ,"), VIDEO.plan, "names of classes"),
        (PlanSwitches(smallest_face=3), VIDEO.plan, "smallest_face_px"),
        (PlanSwitches(scene_threshold=0.0), VIDEO.plan, "above 0"),
    ],
)
def test_what_does_not_fit_says_what_to_add(
    switches: PlanSwitches, plan: StagePlan, said: str
) -> None:
    with pytest.raises(ValueError, match=said.replace("-", r"\-")):
        switches.applied(plan)


def test_faces_that_are_blurred_need_no_artifacts() -> None:
    plan = PlanSwitches(faces=True, blur_faces=True).applied(PIT_STOP.plan)
    assert plan.faces_everywhere
    assert not plan.has_artifacts


@pytest.mark.parametrize("named", [{"weights": Path("a.pt")}, {"demo_model": True}])
def test_a_detector_that_would_do_nothing_is_told(named: dict[str, object]) -> None:
    idle = StagePlan(scenes=True, detect=False)
    with pytest.raises(ValueError, match="nothing is to be detected"):
        check_detector_is_wanted(JobSpec(plan=idle, **named))  # type: ignore[arg-type]
    check_detector_is_wanted(JobSpec(plan=idle))
    check_detector_is_wanted(JobSpec(**named))  # type: ignore[arg-type]
