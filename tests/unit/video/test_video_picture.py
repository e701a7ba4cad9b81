"""Pictures lie in memory that is used again, and never while somebody sees them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from clips import make_clip, read_number

from codefx_desktop.video.probe import probe
from codefx_desktop.video.reader import FrameReader

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


def test_pixels_are_packed_and_cannot_be_written_to(tmp_path: Path) -> None:
    for size in SIZES:
        with FrameReader(probe(make_clip(tmp_path / "a.mp4", seconds=0.1, size=size))) as reader:
            pixels = next(reader).pixels
        assert pixels.shape == (size[1], size[0], 3)
        assert pixels.flags.c_contiguous
        with pytest.raises(ValueError, match="read-only"):
            pixels[0, 0, 0] = 1
