"""The cache around the playhead."""

from __future__ import annotations

import av
import pytest

from codefx_desktop.video.frame_cache import FrameCache, size_bytes

SIZE = (64, 48)


def frame() -> av.VideoFrame:
    return av.VideoFrame(*SIZE, "yuv420p")


def cache_for(frames: int) -> FrameCache:
    return FrameCache(frames * size_bytes(frame()))


def held(cache: FrameCache) -> list[int]:
    return [number for number in range(100) if number in cache]


def test_a_size_counts_all_planes() -> None:
    assert size_bytes(frame()) >= 64 * 48 * 3 // 2
    assert size_bytes(av.VideoFrame(*SIZE, "yuv444p")) >= 64 * 48 * 3


def test_never_more_than_the_budget() -> None:
    cache = FrameCache(10 * size_bytes(frame()) + 5)
    for number in range(50):
        cache.aim(number, 1)
        assert cache.add(number, frame())
        use = cache.use
        assert use.size_bytes == use.frames * size_bytes(frame()) <= use.limit_bytes
    assert cache.use.frames == 10
    assert cache.use.peak_bytes <= cache.use.limit_bytes


def test_backwards_keeps_the_end_of_a_group() -> None:
    cache = cache_for(8)
    cache.aim(40, -1)
    for number in range(41):
        cache.add(number, frame())
    assert held(cache) == list(range(33, 41))


@pytest.mark.parametrize(("direction", "kept"), [(1, range(50, 58)), (-1, range(43, 51))])
def test_more_room_for_what_comes_next(direction: int, kept: range) -> None:
    cache = cache_for(8)
    cache.aim(50, direction)
    for number in range(30, 70):
        cache.add(number, frame())
    assert held(cache) == list(kept)


def test_the_farthest_is_not_taken_when_it_would_go_first() -> None:
    cache = cache_for(3)
    cache.aim(10, 1)
    for number in (10, 11, 12):
        assert cache.add(number, frame())
    assert not cache.add(90, frame())
    assert held(cache) == [10, 11, 12]


def test_a_picture_larger_than_the_budget_is_not_kept() -> None:
    cache = FrameCache(size_bytes(frame()) - 1)
    assert not cache.add(0, frame())
    assert cache.use.size_bytes == 0


def test_the_same_number_twice_counts_once_and_clear_empties() -> None:
    cache = cache_for(3)
    first = frame()
    cache.add(1, first)
    cache.add(1, frame())
    assert cache.get(1) is first
    assert cache.use.frames == 1
    cache.clear()
    assert cache.get(1) is None
    assert cache.use.size_bytes == 0
