"""The scene finder on pictures made here: which frames, which times, what it keeps."""

from __future__ import annotations

import gc
import itertools
import subprocess
import sys
import tracemalloc
import weakref
from fractions import Fraction
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest
from shots import MultiShot, fading, pictures

from codefx_desktop.analysis.scene_detectors import downscaled_bgr
from codefx_desktop.analysis.scenes import SceneFinder
from codefx_desktop.domain.clip import FrameTime
from codefx_desktop.domain.frame import Frame
from codefx_desktop.domain.scene import Scene, SceneKind, SceneSettings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from shots import Picture

TWO = MultiShot("", (20, 25), 3)
MS = Fraction(1, 1000)


def frames(
    shown: Iterable[Picture], ticks: Iterable[int] | None = None, base: Fraction = Fraction(1, 25)
) -> Iterator[Frame]:
    times = iter(ticks) if ticks is not None else iter(range(1_000_000))
    for number, pixels in enumerate(shown):
        yield Frame(number, FrameTime(next(times), base), pixels)


def scenes(
    given: Iterable[Frame], settings: SceneSettings | None = None, end_s: float | None = None
) -> tuple[Scene, ...]:
    finder = SceneFinder(settings or SceneSettings())
    for frame in given:
        finder.update(frame)
    return finder.finish(end_s)


def test_a_cut_ends_a_scene_and_begins_the_next() -> None:
    assert scenes(frames(pictures(TWO))) == (
        Scene(0, 0, 19, 0.0, 0.8),
        Scene(1, 20, 44, 0.8, 1.8),
    )


def test_a_clip_without_a_cut_is_one_scene() -> None:
    shown = pictures(MultiShot("", (30,), 1))
    assert scenes(frames(shown)) == (Scene(0, 0, 29, 0.0, 1.2),)


@pytest.mark.parametrize("kind", SceneKind)
def test_a_clip_of_one_frame_is_one_scene(kind: SceneKind) -> None:
    shown = list(pictures(MultiShot("", (1,), 1)))
    assert scenes(frames(shown), SceneSettings(kind)) == (Scene(0, 0, 0, 0.0, 0.04),)
    assert scenes(frames(shown), SceneSettings(kind), end_s=5.0) == (Scene(0, 0, 0, 0.0, 5.0),)


def test_a_clip_shorter_than_the_shortest_scene_is_one_scene() -> None:
    shown = pictures(MultiShot("", (5, 6), 1))
    assert [(s.first, s.last) for s in scenes(frames(shown))] == [(0, 10)]


def test_no_frames_no_scenes() -> None:
    assert SceneFinder(SceneSettings()).finish(end_s=3.0) == ()


def test_times_are_the_frames_own_not_number_by_rate() -> None:
    ticks = [*range(0, 2000, 100), *range(5000, 5000 + 25 * 7, 7)]
    found = scenes(frames(pictures(TWO), ticks, MS), end_s=5.5)
    assert [(s.start_s, s.end_s) for s in found] == [(0.0, 5.0), (5.0, 5.5)]


@pytest.mark.parametrize("end_s", [None, 1.0, 1.76])
def test_an_end_that_cannot_be_shows_the_last_frame_as_long_as_the_one_before(
    end_s: float | None,
) -> None:
    assert scenes(frames(pictures(TWO)), end_s=end_s)[-1].end_s == pytest.approx(1.8)


def test_undecodable_frames_leave_gaps_in_numbers_and_scenes_keep_to_what_was_there() -> None:
    missing = {0, 7, 19, 20, 21, 44}
    there = [f for f in frames(pictures(TWO)) if f.number not in missing]
    first, second = scenes(there)
    assert (first.first, first.last, second.first, second.last) == (1, 18, 22, 43)
    assert first.end_s == second.start_s == 22 / 25


def test_the_shortest_scene_counts_frames_whatever_their_times() -> None:
    clip = MultiShot("", (20, 14, 30), 5)
    seconds_apart = [1000 * n for n in range(64)]
    at_once = list(range(64))
    for ticks in (seconds_apart, at_once):
        found = scenes(frames(pictures(clip), ticks, MS), SceneSettings(shortest_frames=14))
        assert [s.first for s in found] == [0, 20, 34]
        found = scenes(frames(pictures(clip), ticks, MS), SceneSettings(shortest_frames=15))
        assert [s.first for s in found] == [0, 20]


def test_cuts_that_a_detector_tells_late_stand_where_they_were() -> None:
    adaptive = SceneFinder(SceneSettings(SceneKind.ADAPTIVE))
    for frame in frames(pictures(MultiShot("", (20, 20), 3))):
        adaptive.update(frame)
        assert adaptive.count == (2 if frame.number >= 22 else 1), frame.number
    assert [s.first for s in adaptive.finish()] == [0, 20]


def test_a_fade_is_cut_in_the_middle_of_the_dark() -> None:
    found = scenes(frames(fading((30, 30), dark=10)), SceneSettings(SceneKind.THRESHOLD))
    assert [(s.first, s.last) for s in found] == [(0, 34), (35, 69)]


def test_an_end_in_the_dark_is_told_by_finish_alone() -> None:
    shown = [*fading((30,), 0), *[np.zeros((180, 320, 3), np.uint8)] * 8]
    finder = SceneFinder(SceneSettings(SceneKind.THRESHOLD))
    for frame in frames(shown):
        finder.update(frame)
    assert finder.count == 1
    assert [(s.first, s.last) for s in finder.finish()] == [(0, 29), (30, 37)]


def test_a_cancelled_pass_has_the_scenes_of_what_it_saw() -> None:
    finder = SceneFinder(SceneSettings())
    seen = [f for f in frames(pictures(TWO)) if f.number <= 30]
    for frame in seen:
        finder.update(frame)
    assert [(s.first, s.last) for s in finder.finish()] == [(0, 19), (20, 30)]
    assert finder.finish() == finder.finish()


def test_two_finders_know_nothing_of_each_other() -> None:
    one, other = SceneFinder(SceneSettings()), SceneFinder(SceneSettings())
    for frame in frames(pictures(TWO)):
        one.update(frame)
    other.update(next(frames(pictures(TWO))))
    assert (one.count, other.count) == (2, 1)


def test_frames_out_of_order_or_of_another_clock_are_refused() -> None:
    finder = SceneFinder(SceneSettings())
    pixels = next(pictures(TWO))
    finder.update(Frame(4, FrameTime(4, MS), pixels))
    with pytest.raises(ValueError, match="frame 4 does not come after frame 4"):
        finder.update(Frame(4, FrameTime(5, MS), pixels))
    with pytest.raises(ValueError, match="frame 5 does not come after"):
        finder.update(Frame(5, FrameTime(4, MS), pixels))
    with pytest.raises(ValueError, match="time base"):
        finder.update(Frame(5, FrameTime(5, Fraction(1, 25)), pixels))


@pytest.mark.parametrize("size", [(1280, 720), (720, 1280), (1021, 501), (256, 144), (60, 40)])
def test_frames_are_made_small_as_scenedetect_does(size: tuple[int, int]) -> None:
    from scenedetect.scene_manager import compute_downscale_factor

    width, height = size
    rgb = np.random.default_rng(1).integers(0, 255, (height, width, 3), np.uint8)
    bgr = np.ascontiguousarray(rgb[..., ::-1])
    factor = compute_downscale_factor(max(size))
    if factor > 1.0:  # as its decode thread does
        bgr = cv2.resize(bgr, (round(width / factor), round(height / factor)))
    assert np.array_equal(downscaled_bgr(rgb), bgr)


def test_rows_that_lie_apart_are_read_right() -> None:
    wide = np.random.default_rng(2).integers(0, 255, (360, 700, 3), np.uint8)
    apart = wide[:, :640]
    assert np.array_equal(downscaled_bgr(apart), downscaled_bgr(np.ascontiguousarray(apart)))


_QUIET = """
import os, sys
seen = []
sys.addaudithook(lambda name, _: seen.append(name) if name.startswith(WATCHED) else None)
import codefx_desktop.analysis.scenes as scenes
from codefx_desktop.domain.scene import SceneSettings
assert "scenedetect" not in sys.modules and "cv2" not in sys.modules
scenes.SceneFinder(SceneSettings())
assert not seen, seen
assert "QT_QPA_PLATFORM_PLUGIN_PATH" not in os.environ, os.environ
assert "QT_QPA_FONTDIR" not in os.environ
assert not [name for name in sys.modules if name.split(".")[0] in ("scenedetect", "av", "click")]
import scenedetect
assert scenedetect.open_video and scenedetect.detectors.ContentDetector
""".replace("WATCHED", repr(("socket.", "subprocess.", "os.exec", "os.posix_spawn")))


def test_looking_for_scenes_starts_no_program_opens_no_socket_and_leaves_qt_alone() -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", _QUIET], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_no_picture_is_kept_for_long() -> None:
    finder = SceneFinder(SceneSettings())
    kept = []
    for frame in frames(pictures(MultiShot("", (40, 40), 3))):
        kept.append(weakref.ref(frame.pixels))
        finder.update(frame)
    del frame
    gc.collect()
    assert sum(ref() is not None for ref in kept) == 0


def test_memory_grows_by_a_few_bytes_a_frame() -> None:
    shown = [p[::4, ::4].copy() for p in pictures(MultiShot("", (40, 40), 3))]
    finder = SceneFinder(SceneSettings())
    given = frames(shown[n % 80] for n in range(1200))
    tracemalloc.start()
    try:
        for frame in itertools.islice(given, 200):
            finder.update(frame)
        before, _ = tracemalloc.get_traced_memory()
        for frame in given:
            finder.update(frame)
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert finder.count > 25
    assert (after - before) / 1000 < 40  # 16 of number and time, room to grow, a few cuts
