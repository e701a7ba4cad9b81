"""A job's plan: what goes together, and which stages follow from it."""

from __future__ import annotations

from typing import Any

import pytest

from codefx_desktop.domain.artifact_choice import ArtifactChoice
from codefx_desktop.domain.job import JobSpec, Stage
from codefx_desktop.domain.plan import BUILT_IN, Profile, StagePlan

EVERY = ArtifactChoice.parse("every:5")


def test_the_pit_stop_profile_weighs_its_stages_as_ever() -> None:
    assert [weight for _, weight in JobSpec().stages] == [15, 25, 30, 5, 20, 10]


def test_stages_follow_from_the_switches() -> None:
    plan = StagePlan(scenes=True, detect=False, faces=True, artifacts=EVERY)
    assert [stage for stage, _ in JobSpec(plan=plan).stages] == [
        Stage.IMPORT,
        Stage.SCENES,
        Stage.FACES,
        Stage.RENDERING,
        Stage.ARTIFACTS,
        Stage.TRANSCODING,
    ]


def test_profiles_have_names_of_their_own() -> None:
    assert [profile.name for profile in BUILT_IN] == ["pitstop", "video", "everything"]
    assert not any(profile.is_own for profile in BUILT_IN)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"detect": False}, "at least one of scenes, detection"),
        ({"artifacts": ArtifactChoice.parse("scenes")}, "need scene detection"),
        ({"blur_faces": True}, "switch faces on"),
        ({"segment": True}, "choose such frames, or every frame"),
        ({"faces": True}, "choose such frames, or every frame"),
        ({"faces": True, "blur_faces": True, "segment": True}, "choose such frames"),
        ({"face_confidence": 0.0}, "face_confidence must be"),
        ({"face_confidence": float("nan")}, "face_confidence must be"),
        ({"smallest_face_px": 5}, "smallest_face_px must be"),
    ],
)
def test_what_does_not_go_together_says_what_to_change(given: dict[str, Any], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        StagePlan(**given)


def test_blurring_looks_for_faces_everywhere() -> None:
    plan = StagePlan(faces=True, blur_faces=True)
    assert plan.faces_everywhere
    assert not plan.looks_at_artifacts_only


def test_faces_and_outlines_look_at_artifact_frames_unless_told() -> None:
    some = StagePlan(segment=True, faces=True, artifacts=EVERY)
    assert some.looks_at_artifacts_only
    assert not some.segments_everywhere
    assert not some.faces_everywhere
    every = StagePlan(segment=True, faces=True, every_frame=True)
    assert every.segments_everywhere
    assert every.faces_everywhere
    assert not every.looks_at_artifacts_only
    assert every.picture_kinds == 4


@pytest.mark.parametrize("name", ["", " mine", "a" * 33, "two\nlines"])
def test_a_profile_has_a_name_that_can_be_typed(name: str) -> None:
    with pytest.raises(ValueError, match="1 to 32 visible characters"):
        Profile(name, "Title", StagePlan())
