"""Clips and weights that cannot be used: each fails its job with a sentence that helps."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from clips import make_clip
from runs import run_clip

from codefx_desktop.domain.job import JobStatus

if TYPE_CHECKING:
    from pathlib import Path


def make_bad(tmp_path: Path, kind: str) -> Path:
    path = tmp_path / "bad.mp4"
    match kind:
        case "missing":
            pass
        case "empty":
            path.touch()
        case "text":
            path.write_text("this is no video\n" * 100)
        case "picture":
            path.write_bytes(b"\x89PNG\r\n\x1a\n" + os.urandom(4000))
        case "folder":
            path.mkdir()
            (path / "inside.mp4").write_text("not a clip")
        case "cut":
            whole = make_clip(tmp_path / "whole.mp4", seconds=2)
            data = whole.read_bytes()
            path.write_bytes(data[: len(data) * 6 // 10])
    return path


@pytest.mark.parametrize("kind", ["missing", "empty", "text", "picture", "cut"])
def test_a_bad_clip_fails_its_job_with_a_sentence(tmp_path: Path, weights: Path, kind: str) -> None:
    finished, _, _, record = run_clip(make_bad(tmp_path, kind), weights)
    assert finished.status is JobStatus.FAILED
    assert record.status is JobStatus.FAILED
    assert record.error_message == finished.error_message
    assert "unexpected" not in record.error_message
    assert "bad.mp4" in record.error_message
    assert record.error_message.count(".") >= 2, "what happened and what to do"


def test_too_large_is_refused(
    tmp_path: Path, weights: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAX_FILE_SIZE_MB", "1")
    clip = make_clip(tmp_path / "big.mp4", seconds=0.5)
    with clip.open("ab") as file:
        file.truncate(2 * 1024 * 1024)
    finished, _, _, _ = run_clip(clip, weights)
    assert finished.status is JobStatus.FAILED
    assert "MAX_FILE_SIZE_MB" in finished.error_message


def test_named_weights_that_are_missing_fail_the_job(tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "clip.mp4", seconds=0.5)
    finished, _, _, _ = run_clip(clip, tmp_path / "nowhere.pt")
    assert finished.status is JobStatus.FAILED
    assert "nowhere.pt" in finished.error_message
