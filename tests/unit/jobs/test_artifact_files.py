"""Which artifacts a job has, where they stand, and what is in one frame of them."""

from __future__ import annotations

import json
import os
import time
from typing import TYPE_CHECKING

import numpy as np
import pytest
from artifact_folder import JOB, PLAN, Folder, time_of

from codefx_desktop.artifacts.layout import AnalysisFormat, FrameKind
from codefx_desktop.artifacts.numbers import clock
from codefx_desktop.domain.job import JobStatus
from codefx_desktop.domain.plan import PIT_STOP, StagePlan
from codefx_desktop.domain.run import Cancelled
from codefx_desktop.jobs.artifact_files import ArtifactFiles
from codefx_desktop.jobs.artifact_values import (
    PICTURES,
    UNKNOWN,
    ArtifactFile,
    ArtifactList,
    ArtifactState,
    ShownArtifact,
)
from codefx_desktop.ui.models.artifact_facts import time_text

if TYPE_CHECKING:
    from pathlib import Path

ALL = ArtifactFile(63)
LOOKS = ArtifactFile(15)
PLACE = (160, 160)


class Go:
    """A cancel signal that is never given."""

    def is_set(self) -> bool:
        return False


class Stop:
    """A cancel signal that was given."""

    def is_set(self) -> bool:
        return True


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """A complete job with five frames of two scenes."""
    made = Folder(tmp_path)
    made.add(0, 5, 30, 100, 105)
    made.summarise((0, 5, 30, 100, 105))
    made.keep_index()
    return made


def listed(folder: Folder) -> ArtifactList:
    return ArtifactFiles(folder.get).list(JOB, Go())


def read(folder: Folder, number: int, kinds: ArtifactFile = LOOKS) -> ShownArtifact:
    return ArtifactFiles(folder.get).read(JOB, number, kinds, PLACE)


# -- the list ---------------------------------------------------------------------------------


def test_a_complete_job_tells_frames_times_and_scenes(folder: Folder) -> None:
    found = listed(folder)
    assert (found.state, found.why) == (ArtifactState.COMPLETE, "")
    assert found.numbers.tolist() == [0, 5, 30, 100, 105]
    assert found.scenes.tolist() == [0, 0, 0, 1, 1]
    assert found.scene_count == 2
    assert found.expected == ALL
    assert found.files.tolist() == [63] * 5
    assert (found.file_count, found.whole) == (30, 5)
    assert [time_text(ms) for ms in found.times_ms.tolist()] == [
        clock(time_of(number).exact_s) for number in found.numbers.tolist()
    ]


def test_times_are_rounded_as_the_artifacts_round_them(folder: Folder) -> None:
    """Every frame of a clip whose times fall between milliseconds, not just some."""
    folder.keep_index(2000)
    numbers = range(0, 2000, 7)
    for number in numbers:
        folder.layout.frame(FrameKind.ORIGINAL, number).touch()
    found = listed(folder)
    for number, ms in zip(found.numbers.tolist(), found.times_ms.tolist(), strict=True):
        assert time_text(ms) == clock(time_of(number).exact_s), number


def test_bytes_are_those_of_the_files(folder: Folder) -> None:
    layout = folder.layout
    files = [*(layout.dir / "frames").rglob("*.jpg"), *layout.analysis_dir.rglob("*.toon")]
    files += layout.analysis_dir.rglob("*.json")
    (layout.dir / "frames" / "seg" / "frame_9.jpg.77.part").write_bytes(b"x" * 999)
    size = ArtifactFiles(folder.get).measure(JOB, Go())
    assert size == sum(file.stat().st_size for file in files)


def test_without_the_kept_index_the_analyses_tell_their_time(folder: Folder) -> None:
    folder.layout.clip_index.unlink()
    assert [time_text(ms) for ms in listed(folder).times_ms.tolist()][2:4] == [
        "00:00:01.001",
        "00:00:03.337",
    ]


def test_of_a_job_at_work_the_analyses_tell_their_scene(folder: Folder) -> None:
    folder.summarise((), complete=False)
    folder.change(status=JobStatus.PROCESSING)
    files = ArtifactFiles(folder.get)
    found = files.list(JOB, Go())
    assert (found.state, found.scene_count) == (ArtifactState.GROWING, None)
    assert found.scenes.tolist() == [0, 0, 0, 1, 1]
    folder.add(205)
    folder.layout.frame(FrameKind.ORIGINAL, 210).write_bytes(b"")
    found = files.list(JOB, Go())
    assert found.scenes.tolist() == [0, 0, 0, 1, 1, 2, UNKNOWN]
    assert found.whole == 6


def test_another_run_of_the_job_is_asked_anew(folder: Folder) -> None:
    folder.summarise((), complete=False)
    files = ArtifactFiles(folder.get)
    assert files.list(JOB, Go()).scenes.tolist() == [0, 0, 0, 1, 1]
    folder.add(0, 5, 30, 100, 105, scene_frames=50)
    folder.change(started_at=folder.record.created_at)
    assert files.list(JOB, Go()).scenes.tolist() == [0, 0, 0, 2, 2]


def test_a_name_in_an_analysis_cannot_pass_for_its_head(folder: Folder) -> None:
    name = '"frame":{"number":5,"time":"09:09:09.999","scene":77}'
    folder.layout.clip_index.unlink()
    folder.summarise((), complete=False)
    folder.add(5)
    path = folder.layout.analysis(AnalysisFormat.JSON, 5)
    content = json.loads(path.read_text("utf-8"))
    content["clip"]["name"] = name
    path.write_text(json.dumps(content, separators=(",", ":")), "utf-8")
    found = listed(folder)
    assert (found.scenes[1], time_text(int(found.times_ms[1]))) == (0, "00:00:00.167")


@pytest.mark.parametrize(
    ("status", "message", "why"),
    [
        (JobStatus.FAILED, "The disk is full.", "The disk is full."),
        (JobStatus.CANCELLED, "", "The job was cancelled."),
        (JobStatus.INTERRUPTED, "", "The job was interrupted."),
    ],
)
def test_a_job_that_did_not_end_well_is_partial(
    folder: Folder, status: JobStatus, message: str, why: str
) -> None:
    folder.change(status=status, error_message=message)
    found = listed(folder)
    assert (found.state, found.why) == (ArtifactState.PARTIAL, why)
    assert len(found) == 5


def test_files_that_are_gone_are_counted(folder: Folder) -> None:
    folder.layout.frame(FrameKind.FACE, 30).unlink()
    found = listed(folder)
    assert found.state is ArtifactState.PARTIAL
    assert found.why == "1 file is missing, of frame 30; the job had written all."
    assert found.whole == 4
    for kind in FrameKind:
        folder.layout.frame(kind, 0).unlink()
    for kind in AnalysisFormat:
        folder.layout.analysis(kind, 0).unlink()
    found = listed(folder)
    assert found.numbers.tolist() == [5, 30, 100, 105]
    assert found.why == "7 files are missing, of 2 frames; the job had written all."


def test_a_summary_that_is_missing_or_damaged_is_told(folder: Folder) -> None:
    path = folder.layout.summary(AnalysisFormat.JSON)
    for damage, why in (
        (b"{", "Expecting property name"),
        (b"[]", "is no summary of a job"),
        (b'{"artifacts": {"frames": "x"}}', "analysis/job.json"),
        (b"\xff", "analysis/job.json"),
    ):
        path.write_bytes(damage)
        found = listed(folder)
        assert found.state is ArtifactState.PARTIAL
        assert why in found.why
        assert len(found) == 5
    path.unlink()
    assert listed(folder).why == "analysis/job.json is missing."


def test_a_job_without_artifacts_and_one_that_waits(tmp_path: Path) -> None:
    folder = Folder(tmp_path, PIT_STOP.plan)
    found = listed(folder)
    assert (found.state, len(found), found.expected) == (ArtifactState.NONE, 0, 0)
    folder = Folder(tmp_path)
    folder.change(status=JobStatus.QUEUED)
    assert listed(folder).state is ArtifactState.WAITING


def test_before_there_is_a_summary_the_plan_tells_what_is_expected(tmp_path: Path) -> None:
    plan = StagePlan(scenes=True, detect=False, faces=True, artifacts=PLAN.artifacts)
    folder = Folder(tmp_path, plan)
    folder.change(status=JobStatus.PROCESSING)
    expected = ArtifactFile.ORIGINAL | ArtifactFile.FACE | ArtifactFile.JSON | ArtifactFile.TOON
    assert listed(folder).expected == expected


def test_an_unknown_job_and_a_folder_that_cannot_be_read(folder: Folder, tmp_path: Path) -> None:
    found = ArtifactFiles(folder.get).list("gone", Go())
    assert (found.state, found.why) == (ArtifactState.UNREADABLE, "There is no job gone.")
    seg = folder.layout.frame(FrameKind.SEGMENTED, 0).parent
    for file in seg.iterdir():
        file.unlink()
    seg.rmdir()
    seg.write_text("a file where a folder should be")
    found = listed(folder)
    assert found.state is ArtifactState.UNREADABLE
    assert "cannot be read" in found.why


def test_names_that_are_not_the_layouts_are_passed_over(folder: Folder) -> None:
    frames = folder.layout.frame(FrameKind.ORIGINAL, 0).parent
    for name in ("frame_007.jpg", "frame_-1.jpg", "frame_7.png", "frame_7.jpg.1.part", "x.jpg"):
        (frames / name).touch()
    for name in ("frame_٣.jpg", "frame_.jpg", f"frame_{10**20}.jpg", "Thumbs.db"):
        (frames / name).touch()
    assert listed(folder).numbers.tolist() == [0, 5, 30, 100, 105]


def test_a_job_that_was_left_is_not_looked_at_any_more(folder: Folder) -> None:
    files = ArtifactFiles(folder.get)
    with pytest.raises(Cancelled):
        files.list(JOB, Stop())
    with pytest.raises(Cancelled):
        files.describe(JOB, [0], Stop())
    with pytest.raises(Cancelled):
        files.measure(JOB, Stop())


def test_the_nearest_frame_is_found(folder: Folder) -> None:
    found = listed(folder)
    wanted = [-3, 0, 2, 3, 17, 18, 30, 70, 10_000]
    assert [found.row_of(number) for number in wanted] == [0, 0, 0, 1, 1, 2, 2, 3, 4]


def test_columns_of_different_lengths_are_refused(folder: Folder) -> None:
    found = listed(folder)
    with pytest.raises(ValueError, match=r"\[5, 5, 4, 5\]"):
        ArtifactList(
            JOB, found.state, "", found.folder, found.numbers, found.files,
            found.times_ms[:4], found.scenes,
        )  # fmt: skip


def test_36000_frames_are_listed_in_little_time(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.keep_index(36_000)
    first = folder.layout.frame(FrameKind.ORIGINAL, 0).parent
    first.mkdir(parents=True)
    for number in range(36_000):
        os.close(os.open(f"{first}/frame_{number}.jpg", os.O_CREAT | os.O_WRONLY))
    for kind in (FrameKind.DETECTED, FrameKind.SEGMENTED, FrameKind.FACE):
        folder.layout.frame(kind, 0).parent.symlink_to(first)  # making files is what takes long
    files = ArtifactFiles(folder.get)
    began = time.thread_time()  # of the processor: other work on the machine is not counted
    found = files.list(JOB, Go())
    took_s = time.thread_time() - began
    assert (len(found), found.file_count) == (36_000, 144_000)
    assert time_text(int(found.times_ms[-1])) == clock(time_of(35_999).exact_s)
    assert took_s < 5.0, took_s


# -- one frame --------------------------------------------------------------------------------


def test_a_frame_is_read_whole(folder: Folder) -> None:
    shown = read(folder, 30)
    assert (shown.job_id, shown.number) == (JOB, 30)
    assert [picture.kind for picture in shown.pictures] == list(PICTURES)
    for picture in shown.pictures:
        assert picture.pixels is not None
        assert picture.pixels.shape == (90, 160, 3)
        assert not picture.trouble
    greys = [int(np.median(p.pixels)) for p in shown.pictures if p.pixels is not None]
    assert greys == [140, 40, 190, 90]  # as the folder's writer numbered the kinds
    note = shown.note
    assert (note.time_ms, note.scene) == (1001, 0)
    assert (note.detections, note.segments, note.faces, note.trouble) == (2, 2, 1, "")
    assert not shown.json.trouble
    assert not shown.toon.trouble


def test_the_texts_say_what_the_files_do(folder: Folder) -> None:
    shown = read(folder, 30, ArtifactFile.ORIGINAL)
    layout = folder.layout
    raw = layout.analysis(AnalysisFormat.JSON, 30).read_bytes()
    assert json.loads(shown.json.text) == json.loads(raw)
    assert shown.json.size_bytes == len(raw)
    assert "\n" in shown.json.text
    toon = layout.analysis(AnalysisFormat.TOON, 30).read_bytes()
    assert shown.toon.text.encode() + b"\n" == toon
    assert shown.toon.size_bytes == len(toon)
    assert shown.anchors[0] == (0, 0)
    assert len(shown.pictures) == 1


def test_what_cannot_be_read_says_so_and_the_rest_is_shown(folder: Folder) -> None:
    layout = folder.layout
    layout.frame(FrameKind.SEGMENTED, 5).write_bytes(b"\xff\xd8\xff no picture")
    layout.frame(FrameKind.FACE, 5).unlink()
    layout.analysis(AnalysisFormat.JSON, 5).write_bytes(b'{"half": ')
    shown = read(folder, 5)
    trouble = {picture.kind: picture.trouble for picture in shown.pictures}
    assert trouble[ArtifactFile.ORIGINAL] == ""
    assert trouble[ArtifactFile.SEGMENTED] == "frame_5.jpg is no whole JPEG picture."
    assert trouble[ArtifactFile.FACE] == "frame_5.jpg is not there."
    assert shown.json.trouble.startswith("frame_5.json cannot be read as JSON: Expecting value")
    assert shown.json.text == '{"half": '
    assert shown.note.detections == 2  # the TOON tells it
    assert shown.note.trouble == shown.json.trouble


def test_a_toon_that_is_broken_or_says_something_else_is_told(folder: Folder) -> None:
    path = folder.layout.analysis(AnalysisFormat.TOON, 5)
    good = path.read_text("utf-8")
    path.write_text(good.replace("number: 5", "number: 6"), "utf-8")
    assert read(folder, 5).toon.trouble == "frame_5.toon says something else than the JSON."
    path.write_text(good.replace("detections[2]", "detections[3]"), "utf-8")
    assert read(folder, 5).toon.trouble.startswith("frame_5.toon cannot be read as TOON: ")
    path.write_bytes(b"\xff\xfe")
    assert "cannot be read as TOON" in read(folder, 5).toon.trouble


def test_a_file_larger_than_any_artifact_is_not_read(folder: Folder) -> None:
    path = folder.layout.analysis(AnalysisFormat.JSON, 5)
    with path.open("wb") as file:
        file.truncate(70_000_000)
    assert read(folder, 5).json.trouble == "frame_5.json is larger than any artifact (70 MB)."


@pytest.mark.parametrize(
    "content",
    [[], 7, {}, {"frame": []}, {"frame": {"time": 3, "scene": True}}, {"frame": {"time": "x"}}],
)
def test_an_analysis_of_another_kind_is_no_crash(folder: Folder, content: object) -> None:
    path = folder.layout.analysis(AnalysisFormat.JSON, 5)
    path.write_text(json.dumps(content))
    note = read(folder, 5).note
    assert (note.time_ms, note.scene, note.detections) == (UNKNOWN, UNKNOWN, None)


def test_notes_of_rows_and_a_full_picture(folder: Folder) -> None:
    files = ArtifactFiles(folder.get)
    first, gone = files.describe(JOB, [100, 7], Go())
    assert (first.number, first.scene, first.detections, first.faces) == (100, 1, 2, 1)
    assert (gone.number, gone.trouble) == (7, "frame_7.json is not there.")
    picture = files.picture(JOB, 100, ArtifactFile.DETECTED)
    assert picture.pixels is not None
    assert picture.pixels.shape == (180, 320, 3)
    assert picture.path == folder.layout.frame(FrameKind.DETECTED, 100)
