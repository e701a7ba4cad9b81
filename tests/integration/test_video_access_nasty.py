"""Random access and the sequential reader: the same frames over the whole nasty set."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import imageio_ffmpeg
import numpy as np
import pytest
from clips import read_number
from nasty.encoding import Tool
from nasty.manifest import make_all
from nasty.registry import CLIPS

from codefx_desktop.video.access import FrameAccess
from codefx_desktop.video.probe import ProbedClip, probe
from codefx_desktop.video.reader import FrameReader

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from codefx_desktop.domain.frame import Frame

READABLE = [name for name, recipe in CLIPS.items() if recipe.expected != "error"]
OK = [name for name in READABLE if CLIPS[name].expected == "ok"]
PARTIAL = [name for name in READABLE if CLIPS[name].expected == "partial"]
SLOW = ("qtrle_alpha.mov",)
"""Its decoder does not say which pictures are keyframes: always read from the beginning."""
SEEKS, STEPS = 200, 600
CACHED = 25
"""Pictures that fit the cache: fewer than a clip has, so that it has to choose."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    Tool.program = imageio_ffmpeg.get_ffmpeg_exe()
    made = tmp_path_factory.mktemp("nasty_access")
    make_all(made, big=True, only=READABLE)
    return made


def small_cache(clip: ProbedClip) -> int:
    return CACHED * clip.info.coded_width * clip.info.coded_height * 3 // 2


def some(numbers: Sequence[int], count: int, seed: str) -> list[int]:
    return random.Random(seed).choices(numbers, k=count)  # noqa: S311 - places to look at


def bounce(count: int, steps: int) -> Iterator[int]:
    """Yield numbers of single steps that turn round at both ends."""
    number, direction = 0, 1
    for _ in range(steps):
        yield number
        if not 0 <= number + direction < count:
            direction = -direction
        number = min(max(number + direction, 0), count - 1)


@pytest.mark.parametrize("name", READABLE)
def test_every_frame_is_the_readers(folder: Path, name: str) -> None:
    clip = probe(folder / name)
    with FrameReader(clip) as reader:
        frames = {frame.number: frame for frame in reader}
    numbers = sorted(frames)
    seeks = some(numbers, 15, name)
    with FrameAccess(clip, cache_bytes=small_cache(clip)) as access:

        def check(frame: Frame) -> None:
            expected = frames[frame.number]
            assert frame.time == expected.time
            assert np.array_equal(frame.pixels, expected.pixels), frame.number
            use = access.cache_use
            assert use.size_bytes <= use.peak_bytes <= use.limit_bytes

        for number in (*seeks, *numbers, *reversed(numbers)):
            frame = access.exact(number)
            assert frame.number == number
            check(frame)
        for number in numbers[::9]:
            key = access.keyframe_near(number)
            assert key.number <= number
            check(key)
        if name in OK and name not in SLOW:
            assert access._pictures._distrusted == set()


@pytest.mark.parametrize("name", PARTIAL)
def test_a_damaged_clip_shows_the_same_whatever_was_shown_before(folder: Path, name: str) -> None:
    clip = probe(folder / name)
    with FrameReader(clip) as reader:
        frames = list(reader)
    for frame in frames:
        with FrameAccess(clip) as access:
            assert np.array_equal(access.exact(frame.number).pixels, frame.pixels), frame.number


@pytest.mark.slow
@pytest.mark.parametrize("name", OK)
def test_every_seek_and_step_shows_its_barcode(folder: Path, name: str) -> None:
    cv2 = pytest.importorskip("cv2")
    clip = probe(folder / name)
    count = len(clip.index)
    with FrameReader(clip) as reader:
        barcodes = [read_number(frame.pixels) for frame in reader]
    seeks = some(range(count), SEEKS, name)
    with FrameAccess(clip, cache_bytes=small_cache(clip)) as access:
        for number in (*seeks, *bounce(count, 2 * STEPS)):
            assert read_number(access.exact(number).pixels) == barcodes[number], number
    capture = cv2.VideoCapture(str(folder / name))
    wrong = 0
    for number in seeks:
        capture.set(cv2.CAP_PROP_POS_FRAMES, number)
        found, pixels = capture.read()
        wrong += not found or read_number(pixels[:, :, ::-1]) != barcodes[number]
    capture.release()
    print(f"{name}: ours 0 of {SEEKS} seeks wrong, OpenCV {wrong}")  # noqa: T201 - to be read
