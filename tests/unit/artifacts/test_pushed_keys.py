"""Keys of a pushed job: what they hold, and which are refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from codefx_desktop.artifacts import pushed_keys
from codefx_desktop.artifacts.layout import AnalysisFormat, FrameKind, JobLayout
from codefx_desktop.artifacts.pushed_keys import file_of, frame_of, inside, part_of
from codefx_desktop.domain.push import PushPart

if TYPE_CHECKING:
    from pathlib import Path

JOB = "4f1c"


def test_every_file_of_the_layout_comes_back_to_its_place(tmp_path: Path) -> None:
    layout = JobLayout(tmp_path, JOB)
    files = {
        layout.job_json: None,
        layout.detections: PushPart.ANALYSIS,
        layout.clip_index: PushPart.ANALYSIS,
        layout.summary(AnalysisFormat.TOON): PushPart.ANALYSIS,
        layout.analysis(AnalysisFormat.JSON, 7): PushPart.ANALYSIS,
        layout.frame(FrameKind.FACE, 7): PushPart.FRAMES,
        layout.annotated("Runde 1, Öhringen"): PushPart.OUTPUT,
        layout.report_dir / "yolo" / "labels" / "7.txt": PushPart.REPORT,
    }
    for path, part in files.items():
        rest = inside(layout.key(path), JOB)
        assert part_of(rest) is part
        assert file_of(layout, rest) == path


def test_frames_are_told_by_their_number() -> None:
    assert frame_of("frames/det/frame_15.jpg") == 15
    assert frame_of("analysis/toon/frame_0.toon") == 0
    for other in ("analysis/job.json", "analysis/toon/frame_1.json", "report/frame_3.jpg"):
        assert frame_of(other) is None


def test_a_source_has_no_place_in_the_folder(tmp_path: Path) -> None:
    rest = inside(f"jobs/{JOB}/input/source.mov", JOB)
    assert part_of(rest) is PushPart.SOURCE
    assert pushed_keys.source_extension(rest) == "mov"
    with pytest.raises(ValueError, match="beside"):
        file_of(JobLayout(tmp_path, JOB), rest)


@pytest.mark.parametrize(
    "key",
    [
        "jobs/other/job.json",
        "jobs/4f1c/../4f1d/job.json",
        "jobs/4f1c/report/../../../evil",
        "jobs/4f1c/report/..",
        "jobs/4f1c/report/.",
        "jobs/4f1c//job.json",
        "jobs/4f1c/report/",
        "jobs/4f1c/report//a.csv",
        "jobs/4f1c/report/a\\..\\..\\b.csv",
        "jobs/4f1c/report/a\x00.csv",
        "jobs/4f1c/report/a\n.csv",
        "jobs/4f1c/job.lock",
        "jobs/4f1c/manifest.json",
        "jobs/4f1c/report",
        "jobs/4f1c/elsewhere/a.csv",
        "jobs/4f1c/input/other.mp4",
        "jobs/4f1c/input/source.mp4/x",
        "/jobs/4f1c/job.json",
        "jobs/4f1c/report/" + "a" * 1100,
    ],
)
def test_a_key_that_is_none_of_the_job_is_refused(key: str) -> None:
    with pytest.raises(ValueError, match="4f1c"):
        inside(key, JOB)


@pytest.mark.parametrize("name", ["C:x.csv", "a.csv.", "a ", "nul", "COM1.txt", "a?b", "aux .toon"])
def test_names_that_windows_takes_for_something_else_are_refused_there(name: str) -> None:
    assert pushed_keys._is_plain(name, on_windows=False)
    assert not pushed_keys._is_plain(name, on_windows=True)
    assert pushed_keys._is_plain("lap 12 (1).csv", on_windows=True)
