"""A second run takes away what the first left, and nothing that is not its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from codefx_desktop.artifacts.files import clear_artifacts
from codefx_desktop.artifacts.layout import AnalysisFormat, FrameKind, JobLayout
from codefx_desktop.domain.errors import NotWritable

if TYPE_CHECKING:
    from pathlib import Path


def put(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("something")
    return path


def ours(layout: JobLayout) -> list[Path]:
    return [
        *(layout.frame(kind, number) for kind in FrameKind for number in (0, 1234567)),
        *(layout.analysis(kind, 3) for kind in AnalysisFormat),
        *(layout.summary(kind) for kind in AnalysisFormat),
        layout.frame(FrameKind.ORIGINAL, 5).with_name("frame_5.jpg.4711.part"),
        layout.analysis(AnalysisFormat.JSON, 5).with_name("frame_5.json.4711.part"),
    ]


def test_what_an_earlier_run_wrote_goes_and_empty_folders_with_it(tmp_path: Path) -> None:
    layout = JobLayout(tmp_path, "job")
    written = [put(path) for path in ours(layout)]
    clear_artifacts(layout)
    assert not any(path.exists() for path in written)
    assert not layout.frame(FrameKind.FACE, 0).parent.exists()
    assert layout.analysis_dir.is_dir()
    clear_artifacts(layout)


def test_what_is_not_an_artifact_of_the_job_stays(tmp_path: Path) -> None:
    layout = JobLayout(tmp_path, "job")
    for path in ours(layout):
        put(path)
    folder = layout.frame(FrameKind.ORIGINAL, 0).parent
    others = [
        put(folder / "frame_1 (copy).jpg"),
        put(folder / "frame_1.jpg.txt"),
        put(folder / "mine" / "frame_1.jpg"),
        put(layout.analysis_dir / "frame_1.json"),
        put(layout.detections),
        put(layout.clip_index),
        put(layout.job_json),
        put(layout.annotated("clip")),
        put(layout.report_dir / "frame_1.jpg"),
    ]
    clear_artifacts(layout)
    assert all(path.is_file() for path in others)


def test_a_link_goes_and_what_it_leads_to_stays(tmp_path: Path) -> None:
    layout = JobLayout(tmp_path, "job")
    mine = put(tmp_path / "mine.jpg")
    link = layout.frame(FrameKind.FACE, 1)
    link.parent.mkdir(parents=True)
    link.symlink_to(mine)
    clear_artifacts(layout)
    assert not link.is_symlink()
    assert mine.is_file()


def test_a_file_that_cannot_be_removed_is_told(tmp_path: Path) -> None:
    layout = JobLayout(tmp_path, "job")
    layout.frame(FrameKind.FACE, 1).mkdir(parents=True)
    with pytest.raises(NotWritable, match="face"):
        clear_artifacts(layout)
