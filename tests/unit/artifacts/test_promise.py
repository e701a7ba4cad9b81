"""Artifact files: written whole, found missing, damaged or at odds with each other."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest
from artifact_samples import artifact, provenance

from codefx_desktop.artifacts.files import (
    settle,
    told,
    write_frame,
    write_picture,
    write_summary,
    write_whole,
)
from codefx_desktop.artifacts.formats import read_json, read_toon, same_content
from codefx_desktop.artifacts.job_artifact import JobArtifact
from codefx_desktop.artifacts.layout import AnalysisFormat, FrameKind, JobLayout
from codefx_desktop.artifacts.promise import (
    Promise,
    check_frame,
    check_promise,
    tell_broken,
)
from codefx_desktop.domain.artifact_choice import ArtifactChoice
from codefx_desktop.domain.errors import NoSpace, NotWritable

if TYPE_CHECKING:
    from collections.abc import Callable

PICTURES = frozenset({FrameKind.ORIGINAL, FrameKind.DETECTED})
PROMISE = Promise((2, 5), PICTURES)


def summary() -> JobArtifact:
    return JobArtifact(provenance(), 6, 0.24, True, ArtifactChoice.parse("every:3"), (2, 5))


@pytest.fixture
def layout(tmp_path: Path) -> JobLayout:
    """Return a job that has kept ``PROMISE``."""
    layout = JobLayout(tmp_path, "job-1")
    picture = np.full((48, 64, 3), (200, 30, 30), np.uint8)
    for number in PROMISE.frames:
        write_frame(layout, number, artifact(number=number, pictures=PICTURES).content())
        for kind in PICTURES:
            write_picture(layout, kind, number, picture)
    write_summary(layout, summary().content())
    return layout


def broken(layout: JobLayout, promise: Promise = PROMISE) -> list[str]:
    return [str(item) for item in check_promise(layout, promise)]


def test_a_kept_promise(layout: JobLayout) -> None:
    assert broken(layout) == []
    assert tell_broken([]) == ""
    paths = list(PROMISE.paths(layout))
    assert len(paths) == PROMISE.files == 10
    assert sorted(paths) == sorted(path for path in layout.dir.rglob("*") if path.is_file())
    settle(paths)
    places = [layout.analysis(kind, 5) for kind in AnalysisFormat]
    by_kind = dict(zip(AnalysisFormat, (place.read_bytes() for place in places), strict=True))
    assert same_content(
        read_json(by_kind[AnalysisFormat.JSON]), read_toon(by_kind[AnalysisFormat.TOON])
    )


def test_a_picture_keeps_its_colours(layout: JobLayout) -> None:
    bgr = cv2.imread(str(layout.frame(FrameKind.DETECTED, 2)))
    assert np.abs(bgr[24, 32].astype(int) - (30, 30, 200)).max() < 8


def test_what_is_missing_is_told(layout: JobLayout) -> None:
    for path in list(PROMISE.paths(layout)):
        data = path.read_bytes()
        path.unlink()
        (told,) = broken(layout)
        assert told == f"{path.relative_to(layout.dir).as_posix()} is missing"
        path.write_bytes(data)
    assert len(broken(layout, Promise((2, 3, 5), PICTURES))) == 4
    assert "names other pictures" in broken(layout, Promise((2,), frozenset()))[0]


@pytest.mark.parametrize("kind", AnalysisFormat)
@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda data: data[: len(data) // 2], "cannot be read as"),
        (lambda _: b"", ""),
        (lambda data: data + b"\xff", "cannot be read as"),
        (lambda data: data.replace(b"0.9877", b"NaN", 1), ""),
        (lambda data: data.replace(b"0.9877", b"0.9876", 1), "does not say the same"),
        (lambda data: data.replace(b"crew", b"car", 1), "does not say the same"),
        (lambda data: data.replace(b"codefx-frame", b"codefx-fram", 1), "another kind or version"),
        (lambda _: b"[1]: 1", ""),
        (lambda _: b"[1]", ""),
        (lambda _: b"[" * 100_000, ""),
    ],
)
def test_what_is_damaged_is_told(
    layout: JobLayout, kind: AnalysisFormat, spoil: Callable[[bytes], bytes], told: str
) -> None:
    path = layout.analysis(kind, 5)
    path.write_bytes(spoil(path.read_bytes()))
    found = broken(layout)
    assert found
    assert told in found[0]
    assert all("frame_5" in line for line in found)


def test_another_frames_artifact_does_not_count(layout: JobLayout) -> None:
    for kind in AnalysisFormat:
        layout.analysis(kind, 2).replace(layout.analysis(kind, 5))
    found = check_frame(layout, PROMISE, 5)
    assert [item.reason for item in found] == ["is about another frame"] * 2


@pytest.mark.parametrize("data", [b"", b"\xff", b"\xff\xd8\xff\xe0half of", b"\xff\xd8\xff\xd9"])
def test_a_broken_picture_does_not_count(layout: JobLayout, data: bytes) -> None:
    layout.frame(FrameKind.ORIGINAL, 2).write_bytes(data[:-1])
    (told,) = broken(layout)
    assert told == "frames/original/frame_2.jpg is no whole JPEG picture"


def test_a_folder_in_the_way_is_told(layout: JobLayout) -> None:
    path = layout.analysis(AnalysisFormat.JSON, 2)
    path.unlink()
    path.mkdir()
    (told,) = broken(layout)
    assert told.startswith("analysis/json/frame_2.json cannot be read: ")


def test_a_long_list_is_told_short(tmp_path: Path) -> None:
    found = list(check_promise(JobLayout(tmp_path, "job-1"), Promise((1, 2, 3), PICTURES)))
    assert len(found) == 14
    told = tell_broken(found)
    assert told.startswith(
        "14 artifacts are missing or damaged: frames/det/frame_1.jpg is missing;"
    )
    assert told.endswith("; and 9 more.")
    assert tell_broken(found[:1]).startswith("1 artifact is missing")


def test_a_file_is_there_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "deep" / "file.json"
    write_whole(path, b"first")
    real = Path.write_bytes

    def full(self: Path, data: bytes) -> int:
        real(self, data[:2])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(NoSpace, match="No space left on device"):
        write_whole(path, b"second")
    assert [item.name for item in path.parent.iterdir()] == ["file.json"]
    assert path.read_bytes() == b"first"


def test_a_place_that_cannot_be_written_to(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(NotWritable):
        write_whole(tmp_path / "file" / "below.json", b"")
    with pytest.raises(NotWritable):
        settle([tmp_path / "gone"])


def test_content_that_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    layout = JobLayout(tmp_path, "job-1")
    with pytest.raises(ValueError, match="JSON"):
        write_frame(layout, 1, {"x": float("nan")})
    assert not layout.dir.exists()


@pytest.mark.parametrize(
    ("code", "kind", "remedy"),
    [
        (errno.ENOSPC, NoSpace, "Free some space, or choose another output folder."),
        (errno.EROFS, NotWritable, "Change its folder's permissions, or choose another"),
    ],
)
def test_what_helps_is_told(tmp_path: Path, code: int, kind: type, remedy: str) -> None:
    with pytest.raises(kind) as error, told(tmp_path / "x.csv"):
        raise OSError(code, "it is so")
    assert error.value.hint.startswith(remedy)
