"""The table clip by clip, this program beside OpenCV."""

from __future__ import annotations

import os
from pathlib import Path

import imageio_ffmpeg
import pytest
from nasty.compare import compare
from nasty.encoding import Tool
from nasty.facts import the_further, the_set
from nasty.table import is_right

A_FEW = ("plain_h264.mp4", "rotated_90.mp4", "mirrored.mp4", "cut_60.mkv", "text.mp4")


@pytest.fixture(autouse=True)
def _program() -> None:
    pytest.importorskip("cv2")
    Tool.program = imageio_ffmpeg.get_ffmpeg_exe()


def test_a_few_lines_of_the_table(tmp_path: Path) -> None:
    table = compare(the_set(tmp_path, A_FEW))
    assert [facts.name for facts, result in table.ours if not is_right(facts, result)] == []
    wrong = {facts.name for facts, result in table.cv2 if not is_right(facts, result)}
    assert wrong == {"mirrored.mp4", "cut_60.mkv"}, "mirrored pictures, silence about the end"
    assert table.text().count("\n| `") == len(A_FEW)


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_every_line_of_the_table(tmp_path: Path) -> None:
    """``CODEFX_TABLE`` names a file to write it to."""
    clips = (*the_set(tmp_path / "set"), *the_further(tmp_path / "further"))
    table = compare(clips)
    if target := os.environ.get("CODEFX_TABLE"):
        Path(target).write_text(table.text(), "utf-8")
    assert [facts.name for facts, result in table.ours if not is_right(facts, result)] == []
    assert sum(result.seeks_wrong or 0 for _, result in table.ours) == 0
    assert sum(result.steps_wrong or 0 for _, result in table.ours) == 0
    assert max(result.read_s for _, result in table.ours) < 20
