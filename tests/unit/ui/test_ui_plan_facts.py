"""What a job looks for and what came of it, in words: panel, card, history row."""

from __future__ import annotations

from pathlib import Path

import pytest
from gui.fake_hub import FakeHub, record

from codefx_desktop.domain.artifact_choice import ArtifactChoice
from codefx_desktop.domain.job import JobSpec, JobStatus
from codefx_desktop.domain.plan import EVERYTHING, PIT_STOP, VIDEO, StagePlan
from codefx_desktop.domain.scene import SceneKind, SceneSettings
from codefx_desktop.ui.models.cards import card_of
from codefx_desktop.ui.models.facts import Fact, artifacts_text, result_facts
from codefx_desktop.ui.models.history_model import Column, cell, tooltip
from codefx_desktop.ui.models.job_book import Entry, JobBook
from codefx_desktop.ui.models.plan_facts import choice_words, spec_facts


def facts_of(spec: JobSpec) -> dict[str, Fact]:
    return {fact.label: fact for fact in spec_facts(Entry(record(spec=spec)))}


def test_only_stages_that_are_on_are_told() -> None:
    assert list(facts_of(JobSpec())) == [
        "Profile",
        "Detection",
        "Confidence",
        "NMS IoU",
        "Detector size",
        "Pit stops",
        "Device",
    ]
    plan = StagePlan(scenes=True, detect=False)
    assert list(facts_of(JobSpec(plan=plan))) == ["Profile", "Scenes", "Device"]


def test_everything_is_told_in_words() -> None:
    plan = StagePlan(
        scenes=True,
        segment=True,
        faces=True,
        scene=SceneSettings(SceneKind.ADAPTIVE, 2.5, 20),
        artifacts=ArtifactChoice.parse("every:5"),
        segment_weights=Path("/weights/pit-seg.pt"),
        segment_classes=("car", "crew"),
        blur_faces=True,
    )
    told = facts_of(JobSpec(profile="mine", plan=plan))
    assert {label: fact.value for label, fact in told.items()} == {
        "Profile": "mine",
        "Scenes": "adaptive 2.5",
        "Detection": "As found",
        "Confidence": "0.50",
        "NMS IoU": "0.50",
        "Detector size": "640 px",
        "Segmentation": "pit-seg.pt",
        "Faces": "from 0.90, blurred",
        "Artifacts": "every 5th frame",
        "Device": "auto",
    }
    assert "at least 20 frames" in told["Scenes"].more
    assert "Classes: car, crew" in told["Segmentation"].more
    assert "the frames with artifacts." in told["Segmentation"].more
    assert "unrecognisable" in told["Faces"].more
    assert "every frame." in told["Faces"].more  # blurring needs them all


@pytest.mark.parametrize(
    ("profile", "plan", "words"),
    [
        ("pitstop", PIT_STOP.plan, "Pit stop"),
        ("video", VIDEO.plan, "Video analysis"),
        ("everything", EVERYTHING.plan, "Everything"),
        ("video", PIT_STOP.plan, "Video analysis, changed"),
        ("night", PIT_STOP.plan, "night"),
    ],
)
def test_the_profile_is_named(profile: str, plan: StagePlan, words: str) -> None:
    assert facts_of(JobSpec(profile=profile, plan=plan))["Profile"].value == words


@pytest.mark.parametrize(
    ("choice", "words"),
    [
        ("none", "none"),
        ("all", "every frame"),
        ("every:1", "every frame"),
        ("every:2", "every 2nd frame"),
        ("every:3", "every 3rd frame"),
        ("every:11", "every 11th frame"),
        ("every:15", "every 15th frame"),
        ("every:21", "every 21st frame"),
        ("every:112", "every 112th frame"),
        ("rate:0.5", "0.5 per second"),
        ("rate:2", "2 per second"),
        ("scenes", "middle of each scene"),
        ("scenes:3", "first, middle, last of each scene"),
    ],
)
def test_which_frames_in_words(choice: str, words: str) -> None:
    assert choice_words(ArtifactChoice.parse(choice)) == words


def test_scenes_count_on_the_card_while_it_runs(hub: FakeHub, book: JobBook) -> None:
    running = record("a.mp4", id="a", status=JobStatus.PROCESSING)
    hub.put(running)
    hub.say_progress("a", 0.5)
    entry = book.get("a")
    assert card_of(entry, 0).left == "42.5 frames/s"
    hub.say_scenes("a", 1)
    assert card_of(entry, 0).left == "42.5 frames/s · 1 scene"
    hub.say_scenes("a", 12)
    assert card_of(entry, 0).left == "42.5 frames/s · 12 scenes"
    hub.finish(running, JobStatus.COMPLETE, scene_count=13, artifact_frames=120)
    card = card_of(book.get("a"), 0)
    assert card.left == "13 scenes · 120 frames with artifacts"
    assert "13 scenes" in card.spoken


def test_the_scenes_of_the_run_before_are_forgotten(hub: FakeHub, book: JobBook) -> None:
    hub.put(record("a.mp4", id="a", status=JobStatus.PROCESSING))
    hub.say_scenes("a", 12)
    hub.put(record("a.mp4", id="a"))
    hub.put(record("a.mp4", id="a", status=JobStatus.PROCESSING))
    hub.say_progress("a", 0.1)
    assert card_of(book.get("a"), 0).left == "42.5 frames/s"


def test_what_came_out_stands_in_the_panel_and_the_history() -> None:
    done = record(status=JobStatus.COMPLETE, scene_count=4, artifact_frames=1)
    told = {fact.label: fact.value for fact in result_facts(Entry(done))}
    assert (told["Scenes"], told["Artifacts"]) == ("4", "1 frame")
    assert (cell(done, Column.SCENES), cell(done, Column.ARTIFACTS)) == ("4", "1")
    assert "4 scenes · 1 frame with artifacts" in tooltip(done)
    nothing = record(status=JobStatus.COMPLETE)
    assert "Scenes" not in {fact.label for fact in result_facts(Entry(nothing))}
    assert (cell(nothing, Column.SCENES), cell(nothing, Column.ARTIFACTS)) == ("", "")
    assert "artifacts" not in tooltip(nothing)
    running = record(status=JobStatus.PROCESSING, scene_count=4)
    assert result_facts(Entry(running))[0].value == "4 so far"
    assert result_facts(Entry(running, scenes=5))[0].value == "5 so far"
    assert result_facts(Entry(done, scenes=5))[0].value == "4"


def test_the_button_to_artifacts() -> None:
    spec = JobSpec(plan=VIDEO.plan)
    texts = {
        "": record(),
        "Artifacts…": record(spec=spec, status=JobStatus.PROCESSING),
        "Artifacts… (120 frames)": record(status=JobStatus.FAILED, artifact_frames=120),
    }
    for text, job in texts.items():
        assert artifacts_text(Entry(job)) == text
    assert artifacts_text(Entry(record(spec=spec))) == ""
