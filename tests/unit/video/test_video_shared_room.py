"""Clips that are compared share one budget for their decoded pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clips import make_clip, read_number

from codefx_desktop.video.access import FrameAccess
from codefx_desktop.video.frame_cache import SharedRoom
from codefx_desktop.video.probe import probe

if TYPE_CHECKING:
    from pathlib import Path

PICTURE_BYTES = 320 * 180 * 3 // 2


def test_each_clip_gets_an_even_share_while_others_are_open(tmp_path: Path) -> None:
    clip = probe(make_clip(tmp_path / "clip.mp4", seconds=2, gop=60))
    room = SharedRoom(40 * PICTURE_BYTES)
    with FrameAccess(clip, room=room) as first:
        assert [read_number(first.exact(n).pixels) for n in range(50)] == [*range(50)]
        alone = first.cache_use.size_bytes
        assert 20 * PICTURE_BYTES < alone <= 40 * PICTURE_BYTES
        with FrameAccess(clip, room=room) as second:
            assert room.share_bytes == 20 * PICTURE_BYTES
            for number in range(59, 0, -1):
                assert read_number(second.exact(number).pixels) == number
                assert read_number(first.exact(number).pixels) == number
                assert second.cache_use.size_bytes <= 20 * PICTURE_BYTES
            assert first.cache_use.size_bytes <= 20 * PICTURE_BYTES
        assert room.share_bytes == 40 * PICTURE_BYTES
    assert room.share_bytes == 40 * PICTURE_BYTES  # for whoever comes next


def test_closing_twice_gives_nothing_back_twice(tmp_path: Path) -> None:
    clip = probe(make_clip(tmp_path / "clip.mp4", seconds=0.2))
    room = SharedRoom(1000)
    frames = FrameAccess(clip, room=room)
    for _ in range(2):
        with frames:
            assert room.share_bytes == 1000
    with FrameAccess(clip, room=room), FrameAccess(clip, room=room):
        assert room.share_bytes == 500
