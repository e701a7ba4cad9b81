"""Pictures as a screen shows them: the same ones, at their size there, made before wanted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from clips import make_clip, read_number

from codefx_desktop.video.access import FrameAccess
from codefx_desktop.video.picture import PictureConverter
from codefx_desktop.video.probe import ProbedClip, probe

if TYPE_CHECKING:
    from pathlib import Path

    from av.video.frame import VideoFrame

    from codefx_desktop.domain.frame import Pixels

SIZE = (320, 180)
HALF = (160, 90)


@pytest.fixture
def clip(tmp_path: Path) -> ProbedClip:
    return probe(make_clip(tmp_path / "clip.mp4", seconds=2, gop=30))


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int]]:
    """List what is converted: number and width."""
    seen: list[tuple[int, int]] = []
    push = PictureConverter.push

    def counted(self: PictureConverter, frame: VideoFrame, number: int) -> list[tuple[int, Pixels]]:
        seen.append((number, self._size[0]))
        return push(self, frame, number)

    monkeypatch.setattr(PictureConverter, "push", counted)
    return seen


def rgb(fitted: Pixels | None) -> Pixels:
    assert fitted is not None
    assert (fitted[..., 3] == 255).all()
    return np.ascontiguousarray(fitted[..., 2::-1])


def test_it_is_the_picture_that_was_delivered(clip: ProbedClip) -> None:
    with FrameAccess(clip) as access:
        for number in (0, 1, 2, 45, 44, 43, 7, 59):
            frame = access.exact(number)
            fitted = rgb(access.fitted(number, SIZE))
            assert fitted.shape == frame.pixels.shape
            assert np.abs(fitted.astype(int) - frame.pixels).max() <= 3
            assert read_number(fitted) == number
            access.prefetch(number, 1)


def test_it_is_made_smaller_without_moving(clip: ProbedClip) -> None:
    with FrameAccess(clip) as access:
        frame = access.exact(20)
        half = rgb(access.fitted(20, HALF)).astype(int)
    means = frame.pixels.reshape(90, 2, 160, 2, 3).mean((1, 3))
    assert half.shape == (90, 160, 3)
    assert np.abs(half - means).mean() < 4
    left = np.abs(half[:, 1:] - means[:, :-1]).mean()
    right = np.abs(half[:, :-1] - means[:, 1:]).mean()
    assert np.abs(half - means).mean() < 0.6 * min(left, right)
    assert 0.9 < left / right < 1.1, "nor by a part of a pixel"


def test_the_next_one_is_made_ahead(clip: ProbedClip, made: list[tuple[int, int]]) -> None:
    with FrameAccess(clip) as access:
        access.exact(10)
        access.prefetch(10, 1)
        assert made == [(10, 320), (11, 320)], "nobody said a size yet"
        access.exact(11)
        access.fitted(11, HALF)
        access.prefetch(11, 1)
        assert made[2:] == [(11, 160), (12, 320), (12, 160)]
        access.exact(12)
        access.fitted(12, HALF)
        assert len(made) == 5, "both were there"
        access.exact(30)
        assert read_number(rgb(access.fitted(30, SIZE))) == 30, "of another place, another size"


def test_a_turned_picture_is_upright(tmp_path: Path) -> None:
    clip = probe(make_clip(tmp_path / "turned.mp4", seconds=0.5, rotation=90))
    with FrameAccess(clip) as access:
        frame = access.exact(3)
        fitted = rgb(access.fitted(3, (clip.info.width, clip.info.height)))
    assert np.abs(fitted.astype(int) - frame.pixels).max() <= 3


def test_there_is_none_where_it_takes_more_than_a_step(tmp_path: Path, clip: ProbedClip) -> None:
    with FrameAccess(clip) as access:
        access.exact(0)
        assert access.fitted(50, HALF) is None, "not held"
    deep = make_clip(tmp_path / "deep.mp4", seconds=0.3, pixel_format="yuv420p10le")
    fields = make_clip(tmp_path / "fields.mp4", seconds=0.3, options={"flags": "+ildct+ilme"})
    seen_through = make_clip(
        tmp_path / "glass.mov", seconds=0.3, codec="qtrle", pixel_format="argb"
    )
    for path in (deep, fields, seen_through):
        with FrameAccess(probe(path)) as access:
            access.exact(2)
            access.prefetch(2, 1)
            assert access.fitted(2, HALF) is None
