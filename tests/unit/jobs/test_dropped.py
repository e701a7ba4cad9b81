"""Dropped files and folders: which clips they stand for, and how much these hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from clips import make_clip

from codefx_desktop.domain.clip import ClipSize
from codefx_desktop.jobs.dropped import clip_sizes, clips_of

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "round 3"
    folder.mkdir()
    make_clip(folder / "b.mp4", seconds=1, rate=25)
    (folder / "a.MOV").write_bytes(b"no video in it" * 100)
    (folder / "._b.mp4").write_bytes(b"attributes")
    (folder / "notes.txt").write_text("wet")
    (folder / "c.mp4").mkdir()
    return folder


def test_a_folder_stands_for_its_clips(folder: Path) -> None:
    assert clips_of(folder) == [folder / "a.MOV", folder / "b.mp4"]
    assert clips_of(folder / "notes.txt") == [folder / "notes.txt"]


def test_sizes_are_told_where_they_are_known(folder: Path) -> None:
    gone = folder / "gone.mp4"
    assert list(clip_sizes([folder, gone])) == [
        (folder / "a.MOV", None),
        (folder / "b.mp4", ClipSize(25, 1.0, 320, 180)),
        (gone, None),
    ]


def test_a_folder_nobody_may_read_is_unknown(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_path: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(type(folder), "iterdir", refuse)
    assert list(clip_sizes([folder])) == [(folder, None)]
