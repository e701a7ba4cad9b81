"""What a header says of a clip's size, beside what is really there."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import pytest
from clips import make_clip

from codefx_desktop.domain.clip import ClipSize
from codefx_desktop.domain.errors import ClipMissing, ClipRefused, ClipUnreadable
from codefx_desktop.video.glance import glance
from codefx_desktop.video.probe import probe

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("suffix", ["mp4", "mov", "mkv", "avi", "ts"])
def test_near_what_is_really_there(tmp_path: Path, suffix: str) -> None:
    clip = make_clip(tmp_path / f"a.{suffix}", seconds=2, rate=25, audio=True)
    said, there = glance(clip), probe(clip).info
    assert said is not None
    assert said.frames == pytest.approx(there.frames, rel=0.05)
    assert said.duration_s == pytest.approx(there.duration_s, rel=0.05)
    assert (said.width, said.height) == (there.width, there.height)


def test_odd_rates_and_turned_pictures(tmp_path: Path) -> None:
    rate = Fraction(30000, 1001)
    clip = make_clip(tmp_path / "a.mp4", seconds=1.001, rate=rate, rotation=90, size=(180, 320))
    assert glance(clip) == ClipSize(30, pytest.approx(1.001), 320, 180)


def test_a_header_without_a_length_says_nothing(tmp_path: Path) -> None:
    assert glance(make_live(tmp_path / "stream.webm")) is None


def make_live(path: Path) -> Path:
    """Write a clip as it goes over a network: nobody knows yet how long it will be."""
    import av

    with av.open(str(path), "w", format="webm", options={"live": "1"}) as out:
        video = out.add_stream("libvpx", rate=25)
        video.width, video.height, video.pix_fmt = 64, 48, "yuv420p"
        for number in range(5):
            frame = av.VideoFrame(64, 48, "yuv420p")
            frame.pts = number
            out.mux(video.encode(frame))
        out.mux(video.encode(None))
    return path


def test_what_is_no_clip_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ClipMissing):
        glance(tmp_path / "gone.mp4")
    text = tmp_path / "note.txt"
    text.write_text("hello")
    with pytest.raises(ClipRefused):
        glance(text)
    noise = tmp_path / "noise.mp4"
    noise.write_bytes(bytes(range(256)) * 40)
    with pytest.raises(ClipUnreadable):
        glance(noise)
