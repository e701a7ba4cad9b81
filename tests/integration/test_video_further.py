"""Clips of many kinds of recorders: told rightly, read wholly, any frame found again."""

from __future__ import annotations

import random
import shutil
from typing import TYPE_CHECKING

import imageio_ffmpeg
import numpy as np
import pytest
from clips import read_number
from nasty.encoding import FRAG, Tool, encode, x264
from nasty.further import FURTHER

from codefx_desktop.domain.clip import Verdict
from codefx_desktop.video import probe as probe_module
from codefx_desktop.video.access import FrameAccess
from codefx_desktop.video.probe import ProbedClip, probe
from codefx_desktop.video.reader import FrameReader

if TYPE_CHECKING:
    from pathlib import Path

CACHED = 25
SOUND = [name for name, facts in FURTHER.items() if facts.verdict == "ok"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    Tool.program = imageio_ffmpeg.get_ffmpeg_exe()
    return tmp_path_factory.mktemp("further")


def made(folder: Path, name: str) -> Path:
    path = folder / name
    if not path.exists():
        FURTHER[name].make(path)
    return path


def is_rare(name: str) -> bool:
    return FURTHER[name].is_plain


WAYS = pytest.mark.parametrize("whole", [True, False], ids=["decoded whole", "by its packets"])


LOOKS = [
    pytest.param(name, whole, marks=pytest.mark.slow if is_rare(name) and not whole else ())
    for name in SOUND
    for whole in (True, False)
]
"""Every clip is decoded whole; by their packets alone the plain ones are judged when asked."""


def probed(path: Path, whole: bool, monkeypatch: pytest.MonkeyPatch) -> ProbedClip:
    if not whole:
        monkeypatch.setattr(probe_module, "_is_short", lambda *_: False)
    return probe(path)


@pytest.mark.parametrize(("name", "whole"), LOOKS)
def test_it_is_told_rightly_and_read_wholly(
    folder: Path, name: str, whole: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, facts = made(folder, name), FURTHER[name]
    clip = probed(path, whole, monkeypatch)
    info = clip.info
    with FrameReader(clip) as reader:
        frames = list(reader)
    assert (info.verdict, info.message) == (Verdict.OK, "")
    assert reader.report.message == ""
    assert len(clip.index) == len(frames) == facts.count
    if facts.has_barcode:
        assert tuple(read_number(frame.pixels) for frame in frames) == facts.shown
    assert {frame.pixels.shape for frame in frames} == {(facts.size[1], facts.size[0], 3)}
    assert (info.rotation, info.mirrored) == (facts.rotation, facts.mirrored)
    if whole or name != "mixed_fields.ts":  # whose first and last pictures have none
        assert info.interlaced == facts.interlaced
    if facts.exact_ms is not None:
        ours = [float(frame.time.exact_s * 1000) for frame in frames]
        assert max(abs(a - b) for a, b in zip(ours, facts.exact_ms, strict=True)) <= 1
    if facts.start_ms is not None:
        assert info.start_s * 1000 == pytest.approx(facts.start_ms, abs=1)
    assert facts.tags.items() <= info.metadata.items()


@WAYS
@pytest.mark.parametrize("name", sorted(FURTHER.keys() - set(SOUND)))
def test_what_is_missing_is_told(
    folder: Path, name: str, whole: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, facts = made(folder, name), FURTHER[name]
    clip = probed(path, whole, monkeypatch)
    with FrameReader(clip) as reader:
        frames = list(reader)
    numbers = [read_number(frame.pixels) for frame in frames]
    fewest = facts.count if facts.fewest is None else facts.fewest
    assert fewest <= len(frames) == len(clip.index) <= facts.count
    if facts.verdict == "partial" or clip.info.verdict is Verdict.PARTIAL:
        assert clip.info.verdict is Verdict.PARTIAL
        assert clip.info.message
        numbers = numbers[:-1]  # the last one may be cut through
    assert set(numbers) <= set(facts.shown)
    assert numbers == list(range(numbers[0] or 0, (numbers[0] or 0) + len(numbers)))
    if facts.exact_ms is not None:
        ours = [float(frame.time.exact_s * 1000) for frame in frames]
        assert max(abs(a - b) for a, b in zip(ours, facts.exact_ms, strict=False)) <= 1


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=pytest.mark.slow if is_rare(name) else ()) for name in FURTHER],
)
def test_any_frame_is_the_readers(folder: Path, name: str) -> None:
    clip = probe(made(folder, name))
    with FrameReader(clip) as reader:
        frames = {frame.number: frame.pixels for frame in reader}
    picture_bytes = clip.info.coded_width * clip.info.coded_height * 3 // 2
    seeks = random.Random(name).choices(sorted(frames), k=10)  # noqa: S311 - places
    there = sorted(frames)[:60]
    with FrameAccess(clip, cache_bytes=CACHED * picture_bytes) as access:
        for number in (*seeks, *there, *reversed(there)):
            assert np.array_equal(access.exact(number).pixels, frames[number]), number
        key = access.keyframe_near(max(frames))
        assert np.array_equal(key.pixels, frames[key.number])


def test_a_clip_that_grows_stays_what_it_was(folder: Path, tmp_path: Path) -> None:
    """A recording goes on while it is read: what was probed is delivered, no more and no less."""
    for name in ("growing.mp4", "growing.mkv"):
        whole, path = folder / f"whole_{name}", tmp_path / name
        shutil.copyfile(made(folder, name), path)
        encode(whole, codec=x264(bf="0"), mux=FRAG if name.endswith("mp4") else [])
        clip = probe(path)
        with FrameReader(clip) as reader, FrameAccess(clip) as access:
            first = next(reader)
            with path.open("ab") as file:
                file.write(whole.read_bytes()[-20_000:])
            frames = [first, *reader]
            numbers = [read_number(frame.pixels) for frame in frames]
            assert numbers == list(range(45))
            assert np.array_equal(access.exact(44).pixels, frames[44].pixels)
        assert reader.report.message == ""
        with FrameAccess(clip) as access:
            assert read_number(access.exact(30).pixels) == 30


def test_fields_that_share_a_time_are_no_damage(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A broadcast of an hour is not decoded on one thread because second fields have no time."""
    scans, scan = [], probe_module._scan

    def counted(*arguments: object, **how: object) -> object:
        scans.append(how)
        return scan(*arguments, **how)  # type: ignore[arg-type]

    monkeypatch.setattr(probe_module, "_scan", counted)
    probed(made(folder, "fields_together.ts"), False, monkeypatch)
    assert not any(how.get("careful") for how in scans)


def test_guessed_times_hide_no_missing_keyframe(folder: Path, tmp_path: Path) -> None:
    data = bytearray(made(folder, "h264.avi").read_bytes())
    data[data.rindex(b"idx1") + 12] &= ~0x10  # in the index no keyframe any more,
    data[data.index(b"\x00\x00\x01\x65") + 3] = 0x61  # nor in the stream
    path = tmp_path / "no_first_key.avi"
    path.write_bytes(data)
    info = probe(path).info
    assert info.verdict is Verdict.PARTIAL
    assert info.message.startswith("45 of 60 frames; the recording begins 15 frames before")
