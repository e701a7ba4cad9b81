"""What goes wrong in a run with every stage: it ends, says why, and marks what it leaves."""

from __future__ import annotations

import os
import threading
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from fakes import FakeVision
from runs import Ear
from shots import write
from stage_runs import CHOSEN, SHOTS, finding_vision, plan_of, run_plan, said

from codefx_desktop.artifacts import files
from codefx_desktop.artifacts.formats import read_json
from codefx_desktop.artifacts.layout import AnalysisFormat, FrameKind
from codefx_desktop.domain.errors import NoSpace, WeightsUnusable
from codefx_desktop.domain.job import JobStatus, Stage
from codefx_desktop.domain.run import StageProgress
from codefx_desktop.jobs import artifact_stage
from codefx_desktop.store.detections import DetectionReader
from codefx_desktop.video.access import FrameAccess
from codefx_desktop.video.reader import FrameReader

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from codefx_desktop.artifacts.layout import JobLayout
    from codefx_desktop.domain.outlines import Segments
    from codefx_desktop.domain.run import RunEvent


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(SHOTS, tmp_path_factory.mktemp("clips") / "shots.mp4")


def summary(layout: JobLayout) -> dict[str, Any]:
    content: dict[str, Any] = read_json(layout.summary(AnalysisFormat.JSON).read_bytes())
    return content


def check_partial(layout: JobLayout) -> None:
    assert summary(layout)["footage"]["complete"] is False
    assert not list(layout.output_dir.iterdir())
    assert not list(layout.dir.rglob("*.part"))
    with DetectionReader(layout.detections) as reader:
        assert not reader.summary().complete


@pytest.mark.parametrize("switches", ["SDEF", "SDEFV"])
@pytest.mark.parametrize("choice", ["every:10", "scenes:3"])
@pytest.mark.parametrize("stage", ["fail_at", "segment_fail_at", "face_fail_at"])
def test_a_model_that_breaks_ends_every_stage(
    clip: Path, weights: Path, switches: str, choice: str, stage: str
) -> None:
    vision = finding_vision(**{stage: 40})
    finished, _, _, layout = run_plan(plan_of(switches, choice), clip, weights, vision)
    assert finished.status is JobStatus.FAILED
    assert "ran out of memory" in finished.error_message
    check_partial(layout)
    for model in (*vision.detectors, *vision.segmenters, *vision.face_finders):
        assert model.closed
    done = [number for number in CHOSEN[choice] if layout.frame(FrameKind.FACE, number).is_file()]
    assert set(summary(layout)["artifacts"]["frames"]) <= set(done)
    assert finished.artifact_frames == len(summary(layout)["artifacts"]["frames"])


@pytest.mark.parametrize(
    ("owner", "name"),
    [
        ("codefx_desktop.analysis.scenes.SceneFinder", "update"),
        ("codefx_desktop.video.writer.VideoWriter", "write"),
        ("codefx_desktop.jobs.keeping.Keeper", "add"),
        ("codefx_desktop.jobs.artifact_stage.ArtifactStage", "_write_pictures"),
        ("codefx_desktop.jobs.artifact_stage.ArtifactStage", "_write_content"),
    ],
)
@pytest.mark.parametrize("choice", ["every:10", "scenes:3"])
def test_an_error_in_any_stage_ends_all_of_them(
    clip: Path,
    weights: Path,
    monkeypatch: pytest.MonkeyPatch,
    owner: str,
    name: str,
    choice: str,
) -> None:
    def fail(*_args: object, **_named: object) -> None:
        raise NoSpace("The disk is full.", hint="Free some space.")

    monkeypatch.setattr(f"{owner}.{name}", fail)
    finished, _, _, layout = run_plan(plan_of("SDEFV", choice), clip, weights, finding_vision())
    assert finished.status is JobStatus.FAILED
    assert finished.error_message == "The disk is full. Free some space."
    check_partial(layout)


def test_a_disk_that_fills_up_is_told_and_what_was_written_is_marked(
    clip: Path, weights: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = [120_000]
    put = files._put

    def put_while_there_is_room(part: Path, data: bytes) -> None:
        left[0] -= len(data)
        if left[0] < 0 and "frame" in part.name:
            part.parent.mkdir(parents=True, exist_ok=True)
            part.write_bytes(data[: len(data) // 2])
            raise OSError(28, os.strerror(28))
        put(part, data)

    monkeypatch.setattr(files, "_put", put_while_there_is_room)
    plan = plan_of("SDEF", "all")
    finished, _, record, layout = run_plan(plan, clip, weights, finding_vision())
    assert finished.status is record.status is JobStatus.FAILED
    assert "No space left on device" in finished.error_message
    assert "Free some space" in finished.error_message
    check_partial(layout)
    frames = summary(layout)["artifacts"]["frames"]
    assert 0 < len(frames) < 56
    assert finished.artifact_frames == len(frames)
    for number in frames:
        assert layout.analysis(AnalysisFormat.TOON, number).is_file()


class CancelAt(Ear):
    """Cancels when a stage is so far."""

    def __init__(self, stage: Stage, done: float) -> None:
        super().__init__()
        self.signal = threading.Event()
        self._at = (stage, done)

    def __call__(self, event: RunEvent) -> None:
        super().__call__(event)
        stage, done = self._at
        if isinstance(event, StageProgress) and event.stages.get(stage, 0.0) >= done:
            self.signal.set()


@pytest.mark.parametrize(
    ("stage", "done", "choice"),
    [
        (Stage.DETECTING, 0.3, "every:10"),
        (Stage.RENDERING, 0.2, "all"),
        (Stage.ARTIFACTS, 0.2, "all"),
        (Stage.SEGMENTING, 0.1, "scenes:3"),
    ],
)
def test_a_cancel_ends_every_stage_and_marks_what_is_there(
    clip: Path,
    weights: Path,
    monkeypatch: pytest.MonkeyPatch,
    stage: Stage,
    done: float,
    choice: str,
) -> None:
    monkeypatch.setattr("codefx_desktop.jobs.progress.EMIT_EVERY_S", 0.0)
    ear = CancelAt(stage, done)
    vision = finding_vision(delay_s=0.005)
    plan = plan_of("SDEF", choice)
    finished, _, record, layout = run_plan(plan, clip, weights, vision, ear=ear, cancel=ear.signal)
    assert finished.status is record.status is JobStatus.CANCELLED, finished.error_message
    check_partial(layout)
    assert all(model.closed for model in (*vision.detectors, *vision.segmenters))
    assert (finished.scene_count is None) == (choice != "scenes:3")


@pytest.mark.parametrize(
    ("switches", "error", "told"),
    [
        (
            "DE",
            {"segment_error": WeightsUnusable("x.pt detects, it does not segment.")},
            "x.pt detects",
        ),
        ("DF", {"face_error": WeightsUnusable("pnet.pt is damaged.")}, "pnet.pt is damaged"),
        ("D", {"load_error": WeightsUnusable("x.pt is no model.")}, "x.pt is no model"),
    ],
)
def test_a_model_of_the_wrong_kind_fails_the_job_before_anything_is_decoded(
    clip: Path, weights: Path, switches: str, error: dict[str, Any], told: str
) -> None:
    vision = finding_vision(**error)
    finished, _, _, layout = run_plan(plan_of(switches, "every:10"), clip, weights, vision)
    assert finished.status is JobStatus.FAILED
    assert told in finished.error_message
    assert finished.frames_in == 0
    assert not layout.detections.exists()
    assert all(model.closed for model in vision.detectors)


def test_classes_that_the_weights_do_not_know_fail_the_job(clip: Path, weights: Path) -> None:
    plan = replace(plan_of("E", "every:10"), segment_classes=("zebra",))
    finished, _, _, _ = run_plan(plan, clip, weights, FakeVision())
    assert finished.status is JobStatus.FAILED
    assert "zebra" in finished.error_message
    assert "Choose among" in finished.error_message


def test_classes_of_which_the_weights_know_some_are_told_apart(clip: Path, weights: Path) -> None:
    known = FakeVision().inspect(weights).class_names[0]
    plan = replace(plan_of("E", "every:10"), segment_classes=("zebra", known.upper()))
    finished, ear, _, _ = run_plan(plan, clip, weights)
    assert finished.status is JobStatus.COMPLETE
    assert f"{weights.name} does not know these classes: zebra." in said(ear)
    assert f"Only these classes are segmented: {known.upper()}" in said(ear)


def test_segmentation_without_weights_says_where_they_come_from(
    clip: Path, tmp_path: Path, weights: Path
) -> None:
    plan = replace(plan_of("E", "every:10"), segment_weights=tmp_path / "gone-seg.pt")
    finished, _, _, _ = run_plan(plan, clip, weights)
    assert finished.status is JobStatus.FAILED
    assert "gone-seg.pt" in finished.error_message


def break_picture(layout: JobLayout) -> None:
    layout.frame(FrameKind.DETECTED, 20).write_bytes(b"")


def break_toon(layout: JobLayout) -> None:
    path = layout.analysis(AnalysisFormat.TOON, 20)
    path.write_text(path.read_text("utf-8").replace("number: 20", "number: 21"), "utf-8")


def remove_json(layout: JobLayout) -> None:
    layout.analysis(AnalysisFormat.JSON, 20).unlink()


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (break_picture, "frames/det/frame_20.jpg is no whole JPEG picture"),
        (break_toon, "analysis/toon/frame_20.toon is about another frame"),
        (remove_json, "analysis/json/frame_20.json is missing"),
    ],
)
def test_an_artifact_that_is_not_right_fails_the_job_and_the_video_is_finished(
    clip: Path,
    weights: Path,
    monkeypatch: pytest.MonkeyPatch,
    damage: Callable[[JobLayout], None],
    told: str,
) -> None:
    check = artifact_stage.check_frame

    def check_after_damage(layout: JobLayout, promise: Any, number: int) -> Any:  # noqa: ANN401
        if number == 20:
            damage(layout)
        return check(layout, promise, number)

    monkeypatch.setattr(artifact_stage, "check_frame", check_after_damage)
    finished, _, record, _layout = run_plan(
        plan_of("D", "every:10"), clip, weights, finding_vision()
    )
    assert finished.status is record.status is JobStatus.FAILED
    assert told in finished.error_message
    assert "run the job again" in finished.error_message
    assert finished.artifact_frames == record.artifact_frames == 5
    assert finished.output is not None
    assert finished.output.path.is_file()
    assert record.output == finished.output


def test_what_cannot_be_said_of_one_frame_is_told_as_missing(clip: Path, weights: Path) -> None:
    def nowhere(frame: Any) -> Segments:  # noqa: ANN401 - a frame
        found = finding_vision().script.segments(frame)  # type: ignore[misc]
        return replace(found, xyxy=found.xyxy * (float("nan") if frame.number == 20 else 1))

    vision = finding_vision(segments=nowhere)
    finished, _, _, _ = run_plan(plan_of("DE", "every:10"), clip, weights, vision)
    assert finished.status is JobStatus.FAILED
    assert "2 artifacts are missing or damaged" in finished.error_message
    assert "analysis/json/frame_20.json is missing" in finished.error_message
    assert finished.artifact_frames == 5
    assert finished.output is not None


def test_a_frame_that_can_be_read_only_once_is_told_as_missing(
    clip: Path, weights: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from codefx_desktop.domain.errors import ClipUnreadable

    exact = FrameAccess.exact

    def exact_but_one(self: FrameAccess, number: int, **named: Any) -> Any:  # noqa: ANN401
        if number == 25:
            raise ClipUnreadable("Frame 25 cannot be decoded.")
        return exact(self, number, **named)

    monkeypatch.setattr(FrameAccess, "exact", exact_but_one)
    finished, _, _, _ = run_plan(plan_of("SD", "scenes:3"), clip, weights, finding_vision())
    assert finished.status is JobStatus.FAILED
    assert "frames/det/frame_25.jpg is missing" in finished.error_message
    assert finished.artifact_frames == 5
    assert finished.output is not None


@pytest.mark.parametrize(
    ("choice", "numbers", "warned"),
    [
        ("every:10", (0, 20, 30, 40, 50), True),
        ("scenes:3", (0, 14, 24, 25, 40, 55), False),
    ],
)
def test_frames_that_cannot_be_decoded_get_no_artifacts_and_a_scene_takes_the_nearest(
    clip: Path,
    weights: Path,
    monkeypatch: pytest.MonkeyPatch,
    choice: str,
    numbers: tuple[int, ...],
    *,
    warned: bool,
) -> None:
    convert = FrameReader._convert

    def convert_but_some(self: FrameReader, converter: Any) -> Any:  # noqa: ANN401
        pictures = convert(self, converter)
        return (item for item in pictures if item[0] not in (9, 10, 11, 12, 13))

    monkeypatch.setattr(FrameReader, "_convert", convert_but_some)
    plan = plan_of("SDEF", choice)
    finished, ear, _, layout = run_plan(plan, clip, weights, finding_vision())
    assert finished.status is JobStatus.COMPLETE, finished.error_message
    assert finished.frames_in == finished.frames_out == 51
    assert tuple(summary(layout)["artifacts"]["frames"]) == numbers
    assert finished.artifact_frames == len(numbers)
    gone = "1 chosen frame could not be read and gets no artifacts: 10"
    assert (gone in said(ear)) is warned
