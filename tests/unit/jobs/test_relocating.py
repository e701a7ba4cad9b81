"""A clip that was moved is known by its content; another is refused, and nothing is changed."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from codefx_desktop.domain.errors import ClipMissing, ClipRefused
from codefx_desktop.jobs.relocating import relocated
from codefx_desktop.video.fingerprint import fingerprint

if TYPE_CHECKING:
    from pathlib import Path


class Noted:
    """A history that notes what it is told."""

    def __init__(self) -> None:
        self.calls: list[tuple[object, ...]] = []

    def set_clip(self, job_id: str, known: str, path: Path) -> None:
        self.calls.append((job_id, known, path))

    def get(self, job_id: str) -> str:
        return f"the record of {job_id}"


def record(known: str) -> SimpleNamespace:
    return SimpleNamespace(id="a", fingerprint=known, input_filename="lap12.mp4")


def test_content_decides_whatever_the_name_is(tmp_path: Path) -> None:
    moved, other = tmp_path / "renamed.mov", tmp_path / "lap12.mp4"
    moved.write_bytes(b"the clip" * 1000)
    other.write_bytes(b"another " * 1000)
    job, history = record(fingerprint(moved)), Noted()
    with pytest.raises(ClipRefused, match="another clip"):
        relocated(history, job, other)
    with pytest.raises(ClipMissing):
        relocated(history, job, tmp_path / "gone.mp4")
    assert not history.calls
    assert relocated(history, job, moved) == "the record of a"
    assert history.calls == [("a", job.fingerprint, moved)]
    assert moved.read_bytes() == b"the clip" * 1000


def test_a_job_that_never_read_its_clip_cannot_know_it_again(tmp_path: Path) -> None:
    clip = tmp_path / "lap12.mp4"
    clip.write_bytes(b"the clip")
    with pytest.raises(ClipRefused, match="not known what"):
        relocated(Noted(), record(""), clip)
