"""Names below a job's folder: the same on disk and in the bucket, allowed on every system."""

from __future__ import annotations

import os
import sys
from pathlib import Path, PureWindowsPath

import pytest

from codefx_desktop.artifacts.layout import (
    AnalysisFormat,
    FrameKind,
    JobLayout,
    delete_files,
    safe_stem,
)
from codefx_desktop.domain.errors import NotWritable

JOB = "1b0f2745-be12-490f-a505-3370d26ae404"


@pytest.fixture
def layout(tmp_path: Path) -> JobLayout:
    return JobLayout(tmp_path / "data", JOB)


def test_the_tree_is_the_one_that_is_written_down(layout: JobLayout) -> None:
    places = [
        layout.source(".MP4"),
        layout.annotated("stop 7"),
        layout.frame(FrameKind.SEGMENTED, 12),
        layout.analysis(AnalysisFormat.TOON, 12),
        layout.detections,
        layout.clip_index,
        layout.report_dir / "stops.csv",
        layout.job_json,
    ]
    assert [layout.key(place) for place in places] == [
        f"jobs/{JOB}/input/source.mp4",
        f"jobs/{JOB}/output/stop 7_annotated.mp4",
        f"jobs/{JOB}/frames/seg/frame_12.jpg",
        f"jobs/{JOB}/analysis/toon/frame_12.toon",
        f"jobs/{JOB}/analysis/detections.sqlite",
        f"jobs/{JOB}/analysis/clip.index",
        f"jobs/{JOB}/report/stops.csv",
        f"jobs/{JOB}/job.json",
    ]
    assert layout.annotated_part("a") == layout.annotated("a").with_name("a_annotated.mp4.part")


def test_no_place_is_outside_the_job(layout: JobLayout) -> None:
    for place in (layout.dir.parent / "other" / "x", layout.dir / ".." / "x", layout.dir):
        with pytest.raises(ValueError, match=r"subpath|not a file of job"):
            layout.key(place)
    for job_id in ("", ".", "..", "a/b", "a\\b", "../x", "-x", "a" * 65, "a b", "C:"):
        with pytest.raises(ValueError, match="cannot be the id"):
            JobLayout(layout.root, job_id)
    for extension in ("", ".", "a/b", ".mp4/../..", "123456789"):
        with pytest.raises(ValueError, match="not a file extension"):
            layout.source(extension)


@pytest.mark.parametrize(
    ("stem", "expected"),
    [
        ("Boxenstopp 7", "Boxenstopp 7"),
        ("ピット 停车 Österreich 🏁", "ピット 停车 Österreich 🏁"),
        ('a<b>c:d"e/f\\g|h?i*j', "a_b_c_d_e_f_g_h_i_j"),
        ("tab\tnew\nline\x00\x7f", "tab_new_line__"),
        ("ends. . ", "ends"),
        (" .hidden", "hidden"),
        ("CON", "_CON"),
        ("nul.stop", "_nul.stop"),
        ("com7 .x", "_com7 .x"),
        ("LPT¹", "_LPT¹"),
        ("conin$", "_conin$"),
        ("console", "console"),
        ("COM", "COM"),
        ("o\u0308", "ö"),
        ("gpj.\u202emp4", "gpj._mp4"),
        ("caf\udce9", "caf_"),
        ("", "clip"),
        ("...", "clip"),
        (".. ..", "clip"),
    ],
)
def test_a_stem_is_allowed_everywhere(stem: str, expected: str) -> None:
    assert safe_stem(stem) == expected
    assert safe_stem(expected) == expected


@pytest.mark.parametrize("char", ["a", "é", "車", "🏁", "x\u0301", "👩\u200d🔧", "a.", "b "])
def test_a_long_stem_is_cut_between_characters(char: str) -> None:
    name = f"{safe_stem(char * 300)}_annotated.mp4.part"
    assert len(name.encode()) <= 255
    assert len(name.encode("utf-16-le")) // 2 <= 255
    stem = name.removesuffix("_annotated.mp4.part")
    assert (char * 300).startswith(stem)
    assert len(stem) > 40
    assert not stem.endswith((".", " ", "\u200d"))
    assert stem.endswith("\u0301") or "\u0301" not in stem


def test_names_are_no_devices_on_windows(layout: JobLayout) -> None:
    for stem in ("CON", "aux.mp4", "NUL", "com1"):
        assert not PureWindowsPath(layout.annotated(stem).name).is_reserved()


def test_deleting_takes_the_folder_and_nothing_else(layout: JobLayout) -> None:
    other = JobLayout(layout.root, "another")
    for place in (layout.annotated("a"), layout.detections, other.job_json):
        place.parent.mkdir(parents=True)
        place.touch()
    delete_files(layout)
    assert not layout.dir.exists()
    assert other.job_json.exists()
    delete_files(layout)


@pytest.mark.skipif(sys.platform == "win32", reason="links need a right there")
def test_deleting_follows_no_link(layout: JobLayout, tmp_path: Path) -> None:
    source = tmp_path / "footage" / "stop.mp4"
    source.parent.mkdir()
    source.write_bytes(b"film")
    layout.output_dir.mkdir(parents=True)
    (layout.dir / "input").symlink_to(source.parent, target_is_directory=True)
    (layout.output_dir / "link.mp4").symlink_to(source)
    (layout.output_dir / "gone.mp4").symlink_to(tmp_path / "nowhere")
    os.link(source, layout.output_dir / "hard.mp4")
    delete_files(layout)
    assert not layout.dir.exists()
    assert source.read_bytes() == b"film"
    # The folder itself a link: the link goes, the folder stays.
    layout.dir.symlink_to(source.parent, target_is_directory=True)
    delete_files(layout)
    assert not layout.dir.is_symlink()
    assert source.exists()


def test_a_file_that_cannot_be_removed_is_told(
    layout: JobLayout, monkeypatch: pytest.MonkeyPatch
) -> None:
    layout.dir.mkdir(parents=True)

    def refuse(_path: object) -> None:
        raise PermissionError(13, "in use")

    monkeypatch.setattr("shutil.rmtree", refuse)
    with pytest.raises(NotWritable, match="in use") as caught:
        delete_files(layout)
    assert caught.value.job_id == JOB
