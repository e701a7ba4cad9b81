"""Pictures lie in memory that is used again, and never while somebody sees them."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import av
import numpy as np
import pytest
from clips import make_clip, read_number

from codefx_desktop.video.probe import probe
from codefx_desktop.video.reader import FrameReader
from codefx_desktop.video.still import png
from codefx_desktop.video.writer import VideoWriter

if TYPE_CHECKING:
    from pathlib import Path

SIZES = [(320, 180), (330, 180)]
"""Rows of RGB that end where FFmpeg's rows do, and rows that do not."""


def address(pixels: np.ndarray) -> int:
    return int(pixels.__array_interface__["data"][0])


@pytest.mark.parametrize("size", SIZES)
def test_what_is_held_stays_as_it_was(tmp_path: Path, size: tuple[int, int]) -> None:
    held = {}
    with FrameReader(probe(make_clip(tmp_path / "a.mp4", seconds=2, size=size))) as reader:
        for frame in reader:
            if frame.number % 3 == 0:
                held[frame.number] = (frame.pixels, frame.pixels.copy())
            elif frame.number % 3 == 1:  # only a view of a view of it
                held[frame.number] = (
                    frame.pixels[2:][1:, 4:, ::2],
                    frame.pixels[3:, 4:, ::2].copy(),
                )
    assert len(held) == 40
    for seen, copy in held.values():
        assert np.array_equal(seen, copy)
    assert [read_number(held[number][0]) for number in range(0, 60, 3)] == list(range(0, 60, 3))


def test_memory_is_used_again_once_nobody_holds_it(tmp_path: Path) -> None:
    with FrameReader(probe(make_clip(tmp_path / "a.mp4", seconds=2))) as reader:
        places = {address(frame.pixels) for frame in reader}
    assert len(places) < 8


def test_rows_are_packed_and_cannot_be_written_to(tmp_path: Path) -> None:
    for size in SIZES:
        with FrameReader(probe(make_clip(tmp_path / "a.mp4", seconds=0.1, size=size))) as reader:
            pixels = next(reader).pixels
        assert pixels.shape == (size[1], size[0], 3)
        assert pixels.strides[1:] == (3, 1)
        assert pixels.strides[0] >= 3 * size[0]
        with pytest.raises(ValueError, match="read-only"):
            pixels[0, 0, 0] = 1


def test_whoever_writes_pictures_takes_rows_that_lie_apart(tmp_path: Path) -> None:
    with FrameReader(probe(make_clip(tmp_path / "a.mp4", seconds=0.2, size=SIZES[1]))) as reader:
        frames = [frame.pixels for frame in reader]
    assert not frames[0].flags.c_contiguous
    parts = []
    for name, pictures in (("apart", frames), ("packed", [frame.copy() for frame in frames])):
        path = tmp_path / f"{name}.part"
        with VideoWriter(path, width=330, height=180, time_base=Fraction(1, 30)) as writer:
            for ticks, pixels in enumerate(pictures):
                writer.write(pixels, ticks)
            writer.finish()
        with av.open(str(path)) as container:
            parts.append([picture.to_ndarray() for picture in container.decode(video=0)])
    # libx264 does not always give the same bits for such a width, not even for the same pictures.
    assert np.abs(np.subtract(*parts, dtype=np.int16)).mean() < 0.1
    assert png(frames[0]) == png(frames[0].copy())
