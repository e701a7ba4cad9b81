"""Reading pictures."""

from __future__ import annotations

import os
from fractions import Fraction
from typing import TYPE_CHECKING

import av
import numpy as np
import pytest
from clips import make_clip, picture, read_number

from codefx_desktop.domain.errors import ClipLost, ClipMissing, ClipUnreadable
from codefx_desktop.video import decoder
from codefx_desktop.video.probe import probe
from codefx_desktop.video.reader import FrameReader
from codefx_desktop.video.thumbnail import thumbnail

if TYPE_CHECKING:
    from pathlib import Path


def test_every_frame_once_in_order_with_its_time(tmp_path: Path) -> None:
    clip = probe(make_clip(tmp_path / "clip.mp4", seconds=2))
    with FrameReader(clip) as reader:
        frames = list(reader)
    assert [frame.number for frame in frames] == list(range(60))
    assert [read_number(frame.pixels) for frame in frames] == list(range(60))
    assert all(frame.time.exact_s == Fraction(frame.number, 30) for frame in frames)
    assert (reader.report.frames, reader.report.damaged, reader.report.message) == (60, 0, "")


def test_pixels_are_upright_contiguous_and_read_only(tmp_path: Path) -> None:
    for rotation in (0, 90, 180, 270):
        path = make_clip(tmp_path / f"{rotation}.mp4", seconds=0.2, rotation=rotation)
        with FrameReader(probe(path)) as reader:
            for frame in reader:
                assert frame.pixels.shape == (180, 320, 3)
                assert frame.pixels.strides[1:] == (3, 1)
                assert not frame.pixels.flags.writeable
                assert read_number(frame.pixels) == frame.number


def test_frames_outlive_the_reader(tmp_path: Path) -> None:
    clip = probe(make_clip(tmp_path / "clip.mp4", seconds=0.5))
    with FrameReader(clip) as reader:
        frames = list(reader)
    del reader
    assert [read_number(frame.pixels) for frame in frames] == list(range(15))


@pytest.mark.parametrize("size", [(1020, 500), (322, 182), (64, 48)])
def test_rows_are_not_padded(tmp_path: Path, size: tuple[int, int]) -> None:
    clip = probe(make_clip(tmp_path / "clip.mp4", seconds=0.1, size=size))
    with FrameReader(clip) as reader:
        frame = next(reader)
    assert frame.pixels.shape == (size[1], size[0], 3)
    error = np.abs(frame.pixels.astype(int) - picture(0, size).astype(int)).mean()
    assert error < 8


@pytest.mark.parametrize(
    ("matrix", "full", "stored"),
    [
        ("bt709", False, "yuv420p"),
        ("bt709", True, "yuv420p"),
        ("bt709", True, "yuv420p10le"),
        ("smpte170m", False, "yuv420p"),
    ],
)
def test_colours_follow_the_matrix_and_range_the_clip_names(
    tmp_path: Path, matrix: str, full: bool, stored: str
) -> None:
    colours = np.array([[200, 120, 40], [255, 0, 0], [0, 255, 0], [0, 0, 255]], np.uint8)
    stripes = np.repeat(np.tile(colours[None], (64, 1, 1)), 32, axis=1)
    code, name = {"bt709": (1, "ITU709"), "smpte170m": (6, "SMPTE170M")}[matrix]
    path = tmp_path / "colour.mp4"
    with av.open(str(path), "w") as out:
        stream = out.add_stream("libx264", rate=30, options={"qp": "0", "preset": "ultrafast"})
        stream.width, stream.height, stream.pix_fmt = 128, 64, stored
        stream.codec_context.colorspace = code
        stream.codec_context.color_range = 2 if full else 1
        frame = av.VideoFrame.from_ndarray(stripes, format="rgb24").reformat(
            format=stored, dst_colorspace=name, dst_color_range=2 if full else 1
        )
        frame.pts, frame.time_base = 0, Fraction(1, 30)
        out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    with FrameReader(probe(path)) as reader:
        pixels = next(reader).pixels
    seen = pixels[32, 16::32].astype(int)
    assert np.abs(seen - colours.astype(int)).max() <= 3


def test_pictures_that_claim_too_much_are_not_decoded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = make_clip(tmp_path / "clip.mp4", seconds=0.2)
    monkeypatch.setattr(decoder, "MAX_PIXELS", 320 * 180 - 1)
    with pytest.raises(ClipUnreadable):
        probe(path)


def test_a_clip_cut_while_it_is_read_is_lost_not_short(tmp_path: Path) -> None:
    path = make_clip(tmp_path / "clip.mp4", seconds=8, size=(640, 360), b_frames=0)
    clip = probe(path)
    delivered: list[int] = []

    def read() -> None:
        with FrameReader(clip) as reader:
            for frame in reader:
                delivered.append(frame.number)
                if frame.number == 20:
                    os.truncate(path, path.stat().st_size // 2)

    with pytest.raises(ClipLost, match="Source missing at frame"):
        read()
    assert 20 < len(delivered) < 240


def test_a_clip_that_is_gone_is_missing(tmp_path: Path) -> None:
    path = make_clip(tmp_path / "clip.mp4", seconds=0.2)
    clip = probe(path)
    path.unlink()
    with pytest.raises(ClipMissing), FrameReader(clip):
        pass


def test_a_reader_has_to_be_opened(tmp_path: Path) -> None:
    clip = probe(make_clip(tmp_path / "clip.mp4", seconds=0.2))
    with pytest.raises(ValueError, match="with"):
        next(FrameReader(clip))


def test_damage_only_a_decoder_sees_is_reported(tmp_path: Path) -> None:
    path = make_clip(tmp_path / "clip.mp4", seconds=8, size=(640, 360), gop=60)
    whole = probe(path)
    assert whole.info.message == ""
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    for place in range(middle, middle + 20_000, 97):
        data[place] ^= 0x55
    path.write_bytes(data)
    with FrameReader(whole) as reader:
        frames = list(reader)
    report = reader.report
    assert report.frames == len(frames)
    assert report.damaged > 0
    assert report.message
    assert all(frame.time == whole.index.time(frame.number) for frame in frames)


@pytest.mark.parametrize("rotation", [0, 90])
def test_thumbnail(tmp_path: Path, rotation: int) -> None:
    path = make_clip(tmp_path / "clip.mp4", seconds=0.5, size=(640, 360), rotation=rotation)
    small = thumbnail(path, width_px=320)
    assert small.shape == (180, 320, 3)
    assert read_number(small) == 0
