"""Clips of many kinds of recorders: told rightly, read wholly, any frame found again."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import imageio_ffmpeg
import numpy as np
import pytest
from clips import read_number
from nasty.encoding import Tool
from nasty.further import FURTHER

from codefx_desktop.domain.clip import Verdict
from codefx_desktop.video import probe as probe_module
from codefx_desktop.video.access import FrameAccess
from codefx_desktop.video.probe import probe
from codefx_desktop.video.reader import FrameReader

if TYPE_CHECKING:
    from pathlib import Path

CACHED = 25


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    Tool.program = imageio_ffmpeg.get_ffmpeg_exe()
    return tmp_path_factory.mktemp("further")


def made(folder: Path, name: str) -> Path:
    path = folder / name
    if not path.exists():
        FURTHER[name].make(path)
    return path


@pytest.mark.parametrize("name", FURTHER)
@pytest.mark.parametrize("whole", [True, False], ids=["decoded whole", "by its packets"])
def test_it_is_told_rightly_and_read_wholly(
    folder: Path, name: str, whole: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, facts = made(folder, name), FURTHER[name]
    if not whole:
        monkeypatch.setattr(probe_module, "_is_short", lambda *_: False)
    clip = probe(path)
    with FrameReader(clip) as reader:
        frames = list(reader)
    assert (clip.info.verdict, clip.info.message) == (Verdict.OK, "")
    assert reader.report.message == ""
    assert len(clip.index) == facts.count
    assert [read_number(frame.pixels) for frame in frames] == list(
        range(facts.first, facts.first + facts.count)
    )
    if whole or name != "mixed_fields.ts":  # whose first and last pictures have none
        assert clip.info.interlaced == facts.interlaced
    times = facts.times_ms
    if times is None and facts.rate is not None:
        times = tuple(number * 1000 / facts.rate for number in range(facts.count))
    if times is not None:
        ours = [float(frame.time.exact_s * 1000) for frame in frames]
        assert max(abs(a - b) for a, b in zip(ours, times, strict=True)) <= 1


@pytest.mark.parametrize("name", FURTHER)
def test_any_frame_is_the_readers(folder: Path, name: str) -> None:
    clip = probe(made(folder, name))
    with FrameReader(clip) as reader:
        frames = [frame.pixels for frame in reader]
    picture_bytes = clip.info.coded_width * clip.info.coded_height * 3 // 2
    seeks = random.Random(name).choices(range(len(frames)), k=10)  # noqa: S311 - places
    there = range(min(len(frames), 60))
    with FrameAccess(clip, cache_bytes=CACHED * picture_bytes) as access:
        for number in (*seeks, *there, *reversed(there)):
            assert np.array_equal(access.exact(number).pixels, frames[number]), number
        key = access.keyframe_near(len(frames) - 1)
        assert np.array_equal(key.pixels, frames[key.number])


def test_guessed_times_hide_no_missing_keyframe(folder: Path, tmp_path: Path) -> None:
    data = bytearray(made(folder, "h264.avi").read_bytes())
    data[data.rindex(b"idx1") + 12] &= ~0x10  # in the index no keyframe any more,
    data[data.index(b"\x00\x00\x01\x65") + 3] = 0x61  # nor in the stream
    path = tmp_path / "no_first_key.avi"
    path.write_bytes(data)
    info = probe(path).info
    assert info.verdict is Verdict.PARTIAL
    assert info.message.startswith("45 of 60 frames; the recording begins 15 frames before")
