"""Probing: refusals in words, facts, fingerprints."""

from __future__ import annotations

import os
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest
from clips import make_clip

from codefx_desktop.domain.clip import Verdict
from codefx_desktop.domain.errors import (
    ClipError,
    ClipMissing,
    ClipRefused,
    ClipUnreadable,
)
from codefx_desktop.video import probe as probe_module
from codefx_desktop.video.codecs import available
from codefx_desktop.video.fingerprint import fingerprint
from codefx_desktop.video.probe import probe
from codefx_desktop.video.scan import Decoded, Scanner
from codefx_desktop.video.thumbnail import thumbnail

if TYPE_CHECKING:
    from pathlib import Path

    from av.video.frame import VideoFrame


class Cancel:
    def __init__(self, after: int = 1) -> None:
        self.after, self.asked = after, 0

    def is_set(self) -> bool:
        self.asked += 1
        return self.asked > self.after


@pytest.mark.parametrize("suffix", [".mp4", ".mov", ".mkv", ".avi", ".webm", ".m4v", ".ts", ".mts"])
def test_every_container_is_taken(tmp_path: Path, suffix: str) -> None:
    codec = {".webm": "libvpx-vp9", ".avi": "mpeg4"}.get(suffix, "libx264")
    name = f"Clip{suffix.upper()}"
    source = tmp_path / f"clip{'.ts' if suffix == '.mts' else suffix}"
    clip = make_clip(source, seconds=0.5, codec=codec).rename(tmp_path / name)
    probed = probe(clip)
    assert (len(probed.index), probed.info.verdict) == (15, Verdict.OK)
    assert (probed.info.width, probed.info.height) == (320, 180)
    assert probed.info.average_rate == 30
    assert not probed.info.variable_rate
    assert probed.info.message == ""


def test_facts(tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "clip.mp4", seconds=1, rate=Fraction(30000, 1001), audio=True)
    info = probe(clip).info
    assert info.average_rate == Fraction(30000, 1001)
    assert (info.codec, info.pixel_format, info.bit_depth) == ("h264", "yuv420p", 8)
    assert (info.has_audio, info.audio_codec) == (True, "aac")
    assert info.size_bytes == clip.stat().st_size
    assert info.duration_s == pytest.approx(1.001, abs=1e-6)
    assert info.frames == 30


def test_variable_rate_is_recognised(tmp_path: Path) -> None:
    times = [0, 40, 90, 200, 700, 733]
    probed = probe(make_clip(tmp_path / "vfr.mp4", times_ms=times))
    assert probed.info.variable_rate
    assert [round(probed.index.time(n).seconds * 1000) for n in range(6)] == times


def test_progress_reaches_one_and_never_falls(tmp_path: Path) -> None:
    seen: list[float] = []
    probe(make_clip(tmp_path / "clip.mp4", seconds=10), progress=seen.append)
    assert seen == sorted(seen)
    assert seen[-1] == 1.0


def test_cancel_ends_it_early_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probe_module, "_is_short", lambda *_: False)
    probed = probe(make_clip(tmp_path / "clip.mp4", seconds=10), cancel=Cancel(100))
    assert 0 < len(probed.index) <= 100
    assert probed.info.verdict is Verdict.PARTIAL
    assert "not read to its end" in probed.info.message


def test_cancel_is_heard_while_the_last_group_is_decoded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(probe_module, "_is_short", lambda *_: False)
    cancel = Cancel(310)  # 300 packets are read, then a group of 100 is decoded
    probed = probe(make_clip(tmp_path / "clip.mp4", seconds=10, gop=100), cancel=cancel)
    assert cancel.asked == 311
    assert probed.info.verdict is Verdict.PARTIAL


def test_the_last_groups_pictures_are_not_held(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(probe_module, "_is_short", lambda *_: False)
    at_once: list[int] = []
    keep = Scanner._keep

    def spy(self: Scanner, frames: list[VideoFrame], into: list[Decoded]) -> None:
        at_once.append(len(frames))
        keep(self, frames, into)

    monkeypatch.setattr(Scanner, "_keep", spy)
    assert len(probe(make_clip(tmp_path / "clip.mp4", seconds=10, gop=300)).index) == 300
    assert max(at_once) <= 20


def test_refusals(tmp_path: Path) -> None:
    folder = tmp_path / "folder.mp4"
    folder.mkdir()
    empty = tmp_path / "empty.mp4"
    empty.touch()
    wrong = tmp_path / "clip.txt"
    wrong.write_bytes(b"x")
    picture = tmp_path / "picture.mp4"
    picture.write_bytes(b"\xff\xd8\xff\xe0" + bytes(100))
    noise = tmp_path / "noise.mkv"
    noise.write_bytes(bytes(range(256)) * 100)
    cases: list[tuple[Path, type[ClipError], str]] = [
        (tmp_path / "nowhere.mp4", ClipMissing, "nowhere.mp4 is not there."),
        (folder, ClipRefused, "folder.mp4 is a folder."),
        (empty, ClipRefused, "empty.mp4 is empty (0 bytes)."),
        (wrong, ClipRefused, "clip.txt: .txt files are not taken."),
        (picture, ClipRefused, "picture.mp4 is a JPEG picture with a video's name."),
        (noise, ClipUnreadable, "noise.mkv cannot be read as a video"),
    ]
    for path, kind, text in cases:
        with pytest.raises(kind) as caught:
            probe(path)
        assert caught.value.message.startswith(text)
        assert caught.value.hint
        assert caught.value.path == path


@pytest.mark.parametrize("kind", ["bmp", "tiff", "flv", "wav"])
def test_what_is_not_recognised_is_still_not_opened(tmp_path: Path, kind: str) -> None:
    """FFmpeg itself would show the pictures as clips of one frame."""
    real = tmp_path / f"real.{kind}"
    disguised = tmp_path / "disguised.mp4"
    if kind == "wav":
        disguised.write_bytes(b"RIFF" + bytes(4) + b"WAVEfmt " + bytes(2000))
    else:
        codec, stored = {"bmp": ("bmp", "bgr24"), "tiff": ("tiff", "rgb24")}.get(
            kind, ("flv", "yuv420p")
        )
        make_clip(real, seconds=1 / 30, codec=codec, pixel_format=stored).rename(disguised)
    with pytest.raises(ClipUnreadable):
        probe(disguised)


def test_the_size_limit(tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "clip.mp4", seconds=0.5)
    size = clip.stat().st_size
    assert probe(clip, max_size_bytes=size).info.size_bytes == size
    with pytest.raises(ClipRefused, match="the limit is"):
        probe(clip, max_size_bytes=size - 1)


@pytest.mark.skipif(os.name == "nt", reason="named pipes are POSIX")
@pytest.mark.timeout(10)
def test_a_named_pipe_is_refused_without_being_opened(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.mp4"
    os.mkfifo(pipe)
    for look in (probe, thumbnail, fingerprint):
        with pytest.raises(ClipRefused, match="not a regular file"):
            look(pipe)


def test_fingerprint_sees_every_sampled_place_and_the_size(tmp_path: Path) -> None:
    data = bytearray(os.urandom(5_000_000))
    file = tmp_path / "a.mp4"
    file.write_bytes(data)
    first = fingerprint(file)
    assert first.startswith("v1:")
    assert len(first) == 3 + 64
    file.rename(tmp_path / "b.mp4")
    assert fingerprint(tmp_path / "b.mp4") == first
    last = len(data) - 65536
    for place in (0, last, *(last * n // 15 + 100 for n in range(1, 15))):
        data[place] ^= 1
        file.write_bytes(data)
        assert fingerprint(file) != first, place
        data[place] ^= 1
    file.write_bytes(data + b"\0")
    assert fingerprint(file) != first


def test_small_files_are_hashed_whole(tmp_path: Path) -> None:
    file = tmp_path / "small.mp4"
    data = bytearray(os.urandom(300_000))
    file.write_bytes(data)
    first = fingerprint(file)
    data[123_456] ^= 1
    file.write_bytes(data)
    assert fingerprint(file) != first


def test_codecs_are_named() -> None:
    assert "libx264" in available()["encoders"]
    assert "h264" in available()["decoders"]
