"""The switches of the start sheet, the profile they come from, and the estimate; no widgets."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from codefx_desktop.domain.artifact_choice import ArtifactChoice
from codefx_desktop.domain.camera_profile import CameraProfile
from codefx_desktop.domain.clip import ClipSize
from codefx_desktop.domain.job import JobSpec
from codefx_desktop.domain.plan import BUILT_IN, EVERYTHING, PIT_STOP, VIDEO, Profile, StagePlan
from codefx_desktop.domain.scene import SceneKind, SceneSettings
from codefx_desktop.domain.stop_settings import StopSettings
from codefx_desktop.jobs.camera_values import CameraList
from codefx_desktop.jobs.messages import ClipSizes
from codefx_desktop.settings.weights import FoundWeights
from codefx_desktop.ui.models.artifact_words import LOOKING, NOTHING, estimate_text
from codefx_desktop.ui.models.plan_form import NO_SEGMENTER, Frames, PlanForm
from codefx_desktop.ui.models.profile_form import NOT_SAVED, ProfileForm
from codefx_desktop.ui.models.stop_choices import NO_CAMERA
from codefx_desktop.ui.models.weights_pick import WeightsChoice

if TYPE_CHECKING:
    from gui.fake_hub import FakeHub
    from pytestqt.qtbot import QtBot

SEGMENTER = FoundWeights(Path("/data/model_weights/best-seg.pt"), "found in /data/model_weights")
CLIP = ClipSize(frames=3000, duration_s=120.0, width=1280, height=720)
OWN = Profile("Tyres", "Tyres", StagePlan(segment=True, every_frame=True), is_own=True)
ODD = StagePlan(
    scenes=True,
    detect=False,
    segment=True,
    faces=True,
    scene=SceneSettings(SceneKind.HASH, 0.4, 30),
    artifacts=ArtifactChoice.parse("rate:1/3"),
    segment_weights=Path("/m/tyres-seg.pt"),
    segment_classes=("person", "tyre"),
    face_confidence=0.875,
    smallest_face_px=40,
    blur_faces=True,
)


@pytest.fixture
def plan(hub: FakeHub) -> PlanForm:
    hub.found_segment_weights = SEGMENTER
    return PlanForm(hub)


@pytest.fixture
def profile(hub: FakeHub, plan: PlanForm) -> ProfileForm:
    return ProfileForm(hub, plan)


@pytest.mark.parametrize("given", [*(one.plan for one in BUILT_IN), OWN.plan, ODD])
def test_a_plan_goes_in_and_comes_out_unchanged(plan: PlanForm, given: StagePlan) -> None:
    plan.load(given)
    assert plan.plan() == given


@pytest.mark.parametrize(
    "text", ["none", "all", "every:7", "rate:0.5", "scenes", "scenes:3", "events"]
)
def test_every_choice_of_frames_can_be_made(plan: PlanForm, text: str) -> None:
    plan.load(
        replace(VIDEO.plan, every_frame=True, events=True, artifacts=ArtifactChoice.parse(text))
    )
    assert str(plan.plan().artifacts) == text


def test_a_number_stays_while_another_choice_is_looked_at(plan: PlanForm) -> None:
    plan.load(replace(PIT_STOP.plan, artifacts=ArtifactChoice.parse("every:7")))
    plan.change(frames=Frames.ALL)
    plan.change(frames=Frames.EVERY)
    assert plan.plan().artifacts == ArtifactChoice.parse("every:7")


def test_what_does_not_fit_together_is_a_sentence_that_says_what_to_do(plan: PlanForm) -> None:
    plan.change(detect=False)
    assert plan.hindrance == ""
    plan.change(events=False)
    assert plan.hindrance == (
        "Switch on at least one of scenes, detection, segmentation, faces and events."
    )
    plan.change(faces=True)
    assert plan.hindrance.startswith("Segmentation and faces look at the frames with artifacts")
    plan.change(frames=Frames.MIDDLE)
    assert plan.hindrance == "Artifacts of scenes need scene detection: switch it on."
    plan.change(scenes=True)
    assert plan.hindrance == ""
    plan.change(scene_kind=SceneKind.HASH, scene_threshold=27.0)
    assert "hash scene detector must be above 0" in plan.hindrance
    assert plan.hindrance.endswith(".")


def test_blurring_does_not_outlive_its_switch(plan: PlanForm) -> None:
    plan.load(replace(EVERYTHING.plan, blur_faces=True))
    plan.change(faces=False)
    assert not plan.plan().blur_faces
    plan.change(faces=True)
    assert plan.plan().blur_faces


def test_another_scene_detector_begins_with_its_usual_threshold(plan: PlanForm) -> None:
    plan.change(scenes=True, scene_threshold=31.0)
    plan.choose_detector(SceneKind.ADAPTIVE)
    assert plan.plan().scene == SceneSettings(SceneKind.ADAPTIVE)
    assert plan.usual_threshold == 3.0


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", ()),
        (" , ,", ()),
        ("person", ("person",)),
        (" person ,tyre,, person", ("person", "tyre")),
        ("wheel gun, Person", ("wheel gun", "Person")),
    ],
)
def test_classes_are_read_from_a_text(plan: PlanForm, text: str, names: tuple[str, ...]) -> None:
    plan.change(classes=text)
    assert plan.plan().segment_classes == names


def test_changes_are_told_once_and_only_if_they_are_some(qtbot: QtBot, plan: PlanForm) -> None:
    qtbot.waitUntil(lambda: plan.weights.has_found)
    heard: list[int] = []
    plan.changed.connect(lambda: heard.append(1))
    plan.change(faces=False)
    assert heard == []
    plan.change(faces=True, blur_faces=True)
    assert heard == [1]
    with pytest.raises(AttributeError):
        plan.change(face=True)


# -- pit stops ------------------------------------------------------------------------------------

SPA = CameraProfile("Spa, boom", front_deg=180.0)


def test_template_camera_and_drawing_go_in_and_come_out(plan: PlanForm) -> None:
    given = replace(PIT_STOP.plan, stop=StopSettings("imsa", SPA, draw=False))
    plan.load(given)
    assert plan.plan() == given


def test_cameras_are_offered_when_they_are_known(
    qtbot: QtBot, hub: FakeHub, plan: PlanForm
) -> None:
    assert plan.stops.cameras(plan.camera) == {NO_CAMERA: CameraProfile()}
    hub.cameras.cameras = [SPA]
    with qtbot.waitSignal(plan.changed):
        hub.cameras.request_list()
    assert list(plan.stops.cameras(SPA)) == [NO_CAMERA, "Spa, boom"]
    gone = CameraProfile("Monza")
    assert list(plan.stops.cameras(gone)) == [NO_CAMERA, "Spa, boom", "Monza (not saved)"]


def test_a_camera_that_was_edited_since_is_taken_as_it_is_saved(
    hub: FakeHub, plan: PlanForm, profile: ProfileForm
) -> None:
    plan.load(replace(PIT_STOP.plan, stop=StopSettings(camera=SPA)))
    edited = replace(SPA, mirrored=True)
    hub.cameras.listed.emit(CameraList((edited,), hub.cameras.all().templates))
    assert plan.plan().stop.camera == edited
    own = Profile("Spa", "Spa", replace(PIT_STOP.plan, stop=StopSettings(camera=SPA)), is_own=True)
    profile.begin_from((own,), "Spa", own.plan)
    assert not profile.is_changed  # what is saved under the name counts


def test_a_template_that_is_gone_hinders(hub: FakeHub) -> None:
    plan = PlanForm(hub)
    plan.load(replace(PIT_STOP.plan, stop=StopSettings("club")))
    assert plan.hindrance == ""  # nobody knows yet
    hub.cameras.listed.emit(hub.cameras.all())
    assert plan.hindrance == "The template club is not there any more: choose another one."
    assert plan.stops.templates("club")["club"] == "club (not there any more)"
    plan.change(events=False)
    assert plan.hindrance == ""


def test_settings_of_stops_are_no_change_where_stops_are_off(
    plan: PlanForm, profile: ProfileForm
) -> None:
    profile.choose(VIDEO)
    plan.change(template="nascar", camera=SPA, draw_stops=False)
    assert not profile.is_changed
    plan.change(events=True)
    assert profile.is_changed


def test_artifacts_at_events_need_stops(plan: PlanForm) -> None:
    plan.change(frames=Frames.EVENTS)
    assert str(plan.plan().artifacts) == "events"
    plan.change(events=False)
    assert plan.hindrance.startswith("Artifacts at events need pit stops to be taken apart")


# -- segmentation weights -------------------------------------------------------------------------


def test_missing_segmentation_weights_hinder_only_where_they_are_needed(
    qtbot: QtBot, hub: FakeHub
) -> None:
    plan = PlanForm(hub)
    qtbot.waitUntil(lambda: plan.weights.found is not None)
    assert plan.hindrance == ""
    plan.change(segment=True, every_frame=True)
    assert plan.hindrance == NO_SEGMENTER
    assert "Ctrl+M" in NO_SEGMENTER
    plan.weights.choose_file(Path("/m/seg.pt"))
    assert plan.hindrance == ""
    assert plan.plan().segment_weights == Path("/m/seg.pt")


def test_weights_that_were_put_there_meanwhile_are_found(qtbot: QtBot, hub: FakeHub) -> None:
    plan = PlanForm(hub)
    plan.change(segment=True, every_frame=True)
    qtbot.waitUntil(lambda: plan.hindrance == NO_SEGMENTER)
    hub.found_segment_weights = SEGMENTER
    plan.weights.look()
    qtbot.waitUntil(lambda: plan.hindrance == "")
    assert plan.weights.choice is WeightsChoice.FOUND


def test_found_weights_that_are_gone_hinder(qtbot: QtBot, hub: FakeHub, plan: PlanForm) -> None:
    plan.change(segment=True, every_frame=True)
    qtbot.waitUntil(lambda: plan.weights.choice is WeightsChoice.FOUND)
    hub.found_segment_weights = None
    plan.weights.look()
    qtbot.waitUntil(lambda: plan.hindrance == NO_SEGMENTER)


def test_the_hub_is_asked_for_segmentation_weights_in_a_plan_that_can_be(hub: FakeHub) -> None:
    plan = PlanForm(hub)
    plan.weights.choose_file(Path("/m/seg.pt"))
    asked = [spec.plan.segment_weights for (spec,) in hub.of("request_segment_weights")]
    assert asked == [None, Path("/m/seg.pt")]


# -- profiles -------------------------------------------------------------------------------------


def test_switches_that_differ_are_a_change_and_choosing_again_undoes_it(
    plan: PlanForm, profile: ProfileForm
) -> None:
    assert profile.chosen is PIT_STOP
    profile.choose(VIDEO)
    assert not profile.is_changed
    plan.change(every_n=Fraction(3), scene_threshold=27.0)
    assert not profile.is_changed  # it would do the same
    plan.change(faces=False)
    assert profile.is_changed
    profile.choose(VIDEO)
    assert not profile.is_changed
    assert plan.plan() == VIDEO.plan


def test_settings_of_stages_that_are_off_are_no_change(
    plan: PlanForm, profile: ProfileForm
) -> None:
    plan.change(face_confidence=0.7, classes="tyre", shortest_frames=3, every_frame=True)
    assert not profile.is_changed
    plan.change(scenes=True)
    assert profile.is_changed


def test_switches_that_make_no_plan_are_changed_and_cannot_be_saved(
    plan: PlanForm, profile: ProfileForm
) -> None:
    assert profile.can_save
    plan.change(detect=False, events=False)
    assert profile.is_changed
    assert not profile.can_save


def test_the_last_jobs_profile_and_plan_come_back(hub: FakeHub, profile: ProfileForm) -> None:
    profile.begin_from((OWN,), "tyres", OWN.plan)
    assert profile.chosen == OWN
    assert not profile.is_changed
    profile.begin_from((OWN,), "video", replace(VIDEO.plan, blur_faces=True))
    assert profile.chosen is VIDEO
    assert profile.is_changed


def test_a_job_of_a_profile_that_is_gone_takes_the_one_that_does_the_same(
    profile: ProfileForm,
) -> None:
    profile.begin_from((OWN,), "Old tyres", OWN.plan)
    assert profile.chosen == OWN
    profile.begin_from((), "Old tyres", OWN.plan)
    assert profile.chosen is PIT_STOP
    assert profile.is_changed


def test_an_own_profile_is_saved_and_then_is_the_chosen_one(
    qtbot: QtBot, hub: FakeHub, plan: PlanForm, profile: ProfileForm
) -> None:
    plan.change(segment=True, every_frame=True, classes="tyre")
    profile.save("Tyres")
    ((saved,),) = hub.of("save_profile")
    assert saved == Profile("Tyres", "Tyres", plan.plan(), is_own=True)
    qtbot.waitUntil(lambda: profile.chosen == saved)
    assert not profile.is_changed
    assert profile.profiles == (*BUILT_IN, saved)
    profile.delete()
    qtbot.waitUntil(lambda: profile.profiles == BUILT_IN)
    assert profile.chosen is PIT_STOP
    assert plan.plan().segment_classes == ("tyre",)


def test_a_profile_that_could_not_be_saved_is_told(
    qtbot: QtBot, hub: FakeHub, plan: PlanForm, profile: ProfileForm
) -> None:
    hub.refuses_profiles = True
    plan.change(scenes=True)
    profile.save("Mine")
    qtbot.waitUntil(lambda: profile.trouble == NOT_SAVED)
    assert profile.chosen is PIT_STOP
    profile.choose(VIDEO)
    assert profile.trouble == ""


def test_names_are_checked_before_they_are_taken(profile: ProfileForm) -> None:
    profile.begin_from((OWN,), "pitstop", PIT_STOP.plan)
    for wrong in ("", " ", "x" * 33, "Pit Stop", "VIDEO", "a\nb"):
        assert profile.name_trouble(wrong).endswith("."), wrong
    assert profile.name_trouble("Tyres") == ""
    assert profile.replaces("TYRES") == OWN
    assert profile.replaces("Other") is None
    with pytest.raises(ValueError, match="built-in"):
        profile.save("video")


def test_the_built_in_profiles_are_never_deleted(hub: FakeHub, profile: ProfileForm) -> None:
    profile.delete()
    assert hub.of("delete_profile") == []


def test_a_plan_of_the_form_can_be_a_jobs(plan: PlanForm) -> None:
    plan.load(ODD)
    assert JobSpec(profile="Tyres", plan=plan.plan()).plan == ODD


# -- the estimate ---------------------------------------------------------------------------------


def test_an_estimate_over_all_clips() -> None:
    two = ClipSizes(1, (CLIP, replace(CLIP, frames=600, duration_s=24.0)))
    # 200 + 40 frames, of each the picture and three looks, a JSON and a TOON
    assert estimate_text(EVERYTHING.plan, two) == (
        "≈ 240 frames, 960 pictures, 1,440 files, 171 MB"
    )
    per_second = replace(PIT_STOP.plan, artifacts=ArtifactChoice.parse("rate:2"))
    assert estimate_text(per_second, two) == "≈ 288 frames, 576 pictures, 1,152 files, 92.4 MB"


def test_scenes_that_nobody_has_looked_for_add_to_it() -> None:
    assert estimate_text(VIDEO.plan, ClipSizes(1, (CLIP, CLIP))) == (
        "≈ 2 frames, 8 pictures, 12 files, 1.4 MB (+ 6 files, 712 kB for each further scene)"
    )
    three = replace(VIDEO.plan, artifacts=ArtifactChoice.parse("scenes:3"))
    assert "(+ 18 files, 2.1 MB for each further scene)" in estimate_text(
        three, ClipSizes(1, (CLIP,))
    )


def test_nothing_is_invented_about_clips_that_do_not_tell() -> None:
    plan = EVERYTHING.plan
    assert estimate_text(plan, None) == LOOKING
    assert estimate_text(PIT_STOP.plan, None) == NOTHING
    assert estimate_text(plan, ClipSizes(1, (), ("live.webm",))) == (
        "How much that will be is not known: the clip's header does not tell."
    )
    assert "the clips' headers do not tell" in estimate_text(plan, ClipSizes(1, (), ("a", "b")))
    one = estimate_text(plan, ClipSizes(1, (CLIP,), ("live.webm",)))
    assert one.startswith("≈ 200 frames")
    assert one.endswith("; live.webm not counted, its header does not tell")
    many = estimate_text(plan, ClipSizes(1, (CLIP,), ("a", "b")))
    assert many.endswith("; 2 clips not counted, their headers do not tell")


def test_a_disk_that_will_not_hold_it_is_told() -> None:
    sizes = ClipSizes(1, (CLIP,))
    assert estimate_text(EVERYTHING.plan, sizes, 100_000_000).endswith(
        "142 MB. The disk has only 100 MB free"
    )
    assert "disk" not in estimate_text(EVERYTHING.plan, sizes, 200_000_000)
