"""Proxies of the nasty set: frame N of the proxy is frame N of the clip, at the same time."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import imageio_ffmpeg
import numpy as np
import pytest
from clips import read_number
from nasty.encoding import Tool
from nasty.further import FURTHER
from nasty.manifest import make_all
from nasty.registry import CLIPS

from codefx_desktop.video.access import FrameAccess
from codefx_desktop.video.probe import ProbedClip, probe
from codefx_desktop.video.proxy import make_proxy, proxy_size
from codefx_desktop.video.reader import FrameReader

if TYPE_CHECKING:
    from fractions import Fraction
    from pathlib import Path

READABLE = [name for name, recipe in CLIPS.items() if recipe.expected != "error"]
OK = [name for name in READABLE if CLIPS[name].expected == "ok"]
PARTIAL = [name for name in READABLE if CLIPS[name].expected == "partial"]
SEEKS = 12


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    Tool.program = imageio_ffmpeg.get_ffmpeg_exe()
    made = tmp_path_factory.mktemp("nasty_proxy")
    make_all(made, big=True, only=READABLE)
    return made


def times(clip: ProbedClip) -> list[Fraction]:
    return [clip.index.time(number).exact_s for number in range(len(clip.index))]


def check(clip: ProbedClip, proxy: ProbedClip) -> None:
    assert times(proxy) == times(clip)
    assert proxy.index.keyframe.all()
    assert (proxy.info.width, proxy.info.height) == proxy_size(clip.info.width, clip.info.height)
    with FrameReader(clip) as reader:
        barcodes = [read_number(frame.pixels) for frame in reader]
    numbers = random.Random(3).choices(range(len(clip.index)), k=SEEKS)  # noqa: S311 - places
    with FrameAccess(proxy) as access:
        for number in numbers:
            frame = access.exact(number)
            assert (frame.number, read_number(frame.pixels)) == (number, barcodes[number])
            assert frame.pixels.shape == (proxy.info.height, proxy.info.width, 3)


@pytest.mark.parametrize("name", OK)
def test_a_proxy_is_the_clip_frame_by_frame(folder: Path, name: str, tmp_path: Path) -> None:
    clip, target = probe(folder / name), tmp_path / "proxies" / "one.mp4"
    proxy = make_proxy(clip, target)
    check(clip, proxy)
    assert list(target.parent.iterdir()) == [target]
    # What is read from the file's table alone is what reading all of it tells.
    read = probe(target)
    assert np.array_equal(read.index.pts, proxy.index.pts)
    assert (read.index.time_base, read.info.pixel_format, read.info.color_matrix) == (
        proxy.index.time_base,
        proxy.info.pixel_format,
        proxy.info.color_matrix,
    )


@pytest.mark.slow
@pytest.mark.parametrize("name", FURTHER)
def test_clips_of_many_recorders_too(name: str, tmp_path: Path) -> None:
    Tool.program = imageio_ffmpeg.get_ffmpeg_exe()
    FURTHER[name].make(tmp_path / name)
    clip = probe(tmp_path / name)
    check(clip, make_proxy(clip, tmp_path / "proxies" / "one.mp4"))


@pytest.mark.parametrize("name", PARTIAL)
def test_so_is_the_proxy_of_what_is_left_of_a_damaged_one(
    folder: Path, name: str, tmp_path: Path
) -> None:
    clip = probe(folder / name)
    check(clip, make_proxy(clip, tmp_path / "one.mp4"))
