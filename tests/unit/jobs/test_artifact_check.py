"""Whether what a job promised is there: as its summary tells it, and where that tells nothing."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from shots import write
from stage_runs import SHOTS, finding_vision, plan_of, run_plan

from codefx_desktop.artifacts.files import write_summary
from codefx_desktop.artifacts.layout import AnalysisFormat, FrameKind
from codefx_desktop.domain.errors import HistoryError
from codefx_desktop.domain.job import JobStatus
from codefx_desktop.domain.run import Cancelled
from codefx_desktop.jobs.artifact_check import check_artifacts, count_artifacts

if TYPE_CHECKING:
    from pathlib import Path

    from codefx_desktop.artifacts.layout import JobLayout
    from codefx_desktop.domain.job import JobRecord

Job = tuple["JobRecord", "JobLayout"]


@pytest.fixture
def job(tmp_path: Path, weights: Path) -> Job:
    """Return a complete job with scenes, and artifacts of 6 frames."""
    clip = write(SHOTS, tmp_path / "shots.mp4")
    _, _, record, layout = run_plan(plan_of("SD", "every:10"), clip, weights, finding_vision())
    return record, layout


def names(record: JobRecord) -> list[str]:
    return [broken.name for broken in check_artifacts(record).broken]


def test_a_job_that_kept_its_promise(job: Job) -> None:
    told: list[float] = []
    check = check_artifacts(job[0], told.append)
    assert (check.frames, check.files, check.promised_files) == (6, 26, 26)
    assert (check.scenes, check.broken, check.is_checked) == (2, (), True)
    assert count_artifacts(job[0]) == (26, check.size_bytes)
    assert told == [pytest.approx(n / 6) for n in range(1, 7)]


def test_a_whole_frame_that_is_gone_is_missed(job: Job) -> None:
    record, layout = job
    for path in (*layout.dir.glob("frames/*/frame_30.jpg"), *layout.dir.rglob("frame_30.*on")):
        path.unlink()
    assert len(names(record)) == 4
    assert check_artifacts(record).frames == 6


def test_a_summary_that_tells_of_fewer_frames_than_the_history(job: Job) -> None:
    record, layout = job
    content = json.loads(layout.summary(AnalysisFormat.JSON).read_bytes())
    content["artifacts"]["frames"] = content["artifacts"]["frames"][:-1]
    write_summary(layout, content)
    for path in (*layout.dir.glob("frames/*/frame_50.jpg"), *layout.dir.rglob("frame_50.*on")):
        path.unlink()
    (broken,) = check_artifacts(record).broken
    assert str(broken) == "analysis/job.json tells of 5 frames, the history of 6"


def test_a_damaged_summary_is_told_and_the_rest_is_looked_at(job: Job) -> None:
    record, layout = job
    layout.summary(AnalysisFormat.JSON).write_text("{")
    layout.frame(FrameKind.ORIGINAL, 20).unlink()
    assert names(record) == ["frames/original/frame_20.jpg", "analysis/job.json"]
    assert check_artifacts(record).scenes is None


def test_of_a_program_that_died_what_it_left_is_looked_at(job: Job) -> None:
    record, layout = job
    content = json.loads(layout.summary(AnalysisFormat.JSON).read_bytes())
    content["artifacts"]["frames"] = []
    write_summary(layout, content)
    layout.analysis(AnalysisFormat.TOON, 50).unlink()
    dead = replace(record, status=JobStatus.INTERRUPTED, artifact_frames=None)
    assert check_artifacts(dead).frames == 6
    assert names(dead) == ["analysis/toon/frame_50.toon"]


def test_a_job_at_work_is_counted_and_left_alone(job: Job) -> None:
    record, layout = job
    layout.analysis(AnalysisFormat.TOON, 50).unlink()
    check = check_artifacts(replace(record, status=JobStatus.PROCESSING))
    assert (check.files, check.broken, check.is_checked) == (25, (), False)


def test_looking_can_be_ended(job: Job) -> None:
    cancel = threading.Event()
    cancel.set()
    with pytest.raises(Cancelled):
        check_artifacts(job[0], cancel=cancel)


def test_a_folder_that_cannot_be_read_is_told(job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied", "frames")

    monkeypatch.setattr("codefx_desktop.jobs.artifact_check.scan", refuse)
    with pytest.raises(HistoryError, match="frames cannot be read: Permission denied"):
        check_artifacts(job[0])
