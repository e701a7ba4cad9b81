"""Camera footage, where it is there (``CODEFX_TEST_CLIPS``)."""

from __future__ import annotations

import os
from fractions import Fraction
from pathlib import Path

import pytest

from codefx_desktop.domain.clip import Verdict
from codefx_desktop.video.probe import probe
from codefx_desktop.video.reader import FrameReader

FOLDER = os.environ.get("CODEFX_TEST_CLIPS", "")
pytestmark = pytest.mark.skipif(not FOLDER, reason="CODEFX_TEST_CLIPS is not set")


@pytest.mark.parametrize(
    ("name", "frames", "size", "rate"),
    [
        ("counter.mp4", 30, (1920, 1080), Fraction(10)),
        ("testvideo.mp4", 720, (1280, 720), Fraction(30000, 1001)),
        ("dance.mp4", 450, (406, 720), Fraction(30)),
    ],
)
def test_every_frame_is_read(name: str, frames: int, size: tuple[int, int], rate: Fraction) -> None:
    clip = probe(Path(FOLDER) / name)
    info = clip.info
    assert (info.verdict, info.frames, info.average_rate) == (Verdict.OK, frames, rate)
    assert (info.width, info.height) == size
    with FrameReader(clip) as reader:
        delivered = sum(1 for _ in reader)
    assert (delivered, reader.report.damaged) == (frames, 0)


def test_counter_times() -> None:
    index = probe(Path(FOLDER) / "counter.mp4").index
    assert [index.time(k).exact_s for k in range(30)] == [Fraction(k, 10) for k in range(30)]
