"""Whole runs with every combination of stages, on a clip of two shots, with fake models."""

from __future__ import annotations

import itertools
import os
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
import toons
from fakes import FakeVision, faces, rectangles
from runs import shop_with
from shots import MultiShot, write
from stage_runs import (
    CHOSEN,
    CUT,
    FRAMES,
    SHOTS,
    contents,
    finding_vision,
    plan_of,
    run_plan,
    said,
)

from codefx_desktop.artifacts.formats import read_json
from codefx_desktop.artifacts.layout import AnalysisFormat, FrameKind
from codefx_desktop.artifacts.promise import Promise, check_promise
from codefx_desktop.domain.job import JobMetadata, JobSpec, JobStatus, Stage
from codefx_desktop.domain.plan import BUILT_IN, StagePlan
from codefx_desktop.domain.run import JobLogged, ScenesKnown, StageProgress
from codefx_desktop.jobs.artifact_stage import pictures_of
from codefx_desktop.jobs.engine import Engine
from codefx_desktop.jobs.work import layout_of, work_on
from codefx_desktop.store.detections import DetectionReader

if TYPE_CHECKING:
    from pathlib import Path

    from codefx_desktop.artifacts.layout import JobLayout
    from codefx_desktop.domain.frame import Frame
    from codefx_desktop.domain.outlines import Segments
    from codefx_desktop.domain.plan import Profile, StagePlan


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(SHOTS, tmp_path_factory.mktemp("clips") / "shots.mp4")


@pytest.fixture
def vision() -> FakeVision:
    return finding_vision()


def plans() -> list[tuple[str, str]]:
    """Return all switches that make sense, each with two of the choices, choices in turn."""
    turn = itertools.cycle(["every:10", "scenes", "rate:2", "scenes:3", "none"])
    made = []
    for letters in itertools.product("S-", "D-", "E-", "F-", "V-"):
        switches = "".join(letters).replace("-", "")
        if "V" in switches and not ("E" in switches or "F" in switches):
            continue
        for _ in range(2):
            for choice in itertools.islice(turn, 5):
                try:
                    plan_of(switches, choice)
                except ValueError:
                    continue
                made.append((switches, choice))
                break
            next(turn)
    return made


@pytest.mark.parametrize(("switches", "choice"), plans())
def test_every_plan_keeps_its_promise(
    clip: Path, weights: Path, vision: FakeVision, switches: str, choice: str
) -> None:
    plan = plan_of(switches, choice)
    finished, ear, record, layout = run_plan(plan, clip, weights, vision)
    assert finished.status is JobStatus.COMPLETE, finished.error_message
    assert (finished.frames_in, finished.frames_out) == (FRAMES, FRAMES)
    assert record.output is not None, "there is a video of every job"

    numbers = CHOSEN[choice]
    written = [path for path in layout.dir.rglob("frame_*") if path.is_file()]
    assert len(written) == len(numbers) * (plan.picture_kinds + 2) * plan.has_artifacts
    summary = plan.has_artifacts or plan.scenes
    assert list(check_promise(layout, Promise(numbers, pictures_of(plan), summary))) == []
    assert finished.artifact_frames == (len(numbers) if plan.has_artifacts else None)
    assert finished.scene_count == (2 if plan.scenes else None)
    assert (record.scene_count, record.artifact_frames) == (
        finished.scene_count,
        finished.artifact_frames,
    )
    if summary:
        told = read_json(layout.summary(AnalysisFormat.JSON).read_bytes())
        assert told["footage"]["complete"] is True
        assert told["footage"]["frames"] == FRAMES
        assert told["artifacts"]["frames"] == list(numbers)
        assert (told["scenes"] is not None) is plan.scenes
        assert (told["tracks"] is not None) is plan.detect
        assert (told["face_tracks"] is not None) is plan.faces

    progress = ear.of(StageProgress)
    assert set(progress[-1].stages) == {stage for stage, _ in plan_stages(plan)}
    assert set(progress[-1].stages.values()) == {1.0}
    overall = [event.overall for event in progress]
    assert overall == sorted(overall)
    check_looks(plan, vision, numbers)
    check_store(plan, layout, numbers)


def plan_stages(plan: StagePlan) -> tuple[tuple[Stage, int], ...]:
    return JobSpec(plan=plan).stages


def check_looks(plan: StagePlan, vision: FakeVision, numbers: tuple[int, ...]) -> None:
    """Each model saw the frames it was to see, once and in order, and was closed."""
    everything = list(range(FRAMES))
    for models, is_on, everywhere in (
        (vision.detectors, plan.detect, True),
        (vision.segmenters, plan.segment, plan.segments_everywhere),
        (vision.face_finders, plan.faces, plan.faces_everywhere),
    ):
        assert len(models) == is_on
        for model in models:
            assert model.seen == (everything if everywhere else list(numbers))
            assert model.closed


def check_store(plan: StagePlan, layout: JobLayout, numbers: tuple[int, ...]) -> None:
    with DetectionReader(layout.detections) as reader:
        found = {one.number: one for one in reader.frames()}
        assert reader.summary().complete
        scenes = reader.scenes()
    assert list(found) == list(range(FRAMES))
    assert (scenes is not None) is plan.scenes
    if scenes is not None:
        assert [(scene.first, scene.last) for scene in scenes] == [(0, CUT - 1), (CUT, FRAMES - 1)]
    looked = {n for n, one in found.items() if one.segments is not None}
    assert looked == (
        set(found) if plan.segments_everywhere else set(numbers if plan.segment else ())
    )
    looked = {n for n, one in found.items() if one.faces is not None}
    assert looked == (set(found) if plan.faces_everywhere else set(numbers * plan.faces))
    assert {one.detections is not None for one in found.values()} == {plan.detect}


@pytest.mark.parametrize("choice", ["every:10", "scenes:3"])
def test_an_artifact_says_all_that_was_found(
    clip: Path, weights: Path, vision: FakeVision, choice: str
) -> None:
    plan = plan_of("SDEF", choice)
    _, _, record, layout = run_plan(plan, clip, weights, vision)
    for number, content in contents(layout, CHOSEN[choice]).items():
        toon = layout.analysis(AnalysisFormat.TOON, number).read_text("utf-8")
        assert toons.loads(toon) == content
        assert content["frame"]["number"] == number
        assert content["frame"]["scene"] == int(number >= CUT)
        assert content["job"]["id"] == record.id
        assert [model["task"] for model in content["models"]] == ["detect", "segment", "face"]
        assert content["scene_detector"] == {
            "kind": "content",
            "threshold": 27,
            "shortest_frames": 15,
        }
        assert content["segmentation"][0]["x2"] == 20 + number % 9
        assert len(content["detections"]) == len(content["faces"]) == 1
        assert content["faces"][0]["x2"] == 26
        with DetectionReader(layout.detections) as reader:
            kept = reader.frame(number)
        assert kept is not None
        assert kept.detections is not None
        assert kept.faces is not None
        assert content["detections"][0]["track_id"] == kept.detections.track_id[0]
        assert content["faces"][0]["track_id"] == kept.faces.track_id[0]


@pytest.mark.parametrize("switches", ["SF", "SFV"])
@pytest.mark.parametrize("choice", ["all", "scenes:3"])
def test_a_track_of_faces_never_reaches_across_a_cut(
    clip: Path, weights: Path, vision: FakeVision, switches: str, choice: str
) -> None:
    plan = plan_of(switches, choice)
    _, _, _, layout = run_plan(plan, clip, weights, vision)
    tracks = {
        number: content["faces"][0]["track_id"]
        for number, content in contents(layout, CHOSEN[choice]).items()
    }
    before = {track for number, track in tracks.items() if number < CUT}
    after = {track for number, track in tracks.items() if number >= CUT}
    assert before == {1}, "one face that does not move"
    assert after == {2}, "one face in the next scene, though it is in the same place"
    told = read_json(layout.summary(AnalysisFormat.JSON).read_bytes())["face_tracks"]
    assert [(row["track_id"], row["last_frame"]) for row in told] == [(1, 24), (2, 55)]


def test_late_artifacts_are_those_that_would_have_been_written_at_once(
    clip: Path, weights: Path, vision: FakeVision
) -> None:
    late = run_plan(plan_of("SDEFV", "scenes:3"), clip, weights, vision)[3]
    inline = run_plan(plan_of("SDEFV", "all"), clip, weights, vision)[3]
    for number in CHOSEN["scenes:3"]:
        for kind in FrameKind:
            assert late.frame(kind, number).read_bytes() == inline.frame(kind, number).read_bytes()
        one, other = (contents(layout, (number,))[number] for layout in (late, inline))
        del one["job"], other["job"]
        assert one == other


def test_scenes_are_told_as_they_are_found(clip: Path, weights: Path) -> None:
    finished, ear, _, _ = run_plan(plan_of("S"), clip, weights)
    assert [event.count for event in ear.of(ScenesKnown)] == [1, 2, 2]
    assert "2 scenes; cut at frame 25." in said(ear)
    assert finished.scene_count == 2


def test_a_clip_shorter_than_a_scene_is_one_scene_and_that_is_said(
    tmp_path: Path, weights: Path
) -> None:
    short = write(MultiShot("", (5, 4), 1, size=(96, 64)), tmp_path / "short.mp4")
    finished, ear, _, layout = run_plan(plan_of("SD", "scenes"), short, weights)
    assert finished.status is JobStatus.COMPLETE, finished.error_message
    assert finished.scene_count == finished.artifact_frames == 1
    assert layout.frame(FrameKind.DETECTED, 4).is_file()
    assert "1 scene: the clip has 9 frames, fewer than the shortest scene (15)." in said(ear)


def test_what_was_not_found_is_said(clip: Path, weights: Path) -> None:
    vision = FakeVision(faces=lambda _frame: faces([]))
    finished, ear, _, layout = run_plan(plan_of("F", "every:10"), clip, weights, vision)
    assert finished.status is JobStatus.COMPLETE
    assert "No faces were found." in said(ear)
    assert contents(layout, (0,))[0]["faces"] == []
    assert contents(layout, (0,))[0]["detections"] is None


def test_each_model_is_told(clip: Path, weights: Path) -> None:
    _, ear, _, _ = run_plan(plan_of("DEF", "every:10"), clip, weights)
    by_stage = Counter(
        event.line.stage for event in ear.of(JobLogged) if "SHA-256" in event.line.text
    )
    assert by_stage == {Stage.DETECTING: 1, Stage.SEGMENTING: 1, Stage.FACES: 1}
    assert any("Artifacts of 6 frames (every:10): 36 files in " in text for text in said(ear))


def test_only_what_is_confident_enough_is_drawn_and_told(
    clip: Path, weights: Path, vision: FakeVision
) -> None:
    def faint(_frame: Frame) -> Segments:
        found = rectangles([[1, 1, 20, 20], [30, 1, 50, 20]])
        return replace(found, confidence=np.array([0.9, 0.3], np.float32))

    vision.script = replace(vision.script, segments=faint)
    _, _, _, layout = run_plan(plan_of("E", "every:10"), clip, weights, vision)
    (content,) = contents(layout, (10,)).values()
    assert [row["x1"] for row in content["segmentation"]] == [1]
    with DetectionReader(layout.detections) as reader:
        kept = reader.frame(10)
    assert kept is not None
    assert kept.segments is not None
    assert len(kept.segments) == 2, "kept for whoever lowers the confidence later"


@pytest.mark.parametrize("profile", BUILT_IN, ids=lambda profile: profile.name)
def test_the_profiles_run(clip: Path, weights: Path, vision: FakeVision, profile: Profile) -> None:
    finished, _, _, _ = run_plan(profile.plan, clip, weights, vision)
    assert finished.status is JobStatus.COMPLETE, finished.error_message


def test_a_second_run_leaves_nothing_of_the_first(
    clip: Path, weights: Path, vision: FakeVision
) -> None:
    shop = shop_with(vision)
    engine = Engine(shop)
    spec = JobSpec(weights=weights, plan=plan_of("SD", "scenes:3"))
    (record,) = engine.add([clip], spec, JobMetadata())
    layout = layout_of(record)
    stale = (layout.frame(FrameKind.FACE, 7), layout.analysis(AnalysisFormat.TOON, 7))
    kept = (layout.dir / "frames" / "notes.txt", stale[0].with_name("mine.jpg"))
    for path in (*stale, *kept):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("an earlier run's, or a person's")
    taken = shop.history.claim_next()
    assert taken is not None
    finished = work_on(taken, shop, lambda _: None, NEVER)
    assert finished.status is JobStatus.COMPLETE, finished.error_message
    assert not any(path.exists() for path in stale)
    assert all(path.is_file() for path in kept)


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="cannot be held to one core here")
@pytest.mark.parametrize("choice", ["all", "scenes:3"])
def test_one_core_is_enough(clip: Path, weights: Path, vision: FakeVision, choice: str) -> None:
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(before)})
    try:
        finished, _, _, _ = run_plan(plan_of("SDEFV", choice), clip, weights, vision)
    finally:
        os.sched_setaffinity(0, before)
    assert finished.status is JobStatus.COMPLETE, finished.error_message


class _Never:
    def is_set(self) -> bool:
        return False


NEVER = _Never()
