"""How the terminal says numbers, and how much artifacts will take."""

from __future__ import annotations

from collections import namedtuple
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from clips import make_clip

from codefx_desktop.cli import estimate
from codefx_desktop.cli.estimate import estimate_lines
from codefx_desktop.cli.output import counted, size_text
from codefx_desktop.domain.artifact_choice import ArtifactChoice
from codefx_desktop.domain.plan import PIT_STOP, VIDEO

if TYPE_CHECKING:
    from pathlib import Path

Usage = namedtuple("Usage", "total used free")


def test_numbers_have_their_noun() -> None:
    assert counted(1, "scene") == "1 scene"
    assert counted(0, "frame") == "0 frames"
    assert counted(12_345, "file") == "12,345 files"


@pytest.mark.parametrize(
    ("size_bytes", "said"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1.0 kB"),
        (999_600, "1.0 MB"),
        (96_400_000, "96 MB"),
        (5_120_000_000, "5.1 GB"),
        (2_000_000_000_000, "2.0 TB"),
    ],
)
def test_sizes(size_bytes: int, said: str) -> None:
    assert size_text(size_bytes) == said


def test_an_estimate_of_each_clip(tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "lap [12].mp4", seconds=1.0)
    plan = replace(VIDEO.plan, artifacts=ArtifactChoice.parse("every:5"))
    (line,) = estimate_lines([clip], plan, tmp_path)
    assert line.startswith("lap [12].mp4: artifacts (every:5) of about 6 frames: 36 files, about ")
    assert line.endswith(" kB.")


def test_scenes_are_not_known_beforehand(tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "clip.mp4", seconds=0.5)
    (line,) = estimate_lines([clip], VIDEO.plan, tmp_path)
    assert "(scenes) of each scene: 1 frame, 6 files" in line


def test_a_clip_that_tells_nothing(tmp_path: Path) -> None:
    (line,) = estimate_lines([tmp_path / "gone.mp4"], VIDEO.plan, tmp_path)
    assert line.startswith("gone.mp4: ")
    assert "cannot be told" in line


def test_without_artifacts_nothing_is_said(tmp_path: Path) -> None:
    assert list(estimate_lines([tmp_path / "x.mp4"], PIT_STOP.plan, tmp_path)) == []


def test_a_disk_that_will_not_hold_them_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clip = make_clip(tmp_path / "clip.mp4", seconds=0.5)
    asked = []

    def usage(path: Path) -> Usage:
        asked.append(path)
        return Usage(10, 9, 1000)

    monkeypatch.setattr(estimate.shutil, "disk_usage", usage)
    *_, last = estimate_lines([clip], VIDEO.plan, tmp_path / "not" / "there" / "yet")
    assert last == "There are 1.0 kB free where they go, which will not do."
    assert asked == [tmp_path]
